//! Why a server takes no plugins: three settings share one answer.

use serde::Deserialize;

/// Why a server takes no plugins, as far as its configuration could be read.
pub(super) fn closed(settings: Option<&PluginSettings>) -> String {
    const NOT_ON: &str =
        "PluginSettings.Enable is not true: System Console, Plugin Management, Enable Plugins";
    const NO_UPLOADS: &str = "PluginSettings.EnableUploads is not true: it can be set in the server's config.json, or by \
                              MM_PLUGINSETTINGS_ENABLEUPLOADS=true in its environment, and takes effect when it is restarted";
    const SIGNED: &str = "PluginSettings.RequirePluginSignature is true: such a server takes no upload, signed or not, \
                          and docs/installing.md says how to sign the bundle with a key of your own and what to do with it";
    let all = [NOT_ON, NO_UPLOADS, SIGNED];
    let in_the_way: Vec<&str> = match settings {
        None => Vec::new(),
        Some(settings) => [
            !settings.enable,
            !settings.enable_uploads,
            settings.require_plugin_signature,
        ]
        .into_iter()
        .zip(all)
        .filter_map(|(is_in_the_way, sentence)| is_in_the_way.then_some(sentence))
        .collect(),
    };
    if in_the_way.is_empty() {
        return format!(
            "it takes no uploads (status 501), for one of these reasons:\n- {}",
            all.join("\n- ")
        );
    }
    format!(
        "it takes no uploads (status 501):\n- {}",
        in_the_way.join("\n- ")
    )
}

/// The settings of `GET /api/v4/config` on which an upload depends; absent ones have Mattermost's defaults.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct PluginSettings {
    enable: bool,
    enable_uploads: bool,
    require_plugin_signature: bool,
}

impl PluginSettings {
    /// No call can change these two.
    pub(super) fn forbids_uploads(&self) -> bool {
        !self.enable_uploads || self.require_plugin_signature
    }
}

impl Default for PluginSettings {
    fn default() -> Self {
        Self {
            enable: true,
            enable_uploads: false,
            require_plugin_signature: false,
        }
    }
}
