// The setting `Capabilities` as a table: a row an origin, a column a capability.

import { spellingsOf } from './answers.js';
import { readReport } from './facts.js';
import { TYPING_PAUSE, typedIn } from './field.js';
import { CAPABILITIES, changed, parse, rows, without } from './grants.js';
import { languageOf } from './language.js';
import { style } from './style.js';
import { HostName } from './view.js';

/** @typedef {import('./language.js').Language} Language */
/** @typedef {import('./facts.js').Report} Report */

/**
 * What the System Console gives to a custom setting (Mattermost 5.39 to 11.6), as far as it is used.
 *
 * @typedef {object} Props
 * @property {string} id `PluginSettings.Plugins.<plugin>.capabilities`
 * @property {unknown} value as it is stored, or as it was changed since
 * @property {Record<string, any>} config the page's own copy, another object after each save
 * @property {boolean} disabled
 * @property {boolean} [setByEnv] an environment variable sets it
 * @property {(id: string, value: string) => void} onChange changes the value, and lets Mattermost's Save button work
 * @property {import('./facts.js').Surroundings} surroundings
 */

/** @param {Props} props */
export default function Capabilities({ id, value, config, disabled, setByEnv, onChange, surroundings }) {
  const { createElement: h, useEffect, useMemo, useState } = window.React;
  const language = useMemo(() => languageOf(surroundings.store.getState()), [surroundings]);
  const { say } = language;
  const trusted = useTrustedOrigins(id.replace(/[^.]*$/, 'trustedorigin'), config, surroundings);
  const spelling = spellingsOf(config, surroundings.pluginId, 'capabilities')[0];
  const byHand = value === undefined && spelling ? spelling : null;
  const stored = (byHand ? config.PluginSettings.Plugins[surroundings.pluginId][byHand.key] : value) ?? '';
  const setting = typeof stored === 'string' ? stored : JSON.stringify(stored);
  // What is no text, the server part does not understand.
  const grants = typeof stored === 'string' ? parse(setting) : null;
  const report = trusted instanceof Error ? null : trusted;
  const unreadable = grants === null || trusted instanceof Error;
  const [asText, setAsText] = useState(false);
  useEffect(() => {
    // Whoever corrects it as text goes on with the text.
    if (unreadable) {
      setAsText(true);
    }
  }, [unreadable]);

  const closed = Boolean(disabled || setByEnv);
  const name = `${id}-name`;
  const text = `${id}-text`;
  const showsText = unreadable || asText;
  const named = showsText || !report ? null : rows(grants, report.trusted_origins);
  const nobody = named?.length === 0;
  return h(
    'div',
    { className: 'form-group', role: 'group', 'aria-labelledby': name, lang: language.locale, 'data-testid': 'capabilities' },
    h('div', { className: 'control-label col-sm-4 nm-title', id: name }, say('capabilities')),
    h(
      'div',
      { className: 'col-sm-8 notifymatters-check' },
      h('style', null, style),
      h('p', null, say('capabilities_intro')),
      byHand && h('p', null, say('capabilities_by_hand', { key: byHand.key })),
      grants === null && h('p', { role: 'status' }, say('capabilities_unreadable')),
      trusted instanceof Error && h('p', { role: 'status' }, say('capabilities_no_origins', { reason: trusted.message })),
      nobody && h('p', null, say('capabilities_nobody')),
    ),
    h(
      'div',
      { className: 'col-sm-12 notifymatters-check nm-grants' },
      named &&
        !nobody &&
        h(Table, {
          id,
          named,
          grants,
          closed,
          language,
          onChange: (/** @type {string} */ changedSetting) => onChange(id, changedSetting),
        }),
      showsText && h('label', { htmlFor: text }, say('capabilities_text')),
      showsText &&
        h('textarea', {
          id: text,
          className: 'form-control',
          rows: 6,
          spellCheck: false,
          value: setting,
          disabled: closed,
          onChange: (/** @type {{target: HTMLTextAreaElement}} */ { target }) => onChange(id, target.value),
        }),
      named && report && report.omitted > 0 && h('p', null, say('omitted', { count: String(report.omitted) })),
      !unreadable &&
        !nobody &&
        h(
          'button',
          { type: 'button', className: 'btn btn-tertiary', onClick: () => setAsText(!asText) },
          say(asText ? 'capabilities_as_table' : 'capabilities_as_text'),
        ),
    ),
  );
}

