// The demo's untrusted page: it embeds as the trusted one does, and counts what comes back.

const chat = document.getElementById('chat');
const said = document.getElementById('asked');
const since = Date.now();
let received = 0;

// Counts whatever the frame says, also what is not of the protocol.
addEventListener('message', ({ origin }) => {
  if (origin !== new URL(chat.getAttribute('src')).origin) return;
  received += 1;
  document.getElementById('received').textContent = received;
});

await customElements.whenDefined('mattermost-embed');
setInterval(() => {
  const seconds = Math.round((Date.now() - since) / 1000);
  said.textContent = chat.embedding?.status === 'connected' ? 'and answers' : `for ${seconds} s`;
}, 1000);
