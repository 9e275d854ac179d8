// Event handlers, listeners, the events that a notification fires, and the permission.

import { equal, list, ok, rejects, until } from './assert.js';

const TYPES = ['click', 'show', 'error', 'close'];

/** @type {import('./clauses.js').Clause[]} */
export const EVENTS = [
  ...TYPES.map((type) => ({
    of: `attribute EventHandler on${type}`,
    says: 'is null at first, keeps functions and objects, and takes anything else for null',
    /** @param {import('./clauses.js').World} world */
    check({ Notification }) {
      const made = new Notification('t');
      const name = 'on' + type;
      equal(made[name], null, 'at first');
      const handler = () => {};
      const object = {};
      for (const value of [handler, object, null, handler]) {
        made[name] = value;
        equal(made[name], value, 'what was set');
      }
      for (const value of [1, 'x', undefined, true, Symbol('h'), 1n]) {
        made[name] = handler;
        made[name] = value;
        equal(made[name], null, 'what was set');
      }
    },
  })),
  ...TYPES.map((type) => ({
    of: `attribute EventHandler on${type}`,
    says: 'is called with the event, on the notification',
    /** @param {import('./clauses.js').World} world */
    check({ Notification }) {
      const made = new Notification('t');
      /** @type {unknown[]} */
      let found = [];
      made['on' + type] = /** @this {unknown} */ function (/** @type {unknown[]} */ ...values) {
        found = [this, ...values];
      };
      const event = new Event(type);
      made.dispatchEvent(event);
      list(found, [made, event]);
    },
  })),
  {
    of: 'event handlers',
    says: 'keep the place of the first that was set among the listeners',
    check({ Notification }) {
      const made = new Notification('t');
      /** @type {string[]} */
      const order = [];
      made.onclick = () => order.push('never');
      made.addEventListener('click', () => order.push('listener'));
      made.onclick = () => order.push('handler');
      made.dispatchEvent(new Event('click'));
      list(order, ['handler', 'listener']);
    },
  },
  {
    of: 'event handlers',
    says: 'lose their place when they are set to null',
    check({ Notification }) {
      const made = new Notification('t');
      /** @type {string[]} */
      const order = [];
      made.onclick = () => order.push('handler');
      made.addEventListener('click', () => order.push('listener'));
      made.onclick = null;
      made.dispatchEvent(new Event('click'));
      list(order, ['listener']);
      made.onclick = () => order.push('handler');
      made.dispatchEvent(new Event('click'));
      list(order, ['listener', 'listener', 'handler']);
    },
  },
  {
    of: 'event handlers',
    says: 'cancel the event by returning false, and by nothing else',
    check({ Notification }) {
      for (const [answer, goesOn] of [
        [false, false],
        [true, true],
        [undefined, true],
        [0, true],
        [null, true],
      ]) {
        const made = new Notification('t');
        made.onclick = () => answer;
        equal(made.dispatchEvent(new Event('click', { cancelable: true })), goesOn, `after ${answer}, whether it goes on`);
      }
    },
  },
  {
    of: 'event handlers',
    says: 'do nothing where they are objects, not even with a handleEvent',
    check({ Notification }) {
      const made = new Notification('t');
      let called = false;
      made.onclick = { handleEvent: () => (called = true) };
      equal(made.dispatchEvent(new Event('click', { cancelable: true })), true);
      equal(called, false, 'whether it was called');
    },
  },
  {
    of: 'listeners',
    says: 'are those of EventTarget: once, removed, objects with a handleEvent',
    check({ Notification }) {
      const made = new Notification('t');
      /** @type {string[]} */
      const order = [];
      const removed = () => order.push('removed');
      made.addEventListener('click', () => order.push('once'), { once: true });
      made.addEventListener('click', removed);
      made.addEventListener('click', { handleEvent: () => order.push('object') });
      made.removeEventListener('click', removed);
      made.dispatchEvent(new Event('click'));
      made.dispatchEvent(new Event('click'));
      list(order, ['once', 'object', 'object']);
    },
  },
  {
    of: 'static readonly attribute permission',
    says: 'is default, denied or granted',
    check({ Notification }) {
      ok(['default', 'denied', 'granted'].includes(Notification.permission), `it is ${Notification.permission}`);
    },
  },
  {
    of: 'static readonly attribute maxActions',
    says: 'is a whole number from zero up',
    check({ Notification }) {
      ok(Number.isInteger(Notification.maxActions) && Notification.maxActions >= 0, `it is ${Notification.maxActions}`);
    },
  },
  {
    of: 'static requestPermission()',
    says: 'gives a promise of the page for the permission',
    async check({ Notification }) {
      const promise = Notification.requestPermission();
      ok(promise instanceof Promise, 'it is no promise of this page');
      equal(await promise, Notification.permission);
    },
  },
  {
    of: 'static requestPermission()',
    says: 'calls the callback first, then settles the promise, and neither at once',
    async check({ Notification }) {
      /** @type {string[]} */
      const order = [];
      const promise = Notification.requestPermission((/** @type {unknown[]} */ ...values) => order.push('callback', ...values.map(String)));
      promise.then(() => order.push('promise'));
      order.push('returned');
      await promise;
      list(order, ['returned', 'callback', Notification.permission, 'promise']);
    },
  },
  {
    of: 'static requestPermission()',
    says: 'reports what the callback throws, and settles the promise all the same',
    needs: 'window',
    async check({ Notification }) {
      const mine = new Error('thrown by a callback, on purpose');
      /** @type {unknown} */
      let reported;
      /** @param {ErrorEvent} event */
      const listen = (event) => {
        reported = event.error;
        event.preventDefault();
        event.stopImmediatePropagation();
      };
      addEventListener('error', listen, true);
      try {
        equal(
          await Notification.requestPermission(() => {
            throw mine;
          }),
          Notification.permission,
        );
        equal(reported, mine, 'what is reported');
      } finally {
        removeEventListener('error', listen, true);
      }
    },
  },
  {
    of: 'static requestPermission()',
    says: 'takes undefined for no callback, and rejects with a TypeError for what cannot be called',
    async check({ Notification }) {
      equal(await Notification.requestPermission(undefined), Notification.permission);
      for (const callback of [null, 1, 'x', {}]) await rejects(TypeError, () => Notification.requestPermission(callback));
    },
  },
  {
    of: 'close()',
    says: 'returns undefined, also when it is called again',
    check({ Notification }) {
      const made = new Notification('t');
      list([made.close(), made.close()], [undefined, undefined]);
    },
  },
  {
    of: 'show event',
    says: 'is fired after the constructor has returned: an Event of the page, neither bubbling nor cancelable, at the notification',
    needs: 'host',
    async check(world) {
      await fires(world, 'show', false, () => {});
    },
  },
  {
    of: 'click event',
    says: 'is fired for each click: an Event of the page, cancelable, not bubbling, at the notification',
    needs: 'host',
    async check(world) {
      const made = await fires(world, 'click', true, (host, id) => host.report('onclick', id));
      let again = false;
      made.notification.onclick = () => (again = true);
      made.host.report('onclick', made.id);
      await until('a second click', () => again);
    },
  },
  {
    of: 'close event',
    says: 'is fired when the notification is gone: an Event of the page, neither bubbling nor cancelable, at the notification',
    needs: 'host',
    async check(world) {
      await fires(world, 'close', false, (host, id) => host.report('onclose', id));
    },
  },
  {
    of: 'error event',
    says: 'is fired where the permission is not granted, after the constructor has returned, and nothing is shown',
    needs: 'host',
    async check({ Notification, host }) {
      await host.permit('denied');
      equal(Notification.permission, 'denied');
      const made = new Notification('refused');
      /** @type {Event[]} */
      const events = [];
      made.onerror = (/** @type {Event} */ event) => events.push(event);
      made.onshow = (/** @type {Event} */ event) => events.push(event);
      await until('an error event', () => events.length);
      await host.hears();
      equal(events.length, 1, 'the number of events');
      const [event] = events;
      ok(event instanceof Event, 'it is no Event of this page');
      list([event.type, event.target, event.bubbles, event.cancelable], ['error', made, false, false]);
      equal(host.sent('new').length, 0, 'what the host was told to show');
    },
  },
  {
    of: 'close()',
    says: 'closes what the host shows, once, and fires close',
    needs: 'host',
    async check({ Notification, host }) {
      const made = new Notification('t');
      const id = await host.shows('t');
      let closed = 0;
      made.onclose = () => (closed += 1);
      made.close();
      made.close();
      await host.hears();
      list(
        host.sent('close').map(({ data }) => data.id),
        [id],
        'what the host was told to close',
      );
      host.report('onclose', id);
      await until('a close event', () => closed);
      await host.hears();
      equal(closed, 1, 'the number of close events');
    },
  },
];

/**
 * Makes a notification that the host shows, lets something happen to it, and looks at the event that it fires.
 * @param {import('./clauses.js').World} world
 * @param {string} type
 * @param {boolean} cancelable
 * @param {(host: import('./clauses.js').Host, id: number) => void} happen
 */
async function fires({ Notification, host }, type, cancelable, happen) {
  const notification = new Notification('t');
  /** @type {Event[]} */
  const events = [];
  /** @type {boolean[]} */
  const during = [];
  let returned = false;
  notification['on' + type] = (/** @type {Event} */ event) => {
    events.push(event);
    during.push(returned);
  };
  returned = true;
  const id = await host.shows('t');
  happen(host, id);
  await until(`a ${type} event`, () => events.length);
  const [event] = events;
  ok(event instanceof Event, 'it is no Event of this page');
  equal(during[0], true, 'whether the constructor had returned');
  list([event.type, event.target, event.bubbles, event.cancelable], [type, notification, false, cancelable]);
  return { notification, host, id };
}
