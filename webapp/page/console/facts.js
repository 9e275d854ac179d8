// What is the case: everything that the embedding check reads before it judges.

import {readConfig, readEnvironment} from './rest.js';

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
 * @typedef {object} Facts
 * @property {Report} report
 * @property {Record<string, any>} config Mattermost's configuration as this administrator may read it
 * @property {Record<string, any>} environment the same tree; `true` where the environment sets a value
 * @property {Headers | null} page of Mattermost's own page; `null` where it could not be read
 * @property {Headers | null} realm of the document in which WebAssembly runs
 * @property {boolean} webAssembly whether this browser has it at all
 * @property {boolean} embeddedLogin whether this browser carries the cookie `MMEMBED=1`
 * @property {boolean} draft whether the report is about what is typed and not saved yet
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
const MAX_DRAFT_CHARS = 1000;

/**
 * @param {Surroundings} surroundings
 * @param {string | null} draft what is typed into the setting, where that is not what is stored
 * @returns {Promise<Facts>}
 */
export async function gather(surroundings, draft) {
  const {base, realm} = surroundings;
  const judged = draft !== null && draft.length <= MAX_DRAFT_CHARS ? draft : null;
  const [report, config, environment, page, realmHeaders] = await Promise.all([
    readReport(surroundings, judged),
    readConfig(base),
    readEnvironment(base),
    readHeaders(`${base}/`),
    readHeaders(realm),
  ]);
  return {
    report,
    config,
    environment,
    page,
    realm: realmHeaders,
    webAssembly: typeof WebAssembly === 'object',
    embeddedLogin: /(?:^|;\s*)MMEMBED=1(?:;|$)/.test(document.cookie),
    draft: judged !== null,
  };
}

/**
 * @param {Surroundings} surroundings
 * @param {string | null} draft
 * @returns {Promise<Report>}
 */
async function readReport({base, pluginId}, draft) {
  const query = new URLSearchParams({site: location.origin});
  if (draft !== null) {
    query.set('setting', draft);
  }
  const response = await fetch(`${base}/plugins/${pluginId}/api/v1/diagnostics?${query}`, {cache: 'no-store'});
  if (!response.ok) {
    throw new ReportError(response.status);
  }
  return response.json();
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
    const {ok, headers} = await fetch(address, {cache: 'no-store'});
    return ok ? {policy: headers.get('Content-Security-Policy'), frameOptions: headers.get('X-Frame-Options')} : null;
  } catch {
    return null;
  }
}
