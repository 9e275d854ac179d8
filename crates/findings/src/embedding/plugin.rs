//! The plugin: whether it is active, answers itself, and its files arrive.

use serde::Deserialize;

use super::{Look, described};
use crate::facts::Answer;
use crate::inside::PLUGIN;
use crate::language::texts;
use crate::{Finding, questions};

/// Takes a login.
const CONFIG: &str = "/plugins/notifymatters/api/v1/config";

const ENABLE: &str = "mmctl plugin enable notifymatters";

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
    let path = active(active_plugins).flatten()?.webapp.bundle_path;
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

/// The plugin, if it is active; `None` for an answer that is not Mattermost's.
fn active(answer: &Answer) -> Option<Option<ActivePlugin>> {
    let plugins: Vec<ActivePlugin> = serde_json::from_str(&answer.body).ok()?;
    Some(plugins.into_iter().find(|plugin| plugin.id == PLUGIN))
}

impl Look<'_> {
    pub(super) fn plugin_active(&self) -> Finding {
        const ID: &str = "plugin-active";
        let say = self.say;
        let answer = match &self.facts.active_plugins {
            Ok(answer) => answer,
            Err(why) => return Finding::skip(ID, say.mattermost_unasked(&why.says(say))),
        };
        match active(answer) {
            Some(Some(plugin)) => Finding::pass(ID, say.plugin_version(&plugin.version)),
            Some(None) => Finding::fail(ID, say.plugin_off()).mend(say.place_uploaded(), ENABLE),
            None => Finding::skip(ID, say.plugins_untold())
                .detail(say.answers_with("/api/v4/plugins/webapp", &described(answer))),
        }
    }

    pub(super) fn plugin_answers(&self) -> Finding {
        const ID: &str = "plugin-answers";
        let say = self.say;
        let answer = match &self.facts.plugin {
            Ok(answer) => answer,
            Err(why) => return Finding::skip(ID, say.plugin_unasked(&why.says(say))),
        };
        let with = || say.answers_with(CONFIG, &described(answer));
        // The server part's own words to whoever is not logged in.
        if answer.status == 401 && answer.body.starts_with("log in to Mattermost first") {
            Finding::pass(ID, say.plugin_answers())
        } else if answer.first("www-authenticate").is_some() || (300..=399).contains(&answer.status)
        {
            Finding::fail(ID, say.plugin_login())
                .detail(with())
                .detail(say.plugin_exempt())
        } else if answer.status == 404 {
            Finding::fail(ID, say.plugin_silent()).mend("Mattermost", ENABLE)
        } else if answer.is("text/html") {
            Finding::fail(ID, say.plugin_else())
                .detail(with())
                .detail(say.plugin_hand_on())
        } else {
            Finding::fail(ID, with()).detail(say.plugin_older())
        }
    }

    pub(super) fn plugin_files(&self) -> Finding {
        const ID: &str = "plugin-files";
        let say = self.say;
        let answer = match &self.facts.script {
            None => return Finding::skip(ID, say.script_unknown()),
            Some(Err(why)) => return Finding::fail(ID, say.script_lost(&why.says(say))),
            Some(Ok(answer)) => answer,
        };
        if answer.status != 200 || answer.is("text/html") {
            return Finding::fail(ID, say.script_lost(&described(answer)));
        }
        self.document(answer, |file| {
            questions::plugin_files(file, &self.report.origin, say)
        })
    }
}

texts! {
    plugin_version(version): "The plugin is active, version {version}.",
        "Das Plugin ist aktiv, Version {version}.";
    plugin_off(): "The plugin is not active.",
        "Das Plugin ist nicht aktiv.";
    place_uploaded(): "Mattermost, once the bundle is uploaded",
        "Mattermost, sobald das Bundle hochgeladen ist";
    plugins_untold(): "Mattermost did not tell which plugins are active.",
        "Mattermost hat nicht gesagt, welche Plugins aktiv sind.";
    plugin_unasked(why): "The plugin could not be asked: {why}.",
        "Das Plugin ließ sich nicht abfragen: {why}.";
    plugin_answers(): "The plugin itself answers.",
        "Das Plugin selbst antwortet.";
    plugin_login(): "A proxy with a login of its own answers in the plugin’s place.",
        "Ein Proxy mit einer eigenen Anmeldung antwortet an der Stelle des Plugins.";
    plugin_exempt(): "Exempt /plugins/ from the proxy’s login, as you do Mattermost’s own API.",
        "Nehmen Sie /plugins/ von der Anmeldung des Proxys aus, wie Mattermosts eigene API.";
    plugin_silent(): "The plugin does not answer.",
        "Das Plugin antwortet nicht.";
    plugin_else(): "Something else answers in the plugin’s place.",
        "Etwas anderes antwortet an der Stelle des Plugins.";
    plugin_hand_on(): "Let the proxy pass everything below the Site URL on to Mattermost.",
        "Der Proxy soll alles unter der Site-URL an Mattermost weitergeben.";
    plugin_older(): "It is an older plugin of the same name, or it failed: see Mattermost’s log.",
        "Es ist ein älteres Plugin desselben Namens, oder es ist gescheitert: Sehen Sie in Mattermosts Protokoll nach.";
    script_unknown(): "No script of the plugin is known, because it is not active.",
        "Kein Skript des Plugins ist bekannt, weil es nicht aktiv ist.";
    script_lost(why): "The plugin’s script could not be loaded: {why}.",
        "Das Skript des Plugins ließ sich nicht laden: {why}.";
}
