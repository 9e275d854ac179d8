//! What the page's scripts call.

use alloc::string::String;
use alloc::vec::Vec;

use js_sys::{Function, JsString, Object};
use notifymatters_protocol::options::{FORWARDED, Member, forwarded, icon_path};
use notifymatters_protocol::{
    Capabilities, Input, NotificationId, Origin, Permission, Relation, Session, Start,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::MessageEvent;

use crate::configuration;
use crate::driver::Driver;
use crate::message::Message;
use crate::page::{Page, member_named, set_member};

/// A notification number per thousandth of a millisecond: no page makes more than that, so numbers differ from one load of the
/// page to the next.
const NUMBERS_PER_MILLISECOND: f64 = 1000.0;

/// One page's component.
#[wasm_bindgen]
pub struct Component {
    driver: Driver,
    own_origin: Option<Origin>,
    /// [`FORWARDED`] and the icon, as the page's strings: crossing once, they are decoded once.
    names: Vec<JsValue>,
    icon: JsValue,
}

#[wasm_bindgen]
impl Component {
    /// Starts a session that serves nobody yet. `epoch_milliseconds` is the time of day, `chance` any number: it guards nothing.
    #[wasm_bindgen(constructor)]
    pub fn new(
        page: Page,
        own_origin: &str,
        user_present: bool,
        epoch_milliseconds: f64,
        chance: f64,
    ) -> Self {
        let own_origin = Origin::parse(own_origin).ok();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the time of day in microseconds"
        )]
        let first_number = (epoch_milliseconds * NUMBERS_PER_MILLISECOND) as u64;
        let session = Session::new(Start {
            own_origin: own_origin.clone(),
            user_present,
            first_number,
            seed: chance.to_bits(),
        });
        Self {
            driver: Driver::new(session, page),
            own_origin,
            names: FORWARDED.map(JsValue::from).into(),
            icon: "icon".into(),
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
        let message = Message(event, self.driver.page().clone());
        let relation = if embedder {
            Relation::Embedder
        } else {
            Relation::Stranger
        };
        self.driver.tell(Input::Message {
            window: message.window(),
            origin: message.origin(),
            relation,
            message,
            learned: learned.and_then(|word| Permission::parse(&word)),
        });
    }

    /// `new Notification(title, options)` was called; `given` are the options that the page gave, converted. `icon` is its whole
    /// address; empty if it has none.
    pub fn create(
        &self,
        notification: JsValue,
        tag: String,
        icon: &str,
        title: JsValue,
        given: &Object,
    ) {
        let options = Object::new();
        for (name, value) in forwarded(&self.names, |name| given_as(member_named(given, name))) {
            set_member(&options, name, &value);
        }
        let icon = icon_path(icon, self.own_origin.as_ref());
        set_member(&options, &self.icon, &icon.into());
        self.driver.tell(Input::Create {
            notification,
            tag,
            title,
            options: options.into(),
        });
    }

    /// The notification with that number was posted; not, if it holds what cannot be cloned: see [`Page::post_new`].
    pub fn posted(&self, id: f64, posted: bool) {
        if let Some(id) = NotificationId::from_wire(id) {
            self.driver.tell(if posted {
                Input::Posted { id }
            } else {
                Input::Undeliverable { id }
            });
        }
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
    pub fn permission(&self) -> JsValue {
        self.driver.permission().as_str().into()
    }

    /// The user clicked or pressed a key.
    pub fn gesture(&self) {
        self.driver.tell(Input::Gesture);
    }

    /// The server part answered, or did not: see [`Page::load_configuration`].
    pub fn loaded(&self, ticket: u32, status: u16, body: &JsString) {
        self.driver.tell(Input::Loaded {
            ticket: ticket.into(),
            outcome: configuration::read(self.driver.page(), status, body),
        });
    }

    /// The time has come: see [`Page::set_timer`].
    #[wasm_bindgen(js_name = timerDue)]
    pub fn timer_due(&self) {
        self.driver.timer_due();
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

    /// What of [`Page::watch`] the page can do, by bits.
    pub fn supported(&self, what: u8) {
        self.driver
            .tell(Input::Supported(Capabilities::from_bits(what)));
    }

    /// What of the page's state has changed, by bits.
    pub fn changed(&self, what: u8) {
        self.driver
            .tell(Input::Changed(Capabilities::from_bits(what)));
    }

    /// Ends the session, after it has handed over what a successor in the same page has to know.
    pub fn shutdown(&self) {
        self.driver.tell(Input::Shutdown);
    }
}

fn given_as(value: JsValue) -> Member<JsValue> {
    if value.is_undefined() {
        Member::Missing
    } else if value.is_null() {
        Member::Null
    } else {
        Member::Is(value)
    }
}
