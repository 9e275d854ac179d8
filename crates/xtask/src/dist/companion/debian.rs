//! What the Debian package holds, and where Debian's policy wants it.

use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};

use super::deb::Tree;
use super::said::Said;
use crate::dist::archive;
use crate::process;
use crate::project::Project;

const NAME: &str = "notifymatters";

/// The link by which the program is Mattermost's old command line. Kopano's packages have a program of that name in
/// `/usr/sbin`; there is room for both.
const PLATFORM: &str = "mattermost-platform";

/// Whoever makes packages says by this who answers for them, as for Debian's own tools (debchange(1)).
const MAINTAINER: [(&str, &str); 2] = [
    ("DEBFULLNAME", "Notifymatters maintainers"),
    // A domain that nobody has (RFC 2606).
    ("DEBEMAIL", "maintainers@notifymatters.invalid"),
];

/// The longest line of a changelog or description that lintian lets pass.
const LINE: usize = 80;

const DESCRIPTION: &str = "\
companion program of the Mattermost plugin Notifymatters
 Notifymatters hands the notifications of a Mattermost inside a webmail or a
 portal to the page around it.
 .
 This program, for whoever runs the server, takes a new Mattermost to a working
 embedding, checks everything that embedding needs, prints and checks the
 configuration of nginx, Apache, Caddy and HAProxy, invites people from a list,
 and runs the commands of Mattermost's old command line.
 .
 The package holds the plugin too. It changes no server by itself.
";

/// What is the same for every processor.
#[derive(Debug)]
pub(super) struct Contents<'a> {
    pub(super) version: &'a str,
    pub(super) said: &'a Said,
    /// The licences of what is inside and not ours.
    pub(super) licenses: &'a str,
    /// The project's changelog, as Markdown.
    pub(super) changelog: &'a str,
    /// The plugin's bundle: file name and content.
    pub(super) bundle: (&'a str, &'a [u8]),
    pub(super) time: u64,
}

/// The time of what is packed, in seconds since 1970: `SOURCE_DATE_EPOCH` (reproducible-builds.org), else that of the newest
/// commit, else that of the other archives.
pub(super) fn time(project: &Project) -> Result<u64> {
    if let Ok(given) = std::env::var("SOURCE_DATE_EPOCH") {
        return given
            .parse()
            .with_context(|| format!("SOURCE_DATE_EPOCH: {given:?} is no number of seconds"));
    }
    let mut git = process::command("git");
    git.args(["log", "-1", "--format=%ct"])
        .current_dir(project.root());
    let committed = process::capture(&mut git).ok();
    Ok(committed
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or(archive::TIME))
}

/// The package's file name for a processor, which Debian names as Go does.
pub(super) fn file_name(version: &str, architecture: &str) -> String {
    format!("{NAME}_{}_{architecture}.deb", debian_version(version))
}

/// A version of Cargo's as one of Debian's (deb-version(7)) that sorts the same way: what comes before a release has a tilde,
/// and there is no hyphen, which would begin a revision.
fn debian_version(version: &str) -> String {
    version.replacen('-', "~", 1).replace('-', ".")
}

impl Contents<'_> {
    /// The package with this executable.
    pub(super) fn package(&self, architecture: &str, executable: Vec<u8>) -> Result<Vec<u8>> {
        let mut tree = Tree::default();
        tree.program(&format!("usr/bin/{NAME}"), executable);
        tree.link(&format!("usr/bin/{PLATFORM}"), NAME);
        tree.file(
            &format!("usr/share/{NAME}/{}", self.bundle.0),
            self.bundle.1,
        );
        self.documents(&mut tree)?;
        self.for_shells(&mut tree);
        let units = "usr/lib/systemd/system";
        for (unit, text) in [
            (
                "notifymatters-doctor.service",
                include_str!("debian/notifymatters-doctor.service"),
            ),
            (
                "notifymatters-doctor.timer",
                include_str!("debian/notifymatters-doctor.timer"),
            ),
        ] {
            tree.file(&format!("{units}/{unit}"), text);
        }
        tree.configuration(
            "etc/default/notifymatters-doctor",
            include_str!("debian/default"),
        );
        tree.file(
            &format!("usr/share/lintian/overrides/{NAME}"),
            include_str!("debian/lintian-overrides"),
        );
        let control = format!(
            "Package: {NAME}\nVersion: {}\nArchitecture: {architecture}\nMaintainer: {}\n\
             Installed-Size: {}\nSuggests: nginx | apache2 | caddy | haproxy\nSection: admin\n\
             Priority: optional\nDescription: {DESCRIPTION}",
            debian_version(self.version),
            maintainer(),
            tree.installed_size(),
        );
        tree.package(&control, self.time)
    }

    fn documents(&self, tree: &mut Tree) -> Result<()> {
        let documents = format!("usr/share/doc/{NAME}");
        tree.file(
            &format!("{documents}/copyright"),
            include_str!("debian/copyright"),
        );
        tree.compressed(
            &format!("{documents}/changelog.gz"),
            self.debian_changelog().as_bytes(),
        )?;
        tree.compressed(
            &format!("{documents}/THIRD-PARTY-LICENSES.txt.gz"),
            self.licenses.as_bytes(),
        )?;
        for (name, text) in &self.said.examples {
            tree.file(&format!("{documents}/examples/{name}"), text.as_str());
        }
        let pages = "usr/share/man/man1";
        for (name, page) in &self.said.pages {
            tree.compressed(&format!("{pages}/{name}.gz"), page)?;
        }
        tree.link(
            &format!("{pages}/{PLATFORM}.1.gz"),
            &format!("{NAME}-platform.1.gz"),
        );
        Ok(())
    }

    fn for_shells(&self, tree: &mut Tree) {
        let said = self.said;
        for (path, text) in [
            (
                format!("usr/share/bash-completion/completions/{NAME}"),
                &said.bash,
            ),
            (
                format!("usr/share/zsh/vendor-completions/_{NAME}"),
                &said.zsh,
            ),
            (
                format!("usr/share/fish/vendor_completions.d/{NAME}.fish"),
                &said.fish,
            ),
        ] {
            tree.file(&path, text.as_str());
        }
    }

    /// The changelog in Debian's form (deb-changelog(5)): what the project's own says of this version, or of what is not
    /// released yet.
    fn debian_changelog(&self) -> String {
        let mut sections = self.changelog.split("\n## ");
        let of_this = sections
            .clone()
            .find(|section| section.starts_with(self.version))
            .or_else(|| sections.nth(1))
            .unwrap_or_default();
        let mut written = format!(
            "{NAME} ({}) unstable; urgency=medium\n\n",
            debian_version(self.version)
        );
        for line in of_this.lines() {
            let indent = line.len() - line.trim_start().len();
            if let Some(item) = line.trim_start().strip_prefix("- ") {
                let mark = if indent == 0 { "*" } else { "-" };
                written.push_str(&wrapped(&without_links(item), indent + 2, mark));
            }
        }
        // RFC 5322 wants a numeric zone.
        let date = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(self.time))
            .replace("GMT", "+0000");
        written.push_str(&format!("\n -- {}  {date}\n", maintainer()));
        written
    }
}

