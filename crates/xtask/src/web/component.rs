//! Compiles the component: cargo, wasm-bindgen, wasm-opt.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::process;
use crate::setup::{NodeModules, Toolchain};

const PACKAGE: &str = "notifymatters-webapp";
/// Small first.
const PROFILE: &str = "web";

/// The module between the code and the page, as wasm-bindgen names it.
const GLUE: &str = "component_bg.js";

/// What that module exports, as wasm-bindgen names it.
const TYPES: &str = "component.d.ts";

/// Compiled soonest: the demo's. Cargo builds what the rest of the build needs by the same profile, so that it is built once.
const DEMO_PROFILE: &str = "dev";

/// What made the gzipped component smallest of what was tried (version 132): 400 bytes less than `-Oz --converge` alone.
///
/// Nothing lies in the first kilobyte of the memory but the end of the stack, which is as good as unused.
const SMALLEST: [&str; 6] = [
    "--low-memory-unused",
    "--flatten",
    "--rereloop",
    "-O4",
    "-Oz",
    "--converge",
];

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

/// Sections that browsers have no use for.
const STRIP: [&str; 3] = [
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// Compiles for the first version of WebAssembly, and says so of the whole. Left to itself the linker unites what the objects
/// say of themselves, and those of a ready-made standard library say reference types (Rust 1.95, though none are in them):
/// wasm-bindgen would then look for its tables of them, which this build has not.
const MVP: [&str; 3] = [
    "-Ctarget-cpu=mvp",
    "-Clink-arg=--no-check-features",
    "-Clink-arg=--features=mutable-globals",
];

/// Older instructions for newer ones.
const LOWERINGS: [&str; 3] = [
    "--llvm-memory-copy-fill-lowering",
    "--signext-lowering",
    "--llvm-nontrapping-fptoint-lowering",
];

/// The component as WebAssembly.
#[derive(Debug)]
pub(super) struct Component {
    pub(super) wasm: PathBuf,
    /// The module between the code and the page.
    pub(super) glue: PathBuf,
    /// What that module exports, for the type checker.
    pub(super) types: PathBuf,
}

/// The component as JavaScript.
#[derive(Debug)]
pub(super) struct Fallback {
    /// The module that wasm2js made of the code.
    pub(super) code: PathBuf,
    /// The module between the code and the page.
    pub(super) glue: PathBuf,
}

/// Makes the component in its usual form.
pub(super) fn build(toolchain: &Toolchain, npm: &NodeModules, out: &Path) -> Result<Component> {
    let wasm = compile(toolchain, PROFILE)?;
    bind(&wasm, out)?;
    let optimized = out.join("component.wasm");
    process::run_quietly(
        npm.command("wasm-opt")
            .args(SMALLEST)
            .args(STRIP)
            .args(FEATURES)
            .arg(out.join("component_bg.wasm"))
            .arg("-o")
            .arg(&optimized),
    )?;
    Ok(Component {
        wasm: optimized,
        glue: out.join(GLUE),
        types: out.join(TYPES),
    })
}

/// Makes the component large and soon.
pub(super) fn build_for_demo(toolchain: &Toolchain, out: &Path) -> Result<Component> {
    let wasm = compile(&toolchain.beside_this_machines(), DEMO_PROFILE)?;
    bind(&wasm, out)?;
    Ok(Component {
        wasm: out.join("component_bg.wasm"),
        glue: out.join(GLUE),
        types: out.join(TYPES),
    })
}

/// Makes the component for browsers and pages in which WebAssembly has no way in.
///
/// The source is compiled a second time, for the first version of WebAssembly, because wasm2js knows no reference types. Where
/// the standard library comes ready-made with newer instructions, wasm-opt puts older ones in their place.
pub(super) fn build_fallback(
    toolchain: &Toolchain,
    npm: &NodeModules,
    out: &Path,
) -> Result<Fallback> {
    let wasm = compile(&toolchain.with_rustflags("mvp", &MVP), PROFILE)?;
    bind(&wasm, out)?;
    let lowered = out.join("lowered.wasm");
    process::run_quietly(
        npm.command("wasm-opt")
            .args(LOWERINGS)
            .arg("-Oz")
            .args(STRIP)
            .args(FEATURES)
            .arg(out.join("component_bg.wasm"))
            .arg("-o")
            .arg(&lowered),
    )?;
    let code = out.join("code.js");
    process::run_quietly(
        npm.command("wasm2js")
            .args(["-Oz", "--pedantic"])
            .arg(&lowered)
            .arg("-o")
            .arg(&code),
    )?;
    Ok(Fallback {
        code,
        glue: out.join(GLUE),
    })
}

fn compile(toolchain: &Toolchain, profile: &str) -> Result<PathBuf> {
    process::run(
        toolchain
            .build()
            .args(["--profile", profile, "-p", PACKAGE, "--lib"]),
    )?;
    Ok(toolchain
        .output(profile)
        .join(PACKAGE.replace('-', "_"))
        .with_extension("wasm"))
}

/// Writes the module between the code and the page as one that loads nothing: what compiles the code is the page scripts' choice.
fn bind(wasm: &Path, out: &Path) -> Result<()> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)?;
    Bindgen::new()
        .bundler(true)?
        .input_path(wasm)
        .out_name("component")
        .typescript(true)
        .remove_producers_section(true)
        .generate(out)
        .with_context(|| format!("wasm-bindgen cannot process {}", wasm.display()))
}
