//! Slash commands.

use std::collections::BTreeMap;

use gob::Gob;

/// A slash command, to be registered (`model.Command`).
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
pub struct Command {
    /// The team that has it; empty: all.
    pub team_id: String,
    /// The word behind the slash.
    pub trigger: String,
    /// Whether it is offered while typing.
    pub auto_complete: bool,
    /// What the offer says.
    pub auto_complete_desc: String,
    /// What the offer says of the arguments, for example `[text]`.
    pub auto_complete_hint: String,
    /// Its name for people.
    pub display_name: String,
    /// What it does.
    pub description: String,
    /// The user name of its answers.
    pub username: String,
    /// The icon of its answers.
    #[gob(name = "IconURL")]
    pub icon_url: String,
}

/// A command as a user gave it (`model.CommandArgs`).
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
pub struct CommandArgs {
    /// Who.
    pub user_id: String,
    /// In which channel.
    pub channel_id: String,
    /// In which team.
    pub team_id: String,
    /// In which thread; empty: none.
    pub root_id: String,
    /// Opens dialogs.
    pub trigger_id: String,
    /// The whole text, slash and trigger included.
    #[gob(lossy)]
    pub command: String,
    /// The server's address as users have it.
    #[gob(name = "SiteURL")]
    pub site_url: String,
    /// Ids of the users that the text mentions, by their names.
    pub user_mentions: BTreeMap<String, String>,
    /// Ids of the channels that the text mentions, by their names.
    pub channel_mentions: BTreeMap<String, String>,
}

/// The answer to a command (`model.CommandResponse`).
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
pub struct CommandResponse {
    /// `ephemeral` or `in_channel`.
    pub response_type: String,
    /// The text, in Markdown.
    pub text: String,
    /// In whose name.
    pub username: String,
    /// In which channel; empty: where the command was given.
    pub channel_id: String,
    /// The icon beside it.
    #[gob(name = "IconURL")]
    pub icon_url: String,
    /// The post's type.
    #[gob(name = "Type")]
    pub post_type: String,
    /// Where the user's page goes afterwards.
    pub goto_location: String,
    /// Opens dialogs.
    pub trigger_id: String,
    /// Leaves the text as it is where it looks like Slack's.
    pub skip_slack_parsing: bool,
}

impl CommandResponse {
    /// A text that only the user sees who gave the command.
    #[must_use]
    pub fn ephemeral(text: impl Into<String>) -> Self {
        Self {
            response_type: "ephemeral".into(),
            text: text.into(),
            ..Self::default()
        }
    }

    /// A text that the whole channel sees.
    #[must_use]
    pub fn in_channel(text: impl Into<String>) -> Self {
        Self {
            response_type: "in_channel".into(),
            ..Self::ephemeral(text)
        }
    }
}
