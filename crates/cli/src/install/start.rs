//! Whether the plugin runs, and why not: `GET /api/v4/plugins/statuses`.

use serde::Deserialize;

use crate::rest::line;

/// One plugin on one node of a cluster (`model.PluginStatus`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PluginStatus {
    plugin_id: String,
    pub(super) version: String,
    state: u8,
    /// Why it did not start, in the server's words; older servers do not say it.
    error: String,
}

impl PluginStatus {
    pub(super) fn is_of(&self, id: &str) -> bool {
        self.plugin_id == id
    }
}

/// `model.PluginState…`, the same numbers from 5.39 to 11.
const STATE_NOT_RUNNING: u8 = 0;
const STATE_RUNNING: u8 = 2;
const STATE_FAILED_TO_START: u8 = 3;
const STATE_FAILED_TO_STAY_RUNNING: u8 = 4;

/// `GET /api/v4/plugins`: less than the statuses, and to be had by the local socket as well (`model.PluginsResponse`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Plugins {
    active: Vec<Manifest>,
    inactive: Vec<Manifest>,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    id: String,
    #[serde(default)]
    version: String,
}

impl Plugins {
    /// Nothing is known of why a plugin does not run.
    pub(super) fn statuses(self) -> Vec<PluginStatus> {
        let status = |state| {
            move |plugin: Manifest| PluginStatus {
                plugin_id: plugin.id,
                version: plugin.version,
                state,
                error: String::new(),
            }
        };
        let active = self.active.into_iter().map(status(STATE_RUNNING));
        let inactive = self.inactive.into_iter().map(status(STATE_NOT_RUNNING));
        active.chain(inactive).collect()
    }
}

/// How it stands with a plugin.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Start {
    Running,
    /// What is told when the patience ends.
    Waiting(String),
    /// What happened, and what to do.
    Failed(String),
}

impl Start {
    /// Judges what the nodes say of the plugin: it runs when it runs on all of them.
    pub(super) fn of(id: &str, statuses: &[PluginStatus]) -> Self {
        let mut own = statuses.iter().filter(|status| status.is_of(id));
        let Some(first) = own.next() else {
            return Self::Waiting(format!(
                "the server does not list {id}. Where PluginSettings.RequirePluginSignature is true it runs no unsigned \
                 plugin and says nothing of them; otherwise its log may say why"
            ));
        };
        let own: Vec<_> = std::iter::once(first).chain(own).collect();
        let failed = |state| own.iter().find(move |status| status.state == state);
        if let Some(status) = failed(STATE_FAILED_TO_START) {
            return Self::Failed(format!(
                "the server could not start {id}{}",
                explained(&status.error)
            ));
        }
        if let Some(status) = failed(STATE_FAILED_TO_STAY_RUNNING) {
            return Self::Failed(format!(
                "{id} was started and did not stay{}",
                explained(&status.error)
            ));
        }
        if own.iter().all(|status| status.state == STATE_RUNNING) {
            return Self::Running;
        }
        Self::Waiting(format!(
            "{id} is not running yet: the server's log may say why"
        ))
    }
}

/// The server's own words with what to do, as the end of a sentence.
fn explained(error: &str) -> String {
    let log = "its log says why (System Console, Server Logs)";
    match (error.trim(), cure(error)) {
        ("", _) => format!(": {log}"),
        (said, Some(cure)) => format!(": {}\n{cure}", line(said)),
        (said, None) => format!(": {}\nPerhaps {log}", line(said)),
    }
}

/// What to do about an error of `plugin.Environment.Activate`, whose words are those of 9.8 and 11.6.
fn cure(error: &str) -> Option<&'static str> {
    let has = |words: &str| error.contains(words);
    let cure = if has("executable not found for environment") {
        "The bundle holds no executable for this server's system. Bundles are made for Linux and macOS (amd64 and arm64) \
         and for Windows (amd64); one that was made for one platform alone holds no other."
    } else if has("webapp bundle") {
        "Mattermost copies the web part into PluginSettings.ClientDirectory (client/plugins): its user has to own that \
         folder, and it may not lie on a read-only file system."
    } else if has("read-only file system") {
        "Mattermost's folders for plugins (PluginSettings.Directory, ClientDirectory) may not lie on a read-only file \
         system, as a container's image often is: give them a volume."
    } else if has("no space left") {
        "The disk of Mattermost's plugin folder is full."
    } else if has("fork/exec") && has("permission denied") {
        "Mattermost's user may not run the file. Either the file system of its plugin folder (PluginSettings.Directory) \
         is mounted noexec, or the file belongs to another user or lost its executable bit (was the bundle unpacked by \
         hand?), or SELinux forbids it (ausearch -m avc says so)."
    } else if has("exec format error") || has("not compiled for this architecture") {
        "The file is no program for this server's system and processor, or was damaged on the way: build the bundle \
         anew and install it again."
    } else if has("timeout while waiting for plugin to start") {
        "Mattermost gives a plugin three seconds to start, and this server was busy: enable it again in System Console, \
         Plugin Management."
    } else if has("no such file or directory") {
        "The plugin's folder on the server is incomplete: install again. Nobody should unpack or delete there by hand."
    } else if has("permission denied") {
        "Mattermost's user has to own its folders for plugins (PluginSettings.Directory, ClientDirectory)."
    } else {
        return None;
    };
    Some(cure)
}
