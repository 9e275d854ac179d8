//! Packs the companion: an archive for each platform, and a Debian package for each kind of Linux.

mod check;
mod deb;
mod debian;
mod example;
mod said;

use std::collections::BTreeMap;
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
use crate::project::Project;
use crate::setup::Setup;

/// More than this, and a library came in for little: it had 3.2 MB when the limit was set.
pub(crate) const MOST_BYTES: usize = 5_000_000;

/// What people read about the packages; its last chapter is about the archives.
const GUIDE: &str = "docs/companion.md";
const CHAPTER: &str = "\n## Any Linux, macOS, Windows\n";

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
            let executable = fs::read(self.executable(*platform))?;
            made.push(self.archive(setup, *platform, &executable, out)?);
            if let Some(architecture) = platform.name.strip_prefix("linux-") {
                let package = out.join(debian::file_name(project.version(), architecture));
                fs::write(&package, contents.package(architecture, executable)?)?;
                made.push(package);
            }
        }
        Ok(made)
    }

    fn archive(
        &self,
        setup: &Setup,
        platform: Platform,
        executable: &[u8],
        out: &Path,
    ) -> Result<PathBuf> {
        let project = setup.project();
        let folder = self.folder.join("archive");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let license = fs::read(project.path("LICENSE"))?;
        let readme = readme(project)?;
        let mut files = files(platform, &self.said);
        let program = COMPANION.file_name(platform);
        files.insert("README.md".to_owned(), readme.as_bytes());
        files.insert(program.clone(), executable);
        files.insert("LICENSE".to_owned(), &license);
        files.insert(THIRD_PARTY.to_owned(), self.licenses.as_bytes());
        for (path, bytes) in files {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().context("a file without folder")?)?;
            fs::write(file, bytes)?;
        }
        let name = archive_name(project.version(), platform);
        let packed = out.join(archive_file(project.version(), platform));
        if platform.is_windows() {
            archive::pack_zip(&folder, &name, &packed)?;
        } else {
            archive::pack(&folder, &name, &packed, |path| path == Path::new(&program))?;
        }
        Ok(packed)
    }
}

/// The documentation's chapter about an archive, which is the archive's own README.
fn readme(project: &Project) -> Result<String> {
    let whole = fs::read_to_string(project.path(GUIDE)).context(GUIDE)?;
    let (_, chapter) = whole
        .split_once(CHAPTER)
        .with_context(|| format!("{GUIDE} has no chapter {CHAPTER:?}"))?;
    let title = format!("# notifymatters {}", project.version());
    Ok(format!("{title}\n{chapter}").replace("\n### ", "\n## "))
}

/// What an archive holds besides program, README and licences, by path: what its platform's people and shells read.
fn files(platform: Platform, said: &Said) -> BTreeMap<String, &[u8]> {
    let mut files = BTreeMap::new();
    for (file, text) in &said.examples {
        files.insert(format!("examples/{file}"), text.as_bytes());
    }
    if platform.is_windows() {
        files.insert(
            "completions/notifymatters.ps1".to_owned(),
            said.powershell.as_bytes(),
        );
        return files;
    }
    for (page, text) in &said.pages {
        files.insert(format!("man/{page}"), text);
    }
    for (file, text) in [
        ("notifymatters.bash", &said.bash),
        ("_notifymatters", &said.zsh),
        ("notifymatters.fish", &said.fish),
    ] {
        files.insert(format!("completions/{file}"), text.as_bytes());
    }
    files
}

/// An archive's name without what it ends with. The bundle for one platform would be called the same without the `cli`.
fn archive_name(version: &str, platform: Platform) -> String {
    format!("{}-cli-{version}-{}", COMPANION.name, platform.name)
}

/// The archive itself: a zip file where people have nothing at hand for others.
fn archive_file(version: &str, platform: Platform) -> String {
    let kind = if platform.is_windows() {
        "zip"
    } else {
        "tar.gz"
    };
    format!("{}.{kind}", archive_name(version, platform))
}

fn executable(folder: &Path, platform: Platform) -> PathBuf {
    folder
        .join(platform.name)
        .join(COMPANION.file_name(platform))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_holds_what_is_read_on_its_platform() {
        let said = Said {
            pages: [("notifymatters.1".to_owned(), Vec::new())].into(),
            bash: String::new(),
            zsh: String::new(),
            fish: String::new(),
            powershell: String::new(),
            examples: [("nginx.conf", String::new())].into(),
        };
        let unix = [
            "completions/_notifymatters",
            "completions/notifymatters.bash",
            "completions/notifymatters.fish",
            "examples/nginx.conf",
            "man/notifymatters.1",
        ];
        let windows = ["completions/notifymatters.ps1", "examples/nginx.conf"];
        for (name, kind, expected) in [
            ("linux-arm64", "tar.gz", &unix[..]),
            ("darwin-arm64", "tar.gz", &unix[..]),
            ("windows-amd64", "zip", &windows[..]),
        ] {
            let platform = Platform::named(name).unwrap();
            assert_eq!(
                archive_file("1.2.3", platform),
                format!("notifymatters-cli-1.2.3-{name}.{kind}")
            );
            let files = files(platform, &said);
            assert!(files.keys().eq(expected), "{name}: {:?}", files.keys());
        }
    }
}
