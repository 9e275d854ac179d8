// The door: what servers answered becomes facts here, and nothing behind it reads an answer. Older Mattermosts lack
// settings, others answer `null`, and a proxy may answer in their place.

/** An answer that is none of what was asked for. */
export class UnexpectedAnswer extends Error {
  /** @param {string} path what was asked, below Mattermost's address */
  constructor(path) {
    super(`unexpected answer: ${path}`);
    this.path = path;
  }
}

/**
 * What Mattermost's configuration says of embedding, as the server part takes it (`docs/diagnostics.md`).
 *
 * @typedef {object} Configuration
 * @property {string | null} site_url
 * @property {string | null} frame_ancestors
 * @property {boolean | null} landing_page
 * @property {string} cors_from
 * @property {boolean} restricted
 * @property {{key: string, value: string}[]} spellings the plugin's setting under each spelling of its key; the first counts
 * @property {{frame_ancestors: boolean, landing_page: boolean, plugins: boolean}} fixed what environment variables set
 * @property {string} web_socket the address to which Mattermost's pages connect
 */

/**
 * @param {unknown} config as `GET /api/v4/config` gives it
 * @param {unknown} environment as `GET /api/v4/config/environment` gives it: an object with the sections of which a variable
 *     sets something, and `null` where none does (9.8.1, 11.6.0)
 * @param {string} base address of Mattermost
 * @param {string} pluginId
 * @returns {Configuration}
 */
export function configurationOf(config, environment, base, pluginId) {
  const service = object(object(config).ServiceSettings);
  const fixed = (/** @type {string} */ section, /** @type {string} */ key) => Boolean(object(object(environment)[section])[key]);
  return {
    site_url: text(service.SiteURL),
    frame_ancestors: text(service.FrameAncestors),
    landing_page: typeof service.EnableDesktopLandingPage === 'boolean' ? service.EnableDesktopLandingPage : null,
    cors_from: text(service.AllowCorsFrom) ?? '',
    restricted: object(object(config).ExperimentalSettings).RestrictSystemAdmin === true,
    spellings: spellingsOf(config, pluginId, 'trustedorigin'),
    fixed: {
      frame_ancestors: fixed('ServiceSettings', 'FrameAncestors'),
      landing_page: fixed('ServiceSettings', 'EnableDesktopLandingPage'),
      plugins: fixed('PluginSettings', 'Plugins'),
    },
    web_socket: webSocketOf(service, base),
  };
}

/**
 * The System Console stores keys in lower case; a `config.json` written by hand has them as in the manifest.
 * The server part takes the one in lower case first.
 *
 * @param {unknown} config
 * @param {string} pluginId
 * @param {string} key of a setting, in lower case
 * @returns {Configuration['spellings']}
 */
export function spellingsOf(config, pluginId, key) {
  const settings = object(object(object(object(config).PluginSettings).Plugins)[pluginId]);
  return Object.keys(settings)
    .filter((spelling) => spelling.toLowerCase() === key)
    .sort((a, b) => Number(b === key) - Number(a === key))
    .map((spelling) => ({ key: spelling, value: text(settings[spelling] ?? '') ?? JSON.stringify(settings[spelling]) }));
}

/**
 * As Mattermost's pages make it (5.39 to 11.6): the address in use with a port from the settings where it has none.
 *
 * @param {Record<string, unknown>} service
 * @param {string} base
 */
function webSocketOf(service, base) {
  const path = '/api/v4/websocket';
  const configured = text(service.WebsocketURL);
  if (configured) {
    return configured.replace(/\/$/, '') + path;
  }
  const address = new URL(base + path);
  const encrypted = address.protocol === 'https:';
  const port = encrypted ? service.WebsocketSecurePort : service.WebsocketPort;
  address.protocol = encrypted ? 'wss:' : 'ws:';
  if (!address.port && typeof port === 'number') {
    address.port = String(port);
  }
  return address.href;
}

/**
 * @param {unknown} answer the server part's
 * @param {string} path
 * @returns {import('./facts.js').Report}
 */
export function reportOf(answer, path) {
  const report = object(answer);
  const asked = object(report.asked);
  if (!text(object(report.mattermost).origin) || !Array.isArray(report.trusted_origins)) {
    throw new UnexpectedAnswer(path);
  }
  return /** @type {any} */ ({
    ...report,
    stored: text(report.stored) ?? '',
    omitted: Number(report.omitted ?? 0),
    groups: list(report.groups),
    asked: { answered: list(asked.answered), refused: list(asked.refused) },
  });
}

/**
 * @param {unknown} value
 * @returns {Record<string, any>} empty for what is no object
 */
export function object(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** @param {unknown} value */
function list(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' ? value : null;
}
