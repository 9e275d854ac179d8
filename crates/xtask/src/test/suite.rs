//! Runs the parts of the test, also after a failure, and keeps count.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::process::{self, say};

/// More failures than these have a reason that is worth a look before anything runs again.
const FEW: usize = 3;

/// What a part found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) passed: usize,
    /// One line for each check that failed.
    pub(crate) failures: Vec<String>,
    /// One line for each check that failed and passed when it ran again; it counts as passed.
    pub(crate) unsteady: Vec<String>,
}

impl Outcome {
    /// A part that is one check, and passed.
    pub(crate) const fn passed() -> Self {
        Self {
            passed: 1,
            failures: Vec::new(),
            unsteady: Vec::new(),
        }
    }

    /// Runs the checks that failed once more, if they are few, and keeps as failures those that fail again.
    ///
    /// For checks of programs that are not ours and of many processes, such as browsers: what they do wrong on a busy machine
    /// they rarely do twice, and what we do wrong fails again.
    pub(crate) fn once_more(mut self, run: impl FnOnce(&[String]) -> Result<Self>) -> Result<Self> {
        if self.failures.is_empty() || self.failures.len() > FEW {
            return Ok(self);
        }
        let again = run(&self.failures)?;
        let failed_again = |failure: &String| again.failures.contains(failure);
        let (failures, unsteady) = self.failures.into_iter().partition(failed_again);
        self.failures = failures;
        self.unsteady = unsteady;
        self.passed += again.passed;
        Ok(self)
    }

    /// Takes in what a further check found; an error is a failure.
    pub(crate) fn add(&mut self, more: Result<Self>) {
        match more {
            Ok(more) => {
                self.passed += more.passed;
                self.failures.extend(more.failures);
                self.unsteady.extend(more.unsteady);
            }
            Err(error) => self.failures.push(format!("{error:#}")),
        }
    }
}

/// The parts that ran so far.
#[derive(Debug)]
pub(crate) struct Suite {
    started: Instant,
    total: Outcome,
    /// Where the output of parts lies that run beside others.
    logs: PathBuf,
}

/// A part that may run beside others.
pub(crate) type Aside<'a> = (
    &'static str,
    Box<dyn FnOnce() -> Result<Outcome> + Send + 'a>,
);

impl Suite {
    pub(crate) fn new(logs: PathBuf) -> Self {
        Self {
            started: Instant::now(),
            total: Outcome::default(),
            logs,
        }
    }

    /// Runs a part; an error is one failed check of it.
    pub(crate) fn part(&mut self, name: &str, run: impl FnOnce() -> Result<Outcome>) {
        let outcome = perform(name, run);
        self.add(name, outcome);
    }

    /// Runs parts one after the other while `main` runs its own: some wait for the network or the clock while others compute.
    /// What they say is shown when each is through.
    pub(crate) fn beside(&mut self, parts: Vec<Aside<'_>>, main: impl FnOnce(&mut Self)) {
        let names: Vec<_> = parts.iter().map(|(name, _)| *name).collect();
        println!(
            "\n== meanwhile: {} (shown when they are through)",
            names.join(", ")
        );
        let logs = self.logs.clone();
        let outcomes = thread::scope(|scope| {
            let aside = scope.spawn(move || {
                let outcomes = parts.into_iter().map(|(name, run)| {
                    let outcome = perform_aside(&logs, name, run);
                    (name, outcome)
                });
                outcomes.collect::<Vec<_>>()
            });
            main(self);
            aside.join()
        });
        match outcomes {
            Ok(outcomes) => {
                for (name, outcome) in outcomes {
                    self.add(name, outcome);
                }
            }
            Err(_) => self.add("meanwhile", failed("the thread of these parts panicked")),
        }
    }

    fn add(&mut self, name: &str, outcome: Outcome) {
        let named = |check| format!("{name}: {check}");
        self.total.passed += outcome.passed;
        self.total
            .failures
            .extend(outcome.failures.into_iter().map(named));
        self.total
            .unsteady
            .extend(outcome.unsteady.into_iter().map(named));
    }

    /// Says what failed and closes with the count.
    ///
    /// # Errors
    ///
    /// Something failed.
    pub(crate) fn close(self) -> Result<()> {
        let minutes = self.started.elapsed().as_secs_f32() / 60.0;
        println!("\nall of it took {minutes:.1} minutes");
        for unsteady in &self.total.unsteady {
            println!("passed only when it ran again: {unsteady}");
        }
        for failure in &self.total.failures {
            println!("failed: {failure}");
        }
        let failed = self.total.failures.len();
        println!("{} passed, {failed} failed", self.total.passed);
        if failed > 0 {
            bail!("the test failed");
        }
        Ok(())
    }
}

