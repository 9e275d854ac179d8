// What a page asks of the chat, beyond listening to it, and of its user: to sign in. A file of its own: few pages do.

/** @typedef {import('./types.js').Embedding} Embedding */
/** @typedef {import('./types.js').RequestError['code']} Code */

const VERSION = /** @satisfies {import('./protocol.js').Version} */ ('20171130');
const PREFIX = 'notifymatters.';

/** How long a request waits, in milliseconds; the chat gives itself ten seconds. */
const TIMEOUT = 11000;

/** How often is looked at the window in which the user signs in, in milliseconds. */
const LOOK = 500;

/** So many looks after it was closed the chat may still notice the session. */
const LOOKS_AFTER_CLOSE = 10;

/** A window beside the page, as large as sign-on pages like it. */
const BESIDE = 'popup,width=600,height=720';

/** @type {Record<Code, string>} */
const SENTENCES = {
  'not-granted': 'The chat does not grant this to the page, or the page does not want it (see the option `want`).',
  busy: 'Too many requests wait for the chat.',
  timeout: 'The chat has not answered in time.',
  invalid: 'The chat does not take this.',
  failed: 'The chat could not do it.',
  lost: 'The chat went away before it answered.',
};

/** Two copies of this file must not take each other's answers. */
let last = Math.floor(Math.random() * 2 ** 20);

/**
 * @param {Embedding} chat
 * @param {'go' | 'status.set'} capability
 * @param {object} data
 * @returns {Promise<void>} rejected with a `RequestError`
 */
function request(chat, capability, data) {
  return new Promise((resolve, reject) => {
    const ref = (last += 1);
    const end = new AbortController();
    const { signal } = end;
    const timer = setTimeout(refuse, TIMEOUT, 'timeout');
    let asked = false;

    function finish() {
      end.abort();
      clearTimeout(timer);
    }

    /** @param {Code} code */
    function refuse(code) {
      finish();
      reject(Object.assign(new Error(SENTENCES[code] ?? code), { code }));
    }

    function proceed() {
      if (chat.status !== 'connected') return void (asked && refuse('lost'));
      asked = true;
      // A plugin of before capabilities would not answer.
      if (!chat.have.includes(capability)) return refuse('not-granted');
      chat.frame.contentWindow?.postMessage({ type: PREFIX + capability, notifymatters: VERSION, data, ref }, chat.origin);
    }

    window.addEventListener(
      'message',
      ({ source, origin, data: message }) => {
        if (!source || source !== chat.frame.contentWindow || origin !== chat.origin || message?.ref !== ref) return;
        if (message.type === PREFIX + 'ref.reject') refuse(message.data?.code ?? 'failed');
        if (message.type !== PREFIX + 'ref.resolve') return;
        finish();
        resolve();
      },
      { signal },
    );
    chat.addEventListener('statuschange', proceed, { signal });
    proceed();
  });
}

/**
 * Shows a channel, a message or a team's threads. Before the chat has answered, it waits until it has.
 * @param {Embedding} chat which was granted `go`
 * @param {string} path such as `/team/channels/town-square`, without the subpath of the chat's address
 * @returns {Promise<void>} rejected with a `RequestError`
 */
export const go = (chat, path) => request(chat, 'go', { path });

/**
 * Sets the user's status.
 * @param {Embedding} chat which was granted `status.set`
 * @param {import('./protocol.js').UserStatus} status
 * @returns {Promise<void>} rejected with a `RequestError`
 */
export const setStatus = (chat, status) => request(chat, 'status.set', { status });

/**
 * Lets the user sign in in a window of the chat's own, for pages that refuse to be framed; call it in a click. The chat in the frame goes
 * on by itself once there is a session, and the window is closed then.
 * @param {Embedding} chat
 * @returns {Promise<boolean>} whether the chat is connected; not, if the browser opened no window, or the user closed it
 */
export const signIn = (chat) =>
  new Promise((resolve) => {
    if (chat.status === 'connected') return resolve(true);
    const beside = open(chat.frame.src || chat.origin, '_blank', BESIDE);
    let left = LOOKS_AFTER_CLOSE;
    function look() {
      if (chat.status === 'connected') {
        beside?.close();
        return resolve(true);
      }
      if (!beside || (beside.closed && !left--)) return resolve(false);
      setTimeout(look, LOOK);
    }
    look();
  });
