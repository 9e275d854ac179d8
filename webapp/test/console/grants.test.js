// The setting `Capabilities` between its text and its table.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { CAPABILITIES, changed, parse, rows, without } from '../../page/console/grants.js';

const A = 'https://a.example';
const B = 'https://b.example';

/** @type {(setting: string, trusted: string[]) => [string, boolean, string][]} */
const shown = (setting, trusted) => {
  const grants = /** @type {import('../../page/console/grants.js').Grants} */ (parse(setting));
  const reports = trusted.map((origin) => ({ origin }));
  return rows(grants, reports).map((row) => [row.origin, row.trusted, [...row.granted].join(' ')]);
};

/** @type {(setting: string) => import('../../page/console/grants.js').Grants} */
const grantsOf = (setting) => /** @type {any} */ (parse(setting));

test('the names are those of the protocol, in its order', () => {
  const source = readFileSync(new URL('../../../protocol/src/capability.rs', import.meta.url), 'utf8');
  const names = [...source.matchAll(/^ +Self::\w+ => "([a-z.]+)",$/gm)].map((match) => match[1]);
  assert.deepEqual(CAPABILITIES, names);
});

test('there is a row for each trusted origin, with the default where the setting does not name it', () => {
  for (const setting of ['', ' \n', '{}']) {
    assert.deepEqual(shown(setting, [A, B]), [
      [A, true, 'unread session view'],
      [B, true, 'unread session view'],
    ]);
  }
  assert.deepEqual(shown(`{"${B}": []}`, [A, B])[1], [B, true, '']);
});

test('an origin that is named and no longer trusted has a row that says so', () => {
  assert.deepEqual(shown(`{"${B}": ["go"], "__proto__": ["go"]}`, [A]), [
    [A, true, 'unread session view'],
    [B, false, 'go'],
    ['__proto__', false, 'go'],
  ]);
});

test('what is no object with a list of names for each origin is left to be written as text', () => {
  for (const setting of ['{', 'null', '[]', '"x"', '7', `{"${A}": "go"}`, `{"${A}": [7]}`, `{"${A}": null}`]) {
    assert.equal(parse(setting), null, setting);
  }
});

test('a checkbox changes one capability of one origin', () => {
  const setting = changed(grantsOf(''), A, 'go', true);
  assert.equal(setting, `{\n  "${A}": ["unread", "session", "view", "go"]\n}`);
  assert.equal(changed(grantsOf(setting), A, 'unread', false), `{\n  "${A}": ["session", "view", "go"]\n}`);
  const both = changed(grantsOf(setting), B, 'view', false);
  assert.deepEqual(JSON.parse(both), { [A]: ['unread', 'session', 'view', 'go'], [B]: ['unread', 'session'] });
});

test('what has nothing but the default again is not named', () => {
  const setting = changed(grantsOf(''), A, 'go', true);
  assert.equal(changed(grantsOf(setting), A, 'go', false), '');
});

test('an origin that has nothing is named with an empty list', () => {
  const nothing = ['unread', 'session', 'view'].reduce((setting, name) => changed(grantsOf(setting), A, name, false), '');
  assert.deepEqual(JSON.parse(nothing), { [A]: [] });
});

test('a name that is no capability stays, for the server part to name it', () => {
  const setting = changed(grantsOf(`{"${A}": ["fly", "go"]}`), A, 'unread', true);
  assert.deepEqual(JSON.parse(setting), { [A]: ['unread', 'go', 'fly'] });
});

test('an origin can be removed', () => {
  const setting = `{"${A}": ["go"], "${B}": []}`;
  assert.deepEqual(JSON.parse(without(grantsOf(setting), A)), { [B]: [] });
  assert.equal(without(grantsOf(`{"${A}": []}`), A), '');
});
