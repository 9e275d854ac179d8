// What a host may besides notifications: what the page looks at for it, and when it says so.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { capabilities, destination } from '../page/capabilities.js';

const page = /** @type {any} */ (globalThis);
const [UNREAD, SESSION, VIEW, STATUS, CONTEXT, GO, SET_STATUS] = [1, 2, 4, 8, 16, 32, 64];
page.location = { origin: 'https://chat.example.com' };

/** Where a host leads the page, and where it does not; the server part is tested by it as well. */
const destinations = JSON.parse(readFileSync(new URL('destinations.json', import.meta.url), 'utf8'));

/** A page of Mattermost's, as far as its focus and its store go, with what it tells. */
function open({ state = undefined } = {}) {
  const window = new EventTarget();
  for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent']) {
    page[name] = /** @type {any} */ (window)[name].bind(window);
  }
  page.window = Object.assign(window, { isActive: true });
  page.document = { hasFocus: () => true };
  /** @type {any} */
  let current = state ?? {
    entities: {
      general: { config: {} },
      preferences: { myPreferences: {} },
      users: { currentUserId: 'me', profiles: {} },
      teams: { currentTeamId: 't', myMembers: {} },
      channels: {
        channels: { a: { name: 'a', type: 'O', team_id: 't', delete_at: 0 } },
        myMembers: { a: { msg_count: 0, mention_count: 0 } },
        messageCounts: { a: { total: 0 } },
      },
      threads: { counts: {}, countsIncludingDirect: {} },
    },
    views: { browser: { focused: true } },
  };
  /** @type {Set<() => void>} */
  const listeners = new Set();
  /** @type {unknown[]} */
  const told = [];
  const made = {
    told,
    listeners,
    window,
    looks: 0,
    get state() {
      return current;
    },
    /** @param {(state: any) => void} change */
    changes(change) {
      current = structuredClone(current);
      change(current);
      for (const listener of [...listeners]) listener();
    },
    /** As Mattermost's own listeners do. @param {boolean} focused */
    focus(focused) {
      page.window.isActive = focused;
      made.changes((state) => (state.views.browser.focused = focused));
    },
    read: (/** @type {number} */ count) =>
      made.changes((state) => {
        state.entities.channels.messageCounts.a.total = count;
      }),
  };
  window.addEventListener('focus', () => made.focus(true));
  window.addEventListener('blur', () => made.focus(false));
  const store = {
    getState: () => ((made.looks += 1), current),
    subscribe: (/** @type {() => void} */ listener) => (listeners.add(listener), () => void listeners.delete(listener)),
  };
  const abilities = capabilities(store, {
    supported: (bits) => void told.push(['supported', bits]),
    changed: (bits) => void told.push(['changed', bits]),
  });
  return Object.assign(made, { abilities });
}

test('what the host is not granted is not looked at', () => {
  const { abilities, listeners } = open();
  abilities.watch(SESSION | VIEW);
  assert.equal(listeners.size, 0);
  abilities.watch(UNREAD);
  assert.equal(listeners.size, 1);
  abilities.watch(UNREAD | SESSION);
  assert.equal(listeners.size, 1);
  abilities.watch(0);
  assert.equal(listeners.size, 0);
});

test('a change of the count is told, and nothing else', () => {
  const opened = open();
  const { abilities, told, read } = opened;
  abilities.watch(UNREAD | SESSION);
  assert.deepEqual(told, [['supported', UNREAD | SESSION | VIEW]]);
  assert.deepEqual(abilities.state(UNREAD | SESSION), { unread: { mentions: 0, messages: 0 }, session: 'in' });
  told.length = 0;
  read(2);
  opened.changes((state) => (state.other = 1));
  assert.deepEqual(told, [['changed', UNREAD]]);
  assert.deepEqual(abilities.state(UNREAD), { unread: { mentions: 0, messages: 2 } });
  opened.changes((state) => (state.entities.users.currentUserId = ''));
  assert.deepEqual(abilities.state(SESSION), { session: 'out' });
});

