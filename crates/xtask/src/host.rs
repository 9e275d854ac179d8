//! The npm package for pages that embed a Mattermost: built, checked, and packed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::dist;
use crate::process;
use crate::setup::{Need, NodeModules, PHP, Setup};
use crate::test::Outcome;

/// Where it lies, and where its build puts what is published.
pub(crate) const FOLDER: &str = "host";
const BUILT: &str = "host/dist";

/// What [`check`] takes.
pub(crate) const NEEDS: [Need; 2] = [Need::NodeModules(FOLDER), Need::Tool(&PHP)];

/// Builds the package; its build prints what each file weighs and its integrity hash, and keeps to a budget.
pub(crate) fn build(setup: &Setup) -> Result<NodeModules> {
    let modules = setup.node_modules(FOLDER)?;
    modules.run_script("build")?;
    Ok(modules)
}

/// Builds the package and packs it as npm does, into a folder.
pub(crate) fn pack(setup: &Setup, out: &Path) -> Result<PathBuf> {
    build(setup)?;
    fs::create_dir_all(out)?;
    let archive = out.join(format!(
        "notifymatters-host-{}.tgz",
        setup.project().version()
    ));
    // npm's archives hold one folder of this name.
    dist::pack(&setup.project().path(BUILT), "package", &archive, |_| false)?;
    Ok(archive)
}

/// Types, lints and tests of the package, and the packed package as strangers use it.
pub(crate) fn check(setup: &Setup) -> Result<Outcome> {
    let modules = setup.node_modules(FOLDER)?;
    let mut outcome = Outcome::default();
    setup.require(&NEEDS)?;
    for script in ["check", "lint", "test"] {
        outcome.add(modules.run_script(script).map(|()| Outcome::passed()));
    }
    let scratch = setup.project().scratch(FOLDER);
    let first = pack(setup, &scratch.join("first"))?;
    let again = pack(setup, &scratch.join("again"))?;
    outcome.add(same_bytes(&first, &again).map(|()| Outcome::passed()));
    let mut strangers = process::command("node");
    strangers
        .arg("package-test/run.js")
        .arg(&first)
        .current_dir(modules.folder());
    outcome.add(process::run(&mut strangers).map(|()| Outcome::passed()));
    Ok(outcome)
}

fn same_bytes(one: &Path, other: &Path) -> Result<()> {
    let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
    ensure!(
        read(one)? == read(other)?,
        "the package was built twice and is not the same: {} and {}",
        one.display(),
        other.display()
    );
    Ok(())
}
