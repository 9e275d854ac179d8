// The script that Mattermost loads: when it begins to load the rest, what it does if that fails, and what is none of its business.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';

const page = /** @type {any} */ (globalThis);
const ORIGIN = 'file://';
const ENABLE = { type: 'notifymatters.enable', notifymatters: '20171130', data: 'granted' };

/** More than the longest pause between two attempts, in milliseconds. */
const LONG = 65000;

const { setTimeout: after } = globalThis;

/** Long enough for an import and an answer; the script's own timers stand still meanwhile. */
const calm = () => new Promise((resolve) => after(resolve, 100));

/** Waits until the rest of the web part has begun; a busy machine takes its time. */
async function begun() {
  for (let step = 0; step < 100 && !page.begun; step += 1) await calm();
  assert.ok(page.begun, 'the rest of the web part begins');
  return page.begun;
}

/** Evaluated anew by each page. */
let loads = 0;

/**
 * A page that loads the script, in a folder in which the rest of the web part is missing.
 * @param {import('node:test').TestContext} context
 * @param {{ embedded?: boolean }} how
 */
async function open(context, { embedded = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'main-'));
  context.after(() => rmSync(folder, { recursive: true }));
  context.mock.timers.enable({ apis: ['setTimeout'] });
  /** @type {string[]} */
  const said = [];
  context.mock.method(console, 'error', (/** @type {string} */ text) => said.push(text));
  const embedder = /** @type {any} */ ({});
  embedder.top = embedder.parent = embedder;
  /** @type {any} */
  let listener;
  /** @type {string[]} */
  const frames = [];
  const fetched = /** @type {string[]} */ ([]);
  delete page['notifymatters.kept'];
  Object.assign(page, {
    START_FILE: 'start.mjs',
    COMPONENT_FILE: 'component.wasm',
    REALM_FILE: 'realm.html',
    self: globalThis,
    parent: embedded ? embedder : globalThis,
    top: embedded ? embedder : globalThis,
    location: { origin: ORIGIN },
    document: {
      currentScript: { src: 'https://chat.example.com' + pathToFileURL(join(folder, 'main.js')).pathname },
      createElement: () => ({
        remove() {
          frames.splice(frames.indexOf(this.src), 1);
        },
      }),
      head: { append: (/** @type {any} */ frame) => frames.push(frame.src) },
    },
    addEventListener: (/** @type {string} */ type, /** @type {any} */ it) => type === 'message' && (listener = it),
    removeEventListener: () => (listener = undefined),
    registerPlugin: (/** @type {string} */ _, /** @type {any} */ plugin) => (page.plugin = plugin),
    fetch: async (/** @type {string} */ address) => {
      fetched.push(address);
      if (!page.answer) throw new TypeError('Failed to fetch');
      return page.answer;
    },
    answer: new Response('', { status: 403, headers: { 'content-type': 'text/html' } }),
    /** What the script that comes in the end is called with. @type {any} */
    begun: undefined,
  });
  await import('../page/main.js?' + (loads += 1));
  page.plugin.initialize({}, undefined);
  context.after(() => page.plugin.uninitialize());
  return {
    said,
    frames,
    fetched,
    /** @param {object} event */
    hear: (event) => {
      const usual = { source: embedder, origin: 'https://mail.example.com', data: ENABLE };
      listener(Object.defineProperties(usual, Object.getOwnPropertyDescriptors(event)));
    },
    /** The rest of the web part can be loaded from now on. */
    mend: () => writeFileSync(join(folder, 'start.mjs'), 'export const start = (context) => ((globalThis.begun = context), () => {});'),
    /** @param {number} milliseconds */
    async pass(milliseconds) {
      await calm();
      context.mock.timers.tick(milliseconds);
      await calm();
    },
  };
}

test('a page that nobody embeds loads nothing before somebody speaks who can be the host, and everything at once then', async (context) => {
  const { mend, hear, frames, fetched, pass } = await open(context);
  mend();
  hear({ source: { top: globalThis } });
  await pass(0);
  assert.deepEqual([frames.length, fetched.length, page.begun], [0, 0, undefined]);
  hear({});
  assert.deepEqual([frames.length, fetched.length], [1, 1]);
  await begun();
});

