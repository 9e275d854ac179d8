// The demo's untrusted page: the embedder's script as it is, and two counters.

import { ChatNotifications } from './host.js';

const counts = { out: 0, in: 0 };
const frame = document.getElementById('chat');

const chat = new ChatNotifications(frame, {
  onCrossing: ({ direction }) => {
    counts[direction] += 1;
    document.getElementById('sent').textContent = counts.out;
  },
});
// Counts whatever the frame says, also what the script would not take for its protocol.
addEventListener('message', (event) => {
  if (event.source === frame.contentWindow) {
    counts.in += 1;
    document.getElementById('received').textContent = counts.in;
  }
});
chat.start();
