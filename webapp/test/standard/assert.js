// As much of an assertion library as the clauses need, for node and for pages alike.

/** @param {unknown} value */
const shown = (value) => (typeof value === 'string' ? JSON.stringify(value) : String(value));

/**
 * @param {unknown} condition
 * @param {string} what
 */
export function ok(condition, what) {
  if (!condition) throw new Error(what);
}

/**
 * @param {unknown} found
 * @param {unknown} wanted
 * @param {string} [what]
 */
export function equal(found, wanted, what = 'the value') {
  if (!Object.is(found, wanted)) throw new Error(`${what} is ${shown(found)} instead of ${shown(wanted)}`);
}

/**
 * Lists of simple values.
 * @param {Iterable<unknown>} found
 * @param {unknown[]} wanted
 * @param {string} [what]
 */
export function list(found, wanted, what = 'the list') {
  const values = [...found];
  ok(
    values.length === wanted.length && values.every((value, n) => Object.is(value, wanted[n])),
    `${what} is [${values.map(shown)}] instead of [${wanted.map(shown)}]`,
  );
}

/**
 * @param {() => unknown} call
 * @returns {any}
 */
function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing is thrown');
}

/**
 * Throws an error of this very class, which is the page's own.
 * @param {new (...values: any[]) => object} Class
 * @param {() => unknown} call
 */
export function throws(Class, call) {
  const error = thrown(call);
  ok(error instanceof Class, `${error} is thrown, which is no ${Class.name} of this page`);
}

/**
 * Throws this very value.
 * @param {unknown} value
 * @param {() => unknown} call
 */
export function throwsThis(value, call) {
  equal(thrown(call), value, 'what is thrown');
}

/**
 * @param {() => unknown} call
 */
export function throwsDataCloneError(call) {
  const error = thrown(call);
  ok(error instanceof DOMException, `${error} is thrown, which is no DOMException of this page`);
  equal(error.name, 'DataCloneError', 'its name');
}

/**
 * @param {new (...values: any[]) => object} Class
 * @param {() => Promise<unknown>} call
 */
export async function rejects(Class, call) {
  const promise = call();
  ok(promise instanceof Promise, 'no promise of this page is returned');
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  ok(error instanceof Class, `it rejects with ${error}, which is no ${Class.name} of this page`);
}

/**
 * A property's descriptor, with its flags as wanted: a word for each that is set.
 * @param {object} object
 * @param {PropertyKey} name
 * @param {string} flags some of `writable enumerable configurable`
 * @returns {PropertyDescriptor}
 */
export function own(object, name, flags) {
  const found = Object.getOwnPropertyDescriptor(object, name);
  if (!found) throw new Error(`there is no own property ${String(name)}`);
  const set = /** @type {const} */ (['writable', 'enumerable', 'configurable']).filter((flag) => found[flag]);
  equal(set.join(' '), flags, `what ${String(name)} is`);
  return found;
}

/** How long to wait for what takes a few tasks, in milliseconds. */
const PATIENCE = 10000;

/**
 * Waits until the condition holds.
 * @param {string} what
 * @param {() => unknown} condition
 */
export async function until(what, condition) {
  const end = performance.now() + PATIENCE;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`within ${PATIENCE} ms this did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
