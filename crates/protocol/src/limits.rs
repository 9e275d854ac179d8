//! Every bound on what comes from outside, each with its reason.

use core::time::Duration;

/// Unread messages kept of one sender while its trust is undecided.
///
/// A host repeats `enable` every 200 ms, so the newest few always hold one; more would let an embedder park memory here.
pub const LETTERS_PER_SENDER: usize = 8;

/// Unread messages kept altogether: eight nested ancestors, each with its share.
pub const LETTERS: usize = 64;

/// Notifications that are live at once; past it the oldest is closed.
///
/// Hosts of the field need not report `onclose`: without this bound each of those notifications would stay in the books forever.
pub const LIVE_NOTIFICATIONS: usize = 512;

/// Notifications held back until the host's user has been asked; past it the oldest fails.
///
/// While a changed setting is read, as many as a host may show: what a host that stays would still show is not lost.
pub const HELD_NOTIFICATIONS: usize = 16;

/// How long a notification is held back: later it would be no news.
pub const HOLD: Duration = Duration::from_secs(5 * 60);

/// Calls of `requestPermission()` that wait for one answer of the host; further ones are answered at once with what is known.
pub const WAITING_REQUESTS: usize = 128;

/// Bytes of an envelope's `type`: the longest in use has 34.
pub const TYPE_LENGTH: usize = 64;

/// Bytes of a protocol version: eight digits today.
pub const VERSION_LENGTH: usize = 32;

/// Bytes of a permission word: `granted` is the longest; anything longer is none.
pub const PERMISSION_LENGTH: usize = 16;

/// Bytes of an origin: a scheme, a host name (253 at most) and a port fit.
pub const ORIGIN_LENGTH: usize = 300;

/// Origins in a configuration: what an administrator can still oversee, many times over.
pub const TRUSTED_ORIGINS: usize = 256;

/// Bytes of the configuration's answer, before it is parsed.
pub const CONFIGURATION_LENGTH: usize = 128 * 1024;

/// How long the configuration may take to arrive before the attempt counts as failed.
pub const LOAD_TIMEOUT: Duration = Duration::from_secs(15);

/// The pause after the first failed load; each further one doubles it.
pub const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between two loads.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Loads in a row that may fail; then nothing is trusted until a new cause comes (a login, a reconnected WebSocket, a changed
/// setting, or a message after [`LONGEST_PAUSE`]).
pub const LOAD_ATTEMPTS: u32 = 8;

/// The time over which pages spread the load that follows a changed setting, so that a server with thousands of open pages is not asked by all at once.
pub const SPREAD: Duration = Duration::from_secs(3);
