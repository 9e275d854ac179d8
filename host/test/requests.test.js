// What a page asks of the chat, and how it learns what became of it.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { embed } from '../src/embed.js';
import { go, setStatus, signIn } from '../src/requests.js';
import { Frame, ORIGIN, openPage, pass, settle } from './page.js';

/** @type {ReturnType<typeof openPage>} */
let page;
beforeEach(() => (page = openPage()));

/** A chat that grants all that is asked for here, and is still silent. */
async function begin() {
  const frame = new Frame();
  const chat = embed(/** @type {any} */ (frame), { want: ['go', 'status.set'] });
  await settle();
  return { frame, chat, answer: (have = ['go', 'status.set']) => frame.say('ok', { have, frame: '1.0.0' }) };
}

/** What became of a request: `'done'`, an error's code, or nothing yet. @param {Promise<void>} request */
function outcome(request) {
  const seen = { is: '', message: '' };
  request.then(
    () => (seen.is = 'done'),
    ({ code, message }) => Object.assign(seen, { is: code, message }),
  );
  return seen;
}

test('a request is asked by number and ends with the answer to that number', async () => {
  const { frame, chat, answer } = await begin();
  await answer();
  const first = outcome(go(chat, '/team/channels/design'));
  const second = outcome(setStatus(chat, 'dnd'));
  const [asked] = frame.said('go');
  assert.deepEqual(asked, {
    type: 'notifymatters.go',
    notifymatters: '20171130',
    data: { path: '/team/channels/design' },
    ref: asked.ref,
    to: ORIGIN,
  });
  const [set] = frame.said('status.set');
  assert.deepEqual(set.data, { status: 'dnd' });
  assert.notEqual(asked.ref, set.ref);
  await frame.say('ref.resolve', { ref: asked.ref }, { origin: 'https://evil.example.com' });
  await frame.say('ref.resolve', { ref: asked.ref }, { source: {} });
  await frame.say('ref.resolve', { ref: asked.ref + 100 });
  assert.deepEqual([first.is, second.is], ['', '']);
  await frame.say('ref.reject', { ref: set.ref, data: { code: 'failed' } });
  await frame.say('ref.resolve', { ref: asked.ref, data: null });
  assert.deepEqual([first.is, second.is], ['done', 'failed']);
});

test('before the chat has answered a request waits, and is asked once', async () => {
  const { frame, chat, answer } = await begin();
  const opened = outcome(go(chat, '/team/channels/design'));
  await pass(2000);
  assert.equal(frame.said('go').length, 0);
  await answer();
  await answer();
  assert.equal(frame.said('go').length, 1);
  await frame.say('ref.resolve', { ref: frame.said('go')[0].ref });
  assert.equal(opened.is, 'done');
});

test('what the page may not do, or an old plugin does not know, is refused at once and not asked', async () => {
  for (const have of [['unread'], undefined]) {
    const { frame, chat } = await begin();
    await frame.say('ok', have && { have });
    const opened = outcome(go(chat, '/team/channels/design'));
    await settle();
    assert.equal(opened.is, 'not-granted');
    assert.match(opened.message, /grant/);
    assert.equal(frame.said('go').length, 0);
  }
});

test('a chat that goes away or says nothing ends it, and nothing is left', async () => {
  const { frame, chat, answer } = await begin();
  await answer();
  const before = page.window.listeners;
  const requests = [go(chat, '/team/threads')].map(outcome);
  await frame.say('off', { data: { reason: 'signed-out' } });
  assert.equal(requests[0].is, 'lost');
  requests.push(outcome(go(chat, '/team/threads')));
  await pass(12000);
  assert.equal(requests[1].is, 'timeout');
  await answer();
  requests.push(outcome(go(chat, '/team/threads')));
  await pass(12000);
  assert.equal(requests[2].is, 'timeout');
  requests.push(outcome(go(chat, '/team/threads')));
  await frame.load();
  assert.equal(requests[3].is, 'lost');
  assert.equal(page.window.listeners, before);
});

/** A window that the user may close. */
function aWindow() {
  return {
    closed: false,
    close() {
      this.closed = true;
    },
  };
}

/** What became of signing in: nothing yet, or the answer. @param {Promise<boolean>} signing */
function answerOf(signing) {
  const seen = { is: /** @type {boolean | undefined} */ (undefined) };
  signing.then((answer) => (seen.is = answer));
  return seen;
}

test('the user signs in in a window of the chat’s own, which is closed once the chat is connected', async () => {
  const { chat, answer } = await begin();
  page.beside = aWindow();
  const signing = answerOf(signIn(chat));
  assert.deepEqual(page.opened, [[ORIGIN + '/', '_blank', 'popup,width=600,height=720']], 'within the click');
  await pass(60000);
  assert.equal(signing.is, undefined);
  await answer();
  await pass(600);
  assert.equal(signing.is, true);
  assert.equal(page.beside.closed, true);
  assert.equal(await signIn(chat), true);
  assert.equal(page.opened.length, 1, 'somebody is signed in');
});

test('a window that is closed or does not open ends signing in, a moment later', async () => {
  const { chat, answer } = await begin();
  assert.equal(await signIn(chat), false);
  page.beside = aWindow();
  const given = answerOf(signIn(chat));
  page.beside.close();
  await pass(3000);
  assert.equal(given.is, undefined, 'the frame may be on its way');
  await pass(4000);
  assert.equal(given.is, false);
  page.beside = aWindow();
  const quick = answerOf(signIn(chat));
  page.beside.close();
  await pass(1000);
  await answer();
  await pass(600);
  assert.equal(quick.is, true);
});
