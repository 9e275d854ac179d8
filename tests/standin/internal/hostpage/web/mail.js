// The demo's host page: the embedder's script, a log of what crosses, and the demo's three buttons.

import { ChatNotifications } from './host.js';

const SHOWN_ENTRIES = 200;
/** Pages hear of a changed setting at once and read it within three seconds, so that not all ask together. */
const ASK_AGAIN_MILLISECONDS = 4000;

const log = document.getElementById('log');
const trusted = document.getElementById('trusted');
let last = null;

const SHOWN_CHARACTERS = 160;

/** A value in a few words, for people. */
function short(data) {
  if (data === null || data === undefined) {
    return '';
  }
  const words = data.options ? [data.title, data.options.body, data.options.icon].filter(Boolean).join(' | ') : data;
  const text = typeof words === 'string' ? words : JSON.stringify(words);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}

/** Adds a line; a line like the one before only counts up. */
function note(direction, type, ref, data) {
  const key = JSON.stringify([direction, type, ref, data]);
  if (last?.key === key) {
    last.count += 1;
    last.entry.querySelector('.times').textContent = `×${last.count}`;
    return;
  }
  const entry = document.createElement('li');
  entry.className = direction;
  for (const [name, text] of [
    ['at', new Date().toLocaleTimeString('en-GB')],
    ['type', type],
    ['ref', ref === null || ref === undefined ? '' : `#${ref}`],
    ['times', ''],
    ['data', short(data)],
  ]) {
    const cell = document.createElement('span');
    cell.className = name;
    cell.textContent = text;
    entry.append(cell);
  }
  log.prepend(entry);
  log.children[SHOWN_ENTRIES]?.remove();
  last = { key, entry, count: 1 };
}

const chat = new ChatNotifications(document.getElementById('chat'), {
  onCrossing: ({ direction, type, ref, data }) => {
    note(direction, type.replace('notifymatters.', ''), ref ?? data?.id, data);
    if (type === 'notifymatters.notification.new') {
      // The script shows the notification right after this call.
      queueMicrotask(() => watch(data.id, data.title));
    }
  },
});

function watch(id, title) {
  const notification = chat.shown.get(id);
  notification?.addEventListener('show', () => note('own', 'the browser shows it', id, title));
  notification?.addEventListener('click', () => note('own', 'you clicked it', id, title));
  notification?.addEventListener('error', () => note('own', 'the browser could not show it', id, title));
}

function showPermission() {
  const { permission } = chat;
  const words = {
    granted: 'Notifications are on',
    denied: "Notifications are blocked for this page, or this browser has none: see the browser's site settings",
    default: 'Notifications are off',
  };
  const pill = document.getElementById('permission');
  pill.textContent = words[permission];
  pill.dataset.permission = permission;
  document.getElementById('allow').hidden = permission !== 'default';
}

document.getElementById('allow').addEventListener('click', async () => {
  await Notification.requestPermission();
  showPermission();
  // The chat has to know that the permission is another one now.
  chat.enable();
});

function post(path, body) {
  return fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

const MENTIONS = [
  { from: 'ben', channel: 'design', message: '@anna which of the two sketches do you like better?' },
  { from: 'ben', channel: 'support', message: '@anna a customer asks for you, can you have a look?' },
];
let mentions = 0;

document.getElementById('mention').addEventListener('click', async () => {
  const mention = MENTIONS[mentions++ % MENTIONS.length];
  note('own', 'somebody mentions you', null, mention.message);
  await post('/demo/mention', mention);
});

trusted.addEventListener('change', async () => {
  note('own', trusted.checked ? 'the origin is trusted again' : 'the origin is struck from the setting', null, location.origin);
  await post('/demo/trust', { trusted: trusted.checked });
  document.getElementById('silence').hidden = trusted.checked;
  // As hosts do that lost their chat: ask again, once the change has reached the page in the frame.
  setTimeout(() => chat.enable(), ASK_AGAIN_MILLISECONDS);
});

trusted.checked = (await (await fetch('/demo/trust')).json()).trusted;
document.getElementById('silence').hidden = trusted.checked;
showPermission();
navigator.permissions?.query({ name: 'notifications' }).then((status) => status.addEventListener('change', showPermission));
chat.start();
