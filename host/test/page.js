// A page without a browser: as much of one as `embed` uses, and a frame in it.

import { mock } from 'node:test';

const page = /** @type {any} */ (globalThis);

/** What was given to the constructor of the page's `Notification`. @type {any[]} */
export const made = [];

/** Knows its listeners, so that a test sees what is left. */
export class Emitter extends EventTarget {
  #listeners = new Set();

  get listeners() {
    return this.#listeners.size;
  }

  addEventListener(/** @type {[any, any, any?]} */ ...[type, listener, options]) {
    this.#listeners.add(listener);
    super.addEventListener(type, listener, options);
  }

  removeEventListener(/** @type {[any, any, any?]} */ ...[type, listener]) {
    this.#listeners.delete(listener);
    super.removeEventListener(type, listener);
  }
}

class Notification extends Emitter {
  /** @type {NotificationPermission} */
  static permission = 'granted';
  static answer = 'granted';
  static asked = 0;

  static requestPermission() {
    Notification.asked += 1;
    Notification.permission = /** @type {NotificationPermission} */ (Notification.answer);
    return Promise.resolve(Notification.permission);
  }

  isClosed = false;
  onclick = onlyOnce;
  onclose = onlyOnce;
  onerror = onlyOnce;

  /**
   * @param {string} title
   * @param {NotificationOptions} options
   */
  constructor(title, options) {
    super();
    Object.assign(this, { title, options });
    made.push(this);
  }

  close() {
    this.isClosed = true;
    this.onclose();
  }
}

function onlyOnce() {
  throw new Error('nobody listens');
}

/** Locks of one browser, for all of its tabs. */
function locks() {
  const held = new Set();
  return {
    held,
    async request(
      /** @type {string} */ name,
      /** @type {LockOptions} */ { ifAvailable },
      /** @type {(lock: object | null) => unknown} */ callback,
    ) {
      if (held.has(name)) return ifAvailable ? callback(null) : new Promise(() => {});
      held.add(name);
      await callback({});
      held.delete(name);
      return undefined;
    },
  };
}

export const ORIGIN = 'https://chat.example.com';

/** Sets the page up anew, with a clock that stands still. */
export function openPage() {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  made.length = 0;
  Object.assign(Notification, { permission: 'granted', answer: 'granted', asked: 0 });
  const permission = new Emitter();
  const window = new Emitter();
  const document = Object.assign(new Emitter(), {
    activeElement: /** @type {unknown} */ (null),
    hasFocus: () => true,
    createElement: () => new Frame(),
  });
  const navigator = { locks: locks(), permissions: { query: async () => permission } };
  const seen = {
    permission,
    window,
    document,
    navigator,
    Notification,
    focused: 0,
    /** @type {string[]} */ fetched: [],
    isUp: true,
    /** Windows that the page opened, and what it got. */
    opened: /** @type {unknown[][]} */ ([]),
    beside: /** @type {{ closed: boolean, close(): void } | null} */ (null),
  };
  for (const [name, value] of Object.entries({
    window,
    document,
    navigator,
    Notification,
    location: new URL('https://mail.example.com/inbox'),
    focus: () => (seen.focused += 1),
    open: (/** @type {unknown[]} */ ...opened) => {
      seen.opened.push(opened);
      return seen.beside;
    },
    fetch: async (/** @type {string} */ address) => {
      seen.fetched.push(address);
      if (!seen.isUp) throw new TypeError('Failed to fetch');
    },
  })) {
    Object.defineProperty(page, name, { value, configurable: true, writable: true });
  }
  return seen;
}

/** A frame with the chat's page in it. */
export class Frame extends Emitter {
  src = ORIGIN + '/';
  blurred = 0;
  /** @type {unknown} */
  contentDocument = null;
  /** Each message with its target origin. @type {any[]} */
  heard = [];
  /** @type {{ postMessage(message: unknown, origin: string): void } | null} */
  contentWindow = { postMessage: (message, origin) => void this.heard.push({ .../** @type {object} */ (message), to: origin }) };

  getRootNode() {
    return page.document;
  }

  blur() {
    this.blurred += 1;
    page.document.activeElement = null;
  }

  /** What the host said, of one command. @param {string} command */
  said(command) {
    return this.heard.filter(({ type }) => type === 'notifymatters.' + command);
  }

  /**
   * Says something to the host.
   * @param {string} command
   * @param {object} [fields]
   * @param {object} [event] what is otherwise with the event
   */
  say(command, fields = {}, event = {}) {
    const data = { type: 'notifymatters.' + command, notifymatters: '20171130', ...fields };
    page.window.dispatchEvent(Object.assign(new Event('message'), { source: this.contentWindow, origin: ORIGIN, data, ...event }));
    return settle();
  }

  load() {
    this.dispatchEvent(new Event('load'));
    return settle();
  }

  /** @param {number} id */
  notify(id, title = 'Design', options = { body: 'Ben: hello ' + id, icon: '/icon.png' }) {
    return this.say('notification.new', { data: { id, title, options } });
  }
}

/** Lets everything happen that does not wait for a clock. */
export async function settle() {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The quickest that anything repeats. */
const STEP = 200;

/** @param {number} milliseconds */
export async function pass(milliseconds) {
  let left = milliseconds;
  do {
    mock.timers.tick(Math.min(left, STEP));
    await settle();
    left -= STEP;
  } while (left > 0);
}

/**
 * Everything that an embedding says, in order: `[type, detail]`.
 * @param {EventTarget} embedding
 */
export function record(embedding) {
  /** @type {[string, any][]} */
  const events = [];
  for (const type of ['statuschange', 'notification', 'activity', 'state', 'error']) {
    embedding.addEventListener(type, (event) => events.push([type, /** @type {CustomEvent} */ (event).detail]));
  }
  return {
    events,
    of: (/** @type {string} */ type) => events.filter(([name]) => name === type).map(([, detail]) => detail),
    codes: () => events.filter(([name]) => name === 'error').map(([, detail]) => detail.code),
  };
}
