//! Users.

use std::collections::BTreeMap;

use gob::Gob;

/// A user (`model.User`), without what concerns passwords and second factors.
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
pub struct User {
    /// 26 letters and digits.
    pub id: String,
    /// Milliseconds since 1970.
    pub create_at: i64,
    /// Milliseconds since 1970.
    pub update_at: i64,
    /// Milliseconds since 1970; 0: active.
    pub delete_at: i64,
    /// The name behind the @.
    pub username: String,
    /// How the user logs in; empty: by password.
    pub auth_service: String,
    /// Mail address.
    pub email: String,
    /// Whether the address was confirmed.
    pub email_verified: bool,
    /// Nickname.
    pub nickname: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Position in the organisation.
    pub position: String,
    /// Names of the roles, separated by spaces.
    pub roles: String,
    /// Free properties.
    pub props: BTreeMap<String, String>,
    /// Notification settings.
    pub notify_props: BTreeMap<String, String>,
    /// For example `de`.
    pub locale: String,
    /// Time zone settings.
    pub timezone: BTreeMap<String, String>,
    /// Whether this is a bot.
    pub is_bot: bool,
    /// What the bot does.
    pub bot_description: String,
}