test('the count is told at once, then at most four times a second, the last value of each', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 1000;
  context.mock.method(performance, 'now', () => now);
  const { abilities, told, read } = open();
  abilities.watch(UNREAD);
  told.length = 0;
  const pass = (/** @type {number} */ time) => ((now += time), context.mock.timers.tick(time));
  for (const count of [1, 2, 3]) read(count);
  assert.equal(told.length, 1);
  pass(250);
  assert.equal(told.length, 2);
  assert.deepEqual(abilities.state(UNREAD), { unread: { mentions: 0, messages: 3 } });
  read(4);
  read(3);
  pass(250);
  assert.equal(told.length, 2, 'it is as it was told');
  // A timer that the browser lets wait.
  read(5);
  read(6);
  now += 250;
  read(7);
  assert.equal(told.length, 4);
  read(8);
  abilities.watch(0);
  told.length = 0;
  pass(500);
  assert.deepEqual(told, [], 'nobody listens');
});

test('nothing is counted while the parts that count are the same', () => {
  const opened = open();
  opened.abilities.watch(UNREAD);
  let counted = 0;
  const { myMembers } = opened.state.entities.channels;
  Object.defineProperty(myMembers, 'b', { enumerable: true, get: () => void (counted += 1) });
  for (const listener of opened.listeners) listener();
  assert.equal(counted, 0);
});

test('what the store of a version has not is not supported', () => {
  for (const [state, able] of /** @type {[any, number][]} */ ([
    [{}, 0],
    [{ entities: { users: { currentUserId: '' } } }, SESSION],
    [{ views: { browser: {} } }, 0],
    [{ entities: { channels: { myMembers: {} } } }, 0],
  ])) {
    const { abilities, told } = open({ state });
    abilities.watch(UNREAD | SESSION | VIEW);
    assert.deepEqual(told, [['supported', able]]);
    assert.equal(abilities.perform(VIEW, { visible: false }), 'failed');
  }
});

test('a store that turns out otherwise is left alone', () => {
  const opened = open();
  opened.abilities.watch(UNREAD);
  opened.told.length = 0;
  opened.changes((state) => delete state.entities.threads);
  assert.deepEqual(opened.told, [['supported', SESSION | VIEW]]);
  assert.equal(opened.listeners.size, 0);
});

test('a page that is hidden has no focus for Mattermost until it is shown again', () => {
  const opened = open();
  const { abilities, window } = opened;
  abilities.watch(VIEW);
  assert.equal(abilities.perform(VIEW, { visible: false }), undefined);
  const seen = () => [opened.state.views.browser.focused, page.window.isActive];
  assert.deepEqual(seen(), [false, false]);
  let heard = 0;
  window.addEventListener('focus', () => (heard += 1));
  window.dispatchEvent(new Event('focus'));
  assert.deepEqual(seen(), [false, false], 'the browser gives the frame the focus');
  assert.equal(heard, 0, 'Mattermost would mark the open channel as read');
  opened.focus(true);
  assert.deepEqual(seen(), [false, false], 'Mattermost draws its page, and believes that it has it');
  abilities.perform(VIEW, { visible: false });
  abilities.perform(VIEW, { visible: true });
  assert.deepEqual(seen(), [true, true]);
  assert.equal(opened.listeners.size, 0);
  abilities.perform(VIEW, { visible: false });
  page.document.hasFocus = () => false;
  abilities.perform(VIEW, { visible: true });
  assert.deepEqual(seen(), [false, false], 'shown, and without the focus');
});

test('a page whose host may not hide it any more is shown', () => {
  const opened = open();
  opened.abilities.watch(VIEW);
  opened.abilities.perform(VIEW, { visible: false });
  opened.abilities.watch(UNREAD);
  assert.equal(opened.state.views.browser.focused, true);
});

test('a page that is hidden before Mattermost listens is so once it does', () => {
  const opened = open();
  const { window, abilities } = opened;
  const deaf = new EventTarget();
  for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent']) page[name] = /** @type {any} */ (deaf)[name].bind(deaf);
  abilities.watch(VIEW);
  abilities.perform(VIEW, { visible: false });
  assert.equal(opened.state.views.browser.focused, true);
  assert.equal(page.window.isActive, false);
  page.dispatchEvent = window.dispatchEvent.bind(window);
  opened.changes(() => {});
  assert.equal(opened.state.views.browser.focused, false);
});

