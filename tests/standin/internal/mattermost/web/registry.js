// What a plugin's initialize is given: the methods that this project's plugin may call.

export class PluginRegistry {
  #id;
  #socket;
  #settings = (window.standinSettings ??= new Map());

  constructor(id, generation, socket, hooks) {
    this.#id = id;
    this.#socket = socket;
    if (generation >= 10) {
      // 9.8 has no such method.
      this.registerDesktopNotificationHook = (hook) => hooks.set(id, hook);
    }
  }

  registerWebSocketEventHandler(event, handler) {
    this.#socket.registerPlugin(this.#id, event, handler);
  }

  unregisterWebSocketEventHandler(event) {
    this.#socket.unregisterPlugin(this.#id, event);
  }

  registerReconnectHandler(handler) {
    this.#socket.registerPluginReconnect(this.#id, handler);
  }

  registerAdminConsoleCustomSetting(key, component, options = {}) {
    this.#settings.set(key.toLowerCase(), { component, options });
    dispatchEvent(new Event('standinSettings'));
  }

  registerTranslations() {}
}
