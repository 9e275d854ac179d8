// The delegate class, clause by clause of the Notifications Standard (review draft of January 2026) and its IDL.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Native, openPage } from './page.js';

const { Notification, calls, hands, runTasks } = openPage();

const ATTRIBUTES = [
  'title', 'dir', 'lang', 'body', 'navigate', 'tag', 'image', 'icon', 'badge', 'vibrate', 'timestamp', 'renotify', 'silent',
  'requireInteraction', 'data', 'actions',
];
const HANDLERS = ['onclick', 'onshow', 'onerror', 'onclose'];

test('interface Notification : EventTarget', () => {
  assert.equal(Object.getPrototypeOf(Notification), EventTarget);
  assert.equal(Notification.name, 'Notification');
  assert.equal(Notification.length, 1);
  assert.equal(Object.prototype.toString.call(new Notification('x')), '[object Notification]');
  assert.throws(() => Notification('x'), TypeError);
});

test('window.Notification is writable, configurable, not enumerable', () => {
  const { value, ...rest } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(globalThis, 'Notification'));
  assert.equal(value, Notification);
  assert.deepEqual(rest, { writable: true, enumerable: false, configurable: true });
});

for (const name of ATTRIBUTES) {
  test(`readonly attribute ${name}`, () => {
    const found = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(Notification.prototype, name));
    assert.equal(found.enumerable && found.configurable, true);
    assert.equal(found.set, undefined);
    assert.equal(found.get?.name, 'get ' + name);
    assert.equal(found.get?.length, 0);
    assert.throws(() => Notification.prototype[name], TypeError, 'no object of this class');
    assert.equal(Object.hasOwn(new Notification('x'), name), false);
  });
}

for (const name of HANDLERS) {
  test(`attribute EventHandler ${name}`, () => {
    const found = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(Notification.prototype, name));
    assert.equal(found.enumerable && found.configurable, true);
    assert.equal(found.get?.name, 'get ' + name);
    assert.equal(found.set?.name, 'set ' + name);
    const notification = new Notification('x');
    assert.equal(notification[name], null);
    const handler = () => {};
    for (const value of [handler, {}, null, handler]) {
      notification[name] = value;
      assert.equal(notification[name], value);
    }
    for (const value of [1, 'x', undefined, true]) {
      notification[name] = handler;
      notification[name] = value;
      assert.equal(notification[name], null);
    }
  });
}

test('static members: permission, requestPermission, maxActions', () => {
  for (const name of ['permission', 'maxActions']) {
    const found = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(Notification, name));
    assert.equal(found.enumerable && found.configurable, true);
    assert.equal(found.set, undefined);
    assert.equal(found.get?.name, 'get ' + name);
  }
  const found = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(Notification, 'requestPermission'));
  assert.equal(found.enumerable && found.configurable && found.writable, true);
  assert.equal(Notification.requestPermission.length, 0);
  assert.equal(Notification.permission, 'granted');
  assert.equal(Notification.maxActions, 0);
});

test('undefined close()', () => {
  const found = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(Notification.prototype, 'close'));
  assert.equal(found.enumerable && found.configurable && found.writable, true);
  assert.equal(Notification.prototype.close.length, 0);
  const notification = new Notification('x');
  assert.equal(notification.close(), undefined);
  assert.deepEqual(calls.at(-1), ['close', notification]);
  assert.throws(() => Notification.prototype.close.call({}), TypeError);
});

test('defaults of NotificationOptions', () => {
  for (const options of [undefined, null, {}, () => {}]) {
    const before = Date.now();
    const notification = new Notification('T', options);
    assert.equal(notification.title, 'T');
    assert.equal(notification.dir, 'auto');
    for (const name of ['lang', 'body', 'navigate', 'tag', 'image', 'icon', 'badge']) assert.equal(notification[name], '', name);
    assert.deepEqual([notification.vibrate, notification.actions], [[], []]);
    assert.ok(Object.isFrozen(notification.vibrate) && Object.isFrozen(notification.actions));
    assert.equal(notification.vibrate, notification.vibrate);
    assert.equal(notification.actions, notification.actions);
    assert.ok(notification.timestamp >= before && notification.timestamp <= Date.now());
    assert.equal(notification.renotify, false);
    assert.equal(notification.silent, null);
    assert.equal(notification.requireInteraction, false);
    assert.equal(notification.data, null);
  }
});

