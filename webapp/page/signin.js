// Signing in inside a frame: single sign-on gets a window of its own, because its pages refuse to be framed, and a session that began
// elsewhere is used at once. Loaded where a frame shows a page without a user.

import { csrfToken } from './csrf.js';

/** How often is looked for a session, in milliseconds: to read a cookie is a trifle. */
const LOOK = 1000;

/** A window beside the page, as large as sign-on pages like it. */
const BESIDE = 'popup,width=600,height=720';

/** Where single sign-on begins, below Mattermost's site (5.39 to 11). */
const SINGLE_SIGN_ON = /^(oauth\/\w+\/(login|signup)|login\/sso\/saml)(\?|$)/;

/**
 * Another plugin's page around this one signs the user in itself (that for Microsoft Teams; 10.7.4 and later ask it to).
 * @param {string} plugins where the pages of plugins are
 */
function isInPluginsPage(plugins) {
  try {
    return parent.location.href.startsWith(plugins);
  } catch {
    // It is of another origin.
    return false;
  }
}

/**
 * Which origins are trusted nobody knows before there is a user, and nobody has to: whoever may show the login page in a frame learns
 * nothing of the window, which is the chat's own and shows its address.
 * @param {string} server where the server part answers, with a slash at its end
 * @param {() => string | undefined} user the user's id; empty as long as there is none
 * @param {(() => void)[]} undo called when the plugin ends
 */
export function signIn(server, user, undo) {
  if (parent === self) return;
  const plugins = new URL('..', server).href;
  const site = new URL('..', plugins).href;
  /** @type {Window | null} */
  let beside = null;
  let token = csrfToken();
  let over = false;
  /**
   * Whether the browser keeps cookies from this frame that it has: where the page around it is of another site. Then the user's first
   * click asks for them, and a session that the user already has is one that began elsewhere. Firefox (153) then sends all of
   * Mattermost's cookies, Chromium (156) those for frames of other sites, see `embed` of the server part.
   */
  let isKeptOut = false;
  document.hasStorageAccess?.().then(
    (has) => (isKeptOut = !has),
    () => {},
  );

  /** @param {MouseEvent} event */
  function click(event) {
    const { href = '' } = /** @type {HTMLAnchorElement} */ (/** @type {Element} */ (event.target).closest('a[href]') ?? {});
    const isOrdinary = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!isOrdinary || !href.startsWith(site) || !SINGLE_SIGN_ON.test(href.slice(site.length)) || isInPluginsPage(plugins)) {
      if (isKeptOut) document.requestStorageAccess().catch(() => {});
      isKeptOut = false;
      return;
    }
    // Within the user's click; where the browser refuses all the same, the frame goes there itself, as it would without the plugin.
    beside = open(href, '_blank', BESIDE);
    if (!beside) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  async function look() {
    if (user()) return done();
    // Each session has another (5.39 to 11); that of the session itself no script can see.
    const now = csrfToken();
    if (now === token) return;
    const answer = now && (await fetch(site + 'api/v4/users/me').catch(() => undefined));
    // The user may be signing in in this very page.
    if (answer === undefined || over || user()) return;
    token = now;
    if (!answer || !answer.ok) return;
    done();
    location.reload();
  }

  const timer = setInterval(look, LOOK);
  addEventListener('click', click, true);

  function end() {
    over = true;
    clearInterval(timer);
    removeEventListener('click', click, true);
  }

  function done() {
    end();
    beside?.close();
  }

  undo.push(end);
}
