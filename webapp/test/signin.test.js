// Signing in inside a frame: which clicks open a window, and when the page goes on.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { signIn } from '../page/signin.js';

const page = /** @type {any} */ (globalThis);
const SITE = 'https://chat.example.com/chat/';

/**
 * A login page in a frame.
 * @param {import('node:test').TestContext} context
 * @param {{ around?: string, opens?: boolean, has?: boolean }} [given] the address of the page around it, as far as it may be read,
 * whether windows open, and whether it has its cookies
 */
function begin(context, { around = undefined, opens = true, has = true } = {}) {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const window = new EventTarget();
  page.addEventListener = window.addEventListener.bind(window);
  // Node (20) knows of capture only in an object there.
  page.removeEventListener = (/** @type {any} */ type, /** @type {any} */ listener, /** @type {boolean} */ capture) =>
    window.removeEventListener(type, listener, { capture });
  const beside = { closed: false, close: () => (beside.closed = true) };
  const seen = {
    beside,
    user: '',
    /** What a request for the user is answered with. @type {{ ok: boolean } | Error} */
    me: { ok: true },
    /** @type {string[]} */ opened: [],
    /** @type {string[]} */ fetched: [],
    reloads: 0,
    asked: 0,
    /** @type {(() => void)[]} */ undo: [],
    /** @param {string} value */
    cookie(value) {
      page.document.cookie = value;
    },
    async later(seconds = 1) {
      for (let second = 0; second < seconds; second += 1) {
        context.mock.timers.tick(1000);
        for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
      }
    },
    /** Whether a click on a link stays in the page. @param {string} href */
    click(href, more = {}) {
      const event = Object.assign(new Event('click', { cancelable: true }), { button: 0, ...more });
      Object.defineProperty(event, 'target', { value: { closest: () => (href ? { href } : null) } });
      return window.dispatchEvent(event);
    },
  };
  page.self = window;
  page.parent = {
    get location() {
      if (around === undefined) throw new Error('of another origin');
      return { href: around };
    },
  };
  page.document = {
    cookie: 'MMUSERID=me; MMCSRF=old',
    hasStorageAccess: async () => has,
    requestStorageAccess: async () => void (seen.asked += 1),
  };
  page.open = (/** @type {string} */ address) => (seen.opened.push(address), opens ? beside : null);
  page.location = { reload: () => (seen.reloads += 1) };
  page.fetch = async (/** @type {string} */ address) => {
    seen.fetched.push(address);
    if (seen.me instanceof Error) throw seen.me;
    return seen.me;
  };
  signIn(SITE + 'plugins/notifymatters/', () => seen.user, seen.undo);
  return seen;
}

test('single sign-on gets a window of its own, whatever its kind, and nothing else does', (context) => {
  const { click, opened } = begin(context);
  const ways = ['oauth/gitlab/login', 'oauth/openid/login?redirect_to=%2Fteam', 'oauth/google/signup', 'login/sso/saml?extra=1'];
  for (const way of ways) assert.equal(click(SITE + way), false, way);
  assert.deepEqual(
    opened,
    ways.map((way) => SITE + way),
  );
  for (const other of [
    '',
    SITE,
    SITE + 'signup_user_complete',
    SITE + 'login',
    SITE + 'oauth/gitlab/complete',
    'https://elsewhere.example.com/oauth/gitlab/login',
  ]) {
    assert.equal(click(other), true, other);
  }
  for (const key of ['ctrlKey', 'metaKey', 'shiftKey', 'altKey']) assert.equal(click(SITE + ways[0], { [key]: true }), true, key);
  assert.equal(click(SITE + ways[0], { button: 1 }), true);
  assert.equal(opened.length, ways.length);
});

test('where no window opens, or another plugin’s page signs the user in, all is as without us', (context) => {
  const blocked = begin(context, { opens: false });
  assert.equal(blocked.click(SITE + 'oauth/gitlab/login'), true);
  context.mock.timers.reset();
  const inTeams = begin(context, { around: SITE + 'plugins/com.mattermost.plugin-msteams-devsecops/iframe' });
  assert.equal(inTeams.click(SITE + 'oauth/gitlab/login'), true);
  assert.deepEqual(inTeams.opened, []);
  context.mock.timers.reset();
  const inWebmail = begin(context, { around: 'https://chat.example.com/web/' });
  assert.equal(inWebmail.click(SITE + 'oauth/gitlab/login'), false);
});

