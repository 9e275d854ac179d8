//! What the page's scripts offer (`webapp/page/start.js`).

use js_sys::{JsString, Object};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// The page, as far as the component may touch it.
    #[derive(Clone)]
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
    #[wasm_bindgen(method)]
    pub fn dispatch(this: &Page, notification: &JsValue, kind: &str);

    /// Puts the delegate in the place of `window.Notification`.
    #[wasm_bindgen(method)]
    pub fn install(this: &Page);

    /// Puts the browser's own `window.Notification` back.
    #[wasm_bindgen(method)]
    pub fn restore(this: &Page);

    /// Begins or ceases to tell of clicks and key presses.
    #[wasm_bindgen(method)]
    pub fn watch_gestures(this: &Page, watch: bool);

    /// Says a sentence on the page's console.
    #[wasm_bindgen(method)]
    pub fn note(this: &Page, sentence: &str);

    /// The component panicked at this place of its source; it is not to be called any more.
    #[wasm_bindgen(method)]
    pub fn panicked(this: &Page, place: &str);

    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(crate) fn now() -> f64;

    // Looks a member up without the exceptions that only proxies and getters raise: what comes by `postMessage` has neither.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn reflect_get(target: &Object, name: &JsValue) -> JsValue;

    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn reflect_set(target: &Object, name: &JsValue, value: &JsValue) -> bool;
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
