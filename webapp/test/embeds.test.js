// Who can be the page's embedder, by windows alone.

import assert from 'node:assert/strict';
import test from 'node:test';

import { embeds } from '../page/embeds.js';

/**
 * A window as another one sees it: its parent, top and opener, and nothing else.
 * @param {object} [relations]
 */
function makeWindow({ parent = undefined, opener = null } = {}) {
  const made = /** @type {any} */ ({ opener });
  made.parent = parent ?? made;
  made.top = parent ? parent.top : made;
  return made;
}

test('in a frame, the parent, the top and what is between them embed the page', () => {
  const top = makeWindow();
  const between = makeWindow({ parent: top });
  const parent = makeWindow({ parent: between });
  const page = makeWindow({ parent });
  for (const ancestor of [top, between, parent]) assert.equal(embeds(ancestor, page), true);
});

test('in a frame, nobody else embeds the page', () => {
  const top = makeWindow();
  const page = makeWindow({ parent: top });
  const strangers = {
    'no window': null,
    'the page itself': page,
    'a nested frame': makeWindow({ parent: page }),
    'a sibling': makeWindow({ parent: top }),
    'a popup of the page': makeWindow({ opener: page }),
    'a popup of the host': makeWindow({ opener: top }),
    'an unrelated window': makeWindow(),
  };
  for (const [name, source] of Object.entries(strangers)) assert.equal(embeds(source, page), false, name);
});

test('on a top-level page an unrelated window may be the embedder of a webview', () => {
  const page = makeWindow();
  assert.equal(embeds(makeWindow(), page), true);
  assert.equal(embeds(makeWindow({ parent: makeWindow() }), page), true);
});

test('on a top-level page no relative embeds it', () => {
  const opener = makeWindow();
  const page = makeWindow({ opener });
  const popup = makeWindow({ opener: page });
  const strangers = {
    'no window': null,
    'the page itself': page,
    'a frame in it': makeWindow({ parent: page }),
    'a frame in a frame in it': makeWindow({ parent: makeWindow({ parent: page }) }),
    'its opener': opener,
    'a frame beside its opener': makeWindow({ parent: opener }),
    'a window that it opened': popup,
    'a frame in a window that it opened': makeWindow({ parent: popup }),
    'a window that its popup opened': makeWindow({ opener: popup }),
  };
  for (const [name, source] of Object.entries(strangers)) assert.equal(embeds(source, page), false, name);
});

test('a window that is gone by the time its message arrives embeds nothing', () => {
  // As browsers show a frame that posted and was removed in the same task.
  const gone = /** @type {any} */ ({ parent: null, top: null, opener: null });
  for (const page of [makeWindow(), makeWindow({ opener: gone }), makeWindow({ parent: makeWindow() })]) {
    assert.equal(embeds(gone, page), false);
  }
});

test('openers that lead in a circle end the search', () => {
  const one = makeWindow();
  const other = makeWindow({ opener: one });
  one.opener = other;
  assert.equal(embeds(one, makeWindow()), true);
});
