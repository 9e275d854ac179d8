// What is the case: everything that the embedding check reads, and what the server part makes of it.

import { UnexpectedAnswer, configurationOf, reportOf } from './answers.js';
import { readConfig, readEnvironment, writingHeaders } from './rest.js';

/**
 * The headers of one document that decide who may frame it and what may run in it, as this browser
 * received them through every proxy.
 *
 * @typedef {object} Headers
 * @property {string | null} policy `Content-Security-Policy`
 * @property {string | null} frame_options `X-Frame-Options`
 * @property {string | null} server `Server`
 */

/** @typedef {{origin: string, unicode_host?: string, first_at: number, last_at: number, times: number}} AskingHost */

/**
 * @typedef {object} Finding
 * @property {string} id the same for the same question, whatever the answer; several problems of the setting share one
 * @property {'pass' | 'note' | 'warn' | 'skip' | 'fail'} status
 * @property {string} says
 * @property {string[]} [details]
 * @property {{place: string, lines: string}[]} [mends] what is there to copy
 * @property {Change} [change] what a button does
 */

/** @typedef {{kind: 'setting', section: string, key: string, from: string | boolean, to: string | boolean}} SettingChange */

/** @typedef {SettingChange | {kind: 'field', wrong: string, right: string}} Change */

/**
 * What is found of Mattermost, or of the pages of one trusted origin.
 *
 * @typedef {object} Group
 * @property {string} [origin] absent for Mattermost itself
 * @property {string} [unicode_host]
 * @property {Finding[]} findings the worst first
 */

/**
 * The answer of the plugin's server part (`docs/diagnostics.md`), as far as it is used.
 *
 * @typedef {object} Report
 * @property {string} stored the setting as the server part knows it
 * @property {{origin: string, unicode_host?: string}[]} trusted_origins
 * @property {number} omitted
 * @property {{answered: AskingHost[], refused: AskingHost[]}} asked
 * @property {Group[]} groups empty where no facts were sent
 */

/**
 * What only this browser sees, through every proxy.
 *
 * @typedef {object} Seen
 * @property {Headers | null} page of Mattermost's own page; `null` where it could not be read
 * @property {Headers | null} realm of the document in which WebAssembly runs
 * @property {boolean} connects whether a WebSocket to Mattermost could be opened
 * @property {boolean} web_assembly whether this browser has it at all
 */

/**
 * @typedef {object} Judged
 * @property {Report} report
 * @property {import('./answers.js').Configuration} configuration
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
 * @param {string} language of the findings
 */
export function collector(surroundings, language) {
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
     * @returns {Promise<Judged>}
     */
    async judge(draft, wanted) {
      around ??= readAround();
      around.catch(() => this.forget());
      const [stored, seen] = await around;
      let configuration = stored;
      const ask = () => readReport(surroundings, draft, { language, facts: { configuration, seen } });
      let report = await ask();
      for (let tries = 0; lags({ configuration, report }) && wanted() && tries < MAX_TAKE_OVER_TRIES; tries++) {
        await pause(TAKE_OVER_PAUSE);
        configuration = await readConfiguration();
        around = Promise.resolve([configuration, seen]);
        report = await ask();
      }
      return { report, configuration, draft };
    },
  };
}

/**
 * Whether the server part still judges by an older setting than the one that Mattermost has stored.
 *
 * @param {Pick<Judged, 'configuration' | 'report'>} judged
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
    configuration.then(({ web_socket }) => connectsTo(web_socket).catch(() => false)),
  ]);
  return {
    page,
    realm: realmHeaders,
    connects,
    web_assembly: typeof WebAssembly === 'object',
  };
}

/**
 * @param {Surroundings} surroundings
 * @param {string | null} setting a text to be judged in place of what is stored
 * @param {{language: string, facts: {configuration: import('./answers.js').Configuration, seen: Seen}}} [known]
 * @returns {Promise<Report>}
 */
export async function readReport({ base, pluginId }, setting, known) {
  const path = `/plugins/${pluginId}/api/v1/diagnostics`;
  const response = await fetch(base + path, {
    method: 'POST',
    headers: writingHeaders(),
    body: JSON.stringify({ site: location.origin, setting, ...known }),
    cache: 'no-store',
  });
  if (!response.ok) {
    throw new ReportError(response.status);
  }
  const report = reportOf(await response.json().catch(() => null), path);
  // There is always a group about Mattermost itself.
  if (known && report.groups.length === 0) {
    throw new UnexpectedAnswer(path);
  }
  return report;
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
    return ok
      ? { policy: headers.get('Content-Security-Policy'), frame_options: headers.get('X-Frame-Options'), server: headers.get('Server') }
      : null;
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
