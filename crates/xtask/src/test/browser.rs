//! The browser tests: which of them run in which engine and by which way, and why not the rest.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use super::rust;
use super::suite::{Outcome, Suite};
use crate::host;
use crate::process;
use crate::setup::{
    CHROMEDRIVER, CHROMIUM, FIREFOX, GECKODRIVER, Need, Setup, Tool, WEBKITWEBDRIVER, XVFB,
};
use crate::standin::Standin;

/// The package whose tests need a browser.
pub(super) const BROWSER_TESTS: &str = "notifymatters-browser-tests";

/// Where the React of the stand-in's System Console is locked.
const SYSTEM_CONSOLE: &str = "tests/standin/internal/systemconsole";

const TOOLS: [&Tool; 5] = [&CHROMIUM, &CHROMEDRIVER, &FIREFOX, &WEBKITWEBDRIVER, &XVFB];

/// What the browser tests take besides a bundle and the stand-in.
pub(super) const NEEDS: [Need; 7] = [
    Need::Tool(&CHROMIUM),
    Need::Tool(&CHROMEDRIVER),
    Need::Tool(&FIREFOX),
    Need::Tool(&WEBKITWEBDRIVER),
    Need::Tool(&XVFB),
    Need::CargoTool(&GECKODRIVER),
    Need::NodeModules(SYSTEM_CONSOLE),
];

/// One run of the tests.
#[derive(Debug)]
struct Run {
    engine: &'static str,
    way: &'static str,
    bundle: Bundle,
    /// The modules that run.
    modules: Modules,
    /// Tests and modules that do not, each with the reason.
    left_out: &'static [(&'static str, &'static str)],
}

/// Which bundle is tested, by the standard library of its web part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bundle {
    /// A ready-made one, where there is one.
    First,
    /// One that was built with the web part, where there is one.
    Second,
}

#[derive(Debug)]
enum Modules {
    All,
    Only(&'static [&'static str]),
}

/// The main ways of a notification, and what happens to a page in its life. Left to Chromium alone: the attacks and the
/// windows without a parent, which the session and `embeds.js` judge in the same lines in every engine (their unit tests
/// stand beside them); the System Console; the demo.
const MAIN_WAYS: Modules = Modules::Only(&[
    "capabilities::",
    "default_permission::",
    "host_element::",
    "host_embed::",
    "hosts_in_the_field::",
    "life_of_the_page::",
    "life_of_the_plugin::",
    "fallback::",
    "login::",
    "notification_standard::",
    "settings::",
    "unreachable::",
    "whole_way::",
]);

/// These close the way themselves, one by one.
const CLOSE_IT: (&str, &str) = ("fallback::", "they close the way themselves");

const OWN_CLASS: (&str, &str) = (
    "notification_standard::the_engines_own",
    "no component takes part in it, and it ran before",
);

/// The elements' tests and the others of the host package.
const HOST_PACKAGE: (&str, &str) = (
    "host_e",
    "the host's side is the same, whichever way the component came",
);

const WEBMAILS: (&str, &str) = ("webmail::", HOST_PACKAGE.1);

const CONSOLE: (&str, &str) = (
    "console::",
    "the System Console's page loads no component; its check of the way closes it by itself",
);

const DEMO: (&str, &str) = (
    "demo::",
    "nothing can close the demo's way: it has no control interface",
);

const SHARED_BROWSER: (&str, &str) = (
    "shared_browser::",
    "no page takes part in it, and it ran before",
);

const REMOVED_FRAME: (&str, &str) = (
    "top_level::a_frame_that_posts_and_is_removed",
    "what closes the way forbids the test's own script; who is listened to is decided before the component comes",
);

const LOGIN: (&str, &str) = (
    "login::a_user_who_logs_in",
    "WebKit keeps no cookie that is set in a frame of another origin below .localhost",
);

const LOGOUT: (&str, &str) = ("login::after_a_logout", LOGIN.1);

const SIGN_IN: (&str, &str) = (
    "login::a_window",
    "the component takes no part in it, and it ran before",
);

const SESSION_OF_A_TAB: (&str, &str) = (
    "login::a_session_of_a_tab",
    "only Firefox keeps it from the frame where a driver can set that up",
);

const WORKER: (&str, &str) = (
    "host_embed::where_only_a_service_worker",
    "no worker shows notifications in Firefox without a display, nor where no driver can grant the permission",
);

const LOGIN_IN_EMBED: (&str, &str) = ("host_embed::a_user_who_logs_in", LOGIN.1);

const LOGIN_ELSEWHERE: (&str, &str) = ("host_element::who_logs_in", LOGIN.1);

const RUNS: [Run; 6] = [
    Run {
        engine: "chromium",
        way: "webassembly",
        bundle: Bundle::First,
        modules: Modules::All,
        left_out: &[SESSION_OF_A_TAB],
    },
    Run {
        engine: "chromium",
        way: "fallback",
        bundle: Bundle::Second,
        modules: Modules::All,
        left_out: &[
            CONSOLE,
            DEMO,
            SIGN_IN,
            SESSION_OF_A_TAB,
            CLOSE_IT,
            OWN_CLASS,
            HOST_PACKAGE,
            WEBMAILS,
            SHARED_BROWSER,
            REMOVED_FRAME,
        ],
    },
    Run {
        engine: "firefox",
        way: "webassembly",
        bundle: Bundle::Second,
        modules: MAIN_WAYS,
        left_out: &[CONSOLE, WORKER],
    },
    Run {
        engine: "firefox",
        way: "fallback",
        bundle: Bundle::First,
        modules: MAIN_WAYS,
        left_out: &[
            CONSOLE,
            SIGN_IN,
            SESSION_OF_A_TAB,
            CLOSE_IT,
            OWN_CLASS,
            HOST_PACKAGE,
        ],
    },
    Run {
        engine: "webkitgtk",
        way: "webassembly",
        bundle: Bundle::First,
        modules: MAIN_WAYS,
        left_out: &[
            CONSOLE,
            LOGIN,
            LOGOUT,
            LOGIN_IN_EMBED,
            LOGIN_ELSEWHERE,
            SESSION_OF_A_TAB,
            WORKER,
        ],
    },
    Run {
        engine: "webkitgtk",
        way: "fallback",
        bundle: Bundle::Second,
        modules: MAIN_WAYS,
        left_out: &[
            CONSOLE,
            LOGIN,
            LOGOUT,
            SIGN_IN,
            SESSION_OF_A_TAB,
            CLOSE_IT,
            OWN_CLASS,
            HOST_PACKAGE,
        ],
    },
];

