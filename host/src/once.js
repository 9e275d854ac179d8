// One message, one notification: several tabs of one host each embed the chat, and each is told of the same message.

/**
 * How long the tab that shows a message keeps others from showing the same, in milliseconds: their pages get it within moments, and a
 * message with the same words that comes later is another one.
 */
const HOLD = 10000;

/** Messages that are held at once; the oldest is let go for a further one. */
const MOST_HELD = 64;

/** Decides, message by message, whether this tab is the one that shows it. */
export function oneTab() {
  /** What this tab holds, each with its end. @type {Map<string, () => void>} */
  const held = new Map();

  /**
   * Tags do not tell messages apart (they are the text up to Mattermost 11.9, a number of the page's own later): the words do.
   * @param {string} message
   * @returns {Promise<boolean>}
   */
  const mayShow = (message) =>
    new Promise((resolve) => {
      // Pages without https have no locks; nor have they notifications of the browser's.
      if (held.has(message) || !navigator.locks) return resolve(true);
      navigator.locks
        .request('notifymatters ' + message, { ifAvailable: true }, (lock) => {
          resolve(!!lock);
          return (
            lock &&
            new Promise((release) => {
              const end = () => {
                clearTimeout(timer);
                held.delete(message);
                release(0);
              };
              const timer = setTimeout(end, HOLD);
              held.set(message, end);
              if (held.size > MOST_HELD) held.values().next().value?.();
            })
          );
        })
        .catch(() => resolve(true));
    });

  return { mayShow, end: () => held.forEach((end) => end()) };
}
