//! Mattermost's REST API (version 4), as a system administrator.
//!
//! Answers are bounded, and shown as text without control characters; no redirect is followed, because a redirected
//! POST would arrive as a GET, and a token would travel where nobody named.

mod credentials;
mod local;
mod refusal;
mod settings;
mod team;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use ureq::http::{Response, StatusCode};
use ureq::typestate::WithBody;
use ureq::unversioned::multipart::Form;
use ureq::{Agent, Body, RequestBuilder, ResponseExt as _};

pub(crate) use self::credentials::{Credentials, ENVIRONMENT, Login, Secret, Site, ask};
use self::refusal::redirected;
pub(crate) use self::refusal::{Refusal, Step, line};
pub(crate) use self::settings::{Change, Settings, shown};
pub(crate) use self::team::{Team, TeamName};
use crate::client::{Connection, agent, unreached};
use crate::exit::{Failure, say};
use notifymatters_findings::address::Address;
use notifymatters_findings::facts::Unreached;
use notifymatters_findings::text::plain;
use notifymatters_findings::version::{OLDEST, Version};

/// A server's answer to one call; an upload to a slow disk takes a while.
const CALL_TIMEOUT: Duration = Duration::from_secs(120);

/// A configuration has some 30 kB, with the settings of many plugins ten times that.
const MAX_ANSWER_BYTES: u64 = 4 * 1024 * 1024;

/// One server, with the session that calls carry; a session that was opened here ends with it.
#[derive(Debug)]
pub(crate) struct Rest {
    agent: Agent,
    address: Address,
    /// The way to it, where that is not the network.
    socket: Option<PathBuf>,
    token: Option<Secret>,
    opened: bool,
    /// What a server may repeat and nobody is to see.
    secrets: Mutex<Vec<Secret>>,
}

/// Why a call failed, as a sentence for whoever asked for it.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) message: String,
    /// What was answered, where there was an answer.
    pub(crate) refusal: Option<Box<Refusal>>,
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::could_not_look(trouble.message)
    }
}

const SAY_VERSION: &str = "say its version";

/// Who is logged in; nobody where the server is asked by its socket.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Account {
    pub(crate) username: String,
    pub(crate) email: String,
    roles: String,
}

impl Account {
    pub(crate) fn is_administrator(&self) -> bool {
        self.roles
            .split_whitespace()
            .any(|role| role == "system_admin")
    }
}

/// What a server says to everybody.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Server {
    pub(crate) version: Version,
    /// Nobody has an account; whoever makes the first one is administrator.
    pub(crate) is_bare: bool,
}

impl Rest {
    /// Names a server, and the way to it; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Also where nobody listens at the socket, or this program may not use it.
    pub(crate) fn new(
        address: &Address,
        connection: &Connection,
        login: &Login,
    ) -> Result<Self, Failure> {
        let socket = login.socket()?;
        if socket.is_none() && !address.is_https() && !address.is_local() {
            say(&format!(
                "warning: {address} is not https: whoever is on the way can read the password or the token"
            ));
        }
        Ok(Self {
            agent: match &socket {
                Some(socket) => local::agent(socket, CALL_TIMEOUT)?,
                None => agent(connection, CALL_TIMEOUT)?,
            },
            address: address.clone(),
            socket,
            token: None,
            opened: false,
            secrets: Mutex::default(),
        })
    }

