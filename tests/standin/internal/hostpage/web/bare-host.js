// The tests' host that speaks the bare protocol, as a page does that was written by docs/protocol.md; what crosses can be told.

const PROTOCOL = '20171130';
const PREFIX = 'notifymatters.';

/** The plugin may need a moment after the page has loaded, and the user may have to log in first. */
const RETRY_MILLISECONDS = 200;
const MAX_RETRIES = 100;

export class ChatNotifications {
  #frame;
  #onCrossing;
  #timer = 0;
  /** Phones have no such class, or one that cannot be constructed: the latter shows only when it is tried. */
  #canShow = typeof globalThis.Notification === 'function';
  #listener = (event) => this.#receive(event);
  #loaded = () => {
    // The page that these are of is gone: it cannot be told of a click.
    this.#closeAll();
    this.#enable(MAX_RETRIES);
  };

  /** The notifications that are on screen, by the number that the chat gave them. */
  shown = new Map();

  /**
   * @param {HTMLIFrameElement} frame embeds the Mattermost
   * @param {{onCrossing?: (crossing: {direction: "in" | "out", type: string, ref?: number, data?: unknown}) => void}} [options]
   *   `onCrossing` is told of every message, for logs and tests
   */
  constructor(frame, { onCrossing = () => {} } = {}) {
    this.#frame = frame;
    this.#onCrossing = onCrossing;
  }

  start() {
    addEventListener('message', this.#listener);
    // Every load is a new page in the frame that knows nothing of us.
    this.#frame.addEventListener('load', this.#loaded);
    this.#loaded();
  }

  stop() {
    removeEventListener('message', this.#listener);
    this.#frame.removeEventListener('load', this.#loaded);
    clearTimeout(this.#timer);
    this.#closeAll();
  }

  #closeAll() {
    for (const notification of this.shown.values()) {
      notification.close();
    }
    this.shown.clear();
  }

  /** Says "enable" again: after this page's permission has changed. */
  enable() {
    this.#enable(MAX_RETRIES);
  }

  /** What the chat is told: "denied" also where this browser lets no page show anything. */
  get permission() {
    return this.#canShow ? Notification.permission : 'denied';
  }

  get #origin() {
    return new URL(this.#frame.src, location.href).origin;
  }

  #enable(retries) {
    clearTimeout(this.#timer);
    this.#send('enable', this.permission);
    if (retries > 0) {
      this.#timer = setTimeout(() => this.#enable(retries - 1), RETRY_MILLISECONDS);
    }
  }

  #send(command, data = null, ref = null) {
    // The target origin keeps the message from whatever else the frame may have been navigated to.
    this.#frame.contentWindow?.postMessage({ type: PREFIX + command, notifymatters: PROTOCOL, data, ref }, this.#origin);
    this.#onCrossing({ direction: 'out', type: PREFIX + command, ref, data });
  }

  #receive(event) {
    if (event.source !== this.#frame.contentWindow || event.origin !== this.#origin) {
      return;
    }
    const { type, data, ref } = event.data ?? {};
    if (typeof type !== 'string' || !type.startsWith(PREFIX)) {
      return;
    }
    this.#onCrossing({ direction: 'in', ...event.data });
    switch (type.slice(PREFIX.length)) {
      case 'ok':
        clearTimeout(this.#timer);
        break;
      case 'notification.requestPermission':
        this.#ask(ref);
        break;
      case 'notification.new':
        this.#show(data, event.origin);
        break;
      case 'notification.close':
        this.shown.get(data.id)?.close();
        break;
    }
  }

  #ask(ref) {
    if (!this.#canShow) {
      this.#send('ref.resolve', 'denied', ref);
      return;
    }
    Notification.requestPermission().then(
      (permission) => this.#send('ref.resolve', permission, ref),
      (reason) => this.#send('ref.reject', String(reason), ref),
    );
  }

  #show({ id, title, options }, origin) {
    // The chat gives the icon as a path on its own origin.
    const icon = options.icon ? origin + options.icon : undefined;
    let notification;
    try {
      notification = new Notification(title, { ...options, icon });
    } catch {
      this.#canShow = false;
      this.#send('notification.onclose', null, id);
      this.enable();
      return;
    }
    this.shown.set(id, notification);
    notification.onclick = () => {
      window.focus();
      this.#send('notification.onclick', null, id);
    };
    notification.onclose = () => {
      this.shown.delete(id);
      this.#send('notification.onclose', null, id);
    };
  }
}
