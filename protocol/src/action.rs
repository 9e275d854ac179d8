//! What a session asks the page to do.

use crate::{Capabilities, Capability, Note, Origin, Outgoing, Permission, Ticket, World};

/// Something to be done at once, in the given order. Only [`Action::LoadConfiguration`] takes time; its result is an input.
#[derive(Debug)]
pub enum Action<W: World> {
    /// Post this to that window, readable for that origin only. Whether a `notification.new` could be posted is an input.
    Post {
        /// The host's window.
        window: W::Window,
        /// The `targetOrigin`.
        origin: Origin,
        /// The message.
        message: Outgoing<W::Value>,
    },
    /// Fire an event at a notification object, in a task of its own.
    Dispatch {
        /// The object.
        notification: W::Notification,
        /// The event.
        event: Event,
    },
    /// Answer a call of `requestPermission()`.
    Settle {
        /// The call.
        request: W::Request,
        /// Its answer.
        permission: Permission,
    },
    /// Read the configuration endpoint, and give the result as an input with this ticket.
    LoadConfiguration {
        /// To be given back.
        ticket: Ticket,
        /// The origin to be judged. The server part shows it to administrators; its response is the same for all.
        on_behalf_of: Origin,
    },
    /// Put the delegate in the place of `window.Notification`.
    Install,
    /// Put the browser's own `window.Notification` back.
    Restore,
    /// Begin or stop to report the user's clicks and key presses.
    WatchGestures(bool),
    /// From now on the host has these capabilities and no others: report which of them the page can do, unless that was reported,
    /// and each change of the state that they show.
    Watch(Capabilities),
    /// Do what the host asks for in this message, or refuse it. If it carries a number, answer it once, and soon, unless
    /// [`Action::Restore`] comes before.
    Perform {
        /// As it came.
        message: W::Message,
        /// What it asks for; `None`: the host has no right to it.
        capability: Option<Capability>,
    },
    /// Print this on the console. Each sentence is printed once.
    Note(Note),
    /// Keep this for the plugin's next life in the same page (after an upgrade), which gets it as an [`Input::Message`]: a host
    /// that was answered does not ask again. Follows [`Input::Shutdown`].
    ///
    /// [`Input::Message`]: crate::Input::Message
    /// [`Input::Shutdown`]: crate::Input::Shutdown
    HandOver {
        /// As it came.
        message: W::Message,
        /// The permission that was reported since, if this is a host's `enable`.
        learned: Option<Permission>,
    },
}

/// An event of the Notifications Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The notification went to the host.
    Show,
    /// The host's user clicked it.
    Click,
    /// It is gone.
    Close,
    /// It cannot be shown.
    Error,
}

impl Event {
    /// The event's type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::Click => "click",
            Self::Close => "close",
            Self::Error => "error",
        }
    }
}
