// What the page scripts say to each other and to the component.

/** Names that the build writes in. */
declare const NOTIFICATION_FILE: string;
declare const REALM_FILE: string;
declare const COMPONENT_FILE: string;
declare const FALLBACK_FILE: string;
declare const CONSOLE_FILE: string;

interface Window {
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
  getState(): { entities?: { users?: { currentUserId?: string } } };
  subscribe(listener: () => void): () => void;
}

/** What `notification.js` needs to know, and whom it tells. */
interface Context {
  /** The plugin's static folder on the page's own origin, with a slash at its end. */
  folder: string;
  /** Where the server part answers, with a slash at its end. */
  server: string;
  store: Store | undefined;
  /** The component runs. */
  ready(component: Running): void;
  /** It cannot be made to run, or runs no more. */
  failed(): void;
}

/** A message that waits for a component, and what the component before knew of its sender's permission. */
interface KeptMessage {
  event: MessageEvent;
  learned?: NotificationPermission | undefined;
}

/** The component as `main.js` needs it; whatever fails in it is caught. */
interface Running extends Pick<Component, 'message' | 'settings_changed'> {
  /** Ends it; what its successor has to know comes back. */
  shutdown(): KeptMessage[];
}

/** What the component exports; see `webapp/src/lib.rs`. */
interface Component {
  message(event: MessageEvent, embedder: boolean, learned: NotificationPermission | undefined): void;
  create(notification: object, tag: string, title: string, options: object): void;
  close(notification: object): void;
  request_permission(settle: (permission: NotificationPermission) => void): void;
  permission(): NotificationPermission;
  gesture(): void;
  settings_changed(): void;
  user_changed(present: boolean): void;
  shutdown(): void;
}

/** The component's constructor. */
type ComponentClass = new (
  page: Page,
  configurationUrl: string,
  ownOrigin: string,
  userPresent: boolean,
  epochMilliseconds: number,
) => Component;

/** What the component asks of the page; see `webapp/src/page.rs`. */
interface Page {
  post(target: Window, origin: string, message: object): void;
  dispatch(notification: EventTarget, type: string): void;
  install(): void;
  restore(): void;
  watch_gestures(watch: boolean): void;
  handOver(event: MessageEvent, learned: NotificationPermission | undefined): void;
  note(sentence: string): void;
  panicked(place: string): void;
}

/** What the realm's script finds at its frame element. */
interface Door {
  bytes: Promise<ArrayBuffer>;
  open(component: ComponentClass): void;
  fail(error: unknown): void;
}
