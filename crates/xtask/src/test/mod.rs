//! Everything that checks the project, in the order in which a mistake is found soonest.

mod browser;
mod go;
mod proxies;
mod rust;
mod suite;

use anyhow::{Context as _, Result};

pub(crate) use self::go::{go, host as host_tests};
pub(crate) use self::rust::cargo;
pub(crate) use self::suite::Outcome;
use self::suite::Suite;
use crate::setup::Setup;
use crate::{dist, fuzz, host};
use crate::{licence_check, tidy};

/// What `test` can be asked for.
#[derive(clap::Args, Debug, Clone)]
pub(crate) struct Options {
    /// Only what needs nothing but Rust: tidiness, format, unit tests.
    #[arg(long)]
    quick: bool,
    /// Build the bundle for every platform, and try the executables that this machine cannot run (a quarter of an hour more).
    #[arg(long, conflicts_with = "quick")]
    all_platforms: bool,
}

/// Runs the checks; closes with a line of the form `N passed, N failed`.
pub(crate) fn run(setup: &Setup, options: &Options) -> Result<()> {
    let mut suite = Suite::new();
    suite.part("tidy", || tidy::run(setup.project()));
    suite.part("format", || rust::format(setup));
    if options.quick {
        suite.part("unit tests", || rust::unit(setup));
        return suite.close();
    }
    suite.part("lints", || rust::lint(setup));
    suite.part("unit tests", || rust::unit(setup));
    suite.part("licences and sources", || licence_check::run(setup));
    suite.part("lints of the web part", || rust::lint_web(setup));
    suite.part("JavaScript", || javascript(setup));
    suite.part("host package", || host::check(setup));
    let mut bundle = None;
    suite.part("bundle", || {
        let platforms = if options.all_platforms {
            &dist::PLATFORMS[..]
        } else {
            // The one that the tests below start.
            &dist::PLATFORMS[..1]
        };
        bundle = Some(dist::release(setup, platforms)?);
        Ok(Outcome::passed())
    });
    if options.all_platforms {
        suite.part("executables of other platforms", || {
            bundle.as_deref().context("there is no bundle")?;
            dist::check(setup)
        });
    }
    suite.part("Go", || go::standin(setup));
    suite.part("plugin host tests", || {
        go::host(
            setup,
            bundle.as_deref().context("there is no bundle")?,
            None,
        )
    });
    suite.part("reverse proxies", || {
        proxies::run(setup, bundle.as_deref().context("there is no bundle")?)
    });
    browser::run(setup, bundle.as_deref(), &mut suite);
    suite.part("fuzzing", || fuzz::short(setup));
    suite.close()
}

/// The web part's scripts: types, lints, and their own tests.
fn javascript(setup: &Setup) -> Result<Outcome> {
    let modules = setup.node_modules("webapp")?;
    let mut outcome = Outcome::default();
    for script in ["check", "lint", "test"] {
        match modules.run_script(script) {
            Ok(()) => outcome.passed += 1,
            Err(error) => outcome.failures.push(format!("{error:#}")),
        }
    }
    Ok(outcome)
}
