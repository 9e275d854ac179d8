// The delegate class without a browser: the Standard's clauses as far as they need no host, and what it says to the component.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Native, openPage, reported } from './page.js';
import { CLAUSES } from './standard/clauses.js';

const { Notification, calls, hands, runTasks } = openPage();
const page = /** @type {any} */ (globalThis);

for (const { of, says, needs, check } of CLAUSES) {
  test(`${of} ${says}`, { skip: needs && `needs a ${needs}: the browser tests try it` }, async () => {
    const answering = setInterval(() => {
      for (const [call, settle] of calls.splice(0)) if (call === 'request') settle('granted');
      runTasks();
    });
    try {
      await check({ Notification, host: /** @type {any} */ (undefined) });
    } finally {
      clearInterval(answering);
    }
  });
}

test('every clause has words of its own', () => {
  const words = CLAUSES.map(({ of, says }) => `${of} ${says}`);
  assert.equal(new Set(words).size, words.length);
});

test('the component hears nothing of a notification whose constructor throws', () => {
  for (const options of [1, { dir: 'up' }, { renotify: true }, { data: () => {} }]) {
    const before = calls.length;
    assert.throws(() => new Notification('t', options));
    assert.equal(calls.length, before);
  }
});

test('the component gets the object, the tag, the icon, the title and the members that were given', () => {
  const notification = new Notification('T', { body: 'B', tag: 'g', icon: '/i.png', vibrate: 1 });
  assert.deepEqual(calls.at(-1), [
    'create',
    notification,
    'g',
    'https://chat.example.com/i.png',
    'T',
    { body: 'B', tag: 'g', icon: 'https://chat.example.com/i.png', vibrate: [1] },
  ]);
  notification.close();
  assert.deepEqual(calls.at(-1), ['close', notification]);
});

test('what goes to the host is the data of the construction, whatever the page does to it afterwards', () => {
  const data = { list: [1] };
  const notification = new Notification('t', { data });
  data.list.push(2);
  notification.data.list.push(3);
  assert.deepEqual(calls.at(-1)?.[5].data.list, [1]);
});

test('a permission is settled in a task of its own', async () => {
  /** @type {string[]} */
  const order = [];
  const promise = Notification.requestPermission((/** @type {string} */ permission) => order.push(permission));
  calls.at(-1)?.[1]('denied');
  assert.deepEqual(order, []);
  runTasks();
  assert.deepEqual(order, ['denied']);
  assert.equal(await promise, 'denied');
});

test('a callback that throws is reported before the promise is kept', async () => {
  const mine = new Error('mine');
  const promise = Notification.requestPermission(() => {
    throw mine;
  });
  calls.at(-1)?.[1]('denied');
  runTasks();
  assert.deepEqual(reported, [mine]);
  assert.equal(await promise, 'denied');
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

/** What another plugin puts in the place of the class that is there, to learn of every notification. @param {any} Below */
function wrap(Below) {
  /** @type {string[]} */
  const heard = [];
  class Wrapper extends Below {
    /**
     * @param {string} title
     * @param {object} options
     */
    constructor(title, options) {
      super(title, options);
      heard.push(title);
    }
  }
  page.Notification = Wrapper;
  return { Wrapper, heard };
}

test('what somebody put in the place of the own class before is there again, and who kept the delegate gets it', () => {
  hands.restore();
  const { Wrapper, heard } = wrap(Native);
  hands.install();
  assert.equal(page.Notification, Notification);
  hands.restore();
  assert.equal(page.Notification, Wrapper);
  assert.deepEqual(new Notification('before', {}).made, ['before', {}]);
  assert.deepEqual(heard, ['before']);
  page.Notification = Native;
  hands.install();
});

test('what somebody put in the place of the delegate stays there, and leads to the delegate again when that is installed again', () => {
  const { Wrapper, heard } = wrap(Notification);
  hands.restore();
  assert.equal(page.Notification, Wrapper);
  assert.deepEqual(new page.Notification('restored', {}).made, ['restored', {}]);
  hands.install();
  assert.equal(page.Notification, Wrapper);
  const made = new page.Notification('installed', {});
  assert.deepEqual(calls.at(-1)?.slice(0, 2), ['create', made]);
  assert.deepEqual(heard, ['restored', 'installed']);

  // Somebody else builds upon that while the delegate rests.
  hands.restore();
  const upon = wrap(Wrapper);
  hands.install();
  assert.equal(page.Notification, Notification);
  hands.restore();
  assert.equal(page.Notification, upon.Wrapper);
  assert.deepEqual(new page.Notification('upon', {}).made, ['upon', {}]);
  assert.deepEqual([upon.heard, heard.at(-1)], [['upon'], 'upon']);

  // Both take theirs away again.
  page.Notification = Notification;
  hands.install();
  hands.restore();
  assert.deepEqual(new page.Notification('away', {}).made, ['away', {}]);
});