    /// The same where the server may say its address itself: asked by its socket, it tells its Site URL.
    ///
    /// # Errors
    ///
    /// Also where neither names an address.
    pub(crate) fn at_site(
        chat: Option<&Address>,
        connection: &Connection,
        login: &Login,
    ) -> Result<Self, Failure> {
        if let Some(chat) = chat {
            return Self::new(chat, connection, login);
        }
        if login.local.is_none() {
            return Err(Failure::usage(
                "which Mattermost? --chat is missing, as in --chat https://chat.example.com",
            ));
        }
        let nowhere: Address = local::SITE
            .parse()
            .map_err(|error| Failure::could_not_look(format!("{}: {error}", local::SITE)))?;
        let mut rest = Self::new(&nowhere, connection, login)?;
        let settings = Settings::read(&rest)?;
        rest.address = match settings.field("ServiceSettings.SiteURL").as_str() {
            None | Some("") => {
                return Err(Failure::usage(
                    "this Mattermost has no Site URL yet: name the address that people use by --chat",
                ));
            }
            Some(site) => site.parse().map_err(|error| {
                Failure::usage(format!(
                    "the Site URL of this Mattermost is no address ({error}): name the one that people use by --chat"
                ))
            })?,
        };
        Ok(rest)
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Whether it is asked by its own machine's socket, which lacks some routes.
    pub(crate) fn is_local(&self) -> bool {
        self.socket.is_some()
    }

    /// Reads what the server says without a login.
    ///
    /// # Errors
    ///
    /// Also where it is older than the plugin needs.
    pub(crate) fn server(&self) -> Result<Server, Failure> {
        /// Every value is a text.
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct ClientConfig {
            version: String,
            #[serde(default)]
            no_accounts: String,
        }
        let server = if self.is_local() {
            self.local_server()?
        } else {
            let request = self.agent.get(self.url("config/client?format=old"));
            let answer = self.finish(Step::To(SAY_VERSION), request.call())?;
            let server = serde_json::from_str(&answer)
                .ok()
                .and_then(|config: ClientConfig| {
                    Some(Server {
                        version: config.version.parse().ok()?,
                        is_bare: config.no_accounts == "true",
                    })
                });
            let Some(server) = server else {
                return Err(Failure::could_not_look(format!(
                    "{} does not answer like a Mattermost server, but with {}: is it the right address, and does \
                     something in front of it ask for a login of its own?",
                    self.address,
                    line(&answer)
                )));
            };
            server
        };
        if server.version < OLDEST {
            return Err(Failure::could_not_look(format!(
                "{} is Mattermost {}, the plugin needs {OLDEST} or later",
                self.address, server.version
            )));
        }
        Ok(server)
    }

    /// The same by the socket, where the header of each answer names the version.
    fn local_server(&self) -> Result<Server, Trouble> {
        #[derive(Deserialize)]
        struct User {
            #[serde(default)]
            is_bot: bool,
        }
        const STEP: Step = Step::To(SAY_VERSION);
        let response = self.sent(STEP, self.agent.get(self.url("system/ping")).call())?;
        // 6.7.2.6.7.2.d9bb67c0.false: the version, the build's name, a checksum, whether there is a licence.
        let version = response.headers().get("X-Version-Id");
        let version = version.and_then(|version| version.to_str().ok()?.parse().ok());
        self.accepted(STEP, response)?;
        let Some(version) = version else {
            return Err(self.trouble("no Mattermost answers there".to_owned()));
        };
        // Bots do not count as accounts, and are fewer than a page of this list on a server without people.
        let users: Vec<User> = self.get(Step::To("list its accounts"), "users?per_page=200")?;
        Ok(Server {
            version,
            is_bare: users.iter().all(|user| user.is_bot),
        })
    }

    /// Says in whose name the following calls are.
    pub(crate) fn authenticate(&mut self, credentials: &Credentials) -> Result<Account, Trouble> {
        match credentials {
            Credentials::Local => Ok(Account::default()),
            Credentials::Token(token) => {
                self.hide(token);
                self.token = Some(token.clone());
                self.get(Step::CheckToken, "users/me")
            }
            Credentials::Password { username, password } => {
                self.hide(password);
                let login = json!({ "login_id": username, "password": password.reveal() });
                let request = self.agent.post(self.url("users/login"));
                let response = self.sent(Step::LogIn, request.send_json(login))?;
                let token = response
                    .headers()
                    .get("Token")
                    .and_then(|token| token.to_str().ok())
                    .map(Secret::new);
                let answer = self.accepted(Step::LogIn, response)?;
                let token = token.ok_or_else(|| {
                    self.trouble("the server logged in without a session token".to_owned())
                })?;
                self.hide(&token);
                self.token = Some(token);
                self.opened = true;
                self.parsed(Step::LogIn, &answer)
            }
        }
    }

    /// In whose name the calls are, for a person.
    pub(crate) fn in_the_name_of(&self, account: &Account) -> String {
        match &self.socket {
            Some(socket) => format!("without a login, by the socket {}", socket.display()),
            None => format!("logged in as {}", plain(&account.username)),
        }
    }

    /// Keeps a secret out of every message from here on.
    pub(crate) fn hide(&self, secret: &Secret) {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.push(secret.clone());
    }

    pub(crate) fn get<T: DeserializeOwned>(&self, step: Step, path: &str) -> Result<T, Trouble> {
        self.get_at(step, &format!("/api/v4/{path}"))
    }

    /// The same below the server's address, as for what a plugin answers.
    pub(crate) fn get_at<T: DeserializeOwned>(&self, step: Step, path: &str) -> Result<T, Trouble> {
        let request = self.authorized(self.agent.get(self.at(path)));
        self.parsed(step, &self.finish(step, request.call())?)
    }

    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        step: Step,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Trouble> {
        self.with_json(step, self.agent.post(self.url(path)), body)
    }

    pub(crate) fn put<T: DeserializeOwned>(
        &self,
        step: Step,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Trouble> {
        self.with_json(step, self.agent.put(self.url(path)), body)
    }

    fn with_json<T: DeserializeOwned>(
        &self,
        step: Step,
        request: RequestBuilder<WithBody>,
        body: &impl Serialize,
    ) -> Result<T, Trouble> {
        let sent = self.authorized(request).send_json(body);
        self.parsed(step, &self.finish(step, sent)?)
    }

    pub(crate) fn send<T: DeserializeOwned>(
        &self,
        step: Step,
        path: &str,
        form: Form<'_>,
    ) -> Result<T, Trouble> {
        let request = self.authorized(self.agent.post(self.url(path)));
        self.parsed(step, &self.finish(step, request.send(form))?)
    }

    fn url(&self, path: &str) -> String {
        self.at(&format!("/api/v4/{path}"))
    }

    fn at(&self, path: &str) -> String {
        match &self.socket {
            // Also where Mattermost is below a subpath.
            Some(_) => format!("{}{path}", local::SITE),
            None => self.address.below(path),
        }
    }

    fn authorized<Kind>(&self, request: RequestBuilder<Kind>) -> RequestBuilder<Kind> {
        match &self.token {
            Some(token) => request.header("Authorization", format!("Bearer {}", token.reveal())),
            None => request,
        }
    }

    fn parsed<T: DeserializeOwned>(&self, step: Step, answer: &str) -> Result<T, Trouble> {
        serde_json::from_str(answer).map_err(|_| {
            self.trouble(format!(
                "asked to {step}, the server answers with something else: {}",
                line(answer)
            ))
        })
    }

    fn finish(
        &self,
        step: Step,
        result: Result<Response<Body>, ureq::Error>,
    ) -> Result<String, Trouble> {
        let response = self.sent(step, result)?;
        self.accepted(step, response)
    }

    fn sent(
        &self,
        step: Step,
        result: Result<Response<Body>, ureq::Error>,
    ) -> Result<Response<Body>, Trouble> {
        result.map_err(|error| {
            self.trouble(match (step, unreached(error)) {
                (_, Unreached::Timeout) => format!("it did not {step} within {} s", CALL_TIMEOUT.as_secs()),
                (Step::Upload { bytes }, why) => format!(
                    "the connection broke while {} kB were on their way ({why}): something in front of Mattermost \
                     may take no file of this size (nginx takes 1 MB unless client_max_body_size says more)",
                    bytes.div_ceil(1000)
                ),
                (_, Unreached::Tls(why)) => {
                    format!("its certificate is not trusted ({why}); --ca-file names an authority of your own")
                }
                (_, why) => format!("it cannot be reached: {why}"),
            })
        })
    }

    /// The body of a successful answer.
    fn accepted(&self, step: Step, mut response: Response<Body>) -> Result<String, Trouble> {
        let status = response.status();
        let header = |name| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        if status.is_redirection() {
            let from = response.get_uri().to_string();
            let to = header("Location");
            return Err(self.trouble(redirected(&from, to.as_deref())));
        }
        let login = header("WWW-Authenticate");
        let body = response
            .body_mut()
            .with_config()
            .limit(MAX_ANSWER_BYTES)
            .read_to_string();
        if status == StatusCode::OK || status == StatusCode::CREATED {
            // Half of a configuration is none.
            return body.map_err(|error| {
                self.trouble(format!(
                    "its answer broke off or is longer than {MAX_ANSWER_BYTES} bytes: {}",
                    unreached(error)
                ))
            });
        }
        let refusal = Refusal::parse(status.as_u16(), login.as_deref(), &body.unwrap_or_default());
        if self.is_local() && refusal.is_no_route() {
            return Err(self.trouble(format!(
                "asked by its local socket, this Mattermost cannot {step}: use --user or --token-file in place of --local"
            )));
        }
        Err(Trouble {
            message: self.trouble(refusal.explain(step)).message,
            refusal: Some(Box::new(refusal)),
        })
    }

    /// A sentence about this server.
    pub(crate) fn trouble(&self, message: String) -> Trouble {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = secrets
            .iter()
            .fold(message, |text, secret| secret.redact(&text));
        Trouble {
            message: match &self.socket {
                Some(socket) => format!("{}: {shown}", socket.display()),
                None => format!("{}: {shown}", self.address),
            },
            refusal: None,
        }
    }
}

impl Drop for Rest {
    /// Ends a session that was opened with a password, whatever happened between.
    fn drop(&mut self) {
        if self.opened {
            let ended: Result<serde::de::IgnoredAny, _> =
                self.post(Step::To("log out"), "users/logout", &json!({}));
            if let Err(trouble) = ended {
                say(&format!("warning: {}", trouble.message));
            }
        }
    }
}
