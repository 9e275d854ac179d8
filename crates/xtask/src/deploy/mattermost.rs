//! The few calls of Mattermost's REST API (version 4) that a deployment takes.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use serde::Deserialize;
use serde_json::json;
use ureq::http::{Response, StatusCode};
use ureq::unversioned::multipart::{Form, Part};
use ureq::{Agent, Body, RequestBuilder};

use super::credentials::{Credentials, Secret};
use super::refusal::{Refusal, Step};
use super::site::Site;

/// A server's answer to one call; an upload to a slow disk takes a while.
const CALL_TIMEOUT: Duration = Duration::from_secs(120);

/// Starting a plugin takes a second at most; a cluster's other nodes fetch the bundle first.
const START_TIMEOUT: Duration = Duration::from_secs(60);
const STATUS_PAUSE: Duration = Duration::from_millis(250);

/// No answer that is read here is longer than this.
const MAX_ANSWER_BYTES: u64 = 1024 * 1024;

/// One server, with the session that its calls carry.
#[derive(Debug)]
pub(super) struct Mattermost {
    agent: Agent,
    site: Site,
    token: Option<Secret>,
}

/// What has to be done when the work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Session {
    /// Was there before: a personal access token.
    Lent,
    /// Was opened here.
    Opened,
}

#[derive(Deserialize)]
struct PluginStatus {
    plugin_id: String,
    state: u8,
}

/// `model.PluginState…`, the same numbers from 5.39 to 11.
const STATE_RUNNING: u8 = 2;
const STATE_FAILED_TO_START: u8 = 3;
const STATE_FAILED_TO_STAY_RUNNING: u8 = 4;

