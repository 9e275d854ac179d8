//! The process of a WebDriver server, and the display of its browser.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::Outcome;
use crate::browser::WebAssembly;
use crate::engine::{Engine, Port};
use crate::leash::{Leash, REMOVES};

/// How long a driver that says nothing may take to listen.
const START: Duration = Duration::from_secs(60);

/// How often to look whether it listens.
const STEP: Duration = Duration::from_millis(20);

/// Large enough for every page of the tests.
const SCREEN: &str = "1600x1300x24";

/// A driver that listens. Dropping it ends it, its browser and the display, and removes what they have written.
#[derive(Debug)]
pub(crate) struct Driver {
    // Fields are dropped in this order.
    _driver: Leash,
    _display: Option<Leash>,
    port: u16,
}

impl Driver {
    /// Starts the engine's driver on a free port.
    pub(crate) fn start(engine: Engine, webassembly: WebAssembly) -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("nm-browser-").tempdir()?;
        let mut environment: Vec<_> = ["HOME", "TMPDIR", "XDG_RUNTIME_DIR"]
            .map(|name| (name, folder.path().as_os_str().to_owned()))
            .into();
        // GTK starts a message bus where there is none, and that would outlive us.
        environment.push(("DBUS_SESSION_BUS_ADDRESS", "disabled:".into()));
        if webassembly == WebAssembly::Off {
            environment.extend(engine.without_webassembly());
        }
        let display = engine.needs_display().then(|| display(&environment));
        let (display, number) = display.transpose()?.unzip();
        environment.extend(number.map(|number| ("DISPLAY", format!(":{number}").into())));
        environment.push((REMOVES, folder.keep().into()));

        let program = engine.driver();
        let (driver, port) = match engine.port() {
            Port::Said(words) => {
                let port =
                    |line: &str| line.split_once(words)?.1.trim_end_matches('.').parse().ok();
                let start = || Leash::start(&program, &["--port=0"], environment.clone(), port);
                // chromedriver takes a port that is free in IPv4, and ends when somebody has it in IPv6.
                start().or_else(|_| start())?
            }
            Port::Given => {
                let port = free_port()?;
                let argument = format!("--port={port}");
                let driver = Leash::start_silent(&program, &[&argument], environment)?;
                until_it_listens(port).with_context(|| format!("{program} did not start"))?;
                (driver, port)
            }
        };
        Ok(Self {
            _driver: driver,
            _display: display,
            port,
        })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        format!("http://{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }
}

/// Starts a display, and returns its number.
fn display(environment: &[(&str, OsString)]) -> Outcome<(Leash, u32)> {
    let program = std::env::var("XVFB").unwrap_or_else(|_| "Xvfb".into());
    let arguments = [
        "-displayfd",
        "1",
        "-nolisten",
        "tcp",
        "-screen",
        "0",
        SCREEN,
    ];
    Leash::start(&program, &arguments, environment.iter().cloned(), |line| {
        line.parse().ok()
    })
}

/// A port that nobody listens on at this moment.
fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

fn until_it_listens(port: u16) -> Option<()> {
    let begin = Instant::now();
    while begin.elapsed() < START {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Some(());
        }
        sleep(STEP);
    }
    None
}
