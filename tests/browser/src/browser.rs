//! A browser of its own for each test, and the driver that speaks to it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::common::command::{Command as WireCommand, ExtensionCommand};
use thirtyfour::{CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};

use crate::Outcome;

/// Runs the driver until it ends or standard input is closed, and takes its browser with it.
///
/// A test process that is killed runs no destructor; its pipe is closed all the same.
const UNTIL_STDIN_CLOSES: &str = r#"setsid "$@" & driver=$!
read -r _
kill -TERM -"$driver"
wait "$driver""#;

/// What Chromium needs to run as root in a container, and to leave the network alone.
const CHROMIUM_FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Timers of pages that are not in front run as in one that is.
    "--disable-background-timer-throttling",
];

/// A driver process with one browser session. Dropping it ends both.
#[derive(Debug)]
pub struct Browser {
    // Fields are dropped in this order: the session, the driver, then the folder that they wrote into.
    driver: WebDriver,
    _process: DriverProcess,
    _folder: TempDir,
}

#[derive(Debug)]
struct DriverProcess(Child);

impl Drop for DriverProcess {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

impl Browser {
    /// Starts a driver on a free port and a browser with a fresh profile.
    pub async fn start() -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("nm-browser-").tempdir()?;
        let executable = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into());
        let mut process = Command::new("sh")
            .args(["-c", UNTIL_STDIN_CLOSES, "sh", &executable, "--port=0"])
            .env("TMPDIR", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("start {executable}"))?;
        let stdout = process.stdout.take().context("the driver has no stdout")?;
        let process = DriverProcess(process);
        let mut lines = BufReader::new(stdout).lines();
        let port = loop {
            let line = lines
                .next()
                .with_context(|| format!("{executable} did not start"))??;
            if let Some(port) = line.strip_prefix("ChromeDriver was started successfully on port ")
            {
                break port.trim_end_matches('.').to_owned();
            }
        };

        let mut capabilities = DesiredCapabilities::chrome();
        for flag in CHROMIUM_FLAGS {
            capabilities.add_arg(flag)?;
        }
        let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".into());
        capabilities.set_binary(&browser)?;
        capabilities.set("goog:loggingPrefs", json!({ "browser": "ALL" }))?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await?;
        driver.set_script_timeout(Duration::from_secs(60)).await?;
        Ok(Self {
            driver,
            _process: process,
            _folder: folder,
        })
    }

    /// The WebDriver session.
    #[must_use]
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Sets a permission for the origin of the page in front: `granted`, `denied` or `prompt`.
    pub async fn set_permission(&self, name: &str, state: &str) -> Outcome {
        let command = SetPermission {
            name: name.into(),
            state: state.into(),
        };
        self.driver
            .cmd(WireCommand::ExtensionCommand(Box::new(command)))
            .await?;
        Ok(())
    }

    /// What pages wrote to the console, with its level, since it was last asked.
    pub async fn console(&self) -> Outcome<Vec<(String, String)>> {
        let entries = self.driver.browser_log().await?;
        Ok(entries
            .into_iter()
            .map(|entry| (entry.level, entry.message))
            .collect())
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
