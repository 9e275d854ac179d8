// A stand-in of the webmails' client, /webmail.html?webmail=<kopano-webapp or grommunio-web>&plugin=<name> and
//   settings=<s>   the stored settings of the plugin (JSON)
//   language=<l>   the webmail's, such as de_DE.UTF-8
//   deskapp=1      the browser is Kopano's DeskApp
//
// It has the names that the plugin uses and no more, and does with them what Kopano WebApp (2023, ExtJS 3.4) and grommunio-web 3.17 do.

const parameters = new URLSearchParams(location.search);
const plugin = parameters.get('plugin');

/** What was given to the constructor of this page's Notification, with the object that it made. */
window.shown = [];
window.Notification = class Notification extends window.Notification {
  constructor(title, options) {
    super(title, options);
    window.shown.push({ title, options, notification: this });
  }
};

// ---- ExtJS

const classes = {};

/** Ext.util.Observable and Ext.Component. */
class Component {
  constructor(config) {
    Object.assign(this, config);
    this.classes = new Set((this.cls ?? '').split(' ').filter(Boolean));
    this.handlers = [];
    const { scope, ...listeners } = this.listeners ?? {};
    for (const [event, handler] of Object.entries(listeners)) this.on(event, handler, scope);
  }

  on(event, handler, scope) {
    this.handlers.push({ event, handler, scope });
  }

  fire(event, ...values) {
    for (const entry of [...this.handlers]) if (entry.event === event) entry.handler.apply(entry.scope ?? this, values);
  }

  addClass(name) {
    this.el?.classList.add(name);
  }

  removeClass(name) {
    this.el?.classList.remove(name);
  }
}

/** A class of ExtJS's can be called without `new`, as `superclass.constructor.call(this, …)` does. */
function callable(base, initialize) {
  function Class(config) {
    Object.assign(this, new base(config));
    initialize?.call(this, config);
  }
  Class.prototype = Object.create(base.prototype, { constructor: { value: Class, writable: true } });
  return Class;
}

window.Ext = {
  extend(superclass, members) {
    const own = Object.hasOwn(members, 'constructor')
      ? members.constructor
      : function (...values) {
          superclass.apply(this, values);
        };
    own.prototype = Object.assign(Object.create(superclass.prototype), members, { constructor: own });
    own.superclass = superclass.prototype;
    return own;
  },
  applyIf: (target, defaults) => Object.assign(target, { ...defaults, ...target }),
  reg(xtype, component) {
    classes[xtype] = component;
  },
};

// ---- Settings

const stored = { 'zarafa/v1/main/language': parameters.get('language') ?? 'en_US.UTF-8' };
for (const [key, value] of Object.entries(JSON.parse(parameters.get('settings') ?? '{}')))
  stored[`zarafa/v1/plugins/${plugin}/${key}`] = value;

class SettingsModel {
  constructor(values) {
    this.values = values;
  }

  get(path) {
    return this.values[path];
  }

  set(path, value) {
    this.values[path] = value;
  }
}
const model = new SettingsModel(stored);

// ---- Tabs

const body = document.querySelector('.x-tab-panel-body');

class TabPanel extends Component {
  body = { dom: body };
  items = [];

  add(item) {
    item.el = Object.assign(document.createElement('div'), { className: 'page', hidden: true });
    body.append(item.el);
    this.items.push(item);
    item.fire('added', item, this, this.items.length - 1);
    // What the webmail's layer does when the tab is there.
    this.setActiveTab(item);
  }

  getActiveTab() {
    return this.active;
  }

  setActiveTab(item) {
    if (this.active === item) return;
    if (this.active) this.active.el.hidden = true;
    this.active = item;
    item.el.hidden = false;
    this.draw();
    this.fire('tabchange', this, item);
  }

  close(item) {
    this.items.splice(this.items.indexOf(item), 1);
    if (this.active === item) this.setActiveTab(this.items.at(-1));
    item.el.remove();
    item.fire('destroy', item);
    this.draw();
  }

