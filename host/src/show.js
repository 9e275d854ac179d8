// The ways to show a notification: the page's own, a service worker's, a toast.

/**
 * Throws where the page has no such class, or only a service worker may use it (Chrome on Android).
 * @param {import('./types.js').ChatNotification} notification
 * @param {(cause: unknown) => void} fail
 * @returns {import('./types.js').Remove}
 */
function byPage({ title, options, click, close }, fail) {
  const shown = new Notification(title, options);
  shown.onclick = click;
  shown.onclose = close;
  shown.onerror = fail;
  return () => shown.close();
}

/**
 * The other half is `worker.js`.
 * @param {import('./types.js').ChatNotification} notification
 * @param {ServiceWorkerRegistration} registration
 * @returns {Promise<import('./types.js').Remove>}
 */
async function byWorker({ title, options, click, close }, registration) {
  const { serviceWorker } = navigator;
  const key = crypto.randomUUID();
  const stop = () => serviceWorker.removeEventListener('message', hear);

  /** @param {MessageEvent} event */
  async function hear({ data, ports }) {
    if (data?.notifymatters !== key) return;
    stop();
    if (data.clicked) {
      ports[0].postMessage(0);
      await click();
    }
    close();
  }

  serviceWorker.addEventListener('message', hear);
  serviceWorker.startMessages();
  try {
    await registration.showNotification(title, { ...options, data: { notifymatters: key, url: location.href } });
  } catch (error) {
    stop();
    throw error;
  }
  return async () => {
    stop();
    for (const shown of await registration.getNotifications()) if (shown.data?.notifymatters === key) shown.close();
  };
}

/**
 * Shows it in the first way that works.
 * @param {import('./types.js').ChatNotification} notification
 * @param {import('./types.js').EmbedOptions} options
 * @param {(cause: unknown) => void} fail called where the browser finds out later that it cannot
 * @returns {Promise<import('./types.js').Remove>}
 */
export async function show(notification, { serviceWorker, toast: wanted, labels }, fail) {
  let cause;
  try {
    return byPage(notification, fail);
  } catch (error) {
    cause = error;
  }
  const registration = await serviceWorker;
  if (registration) {
    try {
      return await byWorker(notification, registration);
    } catch (error) {
      cause = error;
    }
  }
  if (wanted === false) throw cause;
  // Seldom needed, so loaded when it is.
  const { toast } = await import('./toast.js');
  return toast(notification, labels?.close ?? 'Close');
}
