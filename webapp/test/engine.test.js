// The component on top of what runs it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { engine } from '../page/engine.js';

/** What wasm-bindgen writes, as far as it matters here: everything goes through one variable. */
function glue() {
  /** @type {any} */
  let wasm;
  class Component {}
  return {
    Component: /** @type {any} */ (Component),
    __wbg_set_wasm: (/** @type {object} */ exports) => (wasm = exports),
    freed: () => wasm.__wbg_component_free(1, 2),
  };
}

test('what the browser frees calls the component as long as it lives, and nobody after that', () => {
  let calls = 0;
  const bound = glue();
  const { Component, end } = engine(bound, { __wbg_component_free: () => (calls += 1) });
  assert.equal(Component, bound.Component);
  bound.freed();
  end();
  bound.freed();
  assert.equal(calls, 1);
});

test('the component is started where it has something to start', () => {
  /** @type {string[]} */
  const order = [];
  const bound = glue();
  engine({ ...bound, __wbg_set_wasm: () => order.push('bound') }, { __wbindgen_start: () => order.push('started') });
  assert.deepEqual(order, ['bound', 'started']);
});
