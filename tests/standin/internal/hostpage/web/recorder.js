// The tests' host page, /host.html?src=<page to embed> and
//   script=none            leaves speaking to the test (`send`)
//   permission=<p>         what this page's Notification says instead of the browser
//   answer=<p>             what asking then leads to
//   notification=recorded  makes no notifications of the browser's: for very many, and where no driver can grant them
//   notification=none      has no Notification at all, as on iOS outside of installed applications
//   notification=throwing  has one that cannot be constructed, as in Chrome on Android
//   frames=<n>             embeds the page n times; only the first is recorded
//   sandbox=<s>            the frame's sandbox attribute

import { ChatNotifications } from "./host.js";

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
const Base = parameters.get("notification") === "recorded" ? Recorded : Native;
let permission = parameters.get("permission");
window.Notification = class Notification extends Base {
  constructor(title, options) {
    if (parameters.get("notification") === "throwing") {
      throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.");
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
    permission = parameters.get("answer") ?? permission;
    return permission;
  }
};
if (parameters.get("notification") === "none") {
  delete window.Notification;
}
window.setPermission = (value) => {
  permission = value;
};

function embed() {
  const frame = document.createElement("iframe");
  frame.allow = "autoplay";
  if (parameters.has("sandbox")) {
    frame.sandbox = parameters.get("sandbox");
  }
  frame.src = parameters.get("src");
  document.body.append(frame);
  return frame;
}

const frame = embed();
window.frame = frame;
for (let count = 1; count < Number(parameters.get("frames")); count += 1) {
  new ChatNotifications(embed()).start();
}

/** Sends any message into the frame, as the host page: nothing is returned, or WebKit would take it for a call of the caller's. */
window.send = (message) => {
  frame.contentWindow.postMessage(message, "*");
};

addEventListener("message", (event) => {
  if (event.source === frame.contentWindow) {
    window.recorded.push({ direction: "in", origin: event.origin, at: performance.now(), ...event.data });
  }
});

if (parameters.get("script") !== "none") {
  window.host = new ChatNotifications(frame, {
    onCrossing: (crossing) => {
      if (crossing.direction === "out") {
        window.recorded.push({ ...crossing, at: performance.now() });
      }
    },
  });
  window.host.start();
}
