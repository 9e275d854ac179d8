//! Every bound on what comes from outside, each with its reason.

use core::time::Duration;

/// Unread messages kept of one sender while its trust is undecided.
///
/// A host repeats `enable` every 200 ms, so the newest few always hold one; more would let an embedder park memory here.
pub const KEPT_MESSAGES_PER_SENDER: usize = 8;

/// Unread messages kept altogether: eight nested ancestors, each with its share.
pub const KEPT_MESSAGES: usize = 64;

/// Notifications that are shown at once; the oldest is closed to make room for more.
///
/// Existing hosts need not report `onclose`: without this bound those notifications would be kept for ever.
pub const LIVE_NOTIFICATIONS: usize = 512;

/// Notifications held back until the host's user has been asked; the oldest fails to make room for more.
///
/// While a changed setting is read, as many as a host may show: what a host that stays would still show is not lost.
pub const HELD_NOTIFICATIONS: usize = 16;

/// How long a notification is held back; later it would no longer be news.
pub const HOLD: Duration = Duration::from_secs(5 * 60);

/// How long the page lets a notification be that is meant to be seen (Mattermost 9.8: five seconds). One that is held back and
/// closed sooner was taken back; one that is closed later stays, to be shown when it can be.
pub const SHORTEST_DISPLAY: Duration = Duration::from_secs(4);

/// The least time that a user needs to read a question and answer it. A `default` that comes sooner is not the user's answer: the
/// browser did not ask.
pub const QUICKEST_USER: Duration = Duration::from_secs(1);

/// Calls of `requestPermission()` that wait for one answer of the host; further ones are answered at once with what is known.
pub const WAITING_REQUESTS: usize = 128;

/// Entries of `want` that are looked at: several times as many as there are capabilities.
pub const WANTED: usize = 32;

/// Bytes of an envelope's `type`: the longest in use has 34.
pub const TYPE_LENGTH: usize = 64;

/// Bytes of a protocol version: eight digits today.
pub const VERSION_LENGTH: usize = 32;

/// Bytes of a permission word; `granted` is the longest.
pub const PERMISSION_LENGTH: usize = 16;

/// Bytes of an origin: a scheme, a host name (253 at most) and a port fit.
pub const ORIGIN_LENGTH: usize = 300;

/// Origins in a configuration: many times as many as an administrator can keep track of.
pub const TRUSTED_ORIGINS: usize = 256;

/// Bytes of the configuration's answer, before it is parsed: the setting as it was typed (64 kB), and [`TRUSTED_ORIGINS`] twice,
/// in the list and with their capabilities.
pub const CONFIGURATION_LENGTH: usize = 256 * 1024;

/// How long the configuration may take to arrive before the attempt counts as failed.
pub const LOAD_TIMEOUT: Duration = Duration::from_secs(15);

/// The pause after the first failed load; each further one doubles it.
pub const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between two loads.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The time over which pages spread the load that follows a changed setting, so that a server with thousands of open pages is not asked by all at once.
pub const SPREAD: Duration = Duration::from_secs(3);

/// How long a list of trusted origins is valid, from the moment it was requested. After that no notification is sent and no
/// `enable` is answered before the list was read again. So an origin that was removed from the setting is served for at most
/// this long if the page does not learn of the change, because its WebSocket is refused or the server part ended before it
/// could tell. A page in which nothing happens does not request the list.
pub const LIST_AGE: Duration = Duration::from_secs(5 * 60);

/// The time over which pages spread the load that follows a notification past [`LIST_AGE`]: one post may notify thousands at
/// once. It is the longest that such a notification waits, besides the load itself.
pub const RENEWAL_SPREAD: Duration = Duration::from_secs(1);
