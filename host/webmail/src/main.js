// The client's half of the plugin, for Kopano WebApp (and DeskApp) and for grommunio-web: a tab with the chat, its notifications, a page
// in the settings. The insertion points and names are those of the plugins that came before.

import { loadChat } from './chat.js';
import { makeSettingsPage } from './page.js';
import * as settings from './settings.js';
import { COMPONENT, makePanelClass } from './tab.js';

/** Where the button stands in the main bar: after mail (2), calendar, contacts, tasks and notes (6). */
const TAB_ORDER = 9;

/** The mark of a button whose chat has something new. */
const NEWS = 'notifymatters-news';

Zarafa.onReady(() => {
  const Panel = makePanelClass();

  const Plugin = Ext.extend(Zarafa.core.Plugin, {
    initPlugin() {
      Plugin.superclass.initPlugin.call(this);
      // The server has said in its log what is wrong.
      if (!settings.get('url')) return;
      this.registerInsertionPoint('main.maintabbar.left', this.createMainTab, this);
      const page = makeSettingsPage({ chat: () => this.chat, onClick: () => this.followClick() });
      this.registerInsertionPoint('context.settings.categories', () => page, this);
      Zarafa.core.data.SharedComponentType.addProperty(COMPONENT);
      if (settings.get('autostart')) container.on('webapploaded', () => this.openInBackground());
    },

    createMainTab() {
      return {
        text: PLUGIN.title,
        tabOrderIndex: TAB_ORDER,
        cls: `mainmenu-button-${PLUGIN.name}`,
        handler: this.openTab,
        scope: this,
        listeners: {
          afterrender: (/** @type {ExtButton} */ button) => {
            this.button = button;
          },
        },
      };
    },

    bidSharedComponent: (/** @type {unknown} */ type) => (type === Zarafa.core.data.SharedComponentType[COMPONENT] ? 1 : -1),

    getSharedComponent: () => Panel,

    /** Brings the tab to the front. */
    openTab() {
      if (this.panel) container.getTabPanel().setActiveTab(this.panel);
      // Comes to the front by itself.
      else {
        Zarafa.core.data.UIFactory.openLayerComponent(Zarafa.core.data.SharedComponentType[COMPONENT], null, {
          listeners: { added: this.onOpened, destroy: this.onClosed, scope: this },
        });
      }
    },

    openInBackground() {
      const inFront = container.getTabPanel().getActiveTab();
      this.openTab();
      container.getTabPanel().setActiveTab(inFront);
    },

    onOpened(/** @type {ExtComponent} */ panel) {
      this.panel = panel;
      if (!this.isListening) {
        this.isListening = true;
        container.getTabPanel().on('tabchange', this.onTabChange, this);
      }
      if (this.chat) return;
      this.chat = loadChat(settings.get('url'), () => this.followClick());
      this.chat.events.addEventListener('notification', (/** @type {Event} */ event) => {
        const isInFront = container.getTabPanel().getActiveTab() === this.panel;
        if (!event.defaultPrevented && !isInFront) this.button?.addClass(NEWS);
      });
      this.chat.events.addEventListener('state', (/** @type {CustomEvent} */ { detail }) => this.count(detail.unread?.mentions));
    },

    /** The tab is closed. The chat goes on notifying, unless it is not to notify at all. */
    onClosed() {
      this.panel = undefined;
      this.chat?.show(false);
      if (settings.get('notifications')) return;
      this.chat?.remove();
      this.chat = undefined;
      this.count();
    },

    /** The button says how many messages wait for the user, where the chat's administrator lets the webmail know. */
    count(mentions = 0) {
      this.button?.setText(mentions ? `${PLUGIN.title} (${mentions})` : PLUGIN.title);
    },

    onTabChange(/** @type {ExtTabPanel} */ _, /** @type {ExtComponent} */ tab) {
      const isInFront = tab === this.panel;
      this.chat?.show(isInFront);
      if (isInFront) this.button?.removeClass(NEWS);
    },

    followClick() {
      if (settings.get('click') === 'open') this.openTab();
    },
  });

  container.registerPlugin(
    new Zarafa.core.PluginMetaData({ name: PLUGIN.name, displayName: PLUGIN.title, allowUserVisible: true, pluginConstructor: Plugin }),
  );
});