/** @type {[string, unknown, unknown][]} Option, value given, attribute read. */
const CONVERSIONS = [
  ['dir', 'rtl', 'rtl'],
  ['lang', 'de', 'de'],
  ['body', 7, '7'],
  ['body', null, 'null'],
  ['body', '\ud800', '\ud800'],
  ['tag', { toString: () => 't' }, 't'],
  ['icon', '../icon.png', 'https://chat.example.com/chat/icon.png'],
  ['icon', '/static/icon.png', 'https://chat.example.com/static/icon.png'],
  ['icon', 'https://elsewhere.example/\ud800', 'https://elsewhere.example/%EF%BF%BD'],
  ['icon', 'https://[', ''],
  ['image', 'a', 'https://chat.example.com/chat/channels/a'],
  ['badge', '', 'https://chat.example.com/chat/channels/town'],
  ['navigate', '/x', 'https://chat.example.com/x'],
  ['vibrate', 200, [200]],
  ['vibrate', [100, 50], [100]],
  ['vibrate', [100, 50, '300'], [100, 50, 300]],
  ['vibrate', new Set([1]), [1]],
  ['vibrate', {}, [0]],
  ['timestamp', 12.9, 12],
  ['timestamp', '7', 7],
  ['timestamp', NaN, 0],
  ['timestamp', -1, 2 ** 64],
  ['silent', 0, false],
  ['silent', 'x', true],
  ['silent', null, null],
  ['requireInteraction', 1, true],
  ['data', 'x', 'x'],
  ['data', undefined, null],
];
for (const [name, given, read] of CONVERSIONS) {
  test(`option ${name}: ${typeof given === 'symbol' ? 'symbol' : JSON.stringify(given)} reads ${JSON.stringify(read)}`, () => {
    assert.deepEqual(new Notification('T', { [name]: given })[name], read);
  });
}

/** @type {[string, () => unknown][]} */
const TYPE_ERRORS = [
  ['no title', () => new Notification()],
  ['a symbol as title', () => new Notification(Symbol('t'))],
  ['options that are no object', () => new Notification('t', 1)],
  ['an unknown direction', () => new Notification('t', { dir: 'up' })],
  ['renotify without a tag', () => new Notification('t', { renotify: true })],
  ['actions', () => new Notification('t', { actions: [{ action: 'a', title: 'A' }] })],
  ['actions that are no sequence', () => new Notification('t', { actions: 1 })],
  ['vibrate with silent', () => new Notification('t', { silent: true, vibrate: [] })],
  ['a bigint as timestamp', () => new Notification('t', { timestamp: 1n })],
  ['a symbol as body', () => new Notification('t', { body: Symbol('b') })],
];
for (const [name, call] of TYPE_ERRORS) {
  test(`TypeError: ${name}`, () => {
    const before = calls.length;
    assert.throws(call, TypeError);
    assert.equal(calls.length, before, 'the component hears nothing of it');
  });
}

test('what these exceptions do not forbid is made', () => {
  assert.equal(new Notification('t', { renotify: true, tag: 'x' }).renotify, true);
  assert.equal(new Notification('t', { silent: false, vibrate: [1] }).silent, false);
  assert.deepEqual(new Notification('t', { actions: [] }).actions, []);
});

test('data is cloned at construction, and the attribute gives the same object each time', () => {
  const data = { list: [1], map: new Map([[1, new Date(0)]]) };
  const notification = new Notification('t', { data });
  data.list.push(2);
  assert.deepEqual(notification.data, { list: [1], map: new Map([[1, new Date(0)]]) });
  assert.equal(notification.data, notification.data);
  notification.data.list.push(3);
  assert.deepEqual(calls.at(-1)?.[4].data.list, [1], 'what goes to the host is of the construction');
});

test('data that cannot be cloned throws DataCloneError in the caller', () => {
  assert.throws(() => new Notification('t', { data: () => {} }), { name: 'DataCloneError' });
  assert.throws(() => new Notification('t', { data: { nested: [Symbol('x')] } }), { name: 'DataCloneError' });
});

