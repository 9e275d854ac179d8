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
use crate::{Capability, Farewell, Permission, Version, options};

/// Where the types stand, below the project's root.
const FILE: &str = "host/src/protocol.d.ts";

/// What the page tells of itself, by the names of the capabilities that allow it.
const STATE: &str = "unread?: { mentions: number, messages: number }, session?: \"in\" | \"out\", status?: UserStatus, \
    context?: { team: string, channel: string, path: string, title: string, locale: string, theme: string }";

/// Why a request was refused: the host has not the right; too many of its requests wait; it was not done in time, and may still be;
/// its particulars are not what it takes; the page cannot do it, or could not this time.
const REJECTIONS: [&str; 5] = ["not-granted", "busy", "timeout", "invalid", "failed"];

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
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "Capability[]")]
        want: Option<Vec<String>>,
    },
    #[serde(rename = "notifymatters.disable")]
    Disable {
        notifymatters: String,
        data: (),
        r#ref: (),
    },
    #[serde(rename = "notifymatters.view")]
    View {
        notifymatters: String,
        #[ts(type = "{ visible: boolean }")]
        data: Value,
        r#ref: Option<f64>,
    },
    #[serde(rename = "notifymatters.go")]
    Go {
        notifymatters: String,
        #[ts(type = "{ path: string }")]
        data: Value,
        r#ref: Option<f64>,
    },
    #[serde(rename = "notifymatters.status.set")]
    SetStatus {
        notifymatters: String,
        #[ts(type = "{ status: UserStatus }")]
        data: Value,
        r#ref: Option<f64>,
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
        #[ts(optional, type = "Capability[]")]
        have: Option<Value>,
        #[ts(optional)]
        frame: Option<String>,
    },
    #[serde(rename = "notifymatters.state")]
    State {
        notifymatters: String,
        #[ts(type = "State")]
        data: Value,
    },
    #[serde(rename = "notifymatters.off")]
    Off {
        notifymatters: String,
        #[ts(type = "{ reason: Farewells[number] }")]
        data: Value,
    },
    #[serde(rename = "notifymatters.ref.resolve")]
    Resolve {
        notifymatters: String,
        data: (),
        r#ref: f64,
    },
    #[serde(rename = "notifymatters.ref.reject")]
    Reject {
        notifymatters: String,
        #[ts(type = "{ code: Rejections[number] }")]
        data: Value,
        r#ref: f64,
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
                permission,
                state,
                want,
                ..
            }) => Self::Enable {
                notifymatters,
                data: permission.as_str().to_owned(),
                r#ref: (),
                state,
                want: want.map(|want| want.iter().map(|name| name.to_string()).collect()),
            },
            Command::Disable => Self::Disable {
                notifymatters,
                data: (),
                r#ref: (),
            },
            // The page reads the rest.
            Command::Ask(capability) => {
                let (data, r#ref) = (Value::Null, None);
                match capability {
                    Capability::View => Self::View {
                        notifymatters,
                        data,
                        r#ref,
                    },
                    Capability::Go => Self::Go {
                        notifymatters,
                        data,
                        r#ref,
                    },
                    Capability::SetStatus => Self::SetStatus {
                        notifymatters,
                        data,
                        r#ref,
                    },
                    other => panic!("{other} is nothing that a host asks for"),
                }
            }
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
        want: message.get("want").map(|names| {
            let names = names.as_array().into_iter().flatten();
            names
                .filter_map(|name| name.as_str()?.parse::<Capability>().ok())
                .collect()
        }),
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
            want: None,
        },
        ToFrame::Enable {
            notifymatters: notifymatters(),
            data: granted(),
            r#ref: (),
            state: Some(Value::Null),
            want: Some(Capability::ALL.map(|name| name.to_string()).to_vec()),
        },
        ToFrame::Disable {
            notifymatters: notifymatters(),
            data: (),
            r#ref: (),
        },
        ToFrame::View {
            notifymatters: notifymatters(),
            data: Value::Null,
            r#ref: None,
        },
        ToFrame::Go {
            notifymatters: notifymatters(),
            data: Value::Null,
            r#ref: None,
        },
        ToFrame::SetStatus {
            notifymatters: notifymatters(),
            data: Value::Null,
            r#ref: None,
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
        "// Made from `protocol` by its tests; do not edit.\n\n\
         /** The version that the frame speaks. */\n\
         export type Version = {:?};\n\n\
         /** The members of `NotificationOptions` that cross. */\n\
         export type ForwardedOption = {};\n\n\
         /** Fit for `new Notification(title, options)`, but for the icon: a path on the frame's origin, or empty. */\n\
         export type ForwardedOptions = NotificationOptions & {{ [name in ForwardedOption]?: unknown }} & {{ icon: string }};\n\n\
         /** All capabilities, each at the place of its bit. */\n\
         export type Capabilities = {:?};\n\n\
         /** What a host may know or do besides showing notifications. */\n\
         export type Capability = Capabilities[number];\n\n\
         /** Why a request was refused. */\n\
         export type Rejections = {:?};\n\n\
         /** Why a host is served no longer. */\n\
         export type Farewells = {:?};\n\n\
         /** A user's status. */\n\
         export type UserStatus = \"online\" | \"away\" | \"dnd\" | \"offline\";\n\n\
         /** How the page is: in the first message all that the host has, later what has changed. */\n\
         export type State = {{ {STATE} }};\n",
        Version::SPOKEN,
        options::FORWARDED
            .map(|name| format!("{name:?}"))
            .join(" | "),
        Capability::ALL.map(Capability::as_str),
        REJECTIONS,
        Farewell::ALL.map(Farewell::as_str),
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
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(FILE);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &types).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).is_ok_and(|found| found == types),
        "{FILE} is not what this crate says: run UPDATE=1 cargo test -p notifymatters-protocol typescript"
    );
}
