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
      posted.push(structuredClone(message));
    },
  };
  const frame = {
    src: CHAT + '/channels/town-square',
    contentWindow,
    addEventListener: (type, listener) => type === 'load' && listeners.frame.push(listener),
    removeEventListener() {},
  };
  const document = { querySelector: () => frame, title: '' };
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
    document,
    globals: {
      document,
      location: { href: 'https://mail.example.com/' },
      addEventListener: (type, listener) => type === 'message' && listeners.window.push(listener),
      removeEventListener: (type, listener) => type === 'message' && listeners.window.splice(listeners.window.indexOf(listener), 1),
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
    /** What the host has said since the last look. */
    said: () => posted.splice(0).map((message) => [message.type.replace('notifymatters.', ''), message.data, message.ref]),
    /** A message of the protocol; what the host says because of it. */
    async receive(type, data, ref, more) {
      hear({ type: 'notifymatters.' + type, data, ref, ...more });
      await new Promise(setImmediate);
      return this.said();
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
    return { ...rest, ...runInContext('({ go, setVisible, leave })', window) };
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

    await context.test('knows and does more where it may, and says goodbye', async () => {
      const host = await start(Usable);
      assert.ok(host.load().every(({ want }) => want.join() === 'unread,session,view,go'));
      const outcomes = [];
      const go = (path) =>
        host.go(path).then(
          () => outcomes.push('done'),
          (code) => outcomes.push(code),
        );
      go('/team/threads');
      assert.deepEqual(await host.receive('ok'), []);
      go('/team/threads');
      host.setVisible(false);
      assert.deepEqual(host.said(), [], 'nothing of it is said to an old plugin');
      const all = { have: ['unread', 'session', 'view', 'go'] };
      assert.deepEqual(await host.receive('ok', undefined, undefined, all), [['view', { visible: false }, null]]);
      host.setVisible(true);
      assert.deepEqual(host.said(), [['view', { visible: true }, null]]);

      await host.receive('state', { unread: { mentions: 2, messages: 3 }, session: 'in' });
      assert.equal(host.document.title, '(2) Mail');
      for (const path of ['/team/channels/design', '/login', '/team/threads']) go(path);
      assert.deepEqual(host.said(), [
        ['go', { path: '/team/channels/design' }, 1],
        ['go', { path: '/login' }, 2],
        ['go', { path: '/team/threads' }, 3],
      ]);
      await host.receive('ref.reject', { code: 'invalid' }, 2);
      await host.receive('ref.resolve', null, 1);
      await host.receive('ref.resolve', null, 1);
      await host.receive('off', { reason: 'signed-out' });
      assert.deepEqual(outcomes, ['not-granted', 'not-granted', 'invalid', 'done', 'lost']);
      assert.equal(host.document.title, 'Mail, signed out of the chat');

      host.leave();
      assert.deepEqual(host.said(), [['disable', null, null]]);
      assert.deepEqual(await host.receive('notification.new', notification(9, '')), []);
      assert.deepEqual(Usable.made.splice(0), []);
    });

    await context.test('is not disturbed by what else the chat posts', async () => {
      const host = await start(Usable);
      host.load();
      for (const message of [null, undefined, 'text', { type: 7 }]) host.hear(message);
      assert.deepEqual(await host.receive('ok'), []);
    });
  });
}
