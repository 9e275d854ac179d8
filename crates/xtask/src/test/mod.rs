//! Everything that checks the project, in the order in which a mistake is found soonest.

mod browser;
mod companion;
mod go;
mod rust;
mod suite;

use anyhow::{Context as _, Result};

pub(crate) use self::companion::mattermost;
pub(crate) use self::go::{go, host as host_tests};
pub(crate) use self::rust::cargo;
pub(crate) use self::suite::Outcome;
use self::suite::{Aside, Suite};
use crate::dist::{PLATFORMS, Platform};
use crate::setup::{CARGO_DENY, GO, Need, Setup};
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
    let mut suite = Suite::new(setup.project().scratch("log"));
    if !options.quick {
        setup.require(&needs(options))?;
    }
    suite.part("tidy", || tidy::run(setup.project()));
    suite.part("format", || rust::format(setup));
    if options.quick {
        suite.part("unit tests", || rust::unit(setup));
        return suite.close();
    }
    suite.part("lints", || rust::lint(setup));
    suite.part("unit tests", || rust::unit(setup));
    suite.part("packages", || rust::package(setup));
    suite.part("lints of the web part", || rust::lint_web(setup));
    suite.part("JavaScript", || javascript(setup));
    suite.part("host package", || host::check(setup));
    let mut bundles = Vec::new();
    let beside_the_build: Vec<Aside<'_>> = vec![
        ("Go", Box::new(|| go::standin(setup))),
        (
            "licences and sources",
            Box::new(|| licence_check::run(setup)),
        ),
    ];
    suite.beside(beside_the_build, |suite| {
        suite.part("bundle", || {
            bundles = dist::release_both(setup, options.platforms())?;
            Ok(Outcome {
                passed: bundles.len(),
                ..Outcome::default()
            })
        });
    });
    if options.all_platforms {
        suite.part("executables of other platforms", || {
            bundles.first().context("there is no bundle")?;
            dist::check(setup)
        });
    }
    let bundle = || bundles.first().context("there is no bundle");
    let beside_the_browsers: Vec<Aside<'_>> = vec![
        (
            "plugin host tests",
            Box::new(|| go::host(setup, bundle()?, None)),
        ),
        ("companion", Box::new(|| companion::run(setup, bundle()?))),
        (
            "packages",
            Box::new(|| dist::check_companion(setup, bundle()?)),
        ),
        ("fuzzing", Box::new(|| fuzz::short(setup))),
    ];
    suite.beside(beside_the_browsers, |suite| {
        browser::run(setup, &bundles, suite);
    });
    suite.close()
}

impl Options {
    /// What the bundle is built for.
    fn platforms(&self) -> &'static [Platform] {
        if self.all_platforms {
            &PLATFORMS
        } else {
            // The one that the tests start.
            &PLATFORMS[..1]
        }
    }
}

/// All that the whole test takes, so that what is missing is said before it begins.
fn needs(options: &Options) -> Vec<Need> {
    let mut needs = if options.all_platforms {
        dist::check_needs()
    } else {
        dist::needs(options.platforms())
    };
    needs.push(Need::Tool(&GO));
    needs.push(Need::CargoTool(&CARGO_DENY));
    needs.extend(host::NEEDS);
    needs.extend(browser::NEEDS);
    needs.extend(companion::NEEDS);
    needs.extend(dist::COMPANION_NEEDS);
    needs.extend(fuzz::NEEDS);
    needs
}

/// The web part's scripts: types, lints, and their own tests; and the form of all JavaScript of the project.
fn javascript(setup: &Setup) -> Result<Outcome> {
    let modules = setup.node_modules("webapp")?;
    let mut outcome = Outcome::default();
    for script in ["format:check", "check", "lint", "test"] {
        match modules.run_script(script) {
            Ok(()) => outcome.passed += 1,
            Err(error) => outcome.failures.push(format!("{error:#}")),
        }
    }
    Ok(outcome)
}
