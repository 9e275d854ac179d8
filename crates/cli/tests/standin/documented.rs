//! `docs/administration.md`, from a bare server to a working embedding: its commands on a real Mattermost.

mod afterwards;

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::real::mails::Mails;
use super::real::mattermost::Mattermost;
use super::real::{CHAT, Certificates, MAIL, Proxy, Running, Site, free_port, said, variable};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/administration.md");
const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/doctor.svg");

/// With a small and a large letter, a digit and a sign, as 6.7.2 wants them.
const PASSWORD: &str = "Correct-horse-8";
const SMTP_PASSWORD: &str = "battery-staple";

/// Far longer than any block of the page takes.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A fenced block of the page.
struct Block {
    language: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(Block {
                language: language.to_owned(),
                text: text.join("\n") + "\n",
            });
        }
    }
    blocks
}

/// A machine with a new Mattermost and nginx; its root is a folder of the test's.
struct Machine {
    mattermost: Mattermost,
    nginx: Option<Running>,
    mails: Mails,
    certificates: Certificates,
    chat: String,
    mail: String,
    root: TempDir,
}

impl Machine {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        for folder in [
            "bin",
            "desk",
            "etc/bash_completion.d",
            "etc/nginx/conf.d",
            "etc/ssl/certs",
            "etc/ssl/private",
            "etc/systemd/system",
            "usr/bin",
            "usr/sbin",
        ] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        let program = |path: &str, text: &str| {
            use std::os::unix::fs::PermissionsExt as _;
            fs::write(at(path), text).unwrap();
            fs::set_permissions(at(path), fs::Permissions::from_mode(0o755)).unwrap();
        };
        // Services are started and stopped by this test, which is asked by a file.
        program(
            "bin/systemctl",
            "#!/bin/sh\nset -eu\nasked=\"${0%/*}/asked\"\necho \"$*\" > \"$asked.new\"\nmv \"$asked.new\" \"$asked\"\nwhile [ -e \"$asked\" ]; do sleep 0.05; done\n",
        );
        symlink(
            env!("CARGO_BIN_EXE_notifymatters"),
            at("usr/bin/notifymatters"),
        )
        .unwrap();
        let certificates = Certificates::make();
        symlink(
            certificates.path("certificate.pem"),
            at("etc/ssl/certs/chat.pem"),
        )
        .unwrap();
        symlink(certificates.path("key.pem"), at("etc/ssl/private/chat.key")).unwrap();
        symlink(
            variable("NOTIFYMATTERS_BUNDLE"),
            at("desk").join(concat!(
                "notifymatters-",
                env!("CARGO_PKG_VERSION"),
                ".tar.gz"
            )),
        )
        .unwrap();
        fs::write(
            at("etc/systemd/system/mattermost.service"),
            "[Service]\nExecStart=/opt/mattermost/bin/mattermost\nWorkingDirectory=/opt/mattermost\n",
        )
        .unwrap();
        let authority = certificates.path("authority.pem");
        let mattermost = Mattermost::start(root.path(), &authority);
        // mmctl is a module of its own: what it is asked is written down.
        program(
            "opt/mattermost/bin/mmctl",
            "#!/bin/sh\necho \"$MMCTL_LOCAL_SOCKET_PATH $*\" >> \"${0%/*}/../../../mmctl\"\n",
        );
        Self {
            mattermost,
            nginx: None,
            mails: Mails::encrypted(&certificates),
            certificates,
            chat: format!("https://{CHAT}:{}", free_port()),
            mail: format!("https://{MAIL}:{}", free_port()),
            root,
        }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn desk(&self) -> PathBuf {
        self.at("desk")
    }

    /// The page's text with the addresses and folders of this machine.
    fn here(&self, text: &str) -> String {
        let root = self.root.path().display();
        let mut text = text
            .replace("https://chat.example.com", &self.chat)
            .replace("https://mail.example.com", &self.mail)
            .replace(
                "smtp.example.com:587",
                &format!("127.0.0.1:{}", self.mails.port),
            )
            .replace(
                "127.0.0.1:8065",
                &format!("127.0.0.1:{}", self.mattermost.port),
            );
        for folder in ["etc", "opt", "usr"] {
            text = text.replace(&format!(" /{folder}/"), &format!(" {root}/{folder}/"));
        }
        text
    }

    /// The other way round, and without what is another from run to run.
    fn documented(&self, text: &str) -> String {
        let text = text
            .replace(&self.chat, "https://chat.example.com")
            .replace(&self.mail, "https://mail.example.com")
            .replace("example.localhost", "example.com")
            .replace("127.0.0.1", "192.0.2.1");
        let (before, after) = text.split_once("in the last ").unwrap();
        let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
        format!("{before}in the last 60{after}")
    }

