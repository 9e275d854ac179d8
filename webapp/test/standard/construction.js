// The constructor, the conversions of its arguments, and what the attributes then give.

import { equal, list, ok, throws, throwsDataCloneError, throwsThis } from './assert.js';

const STRINGS = ['body', 'lang', 'tag'];
const URLS = ['badge', 'icon', 'image', 'navigate'];

/** A lone surrogate, and what a USVString has in its place. */
const LONE = '\ud800';
const REPLACEMENT = '%EF%BF%BD';

/** @param {string} path */
const resolved = (path) => new URL(path, document.baseURI).href;

/**
 * A clause about what a member of the options becomes as an attribute.
 * @param {string} name
 * @param {string} says
 * @param {() => [unknown, unknown][]} cases what is given, and what is then read
 * @returns {import('./clauses.js').Clause}
 */
const option = (name, says, cases) => ({
  of: `options.${name}`,
  says,
  check({ Notification }) {
    for (const [given, read] of cases()) {
      const found = new Notification('t', { [name]: given })[name];
      if (Array.isArray(read)) list(found, read, name);
      else equal(found, read, name);
    }
  },
});

/**
 * A clause about a value that throws a TypeError.
 * @param {string} of
 * @param {string} says
 * @param {(Notification: any) => unknown} call
 * @returns {import('./clauses.js').Clause}
 */
const refused = (of, says, call) => ({
  of,
  says,
  check: ({ Notification }) => throws(TypeError, () => call(Notification)),
});

