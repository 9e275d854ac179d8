// The life of a frame: when it is offered what, and when it is given up.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { embed } from '../src/embed.js';
import { Frame, ORIGIN, made, openPage, pass, record, settle } from './page.js';

/** @type {ReturnType<typeof openPage>} */
let page;
beforeEach(() => (page = openPage()));

/** @param {import('../src/types.js').EmbedOptions} [options] */
async function begin(options, frame = new Frame()) {
  const embedding = embed(/** @type {any} */ (frame), options);
  const heard = record(embedding);
  await settle();
  return { frame, embedding, heard };
}

test('it offers to show notifications every 200 ms until the chat answers, and then no more', async () => {
  const { frame, embedding, heard } = await begin();
  assert.deepEqual(frame.heard, [{ type: 'notifymatters.enable', notifymatters: '20171130', data: 'granted', ref: null, to: ORIGIN }]);
  assert.equal(embedding.status, 'waiting');
  await pass(400);
  assert.equal(frame.heard.length, 3);
  await frame.say('ok');
  assert.equal(embedding.status, 'connected');
  await pass(60000);
  assert.equal(frame.heard.length, 3);
  assert.deepEqual(heard.events, [['statuschange', 'connected']]);
});

test('without an answer it says so once, goes on slowly, and takes an answer that comes late', async () => {
  const { frame, embedding, heard } = await begin();
  await pass(20000);
  assert.equal(embedding.status, 'lost');
  assert.equal(embedding.error?.code, 'no-answer');
  const before = frame.heard.length;
  await pass(600000);
  assert.equal(frame.heard.length - before, 60, 'one offer each ten seconds');
  assert.deepEqual(heard.codes(), ['no-answer']);
  await frame.say('ok');
  assert.equal(embedding.status, 'connected');
  assert.equal(embedding.error, undefined);
});

test('a server that is down is found to be after five seconds', async () => {
  page.isUp = false;
  const { heard, embedding } = await begin();
  await pass(5000);
  assert.deepEqual(heard.codes(), ['unreachable']);
  assert.deepEqual(page.fetched, [ORIGIN]);
  await pass(16000);
  assert.deepEqual(heard.codes(), ['unreachable'], 'no second reason for the same');
  assert.equal(embedding.status, 'lost');
});

test('a policy of the page that forbids to look for the server says nothing about the server', async () => {
  page.isUp = false;
  const { heard } = await begin();
  await pass(4600);
  page.document.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), { effectiveDirective: 'connect-src' }));
  await pass(16000);
  assert.deepEqual(heard.codes(), ['no-answer']);
});

test('each load of the frame is offered anew, and what an earlier one left is closed', async () => {
  const { frame, embedding, heard } = await begin();
  await frame.say('ok');
  await frame.notify(7);
  assert.equal(made[0].isClosed, false);
  frame.heard.length = 0;
  await frame.load();
  assert.equal(made[0].isClosed, true);
  assert.deepEqual(
    frame.heard.map(({ type }) => type),
    ['notifymatters.enable'],
    'the new page knows nothing of the old number',
  );
  assert.equal(embedding.status, 'waiting');
  await frame.say('ok');
  assert.deepEqual(heard.of('statuschange'), ['connected', 'waiting', 'connected']);
});

test('before the first page is there nothing is said', async () => {
  const frame = new Frame();
  frame.contentDocument = { URL: 'about:blank', location: { protocol: 'about:' } };
  await begin({}, frame);
  await pass(1000);
  assert.equal(frame.heard.length, 0);
  frame.contentDocument = null;
  await pass(200);
  assert.equal(frame.heard.length, 1);
});

test('a changed permission is told', async () => {
  const { frame, embedding } = await begin();
  await frame.say('ok');
  page.Notification.permission = 'denied';
  page.permission.dispatchEvent(new Event('change'));
  await settle();
  assert.equal(frame.said('enable').at(-1).data, 'denied');
  assert.equal(embedding.status, 'connected', 'the chat is still there');
});

test('a page that comes back from the back/forward cache offers again, another does not', async () => {
  const { frame } = await begin();
  await frame.say('ok');
  page.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  assert.equal(frame.heard.length, 1);
  page.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  assert.equal(frame.heard.length, 2);
});

test('only the frame’s own window and origin are heard', async () => {
  const { frame, embedding, heard } = await begin();
  await frame.say('ok', {}, { origin: 'https://evil.example.com' });
  await frame.say('ok', {}, { source: {} });
  await frame.say('ok', {}, { source: null });
  assert.equal(embedding.status, 'waiting');
  await frame.notify(1);
  await frame.say('notification.new', { data: { id: 2, title: 'forged', options: {} } }, { origin: 'https://evil.example.com' });
  assert.deepEqual(
    heard.of('notification').map(({ id }) => id),
    [1],
  );
});

test('the chat’s question is put at once, within the click that it came from, and answered by number', async () => {
  page.Notification.permission = 'default';
  const { frame } = await begin();
  assert.equal(frame.heard[0].data, 'default');
  await frame.say('ok');
  const said = frame.say('notification.requestPermission', { ref: 3 });
  assert.equal(page.Notification.asked, 1);
  await said;
  assert.deepEqual(frame.said('ref.resolve'), [
    { type: 'notifymatters.ref.resolve', notifymatters: '20171130', data: 'granted', ref: 3, to: ORIGIN },
  ]);
});

