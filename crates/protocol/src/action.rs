//! All that a session can ask for.

use crate::{Capabilities, Capability, Note, Origin, Outgoing, Permission, Ticket, World};

/// Something to be done now, in the order given. Only [`Action::LoadConfiguration`] takes time; its end is told as an input.
#[derive(Debug)]
pub enum Action<W: World> {
    /// Post this to that window, readable for that origin only. What came of a `notification.new` is told as an input.
    Post {
        /// The host's window.
        window: W::Window,
        /// The `targetOrigin`.
        origin: Origin,
        /// What to say.
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
    /// Read the configuration endpoint and tell the outcome with this ticket.
    LoadConfiguration {
        /// To be handed back.
        ticket: Ticket,
        /// Who is to be judged by it. The server part shows administrators who asked lately; its answer is the same for all.
        on_behalf_of: Origin,
    },
    /// Put the delegate in the place of `window.Notification`.
    Install,
    /// Put the browser's own `window.Notification` back.
    Restore,
    /// Begin or cease to tell of the user's clicks and key presses.
    WatchGestures(bool),
    /// From now on these, and no others, are of use to the host: tell which of them the page can do, unless that was told, and of
    /// each change in what they show.
    Watch(Capabilities),
    /// Do what the host asks for in this message, or refuse it. If it carries a number, answer it once, and soon, unless
    /// [`Action::Restore`] comes before.
    Perform {
        /// As it came.
        message: W::Message,
        /// What it asks for; `None`: the host has no right to it.
        capability: Option<Capability>,
    },
    /// Say this on the console. Each sentence is said once.
    Note(Note),
    /// Keep this for whoever comes next in the same page (an upgraded plugin), to be told to it as an [`Input::Message`]: a host
    /// that was answered does not ask again. Follows [`Input::Shutdown`].
    ///
    /// [`Input::Message`]: crate::Input::Message
    /// [`Input::Shutdown`]: crate::Input::Shutdown
    HandOver {
        /// As it came.
        message: W::Message,
        /// What became known since, if this is a host's `enable`.
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
