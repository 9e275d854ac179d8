// The Mattermost page's side: notifications as Mattermost makes them, and the clock.

const host = window.parent;

/** A notification out and its click back. */
function hop(title) {
  return new Promise((resolve) => {
    const notification = new Notification(title, {
      body: '@ben: have you seen this?',
      icon: '/static/icon50x50.png',
      requireInteraction: false,
      silent: true,
    });
    notification.onclick = resolve;
    window.made.push(notification);
  });
}

/** The same way without anything at its ends: the same envelopes, and a listener that looks at the window that sent them. */
let arrived;
function bareHop(title) {
  return new Promise((resolve) => {
    arrived = resolve;
    const options = { body: '@ben: have you seen this?', icon: '/static/icon50x50.png', requireInteraction: false, silent: true };
    host.postMessage({ type: 'notifymatters.notification.new', notifymatters: '20171130', data: { id: 1, title, options } }, '*');
  });
}

/** The page rests so long before each single hop, as it does before a notification in real life. */
const REST = 4;

/** Times hops with a rest before each. @returns {Promise<number[]>} milliseconds */
async function timeSingly(once, count) {
  const times = [];
  for (let n = 0; n < count; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, REST));
    const begin = performance.now();
    await once('hop');
    times.push(performance.now() - begin);
  }
  return times;
}

/** Times hops one right after the other. @returns {Promise<number>} the milliseconds of one */
async function timeInARow(once, count) {
  const begin = performance.now();
  for (let n = 0; n < count; n += 1) await once('hop');
  return (performance.now() - begin) / count;
}

/** Times hops both ways. */
const time = async (once, count) => ({ single: await timeSingly(once, count), row: await timeInARow(once, count) });

window.made = [];
window.bench = {
  async hops(count) {
    const times = await time(hop, count);
    for (const notification of window.made.splice(0)) notification.close();
    return times;
  },

  bareHops: (count) => time(bareHop, count),

  /** Makes notifications that the host clicks and closes at once, and forgets them. */
  async past(count) {
    for (let n = 0; n < count; n += 1) {
      await new Promise((resolve) => {
        const notification = new Notification('past ' + n, {
          body: 'of many',
          icon: '/static/icon50x50.png',
          tag: 'tag ' + n,
          data: { n },
        });
        notification.onclick = () => {};
        notification.onclose = resolve;
      });
    }
  },

  /** Begins to watch how long the page's thread is taken: a message that the page sends to itself has to wait so long. */
  watch() {
    const { port1, port2 } = new MessageChannel();
    let last = performance.now();
    let longest = 0;
    port1.onmessage = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      port2.postMessage(0);
    };
    port2.postMessage(0);
    this.watched = () => {
      port1.close();
      return longest;
    };
  },

  /** Bytes of the WebAssembly memory; 0 without one. */
  wasm: () => window.wasmMemory?.buffer.byteLength ?? 0,
};

addEventListener('message', ({ data, source }) => {
  if (source !== host) return;
  if (data.type === 'bench.end') host.postMessage({ type: 'bench.done' }, '*');
  else if (arrived && data.type === 'notifymatters.notification.onclick') arrived();
});
