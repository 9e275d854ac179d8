//! A browser of its own for each test, and the driver that speaks to it.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::common::command::{Command as WireCommand, ExtensionCommand};
use thirtyfour::{Capabilities, WebDriver};

use crate::Outcome;
use crate::driver::Driver;
use crate::engine::Engine;

/// Whether a browser has WebAssembly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebAssembly {
    /// As every browser of today has.
    There,
    /// Its user, or whoever manages the machine, has turned it off.
    Off,
}

/// A driver process with one browser session. Dropping it ends both.
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    // Fields are dropped in this order: the session, the driver, then the folder that they wrote into.
    session: WebDriver,
    _driver: Driver,
    _folder: TempDir,
}

impl Browser {
    /// Starts a driver on a free port and a browser with a fresh profile.
    pub async fn start(webassembly: WebAssembly) -> Outcome<Self> {
        let engine = Engine::chosen()?;
        let folder = tempfile::Builder::new().prefix("nm-browser-").tempdir()?;
        let driver = Driver::start(engine, webassembly, folder.path())?;
        let capabilities = Capabilities::from(engine.capabilities(webassembly));
        let session = WebDriver::new(driver.address(), capabilities).await?;
        session.set_script_timeout(Duration::from_secs(60)).await?;
        Ok(Self {
            engine,
            session,
            _driver: driver,
            _folder: folder,
        })
    }

    /// Which engine it is.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// The WebDriver session.
    #[must_use]
    pub fn driver(&self) -> &WebDriver {
        &self.session
    }

    /// Sets a permission for the origin of the page in front: `granted`, `denied` or `prompt`.
    pub async fn set_permission(&self, name: &str, state: &str) -> Outcome {
        let command = SetPermission {
            name: name.into(),
            state: state.into(),
        };
        self.session
            .cmd(WireCommand::ExtensionCommand(Box::new(command)))
            .await?;
        Ok(())
    }
}

/// "Set permission" of the Permissions specification's WebDriver chapter.
#[derive(Debug)]
struct SetPermission {
    name: String,
    state: String,
}

impl ExtensionCommand for SetPermission {
    fn parameters_json(&self) -> Option<Value> {
        Some(json!({ "descriptor": { "name": self.name }, "state": self.state }))
    }

    fn method(&self) -> Method {
        Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        "/permissions".into()
    }
}