test('a browser that rejects the question, or throws, is answered with what is known', async () => {
  page.Notification.permission = 'default';
  const { frame, embedding } = await begin();
  for (const requestPermission of [
    () => Promise.reject(new Error('no')),
    () => {
      throw new Error('no');
    },
    (/** @type {() => void} */ done) => void done(),
  ]) {
    Object.assign(page.Notification, { requestPermission });
    assert.equal(await embedding.requestPermission(), 'default');
  }
  delete (/** @type {any} */ (page.Notification).requestPermission);
  await frame.say('notification.requestPermission', { ref: 4 });
  assert.equal(frame.said('ref.resolve')[0].data, 'default');
});

test('a button of the host’s asks, and the chat is told', async () => {
  page.Notification.permission = 'default';
  Object.assign(page.Notification, { requestPermission: async () => (page.Notification.permission = 'granted') });
  const { frame, embedding } = await begin();
  await frame.say('ok');
  assert.equal(await embedding.requestPermission(), 'granted');
  assert.equal(frame.said('enable').at(-1).data, 'granted');
});

test('a frame that was taken out is lost, and served again when it is back', async () => {
  const { frame, embedding } = await begin();
  await frame.say('ok');
  await frame.notify(7);
  const window = frame.contentWindow;
  frame.contentWindow = null;
  await pass(10000);
  assert.deepEqual([embedding.status, made[0].isClosed], ['lost', true]);
  const before = frame.heard.length;
  await pass(60000);
  frame.contentWindow = window;
  await frame.load();
  assert.equal(frame.heard.length, before + 1);
  await frame.say('ok');
  assert.equal(embedding.status, 'connected');
});

test('nothing is left after destroy, and the chat is told the truth', async () => {
  const { frame, embedding, heard } = await begin();
  await frame.say('ok');
  await frame.notify(7);
  await frame.notify(8);
  heard.events.length = 0;
  embedding.destroy();
  embedding.destroy();
  assert.equal(embedding.status, 'lost');
  assert.equal(frame.heard.at(-1).data, 'denied');
  assert.deepEqual(
    made.map(({ isClosed }) => isClosed),
    [true, true],
  );
  await settle();
  assert.deepEqual([frame.listeners, page.window.listeners, page.permission.listeners, page.document.listeners], [0, 0, 0, 0]);
  assert.equal(page.navigator.locks.held.size, 0);
  const before = frame.heard.length;
  await pass(60000);
  await frame.load();
  await frame.notify(9);
  assert.equal(await embedding.requestPermission(), 'granted');
  assert.equal(frame.heard.length, before);
  assert.equal(made.length, 2);
});

test('one that is destroyed at once says nothing', async () => {
  const frame = new Frame();
  embed(/** @type {any} */ (frame)).destroy();
  await pass(1000);
  assert.equal(frame.heard.length, 0);
});

const BAD = {
  'bad-frame': [[null], [7], ['#chat'], [{}], [new EventTarget()]],
  'bad-origin': [
    [{ src: 'http://' }],
    [{ src: 'javascript:alert(1)' }],
    [{ src: 'data:text/html,x' }],
    [{}, { origin: 'file:///chat' }],
    [{}, { origin: 'https://[' }],
  ],
  'insecure-chat': [[{ src: 'http://chat.example.com/' }]],
  redirected: [[{ contentDocument: { URL: 'https://mail.example.com/login', location: new URL('https://mail.example.com/login') } }]],
};

for (const [code, cases] of Object.entries(BAD)) {
  test(`${code} is an event with a sentence, and never an exception`, async () => {
    for (const [fields, options] of cases) {
      page = openPage();
      const isFrame = fields && Object.getPrototypeOf(fields) === Object.prototype && code !== 'bad-frame';
      const { heard, embedding } = await begin(
        /** @type {any} */ (options),
        isFrame ? Object.assign(new Frame(), fields) : /** @type {any} */ (fields),
      );
      assert.deepEqual(heard.codes(), [code], JSON.stringify(fields));
      assert.equal(embedding.status, 'lost');
      assert.match(embedding.error?.message ?? '', /^\S.{15,}[.?>m]$/);
      assert.ok(embedding.error instanceof Error);
      embedding.destroy();
    }
  });
}

test('a chat on this machine may be http in an https page', async () => {
  const { heard } = await begin({}, Object.assign(new Frame(), { src: 'http://localhost:8065/' }));
  assert.deepEqual(heard.codes(), []);
});

test('a frame that has no address yet is waited for', async () => {
  const { frame, embedding, heard } = await begin({}, Object.assign(new Frame(), { src: '' }));
  await pass(60000);
  assert.deepEqual([embedding.status, heard.events], ['waiting', []]);
  frame.src = ORIGIN + '/';
  await frame.load();
  assert.equal(frame.heard.length, 1);
});

