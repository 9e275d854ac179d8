// Converts what the page gives as options the way Web IDL and the Notifications Standard say.

/**
 * The attributes of a notification, and `wire`: the members that were given, converted.
 * @typedef {object} Given
 * @property {string} dir
 * @property {string} lang
 * @property {string} body
 * @property {string} navigate
 * @property {string} tag
 * @property {string} image
 * @property {string} icon
 * @property {string} badge
 * @property {readonly number[]} vibrate
 * @property {number} timestamp
 * @property {boolean} renotify
 * @property {boolean | null} silent
 * @property {boolean} requireInteraction
 * @property {unknown} data
 * @property {readonly never[]} actions
 * @property {Record<string, unknown>} wire
 */

const FAILED = "Failed to construct 'Notification': ";
const DIRECTIONS = ['auto', 'ltr', 'rtl'];

/** The longest vibration pattern and the longest entry in it, by the Vibration API's hint and common browsers. */
const VIBRATIONS = 99;
const VIBRATION = 10000;

/** @param {unknown} value */
const text = (value) => `${value}`;

/** A URL as the Standard keeps it: resolved, or none if it cannot be. @param {unknown} value */
function url(value) {
  try {
    return new URL(text(value), document.baseURI).href;
  } catch {
    return '';
  }
}

/** @param {unknown} value */
function direction(value) {
  const word = text(value);
  if (DIRECTIONS.includes(word)) return word;
  throw new TypeError(`${FAILED}The provided value '${word}' is not a valid enum value of type NotificationDirection.`);
}

/** An `unsigned long long`, as far as a number can hold it. @param {unknown} value */
function epoch(value) {
  const number = Math.trunc(+(/** @type {number} */ (value)));
  if (!Number.isFinite(number)) return 0;
  return number < 0 ? Number(BigInt.asUintN(64, BigInt(number))) : number % 2 ** 64;
}

/** A single number, or a sequence of them if it is one. @param {any} value */
function pattern(value) {
  const list = value !== null && typeof value === 'object' && value[Symbol.iterator] ? sequence(value, 'vibrate') : [value];
  const numbers = list.map((entry) => Math.min(/** @type {number} */ (entry) >>> 0, VIBRATION)).slice(0, VIBRATIONS);
  // A pause at the end is none.
  if (numbers.length % 2 === 0) numbers.pop();
  return numbers;
}

/**
 * @param {any} value
 * @param {string} name
 * @returns {unknown[]}
 */
function sequence(value, name) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function') || typeof value[Symbol.iterator] !== 'function') {
    throw new TypeError(`${FAILED}The provided '${name}' value cannot be converted to a sequence.`);
  }
  return [...value];
}

/**
 * The members by the order in which Web IDL reads them, each with its conversion.
 * @type {[string, (value: unknown) => unknown][]}
 */
const MEMBERS = [
  ['actions', (value) => sequence(value, 'actions')],
  ['badge', url],
  ['body', text],
  ['data', (value) => value],
  ['dir', direction],
  ['icon', url],
  ['image', url],
  ['lang', text],
  ['navigate', url],
  ['renotify', Boolean],
  ['requireInteraction', Boolean],
  ['silent', (value) => (value === null ? null : Boolean(value))],
  ['tag', text],
  ['timestamp', epoch],
  ['vibrate', pattern],
];

/**
 * @param {unknown} options
 * @returns {Given}
 */
export function convert(options) {
  if (options !== undefined && options !== null && typeof options !== 'object' && typeof options !== 'function') {
    throw new TypeError(`${FAILED}The provided value is not of type 'NotificationOptions'.`);
  }
  /** @type {Record<string, any>} */
  const wire = {};
  for (const [name, to] of MEMBERS) {
    const value = /** @type {any} */ (options ?? {})[name];
    if (value !== undefined) wire[name] = to(value);
  }
  const { actions = [], silent = null, vibrate, renotify = false, tag = '' } = wire;
  if (actions.length) {
    throw new TypeError(
      `${FAILED}Actions are only supported for persistent notifications shown using ServiceWorkerRegistration.showNotification().`,
    );
  }
  if (silent && vibrate) {
    throw new TypeError(`${FAILED}Silent notifications must not specify vibration patterns.`);
  }
  if (renotify && !tag) {
    throw new TypeError(`${FAILED}Notifications which set the renotify flag must specify a non-empty tag.`);
  }
  let data = null;
  if (wire.data !== undefined && wire.data !== null) {
    data = structuredClone(wire.data);
    // A copy of its own: the page may change what the attribute gives it before a held notification is sent.
    wire.data = structuredClone(data);
  }
  return {
    dir: wire.dir ?? 'auto',
    lang: wire.lang ?? '',
    body: wire.body ?? '',
    navigate: wire.navigate ?? '',
    tag,
    image: wire.image ?? '',
    icon: wire.icon ?? '',
    badge: wire.badge ?? '',
    vibrate: Object.freeze(vibrate ?? []),
    timestamp: wire.timestamp ?? Date.now(),
    renotify,
    silent,
    requireInteraction: wire.requireInteraction ?? false,
    data,
    actions: Object.freeze([]),
    wire,
  };
}
