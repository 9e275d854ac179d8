// How Mattermost notifies, by generation: 9.8 asks before every notification, 10.x and 11.x ask once.

/** 9.8 closes a notification itself after five seconds. */
const CLOSE_AFTER_MILLISECONDS = 5000;

const supported = () => 'Notification' in window && typeof Notification.requestPermission === 'function';

// Decided when this module loads, before any plugin runs (10.x and 11.x). In a frame of another origin Chromium says
// "denied" here, and so Mattermost never asks.
let alreadyAsked = supported() && Notification.permission !== 'default';

async function ask() {
  const answer = await Notification.requestPermission();
  // Browsers, and plugins, that only know the callback form return nothing.
  return answer === undefined ? new Promise((resolve) => Notification.requestPermission(resolve)) : answer;
}

function show({ title, body, requireInteraction, silent, onClick }, icon) {
  const notification = new Notification(title, { body, tag: body, icon, requireInteraction, silent });
  notification.onclick = onClick;
  notification.onerror = () => {
    throw new Error('Notification failed to show.');
  };
  return notification;
}

async function always(message, icon) {
  if (!supported()) {
    throw new Error('Notification not supported');
  }
  if ((await ask()) !== 'granted') {
    throw new Error('Notifications not granted');
  }
  const notification = show(message, icon);
  if (!message.requireInteraction) {
    setTimeout(() => notification.close(), CLOSE_AFTER_MILLISECONDS);
  }
}

async function once(message, icon) {
  if (!supported()) {
    throw new Error('Notification API is not supported');
  }
  if (Notification.permission !== 'granted') {
    if (alreadyAsked) {
      throw new Error('the permission was denied before');
    }
    alreadyAsked = true;
    if ((await ask()) !== 'granted') {
      throw new Error('the permission is denied');
    }
  }
  show(message, icon);
}

/** The function that notifies as the generation does. */
export function notifier(generation, basename) {
  const icon = `${basename}/static/icon50x50.png`;
  const way = generation < 10 ? always : once;
  return (message) => way(message, icon);
}
