// Each entry can be imported where there is no page: a server renders with it.

import assert from 'node:assert/strict';

const { embed } = await import('notifymatters-host');
const { MattermostEmbed } = await import('notifymatters-host/element');
const { go, setStatus, signIn } = await import('notifymatters-host/requests');
const whole = await import('notifymatters-host/mattermost-embed.js');
await import('notifymatters-host/worker');
const { default: manifest } = await import('notifymatters-host/package.json', { with: { type: 'json' } });

assert.equal(typeof embed, 'function');
assert.equal(typeof MattermostEmbed, 'function');
assert.deepEqual([typeof go, typeof setStatus, typeof signIn], ['function', 'function', 'function']);
assert.deepEqual(Object.keys(whole).sort(), ['MattermostEmbed', 'embed']);
assert.equal(manifest.dependencies, undefined);
