// The interface as its IDL and the Web IDL Standard describe it: objects, members, their flags, names and lengths.

import { equal, list, ok, own, throws } from './assert.js';

/** The members in the order of the IDL. */
const ATTRIBUTES = [
  'title',
  'dir',
  'lang',
  'body',
  'navigate',
  'tag',
  'image',
  'icon',
  'badge',
  'vibrate',
  'timestamp',
  'renotify',
  'silent',
  'requireInteraction',
  'data',
  'actions',
];
const HANDLERS = ['onclick', 'onshow', 'onerror', 'onclose'];
const STATICS = ['permission', 'maxActions', 'requestPermission'];

/** @type {import('./clauses.js').Clause[]} */
export const INTERFACE = [
  {
    of: 'interface Notification',
    says: 'is a writable, configurable, not enumerable property of the window',
    check({ Notification }) {
      equal(own(globalThis, 'Notification', 'writable configurable').value, Notification);
    },
  },
  {
    of: 'interface Notification',
    says: 'inherits from EventTarget, and so do its objects',
    check({ Notification }) {
      equal(Object.getPrototypeOf(Notification), EventTarget);
      equal(Object.getPrototypeOf(Notification.prototype), EventTarget.prototype);
      ok(new Notification('t') instanceof EventTarget, 'an object is no EventTarget of this page');
    },
  },
  {
    of: 'interface Notification',
    says: 'has the name Notification and the length 1',
    check({ Notification }) {
      equal(own(Notification, 'name', 'configurable').value, 'Notification');
      equal(own(Notification, 'length', 'configurable').value, 1);
    },
  },
  {
    of: 'interface Notification',
    says: 'has a prototype that cannot be replaced, and that knows its constructor',
    check({ Notification }) {
      own(Notification, 'prototype', '');
      equal(own(Notification.prototype, 'constructor', 'writable configurable').value, Notification);
    },
  },
  {
    of: 'interface Notification',
    says: 'cannot be called without new',
    check({ Notification }) {
      throws(TypeError, () => Notification('t'));
      throws(TypeError, () => Notification.call(new Notification('t'), 't'));
    },
  },
  {
    of: 'interface Notification',
    says: 'can be extended, and makes objects of the class that new is called on',
    check({ Notification }) {
      class Mine extends Notification {}
      const mine = new Mine('t', { body: 'b' });
      ok(mine instanceof Mine && mine instanceof Notification, 'an object is not of the class');
      equal(mine.body, 'b');
      const other = Reflect.construct(Notification, ['t'], Mine);
      equal(Object.getPrototypeOf(other), Mine.prototype);
    },
  },
  {
    of: 'interface Notification',
    says: 'has the class string Notification',
    check({ Notification }) {
      equal(own(Notification.prototype, Symbol.toStringTag, 'configurable').value, 'Notification');
      equal(Object.prototype.toString.call(new Notification('t')), '[object Notification]');
    },
  },
  {
    of: 'interface Notification',
    says: 'has the static members of the IDL and no others',
    check({ Notification }) {
      const found = Reflect.ownKeys(Notification).filter((key) => !['length', 'name', 'prototype'].includes(String(key)));
      list(found.sort(), [...STATICS].sort());
    },
  },
  {
    of: 'interface Notification',
    says: 'has the members of the IDL and no others',
    check({ Notification }) {
      const found = Reflect.ownKeys(Notification.prototype).filter((key) => typeof key === 'string');
      list(found.sort(), ['constructor', 'close', ...ATTRIBUTES, ...HANDLERS].sort());
    },
  },
  {
    of: 'interface Notification',
    says: 'has objects without properties of their own',
    check({ Notification }) {
      list(Object.getOwnPropertyNames(new Notification('t', { body: 'b', data: 1 })), []);
    },
  },
  ...ATTRIBUTES.map((name) => ({
    of: `readonly attribute ${name}`,
    says: 'is an enumerable, configurable accessor without a setter, and throws a TypeError on anything but a notification',
    /** @param {import('./clauses.js').World} world */
    check({ Notification }) {
      const { get, set } = own(Notification.prototype, name, 'enumerable configurable');
      equal(set, undefined, 'the setter');
      equal(get?.name, 'get ' + name, 'the name of the getter');
      equal(get?.length, 0, 'the length of the getter');
      throws(TypeError, () => Notification.prototype[name]);
      throws(TypeError, () => get?.call({}));
      throws(TypeError, () => get?.call(new EventTarget()));
    },
  })),
  ...HANDLERS.map((name) => ({
    of: `attribute EventHandler ${name}`,
    says: 'is an enumerable, configurable accessor, and throws a TypeError on anything but a notification',
    /** @param {import('./clauses.js').World} world */
    check({ Notification }) {
      const { get, set } = own(Notification.prototype, name, 'enumerable configurable');
      equal(get?.name, 'get ' + name, 'the name of the getter');
      equal(set?.name, 'set ' + name, 'the name of the setter');
      list([get?.length, set?.length], [0, 1], 'the lengths');
      throws(TypeError, () => get?.call({}));
      throws(TypeError, () => set?.call({}, null));
    },
  })),
  ...['permission', 'maxActions'].map((name) => ({
    of: `static readonly attribute ${name}`,
    says: 'is an enumerable, configurable accessor without a setter, which needs no object',
    /** @param {import('./clauses.js').World} world */
    check({ Notification }) {
      const { get, set } = own(Notification, name, 'enumerable configurable');
      equal(set, undefined, 'the setter');
      equal(get?.name, 'get ' + name, 'the name of the getter');
      equal(get?.length, 0, 'the length of the getter');
      equal(get?.call(undefined), Notification[name], 'what it gives without an object');
      throws(TypeError, () => {
        Notification[name] = 'x';
      });
    },
  })),
  {
    of: 'static requestPermission()',
    says: 'is an enumerable, configurable, writable method of the length 0, which needs no object and is no constructor',
    async check({ Notification }) {
      const { value } = own(Notification, 'requestPermission', 'writable enumerable configurable');
      equal(value.name, 'requestPermission', 'the name');
      equal(value.length, 0, 'the length');
      throws(TypeError, () => new value());
      equal(await value.call(undefined), Notification.permission, 'what it gives without an object');
    },
  },
  {
    of: 'close()',
    says: 'is an enumerable, configurable, writable method of the length 0, for notifications only, and no constructor',
    check({ Notification }) {
      const { value } = own(Notification.prototype, 'close', 'writable enumerable configurable');
      equal(value.name, 'close', 'the name');
      equal(value.length, 0, 'the length');
      throws(TypeError, () => new value());
      throws(TypeError, () => value.call({}));
      throws(TypeError, () => Notification.prototype.close());
    },
  },
];