  draw() {
    const tabs = this.items.map((item) => {
      const tab = document.createElement('span');
      const icon = Object.assign(document.createElement('span'), { className: item.iconCls ?? '', hidden: !item.iconCls });
      const cross = Object.assign(document.createElement('button'), {
        textContent: '×',
        className: 'x-tab-strip-close',
        hidden: !item.closable,
        onclick: () => this.close(item),
      });
      const title = Object.assign(document.createElement('button'), { textContent: item.title, onclick: () => this.setActiveTab(item) });
      tab.className = item === this.active ? 'x-tab-strip-active' : '';
      tab.append(icon, title, cross);
      return tab;
    });
    document.querySelector('#tabs').replaceChildren(...tabs);
  }
}

// ---- The settings' page

/** Makes a form field's element; `getValue` and `setValue` are what ExtJS's have. */
const FIELDS = {
  displayfield: (field) => {
    field.el = document.createElement('output');
    field.getValue = () => field.el.textContent;
    field.setValue = (value) => (field.el.textContent = value);
  },
  checkbox: (field) => {
    const box = Object.assign(document.createElement('input'), {
      type: 'checkbox',
      onchange: () => field.fire('check', field, box.checked),
    });
    field.el = document.createElement('label');
    field.el.append(box, field.boxLabel);
    field.getValue = () => box.checked;
    field.setValue = (value) => {
      box.checked = value;
      field.fire('check', field, value);
    };
  },
  radiogroup: (field) => {
    field.el = document.createElement('div');
    const radios = field.items.map(({ name, inputValue, boxLabel }) => {
      const radio = Object.assign(document.createElement('input'), {
        type: 'radio',
        name,
        value: inputValue,
        onchange: () => field.fire('change', field, { inputValue }),
      });
      const label = document.createElement('label');
      label.append(radio, boxLabel);
      field.el.append(label, document.createElement('br'));
      return radio;
    });
    // The radio that is chosen, or null.
    field.getValue = () => radios.filter((radio) => radio.checked).map((radio) => ({ inputValue: radio.value }))[0] ?? null;
    field.setValue = (value) => {
      for (const radio of radios) radio.checked = radio.value === value;
      field.fire('change', field, field.getValue());
    };
  },
  button: (field) => {
    field.el = Object.assign(document.createElement('button'), {
      textContent: field.text,
      onclick: () => field.handler.call(field.scope ?? field, field),
    });
  },
};

const SettingsWidget = callable(Component, function () {
  this.el = document.createElement('section');
  this.el.append(Object.assign(document.createElement('h2'), { textContent: this.title }));
  for (const config of this.items) {
    const field = new Component(config);
    FIELDS[config.xtype](field);
    field.el.classList.add(config.ref);
    const row = Object.assign(document.createElement('div'), { className: config.hideLabel ? 'field wide' : 'field' });
    if (!config.hideLabel) row.append(Object.assign(document.createElement('span'), { textContent: config.fieldLabel ?? '' }));
    row.append(field.el);
    this.el.append(row);
    if (config.ref) this[config.ref] = field;
  }
});

const SettingsCategory = callable(Component, function () {
  this.widgets = this.items.map(({ xtype }) => new classes[xtype]());
});

/** Opens the plugin's page in the settings. Until `apply`, what the user changes is in an edited copy. */
window.openSettings = () => {
  const [{ xtype }] = insertions('context.settings.categories');
  const category = new classes[xtype]();
  const edited = new SettingsModel({ ...stored });
  mail.el.replaceChildren(...category.widgets.map((widget) => widget.el));
  tabs.setActiveTab(mail);
  for (const widget of category.widgets) widget.update(edited);
  window.applySettings = () => {
    for (const widget of category.widgets) widget.updateSettings(edited);
    Object.assign(stored, edited.values);
  };
};

// ---- The webmail

const plugins = [];

/** What the plugins have for an insertion point. */
function insertions(point) {
  return plugins.flatMap(({ instance }) =>
    (instance.insertionPoints ?? []).filter(({ name }) => name === point).map(({ make, scope }) => make.call(scope, point)),
  );
}

