// For a service worker: brings the click on a notification back to the page that showed it.
// importScripts('notifymatters-worker.js'), or import 'notifymatters-host/worker', or register this file itself.

/** How long a page may take to say that a notification is its own, in milliseconds. Firefox lets a worker focus a page for a second after a click. */
const ANSWER = 500;

// Where it is no worker (a server that loads every module), there is nothing to listen to.
const worker = /** @type {Partial<ServiceWorkerGlobalScope> & Pick<ServiceWorkerGlobalScope, 'clients'>} */ (
  /** @type {unknown} */ (globalThis)
);

/**
 * @param {WindowClient} client
 * @param {unknown} message
 * @returns {Promise<WindowClient>}
 */
const ask = (client, message) =>
  new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(client);
    client.postMessage(message, [port2]);
    setTimeout(() => (port1.close(), reject()), ANSWER);
  });

const pages = () => worker.clients.matchAll({ type: 'window', includeUncontrolled: true });

worker.addEventListener?.('notificationclick', (event) => {
  const { notifymatters, url } = event.notification.data ?? {};
  if (!notifymatters) return;
  event.notification.close();
  event.waitUntil(
    pages()
      .then((clients) => Promise.any(clients.map((client) => ask(client, { notifymatters, clicked: true }))))
      .then(
        (client) => client.focus(),
        // The page that showed it is gone.
        () => worker.clients.openWindow(url),
      ),
  );
});

worker.addEventListener?.('notificationclose', (event) => {
  const { notifymatters } = event.notification.data ?? {};
  if (notifymatters) event.waitUntil(pages().then((clients) => clients.forEach((client) => client.postMessage({ notifymatters }))));
});
