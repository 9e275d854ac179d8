//! `config validate`: whether a `config.json` is one, and what in it stands in the way of an embedding.

use std::path::Path;

use serde_json::Value;

use crate::paths::read_text;
use notifymatters_findings::Finding;
use notifymatters_findings::address::Address;
use notifymatters_findings::text::plain;

/// What every configuration since 5.0 has.
const SECTIONS: [&str; 3] = ["ServiceSettings", "SqlSettings", "FileSettings"];

/// Settings that this program or the plugin depends on, and what they are.
const KINDS: [(&str, Kind); 16] = [
    ("ServiceSettings.SiteURL", Kind::Text),
    ("ServiceSettings.ListenAddress", Kind::Text),
    ("ServiceSettings.AllowCorsFrom", Kind::Text),
    ("ServiceSettings.FrameAncestors", Kind::Text),
    ("ServiceSettings.EnableDesktopLandingPage", Kind::Switch),
    ("ServiceSettings.EnableLocalMode", Kind::Switch),
    ("ServiceSettings.LocalModeSocketLocation", Kind::Text),
    ("SqlSettings.DriverName", Kind::Text),
    ("SqlSettings.DataSource", Kind::Text),
    ("FileSettings.MaxFileSize", Kind::Number),
    ("FileSettings.Directory", Kind::Text),
    ("PluginSettings.Enable", Kind::Switch),
    ("PluginSettings.EnableUploads", Kind::Switch),
    ("PluginSettings.RequirePluginSignature", Kind::Switch),
    ("EmailSettings.SMTPServer", Kind::Text),
    ("LogSettings.FileLocation", Kind::Text),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Switch,
    Number,
}

/// Reads and judges a file.
pub(super) fn file(path: &Path) -> Vec<Finding> {
    let text = match read_text(path) {
        Ok(text) => text,
        Err(why) => {
            return vec![Finding::skip(
                "config-readable",
                format!("It cannot be read: {why}."),
            )];
        }
    };
    let mut findings = judge(&text);
    findings.extend(open_to_others(path));
    findings
}

fn judge(text: &str) -> Vec<Finding> {
    let config: Value = match serde_json::from_str(text) {
        Ok(config @ Value::Object(_)) => config,
        Ok(_) => {
            return vec![Finding::fail(
                "config-json",
                "It is JSON, but not an object.",
            )];
        }
        Err(error) => {
            let line = text
                .lines()
                .nth(error.line().saturating_sub(1))
                .unwrap_or_default();
            let mut finding = Finding::fail(
                "config-json",
                format!(
                    "Line {}, column {}: this is not JSON.",
                    error.line(),
                    error.column()
                ),
            );
            // The line may hold a password; its name says enough.
            if let Some((name, _)) = line.split_once(':') {
                finding =
                    finding.detail(format!("At or before the setting {}.", plain(name.trim())));
            }
            return vec![finding.detail(
                "Often a comma is missing, or there is one too many before a closing bracket.",
            )];
        }
    };
    let mut findings = vec![Finding::pass("config-json", "It is JSON.")];
    findings.push(sections(&config));
    findings.push(kinds(&config));
    findings.push(site_url(&config));
    findings.extend(frame_ancestors(&config));
    findings.push(cors(&config));
    findings.push(plugins(&config));
    findings
}

/// A setting by its name with dots.
fn setting<'a>(config: &'a Value, name: &str) -> Option<&'a Value> {
    name.split('.')
        .try_fold(config, |value, part| value.get(part))
}

