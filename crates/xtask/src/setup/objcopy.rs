//! LLVM's objcopy, which strips executables for macOS and signs them again: the usual toolchain's, else the system's.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::toolchain::{host_triple, usual_sysroot};
use super::{OBJCOPY, Setup};
use crate::process;

/// Where a program of the usual toolchain looks for the compiler's own libraries on Linux.
const LIBRARIES: &str = "LD_LIBRARY_PATH";

impl Setup {
    /// `objcopy`, without arguments.
    ///
    /// # Errors
    ///
    /// There is none, and none may be installed.
    pub(crate) fn objcopy(&self) -> Result<Command> {
        if let Some(own) = own()? {
            let mut command = process::command(own);
            command.env(LIBRARIES, usual_sysroot()?.join("lib"));
            return Ok(command);
        }
        Ok(process::command(self.tool(&OBJCOPY)?))
    }
}

/// The usual toolchain's.
pub(super) fn own() -> Result<Option<PathBuf>> {
    let own = usual_sysroot()?
        .join("lib/rustlib")
        .join(host_triple()?)
        .join("bin/rust-objcopy");
    Ok(own.exists().then_some(own))
}
