// One life of the component, and how it ends when something throws.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Native } from './page.js';
import { serve } from '../page/serve.js';

const page = /** @type {any} */ (globalThis);
page.self = { origin: 'https://chat.example.com' };
page.addEventListener = page.removeEventListener = () => {};
page.FRAME_VERSION = '1.2.3';

/** @param {{ component?: object, store?: object, server?: string }} [given] what the component does when it is called, the page's store, and where the server part is */
function begin({ component = {}, store = undefined, server = 'https://chat.example.com/plugins/notifymatters/' } = {}) {
  /** @type {any[]} */
  const told = [];
  /** @type {any} */
  const life = { told };
  class Component {
    /** @param {Page} hands */
    constructor(hands) {
      life.hands = hands;
      Object.assign(this, component);
    }
  }
  const engine = { Component: /** @type {any} */ (Component), end: () => void told.push('end') };
  life.stop = serve(engine, {
    server,
    store: /** @type {any} */ (store),
    ready: (running) => (life.running = running),
    failed: (sentence) => void told.push(['failed', sentence]),
  });
  return /** @type {{ told: any[], hands: Page, running: Running, stop: () => void }} */ (life);
}

/** @param {unknown} error */
const throws = (error) => () => {
  throw error;
};

test('what is said is an envelope, posted when the call that says it has returned', () => {
  /** @type {unknown[]} */
  const posted = [];
  let saying = () => {};
  const { hands, told, running } = begin({
    component: {
      settingsChanged() {
        saying();
        // WebAssembly is on the stack: that makes a post slow.
        assert.deepEqual(posted, []);
      },
      posted: (/** @type {unknown[]} */ ...values) => told.push(values),
    },
  });
  const window = /** @type {any} */ ({ postMessage: (/** @type {unknown[]} */ ...values) => posted.push(values) });
  const host = 'https://mail.example.com';
  const notifymatters = '20171130';
  const options = /** @type {any} */ ({ body: 'B' });
  saying = () => {
    hands.postOk(window, host, '20170101', undefined, -1);
    hands.postOk(window, host, notifymatters, 's', -1);
    hands.postOk(window, host, notifymatters, 's', 0);
    hands.postOk(window, host, notifymatters, 's', 0b1000101);
    hands.postRequestPermission(window, host, 3);
    hands.postNew(window, host, 7, 'T', options);
    hands.postClose(window, host, 7);
    hands.postState(window, host, 1);
    hands.postOff(window, host, 1);
  };
  running.settingsChanged();
  assert.deepEqual(
    posted,
    [
      // The host's own version is said back to it.
      { type: 'notifymatters.ok', notifymatters: '20170101', state: null },
      { type: 'notifymatters.ok', notifymatters, state: 's' },
      { type: 'notifymatters.ok', notifymatters, state: 's', have: [], frame: '1.2.3' },
      { type: 'notifymatters.ok', notifymatters, state: 's', have: ['unread', 'view', 'status.set'], frame: '1.2.3' },
      { type: 'notifymatters.notification.requestPermission', notifymatters, data: null, ref: 3 },
      { type: 'notifymatters.notification.new', notifymatters, data: { id: 7, title: 'T', options } },
      { type: 'notifymatters.notification.close', notifymatters, data: { id: 7 } },
      { type: 'notifymatters.state', notifymatters, data: {} },
      { type: 'notifymatters.off', notifymatters, data: { reason: 'signed-out' } },
    ].map((message) => [message, host]),
  );
  assert.deepEqual(told.splice(0), [[7, true]]);
  posted.length = 0;
  window.postMessage = throws(new Error('cannot be cloned'));
  saying = () => {
    hands.postNew(window, host, 8, 'T', options);
    hands.postOk(window, host, notifymatters, 's', -1);
  };
  running.settingsChanged();
  assert.deepEqual(told, [[8, false]]);
});

