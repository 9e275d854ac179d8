// How findings look: a group for Mattermost, one for each trusted origin, and who asked lately.

import { isOpen } from './findings.js';
import { shown } from './language.js';
import { Remedy } from './remedies.js';

/** @typedef {import('./language.js').Language} Language */
/** @typedef {import('./findings.js').Finding} Finding */

/**
 * What buttons do.
 *
 * @typedef {object} Actions
 * @property {((wrong: string, right: string) => void) | null} correct puts a text of the setting right; `null`: closed
 * @property {(remedy: import('./change.js').SettingRemedy) => Promise<void>} write
 */

/**
 * Where nothing is to be done, one line that unfolds; else what is to be done, and a line for what is good.
 *
 * @param {import('./findings.js').Group & {language: Language, actions: Actions}} props
 */
export function Group({ report, findings, language, actions }) {
  const { createElement: h } = window.React;
  const { say } = language;
  const testid = `embedding-check-${report?.origin ?? 'general'}`;
  const name = report ? h('h4', null, say('pages_of'), ' ', h(HostName, { host: report, language })) : h('h4', null, say('general'));
  const rows = (/** @type {Finding[]} */ some) =>
    h(
      'ul',
      { className: 'nm-findings' },
      some.map((finding) => h(Row, { key: finding.id, finding, language, actions: report ? { ...actions, correct: null } : actions })),
    );
  if (!findings.some(isOpen)) {
    const [{ level } = { level: 'good' }] = findings;
    return h(
      'details',
      { className: 'nm-section', 'data-testid': testid },
      h('summary', { className: `nm-${level}` }, name, ' ', h(Level, { level, language })),
      rows(findings),
    );
  }
  const good = findings.filter(({ level }) => level === 'good');
  return h(
    'section',
    { className: 'nm-section', 'data-testid': testid },
    name,
    rows(findings.filter(({ level }) => level !== 'good')),
    good.length > 0 &&
      h(
        'details',
        { className: 'nm-rest' },
        h('summary', { className: 'nm-good' }, h('span', { className: 'nm-level' }, say('also_good', { count: String(good.length) }))),
        rows(good),
      ),
  );
}

/** @param {{level: Finding['level'], language: Language}} props */
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

/** @param {{finding: Finding, language: Language, actions: Actions}} props */
function Row({ finding, language, actions }) {
  const { createElement: h } = window.React;
  const { say } = language;
  const { id, level, says, advice = [], remedy } = finding;
  return h(
    'li',
    { className: `nm-finding nm-${level}`, tabIndex: -1, 'data-testid': `finding-${id}`, 'data-level': level },
    h(Level, { level, language }),
    h(
      'div',
      { className: 'nm-body' },
      h('p', null, say(says.key, says.values)),
      advice.map(({ key, values }) => h('p', { key }, say(key, values))),
      remedy && h(Remedy, { key: JSON.stringify(remedy), remedy, language, actions }),
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
