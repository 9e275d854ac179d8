// The one script that Mattermost loads: registers the plugin and waits for a host, which costs a page without one nothing more.

import { embeds } from './embeds.js';

/** Messages kept until the component runs: the first few and the newest few, since a host begins with its `enable` or repeats it. */
const KEPT_FIRST = 4;
const KEPT = 16;

/** The first pause between attempts to load the rest, in milliseconds, and how often it is doubled: to about a minute. */
const FIRST_PAUSE = 1000;
const DOUBLINGS = 6;

/**
 * Where an ending plugin leaves the messages that its successor in the same page (after an upgrade, or when it is enabled again)
 * has to know: a host that was answered does not ask again.
 */
const HANDED_OVER = 'notifymatters.kept';

// Mattermost takes the address from its Site URL, which may differ from the one in use; the path is the same.
const { pathname } = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src);
const folder = location.origin + pathname.replace(/[^/]+$/, '');

/** The sentence on the console, so that the next attempt does not say it again. @type {string | undefined} */
let said;

/**
 * One life of the plugin, from `initialize` to `uninitialize`.
 * @param {Registry} registry
 * @param {Store | undefined} store
 */
function live(registry, store) {
  /** What nobody has been told yet. @type {KeptMessage[]} */
  const kept = self[HANDED_OVER] ?? [];
  /** @type {Running | undefined} */
  let component;
  /** Ends what is under way: an attempt to load the rest, what runs, or the pause before the next attempt. @type {(() => void) | undefined} */
  let stop;
  let over = false;
  let attempts = 0;

  /** @param {MessageEvent} event */
  function listen(event) {
    // Of what a stranger sent nothing is looked at but window and origin.
    const embedder = embeds(event.source, self);
    if (component) {
      component.message([event], embedder);
    } else if (embedder && (event.origin !== location.origin || /^notifymatters\./.test(event.data?.type))) {
      // Mattermost's own pages talk with each other: the login page with a page of its origin around it (10.7.4 and later).
      if (kept.length >= KEPT) kept.splice(KEPT_FIRST, 1);
      kept.push([event]);
      start();
    }
  }

  /** Loads the rest, all of it at once: the script, the component, and the frame whose WebAssembly compiles it. */
  function start() {
    if (stop || over) return;
    // A failed import is remembered by its address, and a component that failed is of no use any more.
    const fresh = '?' + (attempts && Date.now());
    const script = folder + START_FILE + fresh;
    const frame = document.createElement('iframe');
    frame.src = folder + REALM_FILE;
    // Where nothing is shown, and nobody rearranges anything: a frame that is moved loads again.
    document.head.append(frame);
    stop = () => frame.remove();
    // Why it does not come is told where it is used.
    const code = fetch(folder + COMPONENT_FILE + fresh).catch((error) => error);
    import(script).then(
      (module) => over || (stop = module.start({ frame, code, store, ready, failed })),
      // What browsers say of it names no cause.
      () =>
        fetch(script)
          .then(({ status }) => status, String)
          .then((cause) => failed('could not load ' + START_FILE + ': ' + cause)),
    );
  }

  /** @param {Running} running */
  function ready(running) {
    component = running;
    for (const message of kept.splice(0)) running.message(message, true);
  }

  /** @param {string} sentence */
  function failed(sentence) {
    if (over) return;
    if (sentence !== said) console.error('Notifymatters: ' + (said = sentence));
    stop?.();
    component = undefined;
    // The pause lets nothing begin.
    stop = () => {};
    setTimeout(
      () => {
        stop = undefined;
        // The host may have given up by now, and has been heard all the same.
        if (kept.length) start();
      },
      FIRST_PAUSE * 2 ** Math.min(attempts++, DOUBLINGS),
    );
  }

  /** @type {unknown} */
  let loaded;

  /**
   * In place of the setting `EmbeddingCheck`; what it shows is loaded where it is shown, in the System Console.
   * @param {object} props
   */
  function check(props) {
    const { createElement, lazy, Suspense } = self.React;
    loaded ||= lazy(() =>
      import(folder + '../../../plugins/notifymatters/' + CONSOLE_FILE).catch(() => ({
        default: () => 'Could not load the check: reload.',
      })),
    );
    return createElement(Suspense, { fallback: null }, createElement(loaded, { ...props, folder, store, registry }));
  }
  registry.registerAdminConsoleCustomSetting?.('EmbeddingCheck', check);

  const tell = () => component?.settingsChanged();
  registry.registerWebSocketEventHandler?.('custom_notifymatters_config_changed', tell);
  // What changed while the WebSocket was away was not told.
  registry.registerReconnectHandler?.(tell);
  addEventListener('message', listen);
  // Who embeds a page may speak at any moment; a page that nobody embeds loads nothing until somebody does.
  if (kept.length || parent !== self) start();

  return () => {
    over = true;
    removeEventListener('message', listen);
    self[HANDED_OVER] = component?.shutdown() ?? kept;
    stop?.();
  };
}

/** @type {(() => void) | undefined} */
let end;

// Up to Mattermost 10 `initialize` is called at the script's load event and only if the plugin is registered by then; 11 calls it from in here.
self.registerPlugin('notifymatters', {
  /**
   * @param {Registry} registry
   * @param {Store} store
   */
  initialize(registry, store) {
    end?.();
    end = live(registry, store);
  },

  uninitialize() {
    end?.();
    end = undefined;
  },
});
