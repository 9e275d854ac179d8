//! Packs the companion: an archive for each platform, and a Debian package for each kind of Linux.

mod check;
mod deb;
mod debian;
mod example;
mod said;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

pub(crate) use self::check::NEEDS;
pub(super) use self::check::{as_installed, other_platforms};
use self::debian::Contents;
use self::said::Said;
use super::check::headers;
use super::licenses::{self, Built};
use super::platform::Platform;
use super::program::{self, COMPANION};
use super::{THIRD_PARTY, archive};
use crate::setup::Setup;

/// More than this, and a library came in for little: it had 3.2 MB when the limit was set.
pub(crate) const MOST_BYTES: usize = 5_000_000;

/// The companion as it was built, each executable of the right kind and size.
#[derive(Debug)]
pub(crate) struct Companion {
    /// The build folder with the executables.
    folder: PathBuf,
    platforms: Vec<Platform>,
    licenses: String,
    said: Said,
}

impl Companion {
    /// Builds it for these platforms, and for this machine, which asks it for its texts.
    ///
    /// # Errors
    ///
    /// It cannot be built, or what was built does not run everywhere or is too large.
    pub(crate) fn build(setup: &Setup, platforms: &[Platform]) -> Result<Self> {
        let here = Platform::here().context("the companion is not built for this machine")?;
        let zig = setup.zig()?;
        let mut parts = Vec::new();
        for platform in platforms
            .iter()
            .chain((!platforms.contains(&here)).then_some(&here))
        {
            parts.push((*platform, program::toolchain(setup, &zig, *platform)?));
        }
        let folder = setup.project().scratch("companion");
        COMPANION.build(setup, &parts, |platform| executable(&folder, platform))?;
        for (platform, _) in &parts {
            let bytes = fs::read(executable(&folder, *platform))?;
            let findings = headers::check(&bytes, *platform)
                .and_then(|findings| {
                    ensure!(bytes.len() < MOST_BYTES, "{findings}: too large");
                    Ok(findings)
                })
                .with_context(|| format!("the companion for {}", platform.name))?;
            println!("    {}: {findings}", platform.name);
        }
        let built: Vec<_> = parts
            .iter()
            .map(|(_, toolchain)| Built {
                package: COMPANION.package,
                toolchain,
            })
            .collect();
        let licenses = licenses::gather(setup, &built)?;
        let said = said::ask(&executable(&folder, here), &folder.join("pages"))?;
        Ok(Self {
            folder,
            platforms: platforms.to_vec(),
            licenses,
            said,
        })
    }

    /// Where the executable for a platform that it was built for is.
    pub(crate) fn executable(&self, platform: Platform) -> PathBuf {
        executable(&self.folder, platform)
    }

    /// Packs it into the folder `out`, the packages with the plugin's bundle inside, and returns what was made.
    pub(super) fn pack(&self, setup: &Setup, bundle: &Path, out: &Path) -> Result<Vec<PathBuf>> {
        fs::create_dir_all(out)?;
        let project = setup.project();
        let bytes = fs::read(bundle).with_context(|| bundle.display().to_string())?;
        let contents = Contents {
            version: project.version(),
            said: &self.said,
            licenses: &self.licenses,
            changelog: &fs::read_to_string(project.path("CHANGELOG.md")).context("CHANGELOG.md")?,
            bundle: (
                &bundle
                    .file_name()
                    .context("a bundle without a name")?
                    .to_string_lossy(),
                &bytes,
            ),
            time: debian::time(project)?,
        };
        let mut made = Vec::new();
        for platform in &self.platforms {
            made.push(self.archive(setup, *platform, out)?);
            if let Some(architecture) = platform.name.strip_prefix("linux-") {
                let package = out.join(debian::file_name(project.version(), architecture));
                let executable = fs::read(self.executable(*platform))?;
                fs::write(&package, contents.package(architecture, executable)?)?;
                made.push(package);
            }
        }
        Ok(made)
    }

    fn archive(&self, setup: &Setup, platform: Platform, out: &Path) -> Result<PathBuf> {
        let project = setup.project();
        let name = archive_name(project.version(), platform);
        let folder = self.folder.join("archive");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let program = format!("{}{}", COMPANION.name, platform.suffix());
        let put = |path: &str, bytes: &[u8]| -> Result<()> {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().context("a file without folder")?)?;
            Ok(fs::write(file, bytes)?)
        };
        put(&program, &fs::read(self.executable(platform))?)?;
        put("LICENSE", &fs::read(project.path("LICENSE"))?)?;
        put(THIRD_PARTY, self.licenses.as_bytes())?;
        for (page, text) in &self.said.pages {
            put(&format!("man/{page}"), text)?;
        }
        for (file, text) in [
            ("notifymatters.bash", &self.said.bash),
            ("_notifymatters", &self.said.zsh),
            ("notifymatters.fish", &self.said.fish),
        ] {
            put(&format!("completions/{file}"), text.as_bytes())?;
        }
        for (file, text) in &self.said.examples {
            put(&format!("examples/{file}"), text.as_bytes())?;
        }
        let packed = out.join(format!("{name}.tar.gz"));
        archive::pack(&folder, &name, &packed, |path| path == Path::new(&program))?;
        Ok(packed)
    }
}

/// An archive's name without what it ends with. The bundle for one platform would be called the same without the `cli`.
fn archive_name(version: &str, platform: Platform) -> String {
    format!("{}-cli-{version}-{}", COMPANION.name, platform.name)
}

fn executable(folder: &Path, platform: Platform) -> PathBuf {
    folder
        .join(platform.name)
        .join(format!("{}{}", COMPANION.name, platform.suffix()))
}
