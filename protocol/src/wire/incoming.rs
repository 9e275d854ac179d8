//! Parses a message's raw fields into a command, or the reason why it is not one.

use alloc::string::String;

use super::PREFIX;
use crate::{Capabilities, Capability, NotificationId, Permission, RequestId, Version};

/// A field as the page's script has found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field<T> {
    /// Missing, `undefined` or `null`.
    Absent,
    /// There, of the right kind and within its bound.
    Is(T),
    /// There, but of the wrong kind or past its bound.
    Wrong,
}

/// An object's fields before any of it is believed. Nothing in it is longer than its bound in [`crate::limits`].
#[derive(Clone, Debug)]
pub struct RawEnvelope<V> {
    /// `type`, at most [`TYPE_LENGTH`](crate::limits::TYPE_LENGTH) bytes.
    pub kind: Field<String>,
    /// `notifymatters`, at most [`VERSION_LENGTH`](crate::limits::VERSION_LENGTH) bytes.
    pub version: Field<String>,
    /// `data`, where it is a string of at most [`PERMISSION_LENGTH`](crate::limits::PERMISSION_LENGTH) bytes: no command that the session reads takes anything else.
    pub word: Field<String>,
    /// `ref`.
    pub reference: Field<f64>,
    /// `state`; `None` if missing or `undefined`.
    pub state: Option<V>,
    /// The capabilities among the first [`WANTED`](crate::limits::WANTED) entries of `want`; none where it is no list, `None` if it is
    /// missing, `undefined` or `null`.
    pub want: Option<Capabilities>,
}

/// What a host may say.
#[derive(Debug)]
pub(crate) enum Command<V> {
    Enable(Enable<V>),
    Clicked(NotificationId),
    Closed(NotificationId),
    /// `None`: resolved with something that is no permission.
    Resolved(RequestId, Option<Permission>),
    Rejected(RequestId),
    /// Asks for what this capability stands for. What precisely, and whether it wants an answer, reads the page that does it.
    Ask(Capability),
    Disable,
}

/// The host offers to show notifications.
#[derive(Debug)]
pub(crate) struct Enable<V> {
    pub(crate) permission: Permission,
    /// The host's own version, to be said back.
    pub(crate) version: Version,
    /// To be said back, too.
    pub(crate) state: Option<V>,
    pub(crate) want: Option<Capabilities>,
}

/// Why a message is not a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is of another protocol, and ignored.
    Foreign,
    /// It is of a later version.
    Newer,
    /// Its type is one of this protocol, but a field is missing or wrong.
    Malformed,
}

impl<V> RawEnvelope<V> {
    pub(crate) fn command(self) -> Result<Command<V>, Refusal> {
        let Field::Is(kind) = &self.kind else {
            return Err(Refusal::Foreign);
        };
        let command = kind.strip_prefix(PREFIX).ok_or(Refusal::Foreign)?;
        let Field::Is(version) = &self.version else {
            return Err(Refusal::Malformed);
        };
        let version = Version::parse(version).ok_or(Refusal::Malformed)?;
        if version.is_newer_than_spoken() {
            return Err(Refusal::Newer);
        }
        match command {
            "enable" => {
                let permission = match &self.word {
                    // A host whose browser has no notifications cannot send one of the words.
                    Field::Absent => Permission::Denied,
                    Field::Is(word) => Permission::parse(word).ok_or(Refusal::Malformed)?,
                    Field::Wrong => return Err(Refusal::Malformed),
                };
                Ok(Command::Enable(Enable {
                    permission,
                    version,
                    state: self.state,
                    want: self.want,
                }))
            }
            "notification.onclick" => self
                .reference(NotificationId::from_wire)
                .map(Command::Clicked),
            "notification.onclose" => self
                .reference(NotificationId::from_wire)
                .map(Command::Closed),
            "ref.resolve" => {
                let permission = match &self.word {
                    Field::Is(word) => Permission::parse(word),
                    Field::Absent | Field::Wrong => None,
                };
                self.reference(RequestId::from_wire)
                    .map(|request| Command::Resolved(request, permission))
            }
            "ref.reject" => self.reference(RequestId::from_wire).map(Command::Rejected),
            "view" => Ok(Command::Ask(Capability::View)),
            "go" => Ok(Command::Ask(Capability::Go)),
            "status.set" => Ok(Command::Ask(Capability::SetStatus)),
            "disable" => Ok(Command::Disable),
            _ => Err(Refusal::Malformed),
        }
    }

    fn reference<N>(&self, read: impl Fn(f64) -> Option<N>) -> Result<N, Refusal> {
        match self.reference {
            Field::Is(number) => read(number).ok_or(Refusal::Malformed),
            Field::Absent | Field::Wrong => Err(Refusal::Malformed),
        }
    }
}
