// Sentences on the console, each said once in the life of a page, whichever copy of this script says it.

const SAID = 'notifymatters.said';
const page = /** @type {Window & { [SAID]?: Set<string> }} */ (window);

/** @param {string} sentence */
export function say(sentence) {
  const said = (page[SAID] ??= new Set());
  if (said.has(sentence)) return;
  said.add(sentence);
  console.info('Notifymatters: ' + sentence);
}
