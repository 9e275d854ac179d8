//! The host in charge: the one window and origin that gets the notifications.

use super::ask::Ask;
use super::books::{Books, Draft};
use super::letters::Held;
use super::{Actions, Parting};
use crate::limits::{HELD_NOTIFICATIONS, LIVE_NOTIFICATIONS};
use crate::number::Numbers;
use crate::{
    Action, Event, Instant, NotificationId, Origin, Outgoing, Permission, RequestId, World,
};

#[derive(Debug)]
pub(super) struct Host<W: World> {
    window: W::Window,
    origin: Origin,
    /// Its `enable`, to be remembered when it is left.
    letter: W::Letter,
    /// Its browser's word as last heard; `None` before [`Host::learn`] heard the first.
    permission: Option<Permission>,
    /// Whether it is trusted for certain. Once the settings have changed it may be trusted no longer, so until they are read
    /// again nothing new is shown to it.
    vouched: bool,
    ask: Ask<W>,
    books: Books<W>,
}

impl<W: World> Host<W> {
    pub(super) fn new(enabler: Held<W>) -> Self {
        Self {
            window: enabler.window,
            origin: enabler.origin,
            letter: enabler.letter,
            permission: None,
            vouched: false,
            ask: Ask::new(),
            books: Books::new(),
        }
    }

    /// Another trusted window takes over. What this one shows is closed there, since its clicks would no longer be heard; what
    /// is held back and who waits for an answer goes on to the new one.
    pub(super) fn succeeded_by(mut self, enabler: Held<W>, out: &mut Actions<W>) -> Self {
        self.close_all(Parting::Tidy, out);
        let mut ask = self.ask;
        ask.give_up_hope(out);
        Self {
            ask,
            ..Self::new(enabler)
        }
    }

    pub(super) fn renew(&mut self, enabler: Held<W>) {
        self.letter = enabler.letter;
    }

    pub(super) fn is(&self, window: &W::Window, origin: &Origin) -> bool {
        self.origin == *origin && self.window == *window
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.ask.deadline()
    }

    /// What the page is told of the permission.
    pub(super) fn told(&self) -> Permission {
        match self.permission {
            Some(Permission::Default) if self.ask.is_hopeful() => Permission::Granted,
            Some(permission) => permission,
            None => Permission::Default,
        }
    }

    /// Takes in the host's word about its permission, as it came with `enable`.
    pub(super) fn learn(
        &mut self,
        permission: Permission,
        now: Instant,
        numbers: &mut Numbers,
        out: &mut Actions<W>,
    ) {
        let before = self.permission.replace(permission);
        match permission {
            // A repeated `enable` is no news: whether the user was asked meanwhile stays as it is.
            Permission::Default if before == Some(Permission::Default) => {}
            Permission::Default => {
                self.ask.hope(out);
                // Left over from the host before: this one has to be asked anew.
                self.ask.settle(self.told(), out);
                self.ask.expire(now, out);
            }
            Permission::Granted | Permission::Denied => self.conclude(numbers, out),
        }
    }

    /// Acts on a permission that is final for now.
    fn conclude(&mut self, numbers: &mut Numbers, out: &mut Actions<W>) {
        self.ask.give_up_hope(out);
        self.ask.settle(self.told(), out);
        if self.permission == Some(Permission::Granted) {
            self.show_held(numbers, out);
        } else {
            self.ask.fail_all(out);
        }
    }

    /// Takes in whether the host is trusted for certain.
    pub(super) fn vouch(&mut self, vouched: bool, numbers: &mut Numbers, out: &mut Actions<W>) {
        self.vouched = vouched;
        self.show_held(numbers, out);
    }

    fn shows(&self) -> bool {
        self.vouched && self.permission == Some(Permission::Granted)
    }

    fn show_held(&mut self, numbers: &mut Numbers, out: &mut Actions<W>) {
        if self.shows() {
            for draft in self.ask.release() {
                self.show(draft, numbers, out);
            }
        }
    }

    pub(super) fn create(
        &mut self,
        draft: Draft<W>,
        now: Instant,
        numbers: &mut Numbers,
        out: &mut Actions<W>,
    ) {
        if self.shows() {
            self.show(draft, numbers, out);
        } else if self.permission == Some(Permission::Granted) {
            self.ask.hold(draft, LIVE_NOTIFICATIONS, now, out);
        } else if self.told() == Permission::Granted {
            self.ask.hold(draft, HELD_NOTIFICATIONS, now, out);
        } else {
            out.push(Action::Dispatch {
                notification: draft.notification,
                event: Event::Error,
            });
        }
    }