const Plugin = callable(Component, function () {
  this.initPlugin();
});
Plugin.prototype.initPlugin = function () {};
Plugin.prototype.registerInsertionPoint = function (name, make, scope = this) {
  (this.insertionPoints ??= []).push({ name, make, scope });
};

const readyListeners = [];
const loadedListeners = [];
const types = {
  addProperty(name) {
    this[name] = Symbol(name);
  },
};
const tabs = new TabPanel();
const mail = new Component({ title: 'Inbox' });

window.Zarafa = {
  isDeskApp: parameters.has('deskapp'),
  idleTime: 0,
  onReady: (listener) => readyListeners.push(listener),
  core: {
    Plugin,
    PluginMetaData: function (data) {
      Object.assign(this, data);
    },
    ui: { ContentPanel: callable(Component) },
    data: {
      SharedComponentType: types,
      UIFactory: {
        openLayerComponent(type, records, config) {
          const bids = plugins.map(({ instance }) => ({ instance, bid: instance.bidSharedComponent(type, records) }));
          const best = bids.filter(({ bid }) => bid > 0).sort((a, b) => b.bid - a.bid)[0];
          const Panel = best.instance.getSharedComponent(type, records);
          tabs.add(new Panel({ closable: true, ...config }));
        },
      },
    },
  },
  settings: { ui: { SettingsCategory, SettingsWidget } },
};

window.container = {
  on: (_event, handler) => loadedListeners.push(handler),
  registerPlugin: (data) => plugins.push(data),
  getSettingsModel: () => model,
  getTabPanel: () => tabs,
  getUser: () => ({ getUserName: () => 'anna' }),
};

if (Zarafa.isDeskApp) {
  /** What was opened in the system's browser. */
  window.openedOutside = [];
  window.nw = { Shell: { openExternal: (address) => window.openedOutside.push(address) } };
  const make = document.createElement.bind(document);
  document.createElement = (name, ...more) => {
    if (name !== 'webview') return make(name, ...more);
    const webview = make('iframe');
    webview.addEventListener('load', () => webview.dispatchEvent(new Event('contentload')));
    return webview;
  };
}

/** Loads the plugin's files as its manifest lists them, in their order. */
const folder = `/notifymatters/webmail/dist/${parameters.get('webmail')}/${plugin}`;
const manifest = new DOMParser().parseFromString(await (await fetch(`${folder}/manifest.xml`)).text(), 'text/xml');
const files = (kind) => [...manifest.querySelectorAll(`${kind}[load=release]`)].map(({ textContent }) => `${folder}/${textContent}`);
for (const href of files('resourcefile')) document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href }));
for (const src of files('clientfile')) {
  await new Promise((resolve, reject) =>
    document.head.append(Object.assign(document.createElement('script'), { src, onload: resolve, onerror: reject })),
  );
}

tabs.add(mail);
for (const listener of readyListeners) listener();
for (const data of plugins) {
  const isEnabled = model.get(`zarafa/v1/plugins/${data.name}/enable`) === true;
  if (isEnabled) data.instance = new data.pluginConstructor({ info: data });
}
plugins.splice(0, Infinity, ...plugins.filter(({ instance }) => instance));
const bar = [
  { text: 'Mail', tabOrderIndex: 2 },
  { text: 'Notes', tabOrderIndex: 6 },
  { text: 'Other', tabOrderIndex: 12 },
  ...insertions('main.maintabbar.left'),
];
for (const config of bar.sort((a, b) => a.tabOrderIndex - b.tabOrderIndex)) {
  const button = new Component(config);
  button.el = Object.assign(document.createElement('div'), { className: config.cls ?? '' });
  button.el.append(
    Object.assign(document.createElement('button'), {
      textContent: config.text,
      onclick: () => config.handler?.call(config.scope ?? button, button),
    }),
  );
  button.setText = (text) => {
    button.el.firstChild.textContent = text;
  };
  document.querySelector('#bar').append(button.el);
  button.fire('afterrender', button);
}
for (const handler of loadedListeners) handler();
window.isReady = true;
