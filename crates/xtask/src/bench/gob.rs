//! gob alone: the crate's benchmark and Go's, which do the same with the same values.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::goal::Goal;
use super::statistics::median;
use super::table::Row;
use super::unit::Unit;
use crate::process;
use crate::setup::Setup;
use crate::test::go;

/// Go's benchmarks: one module for what is in Go's own library, one for Mattermost's types.
const GO_MODULES: [&str; 2] = ["tests/gob-peer", "tests/gob-peer/mattermost"];

/// The benchmarks' names on both sides, and what they are in words.
const TASKS: [(&str, &str); 3] = [
    ("RequestDecode", "gob alone: decode an `http.Request`"),
    ("RequestEncode", "gob alone: encode an `http.Request`"),
    ("ConfigDecode", "gob alone: decode a `model.Config`"),
];

/// Nanoseconds for each benchmark, one value a round.
type Measured = BTreeMap<String, Vec<f64>>;

/// Runs both, in turn, and compares the medians.
pub(super) fn rows(setup: &Setup, rounds: u32) -> Result<Vec<Row>> {
    let mut ours = Measured::new();
    let mut theirs = Measured::new();
    for round in 1..=rounds {
        println!("    round {round} of {rounds}: gob alone");
        // Built as the shipped executables are.
        let arguments = [
            "-q",
            "-p",
            "mattermost-plugin-gob",
            "--bench",
            "streams",
            "--profile",
            "dist",
        ];
        let mut cargo = setup.host_toolchain()?.cargo("bench");
        cargo.current_dir(setup.project().root()).args(arguments);
        measure(&mut cargo, &mut ours)?;
        for module in GO_MODULES {
            let mut go = go(setup, &setup.project().path(module))?;
            let arguments = ["test", "-run", "^$", "-bench", ".", "-benchtime", "500ms"];
            measure(go.args(arguments), &mut theirs)?;
        }
    }
    TASKS
        .into_iter()
        .map(|(name, figure)| {
            let of = |measured: &Measured| {
                median(measured.get(name).into_iter().flatten().copied())
                    .with_context(|| format!("no benchmark {name} was run"))
            };
            Ok(Row::beside(
                figure,
                Unit::Nanoseconds,
                of(&ours)?,
                of(&theirs)?,
                Goal::NoWorse,
            ))
        })
        .collect()
}

fn measure(command: &mut Command, into: &mut Measured) -> Result<()> {
    let mut found = 0;
    process::run_reading(command, |line| {
        if let Some((name, nanoseconds)) = parse(line) {
            println!("        {line}");
            into.entry(name.to_owned()).or_default().push(nanoseconds);
            found += 1;
        }
    })?;
    ensure!(found > 0, "`{}` measured nothing", process::shown(command));
    Ok(())
}

/// A line of `go test -bench`: the name without the number of processors that Go appends, and the nanoseconds.
fn parse(line: &str) -> Option<(&str, f64)> {
    let mut words = line.strip_prefix("Benchmark")?.split_whitespace();
    let name = words.next()?;
    let name = match name.rsplit_once('-') {
        Some((name, processors)) if processors.parse::<u32>().is_ok() => name,
        _ => name,
    };
    let words: Vec<_> = words.collect();
    let unit = words.iter().position(|word| *word == "ns/op")?;
    let nanoseconds = words.get(unit.checked_sub(1)?)?.parse().ok()?;
    Some((name, nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_go_and_of_the_crate_are_read_alike() {
        let go = "BenchmarkRequestDecode-2   \t  240516\t      4980 ns/op\t    2168 B/op\t      61 allocs/op";
        assert_eq!(parse(go), Some(("RequestDecode", 4980.0)));
        let ours = "BenchmarkRequestDecode\t123456\t1620 ns/op";
        assert_eq!(parse(ours), Some(("RequestDecode", 1620.0)));
    }

    #[test]
    fn other_lines_are_passed_over() {
        for line in [
            "goos: linux",
            "PASS",
            "",
            "Benchmark",
            "BenchmarkX 5",
            "BenchmarkX ns/op",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
