//! Runs the parts of the test one after the other, also after a failure, and keeps count.

use std::time::Instant;

use anyhow::{Result, bail};

/// What a part found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) passed: usize,
    /// One line for each check that failed.
    pub(crate) failures: Vec<String>,
}

impl Outcome {
    /// A part that is one check, and passed.
    pub(crate) const fn passed() -> Self {
        Self {
            passed: 1,
            failures: Vec::new(),
        }
    }

    /// Takes in what a further check found; an error is a failure.
    pub(crate) fn add(&mut self, more: Result<Self>) {
        match more {
            Ok(more) => {
                self.passed += more.passed;
                self.failures.extend(more.failures);
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
}

impl Suite {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            total: Outcome::default(),
        }
    }

    /// Runs a part; an error is one failed check of it.
    pub(crate) fn part(&mut self, name: &str, run: impl FnOnce() -> Result<Outcome>) {
        println!("\n== {name}");
        let started = Instant::now();
        let outcome = run().unwrap_or_else(|error| Outcome {
            passed: 0,
            failures: vec![format!("{error:#}")],
        });
        for failure in &outcome.failures {
            println!("    failed: {failure}");
        }
        let seconds = started.elapsed().as_secs_f32();
        let verdict = if outcome.failures.is_empty() {
            "ok"
        } else {
            "FAILED"
        };
        println!(
            "== {name}: {verdict}, {} passed, {} failed, {seconds:.1} s",
            outcome.passed,
            outcome.failures.len()
        );
        self.total.passed += outcome.passed;
        self.total.failures.extend(
            outcome
                .failures
                .into_iter()
                .map(|failure| format!("{name}: {failure}")),
        );
    }

    /// Says what failed and closes with the count.
    ///
    /// # Errors
    ///
    /// Something failed.
    pub(crate) fn close(self) -> Result<()> {
        let minutes = self.started.elapsed().as_secs_f32() / 60.0;
        println!("\nall of it took {minutes:.1} minutes");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_part_does_not_stop_the_next_and_fails_the_whole() {
        let mut suite = Suite::new();
        suite.part("first", || bail!("no luck"));
        suite.part("second", || {
            Ok(Outcome {
                passed: 2,
                failures: vec!["third check".to_owned()],
            })
        });
        suite.part("third", || Ok(Outcome::passed()));
        assert_eq!(suite.total.passed, 3);
        assert_eq!(
            suite.total.failures,
            ["first: no luck", "second: third check"]
        );
        assert!(suite.close().is_err());
    }

    #[test]
    fn a_test_without_failures_succeeds() {
        let mut suite = Suite::new();
        suite.part("first", || Ok(Outcome::passed()));
        suite.close().unwrap();
    }
}
