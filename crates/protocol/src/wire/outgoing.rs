//! From what the session says to the envelope that leaves.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::PREFIX;
use crate::{NotificationId, RequestId, Version};

/// What the frame says to its host. Serialises as the envelope.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing<V> {
    /// The answer to `enable`.
    Ok {
        /// The host's own version, said back to it: the original example page wants it unchanged.
        version: Version,
        /// The host's own `state`, said back to it; `null` if it sent none.
        state: Option<V>,
    },
    /// Please ask the user.
    RequestPermission {
        /// The number that the answer's `ref` must carry.
        request: RequestId,
    },
    /// Please show this.
    New {
        /// The number that later reports must carry as `ref`.
        id: NotificationId,
        /// The title.
        title: V,
        /// An object, always; see [`crate::options`].
        options: V,
    },
    /// Please close this.
    Close {
        /// The number it was shown under.
        id: NotificationId,
    },
}

#[derive(serde::Serialize)]
struct NewData<'value, V> {
    id: NotificationId,
    title: &'value V,
    options: &'value V,
}

#[derive(serde::Serialize)]
struct CloseData {
    id: NotificationId,
}

impl<V> Outgoing<V> {
    const fn command(&self) -> &'static str {
        match self {
            Self::Ok { .. } => "ok",
            Self::RequestPermission { .. } => "notification.requestPermission",
            Self::New { .. } => "notification.new",
            Self::Close { .. } => "notification.close",
        }
    }
}

impl<V: Serialize> Serialize for Outgoing<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = if matches!(self, Self::RequestPermission { .. }) {
            4
        } else {
            3
        };
        let mut envelope = serializer.serialize_struct("Envelope", fields)?;
        let mut kind = String::from(PREFIX);
        kind.push_str(self.command());
        envelope.serialize_field("type", &kind)?;
        let version = if let Self::Ok { version, .. } = self {
            version.clone()
        } else {
            Version::spoken()
        };
        envelope.serialize_field("notifymatters", &version)?;
        match self {
            Self::Ok { state, .. } => envelope.serialize_field("state", state)?,
            Self::RequestPermission { request } => {
                envelope.serialize_field("data", &())?;
                envelope.serialize_field("ref", request)?;
            }
            Self::New { id, title, options } => {
                envelope.serialize_field(
                    "data",
                    &NewData {
                        id: *id,
                        title,
                        options,
                    },
                )?;
            }
            Self::Close { id } => envelope.serialize_field("data", &CloseData { id: *id })?,
        }
        envelope.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(outgoing: &Outgoing<&str>) -> String {
        serde_json::to_string(outgoing).unwrap()
    }

    #[test]
    fn the_four_envelopes_keep_their_shape() {
        let id = NotificationId::from_wire(7.0).unwrap();
        let request = RequestId::from_wire(3.0).unwrap();
        let version = Version::parse("20171130").unwrap();
        assert_eq!(
            json(&Outgoing::Ok {
                version: version.clone(),
                state: Some("s")
            }),
            r#"{"type":"notifymatters.ok","notifymatters":"20171130","state":"s"}"#
        );
        assert_eq!(
            json(&Outgoing::Ok {
                version,
                state: None
            }),
            r#"{"type":"notifymatters.ok","notifymatters":"20171130","state":null}"#
        );
        assert_eq!(
            json(&Outgoing::RequestPermission { request }),
            r#"{"type":"notifymatters.notification.requestPermission","notifymatters":"20171130","data":null,"ref":3.0}"#
        );
        assert_eq!(
            json(&Outgoing::New {
                id,
                title: "T",
                options: "O"
            }),
            r#"{"type":"notifymatters.notification.new","notifymatters":"20171130","data":{"id":7.0,"title":"T","options":"O"}}"#
        );
        assert_eq!(
            json(&Outgoing::Close { id }),
            r#"{"type":"notifymatters.notification.close","notifymatters":"20171130","data":{"id":7.0}}"#
        );
    }

    #[test]
    fn ok_says_the_hosts_own_version_back() {
        let older = Version::parse("20170101").unwrap();
        assert!(
            json(&Outgoing::Ok {
                version: older,
                state: None
            })
            .contains(r#""notifymatters":"20170101""#)
        );
    }
}
