//! Carries inputs to the session and its actions to the page, in order.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use notifymatters_protocol::{
    Action, Capabilities, Input, Instant, Origin, Outgoing, Permission, Session,
};
use wasm_bindgen::JsValue;

use crate::message::Browser;
use crate::page::{self, Page};

/// The session and its hands.
pub(crate) struct Driver {
    session: RefCell<Session<Browser>>,
    page: Page,
    /// What happened and has not been told yet. An action may call into the page, and the page back into the component: what
    /// follows from that is done after what was decided before.
    inputs: RefCell<Vec<Input<Browser>>>,
    busy: Cell<bool>,
    /// What the page's timer is set to.
    timer: Cell<Option<Instant>>,
}

impl Driver {
    pub(crate) fn new(session: Session<Browser>, page: Page) -> Self {
        Self {
            session: RefCell::new(session),
            page,
            inputs: RefCell::default(),
            busy: Cell::new(false),
            timer: Cell::new(None),
        }
    }

    pub(crate) fn page(&self) -> &Page {
        &self.page
    }

    pub(crate) fn permission(&self) -> Permission {
        self.session.borrow().permission()
    }

    /// The page's timer has run out.
    pub(crate) fn timer_due(&self) {
        self.timer.set(None);
        self.tell(Input::TimerDue);
    }

    /// Tells the session what happened and does what follows.
    pub(crate) fn tell(&self, input: Input<Browser>) {
        self.inputs.borrow_mut().push(input);
        if self.busy.replace(true) {
            return;
        }
        while let Some(input) = self.next_input() {
            let actions = self.session.borrow_mut().handle(now(), input);
            for action in actions {
                self.perform(action);
            }
        }
        self.busy.set(false);
        self.set_timer();
    }

    fn next_input(&self) -> Option<Input<Browser>> {
        let mut inputs = self.inputs.borrow_mut();
        (!inputs.is_empty()).then(|| inputs.remove(0))
    }

    fn perform(&self, action: Action<Browser>) {
        match action {
            Action::Post {
                window,
                origin,
                message,
            } => self.post(&window, &origin, &message),
            Action::Dispatch {
                notification,
                event,
            } => self.page.dispatch(&notification, event.as_str()),
            Action::Settle {
                request,
                permission,
            } => self.page.settle(&request, permission.as_str()),
            Action::LoadConfiguration {
                ticket,
                on_behalf_of,
            } => self
                .page
                .load_configuration(ticket.into(), on_behalf_of.as_str()),
            Action::Install => self.page.install(),
            Action::Restore => self.page.restore(),
            Action::Watch(what) => self.page.watch(what.bits()),
            Action::Perform {
                message,
                capability,
            } => {
                let capability = Capabilities::from_iter(capability);
                self.page.perform(&message.0, capability.bits());
            }
            Action::WatchGestures(watch) => self.page.watch_gestures(watch),
            Action::HandOver { message, learned } => self
                .page
                .hand_over(&message.0, learned.map(Permission::as_str)),
            Action::Note(note) => {
                let mut sentence = String::from(note.sentence());
                if let Some(origin) = note.origin() {
                    sentence.push(' ');
                    sentence.push_str(origin.as_str());
                }
                self.page.note(&sentence);
            }
        }
    }

    fn post(&self, window: &JsValue, origin: &Origin, message: &Outgoing<JsValue>) {
        let origin = origin.as_str();
        match message {
            Outgoing::Ok {
                version,
                state,
                have,
            } => {
                let have = have.map_or(-1, |have| have.bits().into());
                let version = version.as_str();
                self.page
                    .post_ok(window, origin, version, state.as_ref(), have);
            }
            Outgoing::State { what } => self.page.post_state(window, origin, what.bits()),
            Outgoing::Off { farewell } => self.page.post_off(window, origin, *farewell as u8),
            Outgoing::RequestPermission { request } => {
                self.page
                    .post_request_permission(window, origin, (*request).into());
            }
            Outgoing::New { id, title, options } => {
                self.page
                    .post_new(window, origin, (*id).into(), title, options);
            }
            Outgoing::Close { id } => self.page.post_close(window, origin, (*id).into()),
        }
    }

    /// Keeps one timer for the session's next deadline.
    fn set_timer(&self) {
        let deadline = self.session.borrow().deadline();
        if self.timer.replace(deadline) == deadline {
            return;
        }
        self.page.set_timer(deadline.map(|due| {
            let pause = u32::try_from(now().until(due).as_millis()).unwrap_or(u32::MAX);
            // Rounded up by the browser's own clock: a timer that comes early is set again.
            pause.saturating_add(1)
        }));
    }
}

fn now() -> Instant {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "milliseconds since the page began"
    )]
    Instant::from_millis(page::now() as u64)
}
