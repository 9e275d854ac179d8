// A notification inside the page, for browsers that show none of their own. Its colours are the system's, light or dark.

/** How long it stays unless it requires interaction, in milliseconds. */
const STAY = 15000;

/** Above what pages put in front. */
const FRONT = 2147483647;

/**
 * Styles are set one by one, since a page's policy may forbid style attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Partial<CSSStyleDeclaration>} style
 * @param {...(Node | string)} children
 */
function element(name, style, ...children) {
  const made = document.createElement(name);
  Object.assign(made.style, style);
  made.append(...children);
  return made;
}

/** @type {HTMLElement | undefined} */
let stack;

/**
 * @param {import('./types.js').ChatNotification} notification
 * @param {string} label of the button that closes it
 * @returns {import('./types.js').Remove}
 */
export function toast({ title, options, click, close }, label) {
  const bare = { font: 'inherit', color: 'inherit', background: 'none', border: '0', padding: '8px', cursor: 'pointer' };
  const words = element(
    'button',
    { ...bare, flex: '1', textAlign: 'start', overflowWrap: 'anywhere', whiteSpace: 'pre-line' },
    element('b', { display: 'block' }, title),
    options.body ?? '',
  );
  words.dir = 'auto';
  const cross = element('button', bare, '×');
  cross.setAttribute('aria-label', label);
  const shown = element(
    'div',
    {
      display: 'flex',
      alignItems: 'start',
      color: 'CanvasText',
      background: 'Canvas',
      border: '1px solid GrayText',
      borderRadius: '8px',
      font: '15px/1.4 system-ui, sans-serif',
      boxShadow: '0 4px 16px #0006',
    },
    words,
    cross,
  );
  shown.role = 'alert';
  stack ??= element('div', {
    position: 'fixed',
    zIndex: '' + FRONT,
    insetBlockEnd: '16px',
    insetInlineEnd: '16px',
    display: 'grid',
    gap: '8px',
    width: 'min(340px, 100vw - 32px)',
  });
  const timer = options.requireInteraction ? 0 : setTimeout(() => end(), STAY);

  function remove() {
    clearTimeout(timer);
    shown.remove();
    if (!stack?.firstChild) {
      stack?.remove();
      stack = undefined;
    }
  }

  function end() {
    remove();
    close();
  }

  cross.onclick = end;
  words.onclick = async () => {
    remove();
    await click();
    close();
  };
  stack.append(shown);
  if (!stack.isConnected) document.body.append(stack);
  return remove;
}
