//! Names, TLS and WebSockets, one connection at a time.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::handshake::HandshakeError;
use tungstenite::http::HeaderValue;

use crate::client::{Connection, from_io, resolve};
use crate::exit::Failure;
use notifymatters_findings::address::Address;
use notifymatters_findings::facts::{EXPIRY_DAYS, Reach, Tls, Unreached};
use notifymatters_findings::text::plain;

/// As long as for every other question.
const TIMEOUT: Duration = Duration::from_secs(10);

/// `HTTP/1.1 413 Request Entity Too Large` and room for other words.
const MAX_STATUS_LINE: u64 = 256;

/// Opens connections and looks at how they open.
pub(super) struct Dialer {
    verifier: Arc<dyn ServerCertVerifier>,
    config: Arc<ClientConfig>,
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

impl Dialer {
    pub(super) fn new(connection: &Connection) -> Result<Self, Failure> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let failure = |error: &dyn std::fmt::Display| {
            Failure::could_not_look(format!("TLS cannot be set up: {error}"))
        };
        let verifier = verifier(connection.ca_file.as_deref(), &provider)?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failure(&error))?
            // The name of this step is a warning; the verifier is the system's, or that of --ca-file.
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&verifier))
            .with_no_client_auth();
        Ok(Self {
            verifier,
            config: Arc::new(config),
        })
    }

    /// Resolves the name and makes the TLS handshake.
    pub(super) fn reach(&self, address: &Address) -> Reach {
        let addresses = resolve(address.host(), address.port()).unwrap_or_default();
        let tls = if !address.is_https() {
            Tls::None
        } else {
            match self.tls(address) {
                Ok(stream) => Tls::Verified {
                    expires_soon: self.expires_soon(&stream.conn, address),
                },
                Err(why) => Tls::Failed(why),
            }
        };
        let mut addresses: Vec<String> = addresses
            .iter()
            .map(|address| address.ip().to_string())
            .collect();
        addresses.dedup();
        Reach { addresses, tls }
    }

    /// The status of the handshake: 101 where it opens (RFC 6455, section 4.2.2).
    pub(super) fn websocket(&self, address: &Address, origin: &str) -> Result<u16, Unreached> {
        let url = address.below("/api/v4/websocket").replacen("http", "ws", 1);
        let mut request = url
            .into_client_request()
            .map_err(|error| Unreached::Other(plain(&error.to_string())))?;
        let origin =
            HeaderValue::from_str(origin).map_err(|error| Unreached::Other(error.to_string()))?;
        request.headers_mut().insert("Origin", origin);
        let stream = self.open(address)?;
        match tungstenite::client(request, stream) {
            Ok((_, response)) => Ok(response.status().as_u16()),
            Err(HandshakeError::Failure(tungstenite::Error::Http(response))) => {
                Ok(response.status().as_u16())
            }
            Err(HandshakeError::Failure(tungstenite::Error::Io(error))) => Err(from_io(&error)),
            Err(HandshakeError::Failure(error)) => Err(Unreached::Other(plain(&error.to_string()))),
            Err(HandshakeError::Interrupted(_)) => Err(Unreached::Timeout),
        }
    }

    /// The first status after a file of so many bytes was announced, of which none is sent: 413 where it is too large.
    ///
    /// RFC 9110, section 10.1.1: a server says so, or asks for the rest (100).
    pub(super) fn announce(
        &self,
        address: &Address,
        path: &str,
        length: u64,
    ) -> Result<u16, Unreached> {
        let mut stream = self.open(address)?;
        let origin = address.origin();
        let (_, host) = origin.split_once("://").unwrap_or_default();
        let head = format!(
            "POST {}{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/octet-stream\r\n\
             Content-Length: {length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
            address.subpath()
        );
        let sent = stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.flush());
        sent.map_err(|error| from_io(&error))?;
        let mut line = String::new();
        let read = BufReader::new(stream.take(MAX_STATUS_LINE)).read_line(&mut line);
        read.map_err(|error| from_io(&error))?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|status| status.trim().parse().ok());
        status.ok_or_else(|| Unreached::Other("the answer is no HTTP".to_owned()))
    }

    fn open(&self, address: &Address) -> Result<Box<dyn Stream>, Unreached> {
        Ok(if address.is_https() {
            Box::new(self.tls(address)?)
        } else {
            Box::new(connect(address)?)
        })
    }

    fn tls(
        &self,
        address: &Address,
    ) -> Result<StreamOwned<ClientConnection, TcpStream>, Unreached> {
        let name = server_name(address)?;
        let connection = ClientConnection::new(Arc::clone(&self.config), name)
            .map_err(|error| Unreached::Tls(error.to_string()))?;
        let mut stream = StreamOwned::new(connection, connect(address)?);
        while stream.conn.is_handshaking() {
            stream
                .conn
                .complete_io(&mut stream.sock)
                .map_err(|error| from_io(&error))?;
        }
        Ok(stream)
    }

    /// Asks the verifier about a later day in place of reading dates out of a certificate.
    fn expires_soon(&self, connection: &ClientConnection, address: &Address) -> bool {
        let Some([own, intermediates @ ..]) = connection.peer_certificates() else {
            return false;
        };
        let later = SystemTime::now() + Duration::from_secs(EXPIRY_DAYS * 24 * 60 * 60);
        let (Ok(name), Ok(later)) = (
            server_name(address),
            later.duration_since(SystemTime::UNIX_EPOCH),
        ) else {
            return false;
        };
        let judged = self.verifier.verify_server_cert(
            own,
            intermediates,
            &name,
            &[],
            UnixTime::since_unix_epoch(later),
        );
        // It was good a moment ago. macOS has no word of its own for a certificate that has expired.
        matches!(judged, Err(rustls::Error::InvalidCertificate(_)))
    }
}

