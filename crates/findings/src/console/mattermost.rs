//! What concerns every page that embeds: the setting, the address in use, the WebSocket, strangers, the landing page.

use super::{Check, quoted};
use crate::language::texts;
use crate::problem::Problem;
use crate::questions::{self, STRANGER};
use crate::{Change, Finding, Status};

/// The one variable for the settings of all plugins.
const PLUGINS_VARIABLE: &str = "MM_PLUGINSETTINGS_PLUGINS";

/// The key under which the System Console stores the trusted origins.
const KEY: &str = "trustedorigin";

impl Check<'_> {
    pub(super) fn mattermost(&self) -> Vec<Finding> {
        let mut findings = self.origins();
        findings.extend(self.spelling());
        findings.extend(self.connection());
        findings.extend([self.strangers(), self.landing_page()]);
        findings
    }

    fn origins(&self) -> Vec<Finding> {
        let (say, setting) = (self.say, self.setting);
        let fixed = self.configuration.fixed.plugins;
        let mut findings: Vec<Finding> = setting
            .problems
            .iter()
            .map(|problem| self.problem(problem))
            .collect();
        if setting.origins.is_empty() && findings.is_empty() {
            findings.push(Finding::fail("origins", say.no_origins()).detail(say.write_example()));
        }
        if fixed {
            // Mattermost takes what is saved here without a word and goes on with the variable (config/environment.go, 5.39
            // to 11.6).
            let status = if findings.is_empty() && !setting.is_draft {
                Status::Note
            } else {
                Status::Warn
            };
            let mut right: Vec<&str> = Vec::new();
            let origins = setting.origins.iter().map(|report| report.origin.as_str());
            let mended = setting
                .problems
                .iter()
                .filter_map(|problem| problem.write.as_deref());
            for origin in origins.chain(mended) {
                if !right.contains(&origin) {
                    right.push(origin);
                }
            }
            findings.push(
                Finding::new(
                    "origins-environment",
                    status,
                    say.origins_environment(PLUGINS_VARIABLE),
                )
                .detail(say.origins_environment_entry())
                .mend(
                    PLUGINS_VARIABLE,
                    format!(
                        "\"notifymatters\": {{\"{KEY}\":{}}}",
                        quoted(&right.join(" "))
                    ),
                ),
            );
        }
        findings
    }

    fn problem(&self, problem: &Problem) -> Finding {
        let finding =
            Finding::fail("problem", problem.says(self.say)).detail(problem.cure(self.say));
        match &problem.write {
            Some(write) if !self.configuration.fixed.plugins => finding.change(Change::Field {
                wrong: problem.text.clone().unwrap_or_default(),
                right: write.clone(),
            }),
            _ => finding,
        }
    }

    /// A key that was written by hand, which the System Console does not show.
    fn spelling(&self) -> Option<Finding> {
        const ID: &str = "spelling";
        let say = self.say;
        let mut spellings = self.configuration.spellings.iter();
        let counts = spellings
            .next()
            .filter(|_| !self.configuration.fixed.plugins)?;
        if counts.key != KEY {
            return Some(
                Finding::warn(ID, say.spelling_hidden(&counts.key, &counts.value))
                    .detail(say.spelling_take_over())
                    .change(Change::Field {
                        wrong: String::new(),
                        right: counts.value.clone(),
                    }),
            );
        }
        let other = spellings.next()?;
        let status = if other.value == counts.value {
            Status::Note
        } else {
            Status::Warn
        };
        Some(
            Finding::new(ID, status, say.spelling_two(&other.key, &other.value))
                .detail(say.spelling_remove(&other.key)),
        )
    }

    /// The address in use and its WebSocket; where the settings refuse that, it is one finding.
    fn connection(&self) -> Vec<Finding> {
        let (say, used, connects) = (self.say, self.own, self.seen.connects);
        let configuration = self.configuration;
        let cors = &configuration.cors_from;
        let permitted = cors == "*" || cors.split(' ').any(|origin| origin == used);
        let stored = configuration.site_url.as_deref();
        let address =
            stored.map(|stored| questions::site_url(stored, used, connects, permitted, say));
        let refused = stored != Some("")
            && address
                .as_ref()
                .is_some_and(|found| found.status == Status::Fail);
        let mut findings = Vec::from_iter(address);
        if !refused {
            let finding = questions::websocket(&configuration.web_socket, connects, say);
            findings.push(match connects {
                true => finding,
                false => finding.detail(say.web_socket_proxy()),
            });
        }
        findings
    }

    fn strangers(&self) -> Finding {
        let say = self.say;
        let finding = questions::strangers(self.page(), say);
        if finding.status != Status::Fail {
            return finding;
        }
        let Some(stored) = &self.configuration.frame_ancestors else {
            return self.change_proxy(finding.detail(say.strangers_lines()));
        };
        let sources: Vec<&str> = stored.split_whitespace().collect();
        let finding = finding.detail(if self.lists(&sources, STRANGER) {
            say.strangers_setting()
        } else {
            say.strangers_proxy()
        });
        let mut named = sources.clone();
        named.retain(|source| !self.lists(&[source], STRANGER));
        let missing: Vec<&str> = self
            .setting
            .origins
            .iter()
            .map(|report| report.origin.as_str())
            .filter(|origin| *origin != self.own && !self.lists(&named, origin))
            .collect();
        named.extend(missing);
        if named == sources {
            return finding;
        }
        self.change_frame_ancestors(finding, stored, &named.join(" "), None)
    }

    fn landing_page(&self) -> Finding {
        let say = self.say;
        let finding = questions::landing_page(self.configuration.landing_page, say);
        if finding.status == Status::Pass {
            return finding;
        }
        if self.configuration.fixed.landing_page {
            let variable = "MM_SERVICESETTINGS_ENABLEDESKTOPLANDINGPAGE";
            return self.environment(finding, variable, "false");
        }
        finding
            .detail(say.landing_page_switch_off())
            .change(Change::Setting {
                section: "ServiceSettings",
                key: "EnableDesktopLandingPage",
                from: true.into(),
                to: false.into(),
            })
    }
}

