//! The companion's virtual hosts in the real nginx, Apache, Caddy and HAProxy, in front of the stand-in.

use std::path::Path;

use anyhow::{Result, ensure};

use super::rust;
use super::suite::Outcome;
use crate::setup::Setup;
use crate::standin::Standin;

/// Each program with Debian's package of it. Apache's holds no service, the others' do.
const PROXIES: [(&str, &str); 4] = [
    ("nginx", "nginx"),
    ("apache2", "apache2-bin"),
    ("caddy", "caddy"),
    ("haproxy", "haproxy"),
];

/// Where Debian keeps servers.
const MORE_FOLDERS: &str = "/usr/sbin:/sbin";

pub(super) fn run(setup: &Setup, bundle: &Path) -> Result<Outcome> {
    install(setup)?;
    let standin = Standin::build(setup)?;
    let mut command = rust::one_test(setup, "proxies");
    command
        .env("NOTIFYMATTERS_BUNDLE", bundle)
        .env("NOTIFYMATTERS_STANDIN", standin.executable());
    rust::tests(&mut command)
}

fn install(setup: &Setup) -> Result<()> {
    let path = std::env::var("PATH").unwrap_or_default();
    let folders = format!("{path}:{MORE_FOLDERS}");
    let missing: Vec<_> = PROXIES
        .into_iter()
        .filter(|(program, _)| which::which_in(program, Some(&folders), ".").is_err())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let wanted = missing
        .iter()
        .map(|(program, _)| *program)
        .collect::<Vec<_>>()
        .join(", ");
    let packages: Vec<_> = missing.iter().map(|(_, package)| *package).collect();
    // Debian starts a server once it is installed, on the ports of this machine's own.
    ensure!(
        !Path::new("/run/systemd/system").exists() || setup.machine().ci,
        "missing: {wanted} (the test of the proxies). Install {} and stop the services that this starts",
        packages.join(" ")
    );
    setup
        .machine()
        .apt_install(&packages, &format!("{wanted} (the test of the proxies)"))
}
