// The one script that Mattermost loads: registers the plugin and waits for a host, which costs a page without one nothing more.

import { embeds } from './embeds.js';

const ID = 'notifymatters';

/** Messages kept until the component runs: the first few and the newest few, since a host begins with its `enable` or repeats it. */
const KEPT_FIRST = 4;
const KEPT = 16;

/** Pauses between attempts to load the rest, in milliseconds. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60000;

/**
 * Where an ending plugin leaves the messages that its successor in the same page (after an upgrade, or when it is enabled again)
 * has to know: a host that was answered does not ask again.
 */
const HANDED_OVER = Symbol.for('notifymatters.handedOver');

const page = /** @type {Window & { [HANDED_OVER]?: KeptMessage[] }} */ (window);

// Mattermost takes the address from its Site URL, which may differ from the one in use; the path is the same.
const folder = new URL('.', location.origin + new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src).pathname).href;

// Where the server part answers.
const server = new URL('../../../plugins/' + ID + '/', folder).href;

/**
 * One life of the plugin, from `initialize` to `uninitialize`.
 * @param {Registry} registry
 * @param {Store | undefined} store
 */
function live(registry, store) {
  /** @type {KeptMessage[]} */
  let kept = [];
  /** @type {Running | undefined} */
  let component;
  /** @type {(() => void) | undefined} */
  let stop;
  let over = false;
  let attempts = 0;
  let notBefore = 0;

  /** @param {KeptMessage} message */
  function take({ event, learned }) {
    // Only the source is looked at here: what a stranger sent is never touched.
    const embedder = embeds(event.source, window);
    if (component) {
      component.message(event, embedder, learned);
    } else if (embedder) {
      if (kept.length >= KEPT) kept.splice(KEPT_FIRST, 1);
      kept.push({ event, learned });
      start();
    }
  }

  /** @param {MessageEvent} event */
  const listen = (event) => take({ event });

  function start() {
    if (stop || over || performance.now() < notBefore) return;
    stop = () => {};
    // A failed import is remembered by its address.
    import(folder + NOTIFICATION_FILE + (attempts ? '?' + attempts : '')).then((module) => {
      if (!over) stop = module.start({ folder, server, store, ready, failed });
    }, failed);
  }

  /** @param {Running} running */
  function ready(running) {
    component = running;
    const early = kept;
    kept = [];
    early.forEach(take);
  }

  function failed() {
    component = stop = undefined;
    notBefore = performance.now() + Math.min(FIRST_PAUSE * 2 ** attempts++, LONGEST_PAUSE);
  }

  /** @type {unknown} */
  let loaded;

  /**
   * In place of the setting `EmbeddingCheck`; what it shows is loaded where it is shown, in the System Console.
   * @param {object} props
   */
  function check(props) {
    const { createElement, lazy, Suspense } = window.React;
    loaded ||= lazy(() => import(server + CONSOLE_FILE).catch(() => ({ default: () => 'The embedding check could not be loaded. Reload this page.' })));
    return createElement(Suspense, { fallback: null }, createElement(loaded, { ...props, folder, store }));
  }
  registry.registerAdminConsoleCustomSetting?.('EmbeddingCheck', check);

  const tell = () => component && component.settings_changed();
  registry.registerWebSocketEventHandler?.('custom_' + ID + '_config_changed', tell);
  // What changed while the WebSocket was away was not told.
  registry.registerReconnectHandler?.(tell);
  addEventListener('message', listen);
  const handedOver = page[HANDED_OVER] || [];
  delete page[HANDED_OVER];
  handedOver.forEach(take);

  return () => {
    over = true;
    removeEventListener('message', listen);
    const unfinished = component ? component.shutdown() : kept;
    if (unfinished.length) page[HANDED_OVER] = unfinished;
    stop?.();
    component = undefined;
  };
}

/** @type {(() => void) | undefined} */
let end;

const plugin = {
  /**
   * @param {Registry} registry
   * @param {Store} store
   */
  initialize(registry, store) {
    plugin.uninitialize();
    end = live(registry, store);
  },

  uninitialize() {
    end?.();
    end = undefined;
  },
};

// Up to Mattermost 10 `initialize` is called at the script's load event and only if the plugin is registered by then; 11 calls it from in here.
window.registerPlugin(ID, plugin);
