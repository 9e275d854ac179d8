// The language files hold the same texts, and every finding has one.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { CAPABILITIES } from '../../page/console/grants.js';
import { language, languageOf } from '../../page/console/language.js';
import de from '../../page/console/languages/de.js';
import en from '../../page/console/languages/en.js';

/** @type {(text: string) => string[]} */
const placeholders = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test('German has every text of English, with the same places to fill in', () => {
  assert.deepEqual(Object.keys(de), Object.keys(en));
  for (const [key, text] of Object.entries(en)) {
    assert.deepEqual(placeholders(/** @type {Record<string, string>} */ (de)[key]), placeholders(text), key);
  }
});

test('every text that the code names exists, and none is left over', () => {
  const code = ['findings.js', 'view.js', 'remedies.js', 'check.js', 'capabilities.js']
    .map((file) => readFileSync(new URL(`../../page/console/${file}`, import.meta.url), 'utf8'))
    .join('\n');
  const server = [
    'no_scheme',
    'no_host',
    'backslash',
    'user_name',
    'path',
    'query',
    'fragment',
    'too_long',
    'wildcard',
    'opaque',
    'port',
    'host',
    'setting_too_long',
    'too_many',
  ];
  const named = new Set([...code.matchAll(/(?:key: |say\(|\? |: )'([a-z_]+)'/g)].map((match) => match[1]));
  server.forEach((problem) => named.add(`problem_${problem}`));
  CAPABILITIES.forEach((capability) => named.add(`capability_${capability}`));
  ['good', 'note', 'warning', 'problem'].forEach((level) => named.add(`level_${level}`));
  const texts = new Set(Object.keys(en));
  assert.deepEqual(
    [...texts].filter((key) => !named.has(key) && !code.includes(`'${key}'`)),
    [],
    'left over',
  );
  const keys = new Set([...code.matchAll(/(?:\{key: |say\()'([a-z_]+)'/g)].map((match) => match[1]));
  assert.deepEqual(
    [...keys].filter((key) => !texts.has(key)),
    [],
    'missing',
  );
});

test('the check speaks as Mattermost does, and English where it cannot', () => {
  const user = (/** @type {string} */ locale) => ({ entities: { users: { currentUserId: 'u', profiles: { u: { locale } } } } });
  assert.equal(languageOf(user('de')).say('copied'), 'Kopiert.');
  assert.equal(languageOf(user('en-AU')).say('copied'), 'Copied.');
  assert.deepEqual([languageOf(user('fr')).locale, languageOf(user('fr')).say('copied')], ['en', 'Copied.']);
  assert.equal(languageOf({ entities: { general: { config: { DefaultClientLocale: 'de' } } } }).say('copied'), 'Kopiert.');
  assert.equal(languageOf(undefined).say('copied'), 'Copied.');
});

test('what is filled in stays as it is', () => {
  assert.equal(language('en').say('write_instead', { origin: '<b>{origin}</b>$&' }), 'Write <b>{origin}</b>$& instead.');
});
