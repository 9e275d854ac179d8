//! The companion against a real Mattermost and the stand-in: its virtual hosts in the real nginx, Apache, Caddy and
//! HAProxy, REST, and a terminal.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::suite::Outcome;
use super::{go, rust};
use crate::process;
use crate::setup::{APACHE, CADDY, HAPROXY, NGINX, Need, POSTGRESQL, SCRIPT, Setup};
use crate::standin::Standin;

pub(super) const NEEDS: [Need; 6] = [
    Need::Tool(&NGINX),
    Need::Tool(&APACHE),
    Need::Tool(&CADDY),
    Need::Tool(&HAPROXY),
    Need::Tool(&POSTGRESQL),
    Need::Tool(&SCRIPT),
];

/// The module whose `server` is Mattermost itself. Its host tests run before, and compile half of what it takes.
const MODULE: &str = "tests/host/mattermost6";

/// The module that has the last Mattermost with the whole of the old command line.
const OLD_MODULE: &str = "tests/host/mattermost5";

/// The module that requires that of a newer server, in which mmctl is.
const MMCTL_MODULE: &str = "tests/host/mattermost10";

pub(super) fn run(setup: &Setup, bundle: &Path) -> Result<Outcome> {
    setup.require(&NEEDS)?;
    let standin = Standin::build(setup)?;
    let (mattermost, module) = mattermost(setup)?;
    let mut command = rust::one_test(setup, "standin");
    command
        .env("NOTIFYMATTERS_BUNDLE", bundle)
        .env("NOTIFYMATTERS_STANDIN", standin.executable())
        .env("NOTIFYMATTERS_MATTERMOST", mattermost)
        .env("NOTIFYMATTERS_MATTERMOST_MODULE", module)
        .env(
            "NOTIFYMATTERS_MATTERMOST5_MODULE",
            source(setup, OLD_MODULE, "mattermost-server/v5")?,
        )
        .env(
            "NOTIFYMATTERS_MMCTL_MODULE",
            source(setup, MMCTL_MODULE, "mattermost/server/v8")?,
        )
        .env("NOTIFYMATTERS_POSTGRES", setup.tool(&POSTGRESQL)?);
    rust::tests(&mut command)
}

/// Builds Mattermost, or finds it unchanged; the other folder is the module with its texts, templates and fonts.
pub(crate) fn mattermost(setup: &Setup) -> Result<(PathBuf, PathBuf)> {
    let executable = setup.project().scratch("mattermost");
    let module = setup.project().path(MODULE);
    process::run(
        go(setup, &module)?
            .args(["build", "-tags", "mattermost_server"])
            // One of its libraries reaches into Go's own runtime, which Go refuses since 1.23.
            .args(["-ldflags", "-s -w -checklinkname=0", "-o"])
            .arg(&executable)
            .arg("./server"),
    )?;
    Ok((executable, source(setup, MODULE, "mattermost-server/v6")?))
}

/// The folder of one of Mattermost's modules, as another one requires it; fetches it first where that was not done.
fn source(setup: &Setup, module: &str, name: &str) -> Result<PathBuf> {
    let name = format!("github.com/mattermost/{name}");
    let module = setup.project().path(module);
    let answer = process::capture(go(setup, &module)?.args(["mod", "download", "-json", &name]))?;
    let answer: serde_json::Value = serde_json::from_str(&answer)?;
    let folder = answer["Dir"].as_str();
    Ok(folder
        .with_context(|| format!("go names no folder of {name}"))?
        .into())
}
