// The embedding check as a setting of the System Console: reads, judges, shows, and again after each change.

import { UnexpectedAnswer, spellingsOf } from './answers.js';
import { ReportError, collector, lags } from './facts.js';
import { TYPING_PAUSE, corrected, typedIn } from './field.js';
import { languageOf } from './language.js';
import { CHANGED, REFUSED, WRITTEN, change } from './change.js';
import { useMounted } from './mounted.js';
import { style } from './style.js';
import { Asked, Group, isOpen } from './view.js';

/** @typedef {import('./facts.js').Surroundings} Surroundings */
/** @typedef {import('./facts.js').Judged} Judged */

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

/** @param {Props} props */
export default function EmbeddingCheck({ id, config, disabled, onChange, surroundings }) {
  const { createElement: h, useCallback, useEffect, useMemo, useRef, useState } = window.React;
  const language = useMemo(() => languageOf(surroundings.store.getState()), [surroundings]);
  const facts = useMemo(() => collector(surroundings, language.name), [surroundings, language]);
  const { say } = language;
  const field = id.replace(/[^.]*$/, 'trustedorigin');
  const status = /** @type {{current: HTMLElement | null}} */ (useRef(null));
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  const [notice, setNotice] = useState('');
  const [checking, setChecking] = useState(true);
  const [outcome, setOutcome] = useState(/** @type {Judged | Error | null} */ (null));
  const spellings = spellingsOf(config, surroundings.pluginId, 'trustedorigin');
  const stored = spellings[0]?.value ?? '';
  // The field shows no other spelling than the page's own.
  const untouched = spellings[0]?.key === 'trustedorigin' ? stored : '';
  const mounted = useMounted();

  const latest = useRef(0);
  const check = useCallback(async () => {
    const turn = ++latest.current;
    const wanted = () => mounted.current && turn === latest.current;
    setChecking(true);
    let found;
    try {
      found = await facts.judge(draft, wanted);
    } catch (error) {
      found = error instanceof Error ? error : new Error(String(error));
    }
    if (wanted()) {
      setOutcome(found);
      setChecking(false);
    }
  }, [draft, facts]);
  const checkAnew = () => {
    facts.forget();
    return check();
  };

  const seen = useRef(config);
  useEffect(() => {
    if (seen.current !== config) {
      seen.current = config;
      facts.forget();
    }
    check();
  }, [check, config]);
  useEffect(() => {
    // Saved: what was typed is what is stored, and what was said of it is over.
    setNotice('');
    setDraft((/** @type {string | null} */ typed) => (typed === untouched ? null : typed));
  }, [untouched]);
  useEffect(
    () =>
      watchField(
        field,
        () => setNotice(''),
        (typed) => setDraft(typed === untouched ? null : typed),
      ),
    // After a Save the page may show another text, without an event.
    [field, untouched, config],
  );

  const judged = /** @type {Judged | null} */ (outcome instanceof Error ? null : outcome);
  /** @type {(wrong: string, right: string) => void} */
  const correct = (wrong, right) => {
    const value = corrected(typedIn(field) ?? stored, wrong, right);
    onChange(field, value);
    setDraft(value === untouched ? null : value);
    setNotice(say('put_done', { value }));
    document.getElementById(field)?.focus();
  };

  /** @type {(wanted: import('./facts.js').SettingChange) => Promise<void>} */
  const write = async (wanted) => {
    const setting = `${wanted.section}.${wanted.key}`;
    const { result, config: fresh, error } = await change(surroundings.base, wanted);
    if (fresh) {
      // The page's own copy: Save sends the whole of it, and would undo what was written here.
      // Mattermost's own action after a change of the configuration (5.39 to 11.6).
      surroundings.store.dispatch({ type: 'RECEIVED_CONFIG', data: fresh });
    }
    if (!mounted.current) {
      return;
    }
    setNotice(
      {
        [WRITTEN]: () => say('written', { setting }),
        [CHANGED]: () => say('write_changed', { setting }),
        [REFUSED]: () => (error ? failure(error, 'write_failed', language) : say('write_dropped', { setting })),
      }[result](),
    );
    status.current?.focus();
    await checkAnew();
  };

  const open = judged ? judged.report.groups.flatMap(({ findings }) => findings).filter(isOpen).length : 0;
  const showFirst = () => {
    const first = document.getElementById(id)?.querySelector('.nm-problem, .nm-warning');
    if (first instanceof HTMLElement) {
      first.focus({ preventScroll: true });
      first.scrollIntoView({ block: 'center' });
    }
  };
  const actions = { correct: disabled ? null : correct, write };
  const name = `${id}-name`;
  // The two columns of Mattermost's own settings; `showTitle` would give a title in one language only.
  return h(
    'div',
    { className: 'form-group', role: 'group', 'aria-labelledby': name },
    h('div', { className: 'control-label col-sm-4 nm-title', id: name }, say('title')),
    h(
      'div',
      { id, className: 'col-sm-8 notifymatters-check', 'data-testid': 'embedding-check', 'aria-busy': checking },
      h('style', null, style),
      h('p', null, say('intro')),
      h(
        'div',
        { className: 'nm-status' },
        h(
          'div',
          { role: 'status', tabIndex: -1, ref: status, 'data-testid': 'embedding-check-status' },
          notice && h('p', null, notice),
          h('p', null, summary(checking ? null : outcome, open, language)),
          judged &&
            judged.draft !== null &&
            !checking &&
            h('p', null, say(judged.configuration.fixed.plugins ? 'not_saved_environment' : 'not_saved')),
        ),
        h(
          'div',
          { className: 'nm-buttons' },
          !checking && open > 0 && h('button', { type: 'button', className: 'btn btn-tertiary', onClick: showFirst }, say('show_first')),
          h('button', { type: 'button', className: 'btn btn-tertiary', onClick: checkAnew, disabled: checking }, say('check_again')),
        ),
      ),
      disabled && h('p', null, say('closed')),
      judged?.report.groups.map((group) => h(Group, { key: group.origin ?? '', group, language, actions })),
      judged && judged.report.omitted > 0 && h('p', null, say('omitted', { count: String(judged.report.omitted) })),
      judged && h(Asked, { asked: judged.report.asked, language }),
    ),
  );
}

