// One life of the component: what happens in the page is told to it, and what it asks for is done.

import { gestures } from './gestures.js';
import { delegate } from './notification.js';
import { say } from './say.js';
import { taskQueue } from './tasks.js';

/**
 * @param {Engine} engine
 * @param {Serving} context
 * @returns {() => void} ends all of it, at once
 */
export function serve(engine, { server, store, ready, failed }) {
  /** @type {Component | undefined} */
  let component;
  let over = false;
  /** Undoes what was set up, in reverse order. @type {(() => void)[]} */
  const undo = [];

  function stop() {
    over = true;
    component = undefined;
    while (undo.length) undo.pop()?.();
  }

  /** @param {string} sentence */
  function fail(sentence) {
    if (over) return;
    stop();
    engine.end();
    failed(sentence);
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
      fail('the component failed and was shut down: ' + error);
      return undefined;
    }
  }

  /** @type {KeptMessage[]} */
  const handedOver = [];
  const tasks = taskQueue();
  const notification = delegate(ask, tasks.add);
  undo.push(notification.restore);
  const watchGestures = gestures(() => ask((it) => it.gesture()));
  undo.push(() => watchGestures(false));

  /** @type {Page} */
  const page = {
    post: (target, origin, message) => target.postMessage(message, origin),
    dispatch: (target, type) => tasks.add(() => target.dispatchEvent(new Event(type, { cancelable: type === 'click' }))),
    install: notification.install,
    restore: notification.restore,
    watchGestures,
    load(address, done) {
      fetch(address)
        .then(async (answer) => ({ status: answer.status, text: await answer.text() }))
        .catch(() => ({ status: 0, text: '' }))
        .then(({ status, text }) => ask(() => done(status, text)));
    },
    handOver: (event, learned) => void handedOver.push([event, learned]),
    note: say,
    panicked: (place) => fail('the component failed at ' + place + ' and was shut down.'),
  };

  const user = () => store?.getState()?.entities?.users?.currentUserId;
  let current = user();
  try {
    component = new engine.Component(
      page,
      server + 'api/v1/config',
      self.origin,
      // A page whose store cannot be read may well have a user.
      current !== '',
      Date.now(),
    );
  } catch (error) {
    fail('the component did not start: ' + error);
    return stop;
  }
  const unsubscribe = store?.subscribe(() => {
    const now = user();
    if (now === current) return;
    current = now;
    ask((it) => it.userChanged(now !== ''));
  });
  if (unsubscribe) undo.push(unsubscribe);
  ready({
    message([event, learned], embedder) {
      if (!isMattermosts(event)) tasks.during(() => ask((it) => it.message(event, embedder, learned)));
    },
    settingsChanged: () => void ask((it) => it.settingsChanged()),
    shutdown() {
      ask((it) => it.shutdown());
      return handedOver;
    },
  });
  return stop;
}

/**
 * What Mattermost's own pages say to each other, and to themselves, is none of ours. Of their origin a message may be read at once.
 * @param {MessageEvent} event
 */
function isMattermosts(event) {
  // All pages whose origin is opaque write it like this, whosever they are.
  if (event.origin !== self.origin || event.origin === 'null') return false;
  const type = event.data?.type;
  return typeof type !== 'string' || !type.startsWith('notifymatters.');
}
