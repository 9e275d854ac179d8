// The `Notification` class that the page sees while a host shows its notifications: the Standard's interface.

import { convert } from './options.js';

/**
 * What a notification object knows of itself.
 * @typedef {{ title: string, given: import('./options.js').Given, handlers: Map<string, Handler> }} Entry
 * @typedef {{ value: object, listener: ((event: Event) => void) | undefined }} Handler
 */

/**
 * Makes the class, and the two ways between it and the browser's own.
 * @param {<T>(call: (component: Component) => T) => T | undefined} ask
 * @param {(task: () => void) => void} queue runs a function in a task of its own
 */
export function delegate(ask, queue) {
  /** What lay in the place before. @type {PropertyDescriptor | undefined} */
  let before;
  /** The class in it, which is in charge while this one rests. @type {typeof Notification | undefined} */
  let Native;
  /** What somebody has put in the place of this one, and calls it perhaps. @type {typeof Notification | undefined} */
  let built;
  /** @type {WeakMap<object, Entry>} */
  const entries = new WeakMap();
  let active = false;

  /**
   * @param {unknown} object
   * @returns {Entry}
   */
  function entry(object) {
    const found = entries.get(/** @type {object} */ (object));
    if (!found) throw new TypeError('Illegal invocation');
    return found;
  }

  class Delegate extends EventTarget {
    /**
     * @param {string} title
     * @param {NotificationOptions} [options]
     */
    constructor(title, options = undefined) {
      if (arguments.length < 1) {
        throw new TypeError("Failed to construct 'Notification': 1 argument required, but only 0 present.");
      }
      const text = `${title}`;
      const given = convert(options);
      // Kept by somebody from the time when it was installed: the page's own is in charge again.
      if (!active && Native) return /** @type {any} */ (new Native(text, options));
      super();
      entries.set(this, { title: text, given, handlers: new Map() });
      ask((component) => component.create(this, given.tag, given.icon, text, given.wire));
    }

    static get permission() {
      return (active && ask((component) => component.permission())) || Native?.permission || 'denied';
    }

    static get maxActions() {
      // Hosts of version 20171130 are not told of actions.
      return 0;
    }

    /**
     * @param {NotificationPermissionCallback} [callback]
     * @returns {Promise<NotificationPermission>}
     */
    static requestPermission(callback = undefined) {
      if (!active && Native) return Native.requestPermission(/** @type {any} */ (callback));
      return new Promise((resolve, reject) => {
        if (callback !== undefined && typeof callback !== 'function') {
          return reject(
            new TypeError(
              "Failed to execute 'requestPermission' on 'Notification': The callback provided as parameter 1 is not a function.",
            ),
          );
        }
        /** @param {NotificationPermission} permission */
        const settle = (permission) =>
          queue(() => {
            try {
              callback?.(permission);
            } catch (error) {
              reportError(error);
            }
            resolve(permission);
          });
        return ask((component) => (component.requestPermission(settle), true)) || settle('denied');
      });
    }

    close() {
      entry(this);
      ask((component) => component.close(this));
    }
  }

  const { prototype } = Delegate;
  /**
   * @param {string} name
   * @param {(entry: Entry) => unknown} read
   */
  function attribute(name, read) {
    // An accessor's name begins with `get`, which only this form gives it.
    const { get } = /** @type {PropertyDescriptor} */ (
      Object.getOwnPropertyDescriptor(
        {
          get [name]() {
            return read(entry(this));
          },
        },
        name,
      )
    );
    Object.defineProperty(prototype, name, { get, enumerable: true, configurable: true });
  }

  for (const type of ['click', 'show', 'error', 'close']) {
    const name = 'on' + type;
    const { get, set } = /** @type {PropertyDescriptor} */ (
      Object.getOwnPropertyDescriptor(
        {
          /** @returns {any} */
          get [name]() {
            return entry(this).handlers.get(type)?.value ?? null;
          },
          /** @param {unknown} value */
          set [name](value) {
            handle(/** @type {any} */ (this), entry(this), type, value);
          },
        },
        name,
      )
    );
    Object.defineProperty(prototype, name, { get, set, enumerable: true, configurable: true });
  }
  attribute('title', ({ title }) => title);
  for (const name of /** @type {const} */ ([
    'dir',
    'lang',
    'body',
    'navigate',
    'tag',
    'image',
    'icon',
    'badge',
    'vibrate',
    'timestamp',
    'renotify',
    'silent',
    'requireInteraction',
    'data',
    'actions',
  ])) {
    attribute(name, ({ given }) => given[name]);
  }
  Object.defineProperty(prototype, 'close', { enumerable: true });
  for (const name of ['permission', 'maxActions', 'requestPermission']) {
    Object.defineProperty(Delegate, name, { enumerable: true });
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: 'Notification', configurable: true });
  Object.defineProperty(Delegate, 'name', { value: 'Notification' });
  // An optional parameter does not count, however it is written.
  Object.defineProperty(Delegate, 'length', { value: 1 });

  return {
    install() {
      const found = /** @type {unknown} */ (window.Notification);
      // Whoever built upon this class gets it back below his own, or has put it back by himself.
      if (!found || (found !== built && found !== Delegate)) {
        before = Object.getOwnPropertyDescriptor(window, 'Notification');
        Object.defineProperty(window, 'Notification', { value: Delegate, writable: true, enumerable: false, configurable: true });
        // What is there now may call what was built upon this class: it must not be called by it.
        if (!built) Native = /** @type {typeof Notification} */ (found);
      }
      active = true;
    },

    restore() {
      if (!active) return;
      active = false;
      // Whoever replaced it meanwhile keeps his own.
      if (/** @type {unknown} */ (window.Notification) !== Delegate) built = window.Notification;
      else if (before) Reflect.defineProperty(window, 'Notification', before);
      else Reflect.deleteProperty(window, 'Notification');
    },
  };
}

/**
 * Sets an event handler as the HTML Standard describes it: one listener whose place in the order is that of the first handler set.
 * @param {EventTarget} target
 * @param {Entry} entry
 * @param {string} type
 * @param {unknown} value
 */
function handle(target, { handlers }, type, value) {
  const current = handlers.get(type);
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
    if (current) target.removeEventListener(type, current.listener ?? null);
    handlers.delete(type);
    return;
  }
  const handler = /** @type {object} */ (value);
  if (current) {
    current.value = handler;
    return;
  }
  /** @param {Event} event */
  const listener = (event) => {
    const callback = handlers.get(type)?.value;
    if (typeof callback === 'function' && callback.call(target, event) === false) event.preventDefault();
  };
  handlers.set(type, { value: handler, listener });
  target.addEventListener(type, listener);
}
