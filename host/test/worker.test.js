// The service worker's part: who is asked about a click, and who gets the focus.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const worker = Object.assign(new EventTarget(), {
  clients: {
    /** @type {any[]} */
    pages: [],
    /** @type {string[]} */
    opened: [],
    async matchAll() {
      return this.pages;
    },
    async openWindow(/** @type {string} */ url) {
      this.opened.push(url);
    },
  },
});
Object.assign(globalThis, { clients: worker.clients, addEventListener: worker.addEventListener.bind(worker) });
// @ts-expect-error: a script, not a module
await import('../src/worker.js');

/** @param {boolean} isOwner */
function makePage(isOwner) {
  return {
    focused: 0,
    /** @type {unknown[]} */
    heard: [],
    postMessage(/** @type {unknown} */ data, /** @type {MessagePort[]} */ [port] = []) {
      this.heard.push(data);
      if (isOwner) port?.postMessage(0);
    },
    async focus() {
      this.focused += 1;
    },
  };
}

/**
 * @param {string} type
 * @param {unknown} data
 */
async function happens(type, data) {
  /** @type {unknown} */
  let work;
  const notification = { data, closed: 0, close: () => (notification.closed += 1) };
  worker.dispatchEvent(Object.assign(new Event(type), { notification, waitUntil: (/** @type {unknown} */ promise) => (work = promise) }));
  await work;
  return notification;
}

test('a click closes the notification and focuses the page that showed it', async () => {
  const pages = [makePage(false), makePage(true), makePage(false)];
  worker.clients.pages = pages;
  const notification = await happens('notificationclick', { notifymatters: 'key', url: 'https://mail.example.com/' });
  assert.equal(notification.closed, 1);
  assert.deepEqual(
    pages.map(({ focused }) => focused),
    [0, 1, 0],
  );
  assert.deepEqual(pages[1].heard, [{ notifymatters: 'key', clicked: true }]);
  assert.deepEqual(worker.clients.opened, []);
});

test('where that page is gone, one is opened', async () => {
  for (const pages of [[], [makePage(false)]]) {
    worker.clients.pages = pages;
    worker.clients.opened = [];
    await happens('notificationclick', { notifymatters: 'key', url: 'https://mail.example.com/' });
    assert.deepEqual(worker.clients.opened, ['https://mail.example.com/']);
  }
});

test('a closed notification is told to all pages', async () => {
  worker.clients.pages = [makePage(true), makePage(false)];
  await happens('notificationclose', { notifymatters: 'key' });
  assert.deepEqual(
    worker.clients.pages.map(({ heard }) => heard),
    [[{ notifymatters: 'key' }], [{ notifymatters: 'key' }]],
  );
});

test('other notifications of the site are left alone', async () => {
  worker.clients.pages = [makePage(true)];
  for (const data of [undefined, null, 'text', { url: 'x' }]) {
    assert.equal((await happens('notificationclick', data)).closed, 0);
    await happens('notificationclose', data);
  }
  assert.deepEqual(worker.clients.pages[0].heard, []);
});