fn text<'a>(config: &'a Value, name: &str) -> &'a str {
    setting(config, name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn is_on(config: &Value, name: &str) -> Option<bool> {
    setting(config, name).and_then(Value::as_bool)
}

fn sections(config: &Value) -> Finding {
    const ID: &str = "config-sections";
    let missing: Vec<&str> = SECTIONS
        .into_iter()
        .filter(|name| !config.get(*name).is_some_and(Value::is_object))
        .collect();
    if missing.is_empty() {
        return Finding::pass(ID, "It has the sections that every Mattermost has.");
    }
    Finding::fail(ID, format!("It has no {}.", missing.join(", ")))
        .detail("Is it a configuration of Mattermost?")
}

fn kinds(config: &Value) -> Finding {
    const ID: &str = "config-types";
    let wrong: Vec<String> = KINDS
        .into_iter()
        .filter_map(|(name, kind)| {
            let value = setting(config, name)?;
            let (fits, is) = match kind {
                Kind::Text => (value.is_string(), "a text in quotes"),
                Kind::Switch => (value.is_boolean(), "true or false, without quotes"),
                Kind::Number => (value.is_number(), "a number, without quotes"),
            };
            (!fits).then(|| format!("{name} has to be {is}."))
        })
        .collect();
    if wrong.is_empty() {
        return Finding::pass(ID, "Its settings are of the right kind.");
    }
    wrong.into_iter().fold(
        Finding::fail(ID, "Settings are of the wrong kind."),
        Finding::detail,
    )
}

fn site_url(config: &Value) -> Finding {
    const ID: &str = "site-url";
    let site = text(config, "ServiceSettings.SiteURL");
    if site.is_empty() {
        // model.config.is_valid.site_url_email_batching.app_error (6.7.2)
        let batches = is_on(config, "EmailSettings.EnableEmailBatching") == Some(true);
        let says = if batches {
            "There is no Site URL, without which Mattermost does not start while EnableEmailBatching is on."
        } else {
            "There is no Site URL."
        };
        return Finding::fail(ID, says)
            .mend("config.json", "\"SiteURL\": \"https://chat.example.com\"");
    }
    match site.parse::<Address>() {
        Ok(address) => Finding::pass(ID, format!("The Site URL is {address}.")),
        Err(why) => Finding::fail(ID, format!("The Site URL is not an address: {why}.")),
    }
}

/// `None` where the version has no such setting, or it is empty.
fn frame_ancestors(config: &Value) -> Option<Finding> {
    const ID: &str = "frame-ancestors";
    let list = text(config, "ServiceSettings.FrameAncestors");
    if list.is_empty() {
        return None;
    }
    if list.contains([',', ';']) {
        return Some(
            Finding::fail(
                ID,
                "FrameAncestors has a comma or a semicolon, which ends the policy there.",
            )
            .mend(
                "config.json",
                format!(
                    "\"FrameAncestors\": \"{}\"",
                    plain(list).replace([',', ';'], " ")
                ),
            ),
        );
    }
    Some(Finding::pass(
        ID,
        format!("FrameAncestors: {}", plain(list)),
    ))
}

fn cors(config: &Value) -> Finding {
    const ID: &str = "allow-cors";
    match text(config, "ServiceSettings.AllowCorsFrom") {
        "*" => Finding::warn(
            ID,
            "AllowCorsFrom is \"*\": pages of any origin may call Mattermost in the name of whoever is logged in.",
        )
        .mend("config.json", "\"AllowCorsFrom\": \"\""),
        _ => Finding::pass(ID, "AllowCorsFrom does not let everybody in."),
    }
}

fn plugins(config: &Value) -> Finding {
    const ID: &str = "plugin-uploads";
    let off = |name: &str| is_on(config, name) == Some(false);
    if off("PluginSettings.Enable") {
        return Finding::warn(ID, "Plugins are switched off.")
            .mend("config.json, PluginSettings", "\"Enable\": true");
    }
    if off("PluginSettings.EnableUploads") {
        return Finding::warn(
            ID,
            "Plugins cannot be uploaded; only this file can change that.",
        )
        .mend("config.json, PluginSettings", "\"EnableUploads\": true");
    }
    if is_on(config, "PluginSettings.RequirePluginSignature") == Some(true) {
        return Finding::warn(ID, "Plugins without a signature are refused.").mend(
            "config.json, PluginSettings",
            "\"RequirePluginSignature\": false",
        );
    }
    Finding::pass(ID, "Plugins can be uploaded.")
}

/// It holds the database's password.
#[cfg(unix)]
fn open_to_others(path: &Path) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt as _;

    const ID: &str = "config-mode";
    const OTHERS_READ: u32 = 0o004;
    let mode = path.metadata().ok()?.permissions().mode();
    if mode & OTHERS_READ == 0 {
        return Some(Finding::pass(
            ID,
            "Other users of this machine cannot read it.",
        ));
    }
    Some(
        Finding::warn(
            ID,
            "Every user of this machine can read it, and the database's password in it.",
        )
        .mend("a shell", format!("chmod o-rwx {}", path.display())),
    )
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> Option<Finding> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use notifymatters_findings::Status;

    const GOOD: &str = r#"{
        "ServiceSettings": {"SiteURL": "https://chat.example.com", "FrameAncestors": "https://mail.example.com"},
        "SqlSettings": {"DataSource": "postgres://mmuser:geheim@localhost/mattermost"},
        "FileSettings": {"MaxFileSize": 104857600},
        "PluginSettings": {"Enable": true, "EnableUploads": true}
    }"#;

    fn status(text: &str, id: &str) -> Status {
        judge(text)
            .into_iter()
            .find(|finding| finding.id == id)
            .unwrap()
            .status
    }

    #[test]
    fn a_good_configuration_passes() {
        assert!(
            judge(GOOD)
                .iter()
                .all(|finding| finding.status == Status::Pass),
            "{:?}",
            judge(GOOD)
        );
    }

    #[test]
    fn what_is_wrong_is_named_and_no_secret_is() {
        assert_eq!(
            status(&GOOD.replace("104857600", "\"100 MB\""), "config-types"),
            Status::Fail
        );
        assert_eq!(
            status(
                &GOOD.replace("https://chat.example.com", "chat.example.com"),
                "site-url"
            ),
            Status::Fail
        );
        assert_eq!(
            status(
                &GOOD.replace(
                    "https://mail.example.com",
                    "https://a.example, https://b.example"
                ),
                "frame-ancestors"
            ),
            Status::Fail
        );
        assert_eq!(
            status(
                &GOOD.replace("Uploads\": true", "Uploads\": false"),
                "plugin-uploads"
            ),
            Status::Warn
        );
        let batching = r#"{"EmailSettings": {"EnableEmailBatching": true}}"#;
        let says = |text| {
            judge(text)
                .into_iter()
                .find(|own| own.id == "site-url")
                .unwrap()
                .says
        };
        assert!(says(batching).contains("does not start while"));
        assert_eq!(says("{}"), "There is no Site URL.");
        assert_eq!(status("{}", "config-sections"), Status::Fail);
        let broken = judge(&GOOD.replace("\"postgres", "\"postgres\""));
        assert_eq!(broken[0].says, "Line 3, column 49: this is not JSON.");
        assert!(!format!("{broken:?}").contains("geheim"));
    }
}
