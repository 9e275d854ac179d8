//! A browser for each test, and the driver that speaks to it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::{Command as WireCommand, ExtensionCommand};
use thirtyfour::{Capabilities, WebDriver};

use crate::Outcome;
use crate::driver::Driver;
use crate::engine::Engine;

/// Names a folder for pictures, such as those of the documentation; without it none are taken.
pub const PICTURES: &str = "NOTIFYMATTERS_PICTURES";

/// How long a command may take: longer than any script may run.
const ANSWER: Duration = Duration::from_secs(120);

/// Whether a browser has WebAssembly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebAssembly {
    /// As every browser of today has.
    There,
    /// Its user, or whoever manages the machine, has turned it off.
    Off,
}

/// Browsers that a test has left, for the next: to start one takes longer than most tests.
static LEFT: Mutex<Vec<Running>> = Mutex::new(Vec::new());

/// A driver process with one browser session, which nobody else uses meanwhile.
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    running: Running,
    /// Whether another test may have it afterwards.
    is_shared: bool,
}

/// Ends with the last clone: the session before the driver.
#[derive(Debug, Clone)]
struct Running {
    session: WebDriver,
    _driver: Arc<Driver>,
}

impl Browser {
    /// Starts a browser with a fresh profile, which ends with this value.
    pub async fn start(webassembly: WebAssembly) -> Outcome<Self> {
        let engine = Engine::chosen()?;
        Ok(Self {
            engine,
            running: Running::start(engine, webassembly).await?,
            is_shared: false,
        })
    }

    /// A browser with one empty window: one that an earlier test has left, or a new one. What else a browser keeps it keeps by
    /// origin, and each stand-in has origins of its own; only cookies know no port, and no stand-in takes another's.
    pub async fn shared() -> Outcome<Self> {
        let engine = Engine::chosen()?;
        let left = LEFT.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let running = match left {
            Some(running) if running.clear().await.is_ok() => running,
            // One that does not answer as it should ends, and with it whatever the earlier test did to it.
            _ => Running::start(engine, WebAssembly::There).await?,
        };
        Ok(Self {
            engine,
            running,
            is_shared: true,
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
        &self.running.session
    }

    /// Takes a picture of the page in front, if pictures are wanted.
    pub async fn picture(&self, name: &str) -> Outcome {
        if let Ok(folder) = std::env::var(PICTURES) {
            self.driver()
                .screenshot(&Path::new(&folder).join(name))
                .await?;
        }
        Ok(())
    }

    /// Sets a permission for the origin of the page in front: `granted`, `denied` or `prompt`.
    pub async fn set_permission(&self, name: &str, state: &str) -> Outcome {
        let command = SetPermission {
            name: name.into(),
            state: state.into(),
        };
        self.running
            .session
            .cmd(WireCommand::ExtensionCommand(Box::new(command)))
            .await?;
        Ok(())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if self.is_shared {
            let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
            left.push(self.running.clone());
        }
    }
}

impl Running {
    /// Starts a driver on a free port and a browser with a fresh profile.
    async fn start(engine: Engine, webassembly: WebAssembly) -> Outcome<Self> {
        let driver = Driver::start(engine, webassembly)?;
        let capabilities = Capabilities::from(engine.capabilities(webassembly));
        let session = WebDriver::builder(driver.address(), capabilities)
            .client(client()?)
            .await?;
        session.set_script_timeout(Duration::from_secs(60)).await?;
        Ok(Self {
            session,
            _driver: Arc::new(driver),
        })
    }

    /// Closes what an earlier test has opened.
    async fn clear(&self) -> Outcome {
        let old = self.session.windows().await?;
        let front = old.first().context("a browser without a window")?;
        self.session.switch_to_window(front.clone()).await?;
        let fresh = self.session.new_window().await?;
        for window in old {
            self.session.switch_to_window(window).await?;
            self.session.close_window().await?;
        }
        self.session.switch_to_window(fresh).await?;
        Ok(())
    }
}

/// What sends the commands: each over a connection of its own.
///
/// A connection that is kept is served by the runtime that opened it. That of an earlier test ends at any moment, and takes
/// with it the command that is just being sent.
fn client() -> Outcome<reqwest::Client> {
    Ok(reqwest::Client::builder()
        .pool_max_idle_per_host(0)
        .timeout(ANSWER)
        .build()?)
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
