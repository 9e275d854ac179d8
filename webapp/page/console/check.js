// The embedding check as a setting of the System Console: reads, judges, shows, and again after each change.

import {ReportError, gather} from './facts.js';
import {generalFindings, originFindings} from './findings.js';
import {languageOf} from './language.js';
import {CHANGED, REFUSED, WRITTEN, change} from './change.js';
import {style} from './style.js';
import {Asked, Group, Origin} from './view.js';

/** @typedef {import('./facts.js').Surroundings} Surroundings */
/** @typedef {import('./findings.js').Finding} Finding */

/**
 * What the System Console gives to a custom setting (Mattermost 5.39 to 11.6), as far as it is used.
 *
 * @typedef {object} Props
 * @property {string} id `PluginSettings.Plugins.<plugin>.embeddingcheck`
 * @property {Record<string, any>} config the page's own copy, another object after each save
 * @property {boolean} disabled
 * @property {(id: string, value: unknown) => void} onChange sets the value of any setting of the page
 * @property {Surroundings} surroundings
 */

/** A text is judged when nobody has typed for that long, in milliseconds. */
const TYPING_PAUSE = 400;

/** The server part takes over a saved setting within a moment; asked again after that long, in milliseconds, … */
const TAKE_OVER_PAUSE = 500;

/** … and at most that often. */
const MAX_TAKE_OVER_TRIES = 6;

/** @param {Props} props */
export default function EmbeddingCheck({id, config, disabled, onChange, surroundings}) {
  const {createElement: h, useCallback, useEffect, useMemo, useRef, useState} = window.React;
  const language = useMemo(() => languageOf(surroundings.store.getState()), [surroundings]);
  const {say} = language;
  const field = id.replace(/[^.]*$/, 'trustedorigin');
  const status = /** @type {{current: HTMLElement | null}} */ (useRef(null));
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  const [notice, setNotice] = useState('');
  const [checking, setChecking] = useState(true);
  const [outcome, setOutcome] = useState(/** @type {Judged | Error | null} */ (null));
  const stored = storedSetting(config, surroundings.pluginId);

  const latest = useRef(0);
  const check = useCallback(async () => {
    const turn = ++latest.current;
    setChecking(true);
    let found;
    try {
      let facts = await gather(surroundings, draft);
      for (let tries = 0; lags(facts, surroundings) && tries < MAX_TAKE_OVER_TRIES && turn === latest.current; tries++) {
        await pause(TAKE_OVER_PAUSE);
        facts = await gather(surroundings, draft);
      }
      found = judge(facts);
    } catch (error) {
      found = error instanceof Error ? error : new Error(String(error));
    }
    if (turn === latest.current) {
      setOutcome(found);
      setChecking(false);
    }
  }, [draft, surroundings]);

  useEffect(() => {
    check();
  }, [check, config]);
  useEffect(() => () => {
    latest.current++;
  }, []);
  useEffect(() => {
    // Saved: what was typed is what is stored, and what was said of it is over.
    setNotice('');
    setDraft((/** @type {string | null} */ typed) => (typed === stored ? null : typed));
  }, [stored]);
  useEffect(() => watchField(field, (typed) => {
    setNotice('');
    setDraft(typed === stored ? null : typed);
  }), [field, stored]);

  /** @type {(wrong: string, right: string) => void} */
  const correct = (wrong, right) => {
    const value = replaced(typedIn(field) ?? stored, wrong, right);
    onChange(field, value);
    setDraft(value === stored ? null : value);
    setNotice(say('put_done', {value}));
    document.getElementById(field)?.focus();
  };

  /** @type {(remedy: import('./change.js').SettingRemedy) => Promise<void>} */
  const write = async (remedy) => {
    const setting = `${remedy.section}.${remedy.key}`;
    const {result, config: fresh, reason = ''} = await change(surroundings.base, remedy);
    setNotice({
      [WRITTEN]: () => say('written', {setting}),
      [CHANGED]: () => say('write_changed', {setting}),
      [REFUSED]: () => (reason ? say('write_failed', {reason}) : say('write_dropped', {setting})),
    }[result]());
    status.current?.focus();
    if (fresh) {
      // The page's own copy: Save sends the whole of it, and would undo what was written here.
      // Mattermost's own action after a change of the configuration (5.39 to 11.6).
      surroundings.store.dispatch({type: 'RECEIVED_CONFIG', data: fresh});
    }
    await check();
  };

  const judged = /** @type {Judged | null} */ (outcome instanceof Error ? null : outcome);
  const name = `${id}-name`;
  // The two columns of Mattermost's own settings; `showTitle` would give a title in one language only.
  return h('div', {className: 'form-group', role: 'group', 'aria-labelledby': name},
    h('div', {className: 'control-label col-sm-4', id: name}, say('title')),
    h('div', {id, className: 'col-sm-8 notifymatters-check', 'data-testid': 'embedding-check', 'aria-busy': checking},
      h('style', null, style),
      h('p', null, say('intro')),
      h('div', {className: 'nm-status'},
        h('div', {role: 'status', tabIndex: -1, ref: status, 'data-testid': 'embedding-check-status'},
          notice && h('p', null, notice),
          h('p', null, summary(checking ? null : outcome, surroundings, language)),
          judged?.facts.draft && !checking && h('p', null, say('not_saved'))),
        h('button', {type: 'button', className: 'btn btn-tertiary', onClick: check, disabled: checking}, say('check_again'))),
      disabled && h('p', null, say('closed')),
      judged && h(Group, {name: say('general'), findings: judged.general, language, actions: {correct: disabled ? null : correct, write}}),
      judged?.origins.map((origin) => h(Origin, {key: origin.report.origin, ...origin, language, actions: {correct: null, write}})),
      judged && h(Asked, {asked: judged.facts.report.asked, language})));
}

