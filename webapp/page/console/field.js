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
