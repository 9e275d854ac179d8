//! The real proxies and the real Mattermost, the stand-in, and a client in front.

pub(crate) mod mails;
pub(crate) mod mattermost;

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::Value;
use tempfile::TempDir;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

pub(crate) const CHAT: &str = "chat.example.localhost";
pub(crate) const MAIL: &str = "mail.example.localhost";

/// A busy machine starts nothing quickly.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// Longer than any of them takes to end.
const END_TIMEOUT: Duration = Duration::from_secs(10);

/// A child that ends with the test.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    /// Asked to end first: nginx and Apache then end their workers, which a killed one would leave behind.
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(Some(_))) {
            return;
        }
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let begun = Instant::now();
        while begun.elapsed() < END_TIMEOUT && matches!(self.0.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(10));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An authority of the test's own, and a certificate for both hosts and this machine's address.
pub(crate) struct Certificates {
    folder: TempDir,
}

impl Certificates {
    pub(crate) fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority_key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_certificate = authority.self_signed(&authority_key).unwrap();
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate().unwrap();
        let own = CertificateParams::new([CHAT, MAIL, "127.0.0.1"].map(str::to_owned)).unwrap();
        let certificate = own.signed_by(&key, &issuer).unwrap().pem();
        let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
        write("authority.pem", authority_certificate.pem());
        write("both.pem", certificate.clone() + &key.serialize_pem());
        write("certificate.pem", certificate);
        write("key.pem", key.serialize_pem());
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The stand-in Mattermost.
pub(crate) struct Standin {
    _process: Running,
    pub(crate) port: u16,
    control: String,
}

impl Standin {
    pub(crate) fn start(generation: u8) -> Self {
        let mut child = Command::new(variable("NOTIFYMATTERS_STANDIN"))
            .args(["--generation", &generation.to_string(), "--bundle"])
            .arg(variable("NOTIFYMATTERS_BUNDLE"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let process = Running(child);
        let ready: Value = serde_json::from_str(&line).unwrap();
        Self {
            _process: process,
            port: u16::try_from(ready["port"].as_u64().unwrap()).unwrap(),
            control: ready["control"].as_str().unwrap().to_owned(),
        }
    }

    /// An order of `tests/README.md`.
    pub(crate) fn order(&self, path: &str, order: &Value) {
        ureq::post(format!("{}{path}", self.control))
            .send_json(order)
            .unwrap();
    }

    /// What `tests/README.md` lists as read by GET.
    pub(crate) fn read(&self, path: &str) -> Value {
        let mut answer = ureq::get(format!("{}{path}", self.control)).call().unwrap();
        answer.body_mut().read_json().unwrap()
    }
}

pub(crate) fn variable(name: &str) -> PathBuf {
    env::var_os(name)
        .unwrap_or_else(|| panic!("{name} is not set; `cargo xtask test` sets it"))
        .into()
}

/// A port that was free a moment ago, and that nothing takes by chance before it is used: below those that systems give
/// to whoever names none, and to no other test of this process.
pub(crate) fn free_port() -> u16 {
    const FIRST: u32 = 20_000;
    const PORTS: u32 = 12_000;
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    loop {
        // Another process begins elsewhere.
        let number = std::process::id() * 101 + TAKEN.fetch_add(1, Ordering::Relaxed);
        let port = u16::try_from(FIRST + number % PORTS).unwrap();
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

/// One of the proxies as Debian has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Proxy(pub(crate) &'static str);

pub(crate) const PROXIES: [Proxy; 4] = [
    Proxy("nginx"),
    Proxy("apache"),
    Proxy("caddy"),
    Proxy("haproxy"),
];

/// A configuration laid out in a folder of its own, with what the program wants around it.
pub(crate) struct Site {
    proxy: Proxy,
    folder: TempDir,
}

impl Site {
    pub(crate) fn new(proxy: Proxy, configuration: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = Self { proxy, folder };
        let at = site.folder.path().display();
        let whole = match proxy.0 {
            "nginx" => format!(
                "daemon off; pid {at}/pid; error_log {at}/log; events {{}} http {{ access_log off; {} {configuration} }}",
                ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map(|name| format!("{name}_temp_path {at}/{name};"))
                    .concat()
            ),
            "apache" => {
                let modules = [
                    "mpm_event",
                    "authz_core",
                    "alias",
                    "headers",
                    "proxy",
                    "proxy_http",
                    "ssl",
                    "http2",
                    "socache_shmcb",
                ];
                let loaded = modules
                    .map(|name| {
                        format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n")
                    })
                    .concat();
                format!(
                    "ServerName test\nPidFile {at}/pid\nErrorLog {at}/log\nDefaultRuntimeDir {at}\nMutex file:{at}\n{loaded}{configuration}"
                )
            }
            "caddy" => {
                format!("{{\n admin off\n auto_https off\n skip_install_trust\n}}\n{configuration}")
            }
            _ => configuration.to_owned(),
        };
        fs::write(site.file(), whole).unwrap();
        site
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("configuration")
    }

    /// The program's own check of the configuration.
    pub(crate) fn test(&self) -> Output {
        let arguments: &[&str] = match self.proxy.0 {
            "nginx" => &["-t", "-c"],
            "apache" => &["-t", "-f"],
            "caddy" => &["validate", "--adapter", "caddyfile", "--config"],
            _ => &["-c", "-f"],
        };
        self.command()
            .args(arguments)
            .arg(self.file())
            .output()
            .unwrap()
    }

    /// Starts it and waits until it listens.
    pub(crate) fn start(&self, port: u16) -> Running {
        let arguments: &[&str] = match self.proxy.0 {
            "nginx" => &["-c"],
            "apache" => &["-DFOREGROUND", "-f"],
            "caddy" => &["run", "--adapter", "caddyfile", "--config"],
            _ => &["-db", "-f"],
        };
        let log = fs::File::create(self.folder.path().join("output")).unwrap();
        let mut running = Running(
            self.command()
                .args(arguments)
                .arg(self.file())
                .stdout(log.try_clone().unwrap())
                .stderr(log)
                .spawn()
                .unwrap(),
        );
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let ended = running.0.try_wait().unwrap();
            let said = || fs::read_to_string(self.folder.path().join("output")).unwrap_or_default();
            assert!(
                ended.is_none() && begun.elapsed() < START_TIMEOUT,
                "{} does not listen: {}",
                self.proxy.0,
                said()
            );
            thread::sleep(Duration::from_millis(20));
        }
        running
    }

    fn command(&self) -> Command {
        let program = match self.proxy.0 {
            "apache" => "apache2",
            name => name,
        };
        // Debian keeps servers out of a user's path.
        let path = format!("{}:/usr/sbin:/sbin", env::var("PATH").unwrap_or_default());
        let mut command = Command::new(program);
        command
            .env("PATH", path)
            .env("HOME", self.folder.path())
            .stdin(Stdio::null());
        command
    }
}

/// Every name below `localhost` is this machine.
#[derive(Debug)]
struct Loopback;

impl Resolver for Loopback {
    fn resolve(
        &self,
        uri: &Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut addresses = self.empty();
        addresses.push((Ipv4Addr::LOCALHOST, uri.port_u16().unwrap_or(443)).into());
        Ok(addresses)
    }
}

/// A client that trusts the test's authority.
pub(crate) fn client(certificates: &Certificates) -> ureq::Agent {
    let pem = fs::read(certificates.path("authority.pem")).unwrap();
    let authority = ureq::tls::Certificate::from_pem(&pem).unwrap();
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .tls_config(
            ureq::tls::TlsConfig::builder()
                .root_certs(ureq::tls::RootCerts::Specific(Arc::new(vec![authority])))
                .build(),
        )
        .build();
    ureq::Agent::with_parts(config, DefaultConnector::default(), Loopback)
}

/// The program under test.
pub(crate) fn notifymatters(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_notifymatters"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// A virtual host as it is printed.
pub(crate) fn virtual_host(
    proxy: Proxy,
    name: &str,
    port: u16,
    upstream: u16,
    certificates: &Certificates,
    more: &[&str],
) -> String {
    let text = |path: PathBuf| path.display().to_string();
    let certificate = if proxy.0 == "haproxy" {
        "both.pem"
    } else {
        "certificate.pem"
    };
    let site = format!("https://{name}:{port}");
    let upstream = format!("127.0.0.1:{upstream}");
    let (certificate, key) = (
        text(certificates.path(certificate)),
        text(certificates.path("key.pem")),
    );
    let mut arguments = vec![
        "proxy",
        proxy.0,
        "--chat",
        &site,
        "--upstream",
        &upstream,
        "--listen",
        "127.0.0.1",
    ];
    arguments.extend(["--certificate", &certificate, "--certificate-key", &key]);
    arguments.extend(more);
    let output = notifymatters(&arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// What a program printed, for a failed assertion.
pub(crate) fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The bundle's path.
pub(crate) fn bundle() -> Vec<u8> {
    fs::read(Path::new(&variable("NOTIFYMATTERS_BUNDLE"))).unwrap()
}
