//! What the program says about itself: manual pages, completions, example virtual hosts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::example;
use crate::process;

/// Addresses for documentation (RFC 2606).
const CHAT: &str = "https://chat.example.com";
const HOST: &str = "https://mail.example.com";

/// The last series that does not say by itself who may frame it, so that there is something to prepare.
const WITHOUT_FRAME_ANCESTORS: &str = "10.5";

/// Reverse proxies by their names on the command line, and what a configuration of each is called.
const PROXIES: [(&str, &str); 4] = [
    ("nginx", "nginx.conf"),
    ("apache", "apache.conf"),
    ("caddy", "Caddyfile"),
    ("haproxy", "haproxy.cfg"),
];

/// Texts that the program writes.
#[derive(Debug)]
pub(super) struct Said {
    /// Manual pages by their file names, such as `notifymatters-doctor.1`.
    pub(super) pages: BTreeMap<String, Vec<u8>>,
    pub(super) bash: String,
    pub(super) zsh: String,
    pub(super) fish: String,
    pub(super) powershell: String,
    /// Example virtual hosts by their file names.
    pub(super) examples: BTreeMap<&'static str, String>,
}

/// Asks the program, which must run on this machine; `scratch` is a folder for what it writes.
pub(super) fn ask(program: &Path, scratch: &Path) -> Result<Said> {
    let say = |arguments: &[&str]| -> Result<String> {
        Ok(process::capture(process::command(program).args(arguments))? + "\n")
    };
    if scratch.exists() {
        fs::remove_dir_all(scratch)?;
    }
    say(&["man", "--to", &scratch.to_string_lossy()])?;
    let mut pages = BTreeMap::new();
    for page in fs::read_dir(scratch).context("manual pages")? {
        let page = page?;
        let name = page.file_name().to_string_lossy().into_owned();
        pages.insert(name, fs::read(page.path())?);
    }
    let mut examples = BTreeMap::new();
    for (proxy, file) in PROXIES {
        let made_by = ["proxy", proxy, "--chat", CHAT, "--host", HOST];
        let version = ["--mattermost-version", WITHOUT_FRAME_ANCESTORS];
        let configuration = say(&[&made_by[..], &version].concat())?;
        let lines = say(&[&made_by[..], &version, &["--lines"]].concat())?;
        let prepared = example::prepare(&configuration, &lines).context(proxy)?;
        examples.insert(file, format!("{}{prepared}", head(&made_by)));
    }
    Ok(Said {
        pages,
        bash: say(&["completions", "bash"])?,
        zsh: say(&["completions", "zsh"])?,
        fish: say(&["completions", "fish"])?,
        powershell: say(&["completions", "powershell"])?,
        examples,
    })
}

/// Says what is commented out, and how to get the same for one's own addresses.
fn head(made_by: &[&str]) -> String {
    format!(
        "# An example. For your own addresses: notifymatters {}\n\
         # Lines that begin with # and no blank let that page embed Mattermost: remove their #. Mattermost 10.6.1,\n\
         # 10.7.0 and later do without them, by the setting ServiceSettings.FrameAncestors.\n#\n",
        made_by.join(" ")
    )
}
