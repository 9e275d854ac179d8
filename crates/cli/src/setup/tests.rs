//! What is planned for servers of all kinds.

use serde_json::Map;

use super::wanted::{Recommended, Security};
use super::*;

fn wanted() -> Wanted {
    Wanted {
        chat: Some("https://chat.example.com".parse().unwrap()),
        host: vec!["https://mail.example.com/webmail".parse().unwrap()],
        team: Some("home".parse().unwrap()),
        smtp: Some("mail.example.com".to_owned()),
        smtp_user: Some("chat".to_owned()),
        mail_from: Some("chat@example.com".to_owned()),
        bundle: Some("notifymatters.tar.gz".into()),
        ..Wanted::default()
    }
}

/// A new server of 11.6.
fn bare() -> Value {
    json!({
        "ServiceSettings": {
            "SiteURL": "", "FrameAncestors": "", "EnableDesktopLandingPage": true, "EnableEmailInvitations": false,
            "EnablePostUsernameOverride": false, "EnablePostIconOverride": false,
        },
        "LogSettings": {"EnableDiagnostics": true},
        "ClusterSettings": {"Enable": false},
        "EmailSettings": {
            "SendEmailNotifications": false, "EnableEmailBatching": false, "EnableSMTPAuth": false,
            "FeedbackEmail": "test@example.com", "ReplyToAddress": "test@example.com",
            "SMTPServer": "localhost", "SMTPPort": "10025", "SMTPUsername": "", "SMTPPassword": "", "ConnectionSecurity": "",
        },
        "PluginSettings": {"Enable": true, "EnableUploads": true, "Plugins": {}},
    })
}

fn facts(settings: Value) -> Facts {
    Facts {
        version: "11.6.0".parse().unwrap(),
        settings: Settings::of(settings),
        role: Role {
            id: "role".to_owned(),
            permissions: vec![CREATE_TEAM.to_owned(), "other".to_owned()],
        },
        has_team: false,
        plugin: None,
        is_local: false,
    }
}

fn planned(wanted: &Wanted, facts: &Facts) -> Plan {
    let chat = wanted.chat.clone().unwrap();
    let smtp = wanted.smtp().unwrap();
    Plan::new(wanted, &chat, smtp.as_ref(), facts)
}

fn all_changes(plan: &Plan) -> Vec<Change> {
    [plan.mail_changes(), plan.changes()].concat()
}

