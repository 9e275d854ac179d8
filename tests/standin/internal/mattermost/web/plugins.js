// Loads plugins' scripts into the page, in the two orders that Mattermost has had.

import { PluginRegistry } from './registry.js';

export class PluginLoader {
  #generation;
  #basename;
  #store;
  #socket;
  #client;
  #loaded = new Map();
  #hooks = new Map();
  #pending = 0;

  constructor(generation, basename, store, socket, client) {
    this.#generation = generation;
    this.#basename = basename;
    this.#store = store;
    this.#socket = socket;
    this.#client = client;
    window.plugins = {};
    window.registerPlugin = (id, plugin) => this.#register(id, plugin);
  }

  /** Whether each script that was asked for has run or failed, those of the start as well. */
  get settled() {
    return this.#pending === 0;
  }

  desktopNotificationHooks() {
    return [...this.#hooks.values()];
  }

  /** Makes the page's plugins what the server says they are: at the start and after each reconnect. */
  async synchronize() {
    this.#pending += 1;
    try {
      await this.#synchronize();
    } finally {
      this.#pending -= 1;
    }
  }

  async #synchronize() {
    const manifests = await this.#client.plugins();
    for (const id of [...this.#loaded.keys()]) {
      if (!manifests.some((manifest) => manifest.id === id)) {
        this.remove({ id });
      }
    }
    for (const manifest of manifests) {
      this.load(manifest);
    }
  }

  load(manifest) {
    const path = manifest.webapp.bundle_path;
    if (this.#loaded.get(manifest.id) === path) {
      return;
    }
    this.#loaded.set(manifest.id, path);
    const script = document.createElement('script');
    script.id = `plugin_${manifest.id}`;
    script.src = location.origin + this.#basename + path;
    if (this.#generation >= 11) {
      script.defer = true;
    } else {
      // Up to 10.x the page initializes from the load event, and only what is registered by then.
      script.addEventListener('load', () => this.#initialize(manifest.id));
    }
    script.addEventListener('error', () => console.error(`Unable to load bundle for plugin ${manifest.id}`));
    this.#pending += 1;
    for (const end of ['load', 'error']) {
      script.addEventListener(end, () => (this.#pending -= 1));
    }
    document.head.append(script);
  }

  /** Disabled or removed. On an upgrade the page only loads the new script: registering it ends the old one. */
  remove(manifest) {
    if (!this.#loaded.delete(manifest.id)) {
      return;
    }
    window.plugins[manifest.id]?.uninitialize?.();
    this.#socket.forgetPlugin(manifest.id);
    this.#hooks.delete(manifest.id);
    document.getElementById(`plugin_${manifest.id}`)?.remove();
  }

  #register(id, plugin) {
    window.plugins[id]?.uninitialize?.();
    window.plugins[id] = plugin;
    if (this.#generation >= 11) {
      // 11.x initializes here.
      this.#initialize(id);
    }
  }

  #initialize(id) {
    const registry = new PluginRegistry(id, this.#generation, this.#socket, this.#hooks);
    window.plugins[id]?.initialize?.(registry, this.#store);
  }
}
