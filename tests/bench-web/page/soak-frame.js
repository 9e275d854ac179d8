// The Mattermost page of a soak: notifications of ten kinds in turn, at an even pace.
const [count, milliseconds] = arguments;

/** How often the page looks whether the next notification is due. */
const STEP = 50;

/** Of each ten, what is particular about them here; `soak-host.js` says which of them the host clicks or closes. */
const KINDS = [
  {},
  { icon: '/static/icon50x50.png' },
  { data: { channel: 'town-square', posts: [1, 2, 3] } },
  // Closed by the page.
  { closes: true },
  { closes: true, tag: 'closed by the page' },
  // Replaced by the next of its tag.
  { tag: 'one' },
  { tag: 'two', renotify: true },
  { requireInteraction: true, silent: true },
  { dir: 'rtl', lang: 'he', timestamp: 1 },
  // Left to itself: the bound on live notifications ends it.
  {},
];

window.soaked = { made: 0, show: 0, click: 0, close: 0, error: 0, over: false };

function make(number) {
  const { closes, ...options } = KINDS[number % KINDS.length];
  const notification = new Notification('soak ' + number, { body: '@ben: have you seen number ' + number + '?', ...options });
  window.soaked.made += 1;
  for (const type of ['show', 'error', 'close']) notification.addEventListener(type, () => (window.soaked[type] += 1));
  notification.onclick = () => (window.soaked.click += 1);
  if (closes) setTimeout(() => notification.close(), 2 * STEP);
  // As Mattermost 9 does before every notification.
  if (number % 3 === 0) Notification.requestPermission();
}

const begin = performance.now();
const timer = setInterval(() => {
  const due = Math.min(count, ((performance.now() - begin) / milliseconds) * count);
  while (window.soaked.made < due) make(window.soaked.made);
  if (window.soaked.made < count) return;
  clearInterval(timer);
  window.soaked.over = true;
}, STEP);
