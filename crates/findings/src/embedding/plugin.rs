//! The plugin: whether it is active, answers itself, and its files arrive.

use serde::Deserialize;

use super::super::Finding;
use super::super::facts::{Answer, Facts};
use super::super::policy::{Framing, framing, may_compile};
use super::described;
use crate::text::plain;

const PLUGIN: &str = "notifymatters";

/// One of `GET /api/v4/plugins/webapp`.
#[derive(Debug, Deserialize)]
struct ActivePlugin {
    id: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    webapp: Webapp,
}

#[derive(Debug, Default, Deserialize)]
struct Webapp {
    #[serde(default)]
    bundle_path: String,
}

/// The path of the plugin's script below the site, where it is active.
pub fn script_path(active_plugins: &Answer) -> Option<String> {
    let plugin = active(active_plugins)?;
    let path = plugin.webapp.bundle_path;
    // The manifest says /static/<id>/…, and pages ask for /static/plugins/<id>/… (seen in 5.39 to 11.6).
    let path = match path.strip_prefix("/static/") {
        Some(rest) if !rest.starts_with("plugins/") => format!("/static/plugins/{rest}"),
        _ => path,
    };
    // It is put behind the site's address, so nothing else may come of it.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '.' | '_');
    (path.starts_with("/static/plugins/") && path.chars().all(plain) && !path.contains(".."))
        .then_some(path)
}

fn active(answer: &Answer) -> Option<ActivePlugin> {
    let plugins: Vec<ActivePlugin> = serde_json::from_str(&answer.body).ok()?;
    plugins.into_iter().find(|plugin| plugin.id == PLUGIN)
}

pub(super) fn plugin_active(facts: &Facts) -> Finding {
    const ID: &str = "plugin-active";
    let answer = match &facts.active_plugins {
        Ok(answer) => answer,
        Err(why) => return Finding::skip(ID, format!("Mattermost could not be asked: {why}")),
    };
    match active(answer) {
        Some(plugin) => Finding::pass(
            ID,
            format!("the plugin is active, version {}", plain(&plugin.version)),
        ),
        None if serde_json::from_str::<Vec<ActivePlugin>>(&answer.body).is_ok() => {
            Finding::fail(ID, "the plugin is not active").mend(
                "Mattermost, once the bundle is uploaded",
                "mmctl plugin enable notifymatters",
            )
        }
        None => Finding::skip(ID, "Mattermost did not tell which plugins are active").detail(
            format!("/api/v4/plugins/webapp answers with {}", described(answer)),
        ),
    }
}

pub(super) fn plugin_answers(facts: &Facts) -> Finding {
    const ID: &str = "plugin-answers";
    let answer = match &facts.plugin {
        Ok(answer) => answer,
        Err(why) => return Finding::skip(ID, format!("the plugin could not be asked: {why}")),
    };
    // The server part's own words to whoever is not logged in.
    if answer.status == 401 && answer.body.starts_with("log in to Mattermost first") {
        return Finding::pass(ID, "the plugin itself answers");
    }
    let asks_for_login =
        answer.first("www-authenticate").is_some() || (300..=399).contains(&answer.status);
    if asks_for_login {
        return Finding::fail(
            ID,
            "a proxy with a login of its own answers in the plugin's place",
        )
        .detail(format!(
            "/plugins/{PLUGIN}/api/v1/config answers with {}",
            described(answer)
        ))
        .detail("exempt /plugins/ from the proxy's login, as Mattermost's own API");
    }
    if answer.status == 404 {
        return Finding::fail(ID, "the plugin does not answer")
            .mend("Mattermost", "mmctl plugin enable notifymatters");
    }
    if answer.is("text/html") {
        return Finding::fail(ID, "something else answers in the plugin's place")
            .detail(format!(
                "/plugins/{PLUGIN}/api/v1/config answers with {}",
                described(answer)
            ))
            .detail("let the proxy hand everything below the Site URL to Mattermost");
    }
    Finding::fail(ID, format!("the plugin answers with {}", described(answer)))
        .detail("an older plugin of the same name, or a failure: see Mattermost's log")
}

pub(super) fn plugin_files(facts: &Facts) -> Finding {
    const ID: &str = "plugin-files";
    let answer = match &facts.script {
        None => {
            return Finding::skip(
                ID,
                "no script of the plugin is known, because it is not active",
            );
        }
        Some(Err(why)) => {
            return Finding::fail(
                ID,
                format!("the plugin's script could not be loaded: {why}"),
            );
        }
        Some(Ok(answer)) => answer,
    };
    if answer.status != 200 || answer.is("text/html") {
        return Finding::fail(
            ID,
            format!(
                "the plugin's script could not be loaded: {}",
                described(answer)
            ),
        );
    }
    let (policies, options) = (
        answer.all("content-security-policy"),
        answer.all("x-frame-options"),
    );
    let (host, own) = (facts.host.origin(), facts.chat.origin());
    let refuses = |ancestor: &str| {
        matches!(
            framing(&policies, &options, ancestor, &own),
            Framing::RefusedByPolicy | Framing::RefusedByFrameOptions
        )
    };
    if refuses(&own) || refuses(&host) || !may_compile(&policies) {
        let shown = [
            ("Content-Security-Policy", &policies),
            ("X-Frame-Options", &options),
        ]
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| format!("{name}: {}", values.join(", ")))
        .collect::<Vec<_>>()
        .join("; ");
        return Finding::warn(ID, "a header on the plugin's own files closes WebAssembly, so the plugin runs as larger JavaScript")
            .detail(plain(&shown))
            .detail("let the proxy leave the files below /static/plugins/ as Mattermost sends them");
    }
    Finding::pass(ID, "the plugin's files arrive as Mattermost sends them")
}