    fn shell(&self) -> Command {
        let path = |name: &str| self.at(name).display().to_string();
        let own = [path("bin"), path("usr/bin"), path("usr/sbin")].join(":");
        let path = format!("{own}:{}", std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command
            .current_dir(self.desk())
            .env("PATH", path)
            .env("NOTIFYMATTERS_ROOT", self.root.path())
            .env("MM_ADMIN_PASSWORD", PASSWORD)
            .env("NOTIFYMATTERS_SMTP_PASSWORD", SMTP_PASSWORD)
            .env("LC_ALL", "C")
            // The system's certificates, as a machine has them whose organisation signs its own.
            .env("SSL_CERT_FILE", self.certificates.path("authority.pem"))
            .env_remove("SSL_CERT_DIR")
            .stdin(Stdio::null());
        command
    }

    /// Runs commands of the page, and what they ask of systemd.
    fn run(&mut self, commands: &str) -> Output {
        let (out, err) = (self.at("out"), self.at("err"));
        let mut shell = self.shell();
        shell
            .args(["-euc", &self.here(commands)])
            .stdout(fs::File::create(&out).unwrap())
            .stderr(fs::File::create(&err).unwrap());
        let mut shell = Running(shell.spawn().unwrap());
        let begun = Instant::now();
        let asked = self.at("bin/asked");
        let status = loop {
            if let Ok(order) = fs::read_to_string(&asked) {
                self.systemctl(order.trim());
                fs::remove_file(&asked).unwrap();
            }
            if let Some(status) = shell.0.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < TIMEOUT, "does not end: {commands}");
            thread::sleep(Duration::from_millis(20));
        };
        Output {
            status,
            stdout: fs::read(out).unwrap(),
            stderr: fs::read(err).unwrap(),
        }
    }

    #[track_caller]
    fn does(&mut self, commands: &str) -> String {
        let output = self.run(commands);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{commands}\n{}",
            said(&output)
        );
        said(&output)
    }

    fn systemctl(&mut self, order: &str) {
        match order {
            "restart mattermost" => self.mattermost.restart(),
            "reload nginx" => {
                self.nginx = None;
                let chat = fs::read_to_string(self.at("etc/nginx/conf.d/chat.conf")).unwrap();
                let port = |site: &str| site.rsplit(':').next().unwrap().parse::<u16>().unwrap();
                let listens = |text: &str| !text.trim_start().starts_with("listen [::]:");
                let chat: Vec<&str> = chat.lines().filter(|line| listens(line)).collect();
                // The tests listen on loopback only.
                let chat = chat.join("\n").replace("listen ", "listen 127.0.0.1:");
                let mail = format!(
                    "server {{ listen 127.0.0.1:{} ssl; ssl_certificate {}; ssl_certificate_key {}; location / {{ default_type text/html; return 200 '<title>Mail</title>'; }} }}",
                    port(&self.mail),
                    self.certificates.path("certificate.pem").display(),
                    self.certificates.path("key.pem").display()
                );
                let site = Site::new(Proxy("nginx"), &format!("{chat}\n{mail}"));
                self.nginx = Some(site.start(port(&self.chat)));
            }
            order => panic!("nobody does `systemctl {order}` here"),
        }
    }
}

/// What a block of the page did.
struct Seen<'a> {
    machine: &'a Machine,
    said: String,
    /// Mattermost's configuration before it, and who had got a mail.
    configuration: Value,
    recipients: usize,
}

impl Seen<'_> {
    #[track_caller]
    fn says(&self, words: &[&str]) {
        for words in words {
            assert!(self.said.contains(words), "{words}: {}", self.said);
        }
    }

    #[track_caller]
    fn changes_nothing(&self) {
        assert_eq!(self.machine.mattermost.configuration(), self.configuration);
        assert_eq!(self.machine.mails.recipients().len(), self.recipients);
    }

    fn setting(&self, field: &str) -> Value {
        let pointer = format!("/{}", field.replace('.', "/"));
        let configuration = self.machine.mattermost.configuration();
        configuration.pointer(&pointer).unwrap().clone()
    }
}

