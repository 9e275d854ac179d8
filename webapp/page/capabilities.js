// What a host may know and do besides showing notifications. Loaded when a host is granted some of it.

import { CAPABILITIES } from './names.js';
import { PARTS, followContext, setStatus } from './told.js';

/** @param {import('../../host/src/protocol.js').Capability} name */
const bit = (name) => 1 << CAPABILITIES.indexOf(name);
const CONTEXT = bit('context');
const SESSION = bit('session');
const VIEW = bit('view');
const GO = bit('go');
const SET_STATUS = bit('status.set');

/** What of it the store tells. */
const TOLD = [...PARTS.keys()].reduce((bits, name) => bits | bit(name), 0);

/** Characters of a path: a team's and a channel's name have 64 each at most. */
const PATH_LENGTH = 256;

/** A team's name, and what names a channel (`@ben` and an address as well) or a message, as Mattermost lets them be (5.39 to 11). */
const TEAM = /^[a-z0-9-]+$/;
const TARGET = /^[\w@.:+-]+$/;

/** First parts of Mattermost's own addresses: no team has such a name (5.39 to 11). */
const RESERVED = ['signup', 'login', 'admin', 'channel', 'post', 'api', 'oauth', 'error', 'help', 'plugins', 'plug', 'playbooks', 'boards'];

/** What is below a team and may be shown, and whether it takes a name. */
const KINDS = new Map([
  ['channels', true],
  ['messages', true],
  ['pl', true],
  ['threads', false],
]);

/** The least time between two tellings, in milliseconds: four a second are as many as anybody sees. */
const PAUSE = 250;

/**
 * What Mattermost's page makes of its window's focus: whether it notifies for the open channel, and whether that counts as read.
 * @typedef {Window & { isActive?: boolean }} ActiveWindow
 */

/**
 * Shows and hides the page to Mattermost. To it a page that nobody sees is one without the focus. It learns of that by the events
 * `blur` and `focus` of its window: they set `views.browser.focused` in its store, for the notifications, and `window.isActive`, for
 * what counts as read (5.39 to 11).
 * @param {Store} store
 */
function sight(store) {
  const page = /** @type {ActiveWindow} */ (window);
  /** @type {(() => void) | undefined} */
  let unsubscribe;
  let leaving = false;

  /** A page that has just been drawn believes that it has the focus. */
  function leave() {
    if (leaving || !(store.getState().views?.browser.focused || page.isActive)) return;
    leaving = true;
    dispatchEvent(new Event('blur'));
    if (page.isActive) page.isActive = false;
    leaving = false;
  }

  /** @param {Event} event */
  const keep = (event) => event.stopImmediatePropagation();

  /** @param {boolean} visible */
  return (visible) => {
    if (visible !== !!unsubscribe) return;
    if (visible) {
      unsubscribe?.();
      unsubscribe = undefined;
      removeEventListener('focus', keep, true);
      if (document.hasFocus()) dispatchEvent(new Event('focus'));
    } else {
      addEventListener('focus', keep, true);
      unsubscribe = store.subscribe(leave);
      leave();
    }
  };
}

/**
 * The path to which Mattermost's router is sent, as the browser reads it; `undefined` for one that leads anywhere else than to a
 * channel, a message or the threads of a team.
 * @param {unknown} path
 */
export function destination(path) {
  if (typeof path !== 'string' || path.length > PATH_LENGTH || !path.startsWith('/')) return undefined;
  let url;
  try {
    url = new URL(path, location.origin);
  } catch {
    return undefined;
  }
  // Of another origin (`//elsewhere`, a backslash), led elsewhere by dots, with a query, or with what has to be written otherwise.
  if (url.pathname !== path) return undefined;
  const [, team = '', kind = '', target, ...more] = path.split('/');
  if (!TEAM.test(team) || RESERVED.includes(team) || more.length) return undefined;
  return KINDS.get(kind) === (target !== undefined) && TARGET.test(target ?? 'none') ? path : undefined;
}

