// The tests' host page: /host.html?src=<page to embed>&script=embedder|none&permission=<p>
// Embeds the page, runs the embedder's script (or leaves speaking to the test), and records what crosses.

import { ChatNotifications } from "./host.js";

const parameters = new URLSearchParams(location.search);

/** Everything that crossed, in order. */
window.recorded = [];
/** What was given to the constructor of this page's Notification, with the object that it made. */
window.shown = [];

// A recording class over the browser's own; `permission` overrules what the browser says.
const Native = window.Notification;
let permission = parameters.get("permission");
window.Notification = class Notification extends Native {
  constructor(title, options) {
    super(title, options);
    window.shown.push({ title, options, notification: this, at: performance.now() });
  }

  static get permission() {
    return permission ?? Native.permission;
  }

  static async requestPermission() {
    window.asked = (window.asked ?? 0) + 1;
    if (permission === null) {
      return Native.requestPermission();
    }
    permission = parameters.get("answer") ?? permission;
    return permission;
  }
};
window.setPermission = (value) => {
  permission = value;
};

const frame = document.createElement("iframe");
frame.allow = "autoplay";
if (parameters.has("sandbox")) {
  frame.sandbox = parameters.get("sandbox");
}
frame.src = parameters.get("src");
document.body.append(frame);
window.frame = frame;

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
