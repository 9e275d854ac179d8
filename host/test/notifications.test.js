// What becomes of a notification: each way to show one, and what is said of it.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { embed } from '../src/embed.js';
import { Emitter, Frame, ORIGIN, made, openPage, pass, record, settle } from './page.js';

/** @type {ReturnType<typeof openPage>} */
let page;
beforeEach(() => (page = openPage()));

/** @param {import('../src/types.js').EmbedOptions} [options] */
async function connected(options) {
  const frame = new Frame();
  const embedding = embed(/** @type {any} */ (frame), options);
  const heard = record(embedding);
  await settle();
  await frame.say('ok');
  frame.heard.length = 0;
  return { frame, embedding, heard };
}

/** @param {string} command @param {number} ref */
const report = (command, ref) => ({
  type: 'notifymatters.notification.' + command,
  notifymatters: '20171130',
  data: null,
  ref,
  to: ORIGIN,
});

test('a notification is shown with the icon’s whole address', async () => {
  const { frame, heard } = await connected();
  await frame.notify(7);
  assert.deepEqual([made[0].title, made[0].options], ['Design', { body: 'Ben: hello 7', icon: ORIGIN + '/icon.png' }]);
  assert.equal(heard.of('notification')[0].title, 'Design');
  await frame.notify(8, 'Design', { body: 'b', icon: '' });
  assert.equal(made[1].options.icon, undefined);
});

test('a click focuses the page, brings the chat into view, and only then is reported', async () => {
  /** @type {unknown[]} */
  const order = [];
  const { frame } = await connected({
    open: async ({ id }) => {
      order.push(id, page.focused);
      await settle();
      order.push(frame.heard.length);
    },
  });
  await frame.notify(7);
  await made[0].onclick();
  assert.deepEqual(order, [7, 1, 0]);
  assert.deepEqual(frame.heard, [report('onclick', 7)]);
});

test('a click is reported also where bringing the chat into view fails', async () => {
  for (const open of [
    () => Promise.reject(new Error('no')),
    () => {
      throw new Error('no');
    },
  ]) {
    page = openPage();
    const { frame, heard } = await connected({ open });
    await frame.notify(7);
    await made.at(-1).onclick();
    assert.deepEqual(frame.heard, [report('onclick', 7)]);
    assert.deepEqual(heard.codes(), ['open-failed']);
    assert.equal(heard.of('error')[0].notification.id, 7);
    assert.equal(heard.of('error')[0].cause.message, 'no');
  }
});

test('a close is reported once, and one that the chat asked for not at all', async () => {
  const { frame } = await connected();
  await frame.notify(7);
  made[0].close();
  made[0].onclose();
  assert.deepEqual(frame.heard, [report('onclose', 7)]);
  await frame.notify(8);
  await frame.say('notification.close', { data: { id: 8 } });
  assert.equal(made[1].isClosed, true);
  assert.equal(frame.heard.length, 1);
});

test('a number that comes again replaces what was shown by it', async () => {
  const { frame } = await connected();
  await frame.notify(7);
  await frame.notify(7);
  assert.deepEqual(
    made.map(({ isClosed }) => isClosed),
    [true, false],
  );
  assert.deepEqual(frame.heard, []);
});

test('at most 600 are kept, and the oldest is closed for a further one', async () => {
  const { frame } = await connected();
  for (let id = 0; id < 601; id += 1) void frame.notify(id);
  await settle();
  assert.equal(made.length, 600, 'the first was taken back before it was shown');
  await frame.notify(601);
  assert.equal(made[0].isClosed, true);
});

test('a notification that the host forbids is not shown, and the chat may forget it', async () => {
  const { frame, embedding } = await connected();
  embedding.addEventListener('notification', (event) => event.preventDefault());
  await frame.notify(7);
  assert.deepEqual([made.length, frame.heard], [0, [report('onclose', 7)]]);
});

test('a host’s own way shows, reports, and takes away', async () => {
  page.Notification.permission = 'denied';
  /** @type {any[]} */
  const shown = [];
  let taken = 0;
  const { frame, embedding } = await connected({ show: (notification) => (shown.push(notification), () => void (taken += 1)) });
  assert.equal(await embedding.requestPermission(), 'granted');
  assert.equal(page.Notification.asked, 0);
  frame.heard.length = 0;
  await frame.notify(7);
  await shown[0].click();
  shown[0].close();
  assert.equal(taken, 1);
  await frame.notify(8);
  await frame.say('notification.close', { data: { id: 8 } });
  assert.equal(taken, 2);
  assert.deepEqual(frame.heard, [report('onclick', 7), report('onclose', 7)]);
  assert.equal(made.length, 0);
});

test('a host’s own way that fails is an event with the notification', async () => {
  for (const show of [
    () => Promise.reject(new Error('no')),
    () => {
      throw new Error('no');
    },
  ]) {
    const { frame, heard } = await connected({ show });
    await frame.notify(7);
    assert.deepEqual(heard.codes(), ['not-shown']);
    assert.equal(heard.of('error')[0].notification.title, 'Design');
    assert.deepEqual(frame.heard, [report('onclose', 7)]);
  }
});

test('what the chat closes while it is still being shown is taken away at once', async () => {
  let taken = 0;
  const { frame } = await connected({ show: async () => (await pass(1000), () => void (taken += 1)) });
  void frame.notify(7);
  void frame.say('notification.close', { data: { id: 7 } });
  await pass(2000);
  assert.equal(taken, 1);
});