test('an answer that lies is an event, and does no harm', async () => {
  const { frame, embedding, heard } = await begin();
  const lies = [
    ['ok', { notifymatters: '20990101' }],
    ['ok', { notifymatters: undefined }],
    ['notification.requestPermission', { ref: 'three' }],
    ['notification.new', {}],
    ['notification.new', { data: null }],
    ['notification.new', { data: { id: '7', title: 'x', options: {} } }],
    ['notification.new', { data: { id: 7, title: 'x', options: 'body' } }],
    ['notification.new', { data: { id: 7, title: 'x' } }],
    ['notification.close', { data: 7 }],
  ];
  for (const [command, fields] of lies) await frame.say(/** @type {string} */ (command), /** @type {object} */ (fields));
  assert.deepEqual(
    heard.codes(),
    lies.map(() => 'bad-message'),
  );
  assert.deepEqual([embedding.status, made.length], ['waiting', 0]);
  for (const data of [undefined, null, 7, 'notifymatters.ok', [], { type: 7 }, { type: 'notifymatters.later' }, { type: 'webpackOk' }]) {
    await frame.say('', {}, { data });
  }
  assert.equal(heard.codes().length, lies.length, 'what is not of this protocol is nobody’s fault');
  await frame.say('ok', { have: 7 });
  assert.equal(embedding.status, 'connected');
  assert.doesNotThrow(() => (embedding.visible = false), 'what should be a list need not be one');
});

test('a frame that is to be hidden gives up the focus, at once and whenever it takes it again', async () => {
  const { frame, embedding } = await begin();
  page.document.activeElement = frame;
  embedding.visible = false;
  assert.equal(frame.blurred, 1);
  page.document.activeElement = frame;
  await frame.load();
  assert.equal(frame.blurred, 2);
  page.document.activeElement = frame;
  page.window.dispatchEvent(new Event('blur'));
  await pass(0);
  assert.equal(frame.blurred, 3);
  embedding.visible = true;
  page.document.activeElement = frame;
  await frame.load();
  assert.equal(frame.blurred, 3);
});

test('the user’s activity in the frame is an event, also while only the focus tells of it', async () => {
  const { frame, heard } = await begin();
  await frame.say('ok');
  page.document.activeElement = frame;
  page.window.dispatchEvent(new Event('blur'));
  await pass(0);
  frame.dispatchEvent(new Event('pointerenter'));
  await pass(200);
  await pass(10000);
  await pass(10000);
  assert.deepEqual(
    heard
      .of('activity')
      .map(({ kind }) => kind)
      .slice(0, 4),
    ['focus', 'pointer', 'focused', 'focused'],
  );
  page.document.hasFocus = () => false;
  const before = heard.of('activity').length;
  await pass(60000);
  assert.equal(heard.of('activity').length, before, 'another window has the focus');
});

const WANT = /** @type {const} */ (['unread', 'view']);

test('what it wants is asked for, what it has is known, and what the chat tells is put together', async () => {
  const { frame, embedding, heard } = await begin({ want: WANT });
  assert.deepEqual(frame.said('enable')[0].want, WANT);
  await frame.say('ok', { have: ['unread'], frame: '1.0.0' });
  assert.deepEqual(embedding.have, ['unread']);
  await frame.say('state', { data: { unread: { mentions: 1, messages: 4 }, session: 'in' } });
  await frame.say('state', { data: { unread: { mentions: 2, messages: 5 } } });
  assert.deepEqual(embedding.state, { unread: { mentions: 2, messages: 5 }, session: 'in' });
  assert.deepEqual(heard.of('state').at(-1), embedding.state);
  await frame.say('off', { data: { reason: 'signed-out' } });
  assert.deepEqual([embedding.status, embedding.have, embedding.state], ['waiting', [], {}]);
  assert.deepEqual(heard.of('state').at(-1), {}, 'nobody shows an old count');
  const offers = frame.said('enable').length;
  await pass(30000);
  assert.equal(frame.said('enable').length, offers, 'the chat answers by itself');
  await frame.say('ok', { have: [] });
  assert.equal(embedding.status, 'connected');
});

test('a chat of before capabilities is asked as well, and has none', async () => {
  const { frame, embedding } = await begin({ want: WANT });
  await frame.say('ok');
  assert.deepEqual(embedding.have, []);
  embedding.visible = false;
  assert.deepEqual(frame.said('view'), []);
});

test('the chat is told whether the user sees it, if it may be told', async () => {
  const { frame, embedding } = await begin({ want: WANT });
  embedding.visible = false;
  assert.deepEqual(frame.said('view'), []);
  await frame.say('ok', { have: ['view'] });
  embedding.visible = true;
  assert.deepEqual(
    frame.said('view').map(({ data }) => data),
    [{ visible: false }, { visible: true }],
  );
});

test('a host that asked for something says that it leaves', async () => {
  const { frame, embedding } = await begin({ want: WANT });
  await frame.say('ok', { have: [] });
  const offers = frame.said('enable').length;
  embedding.destroy();
  assert.deepEqual([frame.said('disable').length, frame.said('enable').length], [1, offers + 1]);
  assert.equal(frame.said('enable')[offers].data, 'denied', 'for a chat of before capabilities');
});
