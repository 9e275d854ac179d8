// Made from `crates/protocol` by its tests; do not edit.

/** The version that the frame speaks. */
export type Version = "20171130";

/** The members of `NotificationOptions` that cross. */
export type ForwardedOption = "badge" | "body" | "data" | "dir" | "image" | "lang" | "renotify" | "requireInteraction" | "silent" | "tag" | "timestamp";

/** Fit for `new Notification(title, options)`, but for the icon: a path on the frame's origin, or empty. */
export type ForwardedOptions = NotificationOptions & { [name in ForwardedOption]?: unknown } & { icon: string };

/** What the host says. */
export type ToFrame = { "type": "notifymatters.enable", notifymatters: Version, data: NotificationPermission, ref: null, state?: unknown, }
  | { "type": "notifymatters.notification.onclick", notifymatters: Version, data: null, ref: number, }
  | { "type": "notifymatters.notification.onclose", notifymatters: Version, data: null, ref: number, }
  | { "type": "notifymatters.ref.resolve", notifymatters: Version, data: NotificationPermission, ref: number, }
  | { "type": "notifymatters.ref.reject", notifymatters: Version, data: unknown, ref: number, };

/** What the frame says. */
export type FromFrame = { "type": "notifymatters.ok", notifymatters: string, state: unknown, }
  | { "type": "notifymatters.notification.requestPermission", notifymatters: Version, data: null, ref: number, }
  | { "type": "notifymatters.notification.new", notifymatters: Version, data: { id: number, title: string, options: ForwardedOptions }, }
  | { "type": "notifymatters.notification.close", notifymatters: Version, data: { id: number }, };
