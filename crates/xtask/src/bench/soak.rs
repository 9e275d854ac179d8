//! Many requests, and whether the plugin's memory grows with them.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::harness::{Harness, Sample};

/// How much the resident memory may grow, in units of 1,024 bytes: a megabyte.
const MAX_GROWTH_KB: u64 = 1_000_000 / 1024;

/// How many times the memory is looked at.
const LOOKS: u32 = 20;

/// Makes the requests, prints the memory on the way, and fails when it has grown by more than a megabyte since the
/// plugin was activated.
pub(super) fn run(harness: &Harness, bundle: &Path, requests: u32) -> Result<()> {
    println!("    requests   resident memory");
    let mut samples = Vec::new();
    harness.soak(bundle, requests, (requests / LOOKS).max(1), |sample| {
        println!("    {:>8}   {:>6} kB", sample.requests, sample.resident_kb);
        samples.push(sample);
    })?;
    let growth = growth(&samples).context("the harness looked at the memory less than twice")?;
    println!("\nafter {requests} requests the resident memory has grown by at most {growth} kB");
    ensure!(
        growth <= MAX_GROWTH_KB,
        "it grows by more than {MAX_GROWTH_KB} kB"
    );
    Ok(())
}

/// How far the memory was above its first value at most.
fn growth(samples: &[Sample]) -> Option<u64> {
    let (first, rest) = samples.split_first()?;
    let most = rest.iter().map(|sample| sample.resident_kb).max()?;
    Some(most.saturating_sub(first.resident_kb))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(kilobytes: &[u64]) -> Vec<Sample> {
        (0..)
            .zip(kilobytes)
            .map(|(requests, &resident_kb)| Sample {
                requests,
                resident_kb,
            })
            .collect()
    }

    #[test]
    fn growth_is_the_worst_of_all_looks() {
        assert_eq!(growth(&samples(&[1000, 1200, 1900, 1100])), Some(900));
        assert_eq!(growth(&samples(&[1000, 900])), Some(0));
    }

    #[test]
    fn one_look_shows_no_growth() {
        assert_eq!(growth(&samples(&[1000])), None);
    }
}