#[test]
fn a_bare_server_needs_everything_and_a_second_run_nothing() {
    let wanted = wanted();
    let mut facts = facts(bare());
    let plan = planned(&wanted, &facts);
    assert!(plan.already.is_empty() && plan.notes.is_empty(), "{plan:?}");
    let fields: Map<String, Value> = all_changes(&plan)
        .into_iter()
        .map(|change| (change.field, change.to))
        .collect();
    assert_eq!(
        Value::Object(fields),
        json!({
            "ServiceSettings.SiteURL": "https://chat.example.com",
            "ServiceSettings.FrameAncestors": "https://mail.example.com",
            "ServiceSettings.EnableDesktopLandingPage": false,
            "ServiceSettings.EnableEmailInvitations": true,
            "ServiceSettings.EnablePostUsernameOverride": true,
            "ServiceSettings.EnablePostIconOverride": true,
            "LogSettings.EnableDiagnostics": false,
            "EmailSettings.SMTPServer": "mail.example.com",
            "EmailSettings.SMTPPort": "587",
            "EmailSettings.ConnectionSecurity": "STARTTLS",
            "EmailSettings.EnableSMTPAuth": true,
            "EmailSettings.SMTPUsername": "chat",
            "EmailSettings.FeedbackEmail": "chat@example.com",
            "EmailSettings.ReplyToAddress": "chat@example.com",
            "EmailSettings.SendEmailNotifications": true,
            "EmailSettings.EnableEmailBatching": true,
        })
    );
    let others: Vec<&str> = plan
        .steps
        .iter()
        .filter_map(|step| match step.act {
            Act::Set(_) | Act::SetMail(_) => None,
            Act::SetSmtpPassword { .. } => Some("password"),
            Act::TestMail => Some("mail"),
            Act::TakeCreateTeam(_) => Some("role"),
            Act::MakeTeam(_) => Some("team"),
            Act::Upload => Some("upload"),
            Act::Enable => Some("enable"),
            Act::Trust(_) => Some("trust"),
        })
        .collect();
    assert_eq!(
        others,
        ["password", "mail", "role", "team", "upload", "trust"]
    );
    let text = shown(&plan);
    for line in [
        "ServiceSettings.SiteURL: empty → \"https://chat.example.com\"\n",
        "      undo: mmctl config set LogSettings.EnableDiagnostics true\n",
        "      only administrators make teams\n      undo: mmctl permissions add system_user create_team\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    // What takes the mails' settings back is what they were.
    let mails = plan.mail_changes();
    let written = Settings::of(facts.settings.with(&mails));
    assert_eq!(written.with(&written.back(&mails)), *facts.settings.all());
    // All of it done, as the server then shows itself.
    let mut changes = all_changes(&plan);
    changes.push(Change {
        field: "EmailSettings.SMTPPassword".to_owned(),
        from: json!(""),
        to: json!("********************************"),
    });
    changes.push(Change {
        field: "PluginSettings.Plugins.notifymatters".to_owned(),
        from: json!(null),
        to: json!({"trustedorigin": "https://mail.example.com"}),
    });
    facts.settings = Settings::of(facts.settings.with(&changes));
    facts.role.permissions.retain(|own| own != CREATE_TEAM);
    facts.has_team = true;
    facts.plugin = Some((env!("CARGO_PKG_VERSION").to_owned(), true));
    let plan = planned(&wanted, &facts);
    assert!(plan.steps.is_empty() && plan.notes.is_empty(), "{plan:?}");
    assert!(shown(&plan).ends_with("\nNothing to do.\n"));
}

#[test]
fn what_a_server_has_or_cannot_have_is_left_alone_and_said() {
    let with = |section: &str, key: &str, value: Value| {
        let mut settings = bare();
        settings[section][key] = value;
        settings
    };
    let old = {
        let mut settings = bare();
        let service = settings["ServiceSettings"].as_object_mut().unwrap();
        service.remove("FrameAncestors");
        service.remove("EnableDesktopLandingPage");
        settings
    };
    let silent = Wanted {
        smtp: None,
        smtp_user: None,
        bundle: None,
        ..wanted()
    };
    for (wanted, settings, absent, note) in [
        (
            wanted(),
            old,
            "ServiceSettings.",
            Some(
                "the proxy can: notifymatters proxy nginx --lines --chat https://chat.example.com --host https://mail.example.com/webmail",
            ),
        ),
        (
            wanted(),
            with("ClusterSettings", "Enable", json!(true)),
            "EmailSettings.EnableEmailBatching",
            Some("a cluster has no batching"),
        ),
        (
            silent.clone(),
            bare(),
            "EmailSettings.",
            Some("the server sends no mails (--smtp)"),
        ),
        (
            silent,
            bare(),
            "PluginSettings.",
            Some("--bundle names its file"),
        ),
        (
            wanted(),
            with("PluginSettings", "EnableUploads", json!(false)),
            "PluginSettings.",
            Some("notifymatters cannot be uploaded: it takes no uploads"),
        ),
        (
            Wanted {
                without: vec![Recommended::Batching],
                ..wanted()
            },
            bare(),
            "EmailSettings.EnableEmailBatching",
            None,
        ),
    ] {
        let plan = planned(&wanted, &facts(settings));
        let touched = all_changes(&plan).into_iter().any(|change| match absent {
            "ServiceSettings." => {
                change.field.ends_with("FrameAncestors") || change.field.ends_with("LandingPage")
            }
            prefix => change.field.starts_with(prefix),
        });
        assert!(!touched, "{plan:?}");
        match note {
            Some(note) => assert!(plan.notes.iter().any(|own| own.contains(note)), "{plan:?}"),
            None => assert!(plan.notes.is_empty(), "{plan:?}"),
        }
    }
}

#[test]
fn another_page_may_frame_mattermost_beside_those_that_may() {
    let mut settings = bare();
    settings["ServiceSettings"]["FrameAncestors"] = json!("https://other.example");
    let plan = planned(&wanted(), &facts(settings));
    let change = plan
        .changes()
        .into_iter()
        .find(|change| change.field.ends_with("FrameAncestors"))
        .unwrap();
    assert_eq!(change.to, "https://other.example https://mail.example.com");
}

#[test]
fn a_file_has_the_options_names_and_no_secret_and_an_option_counts_before_it() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let read = |text: &str| {
        std::fs::write(file.path(), text).unwrap();
        let options = Wanted {
            email: Some("anna@example.com".to_owned()),
            ..Wanted::default()
        };
        options.with_file(Some(file.path()))
    };
    let wanted = read(
        "chat = \"https://chat.example.com\"\nhost = [\"https://mail.example.com\"]\nuser = \"admin\"\n\
         email = \"other@example.com\"\nteam = \"home\"\nsmtp = \"localhost:2525\"\nmail-from = \"chat@example.com\"\n\
         without = [\"batching\", \"team-creation\"]\nsmtp-security = \"none\"\n",
    )
    .unwrap();
    assert_eq!(wanted.email.as_deref(), Some("anna@example.com"));
    assert_eq!(wanted.smtp_security, Some(Security::None));
    assert_eq!(
        wanted.without,
        [Recommended::Batching, Recommended::TeamCreation]
    );
    let smtp = wanted.smtp().unwrap().unwrap();
    assert_eq!(
        (smtp.server.as_str(), smtp.port.as_str(), smtp.security),
        ("localhost", "2525", "")
    );
    // A password is sent over an encrypted connection only, also on one machine.
    let here = |security| Wanted {
        smtp_user: Some("chat".to_owned()),
        smtp_security: security,
        ..wanted.clone()
    };
    assert_eq!(here(None).smtp().unwrap().unwrap().security, "STARTTLS");
    let failure = here(Some(Security::None)).smtp().unwrap_err();
    assert!(failure.message.contains("unencrypted"), "{failure:?}");
    for (text, words) in [
        (
            "smtp-password = \"geheim\"",
            "unknown field `smtp-password`",
        ),
        ("team = \"Home\"", "small letters"),
        (
            "chat = \"chat.example.com\"",
            "write https://chat.example.com",
        ),
    ] {
        let failure = read(text).unwrap_err();
        assert!(failure.message.contains(words), "{}", failure.message);
        assert!(failure.message.contains("line 1: "), "{failure:?}");
        assert!(!failure.message.contains("geheim"), "{failure:?}");
        assert_eq!(failure.exit, Exit::Usage);
    }
}
