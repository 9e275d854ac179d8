// The chat itself. It lives beside the tabs' pages rather than in one: so it goes on notifying when its tab is hidden or closed, and a
// click finds it as it was.

import * as settings from './settings.js';
import { language } from './texts.js';
import { makeWebview } from './webview.js';

/**
 * How long the focus alone counts as activity, in milliseconds. Nobody can see what happens inside the frame; who writes there for an
 * hour without the pointer or the focus once leaving it would be an exception, who leaves the chat in front at the end of the day is none.
 */
const LONGEST_UNSEEN = 60 * 60 * 1000;

/** What the webmail asks the chat for besides notifications: the count for its button, and that the chat knows whether it is seen. */
const WANT = /** @type {const} */ (['unread', 'view']);

/**
 * @typedef {object} Chat
 * @property {EventTarget} events what `embed` tells of
 * @property {() => import('../../src/types.js').Embedding | undefined} embedding
 * @property {(isVisible: boolean) => void} show
 * @property {() => void} remove
 */

/**
 * Loads the chat, hidden.
 * @param {string} address
 * @param {() => void} open brings its tab to the front, for a notification that was clicked
 * @returns {Chat}
 */
export function loadChat(address, open) {
  const chat = Zarafa.isDeskApp ? inWebview(address, open) : inElement(address, open);
  let seen = Date.now();
  chat.events.addEventListener('activity', (event) => {
    const { kind } = /** @type {CustomEvent} */ (event).detail;
    if (kind !== 'focused') seen = Date.now();
    if (Date.now() - seen < LONGEST_UNSEEN) Zarafa.idleTime = 0;
  });
  chat.events.addEventListener('notification', (event) => {
    if (!settings.get('notifications')) event.preventDefault();
  });
  return chat;
}

/** @param {HTMLElement} element */
function put(element) {
  const { dom } = container.getTabPanel().body;
  dom.classList.add('notifymatters-stage');
  element.classList.add('notifymatters-chat');
  dom.append(element);
}

/** @type {typeof loadChat} */
function inElement(address, open) {
  const element = /** @type {import('../../src/element.js').MattermostEmbed} */ (document.createElement('mattermost-embed'));
  element.options = { open, want: WANT };
  element.lang = language();
  element.setAttribute('src', address);
  element.hidden = true;
  put(element);
  return {
    events: element,
    embedding: () => element.embedding,
    show: (isVisible) => {
      element.hidden = !isVisible;
    },
    remove: () => element.remove(),
  };
}

/** @type {typeof loadChat} */
function inWebview(address, open) {
  const webview = makeWebview(address);
  const embedding = NotifymattersHost.embed(webview, { open, want: WANT, origin: new URL(address, location.href).origin });
  /** @param {boolean} isVisible */
  const show = (isVisible) => {
    embedding.visible = isVisible;
    // One that is not laid out loads nothing.
    webview.style.visibility = isVisible ? 'visible' : 'hidden';
  };
  show(false);
  put(webview);
  return {
    events: embedding,
    embedding: () => embedding,
    show,
    remove: () => {
      embedding.destroy();
      webview.remove();
    },
  };
}
