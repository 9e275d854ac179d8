// Which chats the element asks for the cookie that a login in a frame of another site needs.

import assert from 'node:assert/strict';
import test from 'node:test';

import { prepareLogin } from '../src/element/login.js';

const page = /** @type {any} */ (globalThis);

test('a chat of another origin is asked by https, below its subpath, whatever it answers', async () => {
  page.location = { origin: 'https://portal.example.net' };
  for (const [src, asked] of [
    ['https://chat.example.com', 'https://chat.example.com/plugins/notifymatters/embed'],
    ['https://chat.example.com/', 'https://chat.example.com/plugins/notifymatters/embed'],
    ['https://chat.example.com:8443/?a=/b#c', 'https://chat.example.com:8443/plugins/notifymatters/embed'],
    ['https://example.com/chat', 'https://example.com/chat/plugins/notifymatters/embed'],
    ['https://example.com/chat/', 'https://example.com/chat/plugins/notifymatters/embed'],
    ['https://example.com/chat/team/channels/a', 'https://example.com/chat/plugins/notifymatters/embed'],
    ['https://example.com/team/messages/@ben', 'https://example.com/plugins/notifymatters/embed'],
    ['https://example.com/team/threads', 'https://example.com/plugins/notifymatters/embed'],
    ['https://portal.example.net/chat/', undefined],
    ['http://chat.example.com/', undefined],
  ]) {
    /** @type {[string, RequestInit][]} */
    const requests = [];
    page.fetch = (/** @type {[string, RequestInit]} */ ...request) => {
      requests.push(request);
      return Promise.reject(new TypeError('Failed to fetch'));
    };
    prepareLogin(/** @type {string} */ (src));
    assert.deepEqual(requests, asked ? [[asked, { mode: 'no-cors', credentials: 'include' }]] : [], src);
  }
  // A rejection that nobody took would fail the test.
  await new Promise((resolve) => setTimeout(resolve));
});