fn maintainer() -> String {
    let [name, address] =
        MAINTAINER.map(|(variable, usual)| std::env::var(variable).unwrap_or(usual.to_owned()));
    format!("{name} <{address}>")
}

/// `[text](address)` is `text`.
fn without_links(markdown: &str) -> String {
    let mut plain = String::new();
    let mut rest = markdown;
    while let Some((before, (text, after))) = rest.split_once('[').and_then(|(before, link)| {
        let (text, after) = link.split_once("](")?;
        Some((before, (text, after.split_once(')')?.1)))
    }) {
        plain.push_str(before);
        plain.push_str(text);
        rest = after;
    }
    plain + rest
}

/// An item of a list, its lines within [`LINE`].
fn wrapped(item: &str, indent: usize, mark: &str) -> String {
    let mut lines = vec![format!("{:indent$}{mark}", "")];
    for word in item.split_whitespace() {
        if let Some(line) = lines.last_mut()
            && line.chars().count() + 1 + word.chars().count() <= LINE
        {
            line.push(' ');
            line.push_str(word);
            continue;
        }
        lines.push(format!("{:1$}{word}", "", indent + 2));
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_before_a_release_sort_before_it_and_have_no_revision() {
        for (cargos, debians) in [
            ("1.2.3", "1.2.3"),
            ("1.0.0-beta.1", "1.0.0~beta.1"),
            ("1.0.0-rc-1+build.5", "1.0.0~rc.1+build.5"),
        ] {
            assert_eq!(debian_version(cargos), debians);
        }
        assert_eq!(
            file_name("0.1.0-rc.1", "arm64"),
            "notifymatters_0.1.0~rc.1_arm64.deb"
        );
    }

    #[test]
    fn the_changelog_is_that_of_the_version_in_debians_form() {
        let said = Said {
            pages: [].into(),
            bash: String::new(),
            zsh: String::new(),
            fish: String::new(),
            powershell: String::new(),
            examples: [].into(),
        };
        let mut contents = Contents {
            version: "1.1.0",
            said: &said,
            licenses: "",
            changelog: "# Changelog\n\n## Unreleased\n\nNew.\n\n- It [works](docs/a.md) (all of it).\n  - Quickly.\n\n\
                        ## 1.0.0\n\n- Old.\n",
            bundle: ("", b""),
            time: 784_111_777,
        };
        let lines = |contents: &Contents<'_>| {
            let text = contents.debian_changelog();
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        };
        let unreleased = lines(&contents);
        assert_eq!(
            unreleased[..5],
            [
                "notifymatters (1.1.0) unstable; urgency=medium",
                "",
                "  * It works (all of it).",
                "    - Quickly.",
                "",
            ]
        );
        // The example of RFC 9110, section 5.6.7.
        assert!(unreleased[5].ends_with(">  Sun, 06 Nov 1994 08:49:37 +0000"));
        contents.version = "1.0.0";
        assert_eq!(lines(&contents)[2], "  * Old.");
    }

    #[test]
    fn long_items_go_on_below_their_text() {
        let wrapped = wrapped(&"word ".repeat(20), 2, "*");
        let lines: Vec<_> = wrapped.lines().collect();
        assert!(lines[0].starts_with("  * word") && lines[0].len() <= LINE);
        assert!(lines[1].starts_with("    word"), "{wrapped}");
    }
}
