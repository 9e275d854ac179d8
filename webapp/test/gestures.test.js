// Which events count as a user's gesture.

import assert from 'node:assert/strict';
import test from 'node:test';

import { gestures } from '../page/gestures.js';

const page = /** @type {any} */ (globalThis);

/**
 * A page whose events are made by hand, because a script's own are never trusted.
 * @param {import('node:test').TestContext} context
 * @param {object} navigator
 */
function open(context, navigator) {
  /** @type {Map<string, (event: object) => void>} */
  const listeners = new Map();
  page.addEventListener = (/** @type {string} */ type, /** @type {any} */ listener) => void listeners.set(type, listener);
  page.removeEventListener = (/** @type {string} */ type) => void listeners.delete(type);
  const { navigator: before } = page;
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  context.after(() => Object.defineProperty(globalThis, 'navigator', { value: before, configurable: true }));
  let told = 0;
  const watch = gestures(() => void told++);
  return {
    watch,
    told: () => told,
    fire: (/** @type {string} */ type, /** @type {boolean} */ isTrusted) => listeners.get(type)?.({ type, isTrusted }),
  };
}

test('a click and a key press of the user count while they are watched', (context) => {
  const { watch, fire, told } = open(context, { userActivation: { isActive: true } });
  fire('click', true);
  assert.equal(told(), 0);
  watch(true);
  fire('click', true);
  fire('keydown', true);
  assert.equal(told(), 2);
  watch(false);
  fire('click', true);
  assert.equal(told(), 2);
});

test('what a script dispatches is no gesture', (context) => {
  const { watch, fire, told } = open(context, { userActivation: { isActive: true } });
  watch(true);
  fire('click', false);
  fire('keydown', false);
  assert.equal(told(), 0);
});

test('a key that activates nothing is no gesture, and the next one that does is', (context) => {
  const userActivation = { isActive: false };
  const { watch, fire, told } = open(context, { userActivation });
  watch(true);
  fire('keydown', true);
  assert.equal(told(), 0);
  userActivation.isActive = true;
  fire('keydown', true);
  assert.equal(told(), 1);
});

test('where the browser does not tell of activation every event of the user counts', (context) => {
  const { watch, fire, told } = open(context, {});
  watch(true);
  fire('keydown', true);
  assert.equal(told(), 1);
});
