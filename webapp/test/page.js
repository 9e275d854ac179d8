// A page without a browser: what the delegate class meets there, and a component that records what it is asked.

/** The browser's own class, as the delegate finds it. */
export class Native {
  static permission = 'denied';

  static requestPermission() {
    return Promise.resolve('native');
  }

  /**
   * @param {string} title
   * @param {object} options
   */
  constructor(title, options) {
    this.made = [title, options];
  }
}

const page = /** @type {any} */ (globalThis);
page.window = globalThis;
/** What the page would show as an uncaught error. @type {unknown[]} */
export const reported = [];
page.reportError = (/** @type {unknown} */ error) => reported.push(error);
page.document = { baseURI: 'https://chat.example.com/chat/channels/town' };
Object.defineProperty(globalThis, 'Notification', { value: Native, writable: true, enumerable: false, configurable: true });

const { delegate } = await import('../page/notification.js');

/** Opens the page: the delegate installed, tasks run by hand. */
export function openPage() {
  /** @type {any[][]} */
  const calls = [];
  /** @type {(() => void)[]} */
  const tasks = [];
  const component = {
    create: (/** @type {any[]} */ ...values) => void calls.push(['create', ...values]),
    close: (/** @type {any[]} */ ...values) => void calls.push(['close', ...values]),
    requestPermission: (/** @type {any} */ settle) => void calls.push(['request', settle]),
    permission: () => 'granted',
  };
  const hands = delegate(
    (call) => call(/** @type {any} */ (component)),
    (task) => void tasks.push(task),
  );
  hands.install();
  return {
    calls,
    hands,
    Notification: /** @type {any} */ (globalThis).Notification,
    runTasks() {
      while (tasks.length) /** @type {() => void} */ (tasks.shift())();
    },
  };
}
