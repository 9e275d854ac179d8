// The page's WebSocket: events by name, for the page itself and for each plugin.

/** Mattermost waits three seconds before it connects again (9.8 and 11.6). */
const RECONNECT_MILLISECONDS = 3000;

export class Socket {
  #url;
  #socket = null;
  #wanted = false;
  #wasOpen = false;
  #handlers = new Map();
  #pluginHandlers = new Map();
  #reconnect = [];
  #pluginReconnect = new Map();

  constructor(basename) {
    this.#url = `${location.origin.replace(/^http/, 'ws')}${basename}/api/v4/websocket`;
  }

  on(event, handler) {
    this.#handlers.set(event, handler);
  }

  onReconnect(handler) {
    this.#reconnect.push(handler);
  }

  registerPlugin(id, event, handler) {
    this.#of(id).set(event, handler);
  }

  unregisterPlugin(id, event) {
    this.#of(id).delete(event);
  }

  registerPluginReconnect(id, handler) {
    this.#pluginReconnect.set(id, handler);
  }

  forgetPlugin(id) {
    this.#pluginHandlers.delete(id);
    this.#pluginReconnect.delete(id);
  }

  get connected() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  open() {
    this.#wanted = true;
    this.#connect();
  }

  close() {
    this.#wanted = false;
    this.#wasOpen = false;
    this.#socket?.close();
    this.#socket = null;
  }

  #of(id) {
    if (!this.#pluginHandlers.has(id)) {
      this.#pluginHandlers.set(id, new Map());
    }
    return this.#pluginHandlers.get(id);
  }

  #connect() {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      if (this.#wasOpen) {
        for (const handler of [...this.#reconnect, ...this.#pluginReconnect.values()]) {
          handler();
        }
      }
      this.#wasOpen = true;
    });
    socket.addEventListener('message', (event) => this.#dispatch(JSON.parse(event.data)));
    socket.addEventListener('close', () => {
      if (this.#wanted && this.#socket === socket) {
        setTimeout(() => this.#wanted && this.#socket === socket && this.#connect(), RECONNECT_MILLISECONDS);
      }
    });
  }

  #dispatch(message) {
    this.#handlers.get(message.event)?.(message);
    for (const handlers of this.#pluginHandlers.values()) {
      handlers.get(message.event)?.(message);
    }
  }
}
