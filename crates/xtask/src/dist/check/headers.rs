//! What an executable's headers say of the platform it runs on.

use anyhow::{Context as _, Result, bail, ensure};
use object::macho::{MH_EXECUTE, MachHeader64};
use object::read::macho::{LoadCommandVariant, MachHeader as _};
use object::{Architecture, BinaryFormat, Endianness, Object as _, ObjectKind};

use super::signature;
use crate::dist::platform::Platform;

/// What macOS has had at these places since 11, whose program loader refuses to start what asks for anything else.
const MACOS_LIBRARIES: [&str; 3] = [
    "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation",
    "/System/Library/Frameworks/Security.framework/Versions/A/Security",
    "/usr/lib/libSystem.B.dylib",
];

/// The oldest macOS that the executables are for: the first on arm64.
const OLDEST_MACOS: (u16, u8) = (11, 0);

/// Checks format, processor, and what the platform asks for besides; returns what was found, for people.
///
/// # Errors
///
/// Says what the executable is instead.
pub(in crate::dist) fn check(bytes: &[u8], platform: Platform) -> Result<String> {
    let (system, processor) = platform
        .name
        .split_once('-')
        .context("a platform is system and processor")?;
    let file = object::File::parse(bytes).context("no executable of a known kind")?;
    let format = match system {
        "linux" => BinaryFormat::Elf,
        "darwin" => BinaryFormat::MachO,
        "windows" => BinaryFormat::Pe,
        other => bail!("no executable format is known for {other}"),
    };
    let architecture = match processor {
        "amd64" => Architecture::X86_64,
        "arm64" => Architecture::Aarch64,
        other => bail!("no processor is known for {other}"),
    };
    ensure!(
        file.format() == format,
        "the format is {:?}, not {format:?}",
        file.format()
    );
    ensure!(
        file.architecture() == architecture,
        "the processor is {:?}, not {architecture:?}",
        file.architecture()
    );
    let size = bytes.len().div_ceil(1000);
    let more = match system {
        "linux" => {
            ensure!(
                file.imports()?.next().is_none(),
                "it needs shared libraries"
            );
            ensure!(
                file.section_by_name(".interp").is_none(),
                "it needs a dynamic linker"
            );
            "static".to_owned()
        }
        "darwin" => darwin(bytes, architecture)?,
        _ => {
            ensure!(file.kind() == ObjectKind::Executable, "it is no program");
            let mut libraries = Vec::new();
            for import in file.imports()? {
                libraries.push(String::from_utf8_lossy(import?.library()).to_lowercase());
            }
            libraries.sort();
            libraries.dedup();
            format!("needs {}", libraries.join(", "))
        }
    };
    Ok(format!("{format:?}, {architecture:?}, {size} kB, {more}"))
}

fn darwin(bytes: &[u8], architecture: Architecture) -> Result<String> {
    let header = MachHeader64::<Endianness>::parse(bytes, 0)?;
    let endian = header.endian()?;
    ensure!(header.filetype(endian) == MH_EXECUTE, "it is no program");
    let mut commands = header.load_commands(endian, bytes, 0)?;
    let (mut libraries, mut signed, mut oldest) = (Vec::new(), None, None);
    while let Some(command) = commands.next()? {
        match command.variant()? {
            LoadCommandVariant::Dylib(dylib) => {
                libraries.push(
                    String::from_utf8_lossy(command.string(endian, dylib.dylib.name)?).into_owned(),
                );
            }
            LoadCommandVariant::BuildVersion(version, _) => {
                ensure!(
                    version.platform.get(endian) == object::macho::PLATFORM_MACOS,
                    "it is not for macOS"
                );
                oldest = Some(version.minos.get(endian));
            }
            LoadCommandVariant::VersionMin(version) => {
                oldest = Some(version.version.get(endian));
            }
            LoadCommandVariant::LinkeditData(data)
                if data.cmd.get(endian) == object::macho::LC_CODE_SIGNATURE =>
            {
                let start = usize::try_from(data.dataoff.get(endian))?;
                let end = start + usize::try_from(data.datasize.get(endian))?;
                signed = Some(
                    bytes
                        .get(start..end)
                        .context("the signature lies outside of the file")?,
                );
            }
            _ => {}
        }
    }
    if let Some(library) = libraries
        .iter()
        .find(|library| !MACOS_LIBRARIES.contains(&library.as_str()))
    {
        bail!("it needs a library that not every macOS has: {library}");
    }
    let oldest = oldest.context("it does not say which macOS it is for")?;
    let oldest = (oldest.major(), oldest.minor());
    ensure!(
        oldest <= OLDEST_MACOS,
        "it is for macOS {}.{} or later, not for {}.{}",
        oldest.0,
        oldest.1,
        OLDEST_MACOS.0,
        OLDEST_MACOS.1
    );
    let signed = match signed {
        Some(signature) => {
            let pages = signature::check(bytes, signature)?;
            format!("ad-hoc signature good for {pages} pages")
        }
        // Intel Macs run what is not signed.
        None if architecture == Architecture::X86_64 => "not signed".to_owned(),
        None => bail!("it is not signed: an arm64 Mac would refuse it"),
    };
    Ok(format!(
        "needs macOS {}.{}, {}, {signed}",
        oldest.0,
        oldest.1,
        libraries.join(", ")
    ))
}
