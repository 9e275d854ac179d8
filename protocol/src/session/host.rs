//! The host in charge: the one window and origin that gets the notifications.

use alloc::vec::Vec;

use super::agreement::Agreement;
use super::backlog::{Backlog, Draft};
use super::kept::KeptMessage;
use super::question::{Answerer, Question};
use super::shown::Shown;
use super::{Actions, Parting};
use crate::limits::{HELD_NOTIFICATIONS, LIVE_NOTIFICATIONS};
use crate::number::Numbers;
use crate::wire::Enable;
use crate::{
    Action, Capabilities, Event, Farewell, Instant, NotificationId, Origin, Outgoing, Permission,
    RequestId, World,
};

#[derive(Debug)]
pub(super) struct Host<W: World> {
    window: W::Window,
    origin: Origin,
    /// Its `enable`, which is kept when the host is left.
    enable: W::Message,
    pub(super) agreement: Agreement<W::Value>,
    /// The permission that its browser has last reported.
    permission: Permission,
    question: Question<W>,
    backlog: Backlog<W>,
    shown: Shown<W>,
}

impl<W: World> Host<W> {
    pub(super) fn new(
        enable: KeptMessage<W>,
        terms: Enable<W::Value>,
        out: &mut Actions<W>,
    ) -> Self {
        Self::with(enable, terms, Question::new(), Backlog::new(), out)
    }

    fn with(
        enable: KeptMessage<W>,
        terms: Enable<W::Value>,
        question: Question<W>,
        backlog: Backlog<W>,
        out: &mut Actions<W>,
    ) -> Self {
        let mut host = Self {
            window: enable.window,
            origin: enable.origin,
            enable: enable.message,
            permission: terms.permission,
            agreement: Agreement::new(terms),
            question,
            backlog,
            shown: Shown::new(),
        };
        host.act_on_permission(out);
        host
    }

    /// Another trusted window takes over. The notifications that this one shows are closed, because clicks on them would no longer
    /// be received; those that are held back, and the calls that wait for an answer, go to the new one.
    pub(super) fn succeeded_by(
        mut self,
        enable: KeptMessage<W>,
        terms: Enable<W::Value>,
        out: &mut Actions<W>,
    ) -> Self {
        self.close_all(Parting::Tidy, out);
        self.say_goodbye(Farewell::Superseded, out);
        self.question.give_up(out);
        Self::with(enable, terms, self.question, self.backlog, out)
    }

    /// The host has sent `enable` again.
    pub(super) fn renew(
        &mut self,
        enable: W::Message,
        terms: Enable<W::Value>,
        out: &mut Actions<W>,
    ) {
        let permission = terms.permission;
        self.enable = enable;
        self.agreement = Agreement::new(terms);
        let before = core::mem::replace(&mut self.permission, permission);
        // A repeated `default` does not change whether the user was asked.
        if before != Permission::Default || permission != Permission::Default {
            self.act_on_permission(out);
        }
    }

    fn act_on_permission(&mut self, out: &mut Actions<W>) {
        if self.permission == Permission::Default {
            self.question.hope(out);
            // Calls that wait for the previous host: this one must be asked.
            self.question.settle(self.told(), out);
        } else {
            self.conclude(out);
        }
    }

    /// Acts on a permission that is final for now. If it is granted, [`Host::show_backlog`] does the rest.
    fn conclude(&mut self, out: &mut Actions<W>) {
        self.question.give_up(out);
        self.question.settle(self.told(), out);
        if self.permission != Permission::Granted {
            self.backlog.fail(out);
        }
    }

    pub(super) fn is(&self, window: &W::Window, origin: &Origin) -> bool {
        self.origin == *origin && self.window == *window
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.backlog.deadline()
    }

    /// What the page is told of the permission.
    pub(super) fn told(&self) -> Permission {
        if self.permission == Permission::Default && self.question.is_hopeful() {
            Permission::Granted
        } else {
            self.permission
        }
    }

    /// Whether something is to be sent as soon as it is known that the host is still trusted.
    pub(super) fn waits_for_trust(&self) -> bool {
        self.agreement.waits_for_ok()
            || !self.agreement.news().is_empty()
            || self.permission == Permission::Granted && !self.backlog.is_empty()
    }

    /// Shows what the host's permission allows. Call it only while it is certain that the host is trusted.
    pub(super) fn show_backlog(&mut self, numbers: &mut Numbers, out: &mut Actions<W>) {
        if self.permission == Permission::Granted {
            for draft in self.backlog.take() {
                self.show(draft, numbers, out);
            }
        }
    }

    fn show(&mut self, draft: Draft<W>, numbers: &mut Numbers, out: &mut Actions<W>) {
        let Draft {
            made,
            title,
            options,
        } = draft;
        if let Some(replaced) = self.shown.remove_replaced(&made.tag) {
            // The host's browser puts the new one in its place; a `notification.close` for the old could close the new.
            out.extend(replaced.end(Event::Close));
        }
        if let Some((id, oldest)) = self.shown.make_room() {
            out.push(self.post(Outgoing::Close { id }));
            out.extend(oldest.end(Event::Close));
        }
        let id = numbers.notification();
        out.push(self.post(Outgoing::New { id, title, options }));
        self.shown.add(id, made);
    }

