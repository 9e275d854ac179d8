//! The format of a Debian package (deb(5)): a tar file of what is installed and one of what dpkg is told about it, in an
//! archive of ar's.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Context as _, Result, ensure};
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use md5::{Digest as _, Md5};
use tar::{EntryType, Header};

/// The longest name that a tar header holds by itself; nothing that is installed has a longer one.
const LONGEST_NAME: usize = 100;

/// What a package installs.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// By their paths below the root, without a slash in front; folders are in it, each before what is in it.
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
enum Entry {
    Folder,
    File {
        bytes: Vec<u8>,
        mode: u32,
        is_configuration: bool,
    },
    Link(String),
}

impl Tree {
    /// A file that anybody may read.
    pub(super) fn file(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.put(path, bytes.into(), 0o644, false);
    }

    /// A program.
    pub(super) fn program(&mut self, path: &str, bytes: Vec<u8>) {
        self.put(path, bytes, 0o755, false);
    }

    /// A file that administrators change, and that an upgrade therefore leaves to them.
    pub(super) fn configuration(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.put(path, bytes.into(), 0o644, true);
    }

    /// A text, compressed as Debian's policy asks for of manual pages and changelogs (chapter 12): like `gzip -9n`.
    pub(super) fn compressed(&mut self, path: &str, text: &[u8]) -> Result<()> {
        let mut gzip = gzip();
        gzip.write_all(text)?;
        self.file(path, gzip.finish()?);
        Ok(())
    }

    /// A symbolic link to a path beside it.
    pub(super) fn link(&mut self, path: &str, to: &str) {
        self.folders_of(path);
        self.entries
            .insert(path.to_owned(), Entry::Link(to.to_owned()));
    }

    fn put(&mut self, path: &str, bytes: Vec<u8>, mode: u32, is_configuration: bool) {
        self.folders_of(path);
        let file = Entry::File {
            bytes,
            mode,
            is_configuration,
        };
        self.entries.insert(path.to_owned(), file);
    }

    fn folders_of(&mut self, path: &str) {
        for (end, _) in path.match_indices('/') {
            self.entries.insert(path[..end].to_owned(), Entry::Folder);
        }
    }

    /// The field `Installed-Size`: kibibytes, as dpkg-gencontrol estimates them (deb-substvars(5)): a file's rounded up, one for
    /// anything else.
    pub(super) fn installed_size(&self) -> usize {
        let sizes = self.entries.values().map(|entry| match entry {
            Entry::File { bytes, .. } => bytes.len().div_ceil(1024),
            Entry::Folder | Entry::Link(_) => 1,
        });
        sizes.sum()
    }

    /// The package: `control` is the text of its control file, `time` (seconds since 1970) that of all of its files.
    pub(super) fn package(&self, control: &str, time: u64) -> Result<Vec<u8>> {
        let mut told = Self::default();
        told.file("control", control);
        let (mut sums, mut configuration) = (String::new(), String::new());
        for (path, entry) in &self.entries {
            if let Entry::File {
                bytes,
                is_configuration,
                ..
            } = entry
            {
                if *is_configuration {
                    configuration.push_str(&format!("/{path}\n"));
                } else {
                    let sum: String = Md5::digest(bytes)
                        .iter()
                        .map(|byte| format!("{byte:02x}"))
                        .collect();
                    sums.push_str(&format!("{sum}  {path}\n"));
                }
            }
        }
        told.file("md5sums", sums);
        if !configuration.is_empty() {
            told.file("conffiles", configuration);
        }
        let mut archive = ar::Builder::new(Vec::new());
        for (name, bytes) in [
            ("debian-binary", b"2.0\n".to_vec()),
            ("control.tar.gz", told.tar(time)?),
            ("data.tar.gz", self.tar(time)?),
        ] {
            let mut header = ar::Header::new(name.as_bytes().to_vec(), bytes.len().try_into()?);
            header.set_mode(0o100_644);
            header.set_mtime(time);
            archive.append(&header, &bytes[..])?;
        }
        Ok(archive.into_inner()?)
    }

    fn tar(&self, time: u64) -> Result<Vec<u8>> {
        let mut tar = tar::Builder::new(gzip());
        append(&mut tar, "./", EntryType::Directory, 0o755, time, &[])?;
        for (path, entry) in &self.entries {
            let name = format!("./{path}");
            match entry {
                Entry::Folder => append(
                    &mut tar,
                    &format!("{name}/"),
                    EntryType::Directory,
                    0o755,
                    time,
                    &[],
                )?,
                Entry::File { bytes, mode, .. } => {
                    append(&mut tar, &name, EntryType::Regular, *mode, time, bytes)?;
                }
                Entry::Link(to) => {
                    let mut header = header(&name, EntryType::Symlink, 0o777, time)?;
                    header.set_link_name_literal(to)?;
                    header.set_cksum();
                    tar.append(&header, &[][..])?;
                }
            }
        }
        Ok(tar.into_inner()?.finish()?)
    }
}

