// What headers allow which page to frame Mattermost.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { mayFrame } from '../../page/console/framing.js';

const MAIL = 'https://mail.example.com';
const CHAT = 'https://chat.example.com';

/**
 * @param {string | null} policy
 * @param {string | null} frameOptions
 */
function allowed(policy, frameOptions = null, host = MAIL, self = CHAT) {
  return mayFrame({ policy, frameOptions }, host, self).allowed;
}

test('without any header everybody may frame', () => {
  assert.deepEqual(mayFrame({ policy: null, frameOptions: null }, MAIL, CHAT), { allowed: true, by: 'none' });
});

test('X-Frame-Options forbids other origins, and those of one origin only with DENY', () => {
  assert.equal(allowed(null, 'SAMEORIGIN'), false);
  assert.equal(allowed(null, 'SAMEORIGIN', CHAT), true);
  assert.equal(allowed(null, 'deny', CHAT), false);
  assert.equal(allowed(null, 'SAMEORIGIN, SAMEORIGIN', CHAT), true);
  assert.equal(allowed(null, 'SAMEORIGIN, ALLOW-FROM https://mail.example.com', CHAT), false);
});

test('X-Frame-Options that no browser knows forbids nothing', () => {
  assert.equal(allowed(null, 'ALLOW-FROM https://other.example.com'), true);
  assert.equal(allowed(null, 'ALLOWALL'), true);
});

test('frame-ancestors makes X-Frame-Options count for nothing', () => {
  assert.equal(allowed("frame-ancestors 'self' https://mail.example.com", 'DENY'), true);
  assert.equal(allowed("script-src 'self'", 'SAMEORIGIN'), false);
});

test("Mattermost's own policy allows only its own origin", () => {
  const policy = "frame-ancestors 'self' ; script-src 'self' cdn.rudderlabs.com";
  assert.equal(allowed(policy, 'SAMEORIGIN'), false);
  assert.equal(allowed(policy, 'SAMEORIGIN', CHAT), true);
  assert.equal(mayFrame({ policy, frameOptions: 'SAMEORIGIN' }, MAIL, CHAT).by, 'frame-ancestors');
});

test('every policy that names frame-ancestors has to allow', () => {
  assert.equal(allowed("frame-ancestors 'self' https://mail.example.com, frame-ancestors 'self'"), false);
  assert.equal(allowed("frame-ancestors 'self' https://mail.example.com, script-src 'self'"), true);
  assert.equal(allowed('frame-ancestors https://mail.example.com; frame-ancestors https://other.example.com'), true);
});

test('a source may leave out scheme or port, and have a wildcard in front', () => {
  for (const source of [
    'mail.example.com',
    '*.example.com',
    'https://*.example.com',
    '*',
    'https:',
    'http:',
    'http://mail.example.com',
    'https://mail.example.com:443',
    'https://mail.example.com:*',
    'https://mail.example.com/',
    'HTTPS://MAIL.example.com',
  ]) {
    assert.equal(allowed(`frame-ancestors ${source}`), true, source);
  }
});

test('a source is no prefix and no path', () => {
  for (const source of [
    "'none'",
    '',
    'example.com',
    'https://mail.example.com.evil.example',
    'https://mail.example.com:8443',
    'https://mail.example.com/webapp',
    'ws://mail.example.com',
    '*mail.example.com',
    'https://mail.*.com',
  ]) {
    assert.equal(allowed(`frame-ancestors ${source}`), false, source);
  }
});

test('a host on a port of its own, on an address or in an application has to be named', () => {
  assert.equal(allowed('frame-ancestors https://mail.example.com', null, 'https://mail.example.com:8443'), false);
  assert.equal(allowed('frame-ancestors https://mail.example.com:8443', null, 'https://mail.example.com:8443'), true);
  assert.equal(allowed('frame-ancestors https://[::1]:8443', null, 'https://[::1]:8443'), true);
  assert.equal(allowed('frame-ancestors app://deskapp', null, 'app://deskapp'), true);
  assert.equal(allowed('frame-ancestors *', null, 'app://deskapp'), false);
});

test('http is not allowed by https', () => {
  assert.equal(allowed('frame-ancestors https://mail.example.com', null, 'http://mail.example.com'), false);
  assert.equal(allowed('frame-ancestors mail.example.com', null, 'http://mail.example.com'), false);
});