    fn show(&mut self, draft: Draft<W>, numbers: &mut Numbers, out: &mut Actions<W>) {
        if let Some(replaced) = self.books.strike_tag(&draft.tag) {
            // The host's browser puts the new one in its place; a `notification.close` for the old could close the new.
            out.push(Action::Dispatch {
                notification: replaced,
                event: Event::Close,
            });
        }
        if let Some((id, oldest)) = self.books.make_room() {
            out.push(self.post(Outgoing::Close { id }));
            out.push(Action::Dispatch {
                notification: oldest,
                event: Event::Close,
            });
        }
        let id = numbers.notification();
        out.push(self.post(Outgoing::New {
            id,
            title: draft.title,
            options: draft.options,
        }));
        out.push(Action::Dispatch {
            notification: draft.notification.clone(),
            event: Event::Show,
        });
        self.books.enter(id, draft.notification, draft.tag);
    }

    pub(super) fn close(&mut self, notification: &W::Notification, out: &mut Actions<W>) {
        if let Some(id) = self.books.strike_object(notification) {
            out.push(self.post(Outgoing::Close { id }));
        } else if !self.ask.withdraw(notification) {
            return;
        }
        out.push(Action::Dispatch {
            notification: notification.clone(),
            event: Event::Close,
        });
    }

    pub(super) fn undeliverable(&mut self, id: NotificationId, out: &mut Actions<W>) {
        if let Some(notification) = self.books.strike(id) {
            out.push(Action::Dispatch {
                notification,
                event: Event::Error,
            });
        }
    }

    pub(super) fn clicked(&mut self, id: NotificationId, out: &mut Actions<W>) -> bool {
        let Some(notification) = self.books.find(id).cloned() else {
            return false;
        };
        out.push(Action::Dispatch {
            notification,
            event: Event::Click,
        });
        true
    }

    pub(super) fn closed(&mut self, id: NotificationId, out: &mut Actions<W>) -> bool {
        let Some(notification) = self.books.strike(id) else {
            return false;
        };
        out.push(Action::Dispatch {
            notification,
            event: Event::Close,
        });
        true
    }

    pub(super) fn request_permission(
        &mut self,
        request: W::Request,
        numbers: &mut Numbers,
        out: &mut Actions<W>,
    ) {
        let told = self.told();
        if told == Permission::Granted {
            return out.push(Action::Settle {
                request,
                permission: told,
            });
        }
        if let Some(request) = self.ask.wait(request) {
            return out.push(Action::Settle {
                request,
                permission: told,
            });
        }
        if !self.ask.is_pending() {
            self.question(numbers, out);
        }
    }

    pub(super) fn gesture(&mut self, numbers: &mut Numbers, out: &mut Actions<W>) {
        if self.ask.takes_gesture(out) {
            self.question(numbers, out);
        }
    }

    fn question(&mut self, numbers: &mut Numbers, out: &mut Actions<W>) {
        let request = numbers.request();
        self.ask.asked(request);
        out.push(self.post(Outgoing::RequestPermission { request }));
    }

    /// The host answered `request`; `None`: with something that is no permission.
    pub(super) fn answered(
        &mut self,
        request: RequestId,
        permission: Option<Permission>,
        numbers: &mut Numbers,
        out: &mut Actions<W>,
    ) -> bool {
        let expected = self.ask.takes_answer(request);
        if expected {
            self.permission = permission.or(self.permission);
            self.conclude(numbers, out);
        }
        expected
    }

    pub(super) fn expire(&mut self, now: Instant, out: &mut Actions<W>) {
        self.ask.expire(now, out);
    }

    /// Leaves the host; its `enable` comes back, to be remembered.
    pub(super) fn part(mut self, parting: Parting, out: &mut Actions<W>) -> Held<W> {
        self.close_all(parting, out);
        self.ask.give_up_hope(out);
        self.ask.settle(Permission::Denied, out);
        self.ask.fail_all(out);
        Held {
            window: self.window,
            origin: self.origin,
            letter: self.letter,
            learned: self.permission,
        }
    }

    fn close_all(&mut self, parting: Parting, out: &mut Actions<W>) {
        let live: Vec<_> = self.books.strike_all().collect();
        for (id, notification) in live {
            if parting == Parting::Tidy {
                out.push(self.post(Outgoing::Close { id }));
            }
            out.push(Action::Dispatch {
                notification,
                event: Event::Close,
            });
        }
    }

    fn post(&self, message: Outgoing<W::Value>) -> Action<W> {
        Action::Post {
            window: self.window.clone(),
            origin: self.origin.clone(),
            message,
        }
    }
}