test('options are read once, in the order of Web IDL, and their exceptions are passed on', () => {
  /** @type {string[]} */
  const read = [];
  const options = new Proxy({}, { get: (_, name) => (read.push(String(name)), undefined) });
  new Notification('t', options);
  assert.deepEqual(read, [
    'actions', 'badge', 'body', 'data', 'dir', 'icon', 'image', 'lang', 'navigate', 'renotify', 'requireInteraction', 'silent', 'tag',
    'timestamp', 'vibrate',
  ]);
  const thrown = new Error('mine');
  assert.throws(() => new Notification('t', { get body() { throw thrown; } }), thrown);
});

test('the component gets the object, the tag, the title and the members that were given', () => {
  const notification = new Notification('T', { body: 'B', tag: 'g', icon: '/i.png', vibrate: 1 });
  assert.deepEqual(calls.at(-1), [
    'create', notification, 'g', 'T', { body: 'B', tag: 'g', icon: 'https://chat.example.com/i.png', vibrate: [1] },
  ]);
});

test('event handlers: called with the event and this, in the place of the first set, cancelling with false', () => {
  const notification = new Notification('t');
  /** @type {unknown[]} */
  const order = [];
  notification.onclick = () => order.push('first');
  notification.addEventListener('click', () => order.push('listener'));
  notification.onclick = function (/** @type {Event} */ event) {
    order.push('second', this === notification, event.type);
    return false;
  };
  const event = new Event('click', { cancelable: true });
  assert.equal(notification.dispatchEvent(event), false);
  assert.deepEqual(order, ['second', true, 'click', 'listener']);
  notification.onclick = null;
  notification.dispatchEvent(new Event('click'));
  assert.deepEqual(order.slice(4), ['listener']);
  notification.onclick = {};
  assert.equal(notification.dispatchEvent(new Event('click', { cancelable: true })), true);
});

test('requestPermission: a promise of this realm; the callback first, then the promise, in a task', async () => {
  /** @type {string[]} */
  const order = [];
  const promise = Notification.requestPermission((/** @type {string} */ permission) => order.push('callback ' + permission));
  assert.ok(promise instanceof Promise);
  promise.then((/** @type {string} */ permission) => order.push('promise ' + permission));
  calls.at(-1)?.[1]('granted');
  assert.deepEqual(order, []);
  runTasks();
  await promise;
  assert.deepEqual(order, ['callback granted', 'promise granted']);
});

test('requestPermission: a callback that throws does not keep the promise', async () => {
  const promise = Notification.requestPermission(() => {
    throw new Error('mine');
  });
  calls.at(-1)?.[1]('denied');
  assert.throws(runTasks, /mine/);
  assert.equal(await promise, 'denied');
});

test('requestPermission: null is no callback, anything else that cannot be called rejects', async () => {
  const promise = Notification.requestPermission(null);
  calls.at(-1)?.[1]('default');
  runTasks();
  assert.equal(await promise, 'default');
  await assert.rejects(Notification.requestPermission(1), TypeError);
});

test('subclasses work', () => {
  class Mine extends Notification {}
  const mine = new Mine('t', { body: 'b' });
  assert.ok(mine instanceof Notification && mine instanceof Mine && mine instanceof EventTarget);
  assert.equal(mine.body, 'b');
});

test('restored, the page has its own class again, and who kept the delegate gets the own one through it', async () => {
  hands.restore();
  assert.equal(/** @type {any} */ (globalThis).Notification, Native);
  assert.deepEqual(new Notification('t', { body: 'b' }).made, ['t', { body: 'b' }]);
  assert.equal(Notification.permission, 'denied');
  assert.equal(await Notification.requestPermission(), 'native');
  hands.install();
  assert.equal(/** @type {any} */ (globalThis).Notification, Notification);
});

test('what somebody else put in the place meanwhile stays there', () => {
  const others = class {};
  /** @type {any} */ (globalThis).Notification = others;
  hands.restore();
  assert.equal(/** @type {any} */ (globalThis).Notification, others);
});
