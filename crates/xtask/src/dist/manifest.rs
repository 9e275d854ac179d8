//! The manifest `plugin.json`: read strictly, completed with what only the build knows.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};

use super::platform::Platform;

/// The fields of a Mattermost manifest (`model.Manifest` of Mattermost 11) that this plugin may use; any other is a
/// mistake, because Mattermost ignores what it does not know.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) id: String,
    name: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    homepage_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release_notes_url: Option<String>,
    pub(crate) icon_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    pub(crate) min_server_version: String,
    pub(crate) server: Server,
    pub(crate) webapp: Webapp,
    settings_schema: SettingsSchema,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    pub(crate) executables: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webapp {
    pub(crate) bundle_path: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsSchema {
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    footer: Option<String>,
    settings: Vec<Setting>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    key: String,
    display_name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hosting: Option<String>,
}

impl Manifest {
    /// Reads the manifest of the source tree.
    ///
    /// # Errors
    ///
    /// It is no manifest, has an unknown field, or holds what the build fills in.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let manifest: Self = serde_json::from_str(text).context("plugin.json")?;
        ensure!(
            manifest.version.is_none(),
            "plugin.json has a version: remove it, the version stands in Cargo.toml alone"
        );
        Ok(manifest)
    }

    /// Reads the manifest of a bundle that lies unpacked in a folder.
    ///
    /// # Errors
    ///
    /// There is none, or it is no manifest.
    pub(crate) fn of_bundle(folder: &Path) -> Result<Self> {
        let text = fs::read_to_string(folder.join("plugin.json")).context("plugin.json")?;
        serde_json::from_str(&text).context("plugin.json")
    }

    /// The manifest of a bundle: with its version, and with the executables that are in it.
    pub(crate) fn complete(&self, version: &str, platforms: &[Platform]) -> Self {
        let executables = platforms
            .iter()
            .map(|platform| (platform.name.to_owned(), platform.executable()))
            .collect();
        Self {
            version: Some(version.to_owned()),
            server: Server { executables },
            ..self.clone()
        }
    }

    /// The same manifest with the executable of one platform alone.
    pub(crate) fn with_executable(&self, platform: Platform) -> Self {
        let executables = [(platform.name.to_owned(), platform.executable())].into();
        Self {
            server: Server { executables },
            ..self.clone()
        }
    }

    pub(crate) fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Checks that every file that the manifest names is in the bundle's folder.
    ///
    /// # Errors
    ///
    /// Names the first that is missing.
    pub(crate) fn check_files(&self, folder: &Path) -> Result<()> {
        let executables = self
            .server
            .executables
            .iter()
            .map(|(platform, path)| (format!("the executable for {platform}"), path));
        let named = [
            ("the icon".to_owned(), &self.icon_path),
            ("the web part's script".to_owned(), &self.webapp.bundle_path),
        ];
        for (what, path) in named.into_iter().chain(executables) {
            ensure!(
                folder.join(path).is_file(),
                "the bundle lacks {what}: {path}"
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::dist::platform::PLATFORMS;

    const SOURCE: &str = include_str!("../../../../plugin.json");

    #[test]
    fn the_source_manifest_is_read_and_names_every_platform() {
        let manifest = Manifest::parse(SOURCE).unwrap();
        assert_eq!(manifest.id, "notifymatters");
        let expected = PLATFORMS
            .iter()
            .map(|platform| (platform.name.to_owned(), platform.executable()))
            .collect();
        assert_eq!(manifest.server.executables, expected);
    }

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        let text = SOURCE.replacen("\"id\"", "\"idd\": 1, \"id\"", 1);
        let error = format!("{:#}", Manifest::parse(&text).unwrap_err());
        assert!(error.contains("unknown field `idd`"), "{error}");
        let text = SOURCE.replacen("\"placeholder\"", "\"place_holder\"", 1);
        let error = format!("{:#}", Manifest::parse(&text).unwrap_err());
        assert!(error.contains("unknown field `place_holder`"), "{error}");
    }

    #[test]
    fn a_version_in_the_source_manifest_is_refused() {
        let text = SOURCE.replacen("\"id\"", "\"version\": \"1.0.0\", \"id\"", 1);
        let error = Manifest::parse(&text).unwrap_err().to_string();
        assert!(
            error.contains("the version stands in Cargo.toml alone"),
            "{error}"
        );
    }

    #[test]
    fn a_bundle_without_a_file_that_the_manifest_names_is_refused_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = Manifest::parse(SOURCE)
            .unwrap()
            .complete("1.2.3", &PLATFORMS[..1]);
        for path in [
            "assets/icon.svg",
            "webapp/dist/main.js",
            "server/dist/plugin-linux-amd64",
        ] {
            let error = manifest.check_files(folder.path()).unwrap_err().to_string();
            assert!(error.ends_with(path), "{error}");
            fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
            fs::write(folder.path().join(path), "").unwrap();
        }
        manifest.check_files(folder.path()).unwrap();
    }

    #[test]
    fn the_complete_manifest_has_the_version_and_only_the_platforms_built() {
        let manifest = Manifest::parse(SOURCE)
            .unwrap()
            .complete("1.2.3", &PLATFORMS[..1]);
        let json: serde_json::Value = serde_json::from_str(&manifest.to_json().unwrap()).unwrap();
        assert_eq!(json["version"], "1.2.3");
        assert_eq!(
            json["server"]["executables"],
            serde_json::json!({"linux-amd64": "server/dist/plugin-linux-amd64"})
        );
        assert_eq!(
            json["settings_schema"]["settings"][0]["key"],
            "TrustedOrigin"
        );
    }
}