test('what a call says before it throws is posted all the same', () => {
  /** @type {any[]} */
  const posted = [];
  const window = /** @type {any} */ ({ postMessage: (/** @type {unknown} */ message) => posted.push(message) });
  const { hands, told, running } = begin({
    component: {
      settingsChanged() {
        hands.postClose(window, 'https://mail.example.com', 7);
        throw new Error('broken');
      },
    },
  });
  running.settingsChanged();
  assert.equal(posted[0].type, 'notifymatters.notification.close');
  assert.deepEqual(told, ['end', ['failed', 'the component failed and was shut down: Error: broken']]);
});

/**
 * A component that is told what a host may, in a page with a store.
 * @param {string} file what the script for that is called
 */
function grant(file) {
  page.CAPABILITIES_FILE = file;
  /** @type {((value: unknown) => void)[]} */
  const waiting = [];
  const hear =
    (/** @type {string} */ what) =>
    (/** @type {unknown[]} */ ...values) =>
      waiting.shift()?.([what, ...values]);
  const next = () => new Promise((resolve) => waiting.push(resolve));
  const state = { entities: { users: { currentUserId: 'me' } } };
  let said = () => {};
  const life = begin({
    component: { supported: hear('supported'), settingsChanged: () => said() },
    store: { getState: () => state, subscribe: () => () => {} },
    server: file.startsWith('data:') ? '' : new URL('../page/', import.meta.url).href,
  });
  /** The component says something in a call. @param {() => void} say */
  function inCall(say) {
    said = say;
    life.running.settingsChanged();
  }
  return { ...life, next, inCall };
}

test('what a host may is loaded when it is granted something, and then says what the page can do', async () => {
  const { hands, next, inCall } = grant('capabilities.js');
  hands.watch(0);
  const supported = next();
  hands.watch(0b11);
  assert.deepEqual(await supported, ['supported', 0b10], 'of unread and session');
  const again = next();
  hands.watch(0b10);
  assert.deepEqual(await again, ['supported', 0b10]);
  /** @type {any} */
  let posted;
  const window = /** @type {any} */ ({ postMessage: (/** @type {unknown} */ message) => (posted = message) });
  inCall(() => hands.postState(window, 'https://mail.example.com', 0b10));
  assert.deepEqual(posted.data, { session: 'in' });
});

/**
 * A request of a host's, and what it was answered.
 * @param {unknown} data
 * @param {unknown} ref
 */
function request(data, ref) {
  /** @type {unknown[]} */
  const answers = [];
  const source = { postMessage: (/** @type {any} */ message) => answers.push([message.type, message.data, message.ref]) };
  return {
    answers,
    event: /** @type {MessageEvent} */ (/** @type {unknown} */ ({ source, origin: 'https://mail.example.com', data: { data, ref } })),
  };
}

const refused = (/** @type {string} */ code, ref = 7) => ['notifymatters.ref.reject', { code }, ref];

test('a request is answered by what came of it, and one without a number by nothing', async () => {
  const { hands } = grant('capabilities.js');
  hands.install();
  hands.watch(0b100);
  for (const [capability, ref, answer] of /** @type {[number, unknown, unknown][]} */ ([
    [0b100, 7, refused('failed')],
    [0, 7, refused('not-granted')],
    [0, undefined, undefined],
    [0b100, null, undefined],
    [0b100, '7', undefined],
  ])) {
    const { answers, event } = request({ visible: false }, ref);
    await hands.perform(event, capability);
    assert.deepEqual(answers, answer ? [answer] : []);
  }
  const { answers, event } = request({ visible: false }, 7);
  hands.restore();
  await hands.perform(event, 0b100);
  assert.deepEqual(answers, [], 'the host is served no longer');
});

test('sixteen requests wait, ten seconds each', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { hands } = grant('data:text/javascript,await new Promise(() => {})//');
  hands.install();
  const requests = Array.from({ length: 17 }, (_, ref) => request({}, ref));
  const done = requests.map(({ event }) => hands.perform(event, 0b100));
  await done[16];
  assert.deepEqual(requests[16]?.answers, [refused('busy', 16)]);
  assert.deepEqual(requests[0]?.answers, []);
  context.mock.timers.tick(10000);
  await Promise.all(done);
  for (const ref of [0, 15]) assert.deepEqual(requests[ref]?.answers, [refused('timeout', ref)]);
});

