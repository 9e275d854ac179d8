// What the Standard says of showing, replacing and closing, as the host comes to know it, and what never reaches the host.

import { equal, list, ok, until } from './assert.js';

/** How many notifications may be live at once. */
const LIVE = 512;

/** @type {import('./clauses.js').Clause[]} */
export const HOSTED = [
  {
    of: 'showing',
    says: 'tells the host of each notification once, in order, with a number of its own',
    needs: 'host',
    async check({ Notification, host }) {
      for (const title of ['a', 'b', 'c']) new Notification(title);
      await host.shows('c');
      const sent = host.sent('new').map(({ data }) => data);
      list(
        sent.map(({ title }) => title),
        ['a', 'b', 'c'],
        'the titles',
      );
      equal(new Set(sent.map(({ id }) => id)).size, 3, 'how many numbers there are');
    },
  },
  {
    of: 'showing',
    says: 'hands the data to the host as it was when the notification was made',
    needs: 'host',
    async check({ Notification, host }) {
      const data = { list: [1], map: new Map([['when', new Date(0)]]) };
      const made = new Notification('t', { data });
      data.list.push(2);
      made.data.list.push(3);
      await host.shows('t');
      const { options } = host.sent('new')[0].data;
      list(options.data.list, [1]);
      equal(options.data.map.get('when').getTime(), 0, 'the date');
    },
  },
  {
    of: 'showing',
    says: "gives the host nothing that makes its browser's own constructor throw",
    needs: 'host',
    async check({ Notification, host }) {
      const all = {
        actions: [],
        badge: 'b',
        body: '\ud800',
        data: { a: 1n },
        dir: 'rtl',
        icon: '/i',
        image: 'i',
        lang: 'de',
        navigate: '/n',
        renotify: true,
        requireInteraction: true,
        tag: 'x',
        timestamp: -1,
        vibrate: [1, 2, 3],
      };
      const given = [
        all,
        { ...all, silent: false },
        { silent: true },
        { silent: true, renotify: true, tag: 'y' },
        { vibrate: 1 },
        null,
        undefined,
      ];
      given.forEach((options, n) => new Notification('n' + n, options));
      await host.shows('n' + (given.length - 1));
      for (const { data } of host.sent('new')) host.makes(data.title, data.options);
    },
  },
  {
    of: 'showing',
    says: 'tells the host nothing of a notification whose constructor threw',
    needs: 'host',
    async check({ Notification, host }) {
      const refused = [
        { renotify: true },
        { actions: [{ action: 'a', title: 'A' }] },
        { silent: true, vibrate: [] },
        { data: () => {} },
        { dir: 'up' },
        1,
      ];
      for (const options of refused) {
        try {
          new Notification('refused', options);
        } catch {
          // As it has to be; another clause says so.
        }
      }
      new Notification('last');
      await host.shows('last');
      list(
        host.sent('new').map(({ data }) => data.title),
        ['last'],
        'the titles',
      );
    },
  },
  {
    of: 'replacing',
    says: 'closes the notification of the same tag and leaves the new one: close is fired at the old, and the host is not told to close',
    needs: 'host',
    async check({ Notification, host }) {
      /** @type {string[]} */
      const closed = [];
      const [old, other, made] = ['old', 'other', 'new'].map((title) => {
        const notification = new Notification(title, { tag: title === 'other' ? '' : 'x' });
        notification.onclose = () => closed.push(title);
        return notification;
      });
      const id = await host.shows('new');
      await until('a close event at the old', () => closed.length);
      // The old one's own close() must not take away what has its tag now.
      old.close();
      await host.hears();
      list(closed, ['old'], 'what was closed');
      equal(host.sent('close').length, 0, 'what the host was told to close');
      let clicked = false;
      made.onclick = () => (clicked = true);
      host.report('onclick', id);
      await until('a click at the new', () => clicked);
      other.close();
      made.close();
      await host.hears();
      equal(host.sent('close').length, 2, 'what the host was told to close');
    },
  },
  {
    of: 'replacing',
    says: 'needs a tag: without one, and with an empty one, all stay',
    needs: 'host',
    async check({ Notification, host }) {
      let closed = 0;
      for (const options of [{}, {}, { tag: '' }, { tag: '' }]) new Notification('t', options).onclose = () => (closed += 1);
      await host.shows('t', 4);
      await host.hears();
      equal(closed, 0, 'what was closed');
    },
  },
  {
    of: 'closing',
    says: 'reaches the object as long as it lives, whatever else the host has closed',
    needs: 'host',
    async check({ Notification, host }) {
      /** @type {string[]} */
      const closed = [];
      for (const title of ['a', 'b']) new Notification(title).onclose = () => closed.push(title);
      await host.shows('b');
      const [a, b] = host.sent('new').map(({ data }) => data.id);
      for (const id of [a, a, b, b]) host.report('onclose', id);
      await until('both are closed', () => closed.length >= 2);
      await host.hears();
      list(closed, ['a', 'b'], 'what was closed');
    },
  },
  {
    of: 'closing',
    says: `happens to the oldest when more than ${LIVE} are live, so that a host that reports nothing costs no memory`,
    needs: 'host',
    async check({ Notification, host }) {
      /** @type {number[]} */
      const closed = [];
      for (let n = 0; n < LIVE + 3; n++) new Notification('n' + n).onclose = () => closed.push(n);
      await host.shows('n' + (LIVE + 2));
      await until('the oldest are closed', () => closed.length >= 3);
      await host.hears();
      const sent = host.sent('new').map(({ data }) => data.id);
      const first = sent.slice(-(LIVE + 3));
      const told = host.sent('close').map(({ data }) => data.id);
      list(told.slice(-3), first.slice(0, 3), 'what the host was told to close');
      list(closed, [0, 1, 2], 'what was closed');
    },
  },
  {
    of: 'requestPermission()',
    says: 'asks the host where its user has not granted, and gives what is answered, which permission then reads',
    needs: 'host',
    async check({ Notification, host }) {
      await host.permit('denied');
      const promise = Notification.requestPermission();
      await until('the host is asked', () => host.sent('requestPermission').length);
      host.settle(host.sent('requestPermission')[0].ref, 'granted');
      equal(await promise, 'granted', 'the answer');
      equal(Notification.permission, 'granted');
      ok(promise instanceof Promise, 'it is no promise of this page');
    },
  },
];
