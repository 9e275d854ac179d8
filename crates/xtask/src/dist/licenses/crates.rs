//! The crates whose code ends up in a package's executable.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use cargo_metadata::{
    CargoOpt, DependencyKind, Metadata, MetadataCommand, Package, PackageId, TargetKind,
};

use super::component::Component;
use crate::setup::Toolchain;

/// What licence files are called, in upper case.
const LICENCE_FILES: [&str; 6] = [
    "LICENSE",
    "LICENCE",
    "COPYING",
    "COPYRIGHT",
    "NOTICE",
    "UNLICENSE",
];

/// The crates of others that are linked into `package` for the toolchain's target; the package's own workspace is left out.
pub(super) fn inside(
    manifest: &Path,
    package: &str,
    toolchain: &Toolchain,
) -> Result<Vec<Component>> {
    let mut command = MetadataCommand::new();
    command
        .manifest_path(manifest)
        .features(CargoOpt::SomeFeatures(Vec::new()))
        .other_options(
            ["--locked", "--filter-platform", toolchain.triple()]
                .map(str::to_owned)
                .to_vec(),
        );
    for (variable, value) in toolchain.environment() {
        if variable == "CARGO" {
            command.cargo_path(&value);
        }
        command.env(variable, value);
    }
    let metadata = command
        .exec()
        .with_context(|| format!("the crates of {package} for {}", toolchain.triple()))?;
    linked(&metadata, package)?
        .into_iter()
        // What comes from no registry is the workspace itself: ours, or Rust's own library, which has one licence.
        .filter(|package| package.source.is_some())
        .map(component)
        .collect()
}

/// The packages that are linked into `root`, itself included: normal dependencies, without macros that run in the compiler.
fn linked<'a>(metadata: &'a Metadata, root: &str) -> Result<Vec<&'a Package>> {
    let resolve = metadata
        .resolve
        .as_ref()
        .context("cargo resolved nothing")?;
    let root = metadata
        .packages
        .iter()
        .find(|package| package.name == root)
        .with_context(|| format!("no crate {root}"))?;
    let mut seen: BTreeSet<&PackageId> = BTreeSet::new();
    let mut waiting = vec![&root.id];
    while let Some(id) = waiting.pop() {
        let package = &metadata[id];
        let is_macro = package
            .targets
            .iter()
            .any(|target| target.kind.contains(&TargetKind::ProcMacro));
        if is_macro || !seen.insert(id) {
            continue;
        }
        let node = resolve
            .nodes
            .iter()
            .find(|node| node.id == *id)
            .with_context(|| format!("{id} is not resolved"))?;
        let normal = node.deps.iter().filter(|dependency| {
            dependency
                .dep_kinds
                .iter()
                .any(|kind| kind.kind == DependencyKind::Normal)
        });
        waiting.extend(normal.map(|dependency| &dependency.pkg));
    }
    Ok(seen.into_iter().map(|id| &metadata[id]).collect())
}

fn component(package: &Package) -> Result<Component> {
    let license = package
        .license
        .clone()
        .with_context(|| format!("{} says no licence", package.id))?;
    let folder = package
        .manifest_path
        .parent()
        .context("a manifest without folder")?;
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_licence = LICENCE_FILES
            .iter()
            .any(|start| name.to_uppercase().starts_with(start));
        if is_licence && entry.path().is_file() {
            texts.push((
                name,
                String::from_utf8_lossy(&fs::read(entry.path())?).into_owned(),
            ));
        }
    }
    texts.sort();
    Ok(Component {
        name: package.name.to_string(),
        version: package.version.to_string(),
        license,
        texts,
    })
}
