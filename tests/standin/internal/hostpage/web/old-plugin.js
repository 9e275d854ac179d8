// A chat whose plugin is older than capabilities, towards a page that embeds it: the protocol of 2017, and not a word more. What it does
// not know it keeps in `window.unknown`.

const VERSION = '20171130';
const PREFIX = 'notifymatters.';

let host;
let lastNumber = 0;
const notifications = new Map();
const requests = new Map();
window.unknown = [];
window.errors = [];
addEventListener('error', ({ message }) => window.errors.push(message));

function say(command, fields) {
  host.window.postMessage({ type: PREFIX + command, notifymatters: VERSION, ...fields }, host.origin);
}

class HostsNotification {
  static permission = 'default';

  /** Returns nothing; the answer goes to the callback. */
  static requestPermission(callback) {
    requests.set((lastNumber += 1), callback);
    say('notification.requestPermission', { data: null, ref: lastNumber });
  }

  constructor(title, options = {}) {
    this.id = lastNumber += 1;
    notifications.set(this.id, this);
    say('notification.new', { data: { id: this.id, title, options } });
  }

  close() {
    say('notification.close', { data: { id: this.id } });
  }
}

const commands = {
  enable({ notifymatters, data, state = null }, { source, origin }) {
    host = { window: source, origin };
    HostsNotification.permission = data;
    window.Notification = HostsNotification;
    say('ok', { notifymatters, state });
  },
  'notification.onclick': ({ ref }) => notifications.get(ref)?.onclick?.(),
  'notification.onclose': ({ ref }) => notifications.delete(ref),
  'ref.resolve': ({ ref, data }) => requests.get(ref)(data),
  'ref.reject': ({ ref, data }) => requests.get(ref)(data),
};

addEventListener('message', (event) => {
  const { type, notifymatters } = event.data ?? {};
  if (!type?.startsWith(PREFIX) || notifymatters > VERSION) return;
  const command = commands[type.slice(PREFIX.length)];
  if (command) command(event.data, event);
  else window.unknown.push(type);
});
