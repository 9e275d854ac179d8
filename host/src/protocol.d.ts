// Made from `protocol` by its tests; do not edit.

/** The version that the frame speaks. */
export type Version = "20171130";

/** The members of `NotificationOptions` that cross. */
export type ForwardedOption = "badge" | "body" | "data" | "dir" | "image" | "lang" | "renotify" | "requireInteraction" | "silent" | "tag" | "timestamp";

/** Fit for `new Notification(title, options)`, but for the icon: a path on the frame's origin, or empty. */
export type ForwardedOptions = NotificationOptions & { [name in ForwardedOption]?: unknown } & { icon: string };

/** All capabilities, each at the place of its bit. */
export type Capabilities = ["unread", "session", "view", "status", "context", "go", "status.set"];

/** What a host may know or do besides showing notifications. */
export type Capability = Capabilities[number];

/** Why a request was refused. */
export type Rejections = ["not-granted", "busy", "timeout", "invalid", "failed"];

/** Why a host is served no longer. */
export type Farewells = ["superseded", "signed-out"];

/** A user's status. */
export type UserStatus = "online" | "away" | "dnd" | "offline";

/** How the page is: in the first message all that the host has, later what has changed. */
export type State = { unread?: { mentions: number, messages: number }, session?: "in" | "out", status?: UserStatus, context?: { team: string, channel: string, path: string, title: string, locale: string, theme: string } };

/** What the host says. */
export type ToFrame = { "type": "notifymatters.enable", notifymatters: Version, data: NotificationPermission, ref: null, state?: unknown, want?: Capability[], }
  | { "type": "notifymatters.disable", notifymatters: Version, data: null, ref: null, }
  | { "type": "notifymatters.view", notifymatters: Version, data: { visible: boolean }, ref: number | null, }
  | { "type": "notifymatters.go", notifymatters: Version, data: { path: string }, ref: number | null, }
  | { "type": "notifymatters.status.set", notifymatters: Version, data: { status: UserStatus }, ref: number | null, }
  | { "type": "notifymatters.notification.onclick", notifymatters: Version, data: null, ref: number, }
  | { "type": "notifymatters.notification.onclose", notifymatters: Version, data: null, ref: number, }
  | { "type": "notifymatters.ref.resolve", notifymatters: Version, data: NotificationPermission, ref: number, }
  | { "type": "notifymatters.ref.reject", notifymatters: Version, data: unknown, ref: number, };

/** What the frame says. */
export type FromFrame = { "type": "notifymatters.ok", notifymatters: string, state: unknown, have?: Capability[], frame?: string, }
  | { "type": "notifymatters.state", notifymatters: Version, data: State, }
  | { "type": "notifymatters.off", notifymatters: Version, data: { reason: Farewells[number] }, }
  | { "type": "notifymatters.ref.resolve", notifymatters: Version, data: null, ref: number, }
  | { "type": "notifymatters.ref.reject", notifymatters: Version, data: { code: Rejections[number] }, ref: number, }
  | { "type": "notifymatters.notification.requestPermission", notifymatters: Version, data: null, ref: number, }
  | { "type": "notifymatters.notification.new", notifymatters: Version, data: { id: number, title: string, options: ForwardedOptions }, }
  | { "type": "notifymatters.notification.close", notifymatters: Version, data: { id: number }, };
