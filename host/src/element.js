// <mattermost-embed src="https://chat.example.com">: the frame, its permissions, and a word where something is wrong.

import { embed } from './embed.js';
import { pageBadge } from './element/badge.js';
import { prepareLogin } from './element/login.js';
import { STYLE } from './element/style.js';
import { textsFor } from './element/texts.js';

/** Without each of these something in Mattermost fails in silence: sounds, copying links, pasting images, calls. */
const ALLOW = ['autoplay', 'clipboard-read', 'clipboard-write', 'fullscreen', 'microphone', 'camera', 'display-capture'];

/** Events of the embedding that the element fires as well. */
const EVENTS = /** @type {const} */ (['statuschange', 'notification', 'activity', 'state', 'error']);

/** Failures that another attempt cannot mend: somebody has to change this page. */
const LASTING = ['bad-origin', 'insecure-chat', 'forbidden'];

/** Failures after which there is nothing to see in the frame; the others leave it in sight, since it may show a login form. */
const COVERING = [...LASTING, 'redirected'];

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Partial<HTMLElementTagNameMap[K]>} properties
 * @param {...(Node | string)} children
 */
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/**
 * @param {string} address
 * @returns {string} empty where it has none
 */
function originOf(address) {
  try {
    return new URL(address, location.href).origin;
  } catch {
    return '';
  }
}

// Where there is no page (a server that renders), the module can be loaded all the same.
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/**
 * The element. Its attributes: `src`, `lang` (the page's counts otherwise), `badge` (a dot in the page's title and icon), `hidden`, `want`
 * (the option of that name, words with spaces between them).
 */
export class MattermostEmbed extends Base {
  static observedAttributes = ['src', 'hidden', 'lang'];