/**
 * @param {Judged | Error | null} outcome `null`: not known yet
 * @param {number} open how much is to be done
 * @param {import('./language.js').Language} language
 */
function summary(outcome, open, language) {
  const { say } = language;
  if (outcome === null) {
    return say('checking');
  }
  if (outcome instanceof ReportError) {
    return outcome.status === 403 ? say('failed_forbidden') : say('failed_plugin', { status: String(outcome.status) });
  }
  if (outcome instanceof Error) {
    return failure(outcome, 'failed', language);
  }
  if (lags(outcome)) {
    return say('not_taken_over');
  }
  return open === 0 ? say('checked_good') : say('checked_open', { count: String(open) });
}

/**
 * @param {Error} error
 * @param {'failed' | 'write_failed'} key
 * @param {import('./language.js').Language} language
 */
function failure(error, key, { say }) {
  return error instanceof UnexpectedAnswer ? say('failed_answer', { path: error.path }) : say(key, { reason: error.message });
}

/**
 * The page keeps what is typed to itself; its field can be watched.
 *
 * @param {string} field
 * @param {() => void} touched called at each key
 * @param {(typed: string) => void} settled called with what stands there, once now and whenever nobody has typed for a moment
 * @returns {() => void} ends it
 */
function watchField(field, touched, settled) {
  const read = () => {
    const typed = typedIn(field);
    if (typed !== null) {
      settled(typed);
    }
  };
  let timer = window.setTimeout(read, TYPING_PAUSE);
  const listen = (/** @type {Event} */ event) => {
    if (event.target instanceof HTMLInputElement && event.target.id === field) {
      touched();
      window.clearTimeout(timer);
      timer = window.setTimeout(read, TYPING_PAUSE);
    }
  };
  document.addEventListener('input', listen);
  return () => {
    window.clearTimeout(timer);
    document.removeEventListener('input', listen);
  };
}
