// Runs the clauses in a page: against the class that is there, with the host around the page if one is asked for.

import { ok, until } from './assert.js';
import { CLAUSES } from './clauses.js';

const VERSION = '20171130';
const COMMAND = 'notifymatters.';

/**
 * The host page around this one, of the same origin, whose script is silent: this is its voice, and its book of what came.
 * @returns {import('./clauses.js').Host & { begin: () => Promise<void> }}
 */
function around() {
  const page = /** @type {any} */ (parent);
  let begin = 0;
  /** @param {string} type */
  const came = (type) => page.recorded.slice(begin).filter((/** @type {any} */ crossing) => crossing.type === COMMAND + type);
  /**
   * @param {string} command
   * @param {unknown} data
   * @param {number | null} ref
   */
  const say = (command, data, ref = null) => page.send({ type: COMMAND + command, notifymatters: VERSION, data, ref });

  /** Each `enable` is answered, after all that was posted before it. @param {string} permission */
  async function enable(permission) {
    const answers = came('ok').length;
    say('enable', permission);
    await until('the host is answered', () => came('ok').length > answers);
    // Events and settlements come in tasks of their own, which were queued before this one.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  let permitted = 'granted';
  return {
    async begin() {
      permitted = 'granted';
      await enable(permitted);
      begin = page.recorded.length;
    },
    sent: (command) => came('notification.' + command),
    async shows(title, count = 1) {
      const found = () => came('notification.new').filter((/** @type {any} */ { data }) => data.title === title);
      await until(`the host is told of ${title}`, () => found().length >= count);
      return found().at(-1).data.id;
    },
    hears: () => enable(permitted),
    report: (report, id) => say('notification.' + report, null, id),
    async permit(permission) {
      permitted = permission;
      await enable(permission);
    },
    settle: (request, permission) => say('ref.resolve', permission, request),
    makes: (title, options) => void new page.Notification(title, options),
  };
}

/**
 * Tries every clause that can be tried here, in order.
 * @param {boolean} hosted whether the host page around this one takes part
 * @returns {Promise<{ of: string, says: string, found: string }[]>} what was found: `yes`, `not tried`, or what is wrong
 */
export async function tryAll(hosted) {
  const host = hosted ? around() : undefined;
  const { Notification } = /** @type {any} */ (window);
  const results = [];
  for (const { of, says, needs, check } of CLAUSES) {
    let found = 'yes';
    try {
      await host?.begin();
      ok(/** @type {any} */ (window).Notification === Notification, 'the class was replaced');
      if (needs === 'host' && !host) found = 'not tried';
      else await check({ Notification, host: /** @type {import('./clauses.js').Host} */ (host) });
    } catch (error) {
      found = String(/** @type {any} */ (error)?.message ?? error);
    }
    results.push({ of, says, found });
  }
  return results;
}
