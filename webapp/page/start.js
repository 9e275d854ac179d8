// Brings the component to life in its realm, and carries out in the page what it asks for. Loaded when a host knocks.

import { gestures } from './gestures.js';
import { delegate } from './notification.js';
import { openRealm } from './realm-frame.js';
import './realm.js';
import { taskQueue } from './tasks.js';

/**
 * @param {Context} context
 * @returns {() => void} ends all of it, at once
 */
export function start(context) {
  /** @type {Component | undefined} */
  let component;
  /** Undoes what was set up, in reverse order. @type {(() => void)[]} */
  const undo = [];

  function stop() {
    component = undefined;
    while (undo.length) undo.pop()?.();
  }

  /** @param {string} reason */
  function fail(reason) {
    stop();
    console.error('Notifymatters: ' + reason);
    context.failed();
  }

  /**
   * Calls the component; whatever it throws is its end.
   * @template T
   * @param {(component: Component) => T} call
   * @returns {T | undefined}
   */
  function ask(call) {
    if (!component) return undefined;
    try {
      return call(component);
    } catch (error) {
      // A panic has been reported already.
      if (component) fail('the component failed and was shut down: ' + error);
      return undefined;
    }
  }

  /** @type {KeptMessage[]} */
  const handedOver = [];
  const tasks = taskQueue();
  const notification = delegate(ask, tasks.add);
  undo.push(notification.restore);

  /** @type {Page} */
  const page = {
    // From a function of this page, because hosts take only messages whose source is the framed page's own window. Nothing is
    // returned: WebKit makes a call in tail position the caller's own, and that is the realm.
    post(target, origin, message) {
      target.postMessage(message, origin);
    },
    dispatch: (target, type) => tasks.add(() => target.dispatchEvent(new Event(type, { cancelable: type === 'click' }))),
    install: notification.install,
    restore: notification.restore,
    watch_gestures: gestures(() => ask((it) => it.gesture())),
    handOver: (event, learned) => void handedOver.push({ event, learned }),
    note: (sentence) => console.info('Notifymatters: ' + sentence),
    panicked: (place) => fail('the component failed at ' + place + ' and was shut down.'),
  };
  undo.push(() => page.watch_gestures(false));

  const { store } = context;
  const user = () => store?.getState()?.entities?.users?.currentUserId;

  /** @param {ComponentClass} ComponentClass */
  function open(ComponentClass) {
    let current = user();
    try {
      component = new ComponentClass(
        page,
        context.server + 'api/v1/config',
        self.origin,
        // A page whose store cannot be read may well have a user.
        current !== '',
        Date.now(),
      );
    } catch (error) {
      fail('the component did not start: ' + error);
      return;
    }
    const unsubscribe = store?.subscribe(() => {
      const now = user();
      if (now === current) return;
      current = now;
      ask((it) => it.user_changed(now !== ''));
    });
    if (unsubscribe) undo.push(unsubscribe);
    context.ready({
      message: (event, embedder, learned) => tasks.during(() => ask((it) => it.message(event, embedder, learned))),
      settings_changed: () => void ask((it) => it.settings_changed()),
      shutdown() {
        ask((it) => it.shutdown());
        return handedOver;
      },
    });
  }

  let over = false;
  undo.push(() => (over = true));

  /**
   * Where WebAssembly has no way in (a proxy's headers on the static files, a browser without it), the same component as JavaScript.
   * @param {unknown} reason
   */
  function fallBack(reason) {
    console.info('Notifymatters: uses its slower form, because WebAssembly could not be loaded: ' + reason);
    import(context.server + FALLBACK_FILE).then(
      (module) => over || open(module.Component),
      (error) => over || fail('the component did not load: ' + error),
    );
  }

  undo.push(openRealm(context.folder, open, fallBack));
  return stop;
}