/// No name and no time in its header.
fn gzip() -> GzEncoder<Vec<u8>> {
    GzBuilder::new()
        .mtime(0)
        .write(Vec::new(), Compression::best())
}

fn append(
    tar: &mut tar::Builder<impl Write>,
    name: &str,
    kind: EntryType,
    mode: u32,
    time: u64,
    bytes: &[u8],
) -> Result<()> {
    let mut header = header(name, kind, mode, time)?;
    header.set_size(bytes.len().try_into()?);
    header.set_cksum();
    tar.append(&header, bytes)?;
    Ok(())
}

/// The name is kept as it is: dpkg-deb and all who read its packages write them with a dot in front, which the library removes.
fn header(name: &str, kind: EntryType, mode: u32, time: u64) -> Result<Header> {
    ensure!(
        name.len() <= LONGEST_NAME,
        "{name} is longer than {LONGEST_NAME} bytes"
    );
    let mut header = Header::new_gnu();
    header.as_gnu_mut().context("a header of GNU's")?.name[..name.len()]
        .copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_username("root")?;
    header.set_groupname("root")?;
    header.set_mtime(time);
    header.set_size(0);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    fn sample() -> Tree {
        let mut tree = Tree::default();
        tree.program("usr/bin/b", vec![b'x'; 1025]);
        tree.link("usr/bin/a", "b");
        tree.configuration("etc/default/b", "# nothing\n");
        tree.compressed("usr/share/man/man1/b.1.gz", b"page")
            .unwrap();
        tree
    }

    fn members(package: &[u8]) -> BTreeMap<String, Vec<u8>> {
        let mut archive = ar::Archive::new(package);
        let mut members = BTreeMap::new();
        while let Some(member) = archive.next_entry() {
            let mut member = member.unwrap();
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).unwrap();
            let name = String::from_utf8(member.header().identifier().to_vec()).unwrap();
            members.insert(name, bytes);
        }
        members
    }

    /// Name, mode and content of each entry, a link's being where it leads.
    fn listed(tar: &[u8]) -> Vec<(String, u32, String)> {
        let mut tar = tar::Archive::new(GzDecoder::new(tar));
        let entries = tar.entries().unwrap().map(|entry| {
            let mut entry = entry.unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            if let Some(to) = entry.link_name_bytes() {
                content = to.into_owned();
            }
            let content = String::from_utf8_lossy(&content).into_owned();
            let name = String::from_utf8(entry.path_bytes().to_vec()).unwrap();
            (name, entry.header().mode().unwrap(), content)
        });
        entries.collect()
    }

    #[test]
    fn a_package_tells_dpkg_its_sums_and_configuration_and_installs_folders_before_files() {
        let package = sample().package("Package: b\n", 1).unwrap();
        let members = members(&package);
        assert_eq!(members["debian-binary"], b"2.0\n");
        let told = listed(&members["control.tar.gz"]);
        let names: Vec<_> = told.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["./", "./conffiles", "./control", "./md5sums"]);
        assert_eq!(told[1].2, "/etc/default/b\n");
        // `head -c 1025 /dev/zero | tr '\0' x | md5sum`
        let sum = "41b2b8ce59ecc0c64c9c7ecaae3002c3  usr/bin/b\n";
        assert!(told[3].2.starts_with(sum), "{}", told[3].2);
        assert!(!told[3].2.contains("etc/default/b"));
        let installed = listed(&members["data.tar.gz"]);
        let names_and_modes: Vec<_> = installed
            .iter()
            .map(|(name, mode, _)| (name.as_str(), *mode))
            .collect();
        assert_eq!(
            names_and_modes,
            [
                ("./", 0o755),
                ("./etc/", 0o755),
                ("./etc/default/", 0o755),
                ("./etc/default/b", 0o644),
                ("./usr/", 0o755),
                ("./usr/bin/", 0o755),
                ("./usr/bin/a", 0o777),
                ("./usr/bin/b", 0o755),
                ("./usr/share/", 0o755),
                ("./usr/share/man/", 0o755),
                ("./usr/share/man/man1/", 0o755),
                ("./usr/share/man/man1/b.1.gz", 0o644),
            ]
        );
        assert_eq!(installed[6].2, "b", "where the link leads");
    }

    #[test]
    fn sizes_are_kibibytes_rounded_up_and_one_for_what_is_no_file() {
        // Six folders and a link, two small files, and one of a byte more than a kibibyte.
        assert_eq!(sample().installed_size(), 6 + 1 + 2 + 2 + 1);
    }

    #[test]
    fn a_name_that_would_be_cut_is_refused() {
        let mut tree = Tree::default();
        tree.file(&"x".repeat(LONGEST_NAME), "");
        assert!(tree.package("", 0).is_err());
    }
}
