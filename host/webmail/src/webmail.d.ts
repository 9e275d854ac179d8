// Every name of the webmail's that the plugin uses, as Kopano WebApp (2023) and grommunio-web 3.17 have them. The stand-in of the
// browser tests has the same and no more.

/** What the build puts in the place of the name: which of the two plugins this is. */
declare const PLUGIN: { name: string; title: string };

/** The host package's classic script, which the manifest loads before. */
declare const NotifymattersHost: { embed: typeof import('../../src/embed.js').embed };

interface ExtClass<T> {
  new (config?: object): T;
  superclass: any;
}

interface ExtComponent {
  on(event: string, handler: Function, scope?: object): void;
  addClass(name: string): void;
  removeClass(name: string): void;
}

/** A button of the main bar; its text is HTML. */
interface ExtButton extends ExtComponent {
  setText(text: string): void;
}

/** A form field. */
interface ExtField extends ExtComponent {
  getValue(): any;
  setValue(value: unknown): void;
}

interface ExtTabPanel extends ExtComponent {
  /** The element that holds the pages of the tabs. */
  body: { dom: HTMLElement };
  getActiveTab(): ExtComponent;
  setActiveTab(tab: ExtComponent): void;
}

declare const Ext: {
  extend<T>(superclass: ExtClass<T>, members: object & ThisType<any>): ExtClass<T>;
  applyIf<T extends object>(target: T, defaults: object): T;
  reg(xtype: string, component: ExtClass<any>): void;
};

interface SettingsModel {
  get(path: string): unknown;
  set(path: string, value: unknown): void;
}

declare const Zarafa: {
  /** Whether this is Kopano's DeskApp, a browser of its own (NW.js). */
  isDeskApp: boolean;
  /** Seconds since the user has done something in the page; the webmail logs him out when they are many. */
  idleTime: number;
  onReady(listener: () => void): void;
  core: {
    Plugin: ExtClass<object>;
    PluginMetaData: ExtClass<object>;
    ui: { ContentPanel: ExtClass<ExtComponent> };
    data: {
      SharedComponentType: { addProperty(name: string): void } & Record<string, unknown>;
      UIFactory: { openLayerComponent(type: unknown, records: null, config: object): void };
    };
  };
  settings: { ui: { SettingsCategory: ExtClass<ExtComponent>; SettingsWidget: ExtClass<ExtComponent> } };
};

declare const container: {
  on(event: 'webapploaded', handler: () => void): void;
  registerPlugin(data: object): void;
  getSettingsModel(): SettingsModel;
  getTabPanel(): ExtTabPanel;
  getUser(): { getUserName(): string };
};

/** NW.js, in the DeskApp. */
interface Window {
  nw?: { Shell?: { openExternal(address: string): void } };
}
