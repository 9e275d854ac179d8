//! What can happen to a session.

use alloc::string::String;

use crate::{Capabilities, Configuration, NotificationId, Origin, Permission, World};

/// Something that happened, to be given to [`Session::handle`](crate::Session::handle).
#[derive(Debug)]
pub enum Input<W: World> {
    /// A message arrived.
    Message {
        /// `event.source`.
        window: W::Window,
        /// `event.origin`; `None` if it is opaque (`null`) or of a form that cannot be trusted.
        origin: Option<Origin>,
        /// What that window is to this page.
        relation: Relation,
        /// The message, unread.
        message: W::Message,
        /// The permission that [`Action::HandOver`](crate::Action::HandOver) gave with it; `None` for a new message.
        learned: Option<Permission>,
    },
    /// A load of the configuration has ended.
    Loaded {
        /// The ticket of the [`Action::LoadConfiguration`](crate::Action::LoadConfiguration) that this answers.
        ticket: Ticket,
        /// Its result.
        outcome: Result<Configuration, LoadFailure>,
    },
    /// The server says that the settings changed, or may have (the WebSocket is back after a break).
    SettingsChanged,
    /// Another user has logged in, or the user has logged out.
    UserChanged {
        /// Whether a user is logged in now.
        present: bool,
    },
    /// The page called `new Notification(…)`.
    Create {
        /// The object under construction.
        notification: W::Notification,
        /// Its tag; empty if it has none.
        tag: String,
        /// Its title.
        title: W::Value,
        /// Its options as they go to the host.
        options: W::Value,
    },
    /// The page called `close()`.
    Close {
        /// On this object.
        notification: W::Notification,
    },
    /// The page called `Notification.requestPermission()`.
    RequestPermission {
        /// What is needed to answer the call.
        request: W::Request,
    },
    /// The user clicked or pressed a key in the page; given synchronously, so that messages posted now have the user activation.
    Gesture,
    /// A `notification.new` was posted.
    Posted {
        /// The notification in it.
        id: NotificationId,
    },
    /// A `notification.new` could not be posted.
    Undeliverable {
        /// The notification in it.
        id: NotificationId,
    },
    /// It is known, or has changed, which of the capabilities of [`Action::Watch`](crate::Action::Watch) this page has.
    Supported(Capabilities),
    /// A part of the page's state has changed: a `state` of it would differ from the one before.
    Changed(Capabilities),
    /// The moment that [`Session::deadline`](crate::Session::deadline) named has come. It does no harm too early or too often.
    TimerDue,
    /// The plugin is taken out of the page, or the component has failed.
    Shutdown,
}

/// What the window that sent a message is to this page. The page's script decides that by comparing windows, before the message is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It embeds this page: one of its ancestors, or, where the page is top-level (a webview), a window that may be the embedder.
    Embedder,
    /// It cannot be the embedder: a nested frame, a popup, an opener, the page itself, or no window at all.
    Stranger,
}

/// Identifies a load of the configuration, so that a late response is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket(u32);

impl From<u32> for Ticket {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

impl From<Ticket> for u32 {
    fn from(ticket: Ticket) -> Self {
        ticket.0
    }
}

/// Why the configuration could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadFailure {
    /// There was no response.
    Unreachable,
    /// A response with a status other than 200; 401 if no user is logged in.
    Status(u16),
    /// A response that is not a [`Configuration`].
    Malformed,
}