  #bar = element('div', { className: 'bar', role: 'status' });
  #cover = element('div', { className: 'cover' });
  #stage = element('div', { className: 'stage' }, this.#cover);
  #badge = pageBadge();
  /** @type {import('./types.js').EmbedOptions} */
  #options = {};
  /** @type {import('./types.js').Embedding | undefined} */
  #embedding;
  /** @type {HTMLIFrameElement | undefined} */
  #frame;
  /** What is to be seen: `loading`, `ready`, or a failure's code. */
  #state = 'loading';
  /** The notice that the user has closed. */
  #dismissed = '';
  #end = new AbortController();

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#bar, this.#stage);
  }

  /** The conversation with the chat; undefined while the element is in no page. */
  get embedding() {
    return this.#embedding;
  }

  /** What `embed()` takes as well. */
  get options() {
    return this.#options;
  }

  set options(options) {
    this.#options = options ?? {};
    if (this.#frame) this.#embed(this.#frame);
  }

  connectedCallback() {
    // Set before the element was defined, it would hide the accessor.
    if (Object.hasOwn(this, 'options')) {
      const { options } = this;
      delete (/** @type {{ options?: unknown }} */ (this).options);
      this.options = options;
    }
    this.#load();
  }

  disconnectedCallback() {
    this.#unload();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    // Not yet in a page, or not any more: it takes its attributes as they are when it comes into one.
    if (!this.#frame || before === now) return;
    if (name === 'src') this.#load();
    // Called before the page is drawn without the frame.
    else if (name === 'hidden' && this.#embedding) this.#embedding.visible = !this.hidden;
    else this.#draw();
  }

  #unload() {
    this.#end.abort();
    this.#badge.hide();
    this.#embedding?.destroy();
    this.#frame?.remove();
    this.#embedding = this.#frame = undefined;
  }

  #load() {
    this.#unload();
    this.#end = new AbortController();
    this.#state = 'loading';
    const { signal } = this.#end;
    const src = this.getAttribute('src')?.trim() ?? '';
    const frame = (this.#frame = element('iframe', {}));
    // A name without a scheme would be a page of this site.
    if (/^(https?:\/)?\//i.test(src)) {
      frame.src = src;
      const origin = originOf(src);
      frame.allow = ALLOW.map((name) => name + ' ' + origin).join('; ');
      if (origin) prepareLogin(frame.src);
    }
    frame.addEventListener('load', () => COVERING.includes(this.#state) || this.#become('ready'), { signal });
    this.#embed(frame);
    this.#stage.prepend(frame);
    navigator.permissions
      ?.query({ name: 'notifications' })
      .then((permission) => permission.addEventListener('change', () => this.#draw(), { signal }))
      .catch(() => {});
    this.#draw();
  }

  /** @param {HTMLIFrameElement} frame */
  #embed(frame) {
    this.#embedding?.destroy();
    const options = this.#options;
    const embedding = embed(frame, {
      want: /** @type {any} */ (this.getAttribute('want')?.split(' ')),
      ...options,
      origin: frame.src ? options.origin : 'about:blank',
      labels: { close: textsFor(this).dismiss, ...options.labels },
      open: (notification) => {
        this.#badge.hide();
        return options.open?.(notification);
      },
    });
    this.#embedding = embedding;
    embedding.visible = !this.hidden;
    for (const type of EVENTS) {
      embedding.addEventListener(type, (event) => {
        const { detail, cancelable } = /** @type {CustomEvent} */ (event);
        if (!this.dispatchEvent(new CustomEvent(type, { detail, cancelable }))) event.preventDefault();
      });
    }
    embedding.addEventListener('statuschange', ({ detail }) => (detail === 'connected' ? this.#become('ready') : this.#draw()));
    embedding.addEventListener('error', ({ detail }) => detail.code in textsFor(this).failures && this.#become(detail.code));
    embedding.addEventListener('activity', () => this.#badge.hide());
    embedding.addEventListener('notification', ({ defaultPrevented }) => {
      if (this.hasAttribute('badge') && !defaultPrevented) void this.#badge.show();
    });
  }

  /** @param {string} state */
  #become(state) {
    this.#state = state;
    this.#draw();
  }

  #draw() {
    if (!this.#frame) return;
    const texts = textsFor(this);
    const state = this.#state;
    const [bar, cover] = [this.#bar, this.#cover];
    this.#frame.title = texts.chat;
    const failure = texts.failures[/** @type {keyof typeof texts.failures} */ (state)];
    const covered = state === 'loading' || COVERING.includes(state);
    cover.hidden = !covered;
    cover.role = failure ? 'alert' : 'status';
    const again = element('button', { className: 'main', textContent: texts.again, onclick: () => this.#load() });
    const words = failure && [
      element('b', { textContent: failure.title }),
      element('p', { className: 'advice', textContent: failure.advice }),
    ];
    if (covered) {
      cover.replaceChildren(
        ...(words
          ? [...words, ...(LASTING.includes(state) ? [] : [again])]
          : [element('div', { className: 'spinner' }), element('p', { textContent: texts.loading })]),
      );
    }

    const dismiss = element('button', {
      className: 'bare',
      textContent: '×',
      ariaLabel: texts.dismiss,
      onclick: () => {
        this.#dismissed = notice;
        this.#draw();
      },
    });
    const mayAsk = this.#embedding?.status === 'connected' && !this.#options.show && globalThis.Notification?.permission === 'default';
    const notice = covered ? '' : failure ? state : mayAsk ? 'allow' : '';
    bar.hidden = !notice || notice === this.#dismissed;
    if (bar.hidden) return;
    if (words) bar.replaceChildren(element('div', { className: 'words' }, ...words), again, dismiss);
    else {
      const allow = element('button', {
        className: 'main',
        textContent: texts.allow,
        onclick: async () => {
          await this.#embedding?.requestPermission();
          this.#draw();
        },
      });
      bar.replaceChildren(element('p', { className: 'words', textContent: texts.allowWhy }), allow, dismiss);
    }
  }
}

if (globalThis.customElements && !customElements.get('mattermost-embed')) customElements.define('mattermost-embed', MattermostEmbed);