/**
 * The roles are said because a browser forgets a table's own where a narrow window makes blocks of its cells.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {import('./grants.js').Row[]} props.named
 * @param {import('./grants.js').Grants} props.grants
 * @param {boolean} props.closed
 * @param {Language} props.language
 * @param {(setting: string) => void} props.onChange
 */
function Table({ id, named, grants, closed, language, onChange }) {
  const { createElement: h } = window.React;
  const { say } = language;
  const head = (/** @type {string} */ capability) => `${id}-${capability}`;
  return h(
    'table',
    { role: 'table', 'aria-labelledby': `${id}-name` },
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        h('th', { role: 'columnheader', scope: 'col' }, say('capabilities_origin')),
        CAPABILITIES.map((capability) =>
          h(
            'th',
            { key: capability, role: 'columnheader', scope: 'col' },
            h('code', { id: head(capability) }, capability),
            h('span', { id: `${head(capability)}-says`, className: 'nm-says' }, say(`capability_${capability}`)),
          ),
        ),
      ),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      named.map(({ origin, unicode_host, trusted, granted }, index) =>
        h(
          'tr',
          { key: origin, role: 'row', 'data-testid': `capabilities-${origin}` },
          h(
            'th',
            { role: 'rowheader', scope: 'row' },
            h('span', { id: `${id}-row-${index}` }, h(HostName, { host: { origin, unicode_host }, language })),
            !trusted && h('p', null, say('capabilities_not_trusted')),
            !trusted &&
              !closed &&
              h(
                'button',
                {
                  type: 'button',
                  className: 'btn btn-tertiary',
                  'aria-label': say('capabilities_remove_of', { origin }),
                  onClick: () => onChange(without(grants, origin)),
                },
                say('capabilities_remove'),
              ),
          ),
          CAPABILITIES.map((capability) =>
            h(
              'td',
              { key: capability, role: 'cell' },
              h(
                'label',
                null,
                h('input', {
                  type: 'checkbox',
                  checked: granted.has(capability),
                  disabled: closed,
                  'aria-labelledby': `${head(capability)} ${id}-row-${index}`,
                  'aria-describedby': `${head(capability)}-says`,
                  'data-capability': capability,
                  onChange: (/** @type {{target: HTMLInputElement}} */ { target }) =>
                    onChange(changed(grants, origin, capability, target.checked)),
                }),
                h('span', { className: 'nm-stacked' }, h('code', null, capability), ' ', say(`capability_${capability}`)),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/**
 * What the server part makes of what stands in the field for the trusted origins.
 *
 * @param {string} field id of that field
 * @param {Record<string, any>} config
 * @param {import('./facts.js').Surroundings} surroundings
 * @returns {Report | Error | null} `null`: not known yet
 */
function useTrustedOrigins(field, config, surroundings) {
  const { useEffect, useState } = window.React;
  const [text, setText] = useState(/** @type {string | null} */ (null));
  const [answer, setAnswer] = useState(/** @type {Report | Error | null} */ (null));
  const spelling = spellingsOf(config, surroundings.pluginId, 'trustedorigin')[0];
  useEffect(() => {
    // Whatever changes the field makes Mattermost's page draw its settings again, this one among them.
    const timer = window.setTimeout(
      () => {
        const typed = typedIn(field);
        // The field shows no other spelling than the page's own.
        const hidden = typed === '' && spelling?.key !== 'trustedorigin';
        setText(typed === null || hidden ? (spelling?.value ?? '') : typed);
      },
      text === null ? 0 : TYPING_PAUSE,
    );
    return () => window.clearTimeout(timer);
  });
  useEffect(() => {
    if (text === null) {
      return undefined;
    }
    let wanted = true;
    readReport(surroundings, text).then(
      (report) => wanted && setAnswer(report),
      (error) => wanted && setAnswer(error instanceof Error ? error : new Error(String(error))),
    );
    return () => {
      wanted = false;
    };
  }, [text, surroundings]);
  return answer;
}
