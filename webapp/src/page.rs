//! What the page's scripts offer (`webapp/page/serve.js`).

use alloc::string::String;

use js_sys::{Function, JsString, Object};
use notifymatters_protocol::Capabilities;
use notifymatters_protocol::limits::WANTED;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageEvent;

#[wasm_bindgen]
extern "C" {
    /// The page, as far as the component may touch it. What a function of it throws ends the component: all that calls in here
    /// catches it.
    #[derive(Clone)]
    #[wasm_bindgen(typescript_type = "Page")]
    pub type Page;

    /// Answers an `enable`. `have` are the bits of the host's capabilities; negative for a host that knows of none.
    #[wasm_bindgen(method, js_name = postOk)]
    pub fn post_ok(
        this: &Page,
        target: &JsValue,
        origin: &str,
        version: &str,
        state: Option<&JsValue>,
        have: i32,
    );

    /// Tells the host how the page is now, as far as the capabilities with these bits go.
    #[wasm_bindgen(method, js_name = postState)]
    pub fn post_state(this: &Page, target: &JsValue, origin: &str, what: u8);

    /// Tells the host that it is served no longer, with the farewell at that place in the list of them.
    #[wasm_bindgen(method, js_name = postOff)]
    pub fn post_off(this: &Page, target: &JsValue, origin: &str, farewell: u8);

    /// From now on the capabilities with these bits, and no others, are of use: see [`Component::supported`] and
    /// [`Component::changed`].
    ///
    /// [`Component::supported`]: crate::component::Component::supported
    /// [`Component::changed`]: crate::component::Component::changed
    #[wasm_bindgen(method)]
    pub fn watch(this: &Page, what: u8);

    /// Does what the host asks for in this message by the capability with this bit, or refuses it if there is none.
    #[wasm_bindgen(method)]
    pub fn perform(this: &Page, event: &MessageEvent, capability: u8);

    /// The bits of the capabilities among the first so many entries of a list, whatever else is in it; negative where nothing is given.
    #[wasm_bindgen(method)]
    pub fn capabilities(this: &Page, list: &JsValue, limit: usize) -> i32;

    /// Asks the host to ask its user.
    #[wasm_bindgen(method, js_name = postRequestPermission)]
    pub fn post_request_permission(this: &Page, target: &JsValue, origin: &str, request: f64);

    /// Hands a notification to the host; what came of it is told to [`Component::posted`].
    ///
    /// [`Component::posted`]: crate::component::Component::posted
    #[wasm_bindgen(method, js_name = postNew)]
    pub fn post_new(
        this: &Page,
        target: &JsValue,
        origin: &str,
        id: f64,
        title: &JsValue,
        options: &JsValue,
    );

    /// Asks the host to close a notification.
    #[wasm_bindgen(method, js_name = postClose)]
    pub fn post_close(this: &Page, target: &JsValue, origin: &str, id: f64);

    /// Fires an event of that type at a notification object, in a task of its own.
    #[wasm_bindgen(method)]
    pub fn dispatch(this: &Page, notification: &JsValue, kind: &str);

    /// Answers a call of `requestPermission()`.
    #[wasm_bindgen(method)]
    pub fn settle(this: &Page, request: &Function, permission: &str);

    /// Puts the delegate in the place of `window.Notification`.
    #[wasm_bindgen(method)]
    pub fn install(this: &Page);

    /// Puts the browser's own `window.Notification` back.
    #[wasm_bindgen(method)]
    pub fn restore(this: &Page);

    /// Begins or ceases to tell of clicks and key presses.
    #[wasm_bindgen(method, js_name = watchGestures)]
    pub fn watch_gestures(this: &Page, watch: bool);

    /// Says a sentence on the page's console.
    #[wasm_bindgen(method)]
    pub fn note(this: &Page, sentence: &str);

    /// Asks the server part for the configuration as the logged-in user, on behalf of a host, and tells the answer's status and
    /// text with this ticket; a status of 0 and nothing if none came.
    #[wasm_bindgen(method, js_name = loadConfiguration)]
    pub fn load_configuration(this: &Page, ticket: u32, on_behalf_of: &str);

    /// Tells, after so many milliseconds, that the time has come; in place of what was asked for before. `None`: no more.
    #[wasm_bindgen(method, js_name = setTimer)]
    pub fn set_timer(this: &Page, milliseconds: Option<u32>);

    /// Keeps a message event, and what is known of its sender's permission, for the component that comes next.
    #[wasm_bindgen(method, js_name = handOver)]
    pub fn hand_over(this: &Page, event: &MessageEvent, learned: Option<&str>);

    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(crate) fn now() -> f64;

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    pub(crate) fn json(text: &JsString) -> Result<JsValue, JsValue>;

    /// A member of an object, without the exceptions that only proxies and getters raise: what comes by `postMessage` has neither.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    pub(crate) fn member(object: &Object, name: &str) -> JsValue;

    /// Sets a member of a plain object.
    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    pub(crate) fn set_member(object: &Object, name: &JsValue, value: &JsValue) -> bool;

    /// A member by a name that has crossed already.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    pub(crate) fn member_named(object: &Object, name: &JsValue) -> JsValue;
}

/// The capabilities that a list names; `None` where nothing is given.
pub(crate) fn capabilities(page: &Page, list: &JsValue) -> Option<Capabilities> {
    if list.is_undefined() {
        return None;
    }
    let bits = page.capabilities(list, WANTED);
    u8::try_from(bits).ok().map(Capabilities::from_bits)
}

/// A string of at most `limit` UTF-16 units; longer ones are not copied.
pub(crate) fn short_string(value: &JsValue, limit: usize) -> Option<String> {
    let text: &JsString = value.dyn_ref()?;
    (usize::try_from(text.length()).ok()? <= limit).then(|| String::from(text))
}