test('a list of capabilities is bits, whatever else is in it', () => {
  const { hands } = begin();
  for (const [list, bits] of /** @type {[any, number][]} */ ([
    [undefined, -1],
    [null, -1],
    [[], 0],
    ['unread', 0],
    [{ 0: 'unread' }, 0],
    [['unread', 'status.set', 'view', 'view', '', 7, null, ['go'], { toString: () => 'go' }], 0b1000101],
    [[...Array(31).fill(''), 'unread', 'go'], 1],
  ])) {
    assert.equal(hands.capabilities(list, 32), bits, JSON.stringify(list));
  }
});

test('where the script for what a host may does not come, nothing is supported, and it is tried again by another address', async (context) => {
  /** @type {string[]} */
  const said = [];
  context.mock.method(console, 'info', (/** @type {string} */ text) => said.push(text.slice(-2)));
  const { hands, next } = grant('data:text/javascript,throw import.meta.url//');
  for (const end of ['/?', '?1']) {
    const supported = next();
    hands.watch(1);
    assert.deepEqual(await supported, ['supported', 0]);
    assert.equal(said.pop(), end);
  }
});

test('what the page throws ends the component', () => {
  const { hands, running, told } = begin({ component: { settingsChanged: () => hands.install() } });
  Object.defineProperty(page, 'Notification', { value: Native, writable: true, configurable: false });
  running.settingsChanged();
  assert.equal(told[0], 'end');
  assert.match(told[1][1], /^the component failed and was shut down: TypeError: /);
});

test('one timer runs at a time, and none after the end', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let due = 0;
  const { hands, stop } = begin({ component: { timerDue: () => (due += 1) } });
  hands.setTimer(100);
  hands.setTimer(50);
  context.mock.timers.tick(100);
  assert.equal(due, 1);
  hands.setTimer(50);
  hands.setTimer(undefined);
  hands.setTimer(50);
  stop();
  context.mock.timers.tick(100);
  assert.equal(due, 1);
});

test('a component that throws is ended, and is not called again', () => {
  let calls = 0;
  const settingsChanged = () => {
    calls += 1;
    throw new Error('unreachable');
  };
  const { running, told } = begin({ component: { settingsChanged } });
  running.settingsChanged();
  running.settingsChanged();
  assert.equal(calls, 1);
  assert.deepEqual(told, ['end', ['failed', 'the component failed and was shut down: Error: unreachable']]);
});

test('each sentence is said once in the life of a page', (context) => {
  /** @type {string[]} */
  const said = [];
  context.mock.method(console, 'info', (/** @type {string} */ text) => said.push(text));
  for (const { hands } of [begin(), begin()]) hands.note('ignored a message.');
  assert.deepEqual(said, ['Notifymatters: ignored a message.']);
});

test('what Mattermost says to itself is told to nobody, and what a stranger says is not looked at', () => {
  /** @type {unknown[]} */
  const heard = [];
  const { running } = begin({ component: { message: (/** @type {unknown} */ event) => heard.push(event) } });
  const { origin } = page.self;
  const own = ['a', null, {}, { type: 'mattermost_external_auth_login' }, { type: { startsWith: 1 } }].map((data) => ({ origin, data }));
  const enable = { origin, data: { type: 'notifymatters.enable' } };
  const strangers = {
    origin: 'https://mail.example.com',
    get data() {
      return assert.fail('it was looked at');
    },
  };
  for (const event of [...own, enable, strangers]) running.message([/** @type {any} */ (event)], true);
  assert.deepEqual(
    heard.map((event) => [enable, strangers].indexOf(/** @type {any} */ (event))),
    [0, 1],
  );
  page.self.origin = 'null';
  const opaque = {
    origin: 'null',
    get data() {
      return assert.fail('it was looked at');
    },
  };
  running.message([/** @type {any} */ (opaque)], true);
  page.self.origin = origin;
});

