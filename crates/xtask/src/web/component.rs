//! Compiles the component: cargo, wasm-bindgen, wasm-opt.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use crate::process;
use crate::setup::{NodeModules, Setup, Toolchain};

const PACKAGE: &str = "notifymatters-webapp";
const PROFILE: &str = "web";

/// What the component's code may use: all browsers that can run it know these. `--all-features` would let the optimizer write
/// encodings that browsers refuse.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The files of a component.
#[derive(Debug)]
pub(super) struct Component {
    pub(super) wasm: PathBuf,
    /// The module that loads it and exports what it exports.
    pub(super) script: PathBuf,
}

pub(super) fn build(setup: &Setup, npm: &NodeModules, out: &Path) -> Result<Component> {
    let toolchain = setup.toolchain("wasm32-unknown-unknown")?;
    let wasm = compile(&toolchain)?;
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)?;
    Bindgen::new()
        .input_path(&wasm)
        .out_name("component")
        .web(true)
        .map_err(chain)?
        .omit_default_module_path(true)
        .typescript(false)
        .remove_producers_section(true)
        .generate(out)
        .map_err(chain)
        .with_context(|| format!("wasm-bindgen cannot process {}", wasm.display()))?;
    let optimized = out.join("component.wasm");
    process::run_quietly(
        npm.command("wasm-opt")
            .args([
                "-Oz",
                "--converge",
                "--strip-debug",
                "--strip-producers",
                "--strip-target-features",
            ])
            .args(FEATURES)
            .arg(out.join("component_bg.wasm"))
            .arg("-o")
            .arg(&optimized),
    )?;
    Ok(Component {
        wasm: optimized,
        script: out.join("component.js"),
    })
}

fn compile(toolchain: &Toolchain) -> Result<PathBuf> {
    process::run(
        toolchain
            .build()
            .args(["--profile", PROFILE, "-p", PACKAGE, "--lib"]),
    )?;
    Ok(toolchain
        .output(PROFILE)
        .join(PACKAGE.replace('-', "_"))
        .with_extension("wasm"))
}

/// wasm-bindgen's errors are of another crate's making.
fn chain(error: impl Into<anyhow::Error>) -> anyhow::Error {
    anyhow!(error.into())
}
