//! The two ways in which the web part comes to its component.

use anyhow::bail;
use serde_json::{Value, json};

use crate::Outcome;

/// Names the way to test: `webassembly`, which is the default, or `fallback`.
const WAY: &str = "NOTIFYMATTERS_WAY";

/// How the component runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As WebAssembly, in a realm of its own.
    WebAssembly,
    /// As JavaScript, in the page's realm: the stand-in's static files forbid the other way, as a proxy may.
    Fallback,
}

impl Way {
    /// The one that the environment asks for.
    pub fn chosen() -> Outcome<Self> {
        match std::env::var(WAY).as_deref() {
            Err(_) | Ok("webassembly") => Ok(Self::WebAssembly),
            Ok("fallback") => Ok(Self::Fallback),
            Ok(other) => bail!("{WAY} is {other:?}; it can be webassembly or fallback"),
        }
    }

    /// How many frames the web part keeps in a page that it serves.
    #[must_use]
    pub const fn realms(self) -> u64 {
        match self {
            Self::WebAssembly => 1,
            Self::Fallback => 0,
        }
    }

    /// What the stand-in has to be told, if anything.
    pub(crate) fn policy(self) -> Option<Value> {
        match self {
            Self::WebAssembly => None,
            // The realm's frame loads, its script runs, and may not compile: the longest of the ways to the fallback.
            Self::Fallback => Some(
                json!({ "static_headers": { "Content-Security-Policy": "script-src 'self'" } }),
            ),
        }
    }
}
