// The host's side of the protocol for one frame: offers to show notifications, again and again, and shows them.

import { oneTab } from './once.js';
import { show } from './show.js';

/** @typedef {import('./types.js').ErrorCode} ErrorCode */

const VERSION = /** @satisfies {import('./protocol.js').Version} */ ('20171130');
const PREFIX = 'notifymatters.';

/** Pause between two offers, in milliseconds: at first the plugin needs a moment after its page has loaded. */
const QUICK = 200;
const QUICK_OFFERS = 100;

/** Later somebody may log in after an hour. Also how often the frame is looked at. */
const SLOW = 10000;

/** After so many offers without an answer the chat's server is looked for. */
const OFFERS_BEFORE_PROBE = 25;

/** Notifications kept at once: the frame itself keeps 512. */
const MOST_SHOWN = 600;

/** @type {Record<ErrorCode, string>} */
const SENTENCES = {
  'bad-frame': 'embed() takes an <iframe>.',
  'bad-origin': 'The chat has no http(s) address: set src.',
  'insecure-chat': 'An https page cannot embed an http chat.',
  forbidden: 'The policy of this page (frame-src) does not allow the chat.',
  redirected: 'The frame was redirected to a page of this site.',
  unreachable: 'Nothing answers at the address of the chat.',
  'no-answer':
    'The chat does not answer: is somebody logged in, may this page embed it, is the plugin on, and this page one of its trusted origins?',
  'bad-message': 'The chat sent what the protocol does not allow.',
  'not-shown': 'A notification could not be shown.',
  'open-failed': 'open() failed.',
};

/**
 * Shows the notifications of the Mattermost in a frame. Throws nothing: what goes wrong is an `error` event.
 * @param {HTMLIFrameElement} frame
 * @param {import('./types.js').EmbedOptions} [options]
 * @returns {import('./types.js').Embedding}
 */
