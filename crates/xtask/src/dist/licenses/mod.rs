//! Gathers the licences of everything that is inside the bundle and not ours.

mod choice;
mod component;
mod crates;
mod notices;
mod text;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use self::component::Component;
use crate::setup::{Setup, StandardLibrary, Toolchain, Zig};

/// A package of the workspace as it was built for one target.
pub(crate) struct Built<'a> {
    pub(crate) package: &'static str,
    pub(crate) toolchain: &'a Toolchain,
}

/// The text of `THIRD-PARTY-LICENSES.txt` for these packages.
///
/// # Errors
///
/// A crate says no licence, or one whose text can be found neither in it nor here.
pub(crate) fn gather(setup: &Setup, built: &[Built<'_>]) -> Result<String> {
    let root = setup.project().root();
    let mut components: BTreeMap<(String, String), Component> = BTreeMap::new();
    let rust = Component::rust();
    for part in built {
        let own = crates::inside(&root.join("Cargo.toml"), part.package, part.toolchain)?;
        let standard = match part.toolchain.standard_library() {
            StandardLibrary::Source(manifest) => crates::inside(&manifest, "std", part.toolchain)?,
            StandardLibrary::Notices(html) => notices::read(
                &fs::read_to_string(&html)
                    .with_context(|| format!("{} cannot be read", html.display()))?,
            )?,
        };
        let system = match part.toolchain.zig() {
            Some(zig) => runtime(zig, part.toolchain.triple())?,
            None => Vec::new(),
        };
        for component in own
            .into_iter()
            .chain([rust.clone()])
            .chain(standard)
            .chain(system)
        {
            components.insert(
                (component.name.clone(), component.version.clone()),
                component,
            );
        }
    }
    let apache = fs::read_to_string(root.join("LICENSE")).context("LICENSE")?;
    text::render(components.into_values(), &apache)
}

/// What Zig puts into an executable besides Rust's own code.
fn runtime(zig: &Zig, triple: &str) -> Result<Vec<Component>> {
    let library = zig.library()?;
    let part = |name: &str, license: &str, file: &str| -> Result<Component> {
        let path = library.join(file);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let file = Path::new(file)
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Ok(Component {
            name: name.to_owned(),
            version: String::new(),
            license: license.to_owned(),
            texts: vec![(file, text)],
        })
    };
    let mut parts = vec![part(
        "LLVM's libunwind and compiler-rt",
        "Apache-2.0 WITH LLVM-exception",
        "libunwind/LICENSE.TXT",
    )?];
    if triple.ends_with("-musl") {
        parts.push(part("musl", "MIT", "libc/musl/COPYRIGHT")?);
    } else if triple.ends_with("-windows-gnu") {
        parts.push(part("mingw-w64", "ZPL-2.1", "libc/mingw/COPYING")?);
    }
    Ok(parts)
}
