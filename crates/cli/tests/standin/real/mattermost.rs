//! Mattermost 6.7.2 itself, on Debian's PostgreSQL: both in folders of the test's own, on loopback and a Unix socket.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Running, free_port, said, variable};

/// Making a database, and a server's first start, on a machine that is at work on other things.
const START_TIMEOUT: Duration = Duration::from_secs(180);

/// PostgreSQL refuses to run as root; this is `nobody` of Debian.
const NOBODY: u32 = 65534;

const ROLE: &str = "mattermost";

/// A database server that listens at a Unix socket only.
struct Postgres {
    _process: Running,
    folder: TempDir,
}

impl Postgres {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let data = at.join("data");
        let is_root = rustix::process::geteuid().is_root();
        if is_root {
            chown(at, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let program = |name: &str| {
            // Debian keeps all but psql out of the path, beside the server.
            let server = fs::canonicalize(variable("NOTIFYMATTERS_POSTGRES")).unwrap();
            let mut command = Command::new(server.with_file_name(name));
            command.current_dir(at).stdin(Stdio::null());
            if is_root {
                command.uid(NOBODY).gid(NOBODY);
            }
            command
        };
        let made = program("initdb")
            .arg("-D")
            .arg(&data)
            .args(["--username", ROLE, "--auth", "trust"])
            .args(["--encoding", "UTF8", "--no-locale", "--no-sync"])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", said(&made));
        let log = fs::File::create(at.join("log")).unwrap();
        let process = Running(
            program("postgres")
                .arg("-D")
                .arg(&data)
                .arg("-k")
                .arg(at)
                .args(["-c", "listen_addresses=", "-c", "fsync=off"])
                .stdout(log.try_clone().unwrap())
                .stderr(log)
                .spawn()
                .unwrap(),
        );
        wait_until("the database to be made", || {
            let mut create = program("createdb");
            create.arg("-h").arg(at).args(["-U", ROLE, ROLE]);
            let created = create.output().unwrap();
            created.status.success()
        });
        Self {
            _process: process,
            folder,
        }
    }

    fn address(&self) -> String {
        let folder = self.folder.path().display();
        format!("postgres://{ROLE}@/{ROLE}?host={folder}&sslmode=disable")
    }
}

/// A new Mattermost as its tarball is unpacked: `opt/mattermost` below a root.
pub(crate) struct Mattermost {
    process: Option<Running>,
    _database: Postgres,
    folder: PathBuf,
    authority: PathBuf,
    pub(crate) port: u16,
}

impl Mattermost {
    /// It trusts the authority in that file.
    pub(crate) fn start(root: &Path, authority: &Path) -> Self {
        let database = Postgres::start();
        let folder = root.join("opt/mattermost");
        for name in ["bin", "client/plugins", "config", "data", "logs", "plugins"] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }
        let module = variable("NOTIFYMATTERS_MATTERMOST_MODULE");
        for name in ["fonts", "i18n", "templates"] {
            symlink(module.join(name), folder.join(name)).unwrap();
        }
        symlink(
            variable("NOTIFYMATTERS_MATTERMOST"),
            folder.join("bin/mattermost"),
        )
        .unwrap();
        // The module has no web app; the headers come with whatever is here.
        fs::write(folder.join("client/root.html"), "<title>Mattermost</title>").unwrap();
        let port = free_port();
        // A new server's configuration but for what is of this machine: everything else is as Mattermost makes it.
        let configuration = json!({
            "SqlSettings": {"DriverName": "postgres", "DataSource": database.address()},
            "ServiceSettings": {
                "ListenAddress": format!("127.0.0.1:{port}"),
                // Beside the other servers of this machine; a relative one begins at the server's folder.
                "LocalModeSocketLocation": "local.socket",
            },
            // They would be fetched from elsewhere.
            "AnnouncementSettings": {"AdminNoticesEnabled": false, "UserNoticesEnabled": false},
        });
        let file = folder.join("config/config.json");
        fs::write(&file, configuration.to_string()).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let mut mattermost = Self {
            process: None,
            _database: database,
            folder,
            authority: authority.to_owned(),
            port,
        };
        mattermost.restart();
        mattermost
    }

    pub(crate) fn restart(&mut self) {
        self.process = None;
        let log = fs::File::create(self.folder.join("output")).unwrap();
        let mut command = Command::new(self.folder.join("bin/mattermost"));
        command
            .current_dir(&self.folder)
            // Nothing leaves this machine; loopback needs no proxy.
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .env("SSL_CERT_FILE", &self.authority)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        self.process = Some(Running(command.spawn().unwrap()));
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let ended = self.process.as_mut().unwrap().0.try_wait().unwrap();
            assert!(
                ended.is_none() && begun.elapsed() < START_TIMEOUT,
                "Mattermost does not listen: {}",
                fs::read_to_string(self.folder.join("output")).unwrap_or_default()
            );
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The configuration as it is on the disk.
    pub(crate) fn configuration(&self) -> Value {
        let text = fs::read_to_string(self.folder.join("config/config.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < START_TIMEOUT, "waited for {what}");
        thread::sleep(Duration::from_millis(50));
    }
}
