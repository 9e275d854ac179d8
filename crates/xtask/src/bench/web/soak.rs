//! Many notifications over a long time, and whether the page's memory grows with them.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::program::{Memory, Program, Sample};

/// How many times the memory is looked at.
const LOOKS: u32 = 30;

/// From here on the books of live notifications are full (512 of them, and one in five is left to itself), and the engine has
/// compiled what it will.
const SETTLED: u64 = 4_000;

/// How much the heap may grow from then on: a byte array, a closure or any other object that is kept of every notification takes 12
/// bytes at least, so 100,000 of them more than this; what the engine keeps of its own has moved it by less.
const MAX_HEAP_GROWTH: f64 = 1e6;

/// How many, and how long.
#[derive(clap::Args, Debug, Clone)]
pub(super) struct Length {
    /// How many notifications a soak makes.
    #[arg(long, default_value_t = 100_000, requires = "soak", value_parser = clap::value_parser!(u32).range(6_000..=10_000_000))]
    notifications: u32,
    /// How long a soak takes.
    #[arg(long, default_value_t = 60.0, requires = "soak", value_parser = minutes)]
    minutes: f64,
}

fn minutes(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(minutes) if (0.1..=100_000.0).contains(&minutes) => Ok(minutes),
        _ => Err("a number of minutes, 0.1 or more".to_owned()),
    }
}

/// Makes the notifications, prints the memory on the way, and fails when it grows.
pub(super) fn run(program: &Program, bundle: &Path, length: &Length) -> Result<()> {
    let Length {
        notifications,
        minutes,
    } = *length;
    println!(
        "{notifications} notifications in {minutes} minutes, with clicks, closes and replacements among them"
    );
    println!("    minutes   notifications   JavaScript heap   WebAssembly memory");
    let mut samples = Vec::new();
    program.soak(bundle, notifications, minutes, LOOKS, |sample| {
        let Sample {
            minutes,
            notifications,
            memory,
        } = sample;
        println!(
            "    {minutes:>7.1}   {notifications:>13}   {:>12.0} kB   {:>15.0} kB",
            memory.heap_bytes / 1e3,
            memory.wasm_bytes / 1e3
        );
        samples.push(sample);
    })?;
    let growth =
        growth(&samples).context("too few looks at the memory: make more notifications")?;
    println!(
        "\nafter the first {SETTLED} the heap has grown by at most {:.0} kB, the WebAssembly memory by {:.0} kB",
        growth.heap_bytes / 1e3,
        growth.wasm_bytes / 1e3
    );
    judge(growth)
}

/// How far the memory was above its first value at most, once it had settled.
fn growth(samples: &[Sample]) -> Option<Memory> {
    let settled = samples
        .iter()
        .position(|sample| sample.notifications >= SETTLED)?;
    let (first, rest) = samples.get(settled..)?.split_first()?;
    let most = |of: fn(&Memory) -> f64| {
        let most = rest
            .iter()
            .map(|sample| of(&sample.memory))
            .max_by(f64::total_cmp)?;
        Some((most - of(&first.memory)).max(0.0))
    };
    Some(Memory {
        heap_bytes: most(|memory| memory.heap_bytes)?,
        wasm_bytes: most(|memory| memory.wasm_bytes)?,
    })
}

fn judge(growth: Memory) -> Result<()> {
    ensure!(
        growth.heap_bytes <= MAX_HEAP_GROWTH,
        "the heap grows by more than {:.0} kB",
        MAX_HEAP_GROWTH / 1e3
    );
    // It never shrinks, and what has room for 512 live notifications has it for all that come after.
    ensure!(
        growth.wasm_bytes == 0.0,
        "the WebAssembly memory grows, which nothing after the start is a reason for"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(notifications: u64, heap_bytes: f64, wasm_bytes: f64) -> Sample {
        Sample {
            minutes: 1.0,
            notifications,
            memory: Memory {
                heap_bytes,
                wasm_bytes,
            },
        }
    }

    #[test]
    fn growth_is_the_worst_look_after_the_memory_has_settled() {
        let samples = [
            sample(2_000, 1e6, 1e6),
            sample(5_000, 3e6, 2e6),
            sample(8_000, 3.5e6, 2e6),
            sample(9_000, 3.1e6, 2e6),
        ];
        let growth = growth(&samples).unwrap();
        assert_eq!((growth.heap_bytes, growth.wasm_bytes), (0.5e6, 0.0));
        assert!(judge(growth).is_ok());
    }

    #[test]
    fn one_look_after_the_memory_has_settled_shows_no_growth() {
        assert_eq!(
            growth(&[sample(3_000, 1.0, 1.0), sample(5_000, 1.0, 1.0)]),
            None
        );
        assert_eq!(growth(&[]), None);
    }

    #[test]
    fn a_heap_that_keeps_something_of_each_and_a_webassembly_memory_that_grows_fail() {
        let memory = |heap_bytes, wasm_bytes| Memory {
            heap_bytes,
            wasm_bytes,
        };
        assert!(judge(memory(1e6, 0.0)).is_ok());
        assert!(judge(memory(1.2e6, 0.0)).is_err());
        assert!(judge(memory(0.0, 65_536.0)).is_err());
    }

    #[test]
    fn a_soak_has_a_length() {
        assert_eq!(minutes("0.5"), Ok(0.5));
        for wrong in ["0", "-1", "NaN", "an hour"] {
            assert!(minutes(wrong).is_err(), "{wrong}");
        }
    }
}
