// What a button does to the text in the field of the trusted origins.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { corrected } from '../../page/console/field.js';

test('a part is put right where it stands, once, and the rest stays', () => {
  for (const [setting, wrong, right, then] of [
    [
      'https://a.example,b.example/x; https://c.example',
      'b.example/x',
      'https://b.example',
      'https://a.example https://b.example https://c.example',
    ],
    ['https://b.example b.example', 'b.example', 'https://b.example', 'https://b.example'],
    // Typed over meanwhile, or written by hand under another key.
    ['https://a.example', 'b.example', 'https://b.example', 'https://a.example https://b.example'],
    ['', '', 'https://a.example https://b.example', 'https://a.example https://b.example'],
  ]) {
    assert.equal(corrected(setting, wrong, right), then, setting);
  }
});
