// The stand-in's System Console, at the page of one plugin's settings.
import { Client } from '../client.js';
import { PluginLoader } from '../plugins.js';
import { Socket } from '../socket.js';
import { createStore } from '../store.js';
import { PluginSettings } from './settings.js';

const { basename, generation } = document.body.dataset;
window.basename = basename;
if (new URLSearchParams(location.search).get('theme') === 'dark') {
  document.documentElement.dataset.theme = 'dark';
}

const client = new Client(basename);
const store = createStore();
const socket = new Socket(basename);
const plugins = new PluginLoader(Number(generation), basename, store, socket, client);

window.standin = { store, socket, errors: [] };
const say = console.error;
console.error = (...words) => {
  window.standin.errors.push(words.join(' '));
  say(...words);
};
addEventListener('error', (event) => window.standin.errors.push(String(event.message)));
addEventListener('unhandledrejection', (event) => window.standin.errors.push(String(event.reason)));

/** Returns how the form goes, as when the administrator opens another page. */
function render(element) {
  const place = document.getElementById('root');
  if (window.ReactDOM.createRoot) {
    const root = window.ReactDOM.createRoot(place);
    root.render(element);
    return () => root.unmount();
  }
  window.ReactDOM.render(element, place);
  return () => window.ReactDOM.unmountComponentAtNode(place);
}

const user = await client.me();
if (user) {
  store.dispatch({ type: 'RECEIVED_ME', user });
  socket.open();
  const [config, environment, installed] = await Promise.all([client.config(), client.environment(), client.installedPlugins()]);
  store.dispatch({ type: 'RECEIVED_CONFIG', data: config });
  store.dispatch({ type: 'RECEIVED_ENVIRONMENT_CONFIG', data: environment });
  store.dispatch({ type: 'RECEIVED_PLUGINS', data: installed });
  const id = location.pathname.split('/plugin_')[1];
  window.standin.leave = render(window.React.createElement(PluginSettings, { id, store, client, generation: Number(generation) }));
  await plugins.synchronize();
} else {
  document.getElementById('root').textContent = 'Log in first.';
}
