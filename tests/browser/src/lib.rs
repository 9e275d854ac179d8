//! What the browser tests stand on: a stand-in Mattermost, a browser, and a scene of both.
//!
//! The tests need `NOTIFYMATTERS_BUNDLE` (the built bundle) and `NOTIFYMATTERS_STANDIN` (the stand-in's executable);
//! `cargo xtask test` sets them, and chooses what to test by two more:
//!
//! - `NOTIFYMATTERS_ENGINE`: `chromium` (without it), `firefox` or `webkitgtk`;
//! - `NOTIFYMATTERS_WAY`: `webassembly` (without it), or `fallback`, the same component as JavaScript.
//!
//! Drivers are looked for in `PATH`, browsers in `/usr/bin`, unless `CHROMEDRIVER`, `CHROMIUM`, `GECKODRIVER`, `FIREFOX`,
//! `WEBKITWEBDRIVER` and `XVFB` name others.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod browser;
mod bundle;
mod driver;
mod engine;
mod leash;
mod patience;
mod scene;
mod standin;
mod way;

pub use browser::{Browser, PICTURES, WebAssembly};
pub use bundle::renamed_bundle;
pub use engine::Engine;
pub use patience::{SHORT_WHILE, eventually, eventually_within};
pub use scene::{FILL_IN, Host, Scene, enable};
pub use standin::{Demo, Options, Standin};
pub use way::Way;

/// What tests and helpers return: any error fails the test with its text.
pub type Outcome<T = ()> = anyhow::Result<T>;

/// Reads a variable that `cargo xtask test` sets.
fn variable(name: &str) -> Outcome<String> {
    std::env::var(name).map_err(|_| {
        anyhow::anyhow!(
            "{name} is not set: `cargo xtask test` builds what the browser tests need and runs them"
        )
    })
}