test('what the component hands over comes back when it is ended', () => {
  /** @type {any} */
  const event = {};
  const { hands, running } = begin({ component: { shutdown: () => hands.handOver(event, 'granted') } });
  assert.deepEqual(running.shutdown(), [[event, 'granted']]);
});

/** Lets what was answered be read. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('an answer of the server is told once, whatever its status, and that none came as well', async (context) => {
  /** @type {string[]} */
  const asked = [];
  /** @type {(() => Promise<Response>)[]} */
  const answers = [
    async () => new Response('{}', { status: 200 }),
    async () => new Response('boom', { status: 502 }),
    throws(new TypeError('Failed to fetch')),
    async () => new Response(new ReadableStream({ start: (body) => body.error(new TypeError('it breaks off')) })),
  ];
  context.mock.method(page, 'fetch', async (/** @type {string} */ address) => {
    asked.push(address);
    return answers.shift()?.();
  });
  /** @type {unknown[]} */
  const told = [];
  const { hands } = begin({ component: { loaded: (/** @type {unknown[]} */ ...answer) => void told.push(answer) } });
  for (const ticket of [1, 2, 3, 4]) {
    hands.loadConfiguration(ticket, 'https://mail.example.com');
    await settle();
    await settle();
  }
  const address = 'https://chat.example.com/plugins/notifymatters/api/v1/config?host=https%3A%2F%2Fmail.example.com';
  assert.deepEqual(asked, Array(4).fill(address));
  assert.deepEqual(told, [
    [1, 200, '{}'],
    [2, 502, 'boom'],
    [3, 0, ''],
    [4, 0, ''],
  ]);
});

test('what comes of an answer is caught, and nobody is told of one that comes after the end', async (context) => {
  context.mock.method(page, 'fetch', async () => new Response('{}'));
  const failing = begin({ component: { loaded: throws(new Error('unreachable')) } });
  failing.hands.loadConfiguration(1, 'https://mail.example.com');
  await settle();
  await settle();
  assert.deepEqual(failing.told, ['end', ['failed', 'the component failed and was shut down: Error: unreachable']]);
  const ended = begin({ component: { loaded: () => assert.fail('it was told') } });
  ended.hands.loadConfiguration(1, 'https://mail.example.com');
  ended.stop();
  await settle();
  await settle();
});

test('where nobody is signed in, what lets the user sign in is loaded, also after a logout', async () => {
  page.SIGN_IN_FILE = 'data:text/javascript,export const signIn = (server, user, undo) => (self.letIn(server, user), undo.push(self.end));';
  /** @type {any[]} */
  const seen = [];
  page.self.letIn = (/** @type {string} */ server, /** @type {() => string} */ user) => seen.push([server, user()]);
  page.self.end = () => seen.push('ended');
  let id = '';
  let tell = () => {};
  const store = {
    getState: () => ({ entities: { users: { currentUserId: id } } }),
    subscribe: (/** @type {() => void} */ listener) => ((tell = listener), () => {}),
  };
  /** @type {boolean[]} */
  const users = [];
  const { stop } = begin({ component: { userChanged: (/** @type {boolean} */ present) => users.push(present) }, store, server: '' });
  const later = () => new Promise((resolve) => setTimeout(resolve, 50));
  await later();
  assert.deepEqual(seen, [['', '']]);
  for (id of ['me', 'me', '']) tell();
  await later();
  assert.deepEqual(seen, [
    ['', ''],
    ['', ''],
  ]);
  assert.deepEqual(users, [true, false]);
  stop();
  assert.deepEqual(seen.slice(2), ['ended', 'ended']);
  begin({ store, server: '' }).stop();
  await later();
  assert.equal(seen.length, 4, 'it ended before the file came');
});
