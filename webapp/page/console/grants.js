// The setting `Capabilities`: JSON by origin becomes rows of checkboxes, and a changed checkbox becomes JSON.

/** All names, in the order of `Capability::ALL` in `protocol`. */
export const CAPABILITIES = ['unread', 'session', 'view', 'status', 'context', 'go', 'status.set'];

/** What an origin has that the setting does not name. */
const DEFAULT = ['unread', 'session', 'view'];

/**
 * What is granted by origin; a name that is no capability stays as it is.
 *
 * @typedef {Map<string, string[]>} Grants
 */

/**
 * @typedef {object} Row
 * @property {string} origin
 * @property {string} [unicode_host]
 * @property {boolean} trusted
 * @property {Set<string>} granted
 */

/**
 * @param {string} setting
 * @returns {Grants | null} `null`: not what a table could show
 */
export function parse(setting) {
  if (!setting.trim()) {
    return new Map();
  }
  let value;
  try {
    value = JSON.parse(setting);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return null;
  }
  const entries = Object.entries(value);
  const shown = entries.every(([, names]) => Array.isArray(names) && names.every((name) => typeof name === 'string'));
  return shown ? new Map(entries) : null;
}

/**
 * One row for each trusted origin, then one for each other that the setting names.
 *
 * @param {Grants} grants
 * @param {{origin: string, unicode_host?: string}[]} trusted
 * @returns {Row[]}
 */
export function rows(grants, trusted) {
  const row = (/** @type {{origin: string, unicode_host?: string}} */ { origin, unicode_host }, /** @type {boolean} */ isTrusted) => ({
    origin,
    unicode_host,
    trusted: isTrusted,
    granted: new Set(grants.get(origin) ?? DEFAULT),
  });
  const known = new Set(trusted.map(({ origin }) => origin));
  const others = [...grants.keys()].filter((origin) => !known.has(origin));
  return [...trusted.map((report) => row(report, true)), ...others.map((origin) => row({ origin }, false))];
}

/**
 * @param {Grants} grants
 * @param {string} origin
 * @param {string} capability
 * @param {boolean} granted
 * @returns {string} the setting with one capability more or less
 */
export function changed(grants, origin, capability, granted) {
  const before = grants.get(origin) ?? DEFAULT;
  const unknown = before.filter((name) => !CAPABILITIES.includes(name));
  const now = CAPABILITIES.filter((name) => (name === capability ? granted : before.includes(name))).concat(unknown);
  const changedGrants = new Map(grants);
  if (String(now) === String(DEFAULT)) {
    changedGrants.delete(origin);
  } else {
    changedGrants.set(origin, now);
  }
  return written(changedGrants);
}

/**
 * @param {Grants} grants
 * @param {string} origin
 * @returns {string} the setting without the origin
 */
export function without(grants, origin) {
  return written(new Map([...grants].filter(([other]) => other !== origin)));
}

/**
 * A line an origin, for whoever reads it as text; nothing where every origin has the default.
 *
 * @param {Grants} grants
 */
function written(grants) {
  if (grants.size === 0) {
    return '';
  }
  const lines = [...grants].map(([origin, names]) => {
    const list = names.map((name) => JSON.stringify(name)).join(', ');
    return `  ${JSON.stringify(origin)}: [${list}]`;
  });
  return `{\n${lines.join(',\n')}\n}`;
}