/** @type {import('./clauses.js').Clause[]} */
export const CONSTRUCTION = [
  refused('constructor', 'throws a TypeError without a title', (Notification) => new Notification()),
  {
    of: 'constructor',
    says: 'takes anything that can become a string as its title, undefined and null as well',
    check({ Notification }) {
      for (const [given, read] of [
        ['', ''],
        [undefined, 'undefined'],
        [null, 'null'],
        [7, '7'],
        [LONE, LONE],
        [{ toString: () => 'object' }, 'object'],
      ]) {
        equal(new Notification(given).title, read, 'the title');
      }
    },
  },
  refused('constructor', 'throws a TypeError for a title that cannot become a string', (Notification) => new Notification(Symbol('t'))),
  {
    of: 'constructor',
    says: 'takes undefined, null, objects and functions as options',
    check({ Notification }) {
      for (const options of [undefined, null, {}, [], () => {}]) equal(new Notification('t', options).body, '', 'the body');
    },
  },
  {
    of: 'constructor',
    says: 'throws a TypeError for options that are no object',
    check({ Notification }) {
      for (const options of [1, 'x', true, Symbol('o'), 1n]) throws(TypeError, () => new Notification('t', options));
    },
  },
  {
    of: 'constructor',
    says: 'converts the title first, then reads each option once, in the order of their names',
    check({ Notification }) {
      /** @type {string[]} */
      const read = [];
      const title = { toString: () => (read.push('the title'), 't') };
      new Notification(title, new Proxy({}, { get: (_, name) => void read.push(String(name)) }));
      list(read, [
        'the title',
        'actions',
        'badge',
        'body',
        'data',
        'dir',
        'icon',
        'image',
        'lang',
        'navigate',
        'renotify',
        'requireInteraction',
        'silent',
        'tag',
        'timestamp',
        'vibrate',
      ]);
    },
  },
  {
    of: 'constructor',
    says: 'passes on what a getter or a conversion throws',
    check({ Notification }) {
      const mine = new Error('mine');
      const fail = () => {
        throw mine;
      };
      throwsThis(mine, () => new Notification({ toString: fail }));
      throwsThis(
        mine,
        () =>
          new Notification('t', {
            get body() {
              return fail();
            },
          }),
      );
      throwsThis(mine, () => new Notification('t', { tag: { toString: fail } }));
      throwsThis(
        mine,
        () =>
          new Notification('t', {
            data: {
              get inside() {
                return fail();
              },
            },
          }),
      );
    },
  },
  {
    of: 'constructor',
    says: 'gives each option its default',
    check({ Notification }) {
      const before = Date.now();
      const made = new Notification('t');
      equal(made.dir, 'auto', 'dir');
      for (const name of [...STRINGS, ...URLS]) equal(made[name], '', name);
      list(made.vibrate, [], 'vibrate');
      list(made.actions, [], 'actions');
      ok(made.timestamp >= before && made.timestamp <= Date.now(), `the timestamp is ${made.timestamp}`);
      equal(made.renotify, false, 'renotify');
      equal(made.silent, null, 'silent');
      equal(made.requireInteraction, false, 'requireInteraction');
      equal(made.data, null, 'data');
    },
  },
  {
    of: 'constructor',
    says: 'takes an option that is undefined for one that is not given',
    check({ Notification }) {
      const nothing = Object.fromEntries(
        [...STRINGS, ...URLS, 'dir', 'data', 'silent', 'actions', 'vibrate', 'renotify'].map((name) => [name, undefined]),
      );
      const made = new Notification('t', nothing);
      list([made.dir, made.body, made.icon, made.data, made.silent, made.renotify], ['auto', '', '', null, null, false]);
    },
  },
  option('dir', 'is auto, ltr or rtl, after conversion to a string', () => [
    ['auto', 'auto'],
    ['ltr', 'ltr'],
    ['rtl', 'rtl'],
    [{ toString: () => 'rtl' }, 'rtl'],
  ]),
  {
    of: 'options.dir',
    says: 'throws a TypeError for any other value',
    check({ Notification }) {
      for (const dir of ['', 'up', 'LTR', null, 1]) throws(TypeError, () => new Notification('t', { dir }));
    },
  },
  ...STRINGS.map((name) =>
    option(name, 'is a DOMString: any value becomes a string, lone surrogates stay', () => [
      ['x', 'x'],
      [7, '7'],
      [null, 'null'],
      [LONE, LONE],
      [{ toString: () => 'o' }, 'o'],
    ]),
  ),
  ...STRINGS.map((name) =>
    refused(`options.${name}`, 'throws a TypeError for a symbol', (Notification) => new Notification('t', { [name]: Symbol('s') })),
  ),
  ...URLS.map((name) =>
    option(name, 'is resolved by the address of the page, with lone surrogates replaced; what is no address becomes empty', () => [
      ['/static/icon.png', resolved('/static/icon.png')],
      ['../icon.png', resolved('../icon.png')],
      ['', resolved('')],
      ['https://elsewhere.example/a b', 'https://elsewhere.example/a%20b'],
      ['https://elsewhere.example/' + LONE, 'https://elsewhere.example/' + REPLACEMENT],
      ['data:image/png;base64,AA==', 'data:image/png;base64,AA=='],
      ['https://[', ''],
    ]),
  ),
  option('vibrate', 'is a list of numbers; a single number is a list of one', () => [
    [200, [200]],
    ['7', [7]],
    [[100], [100]],
    [new Set([1]), [1]],
    [
      [100, 50, '300'],
      [100, 50, 300],
    ],
  ]),
  option('vibrate', 'takes what is no list and no number for zero', () => [
    [{}, [0]],
    [null, [0]],
    ['x', [0]],
  ]),
  option('vibrate', 'loses a pause at its end', () => [
    [[100, 50], [100]],
    [
      [0, 0, 0, 0],
      [0, 0, 0],
    ],
    [[], []],
  ]),
  {
    of: 'options.vibrate',
    says: 'is bounded in length and in each entry, at ten entries or more',
    check({ Notification }) {
      const { vibrate } = new Notification('t', { vibrate: Array(9999).fill(2 ** 31) });
      ok(vibrate.length >= 10 && vibrate.length < 9999, `it has ${vibrate.length} entries`);
      ok(vibrate[0] < 2 ** 31, `an entry is ${vibrate[0]}`);
    },
  },
  {
    of: 'options.vibrate',
    says: 'throws a TypeError for entries that are no numbers and for what only seems a list',
    check({ Notification }) {
      for (const vibrate of [[1n], [Symbol('v')], 1n, Symbol('v'), { [Symbol.iterator]: 1 }]) {
        throws(TypeError, () => new Notification('t', { vibrate }));
      }
    },
  },
  option('timestamp', 'is an unsigned long long: truncated, not a number is zero, modulo two to the 64th', () => [
    [12.9, 12],
    ['7', 7],
    [0, 0],
    [NaN, 0],
    [Infinity, 0],
    [-Infinity, 0],
    [{}, 0],
    [null, 0],
    [-1, 2 ** 64],
    [2 ** 64, 0],
    [new Date(5), 5],
  ]),
  {
    of: 'options.timestamp',
    says: 'throws a TypeError for a bigint and a symbol',
    check({ Notification }) {
      for (const timestamp of [1n, Symbol('t')]) throws(TypeError, () => new Notification('t', { timestamp }));
    },
  },
  option('silent', 'is a boolean or null', () => [
    [true, true],
    [false, false],
    [0, false],
    ['x', true],
    [null, null],
  ]),
  option('requireInteraction', 'is a boolean', () => [
    [true, true],
    [1, true],
    ['', false],
    [null, false],
  ]),
  {
    of: 'options.renotify',
    says: 'is a boolean, which may be true beside a tag',
    check({ Notification }) {
      equal(new Notification('t', { renotify: 1, tag: 'x' }).renotify, true);
      equal(new Notification('t', { renotify: 0 }).renotify, false);
    },
  },
  refused('options.renotify', 'throws a TypeError without a tag', (Notification) => new Notification('t', { renotify: true })),
  refused('options.renotify', 'throws a TypeError with an empty tag', (Notification) => new Notification('t', { renotify: true, tag: '' })),
  refused(
    'options.actions',
    'throws a TypeError unless it is empty',
    (Notification) => new Notification('t', { actions: [{ action: 'a', title: 'A' }] }),
  ),
  {
    of: 'options.actions',
    says: 'may be any list that is empty',
    check({ Notification }) {
      for (const actions of [[], new Set()]) list(new Notification('t', { actions }).actions, []);
    },
  },
  {
    of: 'options.actions',
    says: 'throws a TypeError for what is no list, and for entries that are no actions',
    check({ Notification }) {
      for (const actions of [1, '', null, {}, [{}], [1]]) throws(TypeError, () => new Notification('t', { actions }));
    },
  },
  refused('options.vibrate', 'throws a TypeError beside silent, an empty one as well', (Notification) => {
    throws(TypeError, () => new Notification('t', { silent: true, vibrate: [1] }));
    return new Notification('t', { silent: true, vibrate: [] });
  }),
  {
    of: 'options.vibrate',
    says: 'may be given when silent is false or null',
    check({ Notification }) {
      for (const silent of [false, null]) list(new Notification('t', { silent, vibrate: [1] }).vibrate, [1]);
    },
  },
  {
    of: 'options.data',
    says: 'is cloned when the notification is made',
    check({ Notification }) {
      const data = { list: [1], map: new Map([['when', new Date(0)]]) };
      const made = new Notification('t', { data });
      data.list.push(2);
      ok(made.data !== data, 'it is the same object');
      list(made.data.list, [1]);
      ok(made.data.map instanceof Map && made.data.map.get('when') instanceof Date, 'it is not of this page');
    },
  },
  option('data', 'keeps simple values', () => [
    ['x', 'x'],
    [0, 0],
    [false, false],
    [1n, 1n],
    [null, null],
  ]),
  {
    of: 'options.data',
    says: 'throws a DataCloneError of the page where it cannot be cloned',
    check({ Notification }) {
      for (const data of [() => {}, Symbol('d'), { nested: [() => {}] }, new WeakMap()]) {
        throwsDataCloneError(() => new Notification('t', { data }));
      }
    },
  },
  {
    of: 'options.data',
    says: 'throws a DataCloneError for an object of the page, such as an EventTarget',
    needs: 'window',
    check: ({ Notification }) => throwsDataCloneError(() => new Notification('t', { data: new EventTarget() })),
  },
  {
    of: 'options.data',
    says: 'is looked at after the other rules: their TypeError comes first',
    check({ Notification }) {
      throws(TypeError, () => new Notification('t', { renotify: true, data: () => {} }));
    },
  },
  ...['data', 'vibrate', 'actions'].map((name) => ({
    of: `readonly attribute ${name}`,
    says: 'gives the same object each time',
    /** @param {import('./clauses.js').World} world */
    check({ Notification }) {
      const made = new Notification('t', { data: {}, vibrate: [1] });
      equal(made[name], made[name]);
    },
  })),
  ...['vibrate', 'actions'].map((name) => ({
    of: `readonly attribute ${name}`,
    says: 'gives a frozen array of the page',
    /** @param {import('./clauses.js').World} world */
    check({ Notification }) {
      const found = new Notification('t', { vibrate: [1] })[name];
      ok(found instanceof Array && Object.isFrozen(found), 'it is none');
    },
  })),
  {
    of: 'readonly attributes',
    says: 'cannot be assigned to',
    check({ Notification }) {
      const made = new Notification('t', { body: 'b' });
      for (const name of ['title', 'body', 'data', 'actions']) {
        throws(TypeError, () => {
          made[name] = 'other';
        });
      }
      equal(made.body, 'b');
    },
  },
];