fn failed(failure: impl Into<String>) -> Outcome {
    Outcome {
        failures: vec![failure.into()],
        ..Outcome::default()
    }
}

fn perform(name: &str, run: impl FnOnce() -> Result<Outcome>) -> Outcome {
    say(&format!("\n== {name}"));
    let started = Instant::now();
    let outcome = run().unwrap_or_else(|error| failed(format!("{error:#}")));
    for failure in &outcome.failures {
        say(&format!("    failed: {failure}"));
    }
    let seconds = started.elapsed().as_secs_f32();
    let verdict = if outcome.failures.is_empty() {
        "ok"
    } else {
        "FAILED"
    };
    say(&format!(
        "== {name}: {verdict}, {} passed, {} failed, {seconds:.1} s",
        outcome.passed,
        outcome.failures.len()
    ));
    outcome
}

fn perform_aside(logs: &Path, name: &str, run: impl FnOnce() -> Result<Outcome>) -> Outcome {
    let path = logs.join(name.replace(' ', "-")).with_extension("txt");
    let log = fs::create_dir_all(logs).and_then(|()| File::create(&path));
    let outcome = match log {
        Ok(log) => process::into_log(log, || perform(name, run)),
        Err(error) => return failed(format!("{}: {error}", path.display())),
    };
    // In one piece, between the lines of what runs meanwhile.
    let said = fs::read(&path).unwrap_or_default();
    drop(io::stdout().lock().write_all(&said));
    outcome
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_failing_part_does_not_stop_the_next_and_fails_the_whole() {
        let mut suite = Suite::new(PathBuf::new());
        suite.part("first", || bail!("no luck"));
        suite.part("second", || {
            Ok(Outcome {
                passed: 2,
                failures: vec!["third check".to_owned()],
                unsteady: vec!["fourth check".to_owned()],
            })
        });
        suite.part("third", || Ok(Outcome::passed()));
        assert_eq!(suite.total.passed, 3);
        assert_eq!(
            suite.total.failures,
            ["first: no luck", "second: third check"]
        );
        assert_eq!(suite.total.unsteady, ["second: fourth check"]);
        assert!(suite.close().is_err());
    }

    #[test]
    fn what_fails_runs_once_more_and_counts_by_its_second_result() {
        let first = Outcome {
            passed: 5,
            failures: vec!["a".to_owned(), "b".to_owned()],
            unsteady: Vec::new(),
        };
        let found = first.once_more(|names| {
            assert_eq!(names, ["a", "b"]);
            Ok(Outcome {
                passed: 1,
                failures: vec!["b".to_owned()],
                unsteady: Vec::new(),
            })
        });
        let expected = Outcome {
            passed: 6,
            failures: vec!["b".to_owned()],
            unsteady: vec!["a".to_owned()],
        };
        assert_eq!(found.unwrap(), expected);
    }

    #[test]
    fn where_many_fail_nothing_runs_again() {
        let many = Outcome {
            passed: 0,
            failures: ["a", "b", "c", "d"].map(str::to_owned).into(),
            unsteady: Vec::new(),
        };
        let found = many.clone().once_more(|_| bail!("it ran again"));
        assert_eq!(found.unwrap(), many);
    }

    #[test]
    fn a_test_without_failures_succeeds() {
        let mut suite = Suite::new(PathBuf::new());
        suite.part("first", || Ok(Outcome::passed()));
        suite.close().unwrap();
    }

    #[test]
    fn parts_run_beside_others_and_count_like_them() {
        let logs = tempfile::tempdir().unwrap();
        let mut suite = Suite::new(logs.path().to_owned());
        // Each waits for the other: one after the other they would never end.
        let (to_main, from_aside) = mpsc::channel();
        let (to_aside, from_main) = mpsc::channel();
        let aside: Aside<'_> = (
            "first aside",
            Box::new(move || {
                say("heard aside");
                to_main.send(())?;
                from_main.recv_timeout(Duration::from_secs(30))?;
                Ok(Outcome::passed())
            }),
        );
        let next: Aside<'_> = ("next aside", Box::new(|| bail!("no luck")));
        suite.beside(vec![aside, next], |suite| {
            suite.part("main", || {
                from_aside.recv_timeout(Duration::from_secs(30))?;
                to_aside.send(())?;
                Ok(Outcome::passed())
            });
        });
        assert_eq!(suite.total.passed, 2);
        assert_eq!(suite.total.failures, ["next aside: no luck"]);
        let log = fs::read_to_string(logs.path().join("first-aside.txt")).unwrap();
        assert!(log.contains("heard aside"), "{log}");
    }
}
