//! The archives: the same bytes for the same files, wherever and whenever they are packed.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use flate2::{Compression, GzBuilder};
use sha2::{Digest as _, Sha256};
use tar::{Builder, EntryType, Header};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The time of every entry of a tar file: the first that every archive format can hold, 1980-01-01.
pub(super) const TIME: u64 = 315_532_800;

/// Packs `folder` as `<name>/…` into a gzipped tar file.
///
/// `executable` says which files, by their path below the folder, may be run; the file system is not asked.
pub(crate) fn pack(
    folder: &Path,
    name: &str,
    archive: &Path,
    executable: impl Fn(&Path) -> bool,
) -> Result<()> {
    let file = File::create(archive).with_context(|| archive.display().to_string())?;
    // No name and no time in the gzip header.
    let gzip = GzBuilder::new()
        .mtime(0)
        .write(BufWriter::new(file), Compression::best());
    let mut tar = Builder::new(gzip);
    append(&mut tar, Path::new(name), EntryType::Directory, 0o755, &[])?;
    for below in entries(folder)? {
        let inside = Path::new(name).join(&below);
        let outside = folder.join(&below);
        if outside.is_dir() {
            append(&mut tar, &inside, EntryType::Directory, 0o755, &[])?;
        } else {
            let mode = if executable(&below) { 0o755 } else { 0o644 };
            append(
                &mut tar,
                &inside,
                EntryType::Regular,
                mode,
                &fs::read(outside)?,
            )?;
        }
    }
    tar.into_inner()?.finish()?.flush()?;
    Ok(())
}

/// Packs `folder` as `<name>/…` into a zip file, for whoever installs by unpacking.
pub(crate) fn pack_zip(folder: &Path, name: &str, archive: &Path) -> Result<()> {
    let file = File::create(archive).with_context(|| archive.display().to_string())?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let options = SimpleFileOptions::default()
        // 1980-01-01.
        .last_modified_time(DateTime::default())
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9));
    for below in entries(folder)? {
        // With slashes on every system.
        let parts = below.iter().map(|part| part.to_string_lossy());
        let inside = parts.fold(name.to_owned(), |path, part| path + "/" + &*part);
        let outside = folder.join(&below);
        if outside.is_dir() {
            zip.add_directory(inside, options.unix_permissions(0o755))?;
        } else {
            zip.start_file(inside, options.unix_permissions(0o644))?;
            zip.write_all(&fs::read(outside)?)?;
        }
    }
    zip.finish()?.flush()?;
    Ok(())
}

fn append(
    tar: &mut Builder<impl std::io::Write>,
    path: &Path,
    kind: EntryType,
    mode: u32,
    bytes: &[u8],
) -> Result<()> {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(TIME);
    header.set_size(bytes.len().try_into()?);
    tar.append_data(&mut header, path, bytes)?;
    Ok(())
}

/// All files and folders below a folder, relative to it, sorted; a folder comes before what is in it.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    fn walk(folder: &Path, below: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
        for entry in fs::read_dir(folder.join(below))
            .with_context(|| folder.join(below).display().to_string())?
        {
            let entry = entry?;
            let path = below.join(entry.file_name());
            found.push(path.clone());
            if entry.file_type()?.is_dir() {
                walk(folder, &path, found)?;
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, Path::new(""), &mut found)?;
    found.sort();
    Ok(found)
}

/// Writes `<archive>.sha256` as `sha256sum --check` reads it, and returns the sum.
pub(crate) fn write_sum(archive: &Path) -> Result<String> {
    let sum = hexadecimal(&Sha256::digest(fs::read(archive)?));
    let name = archive
        .file_name()
        .context("the archive has no name")?
        .to_string_lossy();
    let mut beside = archive.as_os_str().to_owned();
    beside.push(".sha256");
    fs::write(beside, format!("{sum}  {name}\n"))?;
    Ok(sum)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::{Duration, SystemTime};

    use super::*;

    fn folder(order: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for path in order {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, path.file_name().unwrap().as_encoded_bytes()).unwrap();
        }
        folder
    }

    /// Makes the file a day older.
    fn age(path: &Path) {
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(86_400))
            .unwrap();
    }

    #[test]
    fn the_same_files_give_the_same_bytes_whatever_their_times_modes_and_order() {
        let first = folder(&["a/x", "b", "a/plugin"]);
        let second = folder(&["a/plugin", "b", "a/x"]);
        age(&second.path().join("b"));
        fs::set_permissions(second.path().join("a/x"), fs::Permissions::from_mode(0o700)).unwrap();
        let out = tempfile::tempdir().unwrap();
        let packed = [first, second].map(|folder| {
            let archive = out.path().join("bundle.tar.gz");
            pack(folder.path(), "notifymatters", &archive, |path| {
                path.ends_with("plugin")
            })
            .unwrap();
            fs::read(archive).unwrap()
        });
        assert_eq!(packed[0], packed[1]);
    }

    #[test]
    fn zip_files_are_the_same_bytes_too_and_hold_one_folder() {
        let first = folder(&["php/x", "b"]);
        let second = folder(&["b", "php/x"]);
        age(&second.path().join("b"));
        fs::set_permissions(
            second.path().join("php/x"),
            fs::Permissions::from_mode(0o700),
        )
        .unwrap();
        let out = tempfile::tempdir().unwrap();
        let archive = out.path().join("plugin.zip");
        let packed = [first, second].map(|folder| {
            pack_zip(folder.path(), "mattermost", &archive).unwrap();
            fs::read(&archive).unwrap()
        });
        assert_eq!(packed[0], packed[1]);
        let mut zip = zip::ZipArchive::new(File::open(archive).unwrap()).unwrap();
        let entries: Vec<_> = (0..zip.len())
            .map(|index| {
                let entry = zip.by_index(index).unwrap();
                (
                    entry.name().unwrap().into_owned(),
                    entry.unix_mode().unwrap() & 0o777,
                )
            })
            .collect();
        let expected = [
            ("mattermost/b", 0o644),
            ("mattermost/php/", 0o755),
            ("mattermost/php/x", 0o644),
        ];
        assert_eq!(
            entries,
            expected.map(|(name, mode)| (name.to_owned(), mode))
        );
    }

    #[test]
    fn entries_are_in_one_folder_sorted_and_only_executables_may_be_run() {
        let source = folder(&["b", "a/plugin"]);
        let out = tempfile::tempdir().unwrap();
        let archive = out.path().join("bundle.tar.gz");
        pack(source.path(), "notifymatters", &archive, |path| {
            path.ends_with("plugin")
        })
        .unwrap();
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(File::open(archive).unwrap()));
        let entries: Vec<_> = tar
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                (
                    entry.path().unwrap().display().to_string(),
                    entry.header().mode().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            entries,
            [
                ("notifymatters".to_owned(), 0o755),
                ("notifymatters/a".to_owned(), 0o755),
                ("notifymatters/a/plugin".to_owned(), 0o755),
                ("notifymatters/b".to_owned(), 0o644),
            ]
        );
    }

    #[test]
    fn the_sum_is_written_as_sha256sum_reads_it() {
        let out = tempfile::tempdir().unwrap();
        let archive = out.path().join("abc.tar.gz");
        fs::write(&archive, "abc").unwrap();
        // The first example of FIPS 180-2, appendix B.1.
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(write_sum(&archive).unwrap(), sum);
        let written = fs::read_to_string(out.path().join("abc.tar.gz.sha256")).unwrap();
        assert_eq!(written, format!("{sum}  abc.tar.gz\n"));
    }
}
