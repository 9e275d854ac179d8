// What the package's functions take and give.

import type { Capability, Rejections, State } from './protocol.js';

/** Why something did not go as it should; each with a sentence in `message`. */
export type ErrorCode =
  /** `embed()` was not given an `<iframe>`. */
  | 'bad-frame'
  /** The frame's address, or the option `origin`, is no http or https address. */
  | 'bad-origin'
  /** An http chat in an https page: browsers do not load it. */
  | 'insecure-chat'
  /** This page's own Content-Security-Policy (`frame-src`) does not allow the chat. */
  | 'forbidden'
  /** The frame shows a page of this site where the chat should be. */
  | 'redirected'
  /** Nothing answers at the chat's address. */
  | 'unreachable'
  /** The chat's page does not answer: the plugin is missing, does not trust this page, or nobody is logged in yet. */
  | 'no-answer'
  /** The frame said something that the protocol does not allow. */
  | 'bad-message'
  /** A notification could be shown in no way; it is in `notification`. */
  | 'not-shown'
  /** The option `open` threw, or its promise was rejected; the click was reported all the same. */
  | 'open-failed';

export interface EmbedError extends Error {
  code: ErrorCode;
  /** What was thrown, where something was. */
  cause?: unknown;
  /** The notification that this is about. */
  notification?: ChatNotification;
}

/** Why the chat did not do what it was asked for. */
export interface RequestError extends Error {
  code:
    /** What the chat answered. */
    | Rejections[number]
    /** Its page went away, or the user signed out, before it answered. */
    | 'lost';
}

/** A notification of the chat's. */
export interface ChatNotification {
  /** The chat's own number for it. */
  readonly id: number;
  readonly title: string;
  /** For `new Notification(title, options)`; `icon` is a whole address. */
  readonly options: NotificationOptions;
  /** Say that the user clicked it: brings the chat into view and tells the chat. */
  click(): Promise<void>;
  /** Say that it is shown no more. */
  close(): void;
}

/** Takes away what was shown. */
export type Remove = () => void;

/** `waiting`: no answer yet. `connected`: the chat hands over its notifications. `lost`: no answer for 20 seconds, or the frame is gone. */
export type Status = 'waiting' | 'connected' | 'lost';

export interface Labels {
  /** The button that closes a toast. */
  close: string;
}

export interface EmbedOptions {
  /** The chat's address, where it differs from the frame's `src`. */
  origin?: string | URL;
  /**
   * Shows a notification in your own way. Call its `click()` and `close()`, and return a function that takes it away.
   * The chat then believes that notifications are allowed, and each tab shows its own.
   */
  show?: (notification: ChatNotification) => Remove | void | Promise<Remove | void>;
  /** Brings the frame into view; called when a notification was clicked, before the chat is told. */
  open?: (notification: ChatNotification) => unknown;
  /** Shows notifications where the page itself may not (phones); its script must hold `notifymatters-host/worker`. */
  serviceWorker?: ServiceWorkerRegistration | Promise<ServiceWorkerRegistration>;
  /** Whether a browser without notifications shows them as toasts in the page. It does unless this is `false`. */
  toast?: boolean;
  labels?: Partial<Labels>;
  /** What this page would like to know and do besides showing notifications; the chat's administrator grants it. */
  want?: readonly Capability[];
}

/** A sign of life of the user in the frame. */
export interface Activity {
  /**
   * `focus`: the frame took the focus. `pointer`: the pointer came into it or left it. `focused`: every ten seconds while it has the
   * focus; what happens inside, a page cannot see.
   */
  kind: 'focus' | 'pointer' | 'focused';
}

export interface EmbeddingEvents {
  /** `status` changed. */
  statuschange: CustomEvent<Status>;
  /** A notification came; after `preventDefault()` it is not shown. */
  notification: CustomEvent<ChatNotification>;
  activity: CustomEvent<Activity>;
  /** `state` changed. */
  state: CustomEvent<Readonly<State>>;
  error: CustomEvent<EmbedError>;
}

type Listener<E> = ((event: E) => unknown) | { handleEvent(event: E): unknown } | null;

/** One frame, embedded. */
export interface Embedding extends EventTarget {
  readonly frame: HTMLIFrameElement;
  /** The chat's origin; empty as long as the frame has no address. */
  readonly origin: string;
  readonly status: Status;
  /** What went wrong last since the frame was loaded; undefined while `connected`. */
  readonly error: EmbedError | undefined;
  /**
   * Set it to `false` before you hide the frame, and to `true` when you show it: Mattermost does not notify of the channel that is
   * open in a frame that has the focus, be it hidden or not. With the capability `view` Mattermost is told as well.
   */
  visible: boolean;
  /** What of the option `want` this page has; empty where the chat does not know of it. */
  readonly have: readonly Capability[];
  /** What the chat told of itself, by the names of the capabilities that allow it: `state.unread?.mentions`. */
  readonly state: Readonly<State>;
  /** Asks the user to allow notifications; call it in a click. */
  requestPermission(): Promise<NotificationPermission>;
  /** Ends it: nothing is shown any more, and the chat is told. The frame stays. */
  destroy(): void;
  addEventListener<T extends keyof EmbeddingEvents>(
    type: T,
    listener: Listener<EmbeddingEvents[T]>,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<T extends keyof EmbeddingEvents>(
    type: T,
    listener: Listener<EmbeddingEvents[T]>,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions): void;
}
