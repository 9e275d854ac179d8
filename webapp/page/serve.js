// One life of the component: what happens in the page is told to it, and what it asks for is done.

import { gestures } from './gestures.js';
import { CAPABILITIES, FAREWELLS } from './names.js';
import { delegate } from './notification.js';
import { say } from './say.js';
import { taskQueue } from './tasks.js';

const VERSION = /** @satisfies {import('../../host/src/protocol.js').Version} */ ('20171130');

/** Requests of a host that wait for an answer; further ones are refused: nobody clicks faster. */
const WAITING_REQUESTS = 16;

/** How long such a request waits, in milliseconds. */
const REQUEST_TIMEOUT = 10000;

/** @typedef {ReturnType<typeof import('./capabilities.js').capabilities>} Abilities */

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
      fail('the component failed and was shut down: ' + error);
      return undefined;
    } finally {
      while (outbox.length) outbox.shift()?.();
    }
  }

  /**
   * What is posted once the component's call has returned: with WebAssembly on the stack, posting a message takes Chromium (156)
   * 40 µs longer, a tenth of a notification's way.
   * @type {(() => void)[]}
   */
  const outbox = [];
  /** @type {KeptMessage[]} */
  const handedOver = [];
  const tasks = taskQueue();
  const notification = delegate(ask, tasks.add);
  undo.push(notification.restore);
  const watchGestures = gestures(() => ask((it) => it.gesture()));
  undo.push(() => watchGestures(false));

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  undo.push(() => clearTimeout(timer));

  /**
   * @param {Window} target
   * @param {string} origin
   * @param {import('../../host/src/protocol.js').FromFrame} message
   * @returns {boolean} whether it could be cloned
   */
  function post(target, origin, message) {
    try {
      target.postMessage(message, origin);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {Parameters<typeof post>} message */
  const postLater = (...message) => outbox.push(() => post(...message));

  /** What a host may besides notifications; nothing of it is there until one is granted some. @type {Abilities | undefined} */
  let abilities;
  /** @type {Promise<Abilities | undefined> | undefined} */
  let loading;
  let attempts = 0;
  let watched = 0;
  undo.push(() => abilities?.watch(0));

  function loadAbilities() {
    // A failed import is remembered by its address.
    const script = server + CAPABILITIES_FILE + '?' + (attempts || '');
    loading ??= import(script)
      .then(
        ({ capabilities }) => {
          if (over || !store) return;
          abilities = capabilities(store, {
            supported: (/** @type {number} */ bits) => ask((it) => it.supported(bits)),
            changed: (/** @type {number} */ bits) => ask((it) => it.changed(bits)),
          });
        },
        (error) => {
          say('tells the embedding page of notifications only, because a file could not be loaded: ' + error);
          loading = undefined;
          attempts += 1;
        },
      )
      .then(() => {
        if (abilities) abilities.watch(watched);
        else ask((it) => it.supported(0));
        return abilities;
      });
    return loading;
  }

  let waiting = 0;

  /**
   * Does what a host asks for.
   * @param {number} capability
   * @param {unknown} data
   * @returns {Promise<import('../../host/src/protocol.js').Rejections[number] | undefined>} why not
   */
  async function attempt(capability, data) {
    waiting += 1;
    let timeout;
    const late = new Promise((resolve) => (timeout = setTimeout(resolve, REQUEST_TIMEOUT, 'timeout')));
    const done = loadAbilities().then((abilities) => (abilities ? abilities.perform(capability, data) : 'failed'));
    const code = await Promise.race([done, /** @type {Promise<'timeout'>} */ (late)]);
    clearTimeout(timeout);
    waiting -= 1;
    return code;
  }

  let serving = false;
  /** @type {Page} */
  const page = {
    postOk: (target, origin, version, state = null, have) =>
      postLater(target, origin, {
        type: 'notifymatters.ok',
        notifymatters: version,
        state,
        // A host that did not ask gets what it got before there was any of this.
        ...(have >= 0 && { have: CAPABILITIES.filter((_, bit) => have & (1 << bit)), frame: FRAME_VERSION }),
      }),
    postState: (target, origin, what) =>
      postLater(target, origin, { type: 'notifymatters.state', notifymatters: VERSION, data: abilities?.state(what) ?? {} }),
    postOff: (target, origin, farewell) =>
      postLater(target, origin, { type: 'notifymatters.off', notifymatters: VERSION, data: { reason: FAREWELLS[farewell] } }),
    postRequestPermission: (target, origin, ref) =>
      postLater(target, origin, { type: 'notifymatters.notification.requestPermission', notifymatters: VERSION, data: null, ref }),
    postNew: (target, origin, id, title, options) =>
      outbox.push(() => {
        const posted = post(target, origin, {
          type: 'notifymatters.notification.new',
          notifymatters: VERSION,
          data: { id, title, options },
        });
        ask((it) => it.posted(id, posted));
      }),
    postClose: (target, origin, id) =>
      postLater(target, origin, { type: 'notifymatters.notification.close', notifymatters: VERSION, data: { id } }),
    dispatch: (target, type) => tasks.add(() => target.dispatchEvent(new Event(type, { cancelable: type === 'click' }))),
    settle: (request, permission) => request(permission),
    install() {
      serving = true;
      notification.install();
    },
    restore() {
      serving = false;
      notification.restore();
    },
    watchGestures,
    watch(what) {
      watched = what;
      if (what && !abilities) loadAbilities();
      abilities?.watch(what);
    },
    async perform({ source, origin, data: { data, ref } }, capability) {
      const code = !capability ? 'not-granted' : waiting < WAITING_REQUESTS ? await attempt(capability, data) : 'busy';
      // Whoever is served no longer, is not answered.
      if (typeof ref !== 'number' || !serving) return;
      const answer = /** @type {import('../../host/src/protocol.js').FromFrame} */ ({
        type: code ? 'notifymatters.ref.reject' : 'notifymatters.ref.resolve',
        notifymatters: VERSION,
        data: code ? { code } : null,
        ref,
      });
      // A refusal is known while the component's call is under way.
      ask(() => postLater(/** @type {Window} */ (source), origin, answer));
    },
    capabilities(list, limit) {
      const names = Array.isArray(list) ? list.slice(0, limit) : [];
      return list === undefined || list === null
        ? -1
        : CAPABILITIES.reduce((bits, name, bit) => bits | (Number(names.includes(name)) << bit), 0);
    },
    loadConfiguration(ticket, host) {
      // The server part shows administrators who asked lately; its answer is the same for all.
      fetch(server + 'api/v1/config?host=' + encodeURIComponent(host))
        .then(async (answer) => /** @type {[number, string]} */ ([answer.status, await answer.text()]))
        .catch(() => /** @type {[number, string]} */ ([0, '']))
        .then((answer) => ask((it) => it.loaded(ticket, ...answer)));
    },
    setTimer(milliseconds) {
      clearTimeout(timer);
      if (milliseconds !== undefined) timer = setTimeout(() => ask((it) => it.timerDue()), milliseconds);
    },
    handOver: (event, learned) => handedOver.push([event, learned]),
    note: say,
  };

  /** @type {string | undefined} */
  let current;

  function follow() {
    const now = store?.getState().entities?.users?.currentUserId;
    if (now === current) return;
    current = now;
    if (now === '') import(server + SIGN_IN_FILE).then(({ signIn }) => over || signIn(server, () => current, undo), say);
    ask((it) => it.userChanged(now !== ''));
  }
  follow();

  try {
    component = new engine.Component(
      page,
      self.origin,
      // A page whose store cannot be read may well have a user.
      current !== '',
      Date.now(),
      Math.random(),
    );
  } catch (error) {
    fail('the component did not start: ' + error);
    return stop;
  }
  if (store) undo.push(store.subscribe(follow));
  ready({
    message([event, learned], embedder) {
      if (!isMattermosts(event)) tasks.inCurrentTask(() => ask((it) => it.message(event, embedder, learned)));
    },
    settingsChanged: () => ask((it) => it.settingsChanged()),
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
