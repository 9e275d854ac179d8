// What is the case: everything that the embedding check reads before it judges.

import { configurationOf, reportOf } from './answers.js';
import { readConfig, readEnvironment } from './rest.js';

/**
 * The headers of one document that decide who may frame it and what may run in it, as this browser
 * received them through every proxy.
 *
 * @typedef {object} Headers
 * @property {string | null} policy `Content-Security-Policy`
 * @property {string | null} frameOptions `X-Frame-Options`
 */

/**
 * One trusted origin in the report of the plugin's server part (`docs/diagnostics.md`).
 *
 * @typedef {object} OriginReport
 * @property {string} origin
 * @property {string} [unicode_host]
 * @property {'same_origin' | 'same_site' | 'other_scheme' | 'cross_site'} relation
 * @property {string} [registrable_domain]
 * @property {'https' | 'local' | 'insecure' | 'application'} context
 * @property {'reach' | 'need_embedded_login' | 'never_reach' | 'application'} cookies
 * @property {'frame_blocked' | 'host_insecure'} [mixed]
 */

/** @typedef {{code: string, text?: string, write?: string, sentence: string}} Problem */

/** @typedef {{origin: string, unicode_host?: string, first_at: number, last_at: number, times: number}} AskingHost */

/**
 * @typedef {object} Report
 * @property {string} version
 * @property {string} stored the setting as the server part knows it
 * @property {{origin: string, unicode_host?: string, registrable_domain?: string, context: string}} mattermost
 * @property {OriginReport[]} trusted_origins
 * @property {Problem[]} problems
 * @property {number} omitted
 * @property {{answered: AskingHost[], refused: AskingHost[]}} asked
 */

/**
 * What only this browser sees, through every proxy.
 *
 * @typedef {object} Seen
 * @property {Headers | null} page of Mattermost's own page; `null` where it could not be read
 * @property {Headers | null} realm of the document in which WebAssembly runs
 * @property {boolean} connects whether a WebSocket to Mattermost could be opened
 * @property {boolean} webAssembly whether this browser has it at all
 * @property {boolean} embeddedLogin whether this browser carries the cookie `MMEMBED=1`
 */

/**
 * @typedef {object} Facts
 * @property {Report} report
 * @property {import('./answers.js').Configuration} configuration
 * @property {Seen} seen
 * @property {string | null} draft what is typed and not saved yet, where the report is about that
 */

/**
 * Where the check runs.
 *
 * @typedef {object} Surroundings
 * @property {string} base address of Mattermost, subpath included, without a slash at the end
 * @property {string} pluginId
 * @property {string} realm address of the document in which WebAssembly runs
 * @property {{getState: () => any, dispatch: (action: object) => unknown}} store the page's Redux store
 */

/** Mattermost refuses addresses beyond 2,048 characters (`ServiceSettings.MaximumURLLength`). */
export const MAX_DRAFT_CHARS = 1000;

/** A proxy that swallows the WebSocket answers nothing at all; in milliseconds. */
const WEB_SOCKET_PATIENCE = 5000;

/** Asks again after that long, in milliseconds: the server part takes over a saved setting within a moment, … */
const TAKE_OVER_PAUSE = 500;

/** … and at most that often. */
const MAX_TAKE_OVER_TRIES = 6;

/**
 * Reads the facts again and again, and what has not changed once.
 *
 * @param {Surroundings} surroundings
 */
export function collector(surroundings) {
  /** @type {Promise<[import('./answers.js').Configuration, Seen]> | null} */
  let around = null;

  const readConfiguration = async () => {
    const { base, pluginId } = surroundings;
    // Only for advice: without it the check goes on.
    const environment = readEnvironment(base).catch(() => null);
    return configurationOf(await readConfig(base), await environment, base, pluginId);
  };

  const readAround = async () => {
    const configuration = readConfiguration();
    return Promise.all([configuration, see(surroundings, configuration)]);
  };

  return {
    /** Mattermost or the browser may have changed. */
    forget() {
      around = null;
    },

    /**
     * @param {string | null} draft what is typed into the setting, where that is not what is stored
     * @param {() => boolean} wanted whether anybody still waits
     * @returns {Promise<Facts>}
     */
    async gather(draft, wanted) {
      const judged = draft !== null && draft.length <= MAX_DRAFT_CHARS ? draft : null;
      around ??= readAround();
      around.catch(() => this.forget());
      const [first, [stored, seen]] = await Promise.all([readReport(surroundings, judged), around]);
      let [report, configuration] = [first, stored];
      for (let tries = 0; lags({ configuration, report }) && wanted() && tries < MAX_TAKE_OVER_TRIES; tries++) {
        await pause(TAKE_OVER_PAUSE);
        [report, configuration] = await Promise.all([readReport(surroundings, judged), readConfiguration()]);
        around = Promise.resolve([configuration, seen]);
      }
      return { report, configuration, seen, draft: judged };
    },
  };
}

/**
 * Whether the server part still judges by an older setting than the one that Mattermost has stored.
 *
 * @param {Pick<Facts, 'configuration' | 'report'>} facts
 */
export function lags({ configuration: { spellings }, report }) {
  return (spellings[0]?.value ?? '') !== report.stored;
}

/**
 * @param {Surroundings} surroundings
 * @param {Promise<import('./answers.js').Configuration>} configuration
 * @returns {Promise<Seen>}
 */
async function see({ base, realm }, configuration) {
  const [page, realmHeaders, connects] = await Promise.all([
    readHeaders(`${base}/`),
    readHeaders(realm),
    configuration.then(({ webSocket }) => connectsTo(webSocket).catch(() => false)),
  ]);
  return {
    page,
    realm: realmHeaders,
    connects,
    webAssembly: typeof WebAssembly === 'object',
    embeddedLogin: /(?:^|;\s*)MMEMBED=1(?:;|$)/.test(document.cookie),
  };
}

/**
 * @param {Surroundings} surroundings
 * @param {string | null} draft
 * @returns {Promise<Report>}
 */
export async function readReport({ base, pluginId }, draft) {
  const query = new URLSearchParams({ site: location.origin });
  if (draft !== null) {
    query.set('setting', draft);
  }
  const path = `/plugins/${pluginId}/api/v1/diagnostics`;
  const response = await fetch(`${base}${path}?${query}`, { cache: 'no-store' });
  if (!response.ok) {
    throw new ReportError(response.status);
  }
  return reportOf(await response.json().catch(() => null), path);
}

/** The server part gave no report. */
export class ReportError extends Error {
  /** @param {number} status of HTTP */
  constructor(status) {
    super(`diagnostics: HTTP ${status}`);
    this.status = status;
  }
}

/**
 * A page of the same origin may read every header of an answer.
 *
 * @param {string} address
 * @returns {Promise<Headers | null>}
 */
async function readHeaders(address) {
  try {
    const { ok, headers } = await fetch(address, { cache: 'no-store' });
    return ok ? { policy: headers.get('Content-Security-Policy'), frameOptions: headers.get('X-Frame-Options') } : null;
  } catch {
    return null;
  }
}

/**
 * Opens a WebSocket as Mattermost's page does and closes it again.
 *
 * @param {string} address
 * @returns {Promise<boolean>}
 */
function connectsTo(address) {
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    const end = (/** @type {boolean} */ opened) => {
      window.clearTimeout(timer);
      socket.close();
      resolve(opened);
    };
    const timer = window.setTimeout(end, WEB_SOCKET_PATIENCE, false);
    socket.onopen = () => end(true);
    socket.onclose = () => end(false);
  });
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => {
    window.setTimeout(resolve, milliseconds);
  });
}
