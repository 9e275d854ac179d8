//! What the page's scripts call.

use std::rc::Rc;

use js_sys::{Function, Object};
use notifymatters_protocol::{Input, Origin, Permission, Relation, Session, Start};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::MessageEvent;

use crate::driver::Driver;
use crate::message::{Message, Opaque};
use crate::page::Page;
use crate::panic;
use crate::wire::Forwarded;

/// A notification number per thousandth of a millisecond: no page makes more than that, so numbers differ from one load of the
/// page to the next.
const NUMBERS_PER_MILLISECOND: f64 = 1000.0;

/// One page's component.
#[wasm_bindgen]
pub struct Component {
    driver: Rc<Driver>,
    forwarded: Forwarded,
}

#[wasm_bindgen]
impl Component {
    /// Starts a session that serves nobody yet. `epoch_milliseconds` is the time of day.
    #[wasm_bindgen(constructor)]
    pub fn new(
        page: Page,
        configuration_url: String,
        own_origin: &str,
        user_present: bool,
        epoch_milliseconds: f64,
    ) -> Self {
        panic::report_to(&page);
        let own_origin = Origin::parse(own_origin).ok();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the time of day in microseconds"
        )]
        let first_number = (epoch_milliseconds * NUMBERS_PER_MILLISECOND) as u64;
        let seed = js_sys::Math::random().to_bits();
        let session = Session::new(Start {
            own_origin: own_origin.clone(),
            user_present,
            first_number,
            seed,
        });
        Self {
            driver: Driver::new(session, page, configuration_url),
            forwarded: Forwarded::new(own_origin),
        }
    }

    /// A message event arrived; `embedder`: its window can be the page's embedder. `learned` is what the component before this one
    /// handed over along with the event.
    pub fn message(
        &self,
        event: MessageEvent,
        embedder: bool,
        #[wasm_bindgen(unchecked_param_type = "NotificationPermission | undefined")]
        learned: Option<String>,
    ) {
        let message = Message(event);
        let relation = if embedder {
            Relation::Embedder
        } else {
            Relation::Stranger
        };
        self.driver.tell(Input::Message {
            window: message.0.source().map(JsValue::from).unwrap_or_default(),
            origin: message.origin(),
            relation,
            message,
            learned: learned.and_then(|word| Permission::parse(&word)),
        });
    }

    /// `new Notification(title, options)` was called; `given` are the options that the page gave, converted.
    pub fn create(&self, notification: JsValue, tag: String, title: JsValue, given: &Object) {
        let options = Opaque(self.forwarded.options(given));
        self.driver.tell(Input::Create {
            notification,
            tag,
            title: Opaque(title),
            options,
        });
    }

    /// `close()` was called on a notification.
    pub fn close(&self, notification: JsValue) {
        self.driver.tell(Input::Close { notification });
    }

    /// `Notification.requestPermission()` was called; `settle` takes its answer.
    #[wasm_bindgen(js_name = requestPermission)]
    pub fn request_permission(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(permission: NotificationPermission) => void")]
        settle: Function,
    ) {
        self.driver
            .tell(Input::RequestPermission { request: settle });
    }

    /// What `Notification.permission` reads.
    #[wasm_bindgen(unchecked_return_type = "NotificationPermission")]
    pub fn permission(&self) -> String {
        self.driver.permission().as_str().to_owned()
    }

    /// The user clicked or pressed a key.
    pub fn gesture(&self) {
        self.driver.tell(Input::Gesture);
    }

    /// The settings changed, or may have.
    #[wasm_bindgen(js_name = settingsChanged)]
    pub fn settings_changed(&self) {
        self.driver.tell(Input::SettingsChanged);
    }

    /// Another user is there than before, or none.
    #[wasm_bindgen(js_name = userChanged)]
    pub fn user_changed(&self, present: bool) {
        self.driver.tell(Input::UserChanged { present });
    }

    /// Ends the session, after it has handed over what a successor in the same page has to know.
    pub fn shutdown(&self) {
        self.driver.tell(Input::Shutdown);
    }
}