texts! {
    no_origins(): "No page is trusted, so none gets notifications.",
        "Keiner Seite wird vertraut, also bekommt keine Benachrichtigungen.";
    origins_environment(variable): "The trusted origins come from the environment variable {variable}. What you save here has no effect.",
        "Die vertrauenswürdigen Origins kommen aus der Umgebungsvariable {variable}. Was Sie hier speichern, bleibt ohne Wirkung.";
    origins_environment_entry(): "Its value is one JSON object with the settings of all plugins. Where Mattermost is started, let the entry of this plugin read as below, leave the others as they are, and restart Mattermost:",
        "Ihr Wert ist ein einziges JSON-Objekt mit den Einstellungen aller Plugins. Schreiben Sie dort, wo Mattermost gestartet wird, den Eintrag dieses Plugins wie unten, lassen Sie die anderen, wie sie sind, und starten Sie Mattermost neu:";
    spelling_hidden(key, value): "The configuration holds {key}, written by hand: {value}. It counts, but the field above shows only what this page has saved, so it is empty.",
        "In der Konfiguration steht {key}, von Hand geschrieben: {value}. Das zählt, aber das Feld oben zeigt nur, was diese Seite gespeichert hat, und ist deshalb leer.";
    spelling_take_over(): "Copy it into the field and save: once anything is saved there, only that counts.",
        "Übernehmen Sie es in das Feld und speichern Sie: Sobald dort etwas gespeichert ist, zählt nur das.";
    spelling_two(key, value): "The configuration also holds {key}, written by hand: {value}. What the field above shows counts.",
        "In der Konfiguration steht auch {key}, von Hand geschrieben: {value}. Es zählt, was das Feld oben zeigt.";
    spelling_remove(key): "Remove {key} from PluginSettings.Plugins.notifymatters in the configuration (config.json, or mmctl config edit), so that nobody takes it for the setting.",
        "Entfernen Sie {key} aus PluginSettings.Plugins.notifymatters in der Konfiguration (config.json oder mmctl config edit), damit es niemand für die Einstellung hält.";
    strangers_lines(): "Something between Mattermost and this browser takes Mattermost’s own header away, such as a reverse proxy. Let it name the pages that may:",
        "Etwas zwischen Mattermost und diesem Browser nimmt Mattermosts eigenen Header weg, etwa ein Reverse Proxy. Er soll die Seiten nennen, die es dürfen:";
    strangers_proxy(): "Something between Mattermost and this browser takes Mattermost’s own header away, such as a reverse proxy. Let it pass the header on as it is; Mattermost’s setting “Frame Ancestors” names the pages that may.",
        "Etwas zwischen Mattermost und diesem Browser nimmt Mattermosts eigenen Header weg, etwa ein Reverse Proxy. Er soll ihn durchlassen, wie er ist; welche Seiten es dürfen, nennt Mattermosts Einstellung „Frame Ancestors“.";
    strangers_setting(): "Let Mattermost’s setting “Frame Ancestors” name the pages that may, and nothing more.",
        "Mattermosts Einstellung „Frame Ancestors“ soll die Seiten nennen, die es dürfen, und nicht mehr.";
    landing_page_switch_off(): "Switch that page off.",
        "Schalten Sie diese Seite ab.";
}
