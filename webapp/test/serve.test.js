// One life of the component, and how it ends when something throws.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Native } from './page.js';
import { serve } from '../page/serve.js';

const page = /** @type {any} */ (globalThis);
page.self = { origin: 'https://chat.example.com' };
page.addEventListener = page.removeEventListener = () => {};

/** @param {{ component?: object, store?: object }} [given] what the component does when it is called, and the page's store */
function begin({ component = {}, store = undefined } = {}) {
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
    server: 'https://chat.example.com/plugins/notifymatters/',
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

test('what is said is an envelope, and what cannot be cloned is told', () => {
  const { hands, told } = begin();
  /** @type {unknown[]} */
  const posted = [];
  const window = /** @type {any} */ ({ postMessage: (/** @type {unknown[]} */ ...values) => posted.push(values) });
  const host = 'https://mail.example.com';
  const notifymatters = '20171130';
  hands.postOk(window, host, '20170101', undefined);
  hands.postOk(window, host, notifymatters, 's');
  hands.postRequestPermission(window, host, 3);
  const options = /** @type {any} */ ({ body: 'B' });
  assert.equal(hands.postNew(window, host, 7, 'T', options), true);
  hands.postClose(window, host, 7);
  assert.deepEqual(
    posted,
    [
      // The host's own version is said back to it.
      { type: 'notifymatters.ok', notifymatters: '20170101', state: null },
      { type: 'notifymatters.ok', notifymatters, state: 's' },
      { type: 'notifymatters.notification.requestPermission', notifymatters, data: null, ref: 3 },
      { type: 'notifymatters.notification.new', notifymatters, data: { id: 7, title: 'T', options } },
      { type: 'notifymatters.notification.close', notifymatters, data: { id: 7 } },
    ].map((message) => [message, host]),
  );
  window.postMessage = throws(new Error('cannot be cloned'));
  assert.equal(hands.postNew(window, host, 8, 'T', options), false);
  hands.postOk(window, host, notifymatters, 's');
  assert.deepEqual(told, []);
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

test('a panic is told once, with its place', () => {
  const { hands, running, told } = begin({
    component: { settingsChanged: () => (hands.panicked('a.rs:1'), throws(new Error('unreachable'))()) },
  });
  running.settingsChanged();
  assert.deepEqual(told, ['end', ['failed', 'the component failed at a.rs:1 and was shut down.']]);
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