impl Mattermost {
    pub(super) fn connect(site: &Site) -> Result<Self> {
        let config = Agent::config_builder()
            .timeout_global(Some(CALL_TIMEOUT))
            .http_status_as_error(false)
            // A redirected POST would arrive as a GET, and credentials would travel where nobody named.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .tls_config(
                ureq::tls::TlsConfig::builder()
                    // Organisations sign their servers' certificates themselves.
                    .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                    .build(),
            )
            .build();
        Ok(Self {
            agent: config.into(),
            site: site.clone(),
            token: None,
        })
    }

    /// Reads the server's version and compares it with the manifest's `min_server_version`.
    pub(super) fn require_version(&self, min_server_version: &str) -> Result<String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct ClientConfig {
            version: String,
        }
        let request = self.agent.get(self.site.api("config/client?format=old"));
        let answer = self.finish(Step::ReadVersion, request.call())?;
        let ClientConfig { version } = serde_json::from_str(&answer)
            .map_err(|_| anyhow!("{} does not answer like a Mattermost server", self.site))?;
        if number(&version) < number(min_server_version) {
            bail!(
                "{} is Mattermost {version}, the plugin needs {min_server_version} or later",
                self.site
            );
        }
        Ok(version)
    }

    pub(super) fn authenticate(&mut self, credentials: &Credentials) -> Result<Session> {
        match credentials {
            Credentials::Token(token) => {
                self.token = Some(token.clone());
                let request = self.agent.get(self.site.api("users/me"));
                self.finish(Step::CheckToken, self.authorized(request).call())?;
                Ok(Session::Lent)
            }
            Credentials::Password { username, password } => {
                let request = self.agent.post(self.site.api("users/login"));
                let login = json!({ "login_id": username, "password": password.reveal() });
                let response = self.sent(Step::LogIn, request.send_json(login))?;
                let token = response
                    .headers()
                    .get("Token")
                    .and_then(|token| token.to_str().ok())
                    .map(Secret::new);
                self.accepted(Step::LogIn, response)
                    .map_err(|error| anyhow!(password.redact(&format!("{error:#}"))))?;
                self.token = Some(token.context("the server logged in without a session token")?);
                Ok(Session::Opened)
            }
        }
    }

    pub(super) fn end(&self, session: Session) -> Result<()> {
        if session == Session::Opened {
            let request = self.agent.post(self.site.api("users/logout"));
            self.finish(Step::LogOut, self.authorized(request).send_empty())?;
        }
        Ok(())
    }

    /// Uploads the bundle; `force` replaces the plugin of the same id.
    pub(super) fn upload(&self, id: &str, bundle: &[u8]) -> Result<()> {
        let name = format!("{id}.tar.gz");
        let part = Part::bytes(bundle)
            .file_name(&name)
            .mime_str("application/gzip")?;
        let form = Form::new().text("force", "true").part("plugin", part);
        let request = self.agent.post(self.site.api("plugins"));
        self.finish(Step::Upload, self.authorized(request).send(form))?;
        Ok(())
    }

    pub(super) fn enable(&self, id: &str) -> Result<()> {
        let request = self
            .agent
            .post(self.site.api(&format!("plugins/{id}/enable")));
        self.finish(Step::Enable, self.authorized(request).send_empty())?;
        Ok(())
    }

    pub(super) fn wait_until_running(&self, id: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            let request = self.agent.get(self.site.api("plugins/statuses"));
            let answer = self.finish(Step::ReadStatus, self.authorized(request).call())?;
            let statuses: Vec<PluginStatus> =
                serde_json::from_str(&answer).context("the list of plugins")?;
            // One a node of a cluster.
            let states: Vec<u8> = statuses
                .iter()
                .filter(|status| status.plugin_id == id)
                .map(|status| status.state)
                .collect();
            if !states.is_empty() && states.iter().all(|state| *state == STATE_RUNNING) {
                return Ok(());
            }
            if states
                .iter()
                .any(|state| matches!(*state, STATE_FAILED_TO_START | STATE_FAILED_TO_STAY_RUNNING))
            {
                bail!(
                    "the server could not start {id}: its log says why (System Console, Server Logs)"
                );
            }
            if begun.elapsed() > START_TIMEOUT {
                bail!(
                    "{id} does not run after {} s: the server's log may say why",
                    START_TIMEOUT.as_secs()
                );
            }
            thread::sleep(STATUS_PAUSE);
        }
    }

    fn authorized<Kind>(&self, request: RequestBuilder<Kind>) -> RequestBuilder<Kind> {
        match &self.token {
            Some(token) => request.header("Authorization", format!("Bearer {}", token.reveal())),
            None => request,
        }
    }

    fn finish(&self, step: Step, result: Result<Response<Body>, ureq::Error>) -> Result<String> {
        let response = self.sent(step, result)?;
        self.accepted(step, response)
    }

    fn sent(
        &self,
        step: Step,
        result: Result<Response<Body>, ureq::Error>,
    ) -> Result<Response<Body>> {
        result.map_err(|error| match error {
            ureq::Error::Timeout(_) => anyhow!(
                "{} did not {step} within {} s",
                self.site,
                CALL_TIMEOUT.as_secs()
            ),
            error => anyhow!("{} cannot be reached: {error}", self.site),
        })
    }

    /// The body of a successful answer, or what the refusal means.
    fn accepted(&self, step: Step, mut response: Response<Body>) -> Result<String> {
        let status = response.status();
        if status.is_redirection() {
            let target = response
                .headers()
                .get("Location")
                .and_then(|to| to.to_str().ok());
            bail!(
                "{} sends to {}: set MM_SERVICESETTINGS_SITEURL to the address that people use",
                self.site,
                target.unwrap_or("another address")
            );
        }
        let body = response
            .body_mut()
            .with_config()
            .limit(MAX_ANSWER_BYTES)
            .read_to_string()
            .unwrap_or_default();
        if status == StatusCode::OK || status == StatusCode::CREATED {
            return Ok(body);
        }
        let explanation = Refusal::parse(status.as_u16(), &body).explain(step);
        let explanation = match &self.token {
            Some(token) => token.redact(&explanation),
            None => explanation,
        };
        bail!("{}: {explanation}", self.site)
    }
}

/// The first two numbers of a version, which is what a plugin's minimum is about.
fn number(version: &str) -> (u32, u32) {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}
