// The web part's task done in plain JavaScript, in one script: the benchmark's peer.
//
// It speaks the protocol of 20171130 to hosts whose origin the same endpoint names, puts a Notification class in the place of the
// browser's, follows the setting and the login, and asks the host's user in a click. It is what one would write by hand for that
// task; what the Notifications Standard says about conversions and errors, and where a page may be lost or attacked, it leaves out.

const VERSION = '20171130';
const PREFIX = 'notifymatters.';
const LIVE = 512;
const HELD = 16;
const RETRY_MILLISECONDS = 1000;
const RETRIES = 8;

const staticFolder = new URL('.', document.currentScript.src);
const configurationUrl = new URL('../../../plugins/notifymatters/api/v1/config', staticFolder);

/** Whether a window embeds this page. */
function isAncestor(source) {
  for (let window = self; window !== window.parent;) {
    window = window.parent;
    if (window === source) return true;
  }
  return false;
}

/** Options as a host of that version wants them: cloneable, without what makes constructors throw, the icon as a path. */
function optionsForHost(options) {
  const sent = {};
  for (const name of ['badge', 'body', 'data', 'dir', 'image', 'lang', 'renotify', 'requireInteraction', 'silent', 'tag', 'timestamp']) {
    if (options[name] !== undefined && options[name] !== null) sent[name] = options[name];
  }
  const icon = new URL(options.icon ?? '', document.baseURI);
  sent.icon = options.icon && icon.origin === location.origin ? icon.href.slice(icon.origin.length) : '';
  return structuredClone(sent);
}

/** Runs a function in a task of its own, also in hidden pages. */
const channel = new MessageChannel();
const tasks = [];
channel.port1.onmessage = () => tasks.shift()?.();
function later(task) {
  tasks.push(task);
  channel.port2.postMessage(0);
}

class Plugin {
  #registry;
  #store;
  #trusted;
  #loading = false;
  #failures = 0;
  #user;
  /** The newest `enable` of each sender, unanswered or to be answered again. */
  #enables = new Map();
  #host;
  #permission = 'denied';
  #asked = false;
  #live = new Map();
  #held = [];
  #requests = new Map();
  #next = Date.now() * 1000;
  #ends = [];

  initialize(registry, store) {
    this.uninitialize();
    this.#registry = registry;
    this.#store = store;
    this.#user = this.#currentUser();
    this.#on(window, 'message', (event) => this.#receive(event));
    this.#on(window, 'click', () => this.#ask(), true);
    this.#on(window, 'keydown', () => this.#ask(), true);
    const changed = () => this.#trusted && this.#load();
    registry.registerWebSocketEventHandler?.('custom_notifymatters_config_changed', changed);
    registry.registerReconnectHandler?.(changed);
    this.#ends.push(store.subscribe(() => this.#userChanged()));
  }

  uninitialize() {
    this.#dismiss();
    for (const end of this.#ends.splice(0)) end();
  }

  #on(target, type, listener, capture = false) {
    target.addEventListener(type, listener, capture);
    this.#ends.push(() => target.removeEventListener(type, listener, capture));
  }

