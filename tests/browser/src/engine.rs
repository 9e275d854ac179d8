//! What differs between the browsers' engines and their drivers.

use std::ffi::OsString;

use anyhow::bail;
use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::browser::WebAssembly;

/// Names the engine to test in: `chromium`, which is the default, `firefox` or `webkitgtk`.
const ENGINE: &str = "NOTIFYMATTERS_ENGINE";

/// What Chromium needs to run as root in a container, and to leave the network alone.
const CHROMIUM_FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Timers of pages that are not in front run as in one that is.
    "--disable-background-timer-throttling",
];

const CHROMIUM_WITHOUT_WEBASSEMBLY: &str = "--js-flags=--jitless";

/// A browser engine that the tests know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, by chromedriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser, by WebKitWebDriver, on a display of its own.
    WebKitGtk,
}

/// How a driver is told its port, and tells that it listens there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Port {
    /// It takes any free one and writes a line, in which the port follows these words.
    Said(&'static str),
    /// It wants to be given one, and says nothing.
    Given,
}

impl Engine {
    /// The one that the environment asks for.
    pub fn chosen() -> Outcome<Self> {
        match std::env::var(ENGINE).as_deref() {
            Err(_) | Ok("chromium") => Ok(Self::Chromium),
            Ok("firefox") => Ok(Self::Firefox),
            Ok("webkitgtk") => Ok(Self::WebKitGtk),
            Ok(other) => {
                bail!("{ENGINE} is {other:?}; it can be chromium, firefox or webkitgtk")
            }
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKitGtk => "WebKitGTK",
        }
    }

    /// The driver's executable.
    pub(crate) fn driver(self) -> String {
        match self {
            Self::Chromium => named("CHROMEDRIVER", "chromedriver"),
            Self::Firefox => named("GECKODRIVER", "geckodriver"),
            Self::WebKitGtk => named("WEBKITWEBDRIVER", "WebKitWebDriver"),
        }
    }

    /// How the driver comes to its port.
    pub(crate) const fn port(self) -> Port {
        match self {
            Self::Chromium => Port::Said("was started successfully on port "),
            Self::Firefox => Port::Said("Listening on 127.0.0.1:"),
            Self::WebKitGtk => Port::Given,
        }
    }

    /// Whether the browser has no mode without a display.
    pub(crate) const fn needs_display(self) -> bool {
        matches!(self, Self::WebKitGtk)
    }

    /// Whether the driver can grant and deny a page's permissions.
    #[must_use]
    pub const fn sets_permissions(self) -> bool {
        !matches!(self, Self::WebKitGtk)
    }

    /// What the environment says to an engine that is to have no WebAssembly and is not told so by a capability.
    pub(crate) fn without_webassembly(self) -> Option<(&'static str, OsString)> {
        matches!(self, Self::WebKitGtk).then(|| ("JSC_useWasm", "0".into()))
    }

    /// What to ask the driver for.
    pub(crate) fn capabilities(self, webassembly: WebAssembly) -> Map<String, Value> {
        let off = webassembly == WebAssembly::Off;
        let mut wanted = match self {
            Self::Chromium => json!({
                "browserName": "chrome",
                "goog:chromeOptions": {
                    // Frames of other sites have cookies, which a new profile of Debian's 156 does not let them have.
                    "prefs": { "profile.cookie_controls_mode": 0 },
                    "args": CHROMIUM_FLAGS.iter().chain(off.then_some(&CHROMIUM_WITHOUT_WEBASSEMBLY)).collect::<Vec<_>>(),
                    "binary": named("CHROMIUM", "/usr/bin/chromium"),
                },
            }),
            Self::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "args": ["-headless"],
                    "prefs": { "javascript.options.wasm": !off },
                    "binary": named("FIREFOX", "/usr/bin/firefox-esr"),
                },
            }),
            // The driver knows where its own MiniBrowser is.
            Self::WebKitGtk => json!({}),
        };
        // That of the stand-in nobody has signed.
        wanted["acceptInsecureCerts"] = true.into();
        wanted.as_object().cloned().unwrap_or_default()
    }
}

fn named(variable: &str, usual: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| usual.into())
}
