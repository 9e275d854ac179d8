//! The stand-in Mattermost as a child process, and its control interface.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::Context;
use serde_json::{Value, json};

use crate::{Outcome, variable};

/// The npm packages of the System Console's page; `cargo xtask test` installs them.
const REACT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../standin/internal/systemconsole/node_modules"
);

/// The host package; `cargo xtask test` builds it.
const HOST_PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../host");

/// Which Mattermost the stand-in is.
#[derive(Debug, Clone)]
pub struct Options {
    /// 9, 10 or 11: how its page notifies and in which order it loads plugins.
    pub generation: u8,
    /// Where it lies on its host: `""` or for example `"/chat"`.
    pub subpath: &'static str,
    /// The plugin's setting at the start; `{port}` becomes the port in use.
    pub trusted_origin: String,
    /// Whether all pages are served by https.
    pub https: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            generation: 11,
            subpath: "",
            trusted_origin: "http://mail.example.localhost:{port}".into(),
            https: false,
        }
    }
}

/// A running stand-in. Dropping it ends it, and with it the plugin.
#[derive(Debug)]
pub struct Standin {
    process: Child,
    /// The port of all virtual hosts.
    pub port: u16,
    control: String,
    subpath: &'static str,
    https: bool,
}

impl Standin {
    /// Starts one with the built bundle and waits until it listens.
    pub fn start(options: &Options) -> Outcome<Self> {
        let generation = options.generation.to_string();
        let https = format!("--https={}", options.https);
        let (process, line) = launch(&[
            "--subpath",
            options.subpath,
            "--generation",
            &generation,
            "--trusted-origin",
            &options.trusted_origin,
            "--react",
            REACT,
            &https,
        ])?;
        let ready: Value = serde_json::from_str(&line).context("the stand-in did not start")?;
        let port = ready["port"]
            .as_u64()
            .and_then(|port| u16::try_from(port).ok())
            .context("no port")?;
        let control = ready["control"]
            .as_str()
            .context("no control address")?
            .to_owned();
        Ok(Self {
            process,
            port,
            control,
            subpath: options.subpath,
            https: options.https,
        })
    }

    /// The Mattermost's address, with the subpath and a slash at the end.
    #[must_use]
    pub fn site(&self) -> String {
        format!("{}{}/", self.origin("chat.example.localhost"), self.subpath)
    }

    /// The origin of a virtual host.
    #[must_use]
    pub fn origin(&self, host: &str) -> String {
        let scheme = if self.https { "https" } else { "http" };
        format!("{scheme}://{host}:{}", self.port)
    }

    /// Gives an order on the control interface.
    pub fn order(&self, path: &str, order: &Value) -> Outcome {
        let url = format!("{}{path}", self.control);
        ureq::post(&url)
            .send_json(order)
            .with_context(|| format!("{path} {order}"))?;
        Ok(())
    }

    /// Reads from the control interface.
    pub fn ask(&self, path: &str) -> Outcome<Value> {
        Ok(ureq::get(format!("{}{path}", self.control))
            .call()?
            .body_mut()
            .read_json()?)
    }

    /// Somebody writes to Anna in the channel Design.
    pub fn mention(&self, message: &str) -> Outcome {
        self.order("/mention", &json!({ "message": message }))
    }

    /// Saves another value of the setting.
    pub fn trust(&self, origins: &str) -> Outcome {
        self.order("/settings", &json!({ "trustedorigin": origins }))
    }

    /// The paths of the requests so far that contain the words, with their status.
    pub fn requests(&self, words: &str) -> Outcome<Vec<(String, u64)>> {
        let seen = self.ask("/requests")?;
        Ok(seen
            .as_array()
            .into_iter()
            .flatten()
            .map(|request| {
                (
                    request["path"].as_str().unwrap_or_default().to_owned(),
                    request["status"].as_u64().unwrap_or(0),
                )
            })
            .filter(|(path, _)| path.contains(words))
            .collect())
    }
}

impl Drop for Standin {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

/// A running demo: the stand-in with its demo's pages, without a control interface.
#[derive(Debug)]
pub struct Demo {
    process: Child,
    /// The one address to open.
    pub address: String,
}

impl Demo {
    /// Starts it with the built bundle.
    pub fn start() -> Outcome<Self> {
        let (process, line) = launch(&["--demo"])?;
        let address = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"));
        Ok(Self {
            address: address.context("the demo names no address")?.to_owned(),
            process,
        })
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

/// Starts the stand-in with the built bundle and reads the line by which it says that it is ready.
fn launch(arguments: &[&str]) -> Outcome<(Child, String)> {
    let bundle = variable("NOTIFYMATTERS_BUNDLE")?;
    let executable = variable("NOTIFYMATTERS_STANDIN")?;
    let mut process = Command::new(&executable)
        .args(["--bundle", &bundle, "--host-package", HOST_PACKAGE])
        .args(arguments)
        // It ends when this pipe is closed, also if this process is killed.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("start {executable}"))?;
    let mut line = String::new();
    let stdout = process
        .stdout
        .take()
        .context("the stand-in has no stdout")?;
    BufReader::new(stdout).read_line(&mut line)?;
    Ok((process, line))
}

fn end(process: &mut Child) {
    drop(process.stdin.take());
    let _ = process.wait();
}