test('what is not what a request takes is invalid', () => {
  const { abilities } = open();
  abilities.watch(VIEW);
  for (const data of [undefined, null, 'no', {}, { visible: 0 }, { visible: 'false' }]) {
    assert.equal(abilities.perform(VIEW, data), 'invalid');
  }
});

test('a host leads to a channel, a message or the threads of a team', () => {
  for (const path of destinations.shown) assert.equal(destination(path), path);
});

test('a host leads nowhere else', () => {
  const others = [undefined, null, 7, ['/team/threads'], { toString: () => '/team/threads' }, '/', '/team/channels/' + 'a'.repeat(300)];
  for (const path of [...destinations.refused, ...others]) assert.equal(destination(path), undefined, String(path));
});

test('the page goes where Mattermost itself goes, if it has a router', () => {
  /** @type {string[]} */
  const went = [];
  const opened = open();
  page.window.WebappUtils = { browserHistory: { push: (/** @type {string} */ path) => void went.push(path) } };
  const able = capabilities({ getState: () => opened.state, subscribe: () => () => {} }, { supported() {}, changed() {} });
  able.watch(GO);
  assert.equal(able.perform(GO, { path: '/team/threads' }), undefined);
  assert.equal(able.perform(GO, { path: '/login' }), 'invalid');
  assert.equal(able.perform(GO, undefined), 'invalid');
  assert.deepEqual(went, ['/team/threads']);
  opened.abilities.watch(GO);
  assert.equal(opened.abilities.perform(GO, { path: '/team/threads' }), 'failed');
});

test('a status is told as one of four, and not at all before the page knows it', () => {
  const opened = open();
  opened.changes((state) => (state.entities.users.statuses = {}));
  const told = /** @type {unknown[]} */ ([]);
  const store = /** @type {any} */ ({
    getState: () => opened.state,
    subscribe: (/** @type {() => void} */ it) => (opened.listeners.add(it), () => {}),
  });
  const { watch, state } = capabilities(store, { supported: (bits) => void told.push(bits), changed: (bits) => void told.push(bits) });
  watch(STATUS);
  assert.deepEqual([told.pop(), state(STATUS)], [UNREAD | SESSION | VIEW | STATUS | SET_STATUS, {}]);
  let now = 1000;
  for (const [status, expected] of [
    ['online', 'online'],
    ['ooo', 'dnd'],
    ['offline', 'offline'],
    ['lunch', undefined],
  ]) {
    performance.now = () => (now += 1000);
    opened.changes((state) => (state.entities.users.statuses.me = status));
    assert.equal(told.pop(), STATUS);
    assert.deepEqual(state(STATUS), expected ? { status: expected } : {});
  }
});

/** A page that has a router, a title and colours, which the caller can change. */
function openWithContext() {
  const opened = open();
  opened.changes((state) => {
    Object.assign(state.entities.users, { profiles: { me: { locale: 'de', username: 'anna' }, you: { username: 'ben' } } });
    state.entities.teams.teams = { t: { display_name: 'Acme' } };
    state.entities.channels.currentChannelId = 'a';
    state.entities.channels.channels.a.display_name = 'Design';
  });
  const around = {
    title: '(3) Design - Acme',
    background: '#ffffff',
    path: '/acme/channels/design',
    look: () => {},
    observed: 0,
    listening: 0,
    styles: 0,
  };
  const { history } = Object.assign(around, {
    history: {
      get location() {
        return { pathname: around.path };
      },
      listen: () => ((around.listening += 1), () => void (around.listening -= 1)),
      push() {},
    },
  });
  page.window.WebappUtils = { browserHistory: history };
  page.document = {
    head: {},
    documentElement: {},
    hasFocus: () => true,
    get title() {
      return around.title;
    },
  };
  page.getComputedStyle = () => ((around.styles += 1), { getPropertyValue: () => ' ' + around.background });
  page.MutationObserver = class {
    /** @param {() => void} look */
    constructor(look) {
      around.look = look;
    }
    observe() {
      around.observed += 1;
    }
    disconnect() {
      around.observed = 0;
    }
  };
  const store = /** @type {any} */ ({
    getState: () => opened.state,
    subscribe: (/** @type {() => void} */ it) => (opened.listeners.add(it), () => {}),
  });
  const told = /** @type {number[]} */ ([]);
  const abilities = capabilities(store, { supported() {}, changed: (bits) => void told.push(bits) });
  let now = performance.now();
  performance.now = () => (now += 1000);
  return Object.assign(around, { opened, told, abilities });
}

