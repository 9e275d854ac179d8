//! Carries inputs to the session and its actions to the page, in order.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use notifymatters_protocol::{Action, Input, Instant, NotificationId, Origin, Outgoing, Session};
use wasm_bindgen::JsValue;

use crate::configuration;
use crate::letter::Browser;
use crate::page::{self, Page};
use crate::wire;

/// The session and its hands.
pub(crate) struct Driver {
    session: RefCell<Session<Browser>>,
    page: Page,
    configuration_url: String,
    /// The origin of the embedder that was heard last: on whose behalf the configuration is read.
    embedder: RefCell<Option<Origin>>,
    /// Actions not yet done. An action may call into the page, and the page back into the component: what follows from that
    /// is done after what was decided before.
    pending: RefCell<Vec<Action<Browser>>>,
    performing: Cell<bool>,
    timer: RefCell<Option<(Instant, Timeout)>>,
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
            embedder: RefCell::default(),
            pending: RefCell::default(),
            performing: Cell::new(false),
            timer: RefCell::default(),
        })
    }

    /// A window that can be the embedder spoke.
    pub(crate) fn heard(&self, embedder: &Origin) {
        self.embedder.replace(Some(embedder.clone()));
    }

    /// Looks at the session, or changes what needs no action.
    pub(crate) fn with_session<T>(&self, look: impl FnOnce(&mut Session<Browser>) -> T) -> T {
        look(&mut self.session.borrow_mut())
    }

    /// Tells the session what happened and does what follows.
    pub(crate) fn tell(self: &Rc<Self>, input: Input<Browser>) {
        let actions = self.with_session(|session| session.handle(now(), input));
        self.pending.borrow_mut().extend(actions);
        if self.performing.replace(true) {
            return;
        }
        loop {
            let batch = self.pending.take();
            if batch.is_empty() {
                break;
            }
            for action in batch {
                self.perform(action);
            }
        }
        self.performing.set(false);
        self.set_timer();
    }

    fn perform(self: &Rc<Self>, action: Action<Browser>) {
        match action {
            Action::Post {
                window,
                origin,
                message,
            } => {
                let envelope = wire::envelope(&message);
                if self.page.post(&window, origin.as_str(), &envelope).is_err()
                    && let Outgoing::New { id, .. } = message
                {
                    self.undeliverable(id);
                }
            }
            Action::Dispatch {
                notification,
                event,
            } => self.page.dispatch(&notification, event.as_str()),
            Action::Settle {
                request,
                permission,
            } => {
                // The page's own function, which settles a promise and cannot throw.
                let _ = request.call1(&JsValue::UNDEFINED, &permission.as_str().into());
            }
            Action::LoadConfiguration { ticket } => {
                let driver = Rc::clone(self);
                let embedder = self.embedder.borrow().clone();
                wasm_bindgen_futures::spawn_local(async move {
                    let url = &driver.configuration_url;
                    let outcome = configuration::load(url, embedder.as_ref()).await;
                    driver.tell(Input::Loaded { ticket, outcome });
                });
            }
            Action::Install => self.page.install(),
            Action::Restore => self.page.restore(),
            Action::WatchGestures(watch) => self.page.watch_gestures(watch),
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

    fn undeliverable(&self, id: NotificationId) {
        let actions =
            self.with_session(|session| session.handle(now(), Input::Undeliverable { id }));
        self.pending.borrow_mut().extend(actions);
    }

    /// Keeps one timer for the session's next deadline.
    fn set_timer(self: &Rc<Self>) {
        let deadline = self.with_session(|session| session.deadline());
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
        reason = "milliseconds since the realm began"
    )]
    Instant::from_millis(page::now() as u64)
}
