// Which language the check speaks: the one that the user's Mattermost speaks.

import de from './languages/de.js';
import en from './languages/en.js';

/** @type {Record<string, Record<string, string>>} */
const LANGUAGES = { de, en };

/** A header or a pasted setting may be long; the end of it mends nothing. */
const MAX_VALUE_CHARS = 300;

/**
 * @typedef {object} Language
 * @property {string} name `de` or `en`
 * @property {string} locale as in `Intl`
 * @property {(key: string, values?: Record<string, string>) => string} say
 */

/**
 * @param {any} state of the page's Redux store
 * @returns {Language}
 */
export function languageOf(state) {
  const { users, general } = state?.entities ?? {};
  const locale = users?.profiles?.[users.currentUserId]?.locale || general?.config?.DefaultClientLocale || 'en';
  return language(locale);
}

/**
 * @param {string} locale such as `de` or `en-AU`; a language that the check does not speak is English
 * @returns {Language}
 */
export function language(locale) {
  const wanted = locale.toLowerCase().split('-')[0];
  const name = wanted in LANGUAGES ? wanted : 'en';
  const texts = LANGUAGES[name];
  return {
    name,
    locale: name === wanted ? locale : name,
    say: (key, values = {}) =>
      (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, place) => (place in values ? shown(values[place]) : whole)),
  };
}

/**
 * What comes from outside, without the characters that would change how the text around it reads.
 *
 * @param {string} value
 */
export function shown(value) {
  const short = value.length > MAX_VALUE_CHARS ? `${value.slice(0, MAX_VALUE_CHARS)}…` : value;
  // eslint-disable-next-line no-control-regex -- controls are what is to be found
  return short.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '\ufffd');
}