test('a page that is embedded loads everything before anybody speaks', async (context) => {
  const { hear, frames, fetched } = await open(context, { embedded: true });
  assert.deepEqual([frames.length, fetched.length], [1, 1]);
  hear({});
  assert.deepEqual([frames.length, fetched.length], [1, 1], 'and nothing twice');
});

test('a script that does not come is told of once, with what the server answers', async (context) => {
  const { hear, said, frames, pass } = await open(context);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    hear({});
    await pass(LONG);
  }
  assert.deepEqual(said, ['Notifymatters: could not load start.mjs: 403']);
  assert.ok(frames.length <= 1);
});

test('a script that is blocked in the browser is told of as well', async (context) => {
  const { hear, said, pass } = await open(context);
  page.answer = undefined;
  hear({});
  await pass(0);
  assert.deepEqual(said, ['Notifymatters: could not load start.mjs: TypeError: Failed to fetch']);
});

test('it is tried again with growing pauses while messages wait, whether or not the host still speaks', async (context) => {
  const { hear, fetched, mend, pass } = await open(context);
  const attempts = () => fetched.filter((address) => address.includes('component.wasm')).length;
  hear({});
  await pass(0);
  assert.equal(attempts(), 1);
  for (const [pause, count] of [
    [1000, 2],
    [2000, 3],
    [4000, 4],
  ]) {
    await pass(pause - 1);
    assert.equal(attempts(), count - 1);
    await pass(1);
    assert.equal(attempts(), count);
  }
  mend();
  await pass(8000);
  // The host gave up long ago.
  const { ready } = await begun();
  /** @type {any[]} */
  const told = [];
  ready({ message: (/** @type {any} */ [event]) => told.push(event.data), shutdown: () => [] });
  assert.deepEqual(told, [ENABLE]);
});

test('nothing is tried again where nobody waits, and nothing once the plugin is gone', async (context) => {
  const { hear, fetched, mend, pass } = await open(context);
  mend();
  hear({});
  const { ready, failed } = await begun();
  ready({ message: () => {}, shutdown: () => [] });
  failed('the component failed');
  const before = fetched.length;
  await pass(LONG);
  assert.equal(fetched.length, before);
  page.begun = undefined;
  hear({});
  (await begun()).failed('the component failed');
  hear({});
  page.plugin.uninitialize();
  const after = fetched.length;
  await pass(LONG);
  assert.equal(fetched.length, after);
});

test('what Mattermost says to itself is nobody who asks', async (context) => {
  const { hear, fetched, said, pass, mend } = await open(context);
  mend();
  const answer = { type: 'mattermost_external_auth_login', provider: 'gitlab', href: ORIGIN + '/oauth/gitlab/login' };
  for (const data of [answer, 'notifymatters.enable', null, undefined, 7, {}, { type: { startsWith: 1 } }, { type: ['notify'] }]) {
    hear({ origin: ORIGIN, data });
  }
  await pass(0);
  assert.deepEqual([fetched, said], [[], []]);
  hear({ origin: ORIGIN });
  // A host of the same origin is heard.
  const { ready } = await begun();
  /** @type {any[]} */
  const told = [];
  ready({ message: (/** @type {any} */ [event]) => told.push(event.data), shutdown: () => [] });
  assert.deepEqual(told, [ENABLE]);
});

test('what a stranger sent is not looked at', async (context) => {
  const { hear, pass } = await open(context);
  hear({
    get data() {
      return assert.fail('it was looked at');
    },
  });
  await pass(0);
});

test('what the life before handed over is told to the next one as it was, without anybody speaking', async (context) => {
  const { hear, mend } = await open(context);
  mend();
  hear({});
  const handed = [[{ data: ENABLE }, 'granted']];
  (await begun()).ready({ message: () => {}, shutdown: () => handed });
  page.begun = undefined;
  page.plugin.initialize({}, undefined);
  const { ready } = await begun();
  /** @type {any[]} */
  const told = [];
  ready({ message: (/** @type {any[]} */ ...values) => told.push(values), shutdown: () => [] });
  assert.deepEqual(told, [[[{ data: ENABLE }, 'granted'], true]]);
});
