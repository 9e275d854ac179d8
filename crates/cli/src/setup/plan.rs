//! What is to be done to a server: from what it is and what it is to become, without I/O.

use serde::Deserialize;
use serde_json::{Value, json};

use super::wanted::{Recommended, Smtp, Wanted};
use crate::install::{self, PLUGIN, Plugin};
use crate::rest::{Change, Settings, TeamName, shown};
use notifymatters_findings::address::Address;
use notifymatters_findings::version::Version;

/// What is known of the server.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) version: Version,
    pub(super) settings: Settings,
    /// The role of everybody.
    pub(super) role: Role,
    pub(super) has_team: bool,
    /// The plugin's version, and whether it runs.
    pub(super) plugin: Option<(String, bool)>,
    /// It is asked by its own machine's socket, which sends no test mail, and lets more be changed.
    pub(super) is_local: bool,
}

/// `GET /api/v4/roles/name/system_user`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Role {
    pub(super) id: String,
    pub(super) permissions: Vec<String>,
}

/// The right that a permission is since 4.9, and was a setting before.
pub(super) const CREATE_TEAM: &str = "create_team";

const SITE_URL: &str = "ServiceSettings.SiteURL";

/// What a new server has for the addresses of its mails (`EmailSettings.SetDefaults`, seen in 6.7.2).
const PLACEHOLDER: &str = "test@example.com";

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// What is as it is to be.
    pub(super) already: Vec<String>,
    /// What is not done, and why.
    pub(super) notes: Vec<String>,
}

/// One thing to do, as it is shown before.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) what: String,
    pub(super) why: &'static str,
    /// How to turn it back.
    pub(super) back: String,
    pub(super) act: Act,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Act {
    Set(Change),
    /// One of those by which mails are sent.
    SetMail(Change),
    /// The value is a secret, which is known only when it is done.
    SetSmtpPassword {
        from: Value,
    },
    /// Sent once the settings of mails are written, and before anything else is.
    TestMail,
    TakeCreateTeam(Role),
    MakeTeam(TeamName),
    Upload,
    Enable,
    Trust(Change),
}

/// Fields of the configuration with the reason for each.
const RECOMMENDED: [(Recommended, &str, bool, &str); 6] = [
    (
        Recommended::LandingPage,
        "ServiceSettings.EnableDesktopLandingPage",
        false,
        "a new browser would be asked how to view Mattermost, inside the frame",
    ),
    (
        Recommended::Diagnostics,
        "LogSettings.EnableDiagnostics",
        false,
        "no reports about errors and use leave the server",
    ),
    (
        Recommended::WebhookNames,
        "ServiceSettings.EnablePostUsernameOverride",
        true,
        "a webhook may post under the name of the program that it speaks for",
    ),
    (
        Recommended::WebhookIcons,
        "ServiceSettings.EnablePostIconOverride",
        true,
        "a webhook may show the picture of the program that it speaks for",
    ),
    (
        Recommended::Invitations,
        "ServiceSettings.EnableEmailInvitations",
        true,
        "people can be invited by mail, as by notifymatters invite",
    ),
    (
        Recommended::Batching,
        "EmailSettings.EnableEmailBatching",
        true,
        "mails about missed messages are combined: every 15 minutes, or as each user chooses",
    ),
];

impl Plan {
    pub(super) fn new(wanted: &Wanted, chat: &Address, smtp: Option<&Smtp>, facts: &Facts) -> Self {
        let mut plan = Self::default();
        plan.set(
            facts,
            Act::Set,
            SITE_URL,
            json!(chat.to_string()),
            "Mattermost makes its links from it, and the right origin of a WebSocket",
        );
        plan.frame_ancestors(wanted, chat, facts);
        if let Some(smtp) = smtp {
            plan.smtp(smtp, facts);
        }
        plan.recommendations(wanted, facts);
        plan.team(wanted, facts);
        plan.plugin(wanted, facts);
        plan
    }

    /// The changes of the configuration but for the mails', which are written at once.
    pub(super) fn changes(&self) -> Vec<Change> {
        self.changes_by(|act| match act {
            Act::Set(change) => Some(change),
            _ => None,
        })
    }

    /// The changes by which mails are sent, written before the others, and taken back where no mail can be sent.
    pub(super) fn mail_changes(&self) -> Vec<Change> {
        self.changes_by(|act| match act {
            Act::SetMail(change) => Some(change),
            _ => None,
        })
    }

    fn changes_by(&self, change: fn(&Act) -> Option<&Change>) -> Vec<Change> {
        let acts = self.steps.iter().map(|step| &step.act);
        acts.filter_map(change).cloned().collect()
    }

