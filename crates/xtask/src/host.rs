//! What pages use that embed a Mattermost, the npm package and the webmails' plugins: built, checked, and packed.

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

/// Each webmail with its plugin's name; the build puts the plugin into a folder below.
const WEBMAILS: [(&str, &str); 2] = [("kopano-webapp", "mattermost"), ("grommunio-web", "chat")];
const BUILT_PLUGINS: &str = "host/webmail/dist";

/// What [`check`] takes.
pub(crate) const NEEDS: [Need; 2] = [Need::NodeModules(FOLDER), Need::Tool(&PHP)];

/// Builds all of it; the build prints what each file weighs and its integrity hash, and keeps to a budget.
pub(crate) fn build(setup: &Setup) -> Result<NodeModules> {
    let modules = setup.node_modules(FOLDER)?;
    modules.run_script("build")?;
    Ok(modules)
}

/// What the demo's pages load of the package, each with its source.
const OF_THE_DEMO: [(&str, &str); 2] = [
    ("mattermost-embed", "src/whole.js"),
    ("requests", "src/requests.js"),
];

/// Builds what the demo's pages load of the package, by the web part's esbuild: the package's own tools are many.
/// Returns the folder in which it lies as in the package's.
pub(crate) fn build_for_demo(setup: &Setup) -> Result<PathBuf> {
    let folder = setup.project().scratch("demo-host");
    let package = setup.project().path(FOLDER);
    process::run_quietly(
        setup
            .node_modules("webapp")?
            .command("esbuild")
            .args(
                OF_THE_DEMO
                    .map(|(name, source)| format!("{name}={}", package.join(source).display())),
            )
            .args(["--bundle", "--format=esm", "--log-level=warning"])
            .arg(format!("--outdir={}", folder.join("dist").display())),
    )?;
    Ok(folder)
}

/// Builds all of it and packs it into a folder: the package as npm does, and a zip file for each webmail's folder of plugins.
pub(crate) fn pack(setup: &Setup, out: &Path) -> Result<Vec<PathBuf>> {
    build(setup)?;
    fs::create_dir_all(out)?;
    let project = setup.project();
    let version = project.version();
    let package = out.join(format!("notifymatters-host-{version}.tgz"));
    // npm's archives hold one folder of this name.
    dist::pack(&project.path(BUILT), "package", &package, |_| false)?;
    let mut packed = vec![package];
    for (webmail, plugin) in WEBMAILS {
        let archive = out.join(format!("notifymatters-{webmail}-{version}.zip"));
        let folder = project.path(BUILT_PLUGINS).join(webmail).join(plugin);
        dist::pack_zip(&folder, plugin, &archive)?;
        packed.push(archive);
    }
    Ok(packed)
}

/// Types, lints and tests, and the packed package as strangers use it.
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
    for (first, again) in first.iter().zip(&again) {
        outcome.add(same_bytes(first, again).map(|()| Outcome::passed()));
    }
    let mut strangers = process::command("node");
    strangers
        .arg("package-test/run.js")
        .arg(first.first().context("there is no package")?)
        .current_dir(modules.folder());
    outcome.add(process::run(&mut strangers).map(|()| Outcome::passed()));
    Ok(outcome)
}

fn same_bytes(one: &Path, other: &Path) -> Result<()> {
    let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
    ensure!(
        read(one)? == read(other)?,
        "it was built twice and is not the same: {} and {}",
        one.display(),
        other.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_the_demos_pages_load_of_the_package_is_built_for_them() {
        let pages =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/standin/internal/hostpage/web");
        let mut loaded = Vec::new();
        for page in ["mail.html", "mail.js", "stranger.html", "stranger.js"] {
            let text = fs::read_to_string(pages.join(page)).unwrap();
            let files = text.split("/notifymatters/dist/").skip(1);
            loaded.extend(files.filter_map(|rest| Some(rest.split_once(".js")?.0.to_owned())));
        }
        loaded.sort();
        loaded.dedup();
        assert_eq!(loaded, OF_THE_DEMO.map(|(name, _)| name));
    }
}