export function embed(frame, options = {}) {
  const { show: custom, open, toast, want } = options;
  const isFrame = frame?.contentWindow !== undefined;
  // One that never loads.
  if (!isFrame) frame = document.createElement('iframe');
  const target = new EventTarget();
  const tabs = oneTab();
  const end = new AbortController();

  /** @type {import('./types.js').Status} */
  let status = 'waiting';
  /** @type {import('./types.js').EmbedError | undefined} */
  let lastError;
  let visible = true;
  /** The chat's; empty as long as there is none. */
  let origin = '';
  let answered = false;
  let offers = 0;
  let loads = 0;
  /** Whether the page's policy forbids to look for the chat's server. */
  let mayNotLook = false;
  /** Whether a notification could be shown in no way. */
  let mute = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** What the chat says that this page may. @type {readonly import('./protocol.js').Capability[]} */
  let have = [];
  /** @type {Readonly<import('./protocol.js').State>} */
  let state = {};
  /** What is shown, by the chat's number. @type {Map<number, { remove?: import('./types.js').Remove | void }>} */
  const shown = new Map();

  /**
   * @param {EventTarget} emitter
   * @param {string} type
   * @param {(event: any) => void} listener
   */
  const on = (emitter, type, listener) => emitter.addEventListener(type, listener, { signal: end.signal });

  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  const fire = (type, detail) =>
    !end.signal.aborted && target.dispatchEvent(new CustomEvent(type, { detail, cancelable: type === 'notification' }));

  /**
   * @param {ErrorCode} code
   * @param {object} [more]
   */
  function fail(code, more) {
    lastError = Object.assign(new Error(SENTENCES[code]), { code }, more);
    fire('error', lastError);
  }

  /** @param {typeof status} next */
  function become(next) {
    if (status === next) return;
    status = next;
    fire('statuschange', next);
  }

  /** What the chat is told: the truth about whether anything would be shown. @returns {NotificationPermission} */
  const permission = () =>
    mute
      ? 'denied'
      : custom
        ? 'granted'
        : (globalThis.Notification?.permission ?? (toast === false && !options.serviceWorker ? 'denied' : 'granted'));

  /**
   * @param {string} command
   * @param {unknown} data
   * @param {number | null} ref
   * @param {object} [more]
   */
  function say(command, data = null, ref = null, more) {
    if (origin) frame.contentWindow?.postMessage({ type: PREFIX + command, notifymatters: VERSION, data, ref, ...more }, origin);
  }

  /** The chat is told whether the user sees it, if it may be. */
  const sayVisible = () => void (have.includes('view') && say('view', { visible }));

  /** What the chat told of itself is no longer so. */
  function forget() {
    have = [];
    become('waiting');
    if (want) fire('state', (state = {}));
  }

  /** @param {number} id */
  function remove(id) {
    const entry = shown.get(id);
    shown.delete(id);
    entry?.remove?.();
  }

  const removeAll = () => [...shown.keys()].forEach(remove);

  /** @returns {Promise<NotificationPermission>} */
  const ask = () =>
    new Promise((resolve) => {
      const done = () => resolve(permission());
      if (custom) return done();
      try {
        // The oldest form has a callback and returns nothing.
        Notification.requestPermission(done)?.then(done, done);
      } catch {
        done();
      }
    });

  /** @returns {ErrorCode | undefined} */
  function findOrigin() {
    origin = '';
    if (!isFrame) return 'bad-frame';
    // Its address may be set later.
    if (!frame.src && !options.origin) return undefined;
    try {
      const { protocol, origin: found } = new URL(options.origin ?? frame.src, location.href);
      if (!/^https?:$/.test(protocol)) return 'bad-origin';
      origin = found;
      if (location.protocol === 'https:' && protocol === 'http:' && !/^http:\/\/(localhost|127\.|\[::1])/.test(found)) {
        return 'insecure-chat';
      }
    } catch {
      return 'bad-origin';
    }
    // Of another origin's page nothing can be seen.
    const page = frame.contentDocument?.location;
    return page && page.protocol !== 'about:' && page.origin !== origin ? 'redirected' : undefined;
  }

  function step() {
    if (!frame.contentWindow) {
      removeAll();
      become('lost');
    } else if (!answered) offer();
    const slow = !frame.contentWindow || answered || offers >= QUICK_OFFERS;
    if (slow) calm('focused');
    timer = setTimeout(step, slow ? SLOW : QUICK);
  }

  function offer() {
    // Before the first page there is nobody to talk to, and the browser would complain.
    if (frame.contentDocument?.URL !== 'about:blank') say('enable', permission(), null, want && { want });
    offers += 1;
    if (offers === OFFERS_BEFORE_PROBE) {
      const load = loads;
      fetch(origin, { mode: 'no-cors', credentials: 'omit', cache: 'no-store' }).catch(() =>
        // The page's own policy may have forbidden it, which is told a moment later.
        setTimeout(() => load !== loads || answered || mayNotLook || fail('unreachable')),
      );
    }
    if (offers === QUICK_OFFERS) {
      become('lost');
      if (!lastError) fail('no-answer');
    }
  }

  /** Offers anew: quickly at first. */
  function begin() {
    if (end.signal.aborted) return;
    clearTimeout(timer);
    answered = false;
    offers = 0;
    const code = findOrigin();
    if (code) {
      become('lost');
      fail(code);
    }
    if (origin) step();
  }

  function loaded() {
    // It is another page, which knows nothing of what an earlier one showed.
    loads += 1;
    removeAll();
    lastError = undefined;
    forget();
    begin();
    calm();
  }

  /**
   * Notes that the user is in the frame. A frame that is hidden must not have the focus.
   * @param {import('./types.js').Activity['kind']} [kind]
   */
  function calm(kind) {
    const root = /** @type {Document | ShadowRoot} */ (frame.getRootNode());
    if (root.activeElement !== frame) return;
    if (!visible) {
      frame.blur();
      // WebKit takes the focus from the element alone, and not from the page in it (seen in WebKitGTK 2.50).
      focus();
    } else if (kind && document.hasFocus()) fire('activity', { kind });
  }

  /** @param {MessageEvent} event */
  function hear({ source, origin: from, data: message }) {
    if (!source || source !== frame.contentWindow || from !== origin) return;
    const { type, data, ref } = /** @type {import('./protocol.js').FromFrame & { data: any, ref: any }} */ (message ?? {});
    switch (type) {
      case 'notifymatters.ok':
        if (message.notifymatters !== VERSION) break;
        answered = true;
        lastError = undefined;
        have = [].concat(message.have ?? []);
        if (!visible) sayVisible();
        return become('connected');
      case 'notifymatters.state':
        state = { ...state, ...data };
        return fire('state', state);
      case 'notifymatters.off':
        // It is answered anew where there is something to answer.
        return forget();
      case 'notifymatters.notification.requestPermission':
        if (typeof ref !== 'number') break;
        ask().then((answer) => say('ref.resolve', answer, ref));
        return;
      case 'notifymatters.notification.new':
        if (typeof data?.id !== 'number' || typeof data.options !== 'object') break;
        present(data.id, String(data.title), data.options ?? {});
        return;
      case 'notifymatters.notification.close':
        if (typeof data?.id !== 'number') break;
        return remove(data.id);
      // What is unknown is of a later version, or somebody else's.
      default:
        return;
    }
    fail('bad-message', { cause: message });
  }

  /**
   * @param {number} id
   * @param {string} title
   * @param {Partial<import('./protocol.js').ForwardedOptions>} given
   */
  async function present(id, title, { icon, ...given }) {
    remove(id);
    /** @type {{ remove?: import('./types.js').Remove | void }} */
    const entry = {};
    shown.set(id, entry);
    if (shown.size > MOST_SHOWN) remove(/** @type {number} */ (shown.keys().next().value));
    const isShown = () => shown.get(id) === entry;

    /** @type {import('./types.js').ChatNotification} */
    const notification = {
      id,
      title,
      options: { ...given, icon: icon ? origin + icon : undefined },
      async click() {
        // Only now, within the user's click, does the browser allow it.
        focus();
        try {
          await open?.(notification);
        } catch (cause) {
          fail('open-failed', { cause, notification });
        }
        say('notification.onclick', null, id);
      },
      close() {
        if (!isShown()) return;
        remove(id);
        say('notification.onclose', null, id);
      },
    };

    /** @param {unknown} cause */
    function failed(cause) {
      if (!isShown()) return;
      fail('not-shown', { cause, notification });
      notification.close();
    }

    const words = origin + ' ' + title + ' ' + given.body;
    if (!fire('notification', notification) || !(custom || (await tabs.mayShow(words)))) return notification.close();
    if (!isShown()) return;
    try {
      const taken = await (custom ? custom(notification) : show(notification, options, failed));
      if (isShown()) entry.remove = taken;
      // Meanwhile the chat has closed it.
      else taken?.();
    } catch (cause) {
      failed(cause);
      // It was not the permission: nothing will be shown later either.
      if (!custom && !mute) {
        mute = true;
        begin();
      }
    }
  }

  const { permissions } = /** @type {Partial<Navigator>} */ (navigator);
  on(window, 'message', hear);
  on(document, 'securitypolicyviolation', ({ effectiveDirective: directive, blockedURI }) => {
    mayNotLook ||= directive === 'connect-src';
    if (directive === 'frame-src' && origin && blockedURI.startsWith(origin)) fail('forbidden');
  });
  on(window, 'pageshow', (event) => event.persisted && begin());
  // The focus is in the frame a moment after it has left the page.
  on(window, 'blur', () => setTimeout(calm, 0, 'focus'));
  for (const type of ['load', 'contentload']) on(frame, type, loaded);
  for (const type of ['pointerenter', 'pointerleave']) on(frame, type, () => fire('activity', { kind: 'pointer' }));
  permissions
    ?.query({ name: 'notifications' })
    .then((state) => on(state, 'change', begin))
    .catch(() => {});
  // Listeners are added after this call.
  queueMicrotask(begin);

  return /** @type {any} */ (
    Object.defineProperties(
      target,
      Object.getOwnPropertyDescriptors({
        frame,
        get origin() {
          return origin;
        },
        get status() {
          return status;
        },
        get error() {
          return lastError;
        },
        get visible() {
          return visible;
        },
        set visible(value) {
          visible = value;
          sayVisible();
          calm();
        },
        get have() {
          return have;
        },
        get state() {
          return state;
        },
        async requestPermission() {
          const answer = await ask();
          begin();
          return answer;
        },
        destroy() {
          become('lost');
          end.abort();
          clearTimeout(timer);
          tabs.end();
          removeAll();
          // All that a chat of before capabilities understands of it.
          say('enable', 'denied');
          if (want) say('disable');
          origin = '';
        },
      }),
    )
  );
}