/**
 * The facts and what follows from them.
 *
 * @typedef {object} Judged
 * @property {import('./facts.js').Facts} facts
 * @property {Finding[]} general
 * @property {{report: import('./facts.js').OriginReport, findings: Finding[]}[]} origins
 */

/**
 * @param {import('./facts.js').Facts} facts
 * @returns {Judged}
 */
function judge(facts) {
  return {
    facts,
    general: generalFindings(facts),
    origins: facts.report.trusted_origins.map((report) => ({report, findings: originFindings(report, facts)})),
  };
}

/**
 * @param {Judged | Error | null} outcome `null`: not known yet
 * @param {Surroundings} surroundings
 * @param {import('./language.js').Language} language
 */
function summary(outcome, surroundings, {say}) {
  if (outcome === null) {
    return say('checking');
  }
  if (outcome instanceof ReportError) {
    return outcome.status === 403 ? say('failed_forbidden') : say('failed_plugin', {status: String(outcome.status)});
  }
  if (outcome instanceof Error) {
    return say('failed', {reason: outcome.message});
  }
  const {facts, general, origins} = outcome;
  if (lags(facts, surroundings)) {
    return say('not_taken_over');
  }
  const findings = [...general, ...origins.flatMap((origin) => origin.findings)];
  const open = findings.filter(({level}) => level === 'problem' || level === 'warning').length;
  return open === 0 ? say('checked_good') : say('checked_open', {count: String(open)});
}

/**
 * Whether the server part still judges by an older setting than the one that Mattermost has stored.
 *
 * @param {import('./facts.js').Facts} facts
 * @param {Surroundings} surroundings
 */
function lags({config, report}, {pluginId}) {
  return storedSetting(config, pluginId) !== report.stored;
}

/**
 * The System Console stores keys in lower case; a `config.json` written by hand has them as in the manifest.
 *
 * @param {Record<string, any>} config
 * @param {string} pluginId
 * @returns {string}
 */
function storedSetting(config, pluginId) {
  const settings = config.PluginSettings?.Plugins?.[pluginId] ?? {};
  return settings.trustedorigin ?? settings.TrustedOrigin ?? '';
}

/**
 * The page keeps what is typed to itself; its field can be watched.
 *
 * @param {string} field
 * @param {(typed: string) => void} typed called when nobody has typed for a moment
 * @returns {() => void} ends it
 */
function watchField(field, typed) {
  let timer = 0;
  const listen = (/** @type {Event} */ event) => {
    if (event.target instanceof HTMLInputElement && event.target.id === field) {
      const {value} = event.target;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => typed(value), TYPING_PAUSE);
    }
  };
  document.addEventListener('input', listen);
  return () => {
    window.clearTimeout(timer);
    document.removeEventListener('input', listen);
  };
}

/** @param {string} field */
function typedIn(field) {
  const element = document.getElementById(field);
  return element instanceof HTMLInputElement ? element.value : null;
}

/**
 * @param {string} setting
 * @param {string} wrong
 * @param {string} right
 */
function replaced(setting, wrong, right) {
  const parts = setting.split(/[\s,;]+/).filter(Boolean).map((part) => (part === wrong ? right : part));
  return [...new Set(parts.includes(right) ? parts : [...parts, right])].join(' ');
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => {
    window.setTimeout(resolve, milliseconds);
  });
}
