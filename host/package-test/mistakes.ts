// What the types forbid.

import { embed } from 'notifymatters-host';
import { go, setStatus } from 'notifymatters-host/requests';

// @ts-expect-error: no frame
embed(document.body);
// @ts-expect-error: no such option
embed(document.createElement('iframe'), { url: 'https://chat.example.com' });
// @ts-expect-error: no such label
embed(document.createElement('iframe'), { labels: { open: 'Open' } });
const handle = embed(document.createElement('iframe'));
// @ts-expect-error: it is told, not set
handle.status = 'connected';
// @ts-expect-error: the handle, not the frame
void go(handle.frame, '/team/channels/town-square');
// @ts-expect-error: no status of Mattermost's
void setStatus(handle, 'busy');
