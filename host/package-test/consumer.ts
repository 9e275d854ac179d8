// What the types allow.

import {
  embed,
  type ChatNotification,
  type Embedding,
  type EmbedError,
  type FromFrame,
  type RequestError,
  type Status,
} from 'notifymatters-host';
import { MattermostEmbed } from 'notifymatters-host/element';
import { go, setStatus, signIn } from 'notifymatters-host/requests';
import 'notifymatters-host/worker';

const handle: Embedding = embed(document.createElement('iframe'), {
  origin: new URL('https://chat.example.com'),
  open: async ({ title }: ChatNotification) => title.length,
  show: (notification) => {
    void notification.click();
    return () => notification.close();
  },
  serviceWorker: navigator.serviceWorker.register('/service-worker.js'),
  toast: false,
  labels: { close: 'Schließen' },
});
handle.addEventListener('statuschange', ({ detail }) => detail satisfies Status);
handle.addEventListener('error', ({ detail }) => detail.code satisfies EmbedError['code']);
handle.addEventListener('notification', (event) => (event.detail.options.body === 'x' ? event.preventDefault() : undefined));
handle.visible = false;
const permission: NotificationPermission = await handle.requestPermission();
const shown: Promise<void> = go(handle, '/team/channels/town-square');
shown.catch(({ code }: RequestError) => code === 'not-granted');
await setStatus(handle, 'away');
export const connected: boolean = await signIn(handle);
handle.destroy();

const element: MattermostEmbed = document.createElement('mattermost-embed');
element.options = { toast: permission === 'default' };
element.embedding?.requestPermission();

export const version: FromFrame['notifymatters'] = '20171130';
