// The demo's host page: a log of what the embedded chat hands over, the demo's two buttons, and a link into the chat. The embedding is the element's.

import { go } from '/notifymatters/dist/requests.js';

const SHOWN_ENTRIES = 200;
const chat = document.getElementById('chat');
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

// The messages themselves, for whoever wants to see them.
addEventListener('message', ({ origin, data }) => {
  const { type, ref, data: carried } = data ?? {};
  if (origin !== new URL(chat.getAttribute('src')).origin || !type?.startsWith('notifymatters.')) return;
  note('in', type.replace('notifymatters.', ''), ref ?? carried?.id, carried);
});
chat.addEventListener('notification', ({ detail: { id, title } }) => note('own', 'shown as a notification', id, title));
chat.addEventListener('statuschange', ({ detail }) => note('own', 'the chat is ' + detail));
chat.addEventListener('error', ({ detail }) => note('own', detail.code, detail.notification?.id, detail.message));
chat.addEventListener('state', ({ detail: { unread } }) => {
  const count = document.getElementById('unread');
  count.hidden = !unread?.mentions;
  count.textContent = unread?.mentions ?? '';
});
chat.options = { open: ({ id, title }) => note('own', 'you clicked it', id, title) };

function showPermission() {
  const permission = window.Notification?.permission ?? 'granted';
  const words = {
    granted: 'Notifications are on',
    denied: "Notifications are blocked for this page: see the browser's site settings",
    default: 'Notifications are off',
  };
  const pill = document.getElementById('permission');
  pill.textContent = words[permission];
  pill.dataset.permission = permission;
}

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

// A link to a channel opens it in the chat beside the mail. Where that cannot be, it is a link like any other.
document.getElementById('channel').addEventListener('click', async (event) => {
  if (!chat.embedding?.have.includes('go')) return;
  event.preventDefault();
  const { pathname } = event.currentTarget;
  note('own', 'you opened a channel', null, pathname);
  await go(chat.embedding, pathname).catch(({ code, message }) => note('own', code, null, message));
});

trusted.addEventListener('change', async () => {
  note('own', trusted.checked ? 'the origin is trusted again' : 'the origin is struck from the setting', null, location.origin);
  await post('/demo/trust', { trusted: trusted.checked });
  document.getElementById('silence').hidden = trusted.checked;
});

trusted.checked = (await (await fetch('/demo/trust')).json()).trusted;
document.getElementById('silence').hidden = trusted.checked;
showPermission();
navigator.permissions?.query({ name: 'notifications' }).then((status) => status.addEventListener('change', showPermission));
