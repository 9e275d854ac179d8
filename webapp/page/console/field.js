// The field of a setting, which Mattermost's page keeps to itself: what stands in it can be read.

/** A text counts when nobody has typed for that long, in milliseconds. */
export const TYPING_PAUSE = 400;

/**
 * @param {string} field id of the field
 * @returns {string | null} `null`: there is no such field
 */
export function typedIn(field) {
  const element = document.getElementById(field);
  return element instanceof HTMLInputElement ? element.value : null;
}

/**
 * What stands there with one of its parts put right.
 *
 * @param {string} setting
 * @param {string} wrong
 * @param {string} right
 */
export function corrected(setting, wrong, right) {
  const parts = setting
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((part) => (part === wrong ? right : part));
  return [...new Set(parts.includes(right) ? parts : [...parts, right])].join(' ');
}
