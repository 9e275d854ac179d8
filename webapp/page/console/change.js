// Changes one setting of Mattermost, exactly as it was shown to the administrator before.

import { readConfig, writeSetting } from './rest.js';

export const WRITTEN = 'written';
/** Somebody else changed it meanwhile: nothing was written. */
export const CHANGED = 'changed';
/** Nothing was written; without an error, Mattermost took it and dropped it. */
export const REFUSED = 'refused';

/**
 * @typedef {object} Outcome
 * @property {'written' | 'changed' | 'refused'} result
 * @property {Record<string, any>} [config] Mattermost's configuration as it is now
 * @property {Error} [error] Mattermost's own words, or no answer of Mattermost's
 */

/**
 * @param {string} base address of Mattermost
 * @param {import('./facts.js').SettingChange} wanted
 * @returns {Promise<Outcome>}
 */
export async function change(base, { section, key, from, to }) {
  try {
    const before = await readConfig(base);
    if (before[section]?.[key] !== from) {
      return { result: CHANGED, config: before };
    }
    const config = await writeSetting(base, section, key, to);
    return { result: config[section]?.[key] === to ? WRITTEN : REFUSED, config };
  } catch (error) {
    return { result: REFUSED, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
