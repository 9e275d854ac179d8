//! The program at a terminal: it asks without echo, asks before it writes, and leaves nothing half done.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::real::{CHAT, Running, Standin, said};

/// Longer than an answer takes on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Ctrl+C, as a terminal sends it.
const INTERRUPT: &str = "\u{3}";

const PROGRAM: &str = env!("CARGO_BIN_EXE_notifymatters");

/// A program with a terminal of its own.
struct Terminal {
    process: Running,
    shown: Arc<Mutex<String>>,
}

impl Terminal {
    fn run(arguments: &[&str]) -> Self {
        Self::shell(&format!("exec {PROGRAM} {}", arguments.join(" ")))
    }

    /// Commands of a shell.
    fn shell(commands: &str) -> Self {
        // `script` gives it a pseudo-terminal, and ends with its exit code.
        let mut child = Command::new("script")
            .args(["--quiet", "--return", "--flush", "--command"])
            // The terminal's name comes first.
            .arg(format!("tty; {commands}"))
            .arg("/dev/null")
            .env("TERM", "xterm")
            .env_remove("MM_ADMIN_PASSWORD")
            .env_remove("MM_ADMIN_TOKEN")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = child.stdout.take().unwrap();
        let shown = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&shown);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = output.read(&mut bytes) {
                *into.lock().unwrap() += &String::from_utf8_lossy(&bytes[..length]);
            }
        });
        Self {
            process: Running(child),
            shown,
        }
    }

    fn shown(&self) -> String {
        self.shown.lock().unwrap().clone()
    }

    /// Waits until this is asked, and types.
    #[track_caller]
    fn answer(&mut self, question: &str, typed: &str) {
        let begun = Instant::now();
        while !self.shown().ends_with(question) {
            assert!(begun.elapsed() < TIMEOUT, "{question}: {}", self.shown());
            thread::sleep(Duration::from_millis(20));
        }
        let terminal = self.process.0.stdin.as_mut().unwrap();
        terminal.write_all(typed.as_bytes()).unwrap();
        terminal.flush().unwrap();
    }

    /// The same where nothing is to be seen of it: the question comes a moment before the terminal stops showing what is typed.
    #[track_caller]
    fn answer_hidden(&mut self, question: &str, typed: &str) {
        self.answer(question, "");
        let name = self.shown().lines().next().unwrap().to_owned();
        let begun = Instant::now();
        loop {
            let asked = Command::new("stty")
                .args(["-a", "-F", &name])
                .output()
                .unwrap();
            if said(&asked).split([' ', '\n']).any(|mode| mode == "-echo") {
                break;
            }
            assert!(begun.elapsed() < TIMEOUT, "{}", said(&asked));
            thread::sleep(Duration::from_millis(20));
        }
        self.answer(question, typed);
    }

    /// Waits until this is to be seen, and types.
    #[track_caller]
    fn once(&mut self, words: &str, typed: &str) {
        let begun = Instant::now();
        while !self.shown().contains(words) {
            assert!(begun.elapsed() < TIMEOUT, "{words}: {}", self.shown());
            thread::sleep(Duration::from_millis(20));
        }
        let terminal = self.process.0.stdin.as_mut().unwrap();
        terminal.write_all(typed.as_bytes()).unwrap();
        terminal.flush().unwrap();
    }

    /// The exit code, and everything that was on the screen.
    #[track_caller]
    fn end(mut self) -> (Option<i32>, String) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.process.0.try_wait().unwrap() {
                return (status.code(), self.shown());
            }
            assert!(begun.elapsed() < TIMEOUT, "does not end: {}", self.shown());
            thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn at_a_terminal_it_asks_without_echo_and_before_it_writes_and_nothing_is_half_done() {
    let standin = Standin::start(11);
    let site = format!("http://{CHAT}:{}", standin.port);
    let setup = [
        "setup", "--chat", &site, "--user", "admin", "--team", "home",
    ];
    let writes = || {
        let requests = standin.read("/requests");
        let all = requests.as_array().unwrap().iter();
        let writes = all.filter(|request| request["method"] != "GET");
        writes
            .map(|request| request["path"].as_str().unwrap().to_owned())
            .filter(|path| !path.contains("/users/log"))
            .collect::<Vec<_>>()
    };
    // Ctrl+C where the password is asked for, then where it asks whether to write; and a no.
    let mut terminal = Terminal::shell(&format!(
        "trap : INT; {PROGRAM} {}; code=$?; stty -a; exit $code",
        setup.join(" ")
    ));
    terminal.answer_hidden("Password for admin: ", INTERRUPT);
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(130), "{shown}");
    // Not every shell makes a terminal again what it was: "-echo" would be left behind.
    for mode in ["echo", "icanon", "isig"] {
        let modes = || shown.split_whitespace();
        assert!(modes().any(|word| word == mode), "{mode}: {shown}");
    }
    for (answer, expected) in [(INTERRUPT, 130), ("\n", 3)] {
        let mut terminal = Terminal::run(&setup);
        terminal.answer_hidden("Password for admin: ", "standin\n");
        terminal.answer("Write this? [y/N] ", answer);
        let (code, shown) = terminal.end();
        assert_eq!(code, Some(expected), "{shown}");
        assert!(
            !shown.contains("standin\r\n") && shown.contains("team home is made"),
            "{shown}"
        );
    }
    assert_eq!(writes(), Vec::<String>::new());
    assert_eq!(standin.read("/state")["teams"], json!([]));
    let mut terminal = Terminal::run(&setup);
    terminal.answer_hidden("Password for admin: ", "standin\n");
    terminal.answer("Write this? [y/N] ", "y\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(standin.read("/state")["teams"], json!(["home"]));
    // A first administrator's password is asked for twice.
    standin.order("/accounts", &json!({"none": true}));
    let before = writes();
    let bare = [&setup[..], &["--email", "admin@example.com"]].concat();
    let mut terminal = Terminal::run(&bare);
    terminal.answer("Make this account? [y/N] ", "y\n");
    terminal.answer_hidden("New password for admin: ", "at-least-8\n");
    terminal.answer_hidden("The same password again: ", "at-least-9\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(2), "{shown}");
    assert!(
        shown.contains("the two passwords differ") && !shown.contains("at-least"),
        "{shown}"
    );
    assert_eq!(writes(), before);
}

#[test]
fn invitations_that_are_stopped_end_in_order_and_go_on_afterwards() {
    let standin = Standin::start(11);
    standin.order(
        "/config",
        &json!({"ServiceSettings": {"EnableEmailInvitations": true}}),
    );
    let site = format!("http://{CHAT}:{}", standin.port);
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("users.csv");
    let people: String = (0..25).map(|n| format!("p{n}@example.com\n")).collect();
    std::fs::write(&list, people).unwrap();
    let list = list.display().to_string();
    let mut terminal = Terminal::run(&[
        "setup", "--chat", &site, "--user", "admin", "--team", "home", "--yes",
    ]);
    terminal.answer_hidden("Password for admin: ", "standin\n");
    assert_eq!(terminal.end().0, Some(0));
    let sessions_ended = || {
        let requests = standin.read("/requests");
        let all = requests.as_array().unwrap().iter();
        all.filter(|request| request["path"] == "/api/v4/users/logout")
            .count()
    };
    let before = sessions_ended();
    let invite = [
        "invite", "--chat", &site, "--user", "admin", "--team", "home", &list,
    ];
    let mut terminal = Terminal::shell(&format!(
        "stty rows 24 cols 80; exec {PROGRAM} {}",
        invite.join(" ")
    ));
    terminal.answer_hidden("Password for admin: ", "standin\n");
    terminal.once(" s: the server takes 20 an hour", INTERRUPT);
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(130), "{shown}");
    // On a line of its own, without what is left of the bar.
    let last = anstream::adapter::strip_str(shown.trim_end()).to_string();
    let last = last.rsplit(['\r', '\n']).next().unwrap();
    assert_eq!(last, "19 invited, 6 left for the next run", "{shown:?}");
    // A line that is wider than the terminal would be left behind each second.
    for line in anstream::adapter::strip_str(&shown)
        .to_string()
        .split(['\r', '\n'])
    {
        let line = line.replace("^C", "");
        assert!(line.chars().count() <= 80, "{line:?}");
    }
    assert_eq!(sessions_ended(), before + 1);
    let mut terminal = Terminal::run(&[&invite[..], &["--no-wait"]].concat());
    terminal.answer_hidden("Password for admin: ", "standin\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(3), "{shown}");
    assert!(
        shown.contains("0 invited, 19 invited before, 6 left for the next run"),
        "{shown}"
    );
}

#[test]
fn a_setup_that_is_stopped_finishes_what_is_under_way_and_begins_nothing_else() {
    let standin = Standin::start(11);
    let site = format!("http://{CHAT}:{}", standin.port);
    let setup = [
        "setup", "--chat", &site, "--user", "admin", "--team", "home", "--yes",
    ];
    // Long enough for a key to be pressed.
    standin.order(
        "/fault",
        &json!([{"path": "/api/v4/config/patch", "delay_ms": 3000, "times": 1}]),
    );
    let mut terminal = Terminal::run(&setup);
    terminal.answer_hidden("Password for admin: ", "standin\n");
    terminal.once("team home is made", "");
    let begun = Instant::now();
    let asked = || {
        let requests = standin.read("/requests");
        let all = requests.as_array().unwrap().iter();
        all.map(|request| request["path"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    // It reads them once to plan, and once more before it writes; the call that is under way is not listed yet.
    let reads = || {
        asked()
            .iter()
            .filter(|path| *path == "/api/v4/config")
            .count()
    };
    while reads() < 2 {
        assert!(begun.elapsed() < TIMEOUT, "{:?}", asked());
        thread::sleep(Duration::from_millis(20));
    }
    terminal.once("team home is made", INTERRUPT);
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(130), "{shown}");
    assert!(
        shown.contains("done: ") && shown.contains("only what is listed as done was written"),
        "{shown}"
    );
    let asked = asked();
    assert!(
        !asked
            .iter()
            .any(|path| path.contains("/roles/") && path.ends_with("/patch"))
    );
    assert_eq!(standin.read("/state")["teams"], json!([]));
    assert_eq!(asked.last().unwrap(), "/api/v4/users/logout");
}

#[test]
fn places_keep_to_the_width_of_the_terminal() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("opt/mattermost");
    std::fs::create_dir_all(folder.join("bin")).unwrap();
    std::fs::create_dir_all(folder.join("config")).unwrap();
    std::fs::write(folder.join("bin/mattermost"), "").unwrap();
    let socket =
        r#"{"ServiceSettings": {"EnableLocalMode": false, "LocalModeSocketLocation": "/run/a"}}"#;
    std::fs::write(folder.join("config/config.json"), socket).unwrap();
    let terminal = Terminal::shell(&format!(
        "stty rows 24 cols 80; exec {PROGRAM} paths --root {}",
        root.path().display()
    ));
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    let socket = format!(
        "socket         {}/run/a  (not there)\r\n",
        root.path().display()
    );
    assert!(shown.contains(&socket), "{shown}");
    let known_by =
        "                 ServiceSettings.LocalModeSocketLocation in the configuration\r\n";
    assert!(shown.contains(known_by), "{shown}");
    assert!(
        shown.lines().all(|line| line.chars().count() <= 80),
        "{shown}"
    );
}
