// The stand-in's page: as much of Mattermost's web client as a plugin and an embedder can tell apart.
import { Client } from './client.js';
import { notifier } from './notify.js';
import { PluginLoader } from './plugins.js';
import { createStore } from './store.js';
import { Socket } from './socket.js';
import { View } from './view.js';

const { basename, generation } = document.body.dataset;
window.basename = basename;

const client = new Client(basename);
const store = createStore();
const notify = notifier(Number(generation), basename);
const socket = new Socket(basename);
const plugins = new PluginLoader(Number(generation), basename, store, socket, client);
/** How long the page around the login page has for an answer. */
const ASKED_MILLISECONDS = 1000;

const view = new View(document.getElementById('root'), basename, store, {
  // In a frame it asks the page around it, which has to be of its origin, and goes there itself if nobody answers (11).
  signOn(event) {
    if (Number(generation) < 11 || window.parent === window) return;
    event.preventDefault();
    const { href } = event.currentTarget;
    window.parent.postMessage({ type: 'mattermost_external_auth_login', provider: 'gitlab', href }, location.origin);
    setTimeout(() => location.assign(href), ASKED_MILLISECONDS);
  },
  logIn: async (name, password) => logInDone(await client.logIn(name, password)),
  logOut: async () => {
    await client.logOut();
    socket.close();
    store.dispatch({ type: 'LOGOUT' });
  },
});

// The router, as plugins have it (5.39 to 11): of what is below the subpath.
window.WebappUtils = {
  browserHistory: {
    get location() {
      return { pathname: `/team/channels/${store.getState().views.channel}` };
    },
    push(path) {
      const [, , kind, channel] = path.split('/');
      if (kind === 'channels') {
        store.dispatch({ type: 'SELECT_CHANNEL', channel });
      }
    },
  },
};

// Mattermost's title follows its store a moment later.
store.subscribe(() =>
  queueMicrotask(() => {
    const { channels, myMembers, currentChannelId } = store.getState().entities.channels;
    const mentions = Object.values(myMembers).reduce((sum, { mention_count }) => sum + mention_count, 0);
    const title = `${mentions ? `(${mentions}) ` : ''}${channels[currentChannelId]?.display_name ?? 'Log in'} - Stand-in`;
    if (document.title !== title) document.title = title;
  }),
);

// What the tests look at; nothing here reads it.
window.standin = { store, socket, plugins, notify, errors: [], said: [] };
addEventListener('error', (event) => window.standin.errors.push(String(event.message)));
addEventListener('unhandledrejection', (event) => window.standin.errors.push(String(event.reason)));
// Not every driver can read the console.
for (const level of ['info', 'warn', 'error']) {
  const write = console[level];
  console[level] = (...words) => {
    window.standin.said.push(words.join(' '));
    write.apply(console, words);
  };
}

function logInDone(user) {
  store.dispatch({ type: 'RECEIVED_ME', user });
  focus(document.hasFocus());
  socket.open();
}

/** What Mattermost takes its window's focus for (5.39 to 11): whether it notifies, and what counts as read. */
function focus(focused) {
  window.isActive = focused;
  store.dispatch({ type: 'BROWSER_CHANGE_FOCUS', focus: focused });
}
addEventListener('focus', () => {
  focus(true);
  store.dispatch({ type: 'SELECT_CHANNEL', channel: store.getState().views.channel });
});
addEventListener('blur', () => focus(false));

/** "Posted": Mattermost notifies of a mention unless its window has the focus and shows the channel. */
async function posted(data) {
  const post = JSON.parse(data.post);
  const me = store.getState().entities.users.currentUserId;
  const mentioned = JSON.parse(data.mentions ?? '[]').includes(me);
  const isOpen = store.getState().views.channel === data.channel_name;
  store.dispatch({
    type: 'RECEIVED_POST',
    channel: data.channel_name,
    sender: data.sender_name,
    message: post.message,
    mentioned,
    read: post.user_id === me || (isOpen && window.isActive),
  });
  if (post.user_id === me || !mentioned) {
    return;
  }
  if (isOpen && store.getState().views.browser.focused) {
    return;
  }
  let message = {
    title: post.props.title || data.channel_display_name,
    body: post.props.body || `${data.sender_name}: ${post.message}`,
    silent: Boolean(post.props.silent),
    requireInteraction: Boolean(post.props.require_interaction),
    notify: true,
  };
  for (const hook of plugins.desktopNotificationHooks()) {
    const result = await hook(post, data, { name: data.channel_name }, 'team', message);
    if (result?.error) {
      return;
    }
    message = result?.args ?? message;
  }
  if (message.notify) {
    await notify({
      ...message,
      onClick: () => {
        window.focus();
        store.dispatch({ type: 'SELECT_CHANNEL', channel: data.channel_name });
      },
    });
  }
}

socket.on('posted', (message) => posted(message.data).catch((error) => console.warn('not notified:', error.message)));
socket.on('status_change', ({ data }) => store.dispatch({ type: 'RECEIVED_STATUS', user: data.user_id, status: data.status }));
socket.on('plugin_enabled', (message) => plugins.load(message.data.manifest));
socket.on('plugin_disabled', (message) => plugins.remove(message.data.manifest));
socket.onReconnect(() => plugins.synchronize());

// Plugins load whether or not somebody is logged in, and before the WebSocket is there (measured on 9.8 and 11.6).
plugins.synchronize();
client.me().then((user) => (user ? logInDone(user) : view.render()));
