// How findings look: a group for Mattermost, one for each trusted origin, and who asked lately.

import { shown } from './language.js';
import { Change, Lines } from './mends.js';

/** @typedef {import('./language.js').Language} Language */
/** @typedef {import('./facts.js').Finding} Finding */

/** What could not be looked at is a warning. */
const LEVELS = { pass: 'good', note: 'note', warn: 'warning', skip: 'warning', fail: 'problem' };

/**
 * Whether something is to be done.
 *
 * @param {Finding} finding
 */
export const isOpen = ({ status }) => status !== 'pass' && status !== 'note';

/**
 * What buttons do.
 *
 * @typedef {object} Actions
 * @property {((wrong: string, right: string) => void) | null} correct puts a text of the setting right; `null`: closed
 * @property {(wanted: import('./facts.js').SettingChange) => Promise<void>} write
 */

/**
 * Where nothing is to be done, one line that unfolds; else what is to be done, and a line for what is good.
 *
 * @param {{group: import('./facts.js').Group, language: Language, actions: Actions}} props
 */
export function Group({ group: { origin, unicode_host, findings }, language, actions }) {
  const { createElement: h } = window.React;
  const { say } = language;
  const testid = `embedding-check-${origin ?? 'general'}`;
  const name = origin
    ? h('h4', null, say('pages_of'), ' ', h(HostName, { host: { origin, unicode_host }, language }))
    : h('h4', null, say('general'));
  const problems = findings.filter(({ id }) => id === 'problem');
  const rows = (/** @type {Finding[]} */ some) =>
    h(
      'ul',
      { className: 'nm-findings' },
      some.map((finding) => {
        const id = finding.id === 'problem' ? `problem-${problems.indexOf(finding)}` : finding.id;
        return h(Row, { key: id, id, finding, language, actions });
      }),
    );
  if (!findings.some(isOpen)) {
    const level = LEVELS[findings[0]?.status ?? 'pass'];
    return h(
      'details',
      { className: 'nm-section', 'data-testid': testid },
      h('summary', { className: `nm-${level}` }, name, ' ', h(Level, { level, language })),
      rows(findings),
    );
  }
  const good = findings.filter(({ status }) => status === 'pass');
  return h(
    'section',
    { className: 'nm-section', 'data-testid': testid },
    name,
    rows(findings.filter(({ status }) => status !== 'pass')),
    good.length > 0 &&
      h(
        'details',
        { className: 'nm-rest' },
        h('summary', { className: 'nm-good' }, h('span', { className: 'nm-level' }, say('also_good', { count: String(good.length) }))),
        rows(good),
      ),
  );
}

/** @param {{level: string, language: Language}} props */
function Level({ level, language }) {
  return window.React.createElement('span', { className: 'nm-level' }, language.say(`level_${level}`));
}

/**
 * The origin as browsers write it, and beside it what people read: two that look alike may be two.
 *
 * @param {{host: {origin: string, unicode_host?: string}, language: Language}} props
 */
export function HostName({ host, language }) {
  const { createElement: h, Fragment } = window.React;
  return h(
    Fragment,
    null,
    h('code', null, shown(host.origin)),
    host.unicode_host &&
      h('span', { className: 'nm-unicode' }, ' (', h('bdi', null, language.say('unicode', { host: host.unicode_host })), ')'),
  );
}

/** @param {{id: string, finding: Finding, language: Language, actions: Actions}} props */
function Row({ id, finding: { status, says, details = [], mends = [], change }, language, actions }) {
  const { createElement: h } = window.React;
  const level = LEVELS[status];
  return h(
    'li',
    { className: `nm-finding nm-${level}`, tabIndex: -1, 'data-testid': `finding-${id}`, 'data-level': level },
    h(Level, { level, language }),
    h(
      'div',
      { className: 'nm-body' },
      h('p', null, says),
      details.map((detail) => h('p', { key: detail }, detail)),
      mends.map((mend) => h(Lines, { key: mend.place, ...mend, language })),
      change && h(Change, { key: JSON.stringify(change), change, language, actions }),
    ),
  );
}

/** @param {{asked: import('./facts.js').Report['asked'], language: Language}} props */
export function Asked({ asked, language }) {
  const { createElement: h } = window.React;
  const { say } = language;
  const nobody = asked.answered.length + asked.refused.length === 0;
  return h(
    'section',
    { className: 'nm-section', 'data-testid': 'embedding-check-asked' },
    h('h4', null, say('asked')),
    nobody && h('p', null, say('asked_nobody')),
    h(Hosts, { name: say('asked_answered'), hosts: asked.answered, language }),
    h(Hosts, { name: say('asked_refused'), hosts: asked.refused, language }),
    h('p', { className: 'help-text' }, say('asked_node')),
  );
}

/** @param {{name: string, hosts: import('./facts.js').AskingHost[], language: Language}} props */
function Hosts({ name, hosts, language }) {
  const { createElement: h, Fragment } = window.React;
  if (hosts.length === 0) {
    return null;
  }
  const format = new Intl.DateTimeFormat(language.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return h(
    Fragment,
    null,
    h('h5', null, name),
    h(
      'ul',
      { className: 'nm-hosts' },
      hosts.map((host) =>
        h(
          'li',
          { key: host.origin },
          h(HostName, { host, language }),
          ' ',
          language.say(host.times === 1 ? 'asked_last_once' : 'asked_last', {
            times: new Intl.NumberFormat(language.locale).format(host.times),
            time: format.format(host.last_at),
          }),
        ),
      ),
    ),
  );
}