  #currentUser() {
    return this.#store.getState().entities.users.currentUserId;
  }

  #userChanged() {
    const user = this.#currentUser();
    if (user === this.#user) return;
    this.#user = user;
    this.#dismiss();
    this.#trusted = undefined;
    if (user && this.#enables.size) this.#load();
  }

  async #load() {
    if (this.#loading || !this.#user) return;
    this.#loading = true;
    try {
      const answer = await fetch(configurationUrl);
      if (!answer.ok) throw new Error(String(answer.status));
      const { trusted_origins: origins } = await answer.json();
      this.#trusted = new Set([...origins, location.origin]);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures <= RETRIES) setTimeout(() => this.#load(), RETRY_MILLISECONDS * 2 ** this.#failures);
      console.info('Notifymatters: the configuration could not be read:', error);
    } finally {
      this.#loading = false;
    }
    if (this.#host && !this.#trusted?.has(this.#host.origin)) this.#dismiss();
    for (const event of this.#enables.values()) {
      if (this.#trusted?.has(event.origin) && event.source !== this.#host?.window) this.#enable(event);
    }
  }

  #receive(event) {
    if (!isAncestor(event.source)) return;
    if (!this.#trusted?.has(event.origin)) {
      if (event.data?.type === PREFIX + 'enable') {
        this.#enables.set(event.source, event);
        if (!this.#trusted) this.#load();
      }
      return;
    }
    const { type, notifymatters: version, ref, data } = event.data ?? {};
    if (typeof type !== 'string' || !type.startsWith(PREFIX) || typeof version !== 'string' || version > VERSION) return;
    const command = type.slice(PREFIX.length);
    if (command === 'enable') {
      this.#enables.set(event.source, event);
      return this.#enable(event);
    }
    if (event.source !== this.#host?.window || event.origin !== this.#host.origin || typeof ref !== 'number') return;
    switch (command) {
      case 'notification.onclick':
        this.#fire(this.#live.get(ref), 'click');
        break;
      case 'notification.onclose':
        this.#fire(this.#forget(ref), 'close');
        break;
      case 'ref.resolve':
        if (['granted', 'denied', 'default'].includes(data)) this.#permissionIs(data);
        this.#settle(ref);
        break;
      case 'ref.reject':
        this.#settle(ref);
        break;
    }
  }

  #enable({ source, origin, data: { notifymatters, state = null, data } }) {
    if (this.#host && this.#host.window !== source) this.#closeAll();
    if (!this.#host) this.#install();
    this.#host = { window: source, origin };
    source.postMessage({ type: PREFIX + 'ok', notifymatters, state }, origin);
    this.#permissionIs(['granted', 'default'].includes(data) ? data : 'denied');
  }

  #permissionIs(permission) {
    this.#permission = permission;
    if (permission === 'default' && !this.#asked) return;
    for (const [notification, options] of this.#held.splice(0)) {
      if (permission === 'granted') this.#show(notification, options);
      else this.#fire(notification, 'error');
    }
  }

  /** What the page is told: it would give up at `default`, so it is told `granted` until the user has been asked. */
  get permission() {
    return this.#permission === 'default' && !this.#asked ? 'granted' : this.#permission;
  }

  #ask() {
    if (this.#host && this.#permission === 'default' && !this.#asked) {
      this.#asked = true;
      this.requestPermission();
    }
  }

  requestPermission() {
    if (this.#permission !== 'default') return Promise.resolve(this.#permission);
    const ref = this.#next++;
    this.#say('notification.requestPermission', { data: null, ref });
    return new Promise((resolve) => this.#requests.set(ref, resolve));
  }

  #settle(ref) {
    this.#requests.get(ref)?.(this.#permission);
    this.#requests.delete(ref);
  }

  create(notification, options) {
    const sent = optionsForHost(options);
    if (this.#permission === 'granted') {
      this.#show(notification, sent);
    } else if (this.permission === 'granted') {
      if (this.#held.length >= HELD) this.#fire(this.#held.shift()[0], 'error');
      this.#held.push([notification, sent]);
    } else {
      this.#fire(notification, 'error');
    }
  }

  #show(notification, options) {
    if (notification.tag) {
      for (const [id, { tag }] of this.#live) {
        if (tag === notification.tag) this.#fire(this.#forget(id), 'close');
      }
    }
    if (this.#live.size >= LIVE) this.close(this.#live.values().next().value);
    const id = this.#next++;
    notification.id = id;
    this.#live.set(id, notification);
    this.#say('notification.new', { data: { id, title: notification.title, options } });
    this.#fire(notification, 'show');
  }

  close(notification) {
    if (!this.#forget(notification.id)) return;
    this.#say('notification.close', { data: { id: notification.id } });
    this.#fire(notification, 'close');
  }

  #forget(id) {
    const notification = this.#live.get(id);
    this.#live.delete(id);
    return notification;
  }

  #fire(notification, type) {
    if (notification) later(() => notification.dispatchEvent(new Event(type, { cancelable: type === 'click' })));
  }

  #say(command, fields) {
    this.#host?.window.postMessage({ type: PREFIX + command, notifymatters: VERSION, ...fields }, this.#host.origin);
  }

  #closeAll() {
    for (const notification of [...this.#live.values()]) this.close(notification);
  }

  #dismiss() {
    if (!this.#host) return;
    this.#closeAll();
    this.#host = undefined;
    for (const ref of [...this.#requests.keys()]) this.#settle(ref);
    this.#restore?.();
  }

  #restore;

  #install() {
    const before = Object.getOwnPropertyDescriptor(window, 'Notification');
    const Delegate = notificationClass(this);
    Object.defineProperty(window, 'Notification', { value: Delegate, writable: true, configurable: true });
    this.#restore = () => {
      if (window.Notification !== Delegate) return;
      if (before) Object.defineProperty(window, 'Notification', before);
      else delete window.Notification;
    };
  }
}

/** The class that the page finds as `Notification`. */
function notificationClass(plugin) {
  return class Notification extends EventTarget {
    #options;
    #handlers = {};

    constructor(title, options = {}) {
      super();
      this.title = String(title);
      this.#options = { ...options };
      plugin.create(this, this.#options);
    }

    static get permission() {
      return plugin.permission;
    }

    static async requestPermission(callback) {
      const permission = await plugin.requestPermission();
      callback?.(permission);
      return permission;
    }

    static get maxActions() {
      return 0;
    }

    get body() {
      return this.#options.body ?? '';
    }
    get tag() {
      return this.#options.tag ?? '';
    }
    get icon() {
      return this.#options.icon ?? '';
    }
    get data() {
      return this.#options.data ?? null;
    }
    get dir() {
      return this.#options.dir ?? 'auto';
    }
    get lang() {
      return this.#options.lang ?? '';
    }
    get silent() {
      return this.#options.silent ?? null;
    }
    get requireInteraction() {
      return this.#options.requireInteraction ?? false;
    }

    get onclick() {
      return this.#handlers.click ?? null;
    }
    set onclick(handler) {
      this.#handle('click', handler);
    }
    get onshow() {
      return this.#handlers.show ?? null;
    }
    set onshow(handler) {
      this.#handle('show', handler);
    }
    get onerror() {
      return this.#handlers.error ?? null;
    }
    set onerror(handler) {
      this.#handle('error', handler);
    }
    get onclose() {
      return this.#handlers.close ?? null;
    }
    set onclose(handler) {
      this.#handle('close', handler);
    }

    #handle(type, handler) {
      if (this.#handlers[type]) this.removeEventListener(type, this.#handlers[type]);
      this.#handlers[type] = handler;
      if (handler) this.addEventListener(type, handler);
    }

    close() {
      plugin.close(this);
    }
  };
}

window.registerPlugin('notifymatters', new Plugin());
