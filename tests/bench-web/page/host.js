// The host's side, run in a blank page: embeds the Mattermost and, beside it, a frame that knows nothing of plugins; answers what they
// say at once and keeps nothing, so that what is measured is not the host.
const [chat, bare] = arguments;

// The engine remembers the numbers that it has written as text. It makes room for thousands at the first few (64 kB in Chromium
// 156), which a real page has come to long before a host speaks.
for (let n = 0; n < 1000; n += 1) String(n);

const embed = (src) =>
  new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.onload = () => resolve(frame);
    frame.src = src;
    document.body.append(frame);
  });

const envelope = (window.envelope = (command, data = null, ref = null) => ({
  type: 'notifymatters.' + command,
  notifymatters: '20171130',
  data,
  ref,
}));

/** What the host does with a new notification besides counting it: `click`, `close`, both, or nothing. */
window.reports = [];
window.counted = { new: 0, close: 0 };

let answered;
addEventListener('message', ({ data, source, origin }) => {
  if (data.type === 'notifymatters.notification.new') {
    window.counted.new += 1;
    for (const report of window.reports) source.postMessage(envelope('notification.on' + report, null, data.data.id), origin);
  } else if (data.type === 'notifymatters.notification.close') {
    window.counted.close += 1;
  } else if (data.type === 'notifymatters.ok' || data.type === 'bench.done') {
    answered?.(data);
  }
});

/** Posts to a frame and waits for the answer. */
window.ask = (frame, ...messages) =>
  new Promise((resolve) => {
    answered = resolve;
    for (const message of messages) frame.contentWindow.postMessage(message, '*');
  });

/** The time from a first `enable` to its `ok`. */
window.enable = async () => {
  const begin = performance.now();
  await window.ask(window.chat, envelope('enable', 'granted'));
  return performance.now() - begin;
};

/** Asks until there is an `ok`; `firstOk` becomes the time when it came, as the two pages count it both. */
window.askAllTheWhile = () => {
  const asking = setInterval(() => window.chat.contentWindow.postMessage(envelope('enable', 'granted'), '*'), 5);
  window.firstOk = new Promise((resolve) => {
    answered = () => {
      clearInterval(asking);
      resolve(performance.timeOrigin + performance.now());
    };
  });
};

/** The time that a frame takes for so many messages that are none of its business. */
window.refused = async (frame, count) => {
  const messages = Array.from({ length: count }, (_, n) => envelope('notification.onclick', null, n));
  const begin = performance.now();
  await window.ask(frame, ...messages, { type: 'bench.end' });
  return performance.now() - begin;
};

/** Loads the Mattermost's frame. */
window.address = chat;
window.enter = (address) =>
  new Promise((resolve) => {
    window.chat.onload = () => resolve();
    window.chat.src = address;
  });

return Promise.all([chat, bare].map(embed)).then(([first, second]) => {
  window.chat = first;
  window.bare = second;
});
