// What the page scripts say to each other and to the component.

/** Names that the build writes in. */
declare const START_FILE: string;
declare const REALM_FILE: string;
declare const COMPONENT_FILE: string;
declare const FALLBACK_FILE: string;
declare const CONSOLE_FILE: string;
declare const CAPABILITIES_FILE: string;
declare const SIGN_IN_FILE: string;

/** The plugin's version, which the build writes in, too. */
declare const FRAME_VERSION: string;

interface Window {
  /** What an ending plugin leaves to its successor. */
  'notifymatters.kept'?: KeptMessage[];
  registerPlugin(id: string, plugin: object): void;
  /** Mattermost's own: 16 or 17 up to Mattermost 10, 18 from 11 on. */
  React: any;
}

/** Mattermost's plugin registry, as far as it is used here. */
interface Registry {
  registerWebSocketEventHandler?(event: string, handler: () => void): unknown;
  registerAdminConsoleCustomSetting?(key: string, component: (props: object) => unknown): unknown;
  registerReconnectHandler?(handler: () => void): unknown;
}

/** Mattermost's Redux store, as far as it is used here. */
interface Store {
  getState(): any;
  subscribe(listener: () => void): () => void;
}

/** What wasm-bindgen writes of `webapp/src`, in `component.d.ts`. */
type Component = import('component').Component;

/** What `serve.js` needs to know, and whom it tells. */
interface Serving {
  /** Where the server part answers, with a slash at its end. */
  server: string;
  store: Store | undefined;
  /** The component runs. */
  ready(component: Running): void;
  /** It cannot be made to run, or runs no more; the sentence says why. */
  failed(sentence: string): void;
}

/** The same for `start.js`, and what is on its way while that script still is. */
interface Context extends Omit<Serving, 'server'> {
  /** Its document bears no policy. */
  frame: HTMLIFrameElement;
  /** The answer with the component's code, or why there is none. */
  code: Promise<Response | Error>;
}

/** A message, and what a component before knew of its sender's permission, if it was handed over. */
type KeptMessage = [event: MessageEvent, learned?: NotificationPermission];

/** The component as `main.js` needs it; whatever fails in it is caught. */
interface Running extends Pick<Component, 'settingsChanged'> {
  message(message: KeptMessage, embedder: boolean): void;
  /** Ends it; what its successor has to know comes back. */
  shutdown(): KeptMessage[];
}

/** What wasm-bindgen wrote between the component's code and the page. */
interface Glue {
  Component: typeof import('component').Component;
  __wbg_set_wasm(exports: object): void;
}

/** The component, ready to be made. */
interface Engine {
  Component: Glue['Component'];
  /** Nothing of the component runs any more, whatever it still waits for. */
  end(): void;
}

/** What the component asks of the page; see `webapp/src/page.rs`. */
interface Page {
  postOk(target: Window, origin: string, version: string, state: unknown, have: number): void;
  postState(target: Window, origin: string, what: number): void;
  postOff(target: Window, origin: string, farewell: number): void;
  postRequestPermission(target: Window, origin: string, ref: number): void;
  postNew(target: Window, origin: string, id: number, title: string, options: import('../../host/src/protocol.js').ForwardedOptions): void;
  postClose(target: Window, origin: string, id: number): void;
  dispatch(notification: EventTarget, type: string): void;
  settle(request: (permission: NotificationPermission) => void, permission: NotificationPermission): void;
  install(): void;
  restore(): void;
  watchGestures(watch: boolean): void;
  watch(what: number): void;
  perform(event: MessageEvent, capability: number): Promise<void>;
  capabilities(list: unknown, limit: number): number;
  loadConfiguration(ticket: number, onBehalfOf: string): void;
  setTimer(milliseconds: number | undefined): void;
  handOver(event: MessageEvent, learned: NotificationPermission | undefined): void;
  note(sentence: string): void;
}

declare module 'component/glue' {
  export { Component } from 'component';
  export function __wbg_set_wasm(exports: object): void;
}

declare module 'component/code' {}