test('the context is what is on screen, as Mattermost writes it', () => {
  const { abilities, opened, ...rest } = openWithContext();
  const around = rest;
  abilities.watch(CONTEXT);
  const whole = { team: 'Acme', channel: 'Design', path: '/acme/channels/design', title: 'Design - Acme', locale: 'de', theme: 'light' };
  assert.deepEqual(abilities.state(CONTEXT), { context: whole });
  opened.changes((state) => {
    Object.assign(state.entities.channels.channels, { d: { type: 'D', name: 'me__you', delete_at: 0 } });
    state.entities.channels.currentChannelId = 'd';
  });
  assert.equal(around.told.pop(), CONTEXT);
  assert.equal(abilities.state(CONTEXT).context?.channel, '@ben');
});

test('a title or a colour that follows the store is told as well, and a count in the title is not', () => {
  const around = openWithContext();
  const { abilities, told } = around;
  abilities.watch(CONTEXT);
  assert.ok(around.observed);
  around.title = '* Design - Acme';
  around.look();
  assert.deepEqual(told, []);
  for (const [background, theme] of [
    ['#1f1f1f', 'dark'],
    ['#fff', 'light'],
    ['#000', 'dark'],
    ['', 'light'],
  ]) {
    around.background = background;
    around.look();
    assert.equal(told.pop(), CONTEXT);
    assert.equal(abilities.state(CONTEXT).context?.theme, theme);
  }
  around.path = '/acme/threads';
  around.look();
  assert.equal(told.pop(), CONTEXT);
  abilities.watch(SESSION);
  assert.deepEqual([around.observed, around.listening], [0, 0], 'nobody listens');
});

test('the colours are read when they may have changed, and not at each change of the store', () => {
  const around = openWithContext();
  const { abilities, opened, told } = around;
  abilities.watch(CONTEXT);
  assert.equal(around.styles, 1);
  for (let change = 0; change < 10; change += 1) opened.changes((state) => (state.entities.users.profiles = {}));
  assert.equal(around.styles, 1);
  around.background = '#000';
  around.look();
  assert.equal(around.styles, 2);
  assert.equal(told.pop(), CONTEXT);
  abilities.watch(SESSION);
  around.background = '#fff';
  abilities.watch(CONTEXT);
  assert.equal(abilities.state(CONTEXT).context?.theme, 'light', 'nobody watched meanwhile');
});

test('a status is set with the user’s own session, and only one of four', async () => {
  const opened = open();
  opened.changes((state) => (state.entities.users.statuses = { me: 'online' }));
  const store = /** @type {any} */ ({ getState: () => opened.state, subscribe: () => () => {} });
  const abilities = capabilities(store, { supported() {}, changed() {} });
  abilities.watch(SET_STATUS);
  page.document.cookie = 'MMUSERID=me; MMCSRF=token';
  /** @type {any[]} */
  const sent = [];
  let status = 200;
  page.fetch = async (/** @type {any[]} */ ...request) => (sent.push(request), new Response('{}', { status }));
  for (const wrong of [undefined, null, 7, 'ooo', '', ['dnd']]) {
    assert.equal(await abilities.perform(SET_STATUS, { status: wrong }), 'invalid');
  }
  assert.equal(sent.length, 0);
  assert.equal(await abilities.perform(SET_STATUS, { status: 'dnd' }), undefined);
  const [[address, { method, headers, body }]] = sent;
  assert.match(address, /\/api\/v4\/users\/me\/status$/);
  assert.deepEqual([method, headers['X-CSRF-Token'], JSON.parse(body)], ['PUT', 'token', { user_id: 'me', status: 'dnd' }]);
  status = 403;
  assert.equal(await abilities.perform(SET_STATUS, { status: 'away' }), 'failed');
  page.fetch = async () => Promise.reject(new TypeError('Failed to fetch'));
  assert.equal(await abilities.perform(SET_STATUS, { status: 'away' }), 'failed');
});
