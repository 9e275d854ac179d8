//! Libraries of other systems that are linked with and that Zig does not bring: what a linker wants to know of them.

use std::fs;
use std::path::Path;

use anyhow::Result;

/// Where they are, below the project's root.
pub(super) const FOLDER: &str = "target/xtask/stubs";

/// What to do where the linker finds a symbol undefined.
pub(crate) const ADVICE: &str = "where the linker for macOS misses a symbol of one of Apple's frameworks, add it to \
     crates/xtask/src/setup/stubs.rs if macOS 11 has it (https://developer.apple.com/documentation)";

/// Debian's compiler for Windows links GCC's stack protector, which Zig has built in: empty archives stand in.
const STACK_PROTECTOR: [&str; 2] = ["libssp.a", "libssp_nonshared.a"];

/// The file signature of ar(5), and no member.
const EMPTY_ARCHIVE: &str = "!<arch>\n";

/// A framework of macOS, with those of its symbols that our programs use.
struct Framework {
    name: &'static str,
    symbols: &'static [&'static str],
}

/// What `rustls-platform-verifier` verifies certificates with, as the keychain says. All of it is older than macOS 11.
const FRAMEWORKS: [Framework; 2] = [
    Framework {
        name: "CoreFoundation",
        symbols: &[
            "_CFArrayCreate",
            "_CFDataCreate",
            "_CFDateCreate",
            "_CFErrorCopyDescription",
            "_CFErrorGetCode",
            "_CFRelease",
            "_CFStringCreateWithBytes",
            "_CFStringGetBytes",
            "_CFStringGetCStringPtr",
            "_CFStringGetLength",
            "_kCFAbsoluteTimeIntervalSince1970",
            "_kCFAllocatorDefault",
            "_kCFTypeArrayCallBacks",
        ],
    },
    Framework {
        name: "Security",
        symbols: &[
            "_SecCertificateCopySubjectSummary",
            "_SecCertificateCreateWithData",
            "_SecCopyErrorMessageString",
            "_SecPolicyCreateSSL",
            "_SecTrustCreateWithCertificates",
            "_SecTrustEvaluateWithError",
            "_SecTrustSetAnchorCertificates",
            "_SecTrustSetAnchorCertificatesOnly",
            "_SecTrustSetOCSPResponse",
            "_SecTrustSetVerifyDate",
        ],
    },
];

impl Framework {
    /// As LLVM's TextAPI reads it, version 4: which library to load, and which symbols it has.
    fn text(&self) -> String {
        const TARGETS: &str = "[ x86_64-macos, arm64-macos ]";
        format!(
            "--- !tapi-tbd\ntbd-version: 4\ntargets: {TARGETS}\n\
             install-name: '/System/Library/Frameworks/{name}.framework/Versions/A/{name}'\n\
             exports:\n  - targets: {TARGETS}\n    symbols: [ {symbols} ]\n...\n",
            name = self.name,
            symbols = self.symbols.join(", "),
        )
    }
}

/// Writes them into the folder, as they are today.
pub(super) fn write(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for name in STACK_PROTECTOR {
        fs::write(folder.join(name), EMPTY_ARCHIVE)?;
    }
    for framework in &FRAMEWORKS {
        let inside = folder.join(format!("{}.framework", framework.name));
        fs::create_dir_all(&inside)?;
        fs::write(
            inside.join(format!("{}.tbd", framework.name)),
            framework.text(),
        )?;
    }
    Ok(())
}
