//! The few calls of Mattermost's REST API (version 4) that a deployment takes.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use serde::Deserialize;
use serde_json::json;
use ureq::http::{Response, StatusCode};
use ureq::unversioned::multipart::{Form, Part};
use ureq::{Agent, Body, RequestBuilder, ResponseExt as _};

use super::credentials::{Credentials, Secret};
use super::refusal::{PluginSettings, Refusal, Step, closed, line, redirected};
use super::site::Site;
use super::start::{PluginStatus, Start};

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
        let ClientConfig { version } = serde_json::from_str(&answer).map_err(|_| {
            let said = line(&answer);
            anyhow!(
                "{} does not answer like a Mattermost server, but with {said}: is it the right address, and does \
                 something in front of it ask for a login of its own?",
                self.site
            )
        })?;
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

    /// Uploads the bundle; `force` replaces the plugin of the same id, and starts it where that one ran.
    pub(super) fn upload(&self, id: &str, bundle: &[u8]) -> Result<()> {
        let step = Step::Upload {
            bytes: bundle.len(),
        };
        let name = format!("{id}.tar.gz");
        let part = Part::bytes(bundle)
            .file_name(&name)
            .mime_str("application/gzip")?;
        let form = Form::new().text("force", "true").part("plugin", part);
        let request = self.agent.post(self.site.api("plugins"));
        let response = self.sent(step, self.authorized(request).send(form))?;
        match self.answered(response)? {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.is_closed() => {
                bail!("{}: {}", self.site, closed(self.plugin_settings().as_ref()))
            }
            Err(refusal) => {
                // The server says only that it did not start; why, it says of the plugin's state.
                if refusal.is_failed_restart()
                    && let Ok(Start::Failed(why)) = self.start(id)
                {
                    bail!("{}: {why}", self.site);
                }
                Err(self.refused(step, &refusal))
            }
        }
    }

    /// The settings on which an upload depends, where this account may read them.
    fn plugin_settings(&self) -> Option<PluginSettings> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Config {
            plugin_settings: PluginSettings,
        }
        let request = self.agent.get(self.site.api("config"));
        let response = self.authorized(request).call().ok()?;
        let answer = self.answered(response).ok()?.ok()?;
        let config: Config = serde_json::from_str(&answer).ok()?;
        Some(config.plugin_settings)
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
            match self.start(id)? {
                Start::Running => return Ok(()),
                Start::Failed(why) => bail!("{}: {why}", self.site),
                Start::Waiting(why) if begun.elapsed() > START_TIMEOUT => {
                    bail!("{}: after {} s {why}", self.site, START_TIMEOUT.as_secs());
                }
                Start::Waiting(_) => thread::sleep(STATUS_PAUSE),
            }
        }
    }

    fn start(&self, id: &str) -> Result<Start> {
        let request = self.agent.get(self.site.api("plugins/statuses"));
        let answer = self.finish(Step::ReadStatus, self.authorized(request).call())?;
        let statuses: Vec<PluginStatus> =
            serde_json::from_str(&answer).context("the list of plugins")?;
        Ok(Start::of(id, &statuses))
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
        result.map_err(|error| match (step, error) {
            (_, ureq::Error::Timeout(_)) => anyhow!(
                "{} did not {step} within {} s",
                self.site,
                CALL_TIMEOUT.as_secs()
            ),
            (Step::Upload { bytes }, error) => anyhow!(
                "the connection to {} broke while {} kB were on their way ({error}): something in front of Mattermost \
                 may take no file of this size (nginx takes 1 MB unless client_max_body_size says more)",
                self.site,
                bytes.div_ceil(1000)
            ),
            (_, error) => anyhow!("{} cannot be reached: {error}", self.site),
        })
    }

    fn accepted(&self, step: Step, response: Response<Body>) -> Result<String> {
        self.answered(response)?
            .map_err(|refusal| self.refused(step, &refusal))
    }

    /// The body of a successful answer, or the refusal.
    fn answered(&self, mut response: Response<Body>) -> Result<Result<String, Refusal>> {
        let status = response.status();
        let header = |name| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        if status.is_redirection() {
            let from = response.get_uri().to_string();
            let to = header("Location");
            bail!("{} {}", self.site, redirected(&from, to.as_deref()));
        }
        let login = header("WWW-Authenticate");
        let body = response
            .body_mut()
            .with_config()
            .limit(MAX_ANSWER_BYTES)
            .read_to_string()
            .unwrap_or_default();
        if status == StatusCode::OK || status == StatusCode::CREATED {
            return Ok(Ok(body));
        }
        Ok(Err(Refusal::parse(
            status.as_u16(),
            login.as_deref(),
            &body,
        )))
    }

    fn refused(&self, step: Step, refusal: &Refusal) -> anyhow::Error {
        let explanation = refusal.explain(step);
        let explanation = match &self.token {
            Some(token) => token.redact(&explanation),
            None => explanation,
        };
        anyhow!("{}: {explanation}", self.site)
    }
}

/// The first two numbers of a version, which is what a plugin's minimum is about.
fn number(version: &str) -> (u32, u32) {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}