/**
 * @param {Store} store Mattermost's
 * @param {{ supported(bits: number): void, changed(bits: number): void }} tell what this page can do, and what of it has changed
 */
export function capabilities(store, tell) {
  const show = sight(store);
  let able = 0;
  let watched = 0;
  /**
   * What was seen of each part that is watched: what it was made of, and what it was.
   * @type {Map<import('../../host/src/protocol.js').Capability, { basis: unknown[], value: unknown, text: string }>}
   */
  const seen = new Map();
  /** @type {(() => void)[]} */
  const ends = [];

  let toldAt = -PAUSE;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function rest() {
    while (ends.length) ends.pop()?.();
  }

  /** Tells at once where it can: browsers let the timers of a page in the background wait. */
  function look() {
    if (!ends.length) return;
    const now = performance.now();
    if (now < toldAt + PAUSE) {
      timer ??= setTimeout(() => ((timer = undefined), look()), PAUSE);
      return;
    }
    const changed = survey();
    if (!changed) return;
    toldAt = now;
    tell.changed(changed);
  }

  /** What of it is another than before. What the store of this version has not after all, is not told. */
  function survey() {
    const state = store.getState();
    let changed = 0;
    let lost = 0;
    for (const [name, part] of PARTS) {
      if (!(bit(name) & watched & able)) continue;
      try {
        const basis = part.basis(state);
        const before = seen.get(name);
        if (before && basis.every((one, index) => one === before.basis[index])) continue;
        const value = part.value(state);
        const text = JSON.stringify(value);
        seen.set(name, { basis, value, text });
        if (text !== before?.text) changed |= bit(name);
      } catch {
        // Later, too, nobody would know what is missing.
        lost |= bit(name);
      }
    }
    if (lost) {
      able &= ~lost;
      follow();
      tell.supported(able);
    }
    return changed;
  }

  /** Listens to what the host may be told of, and to nothing else. */
  function follow() {
    rest();
    if (watched & able & TOLD) ends.push(store.subscribe(look));
    if (watched & able & CONTEXT) ends.push(followContext(look));
  }

  const state = store.getState();
  const { entities, views } = state;
  for (const [name, part] of PARTS) if (part.exists(state)) able |= bit(name);
  if (able & bit('status')) able |= SET_STATUS;
  if (typeof entities?.users?.currentUserId === 'string') able |= SESSION;
  if (typeof views?.browser?.focused === 'boolean') able |= VIEW;
  const history = /** @type {any} */ (window).WebappUtils?.browserHistory;
  if (typeof history?.push === 'function') able |= GO;

  return {
    /** What the host is granted, of which nothing else is looked at. @param {number} bits */
    watch(bits) {
      watched = bits;
      seen.clear();
      follow();
      survey();
      if (!(watched & VIEW)) show(true);
      tell.supported(able);
    },

    /**
     * How it is now.
     * @param {number} bits of what
     * @returns {import('../../host/src/protocol.js').State}
     */
    state(bits) {
      const state = Object.fromEntries(
        [...seen].filter(([name, { text }]) => bits & bit(name) && text).map(([name, { value }]) => [name, value]),
      );
      if (bits & SESSION) state.session = store.getState().entities?.users?.currentUserId ? 'in' : 'out';
      return state;
    },

    /**
     * Does what the host asks for.
     * @param {number} capability its bit
     * @param {any} data as it came
     * @returns {import('../../host/src/protocol.js').Rejections[number] | undefined | ReturnType<typeof setStatus>} why not
     */
    perform(capability, data) {
      if (!(capability & watched & able)) return 'failed';
      if (capability === GO) {
        const path = destination(data?.path);
        if (path === undefined) return 'invalid';
        history.push(path);
        return undefined;
      }
      if (capability === SET_STATUS) return setStatus(store, data?.status);
      if (typeof data?.visible !== 'boolean') return 'invalid';
      show(data.visible);
      return undefined;
    },
  };
}
