//! A panic is an exception in the page: it says where it happened, and whoever called the component catches it.

use alloc::string::{String, ToString};
use core::panic::PanicInfo;

use wasm_bindgen::throw_str;

/// Leaves out what went wrong, which the place tells.
#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    let mut place = String::new();
    if let Some(location) = info.location() {
        place.push_str(location.file());
        place.push(':');
        place.push_str(&location.line().to_string());
    }
    throw_str(&place)
}
