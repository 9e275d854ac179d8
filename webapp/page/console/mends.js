// The buttons of a finding: they show what they do before they do it.

import { useMounted } from './mounted.js';

/** @typedef {import('./language.js').Language} Language */
/** @typedef {import('./view.js').Actions} Actions */

/** @param {{change: import('./facts.js').Change, language: Language, actions: Actions}} props */
export function Change({ change, language, actions }) {
  const { createElement: h } = window.React;
  if (change.kind === 'setting') {
    return h(SettingChange, { change, language, write: actions.write });
  }
  return (
    actions.correct &&
    h(
      'button',
      { type: 'button', className: 'btn btn-primary', onClick: () => actions.correct?.(change.wrong, change.right) },
      language.say('put_into_field', { origin: change.right }),
    )
  );
}

/** @param {{change: import('./facts.js').SettingChange, language: Language, write: Actions['write']}} props */
function SettingChange({ change, language, write }) {
  const { createElement: h, useEffect, useRef, useState } = window.React;
  const { say } = language;
  const setting = `${change.section}.${change.key}`;
  const [step, setStep] = useState(/** @type {'closed' | 'shown' | 'writing'} */ ('closed'));
  const opener = /** @type {{current: HTMLButtonElement | null}} */ (useRef(null));
  const writer = /** @type {{current: HTMLButtonElement | null}} */ (useRef(null));
  const was = useRef(step);
  const mounted = useMounted();
  useEffect(() => {
    // After writing, the focus is where the outcome is told.
    if (was.current === 'closed' && step === 'shown') {
      writer.current?.focus();
    } else if (was.current === 'shown' && step === 'closed') {
      opener.current?.focus();
    }
    was.current = step;
  }, [step]);
  if (step === 'closed') {
    return h(
      'button',
      {
        type: 'button',
        className: 'btn btn-primary',
        'aria-expanded': false,
        'aria-label': say('show_change_of', { setting }),
        ref: opener,
        onClick: () => setStep('shown'),
      },
      say('show_change'),
    );
  }
  const writing = step === 'writing';
  const send = async () => {
    setStep('writing');
    await write(change);
    if (mounted.current) {
      setStep('closed');
    }
  };
  return h(
    'div',
    { className: 'nm-change', role: 'group', 'aria-label': say('show_change_of', { setting }) },
    h(
      'dl',
      null,
      h('dt', null, say('change_setting')),
      h('dd', null, h('code', null, setting)),
      h('dt', null, say('change_from')),
      h('dd', null, h('code', null, JSON.stringify(change.from))),
      h('dt', null, say('change_to')),
      h('dd', null, h('code', null, JSON.stringify(change.to))),
    ),
    h(
      'button',
      { type: 'button', className: 'btn btn-primary', ref: writer, disabled: writing, onClick: send },
      say(writing ? 'writing' : 'write'),
    ),
    ' ',
    h('button', { type: 'button', className: 'btn btn-tertiary', disabled: writing, onClick: () => setStep('closed') }, say('cancel')),
  );
}

/** @param {{place: string, lines: string, language: Language}} props */
export function Lines({ place, lines, language }) {
  const { createElement: h, useState } = window.React;
  const { say } = language;
  const [told, setTold] = useState('');
  const mounted = useMounted();
  const copy = async () => {
    let outcome = 'copied';
    try {
      // Absent on a page without https.
      await navigator.clipboard.writeText(lines);
    } catch {
      outcome = 'copy_failed';
    }
    if (mounted.current) {
      setTold(say(outcome));
    }
  };
  return h(
    'figure',
    { className: 'nm-lines' },
    h(
      'figcaption',
      null,
      place,
      ' ',
      h(
        'button',
        { type: 'button', className: 'btn btn-tertiary', 'aria-label': say('copy_of', { title: place }), onClick: copy },
        say('copy'),
      ),
      ' ',
      h('span', { role: 'status' }, told),
    ),
    h('pre', { tabIndex: 0, 'aria-label': place }, lines),
  );
}