    fn add(
        &mut self,
        what: impl Into<String>,
        why: &'static str,
        back: impl Into<String>,
        act: Act,
    ) {
        self.steps.push(Step {
            what: what.into(),
            why,
            back: back.into(),
            act,
        });
    }

    fn set(
        &mut self,
        facts: &Facts,
        act: fn(Change) -> Act,
        field: &str,
        to: Value,
        why: &'static str,
    ) -> bool {
        let from = facts.settings.field(field);
        if *from == to {
            self.already.push(format!("{field}: {}", shown(&to)));
            return false;
        }
        let old = match from {
            Value::Null => "\"\"".to_owned(),
            Value::String(text) => format!("\"{text}\""),
            value => value.to_string(),
        };
        let back = if field == SITE_URL && old == "\"\"" {
            // "Site URL cannot be cleared." (seen in 6.7.2)
            "Mattermost does not let you empty it again".to_owned()
        } else {
            format!("mmctl config set {field} {old}")
        };
        self.add(
            format!("{field}: {} → {}", shown(from), shown(&to)),
            why,
            back,
            act(Change {
                field: field.to_owned(),
                from: from.clone(),
                to,
            }),
        );
        true
    }

    fn frame_ancestors(&mut self, wanted: &Wanted, chat: &Address, facts: &Facts) {
        const FIELD: &str = "ServiceSettings.FrameAncestors";
        if wanted.host.is_empty() {
            return;
        }
        let Some(stored) = facts.settings.field(FIELD).as_str() else {
            let hosts: Vec<String> = wanted
                .host
                .iter()
                .map(|host| format!(" --host {host}"))
                .collect();
            self.notes.push(format!(
                "Mattermost {} cannot name who may frame it; the proxy can: notifymatters proxy nginx --lines --chat {chat}{}",
                facts.version,
                hosts.concat()
            ));
            return;
        };
        let mut origins: Vec<String> = stored.split_whitespace().map(str::to_owned).collect();
        for host in &wanted.host {
            if !origins.contains(&host.origin()) {
                origins.push(host.origin());
            }
        }
        self.set(
            facts,
            Act::Set,
            FIELD,
            json!(origins.join(" ")),
            "browsers show Mattermost only inside pages that it names",
        );
    }

    fn smtp(&mut self, smtp: &Smtp, facts: &Facts) {
        const MAILS: &str = "mails are sent through this server";
        let mut changed = false;
        for (key, to) in [
            ("SMTPServer", json!(smtp.server)),
            ("SMTPPort", json!(smtp.port)),
            ("ConnectionSecurity", json!(smtp.security)),
            ("EnableSMTPAuth", json!(smtp.user.is_some())),
            ("SMTPUsername", json!(smtp.user.clone().unwrap_or_default())),
        ] {
            changed |= self.set(
                facts,
                Act::SetMail,
                &format!("EmailSettings.{key}"),
                to,
                MAILS,
            );
        }
        let stored = facts.settings.field("EmailSettings.SMTPPassword");
        let has_none = stored.as_str().is_none_or(str::is_empty);
        if smtp.user.is_some() && (changed || has_none) {
            changed = true;
            self.add(
                "EmailSettings.SMTPPassword: what you type, or what NOTIFYMATTERS_SMTP_PASSWORD holds",
                "the mail server asks for it",
                "mmctl config set EmailSettings.SMTPPassword \"\"",
                Act::SetSmtpPassword {
                    from: stored.clone(),
                },
            );
        }
        changed |= self.set(
            facts,
            Act::SetMail,
            "EmailSettings.FeedbackEmail",
            json!(smtp.from),
            "mails come from this address",
        );
        let replies = "EmailSettings.ReplyToAddress";
        if *facts.settings.field(replies) == PLACEHOLDER {
            changed |= self.set(
                facts,
                Act::SetMail,
                replies,
                json!(smtp.from),
                "replies to mails go to this address",
            );
        }
        changed |= self.set(
            facts,
            Act::SetMail,
            "EmailSettings.SendEmailNotifications",
            json!(true),
            "people who are away are told by mail",
        );
        if changed && facts.is_local {
            self.notes.push(
                "a test mail: Mattermost sends none over its socket; System Console, Environment, SMTP, \
                 Test Connection does"
                    .to_owned(),
            );
        } else if changed {
            self.add(
                "a test mail to you; if it cannot be sent, these settings become what they were",
                "otherwise only somebody who waits for a mail would notice a wrong mail server",
                "",
                Act::TestMail,
            );
        }
    }

