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

test('what the page throws is for the component to judge', () => {
  const { hands, told } = begin();
  const error = new Error('cannot be cloned');
  assert.throws(() => hands.post(/** @type {any} */ ({ postMessage: throws(error) }), 'https://mail.example.com', {}), error);
  Object.defineProperty(page, 'Notification', { value: Native, writable: true, configurable: false });
  assert.throws(() => hands.install(), TypeError);
  assert.deepEqual(told, []);
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
  const { hands } = begin();
  /** @type {unknown[]} */
  const told = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    hands.load(name, (...answer) => void told.push(answer));
    await settle();
    await settle();
  }
  assert.deepEqual(asked, ['a', 'b', 'c', 'd']);
  assert.deepEqual(told, [
    [200, '{}'],
    [502, 'boom'],
    [0, ''],
    [0, ''],
  ]);
});

test('what comes of an answer is caught, and nobody is told of one that comes after the end', async (context) => {
  context.mock.method(page, 'fetch', async () => new Response('{}'));
  const failing = begin();
  failing.hands.load('a', throws(new Error('unreachable')));
  await settle();
  await settle();
  assert.deepEqual(failing.told, ['end', ['failed', 'the component failed and was shut down: Error: unreachable']]);
  const ended = begin();
  ended.hands.load('a', () => assert.fail('it was told'));
  ended.stop();
  await settle();
  await settle();
});