/// What all runs need.
struct Needs {
    standin: Standin,
    /// Programs, by the variable that names them to the tests.
    programs: Vec<(&'static str, PathBuf)>,
}

/// Adds each run as a part of its own; `bundles` are one, or two that differ in the web part's compiler.
pub(super) fn run(setup: &Setup, bundles: &[PathBuf], suite: &mut Suite) {
    let mut needs = None;
    suite.part("what the browser tests need", || {
        ensure!(!bundles.is_empty(), "there is no bundle");
        let prepared = prepare(setup)?;
        check_names(&list(&mut prepared.cargo_test(setup))?)?;
        needs = Some(prepared);
        Ok(Outcome::passed())
    });
    let (Some(needs), Some(first)) = (needs, bundles.first()) else {
        return;
    };
    for Run {
        engine,
        way,
        bundle,
        modules,
        left_out,
    } in &RUNS
    {
        let bundle = match bundle {
            Bundle::First => first,
            Bundle::Second => bundles.get(1).unwrap_or(first),
        };
        suite.part(&format!("browser tests, {engine}, {way}"), || {
            let tests = || {
                let mut command = needs.cargo_test(setup);
                command
                    .env("NOTIFYMATTERS_BUNDLE", bundle)
                    .env("NOTIFYMATTERS_ENGINE", engine)
                    .env("NOTIFYMATTERS_WAY", way)
                    .arg("--");
                command
            };
            let mut command = tests();
            if let Modules::Only(names) = modules {
                command.args(*names);
            }
            for (name, reason) in *left_out {
                println!("    left out: {name}: {reason}");
                command.args(["--skip", name]);
            }
            rust::tests(&mut command)?.once_more(|failed| {
                println!("    once more, by themselves: {}", failed.join(", "));
                rust::tests(tests().args(["--exact", "--test-threads=1"]).args(failed))
            })
        });
    }
}

fn prepare(setup: &Setup) -> Result<Needs> {
    let mut programs = Vec::new();
    for tool in TOOLS {
        if let Some(variable) = tool.variable {
            programs.push((variable, setup.tool(tool)?));
        }
    }
    programs.push(("GECKODRIVER", setup.cargo_tool(&GECKODRIVER)?));
    let standin = Standin::build(setup)?;
    host::build(setup)?;
    setup.node_modules(SYSTEM_CONSOLE)?;
    Ok(Needs { standin, programs })
}

impl Needs {
    fn cargo_test(&self, setup: &Setup) -> Command {
        let mut command = rust::cargo(setup);
        command
            .args(["test", "--quiet", "--locked", "-p", BROWSER_TESTS])
            .arg("--no-fail-fast")
            .env("NOTIFYMATTERS_STANDIN", self.standin.executable())
            .envs(self.programs.iter().map(|(name, path)| (*name, path)));
        command
    }
}

/// The names of all browser tests.
fn list(command: &mut Command) -> Result<Vec<String>> {
    let listed = process::capture(command.args(["--", "--list"]))?;
    let names = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"));
    Ok(names.map(str::to_owned).collect())
}

/// The tests and modules that the runs name.
fn names() -> impl Iterator<Item = &'static str> {
    RUNS.iter().flat_map(|run| {
        let modules: &[_] = match run.modules {
            Modules::All => &[],
            Modules::Only(names) => names,
        };
        let left_out = run.left_out.iter().map(|(name, _)| *name);
        modules.iter().copied().chain(left_out)
    })
}

/// A name that no test has would leave out, or run, nothing, and nobody would notice.
fn check_names(tests: &[String]) -> Result<()> {
    for name in names() {
        ensure!(
            tests.iter().any(|test| test.contains(name)),
            "no browser test is named {name}: put it right in crates/xtask/src/test/browser.rs"
        );
    }
    Ok(())
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn a_module_that_no_test_is_in_is_refused_by_name() {
        let all: Vec<_> = names().map(|name| format!("{name}a_test")).collect();
        check_names(&all).unwrap();
        let one_less: Vec<_> = all
            .into_iter()
            .filter(|name| !name.starts_with("login::"))
            .collect();
        let error = check_names(&one_less).unwrap_err().to_string();
        assert!(
            error.starts_with("no browser test is named login::"),
            "{error}"
        );
    }

    #[test]
    fn each_form_of_the_component_of_each_compiler_runs_in_some_engine() {
        for way in ["webassembly", "fallback"] {
            for bundle in [Bundle::First, Bundle::Second] {
                assert!(
                    RUNS.iter()
                        .any(|run| run.way == way && run.bundle == bundle),
                    "{way} of {bundle:?}"
                );
            }
        }
    }
}