    pub(super) fn create(&mut self, draft: Draft<W>, now: Instant, out: &mut Actions<W>) {
        let limit = if self.permission == Permission::Granted {
            LIVE_NOTIFICATIONS
        } else {
            HELD_NOTIFICATIONS
        };
        if self.told() == Permission::Granted {
            self.backlog.add(draft, limit, now, out);
        } else {
            out.extend(draft.made.end(Event::Error));
        }
    }

    pub(super) fn close(
        &mut self,
        notification: &W::Notification,
        now: Instant,
        out: &mut Actions<W>,
    ) {
        if let Some((id, made)) = self.shown.remove_object(notification) {
            out.push(self.post(Outgoing::Close { id }));
            out.extend(made.end(Event::Close));
        } else {
            self.backlog.close(notification, now, out);
        }
    }

    pub(super) fn posted(&self, id: NotificationId, out: &mut Actions<W>) {
        let made = self.shown.find(id);
        out.extend(made.and_then(|made| made.event(Event::Show)));
    }

    pub(super) fn undeliverable(&mut self, id: NotificationId, out: &mut Actions<W>) {
        let made = self.shown.remove(id);
        out.extend(made.and_then(|made| made.end(Event::Error)));
    }

    pub(super) fn clicked(&self, id: NotificationId, out: &mut Actions<W>) -> bool {
        let made = self.shown.find(id);
        out.extend(made.and_then(|made| made.event(Event::Click)));
        made.is_some()
    }

    pub(super) fn closed(&mut self, id: NotificationId, out: &mut Actions<W>) -> bool {
        let made = self.shown.remove(id);
        let known = made.is_some();
        out.extend(made.and_then(|made| made.end(Event::Close)));
        known
    }

    pub(super) fn request_permission(
        &mut self,
        request: W::Request,
        now: Instant,
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
        if let Some(request) = self.question.wait(request) {
            return out.push(Action::Settle {
                request,
                permission: told,
            });
        }
        if !self.question.is_pending() {
            self.ask(now, numbers, out);
        }
    }

    pub(super) fn gesture(&mut self, now: Instant, numbers: &mut Numbers, out: &mut Actions<W>) {
        if self.question.takes_gesture(out) {
            self.ask(now, numbers, out);
        }
    }

    fn ask(&mut self, now: Instant, numbers: &mut Numbers, out: &mut Actions<W>) {
        let request = numbers.request();
        self.question.put(request, now);
        out.push(self.post(Outgoing::RequestPermission { request }));
    }

    /// The host answered `request`; `None` if not with a permission.
    pub(super) fn answered(
        &mut self,
        request: RequestId,
        permission: Option<Permission>,
        now: Instant,
        out: &mut Actions<W>,
    ) -> bool {
        let Some(answerer) = self.question.takes_answer(request, now) else {
            return false;
        };
        self.permission = permission.unwrap_or(self.permission);
        if self.permission == Permission::Default && answerer == Answerer::Browser {
            // Without an answer, nothing changes, and the next gesture asks again.
            self.question.arm(true, out);
            self.question.settle(self.told(), out);
        } else {
            self.conclude(out);
        }
        true
    }

    /// Sends what has changed in the page's state.
    pub(super) fn tell_state(&mut self, out: &mut Actions<W>) {
        let what = self.agreement.news();
        self.agreement.is_up_to_date();
        if !what.is_empty() {
            out.push(self.post(Outgoing::State { what }));
        }
    }

    /// Tells a host that knows of capabilities that it is no longer served.
    fn say_goodbye(&self, farewell: Farewell, out: &mut Actions<W>) {
        let session = Capabilities::SESSION.intersection(self.agreement.told());
        if farewell == Farewell::SignedOut && !session.is_empty() {
            out.push(self.post(Outgoing::State { what: session }));
        }
        if self.agreement.is_negotiated() {
            out.push(self.post(Outgoing::Off { farewell }));
        }
    }

    pub(super) fn expire(&mut self, now: Instant, out: &mut Actions<W>) {
        if self.backlog.expire(now, out) {
            self.question.lose_hope();
        }
    }

    /// Leaves the host; returns its `enable`, to be kept.
    pub(super) fn part(mut self, parting: Parting, out: &mut Actions<W>) -> KeptMessage<W> {
        self.close_all(parting, out);
        if parting == Parting::Tidy {
            self.say_goodbye(Farewell::SignedOut, out);
        }
        self.question.give_up(out);
        self.question.settle(Permission::Denied, out);
        self.backlog.fail(out);
        KeptMessage {
            window: self.window,
            origin: self.origin,
            message: self.enable,
            learned: Some(self.permission),
        }
    }

    fn close_all(&mut self, parting: Parting, out: &mut Actions<W>) {
        let live: Vec<_> = self.shown.remove_all().collect();
        for (id, made) in live {
            if parting == Parting::Tidy {
                out.push(self.post(Outgoing::Close { id }));
            }
            out.extend(made.end(Event::Close));
        }
    }

    pub(super) fn post(&self, message: Outgoing<W::Value>) -> Action<W> {
        Action::Post {
            window: self.window.clone(),
            origin: self.origin.clone(),
            message,
        }
    }
}