test('the page goes on once there is another session, and the window is closed', async (context) => {
  const seen = begin(context);
  seen.click(SITE + 'oauth/gitlab/login');
  await seen.later(60);
  assert.deepEqual(seen.fetched, [], 'an old session is none');
  seen.cookie('');
  await seen.later();
  seen.cookie('MMUSERID=me; MMCSRF=new');
  await seen.later();
  assert.deepEqual(seen.fetched, [SITE + 'api/v4/users/me']);
  assert.deepEqual([seen.reloads, seen.beside.closed], [1, true]);
  await seen.later(10);
  assert.equal(seen.reloads, 1);
});

test('a cookie alone is no session, and where the server does not answer it is asked again', async (context) => {
  const seen = begin(context);
  seen.me = { ok: false };
  seen.cookie('MMCSRF=new');
  await seen.later(5);
  assert.deepEqual([seen.fetched.length, seen.reloads], [1, 0]);
  seen.me = new TypeError('Failed to fetch');
  seen.cookie('MMCSRF=newer');
  await seen.later(2);
  seen.me = { ok: true };
  await seen.later(1);
  assert.deepEqual([seen.fetched.length, seen.reloads], [4, 1]);
});

test('who signs in in the page itself stays, and it ends with the plugin', async (context) => {
  const seen = begin(context);
  seen.click(SITE + 'oauth/gitlab/login');
  seen.cookie('MMCSRF=new');
  seen.user = 'me';
  await seen.later(2);
  assert.deepEqual([seen.fetched.length, seen.reloads, seen.beside.closed], [0, 0, true]);
  assert.equal(seen.click(SITE + 'oauth/gitlab/login'), true, 'nobody listens');
  context.mock.timers.reset();
  const other = begin(context);
  for (const end of other.undo) end();
  other.cookie('MMCSRF=new');
  await other.later(2);
  assert.equal(other.fetched.length, 0);
  assert.equal(other.click(SITE + 'oauth/gitlab/login'), true);
});

test('an answer that comes when the user has signed in here, or the plugin is gone, changes nothing', async (context) => {
  for (const meanwhile of [
    (/** @type {ReturnType<typeof begin>} */ seen) => void (seen.user = 'me'),
    (/** @type {ReturnType<typeof begin>} */ seen) => seen.undo.forEach((end) => end()),
  ]) {
    const seen = begin(context);
    seen.cookie('MMCSRF=new');
    context.mock.timers.tick(1000);
    meanwhile(seen);
    await new Promise(setImmediate);
    await seen.later(2);
    assert.deepEqual([seen.fetched.length, seen.reloads], [1, 0]);
    context.mock.timers.reset();
  }
});

test('where the browser keeps the cookies back, the first click asks for them, once, and a session among them is used', async (context) => {
  for (const [has, answer, asked, reloads] of /** @type {[boolean, () => Promise<void>, number, number][]} */ ([
    [false, () => Promise.resolve(), 1, 1],
    [false, () => Promise.reject(new Error('NotAllowedError')), 1, 0],
    [true, () => Promise.resolve(), 0, 0],
  ])) {
    const seen = begin(context, { has });
    seen.cookie('');
    await seen.later();
    seen.click(SITE + 'oauth/gitlab/login');
    assert.equal(seen.asked, 0, 'that click opens a window');
    page.document.requestStorageAccess = async () => {
      seen.asked += 1;
      await answer();
      seen.cookie('MMCSRF=had');
    };
    for (const other of ['', SITE]) seen.click(other);
    await seen.later(3);
    assert.deepEqual([seen.asked, seen.reloads], [asked, reloads]);
    context.mock.timers.reset();
  }
});

test('a page that nobody embeds is left alone', (context) => {
  const seen = begin(context);
  for (const end of seen.undo.splice(0)) end();
  page.parent = page.self;
  signIn(SITE + 'plugins/notifymatters/', () => '', seen.undo);
  assert.equal(seen.click(SITE + 'oauth/gitlab/login'), true);
  assert.deepEqual(seen.undo, []);
});
