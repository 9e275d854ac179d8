//! The two ways in which the web part comes to its component.

use anyhow::bail;
use serde_json::{Value, json};

use crate::Outcome;

/// Names the way to test: `webassembly`, which is the default, or `fallback`.
const WAY: &str = "NOTIFYMATTERS_WAY";

/// How the component runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As WebAssembly, which a frame without Mattermost's policy compiles.
    WebAssembly,
    /// As JavaScript: the stand-in's static files forbid the other way, as a proxy may.
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

    /// What the stand-in has to be told, if anything.
    pub(crate) fn policy(self) -> Option<Value> {
        match self {
            Self::WebAssembly => None,
            // The frame loads and may not compile: the longest of the ways to the fallback.
            Self::Fallback => Some(
                json!({ "static_headers": { "Content-Security-Policy": "script-src 'self'" } }),
            ),
        }
    }
}
