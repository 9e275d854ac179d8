// Mattermost's configuration through its REST API, with the administrator's own rights.

/** Mattermost's answer to a request that it refused. */
export class RestError extends Error {
  /**
   * @param {string} message as Mattermost words it, in the administrator's language
   * @param {number} status of HTTP
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** @param {string} base */
export function readConfig(base) {
  return call(base, 'GET', 'config');
}

/** @param {string} base */
export function readEnvironment(base) {
  return call(base, 'GET', 'config/environment');
}

/**
 * Writes one setting, and nothing else.
 *
 * @param {string} base
 * @param {string} section
 * @param {string} key
 * @param {string | boolean} value
 * @returns {Promise<Record<string, any>>} the whole configuration as it is afterwards
 */
export function writeSetting(base, section, key, value) {
  return call(base, 'PUT', 'config/patch', {[section]: {[key]: value}});
}

/**
 * @param {string} base
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<Record<string, any>>}
 */
async function call(base, method, path, body) {
  /** @type {Record<string, string>} */
  const headers = {'X-Requested-With': 'XMLHttpRequest'};
  if (body) {
    headers['Content-Type'] = 'application/json';
    headers['X-CSRF-Token'] = csrfToken();
  }
  const response = await fetch(`${base}/api/v4/${path}`, {
    method,
    headers,
    body: body && JSON.stringify(body),
    cache: 'no-store',
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new RestError(answer.message ?? `HTTP ${response.status}`, response.status);
  }
  return answer;
}

/** Mattermost wants it back in a header from whoever is logged in by cookie. */
function csrfToken() {
  return /(?:^|;\s*)MMCSRF=([^;]*)/.exec(document.cookie)?.[1] ?? '';
}
