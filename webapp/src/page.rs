//! What the page's scripts offer (`webapp/page/serve.js`).

use js_sys::{Function, JsString, Object};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageEvent;

#[wasm_bindgen]
extern "C" {
    /// The page, as far as the component may touch it. Whatever a function of it throws is caught: nobody else would, where a timer
    /// or an answer of the server is what called.
    #[derive(Clone)]
    #[wasm_bindgen(typescript_type = "Page")]
    pub type Page;

    /// Posts a message from the page's own window.
    ///
    /// # Errors
    /// The message cannot be cloned.
    #[wasm_bindgen(method, catch)]
    pub fn post(
        this: &Page,
        target: &JsValue,
        origin: &str,
        message: &JsValue,
    ) -> Result<(), JsValue>;

    /// Fires an event of that type at a notification object, in a task of its own.
    #[wasm_bindgen(method, catch)]
    pub fn dispatch(this: &Page, notification: &JsValue, kind: &str) -> Result<(), JsValue>;

    /// Puts the delegate in the place of `window.Notification`.
    #[wasm_bindgen(method, catch)]
    pub fn install(this: &Page) -> Result<(), JsValue>;

    /// Puts the browser's own `window.Notification` back.
    #[wasm_bindgen(method, catch)]
    pub fn restore(this: &Page) -> Result<(), JsValue>;

    /// Begins or ceases to tell of clicks and key presses.
    #[wasm_bindgen(method, catch, js_name = watchGestures)]
    pub fn watch_gestures(this: &Page, watch: bool) -> Result<(), JsValue>;

    /// Says a sentence on the page's console.
    #[wasm_bindgen(method, catch)]
    pub fn note(this: &Page, sentence: &str) -> Result<(), JsValue>;

    /// Asks that address as the logged-in user, and calls `done` once with the answer's status and text; with 0 and nothing if none
    /// came.
    #[wasm_bindgen(method, catch)]
    pub fn load(this: &Page, address: &str, done: &Function) -> Result<(), JsValue>;

    /// Keeps a message event, and what is known of its sender's permission, for the component that comes next.
    #[wasm_bindgen(method, catch, js_name = handOver)]
    pub fn hand_over(
        this: &Page,
        event: &MessageEvent,
        learned: Option<&str>,
    ) -> Result<(), JsValue>;

    /// The component failed at this place; it is not to be called any more.
    #[wasm_bindgen(method, catch)]
    pub fn panicked(this: &Page, place: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(crate) fn now() -> f64;

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    pub(crate) fn json(text: &JsString) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = String)]
    fn string(value: &JsValue) -> Result<String, JsValue>;

    // Looks a member up without the exceptions that only proxies and getters raise: what comes by `postMessage` has neither.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn reflect_get(target: &Object, name: &JsValue) -> JsValue;

    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn reflect_set(target: &Object, name: &JsValue, value: &JsValue) -> bool;
}

/// An error in words; nothing if it has none.
pub(crate) fn text(error: &JsValue) -> String {
    string(error).unwrap_or_default()
}

/// A member of a plain object; `undefined` if it has none of that name.
pub(crate) fn member(object: &Object, name: &JsValue) -> JsValue {
    reflect_get(object, name)
}

/// Sets a member of a plain object.
pub(crate) fn set_member(object: &Object, name: &JsValue, value: &JsValue) {
    reflect_set(object, name, value);
}

/// A string of at most `limit` UTF-16 units; longer ones are not copied.
pub(crate) fn short_string(value: &JsValue, limit: usize) -> Option<String> {
    let text: &JsString = value.dyn_ref()?;
    (usize::try_from(text.length()).ok()? <= limit).then(|| String::from(text))
}
