//! Tells the linker how large the component's stack is.

/// In bytes. The linker's own default of a mebibyte would be most of the memory that an embedded page gives the component. Nothing
/// in it recurses by what comes from outside, and past its end the program stops: the stack lies first in the memory.
const STACK: u32 = 64 * 1024;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").as_deref() == Ok("wasm") {
        println!("cargo::rustc-link-arg-cdylib=-zstack-size={STACK}");
    }
}
