//! Carries inputs to the session and its actions to the page, in order.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::JsString;
use notifymatters_protocol::{Action, Input, Instant, Outgoing, Permission, Session};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::configuration;
use crate::message::Browser;
use crate::page::{self, Page};
use crate::wire;

/// The session and its hands.
pub(crate) struct Driver {
    session: RefCell<Session<Browser>>,
    page: Page,
    configuration_url: String,
    /// What happened and has not been told yet. An action may call into the page, and the page back into the component: what
    /// follows from that is done after what was decided before.
    inputs: RefCell<VecDeque<Input<Browser>>>,
    state: Cell<State>,
    timer: RefCell<Option<(Instant, Timeout)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Busy,
    /// A function of the page's threw.
    Failed,
}

impl Driver {
    pub(crate) fn new(
        session: Session<Browser>,
        page: Page,
        configuration_url: String,
    ) -> Rc<Self> {
        Rc::new(Self {
            session: RefCell::new(session),
            page,
            configuration_url,
            inputs: RefCell::default(),
            state: Cell::new(State::Idle),
            timer: RefCell::default(),
        })
    }

    pub(crate) fn permission(&self) -> Permission {
        self.session.borrow().permission()
    }

    /// Tells the session what happened and does what follows.
    pub(crate) fn tell(self: &Rc<Self>, input: Input<Browser>) {
        if self.state.get() == State::Failed {
            return;
        }
        self.inputs.borrow_mut().push_back(input);
        if self.state.replace(State::Busy) == State::Busy {
            return;
        }
        while let Some(input) = self.next_input() {
            let actions = self.session.borrow_mut().handle(now(), input);
            for action in actions {
                if let Err(error) = self.perform(action) {
                    return self.fail(&error);
                }
            }
        }
        self.state.set(State::Idle);
        self.set_timer();
    }

    fn next_input(&self) -> Option<Input<Browser>> {
        self.inputs.borrow_mut().pop_front()
    }

    fn perform(self: &Rc<Self>, action: Action<Browser>) -> Result<(), JsValue> {
        match action {
            Action::Post {
                window,
                origin,
                message,
            } => {
                let envelope = wire::envelope(&message);
                let posted = self.page.post(&window, origin.as_str(), &envelope);
                if let Outgoing::New { id, .. } = message {
                    let outcome = match posted {
                        Ok(()) => Input::Posted { id },
                        Err(_) => Input::Undeliverable { id },
                    };
                    self.inputs.borrow_mut().push_back(outcome);
                }
                Ok(())
            }
            Action::Dispatch {
                notification,
                event,
            } => self.page.dispatch(&notification, event.as_str()),
            Action::Settle {
                request,
                permission,
            } => request
                .call1(&JsValue::UNDEFINED, &permission.as_str().into())
                .map(drop),
            Action::LoadConfiguration {
                ticket,
                on_behalf_of,
            } => {
                let driver = Rc::clone(self);
                let done = Closure::once_into_js(move |status: u16, body: JsString| {
                    let outcome = configuration::read(status, &body);
                    driver.tell(Input::Loaded { ticket, outcome });
                });
                let address = configuration::address(&self.configuration_url, &on_behalf_of);
                self.page.load(&address, done.unchecked_ref())
            }
            Action::Install => self.page.install(),
            Action::Restore => self.page.restore(),
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
                self.page.note(&sentence)
            }
        }
    }

    /// Ends all of it: what the page did of what it was asked is not known any more.
    fn fail(&self, error: &JsValue) {
        self.state.set(State::Failed);
        self.timer.take();
        self.inputs.take();
        let mut place = String::from("a function of the page's (");
        place.push_str(&page::text(error));
        place.push(')');
        // What the page throws here is no worse than what it is told.
        let _ = self.page.panicked(&place);
    }

    /// Keeps one timer for the session's next deadline.
    fn set_timer(self: &Rc<Self>) {
        let deadline = self.session.borrow().deadline();
        let mut timer = self.timer.borrow_mut();
        if timer.as_ref().map(|(due, _)| *due) == deadline {
            return;
        }
        *timer = deadline.map(|due| {
            let driver = Rc::clone(self);
            let pause = u32::try_from(now().until(due).as_millis()).unwrap_or(u32::MAX);
            // Rounded up by the browser's own clock: a timer that comes early is set again.
            let timeout = Timeout::new(pause.saturating_add(1), move || {
                driver.timer.take();
                driver.tell(Input::TimerDue);
            });
            (due, timeout)
        });
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
