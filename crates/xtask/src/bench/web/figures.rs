//! Which figures are compared, and what each must reach.

use anyhow::{Context as _, Result};

use super::super::goal::Goal;
use super::super::machine;
use super::super::statistics::{mean, median, p99};
use super::super::table::Row;
use super::super::unit::Unit;
use super::bundle::Bundle;
use super::program::{Beside, Figures, Hops, Memory};
use crate::process;
use crate::setup::{CHROMIUM, Setup};

/// The columns of the peers.
const BY_HAND: usize = 0;
const BARE: usize = 1;

/// A page that nobody embeds pays no more than this, and an embedded one no more than that, in bytes.
const IDLE: f64 = 1_100.0;
const EMBEDDED: f64 = 30_000.0;

/// A fifth of what browsers call a long task, because the user can feel it: milliseconds.
const TASK: f64 = 10.0;

/// What a page's memory may grow by at rest, and what the component's may be, in bytes.
const HEAP: f64 = 150_000.0;
const WASM_MEMORY: f64 = 256_000.0;

/// What was measured of one side in all rounds.
type Side<'a> = (&'a Bundle, &'a [Figures]);

/// A figure of one run.
type Of = fn(&Figures) -> Option<f64>;

/// A figure of both sides' hops or refused messages, and of the bare ones.
type OfBeside<T> = fn(&[T]) -> Option<f64>;

pub(super) fn rows(ours: Side<'_>, by_hand: Side<'_>) -> Result<Vec<Row>> {
    let mut rows = sizes(ours, by_hand)?;
    let both: [(&str, Unit, Goal, Of); 9] = [
        (
            "first `enable` to `ok`, nothing cached",
            Unit::Milliseconds,
            Goal::AtMostMore(10.0),
            |it| Some(it.ok_first),
        ),
        (
            "the same, files from the browser's cache",
            Unit::Milliseconds,
            Goal::AtMostMore(5.0),
            |it| median(it.cached.calm.iter().copied()),
        ),
        (
            "the plugin's first line to `ok`, the host asking all the while",
            Unit::Milliseconds,
            Goal::None,
            |it| median(it.cached.asked.iter().copied()),
        ),
        (
            "the longest the page's thread is taken meanwhile",
            Unit::Milliseconds,
            Goal::Under(TASK),
            |it| median(it.cached.longest.iter().copied()),
        ),
        (
            "heap added with no notification past",
            Unit::Kilobytes,
            Goal::Under(HEAP),
            |it| Some(added(it, 1).heap_bytes),
        ),
        (
            "heap added with 100 past",
            Unit::Kilobytes,
            Goal::None,
            |it| Some(added(it, 2).heap_bytes),
        ),
        (
            "heap added with 10,000 past",
            Unit::Kilobytes,
            Goal::None,
            |it| Some(added(it, 3).heap_bytes),
        ),
        (
            "WebAssembly memory with no notification past",
            Unit::Kilobytes,
            Goal::AtMost(WASM_MEMORY),
            |it| Some(added(it, 1).wasm_bytes),
        ),
        (
            "the same with 10,000 past",
            Unit::Kilobytes,
            Goal::None,
            |it| Some(added(it, 3).wasm_bytes),
        ),
    ];
    for (figure, unit, goal, of) in both {
        let ours = of_rounds(ours.1, of).context(figure)?;
        let by_hand = of_rounds(by_hand.1, of).context(figure)?;
        rows.push(Row {
            peers: vec![Some(by_hand), None],
            ..Row::beside(figure, unit, ours, by_hand, goal)
        });
    }
    let (ours, by_hand) = (ours.1, by_hand.1);
    let hops: [(&str, Goal, OfBeside<Hops>); 3] = [
        (
            "notification out and click back",
            Goal::AtMostTimes(1.1),
            single,
        ),
        ("99 of 100 take at most", Goal::None, |turns| {
            p99(turns.iter().flat_map(|turn| turn.single.iter().copied()))
        }),
        ("the same, one right after the other", Goal::None, |turns| {
            median(turns.iter().map(|turn| turn.row))
        }),
    ];
    for (figure, goal, of) in hops {
        rows.push(beside_bare(
            figure,
            Unit::Microseconds,
            1e3,
            BY_HAND,
            goal,
            ours,
            by_hand,
            |it| &it.hops,
            of,
        )?);
    }
    rows.push(beside_bare(
        "10,000 refused messages",
        Unit::Milliseconds,
        1.0,
        BARE,
        Goal::None,
        ours,
        by_hand,
        |it| &it.refused,
        |turns| median(turns.iter().copied()),
    )?);
    Ok(rows)
}

/// The median of the turns' means: a single hop is shorter than a few of the clock's steps.
fn single(turns: &[Hops]) -> Option<f64> {
    median(turns.iter().filter_map(|turn| mean(&turn.single)))
}

fn sizes(ours: Side<'_>, by_hand: Side<'_>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let size = |(bundle, figures): Side<'_>, embedded: bool| -> Result<f64> {
        let figures = figures.first().context("no round was run")?;
        let mut size = bundle.main_size()? + bundle.size_of(&figures.loaded_idle)?;
        if embedded {
            size += bundle.size_of(&figures.loaded_embedded)?;
        }
        Ok(count(size))
    };
    for (figure, embedded, most) in [
        ("loaded by a page that nobody embeds, gzipped", false, IDLE),
        ("loaded by an embedded page in all, gzipped", true, EMBEDDED),
    ] {
        let (ours, by_hand) = (size(ours, embedded)?, size(by_hand, embedded)?);
        rows.push(Row {
            peers: vec![Some(by_hand), None],
            ..Row::beside(figure, Unit::Kilobytes, ours, by_hand, Goal::AtMost(most))
        });
    }
    let requests = |(_, figures): Side<'_>| {
        let all = figures.iter().map(|figures| figures.loaded_idle.len());
        all.max().map(count).context("no round was run")
    };
    rows.insert(
        1,
        Row {
            peers: vec![Some(requests(by_hand)?), None],
            ..Row::beside(
                "further requests of such a page",
                Unit::Count,
                requests(ours)?,
                f64::NAN,
                Goal::AtMost(0.0),
            )
        },
    );
    Ok(rows)
}

