//! The few settings of a `config.json` that say where things are; nothing secret is taken from it.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::Deserialize;

/// A real one has 30 kB.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Config {
    service_settings: ServiceSettings,
    log_settings: LogSettings,
    file_settings: Directory,
    plugin_settings: Directory,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct ServiceSettings {
    enable_local_mode: Option<bool>,
    local_mode_socket_location: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct LogSettings {
    file_location: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Directory {
    directory: Option<String>,
}

impl Config {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let text = read_text(path)?;
        // The message of a type that is wrong would quote the value.
        serde_json::from_str(&text).map_err(|error| {
            format!(
                "line {}, column {} is not as it should be",
                error.line(),
                error.column()
            )
        })
    }

    pub(super) fn log_folder(&self) -> Option<&str> {
        self.log_settings.file_location.as_deref()
    }

    pub(super) fn data_folder(&self) -> Option<&str> {
        self.file_settings.directory.as_deref()
    }

    pub(super) fn plugin_folder(&self) -> Option<&str> {
        self.plugin_settings.directory.as_deref()
    }

    pub(super) fn socket(&self) -> Option<&str> {
        self.service_settings.local_mode_socket_location.as_deref()
    }

    pub(super) fn local_mode(&self) -> Option<bool> {
        self.service_settings.enable_local_mode
    }
}

/// The text of a configuration, bounded.
pub(crate) fn read_text(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(MAX_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    if text.len() as u64 > MAX_BYTES {
        return Err("it is longer than 4 MB".to_owned());
    }
    Ok(text)
}
