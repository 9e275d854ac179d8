// The host script of docs/protocol.md as it stands there, in browsers with and without notifications.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { createContext, runInContext } from 'node:vm';

const CHAT = 'https://chat.example.com';
const root = new URL('../../', import.meta.url);

/** A page with the chat in a frame, whose timers run when they are told to. */
function page() {
  const posted = [];
  const listeners = { frame: [], window: [] };
  const timers = new Map();
  const contentWindow = {
    postMessage(message, target) {
      assert.equal(target, CHAT);
      posted.push(message);
    },
  };
  const frame = {
    src: CHAT + '/channels/town-square',
    contentWindow,
    addEventListener: (type, listener) => type === 'load' && listeners.frame.push(listener),
    removeEventListener() {},
  };
  let lastTimer = 0;
  const later = (callback, values, again) => {
    const timer = ++lastTimer;
    timers.set(timer, () => {
      if (!again) timers.delete(timer);
      callback(...values);
    });
    return timer;
  };
  const hear = (data) => listeners.window.forEach((listener) => listener({ source: contentWindow, origin: CHAT, data }));
  return {
    frame,
    globals: {
      document: { querySelector: () => frame },
      location: { href: 'https://mail.example.com/' },
      addEventListener: (type, listener) => type === 'message' && listeners.window.push(listener),
      removeEventListener() {},
      focus() {},
      setTimeout: (callback, _, ...values) => later(callback, values, false),
      setInterval: (callback, _, ...values) => later(callback, values, true),
      clearTimeout: (timer) => timers.delete(timer),
      clearInterval: (timer) => timers.delete(timer),
    },
    /** The chat's page has loaded; what the host says then, until nothing is left to say. */
    load() {
      for (const listener of listeners.frame) listener();
      while (timers.size > 0) {
        for (const run of timers.values()) run();
        assert.ok(posted.length < 1000, 'it never ends');
      }
      return posted.splice(0);
    },
    /** Anything that the chat posts. */
    hear,
    /** A message of the protocol; what the host says because of it. */
    async receive(type, data, ref) {
      hear({ type: 'notifymatters.' + type, data, ref });
      await new Promise(setImmediate);
      return posted.splice(0).map((message) => [message.type.replace('notifymatters.', ''), message.data, message.ref]);
    },
  };
}

const hosts = {
  async 'the script of docs/protocol.md'(Notification) {
    const { globals, ...rest } = page();
    const text = await readFile(new URL('docs/protocol.md', root), 'utf8');
    const [, script] = /```js\n([\s\S]*?)```/.exec(text);
    const window = createContext({ ...globals, URL, ...(Notification && { Notification }) });
    window.window = window;
    runInContext(script, window);
    return rest;
  },
};

class Usable {
  static permission = 'granted';
  static made = [];
  static requestPermission = async () => 'granted';
  constructor(title, options) {
    Object.assign(this, { title, ...options });
    Usable.made.push(this);
  }
}

/** As in Chrome on Android. */
class Unusable {
  static permission = 'granted';
  static requestPermission = async () => 'granted';
  constructor() {
    throw new TypeError('Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.');
  }
}

const notification = (id, icon) => ({ id, title: 'anna', options: { body: 'hello', icon } });

for (const [name, start] of Object.entries(hosts)) {
  // One after the other: the sample runs in this realm.
  test(name, async (context) => {
    await context.test('shows what it is given, and reports clicks and ends', async () => {
      const host = await start(Usable);
      assert.ok(host.load().every(({ type, data }) => type === 'notifymatters.enable' && data === 'granted'));
      assert.deepEqual(await host.receive('notification.new', notification(7, '/static/icon.png')), []);
      assert.deepEqual(await host.receive('notification.new', notification(8, '')), []);
      const [seven, eight] = Usable.made.splice(0);
      assert.deepEqual([seven.icon, eight.icon], [CHAT + '/static/icon.png', undefined]);
      seven.onclick();
      eight.onclose();
      assert.deepEqual(await host.receive('ok'), [
        ['notification.onclick', null, 7],
        ['notification.onclose', null, 8],
      ]);
    });

    await context.test('without Notification it says denied, not for ever, and answers so', async () => {
      const host = await start(undefined);
      const said = host.load();
      assert.ok(said.length >= 100 && said.length <= 202, `${said.length} times`);
      assert.ok(said.every(({ type, data }) => type === 'notifymatters.enable' && data === 'denied'));
      assert.deepEqual(await host.receive('notification.requestPermission', null, 3), [['ref.resolve', 'denied', 3]]);
    });

    await context.test('with a Notification that cannot be constructed it says so when it finds out', async () => {
      const host = await start(Unusable);
      host.load();
      assert.deepEqual(await host.receive('notification.new', notification(7, '')), [
        ['notification.onclose', null, 7],
        ['enable', 'denied', null],
      ]);
      assert.deepEqual(await host.receive('notification.requestPermission', null, 3), [['ref.resolve', 'denied', 3]]);
    });

    await context.test('is not disturbed by what else the chat posts', async () => {
      const host = await start(Usable);
      host.load();
      for (const message of [null, undefined, 'text', { type: 7 }]) host.hear(message);
      assert.deepEqual(await host.receive('ok'), []);
    });
  });
}