test('what the browser fails to show is an event, and the chat may forget it', async () => {
  const { frame, heard } = await connected();
  await frame.notify(7);
  made[0].onerror(new Event('error'));
  assert.deepEqual(heard.codes(), ['not-shown']);
  assert.deepEqual(frame.heard, [report('onclose', 7)]);
});

/** As on Chrome for Android. */
function onlyWorkersMayShow() {
  const { requestPermission } = page.Notification;
  class Illegal {
    static permission = 'granted';
    static requestPermission = requestPermission;
    constructor() {
      throw new TypeError('Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.');
    }
  }
  Object.assign(globalThis, { Notification: Illegal });
}

/** A registration with what it shows, and the page's end of it. */
function worker() {
  const serviceWorker = Object.assign(new Emitter(), { startMessages() {} });
  Object.assign(page.navigator, { serviceWorker });
  /** @type {any[]} */
  const shown = [];
  const registration = {
    showNotification: async (/** @type {string} */ title, /** @type {any} */ options) =>
      void shown.push({
        title,
        options,
        data: options.data,
        isClosed: false,
        close() {
          this.isClosed = true;
        },
      }),
    getNotifications: async () => shown,
  };
  /** @param {object} data */
  const say = (data) => {
    const port = { said: 0, postMessage: () => (port.said += 1) };
    serviceWorker.dispatchEvent(Object.assign(new Event('message'), { data, ports: [port] }));
    return port;
  };
  return { registration: /** @type {any} */ (registration), shown, say, serviceWorker };
}

test('where only a service worker may show, it does, and its click finds the way back', async () => {
  onlyWorkersMayShow();
  const { registration, shown, say, serviceWorker } = worker();
  const { frame, heard } = await connected({ serviceWorker: Promise.resolve(registration) });
  await frame.notify(7);
  await frame.notify(8);
  assert.deepEqual([shown[0].title, shown[0].options.body, shown[0].options.icon], ['Design', 'Ben: hello 7', ORIGIN + '/icon.png']);
  assert.equal(shown[0].data.url, 'https://mail.example.com/inbox');
  const port = say({ notifymatters: shown[0].data.notifymatters, clicked: true });
  await settle();
  assert.equal(port.said, 1, 'the worker learns which page it is');
  assert.deepEqual(frame.heard, [report('onclick', 7), report('onclose', 7)]);
  say({ notifymatters: shown[1].data.notifymatters });
  await settle();
  assert.deepEqual(frame.heard.at(-1), report('onclose', 8));
  assert.equal(serviceWorker.listeners, 0);
  say({ notifymatters: 'another page’s', clicked: true });
  assert.equal(frame.heard.length, 3);
  await frame.notify(9);
  await frame.say('notification.close', { data: { id: 9 } });
  await settle();
  assert.equal(shown[2].isClosed, true);
  assert.deepEqual(heard.codes(), []);
});

test('where nothing can show it is an event, and the chat is told the truth from then on', async () => {
  onlyWorkersMayShow();
  const { registration, serviceWorker } = worker();
  registration.showNotification = () => Promise.reject(new TypeError('No notification permission has been granted for this origin.'));
  const { frame, heard } = await connected({ serviceWorker: registration, toast: false });
  await frame.notify(7);
  await settle();
  assert.deepEqual(heard.codes(), ['not-shown']);
  assert.deepEqual(frame.heard[0], report('onclose', 7));
  assert.equal(frame.heard[1].data, 'denied');
  assert.equal(serviceWorker.listeners, 0);
});

test('without the class there is a toast, or the truth', async () => {
  Object.assign(globalThis, { Notification: undefined });
  const granted = new Frame();
  embed(/** @type {any} */ (granted));
  const denied = new Frame();
  const embedding = embed(/** @type {any} */ (denied), { toast: false });
  await settle();
  assert.deepEqual([granted.heard[0].data, denied.heard[0].data], ['granted', 'denied']);
  assert.equal(await embedding.requestPermission(), 'denied');
});

test('of several tabs one shows the message, and the others’ chats may forget it', async () => {
  const one = await connected();
  const other = await connected();
  await one.frame.notify(7, 'Design', { body: 'Ben: hello', icon: '' });
  await other.frame.notify(90, 'Design', { body: 'Ben: hello', icon: '' });
  assert.equal(made.length, 1);
  assert.deepEqual([one.frame.heard, other.frame.heard], [[], [report('onclose', 90)]]);
  await one.frame.notify(8, 'Design', { body: 'Ben: hello', icon: '' });
  assert.equal(made.length, 2, 'the same words once more are another message');
  await other.frame.notify(91, 'Design', { body: 'Ben: something else', icon: '' });
  assert.equal(made.length, 3);
  await pass(10000);
  await other.frame.notify(92, 'Design', { body: 'Ben: hello', icon: '' });
  assert.equal(made.length, 4, 'and after a while anybody’s');
});

test('a tab that ends holds nothing back', async () => {
  const one = await connected();
  const other = await connected();
  await one.frame.notify(7, 'Design', { body: 'Ben: hello', icon: '' });
  one.embedding.destroy();
  await settle();
  await other.frame.notify(90, 'Design', { body: 'Ben: hello', icon: '' });
  assert.equal(made.length, 2);
});

test('a page without locks, or whose locks fail, shows', async () => {
  for (const locks of [undefined, { request: () => Promise.reject(new DOMException('no', 'SecurityError')) }]) {
    Object.assign(page.navigator, { locks });
    const { frame } = await connected();
    await frame.notify(7);
  }
  assert.equal(made.length, 2);
});
