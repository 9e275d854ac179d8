// The plugin's page in the webmail's settings.

import * as settings from './settings.js';
import { texts } from './texts.js';

const XTYPE = `zarafa.plugins.${PLUGIN.name}.settings.category`;
const WIDGET = `zarafa.plugins.${PLUGIN.name}.settings.generalsettingswidget`;

/** Where it stands among the others, as before. */
const INDEX = 12;

/**
 * @param {object} plugin
 * @param {() => import('./chat.js').Chat | undefined} plugin.chat
 * @param {() => void} plugin.onClick what a click on a notification does
 */
export function makeSettingsPage({ chat, onClick }) {
  const words = texts();

  const Widget = Ext.extend(Zarafa.settings.ui.SettingsWidget, {
    // A function: methods cannot be constructed.
    constructor: function (/** @type {object} */ config) {
      const changed = { check: this.onChange, scope: this };
      const own = {
        title: PLUGIN.title,
        items: [
          { xtype: 'displayfield', ref: 'address', fieldLabel: words.address, htmlEncode: true },
          { xtype: 'displayfield', ref: 'state', fieldLabel: words.state, htmlEncode: true },
          { xtype: 'checkbox', ref: 'notifications', hideLabel: true, boxLabel: words.notifications, listeners: changed },
          { xtype: 'checkbox', ref: 'autostart', hideLabel: true, boxLabel: words.autostart, listeners: changed },
          {
            xtype: 'radiogroup',
            ref: 'click',
            fieldLabel: words.onClick,
            columns: 1,
            items: [
              { xtype: 'radio', name: `${PLUGIN.name}-click`, inputValue: 'open', boxLabel: words.openChat },
              { xtype: 'radio', name: `${PLUGIN.name}-click`, inputValue: 'stay', boxLabel: words.stay },
            ],
            listeners: { change: this.onChange, scope: this },
          },
          { xtype: 'button', text: words.test, handler: this.onTest, scope: this },
          { xtype: 'displayfield', ref: 'result', hideLabel: true, htmlEncode: true },
        ],
      };
      Widget.superclass.constructor.call(this, Ext.applyIf(config ?? {}, own));
    },

    update(/** @type {SettingsModel} */ model) {
      this.model = model;
      this.isUpdating = true;
      this.address.setValue(new URL(settings.get('url', model), location.href).href);
      this.state.setValue(words.states[chat()?.embedding()?.status ?? 'closed']);
      this.notifications.setValue(settings.get('notifications', model));
      this.autostart.setValue(settings.get('autostart', model));
      this.click.setValue(settings.get('click', model));
      this.result.setValue('');
      this.isUpdating = false;
    },

    updateSettings(/** @type {SettingsModel} */ model) {
      settings.set(model, {
        notifications: this.notifications.getValue(),
        autostart: this.autostart.getValue(),
        click: this.click.getValue()?.inputValue ?? 'open',
      });
    },

    onChange() {
      if (this.model && !this.isUpdating) this.updateSettings(this.model);
    },

    async onTest() {
      this.result.setValue(words[await showTest(chat(), onClick)]);
    },
  });
  Ext.reg(WIDGET, Widget);

  const Category = Ext.extend(Zarafa.settings.ui.SettingsCategory, {
    constructor: function (/** @type {object} */ config) {
      const own = { title: PLUGIN.title, categoryIndex: INDEX, iconCls: 'notifymatters-icon', items: [{ xtype: WIDGET }] };
      Category.superclass.constructor.call(this, Ext.applyIf(config ?? {}, own));
    },
  });
  Ext.reg(XTYPE, Category);
  return { xtype: XTYPE };
}

/**
 * @param {import('./chat.js').Chat | undefined} chat
 * @param {() => void} onClick
 * @returns {Promise<'shown' | 'denied' | 'impossible'>}
 */
async function showTest(chat, onClick) {
  const words = texts();
  try {
    // Where the chat is open, it is told of the answer.
    const ask = () => chat?.embedding()?.requestPermission() ?? Notification.requestPermission();
    const permission = Notification.permission === 'default' ? await ask() : Notification.permission;
    if (permission !== 'granted') return 'denied';
    const shown = new Notification(words.testTitle, { body: words.testBody, tag: 'notifymatters-test' });
    shown.onclick = () => {
      focus();
      shown.close();
      onClick();
    };
    return 'shown';
  } catch {
    // No such class, or one that only a service worker may use (phones).
    return 'impossible';
  }
}
