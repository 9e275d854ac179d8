//! Questions to web servers, bounded in time and size.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ureq::config::{Config, ConfigBuilder};
use ureq::http::Uri;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig};
use ureq::typestate::AgentScope;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};

use crate::exit::Failure;
use notifymatters_findings::facts::{Answer, Unreached};
use notifymatters_findings::text::plain;

/// A server that is slower is no server for a page in a frame either.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The plugin's script has 1 kB, Mattermost's page 10; what is longer is cut.
const MAX_BODY_BYTES: u64 = 1024 * 1024;

/// Asks without a login, and follows no redirect.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    agent: Agent,
}

/// Which certificates are trusted, and for how long to wait.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Connection {
    /// Trust the certificates in this file (PEM) instead of the system's
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
}

impl Client {
    pub(crate) fn new(connection: &Connection, timeout: Option<Duration>) -> Result<Self, Failure> {
        let agent = agent(connection, timeout.unwrap_or(TIMEOUT))?;
        Ok(Self { agent })
    }

    pub(crate) fn get(&self, url: &str) -> Result<Answer, Unreached> {
        answer(self.agent.get(url).call())
    }
}

/// Follows no redirect, and takes every status for an answer.
pub(crate) fn agent(connection: &Connection, timeout: Duration) -> Result<Agent, Failure> {
    let roots = match &connection.ca_file {
        Some(path) => RootCerts::Specific(Arc::new(certificates(path)?)),
        // Organisations sign their servers' certificates themselves.
        None => RootCerts::PlatformVerifier,
    };
    let config = config(timeout)
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .build();
    Ok(Agent::with_parts(
        config,
        DefaultConnector::default(),
        Localhost::default(),
    ))
}

/// What is the same on every way to a server.
pub(crate) fn config(timeout: Duration) -> ConfigBuilder<AgentScope> {
    Agent::config_builder()
        .timeout_global(Some(timeout))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("notifymatters/", env!("CARGO_PKG_VERSION")))
}

/// Names below `localhost` are this machine, as in browsers (RFC 6761, section 6.3); many systems do not resolve them.
#[derive(Debug, Default)]
struct Localhost(DefaultResolver);

impl Resolver for Localhost {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        if is_localhost(uri.host().unwrap_or_default()) {
            let port = uri
                .port_u16()
                .unwrap_or(if uri.scheme_str() == Some("https") {
                    443
                } else {
                    80
                });
            let mut addresses = self.empty();
            addresses.push((Ipv4Addr::LOCALHOST, port).into());
            return Ok(addresses);
        }
        let resolved = self.0.resolve(uri, config, timeout);
        // The system's word for it has no kind of its own.
        resolved.map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            error => error,
        })
    }
}

fn is_localhost(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

/// The addresses of a host name, or of an address itself.
pub(crate) fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if is_localhost(host) {
        return Ok(vec![(Ipv4Addr::LOCALHOST, port).into()]);
    }
    Ok((host.trim_matches(['[', ']']), port)
        .to_socket_addrs()?
        .collect())
}

fn answer(result: Result<ureq::http::Response<Body>, ureq::Error>) -> Result<Answer, Unreached> {
    let mut response = result.map_err(unreached)?;
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let mut body = Vec::new();
    let mut reader = io::Read::take(response.body_mut().as_reader(), MAX_BODY_BYTES);
    // What has come until the connection breaks is enough to judge by.
    drop(io::Read::read_to_end(&mut reader, &mut body));
    Ok(Answer {
        status: response.status().as_u16(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

/// Why there is no answer, or none that can be read.
pub(crate) fn unreached(error: ureq::Error) -> Unreached {
    match error {
        ureq::Error::HostNotFound => Unreached::Name,
        ureq::Error::Timeout(_) => Unreached::Timeout,
        ureq::Error::Tls(what) => Unreached::Tls(what.to_owned()),
        ureq::Error::Rustls(error) => Unreached::Tls(plain(&error.to_string())),
        ureq::Error::Io(error) => from_io(&error),
        error => Unreached::Other(plain(&error.to_string())),
    }
}

/// A TLS error of a stream is wrapped into one of I/O.
pub(crate) fn from_io(error: &io::Error) -> Unreached {
    if let Some(tls) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
    {
        return Unreached::Tls(plain(&tls.to_string()));
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Unreached::Refused,
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Unreached::Timeout,
        _ => Unreached::Other(plain(&error.to_string())),
    }
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, Failure> {
    let failure = |why: String| Failure::usage(format!("--ca-file {}: {why}", path.display()));
    let pem = fs::read(path).map_err(|error| failure(error.to_string()))?;
    let mut found = Vec::new();
    for item in ureq::tls::parse_pem(&pem) {
        if let PemItem::Certificate(certificate) =
            item.map_err(|error| failure(plain(&error.to_string())))?
        {
            found.push(certificate);
        }
    }
    if found.is_empty() {
        return Err(failure("holds no certificate".to_owned()));
    }
    Ok(found)
}