/// What is known of a server about which nothing could be found out.
pub(super) fn unreached(address: &Address, why: Unreached) -> Reach {
    let tls = if address.is_https() {
        Tls::Failed(why)
    } else {
        Tls::None
    };
    Reach {
        addresses: Vec::new(),
        tls,
    }
}

fn verifier(
    ca_file: Option<&Path>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Failure> {
    let Some(path) = ca_file else {
        let verifier =
            rustls_platform_verifier::Verifier::new(Arc::clone(provider)).map_err(|error| {
                Failure::could_not_look(format!(
                    "the system's certificates cannot be read: {error}"
                ))
            })?;
        return Ok(Arc::new(verifier));
    };
    let failure = |why: String| Failure::usage(format!("--ca-file {}: {why}", path.display()));
    let mut roots = RootCertStore::empty();
    for certificate in
        CertificateDer::pem_file_iter(path).map_err(|error| failure(plain(&error.to_string())))?
    {
        let certificate = certificate.map_err(|error| failure(plain(&error.to_string())))?;
        roots
            .add(certificate)
            .map_err(|error| failure(plain(&error.to_string())))?;
    }
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .build()
            .map_err(|error| failure(plain(&error.to_string())))?;
    Ok(verifier)
}

fn server_name(address: &Address) -> Result<ServerName<'static>, Unreached> {
    let host = address.host().trim_matches(['[', ']']).to_owned();
    ServerName::try_from(host).map_err(|_| Unreached::Name)
}

/// The first address that takes a connection.
fn connect(address: &Address) -> Result<TcpStream, Unreached> {
    let mut last = Unreached::Name;
    let addresses: Vec<SocketAddr> = resolve(address.host(), address.port()).unwrap_or_default();
    for address in addresses {
        match TcpStream::connect_timeout(&address, TIMEOUT) {
            Ok(stream) => {
                let bounded = stream
                    .set_read_timeout(Some(TIMEOUT))
                    .and_then(|()| stream.set_write_timeout(Some(TIMEOUT)));
                bounded.map_err(|error| from_io(&error))?;
                return Ok(stream);
            }
            Err(error) => last = from_io(&error),
        }
    }
    Err(last)
}
