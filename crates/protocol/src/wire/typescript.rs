//! The messages as TypeScript types: for the host package, and for the page's script, which writes what the session says.
//! What a host may say by them is what this crate understands.
//!
//! `UPDATE=1 cargo test -p notifymatters-protocol typescript` writes `host/src/protocol.d.ts` anew.

use core::fmt::Write as _;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};
use ts_rs::{Config, TS};

use super::{Command, Enable, Field, RawEnvelope};
use crate::{Permission, Version, options};

/// Where the types stand, below the project's root.
const FILE: &str = "host/src/protocol.d.ts";

/// What the host says to the frame.
#[derive(Debug, PartialEq, Serialize, TS)]
#[serde(tag = "type")]
enum ToFrame {
    #[serde(rename = "notifymatters.enable")]
    Enable {
        notifymatters: String,
        #[ts(type = "NotificationPermission")]
        data: String,
        r#ref: (),
        #[ts(optional, type = "unknown")]
        state: Option<Value>,
    },
    #[serde(rename = "notifymatters.notification.onclick")]
    Clicked {
        notifymatters: String,
        data: (),
        r#ref: f64,
    },
    #[serde(rename = "notifymatters.notification.onclose")]
    Closed {
        notifymatters: String,
        data: (),
        r#ref: f64,
    },
    #[serde(rename = "notifymatters.ref.resolve")]
    Resolve {
        notifymatters: String,
        #[ts(type = "NotificationPermission")]
        data: String,
        r#ref: f64,
    },
    #[serde(rename = "notifymatters.ref.reject")]
    Reject {
        notifymatters: String,
        #[ts(type = "unknown")]
        data: Value,
        r#ref: f64,
    },
}

/// What the frame says to the host. The page's script is checked by it (`webapp/page/serve.js`).
#[expect(dead_code, reason = "made for its types alone")]
#[derive(Debug, Serialize, TS)]
#[serde(tag = "type")]
enum FromFrame {
    #[serde(rename = "notifymatters.ok")]
    Ok {
        notifymatters: String,
        #[ts(type = "unknown")]
        state: Value,
    },
    #[serde(rename = "notifymatters.notification.requestPermission")]
    RequestPermission {
        notifymatters: String,
        data: (),
        r#ref: f64,
    },
    #[serde(rename = "notifymatters.notification.new")]
    New {
        notifymatters: String,
        #[ts(type = "{ id: number, title: string, options: ForwardedOptions }")]
        data: Value,
    },
    #[serde(rename = "notifymatters.notification.close")]
    Close {
        notifymatters: String,
        #[ts(type = "{ id: number }")]
        data: Value,
    },
}

impl From<Command<Value>> for ToFrame {
    fn from(command: Command<Value>) -> Self {
        let notifymatters = Version::SPOKEN.to_owned();
        match command {
            Command::Enable(Enable {
                permission, state, ..
            }) => Self::Enable {
                notifymatters,
                data: permission.as_str().to_owned(),
                r#ref: (),
                state,
            },
            Command::Clicked(id) => Self::Clicked {
                notifymatters,
                data: (),
                r#ref: id.into(),
            },
            Command::Closed(id) => Self::Closed {
                notifymatters,
                data: (),
                r#ref: id.into(),
            },
            Command::Resolved(request, permission) => Self::Resolve {
                notifymatters,
                data: permission.map_or("", Permission::as_str).to_owned(),
                r#ref: request.into(),
            },
            Command::Rejected(request) => Self::Reject {
                notifymatters,
                data: Value::Null,
                r#ref: request.into(),
            },
        }
    }
}

fn field<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Field<T> {
    match value {
        Value::Null => Field::Absent,
        value => read(value).map_or(Field::Wrong, Field::Is),
    }
}

fn envelope(message: &Value) -> RawEnvelope<Value> {
    let text = |name: &str| field(&message[name], |value| value.as_str().map(str::to_owned));
    RawEnvelope {
        kind: text("type"),
        version: text("notifymatters"),
        word: text("data"),
        reference: field(&message["ref"], Value::as_f64),
        state: message.get("state").cloned(),
    }
}

#[test]
fn what_the_types_let_a_host_say_is_understood_as_it_was_meant() {
    let notifymatters = || Version::SPOKEN.to_owned();
    let granted = || "granted".to_owned();
    for said in [
        ToFrame::Enable {
            notifymatters: notifymatters(),
            data: granted(),
            r#ref: (),
            state: Some(json!({ "any": "thing" })),
        },
        ToFrame::Clicked {
            notifymatters: notifymatters(),
            data: (),
            r#ref: 7.0,
        },
        ToFrame::Closed {
            notifymatters: notifymatters(),
            data: (),
            r#ref: 7.0,
        },
        ToFrame::Resolve {
            notifymatters: notifymatters(),
            data: granted(),
            r#ref: 3.0,
        },
        ToFrame::Reject {
            notifymatters: notifymatters(),
            data: Value::Null,
            r#ref: 3.0,
        },
    ] {
        let heard = envelope(&serde_json::to_value(&said).unwrap()).command();
        assert_eq!(ToFrame::from(heard.unwrap()), said);
    }
}

#[test]
fn the_host_package_has_the_types_of_this_crate() {
    let config = Config::new();
    let mut types = format!(
        "// Made from `crates/protocol` by its tests; do not edit.\n\n\
         /** The version that the frame speaks. */\n\
         export type Version = {:?};\n\n\
         /** The members of `NotificationOptions` that cross. */\n\
         export type ForwardedOption = {};\n\n\
         /** Fit for `new Notification(title, options)`, but for the icon: a path on the frame's origin, or empty. */\n\
         export type ForwardedOptions = NotificationOptions & {{ [name in ForwardedOption]?: unknown }} & {{ icon: string }};\n",
        Version::SPOKEN,
        options::FORWARDED
            .map(|name| format!("{name:?}"))
            .join(" | "),
    );
    for (purpose, declaration) in [
        ("What the host says.", ToFrame::decl(&config)),
        ("What the frame says.", FromFrame::decl(&config)),
    ] {
        let declaration = declaration
            .replace(" | {", "\n  | {")
            .replace(": string, data", ": Version, data");
        write!(types, "\n/** {purpose} */\nexport {declaration}\n").unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(FILE);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &types).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).is_ok_and(|found| found == types),
        "{FILE} is not what this crate says: run UPDATE=1 cargo test -p notifymatters-protocol typescript"
    );
}