/// What the plugin has added to the page's memory by the time of a look.
fn added(figures: &Figures, look: usize) -> Memory {
    let [before, ..] = figures.memory;
    let after = figures.memory[look];
    Memory {
        heap_bytes: (after.heap_bytes - before.heap_bytes).max(0.0),
        wasm_bytes: after.wasm_bytes,
    }
}

fn of_rounds(rounds: &[Figures], of: Of) -> Option<f64> {
    median(rounds.iter().filter_map(of))
}

/// A row whose figure the bare way has too, which is measured with both sides, in turn; `beside` is the column compared with.
#[allow(clippy::too_many_arguments, reason = "a row has as many parts")]
fn beside_bare<T>(
    figure: &str,
    unit: Unit,
    scale: f64,
    beside: usize,
    goal: Goal,
    ours: &[Figures],
    by_hand: &[Figures],
    measured: fn(&Figures) -> &Beside<T>,
    of: OfBeside<T>,
) -> Result<Row> {
    let median_of = |rounds: &mut dyn Iterator<Item = &Vec<T>>| {
        let found = median(rounds.filter_map(|turns| of(turns)));
        found.map(|value| value * scale).context(figure.to_owned())
    };
    let all = || ours.iter().chain(by_hand);
    Ok(Row {
        figure: figure.to_owned(),
        unit,
        ours: median_of(&mut ours.iter().map(|it| &measured(it).ours))?,
        peers: vec![
            Some(median_of(&mut by_hand.iter().map(|it| &measured(it).ours))?),
            Some(median_of(&mut all().map(|it| &measured(it).bare))?),
        ],
        beside,
        goal,
    })
}

#[allow(clippy::cast_precision_loss, reason = "bytes of a few files")]
fn count(value: usize) -> f64 {
    value as f64
}

/// What stands below the table: how the figures came about.
pub(super) fn caption(setup: &Setup, rounds: u32) -> Result<String> {
    let chromium = process::capture(process::command(setup.tool(&CHROMIUM)?).arg("--version"))?;
    Ok(format!(
        "Medians of {rounds} rounds, each with a browser of its own; host and Mattermost on two origins of one site, so in one process and on one thread. \
         A hop is made from `new Notification` to its `click`, the host answering at once, in turn with a bare one of the same messages: 4 ms of rest, \
         then one hop; 50 to a turn, and the middle of 20 turns' means, because the page's clock has steps of 0.1 ms. \
         How long the thread is taken: the longest that a message which the page sends itself has to wait. \
         Memory: the browser's `JSHeapUsedSize` after collecting garbage, less what it was in the same page without the plugin. \
         Refused messages: from a host that is not trusted, sent at once, until the last is through; bare is an empty page. \
         {}; {chromium}.",
        machine::name()?
    ))
}

#[cfg(test)]
mod tests {
    use super::super::program::Cached;
    use super::*;

    fn figures(value: f64) -> Figures {
        let memory = |heap_bytes, wasm_bytes| Memory {
            heap_bytes,
            wasm_bytes,
        };
        let hops = |value: f64| {
            vec![
                Hops {
                    single: vec![value, value + 0.2],
                    row: value,
                };
                3
            ]
        };
        Figures {
            loaded_idle: Vec::new(),
            loaded_embedded: Vec::new(),
            ok_first: value,
            cached: Cached {
                calm: vec![value, value, 1e9],
                asked: vec![value],
                longest: vec![value],
            },
            hops: Beside {
                ours: hops(value),
                bare: hops(1.0),
            },
            memory: [
                memory(10.0, 0.0),
                memory(10.0 + value, 5.0),
                memory(9.0, 5.0),
                memory(12.0, 6.0),
            ],
            refused: Beside {
                ours: vec![value],
                bare: vec![0.5],
            },
        }
    }

    #[test]
    fn a_hop_is_the_middle_of_the_turns_means_in_microseconds_beside_the_bare_one() {
        let ours = [figures(1.9), figures(900.0), figures(1.5)];
        let by_hand = [figures(3.0), figures(3.0), figures(3.0)];
        let row = beside_bare(
            "hop",
            Unit::Microseconds,
            1e3,
            BARE,
            Goal::AtMostTimes(2.0),
            &ours,
            &by_hand,
            |it| &it.hops,
            single,
        )
        .unwrap();
        assert_eq!(row.ours, 2_000.0);
        assert_eq!(row.peers, [Some(3_100.0), Some(1_100.0)]);
        assert!(row.is_reached());
    }

    #[test]
    fn memory_is_what_came_since_there_was_no_plugin() {
        assert_eq!(added(&figures(7.0), 1).heap_bytes, 7.0);
        assert_eq!(added(&figures(7.0), 2).heap_bytes, 0.0);
        assert_eq!(added(&figures(7.0), 3).wasm_bytes, 6.0);
    }

    #[test]
    fn without_a_round_there_is_nothing_to_compare() {
        assert_eq!(of_rounds(&[], |it| Some(it.ok_first)), None);
    }
}
