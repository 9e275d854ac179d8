// A host's service worker with the package's part; a test can have it click, which no driver does.

importScripts('/notifymatters/dist/worker.js');

addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('message', (event) => {
  const click = (notification) => dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  event.waitUntil(registration.getNotifications().then((all) => all.forEach(click)));
});
