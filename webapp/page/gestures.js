// Tells of what the user does in the page, as far as the browser lets a page ask for a permission because of it.

const TYPES = ['click', 'keydown'];

/**
 * Escape and, in some engines, Tab activate nothing, nor does what a script dispatches: a question put then is put in vain.
 * @param {Event} event
 */
function activates(event) {
  // Before Firefox 120 and Safari 16.4 there is no `userActivation`.
  return event.isTrusted && navigator.userActivation?.isActive !== false;
}

/**
 * Makes what begins or ceases to call `tell`, synchronously in each such event.
 * @param {() => void} tell
 */
export function gestures(tell) {
  /** @param {Event} event */
  const listener = (event) => {
    if (activates(event)) tell();
  };
  return (/** @type {boolean} */ watch) => {
    for (const type of TYPES) (watch ? addEventListener : removeEventListener)(type, listener, true);
  };
}
