// What the types forbid.

import { embed } from 'notifymatters-host';

// @ts-expect-error: no frame
embed(document.body);
// @ts-expect-error: no such option
embed(document.createElement('iframe'), { url: 'https://chat.example.com' });
// @ts-expect-error: no such label
embed(document.createElement('iframe'), { labels: { open: 'Open' } });
const handle = embed(document.createElement('iframe'));
// @ts-expect-error: it is told, not set
handle.status = 'connected';
