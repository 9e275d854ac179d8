// Mattermost's configuration through its REST API, with the administrator's own rights.

import { csrfToken } from '../csrf.js';
import { UnexpectedAnswer, object } from './answers.js';

/** @param {string} base */
export function readConfig(base) {
  return configuration(base, 'GET', 'config');
}

/**
 * @param {string} base
 * @returns {Promise<unknown>}
 */
export function readEnvironment(base) {
  return call(base, 'GET', 'config/environment');
}

/**
 * Writes one setting, and nothing else.
 *
 * @param {string} base
 * @param {string} section
 * @param {string} key
 * @param {string | boolean} value
 * @returns {Promise<Record<string, any>>} the whole configuration as it is afterwards
 */
export function writeSetting(base, section, key, value) {
  return configuration(base, 'PUT', 'config/patch', { [section]: { [key]: value } });
}

/** What Mattermost wants with a body, which is JSON. */
export const writingHeaders = () => ({
  'Content-Type': 'application/json',
  'X-CSRF-Token': csrfToken(),
  'X-Requested-With': 'XMLHttpRequest',
});

/**
 * @param {string} base
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
async function configuration(base, method, path, body) {
  const answer = object(await call(base, method, path, body));
  if (!answer.ServiceSettings) {
    throw new UnexpectedAnswer(`/api/v4/${path}`);
  }
  return answer;
}

/**
 * @param {string} base
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<unknown>}
 */
async function call(base, method, path, body) {
  const response = await fetch(`${base}/api/v4/${path}`, {
    method,
    headers: body ? writingHeaders() : { 'X-Requested-With': 'XMLHttpRequest' },
    body: body && JSON.stringify(body),
    cache: 'no-store',
  });
  const answer = await response.json().catch(() => undefined);
  if (!response.ok) {
    // Mattermost's own words, in the administrator's language.
    throw new Error(object(answer).message ?? `HTTP ${response.status}`);
  }
  if (answer === undefined) {
    throw new UnexpectedAnswer(`/api/v4/${path}`);
  }
  return answer;
}
