// The language files hold the same texts, and all that the page names.

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
  const code = ['view.js', 'mends.js', 'check.js', 'capabilities.js']
    .map((file) => readFileSync(new URL(`../../page/console/${file}`, import.meta.url), 'utf8'))
    .join('\n');
  const named = new Set([...code.matchAll(/(?:say\(|\? |: )'([a-z_]+)'/g)].map((match) => match[1]));
  CAPABILITIES.forEach((capability) => named.add(`capability_${capability}`));
  ['good', 'note', 'warning', 'problem'].forEach((level) => named.add(`level_${level}`));
  const texts = new Set(Object.keys(en));
  assert.deepEqual(
    [...texts].filter((key) => !named.has(key) && !code.includes(`'${key}'`)),
    [],
    'left over',
  );
  const keys = new Set([...code.matchAll(/say\('([a-z_]+)'/g)].map((match) => match[1]));
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
  // Which is what the server part is told.
  assert.deepEqual([languageOf(user('de-AT')).name, languageOf(user('fr')).name], ['de', 'en']);
  assert.equal(languageOf({ entities: { general: { config: { DefaultClientLocale: 'de' } } } }).say('copied'), 'Kopiert.');
  assert.equal(languageOf(undefined).say('copied'), 'Copied.');
});

test('what is filled in stays as it is', () => {
  assert.equal(language('en').say('put_into_field', { origin: '<b>{origin}</b>$&' }), 'Write <b>{origin}</b>$& into the field');
});