    fn recommendations(&mut self, wanted: &Wanted, facts: &Facts) {
        for (name, field, to, why) in RECOMMENDED {
            if wanted.without.contains(&name) || facts.settings.field(field).is_null() {
                continue;
            }
            if matches!(name, Recommended::Batching | Recommended::Invitations)
                && !self.will_send(facts)
            {
                self.notes.push(format!(
                    "{field} stays as it is: the server sends no mails (--smtp)"
                ));
                continue;
            }
            if name == Recommended::Batching
                && *facts.settings.field("ClusterSettings.Enable") == true
            {
                self.notes
                    .push(format!("{field} stays as it is: a cluster has no batching"));
                continue;
            }
            self.set(facts, Act::Set, field, json!(to), why);
        }
        if wanted.without.contains(&Recommended::TeamCreation) {
            return;
        }
        if facts.role.permissions.iter().any(|own| own == CREATE_TEAM) {
            self.add(
                "everybody (role system_user) loses the right to make teams",
                "only administrators make teams",
                format!("mmctl permissions add system_user {CREATE_TEAM}"),
                Act::TakeCreateTeam(facts.role.clone()),
            );
        } else {
            self.already
                .push("only administrators make teams".to_owned());
        }
    }

    fn will_send(&self, facts: &Facts) -> bool {
        let field = "EmailSettings.SendEmailNotifications";
        *facts.settings.field(field) == true
            || self
                .mail_changes()
                .iter()
                .any(|change| change.field == field)
    }

    fn team(&mut self, wanted: &Wanted, facts: &Facts) {
        let Some(team) = &wanted.team else {
            return;
        };
        if facts.has_team {
            self.already.push(format!("team {team}"));
            return;
        }
        self.add(
            format!("team {team} is made, for people who are invited"),
            "everybody needs a team",
            format!("mmctl team archive {team}"),
            Act::MakeTeam(team.clone()),
        );
    }

    /// Why no plugin can be uploaded, also once the plan is done.
    fn forbidden(&mut self, facts: &Facts) -> Option<String> {
        let field = "PluginSettings.EnableUploads";
        let is_signed = *facts
            .settings
            .field("PluginSettings.RequirePluginSignature")
            == true;
        // Only the socket lets it be changed (6.7.2, 11.6).
        if facts.is_local && !is_signed && *facts.settings.field(field) == false {
            self.set(
                facts,
                Act::Set,
                field,
                json!(true),
                "without it no plugin can be uploaded",
            );
            return None;
        }
        install::forbidden(&facts.settings)
    }

    fn plugin(&mut self, wanted: &Wanted, facts: &Facts) {
        const WHY: &str = "it hands notifications to the page that embeds";
        let back = format!("mmctl plugin disable {PLUGIN}");
        let own = env!("CARGO_PKG_VERSION");
        if wanted.bundle.is_some() || facts.plugin.is_some() {
            let field = "PluginSettings.Enable";
            if *facts.settings.field(field) == false {
                self.set(
                    facts,
                    Act::Set,
                    field,
                    json!(true),
                    "without it no plugin runs",
                );
            }
        }
        match (&facts.plugin, &wanted.bundle) {
            (Some((version, true)), bundle) if version == own || bundle.is_none() => {
                self.already.push(format!("{PLUGIN} {version} runs"));
            }
            (_, Some(bundle)) => match self.forbidden(facts) {
                Some(why) => self
                    .notes
                    .push(format!("{PLUGIN} cannot be uploaded: {why}")),
                None => self.add(
                    format!("{PLUGIN} is uploaded from {} and enabled", bundle.display()),
                    WHY,
                    back,
                    Act::Upload,
                ),
            },
            (Some((version, _)), None) => {
                self.add(
                    format!("{PLUGIN} {version} is enabled"),
                    WHY,
                    back,
                    Act::Enable,
                );
            }
            (None, None) => self.notes.push(format!(
                "{PLUGIN} is not on the server: --bundle names its file"
            )),
        }
        let plugin = Plugin {
            bundle: None,
            hosts: wanted.host.iter().map(Address::origin).collect(),
        };
        match plugin.trusted_origins(&facts.settings) {
            Some((change, origins)) => self.add(
                format!("{PLUGIN} trusts {origins}"),
                "only pages that are named get notifications",
                "System Console, Plugins, Notifymatters, Trusted Origins",
                Act::Trust(change),
            ),
            None if plugin.hosts.is_empty() => {}
            None => self
                .already
                .push(format!("trusted: {}", plugin.hosts.join(" "))),
        }
    }
}
