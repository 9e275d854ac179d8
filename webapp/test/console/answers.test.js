// What servers answer, and what becomes of it at the door.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { UnexpectedAnswer, configurationOf, reportOf, spellingsOf } from '../../page/console/answers.js';

const BASE = 'https://chat.example.com';

/** @type {(config: unknown, environment?: unknown, base?: string) => import('../../page/console/answers.js').Configuration} */
const configuration = (config, environment = null, base = BASE) => configurationOf(config, environment, base, 'notifymatters');

test('a server without environment variables answers null, and nothing is fixed', () => {
  for (const environment of [
    null,
    undefined,
    {},
    [],
    'null',
    { ServiceSettings: null },
    { ServiceSettings: { SiteURL: true }, PluginSettings: { Enable: true } },
  ]) {
    assert.deepEqual(configuration({}, environment).fixed, { frame_ancestors: false, landing_page: false, plugins: false });
  }
  const environment = { ServiceSettings: { FrameAncestors: true, EnableDesktopLandingPage: true }, PluginSettings: { Plugins: true } };
  assert.deepEqual(configuration({}, environment).fixed, { frame_ancestors: true, landing_page: true, plugins: true });
});

test('a setting that a server lacks, or answers as null, is none', () => {
  for (const config of [
    {},
    { ServiceSettings: null, PluginSettings: null },
    { ServiceSettings: { SiteURL: null, FrameAncestors: null, EnableDesktopLandingPage: null, AllowCorsFrom: null } },
  ]) {
    const { site_url, frame_ancestors, landing_page, cors_from, restricted, spellings } = configuration(config);
    assert.deepEqual([site_url, frame_ancestors, landing_page, cors_from, restricted, spellings], [null, null, null, '', false, []]);
  }
});

test('of two spellings of a key the one of the System Console comes first', () => {
  const settings = (/** @type {object | null} */ of) =>
    spellingsOf({ PluginSettings: { Plugins: { notifymatters: of } } }, 'notifymatters', 'trustedorigin');
  assert.deepEqual(settings({ TrustedOrigin: 'a', other: 'c', trustedorigin: 'b' }), [
    { key: 'trustedorigin', value: 'b' },
    { key: 'TrustedOrigin', value: 'a' },
  ]);
  assert.deepEqual(settings({ trustedorigin: null, TRUSTEDORIGIN: ['a'] }), [
    { key: 'trustedorigin', value: '' },
    { key: 'TRUSTEDORIGIN', value: '["a"]' },
  ]);
  assert.deepEqual(settings(null), []);
});

test("the WebSocket's address is made as Mattermost's pages make it", () => {
  const address = (/** @type {object} */ service, base = BASE) => configuration({ ServiceSettings: service }, null, base).web_socket;
  assert.equal(address({}), 'wss://chat.example.com/api/v4/websocket');
  assert.equal(address({ WebsocketURL: '', WebsocketPort: 80, WebsocketSecurePort: 443 }), 'wss://chat.example.com/api/v4/websocket');
  assert.equal(address({ WebsocketSecurePort: 8443 }, `${BASE}/sub`), 'wss://chat.example.com:8443/sub/api/v4/websocket');
  assert.equal(address({ WebsocketPort: 81 }, 'http://chat.example.com:8065'), 'ws://chat.example.com:8065/api/v4/websocket');
  assert.equal(address({ WebsocketURL: 'wss://ws.example.com/' }), 'wss://ws.example.com/api/v4/websocket');
});

test('what is no report of the server part is not taken for one', () => {
  for (const answer of [null, undefined, '<html>', [], {}, { mattermost: {}, trusted_origins: [] }, { mattermost: { origin: BASE } }]) {
    assert.throws(
      () => reportOf(answer, '/diagnostics'),
      (error) => error instanceof UnexpectedAnswer && error.path === '/diagnostics',
    );
  }
  const least = reportOf({ mattermost: { origin: BASE }, trusted_origins: [] }, '');
  assert.deepEqual([least.stored, least.groups, least.omitted, least.asked], ['', [], 0, { answered: [], refused: [] }]);
});
