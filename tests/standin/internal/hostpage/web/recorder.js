// The tests' host page, /host.html?src=<page to embed> and
//   script=none            leaves speaking to the test (`send`); without the parameter it speaks the bare protocol
//   permission=<p>         what this page's Notification says instead of the browser
//   answer=<p>             what asking then leads to
//   notification=recorded  makes no notifications of the browser's: for very many, and where no driver can grant them
//   notification=none      has no Notification at all, as on iOS outside of installed applications
//   notification=throwing  has one that cannot be constructed, as in Chrome on Android
//   script=embed           speaks by the host package's `embed`; `options` are its own (JSON)
//   script=element, script=classic, script=react
//                          embeds by the package's element: as module, as classic script, in a React page; `attributes` are its own (JSON)
//   frames=<n>             embeds the page n times; only the first is recorded
//   sandbox=<s>            the frame's sandbox attribute

import { ChatNotifications } from './bare-host.js';

const parameters = new URLSearchParams(location.search);

/** Everything that crossed, in order. */
window.recorded = [];
/** What was given to the constructor of this page's Notification, with the object that it made. */
window.shown = [];
/** How often this page asked for the permission. */
window.asked = 0;

/** As much of a notification as hosts use. */
class Recorded extends EventTarget {
  onclick = null;
  onclose = null;

  constructor(title, options) {
    super();
    Object.assign(this, structuredClone(options), { title: String(title) });
  }

  close() {}
}

// A recording class over the browser's own, or over that one.
const Native = window.Notification;
const Base = parameters.get('notification') === 'recorded' ? Recorded : Native;
let permission = parameters.get('permission');
window.Notification = class Notification extends Base {
  constructor(title, options) {
    if (parameters.get('notification') === 'throwing') {
      throw new TypeError('Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.');
    }
    super(title, options);
    window.shown.push({ title, options, notification: this });
  }

  static get permission() {
    return permission ?? Native.permission;
  }

  static async requestPermission() {
    window.asked += 1;
    window.askedWithActivation = navigator.userActivation?.isActive;
    if (permission === null) {
      return Native.requestPermission();
    }
    permission = parameters.get('answer') ?? permission;
    return permission;
  }
};
if (parameters.get('notification') === 'none') {
  delete window.Notification;
}
window.setPermission = (value) => {
  permission = value;
};

const script = parameters.get('script');

/** Everything that the package's embedding or element said: `{type, detail}`. */
window.events = [];
function listen(target) {
  for (const type of ['statuschange', 'notification', 'activity', 'error']) {
    target.addEventListener(type, ({ detail }) => window.events.push({ type, detail, code: detail?.code }));
  }
}

const PACKAGE = '/notifymatters/dist';

/** The ways to embed with the package's element; each makes one in this page. */
const ELEMENTS = {
  element: () => import(`${PACKAGE}/mattermost-embed.js`).then(() => document.createElement('mattermost-embed')),
  classic: () => load(`${PACKAGE}/mattermost-embed.classic.js`).then(() => document.createElement('mattermost-embed')),
  async react() {
    const chat = new URL(parameters.get('src')).origin;
    await load(`${chat}/static/systemconsole/react18.js`);
    await load(`${chat}/static/systemconsole/react-dom18.js`);
    const { Chat } = await import('/notifymatters/dist-examples/react.js');
    const main = document.body.appendChild(document.createElement('main'));
    window.root = window.ReactDOM.createRoot(main);
    window.draw = (properties) =>
      window.root.render(window.React.createElement(window.React.StrictMode, null, window.React.createElement(Chat, properties)));
    window.counted = 0;
    window.draw({ address: parameters.get('src'), onNotification: () => (window.counted += 1) });
  },
};

function load(src) {
  return new Promise((resolve, reject) =>
    document.head.append(Object.assign(document.createElement('script'), { src, onload: resolve, onerror: reject })),
  );
}

if (script in ELEMENTS) {
  const element = await ELEMENTS[script]();
  if (element) {
    window.element = element;
    listen(element);
    element.setAttribute('src', parameters.get('src'));
    for (const [name, value] of Object.entries(JSON.parse(parameters.get('attributes') ?? '{}'))) element.setAttribute(name, value);
    element.style.height = '100%';
    document.body.append(element);
  }
}

function embed() {
  const frame = document.createElement('iframe');
  frame.allow = 'autoplay';
  if (parameters.has('sandbox')) {
    frame.sandbox = parameters.get('sandbox');
  }
  frame.src = parameters.get('src');
  document.body.append(frame);
  return frame;
}

const frame = script in ELEMENTS ? document.createElement('iframe') : embed();
window.frame = frame;
for (let count = 1; count < Number(parameters.get('frames')); count += 1) {
  new ChatNotifications(embed()).start();
}

/** Sends any message into the frame, as the host page: nothing is returned, or WebKit would take it for a call of the caller's. */
window.send = (message) => {
  frame.contentWindow.postMessage(message, '*');
};

addEventListener('message', (event) => {
  if (event.source === frame.contentWindow) {
    window.recorded.push({ direction: 'in', origin: event.origin, at: performance.now(), ...event.data });
  }
});

if (script === 'embed') {
  const { embed: embedFrame } = await import(`${PACKAGE}/embed.js`);
  window.embedFrame = (options) => {
    window.host = embedFrame(frame, options);
    // What the tests say themselves must be what the package says.
    Object.defineProperty(window.host, 'permission', { get: () => window.Notification?.permission ?? 'granted' });
    listen(window.host);
  };
  window.embedFrame(JSON.parse(parameters.get('options') ?? '{}'));
} else if (script === null) {
  window.host = new ChatNotifications(frame, {
    onCrossing: (crossing) => {
      if (crossing.direction === 'out') {
        window.recorded.push({ ...crossing, at: performance.now() });
      }
    },
  });
  window.host.start();
}
