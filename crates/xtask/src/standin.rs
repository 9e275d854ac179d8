//! The stand-in Mattermost: built from `tests/standin`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::setup::Setup;
use crate::test::go;

/// The stand-in's executable.
#[derive(Debug)]
pub(crate) struct Standin {
    executable: PathBuf,
}

impl Standin {
    /// Builds it, or finds it unchanged: Go keeps what it has built.
    pub(crate) fn build(setup: &Setup) -> Result<Self> {
        let executable = setup.project().scratch("standin");
        let module = setup.project().path("tests/standin");
        process::run(
            go(setup, &module)?
                .args(["build", "-o"])
                .arg(&executable)
                .arg("./cmd/standin"),
        )?;
        Ok(Self { executable })
    }

    pub(crate) fn executable(&self) -> &Path {
        &self.executable
    }

    /// The stand-in with this bundle.
    pub(crate) fn command(&self, bundle: &Path) -> Command {
        let mut command = process::command(&self.executable);
        command.arg("--bundle").arg(bundle);
        command
    }
}