/// Each block of commands on the page, in order, by words that are in it; and what is so once it has run.
const STEPS: [(&str, fn(&Seen<'_>)); 13] = [
    ("notifymatters paths", |seen| {
        seen.says(&[
            "tarball, recognised by",
            "config/config.json",
            "local mode is off",
        ]);
    }),
    ("systemctl restart mattermost", |seen| {
        assert_eq!(seen.setting("PluginSettings.EnableUploads"), true);
        assert_eq!(seen.setting("ServiceSettings.EnableLocalMode"), true);
    }),
    ("proxy nginx --check", |seen| {
        seen.says(&["Nothing is in the way."])
    }),
    ("proxy apache --lines", |seen| {
        seen.says(&["frame-ancestors 'self'"])
    }),
    ("setup --from setup.toml --dry-run", |seen| {
        seen.says(&[
            "is Mattermost 6.7.2",
            "account admin (admin@example.com) is made",
        ]);
        seen.changes_nothing();
    }),
    ("setup --from setup.toml --yes", |seen| {
        seen.says(&[
            "account admin (admin@example.com) is made",
            "done: 8 settings of mails, and a test mail to admin@example.com",
            "done: team home is made",
            "is uploaded from notifymatters-",
            "Nothing is in the way.",
        ]);
        assert!(!seen.said.contains(PASSWORD) && !seen.said.contains(SMTP_PASSWORD));
        let mails = seen.machine.mails.taken();
        // "chat" and the password, as AUTH PLAIN has them.
        assert!(
            mails.contains("AUTH PLAIN AGNoYXQAYmF0dGVyeS1zdGFwbGU="),
            "{mails}"
        );
        assert_eq!(seen.machine.mails.recipients(), ["admin@example.com"]);
        for (field, value) in [
            ("ServiceSettings.SiteURL", json!(seen.machine.chat)),
            ("ServiceSettings.EnablePostUsernameOverride", json!(true)),
            ("ServiceSettings.EnablePostIconOverride", json!(true)),
            ("EmailSettings.EnableEmailBatching", json!(true)),
            ("EmailSettings.FeedbackEmail", json!("chat@example.com")),
            ("EmailSettings.ReplyToAddress", json!("chat@example.com")),
            ("LogSettings.EnableDiagnostics", json!(false)),
            (
                "PluginSettings.Plugins.notifymatters",
                json!({"trustedorigin": seen.machine.mail}),
            ),
        ] {
            assert_eq!(seen.setting(field), value, "{field}");
        }
    }),
    ("setup --from setup.toml --yes", |seen| {
        seen.says(&[
            "only administrators make teams",
            "team home",
            "runs",
            "Nothing to do.",
        ]);
        seen.changes_nothing();
    }),
    ("setup --from setup.toml --local", |seen| {
        let socket = seen.machine.at("opt/mattermost/local.socket");
        let way = format!("without a login, by the socket {}", socket.display());
        seen.says(&["is Mattermost 6.7.2", &way, "team home", "Nothing to do."]);
        seen.changes_nothing();
    }),
    ("notifymatters install", |seen| {
        seen.says(&["notifymatters runs", "trusted already"]);
        seen.changes_nothing();
    }),
    ("notifymatters doctor", |seen| {
        seen.says(&["The plugin trusts", "Nothing is in the way. 29 pass."]);
        seen.changes_nothing();
    }),
    ("notifymatters invite", |seen| {
        seen.says(&["3 invited"]);
        let invited = ["anna@example.com", "ben@example.com", "eve@example.com"];
        assert_eq!(seen.machine.mails.recipients()[seen.recipients..], invited);
    }),
    ("mattermost-platform help", |seen| {
        seen.says(&[
            "The commands of Mattermost's old command line",
            "Version: 6.7.2",
            "Nothing is in the way. 7 pass.",
            "mmctl --local team create --name home --display-name Home",
        ]);
        let socket = seen.machine.at("opt/mattermost/local.socket");
        let asked = fs::read_to_string(seen.machine.at("mmctl")).unwrap();
        let invite = "--local user invite user@example.com home";
        assert_eq!(asked, format!("{} {invite}\n", socket.display()));
    }),
    ("notifymatters completions bash", |seen| {
        let written = |path: &str| fs::read_to_string(seen.machine.at(path)).unwrap();
        assert!(written("etc/bash_completion.d/notifymatters").contains("_notifymatters"));
        assert!(written("usr/local/share/man/man1/notifymatters-doctor.1").contains(".TH"));
    }),
];

#[test]
fn the_page_for_administrators_leads_from_a_bare_server_to_a_working_embedding() {
    let page = fs::read_to_string(PAGE).unwrap();
    let mut machine = Machine::new();
    let users = "Name;E-Mail\nAnna;anna@example.com\nBen;ben@example.com\nEve;eve@example.com\n";
    fs::write(machine.desk().join("users.csv"), users).unwrap();
    let mut steps = STEPS.into_iter();
    for block in blocks(&page) {
        match block.language.as_str() {
            "toml" => {
                let plan = machine.here(&block.text);
                fs::write(machine.desk().join("setup.toml"), plan).unwrap();
            }
            "sh" => {
                let (words, then) = steps.next().unwrap_or_else(|| panic!("{}", block.text));
                assert!(block.text.contains(words), "{words}: {}", block.text);
                let configuration = machine.mattermost.configuration();
                let recipients = machine.mails.recipients().len();
                let said = machine.does(&block.text);
                then(&Seen {
                    machine: &machine,
                    said,
                    configuration,
                    recipients,
                });
            }
            _ => {}
        }
    }
    assert!(steps.next().is_none(), "the page lacks commands");
    afterwards::the_doctor_is_pictured(&mut machine);
    afterwards::invitations_keep_to_the_limit(&mut machine);
    afterwards::a_closed_server_says_why(&mut machine);
    afterwards::its_socket_opens_it_and_needs_no_login(&mut machine);
    afterwards::its_socket_takes_the_first_administrator(&mut machine);
    afterwards::only_a_trusted_server_is_given_a_password(&mut machine);
    afterwards::without_a_socket_it_says_what_to_do(&mut machine);
}
