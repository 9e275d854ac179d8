//! Browsers that one test leaves to the next.

use std::thread;

use anyhow::Context as _;
use notifymatters_browser_tests::{Browser, Outcome, WebAssembly};
use tokio::runtime::Runtime;

/// How often a runtime ends. Where connections are kept, about one end in three takes a command with it.
const ENDS: usize = 20;

/// Commands that are sent meanwhile.
const COMMANDS: usize = 10;

#[test]
fn a_browser_answers_the_next_test_while_the_runtime_of_the_last_one_ends() -> Outcome {
    let mut last = Runtime::new()?;
    let browser = last.block_on(Browser::start(WebAssembly::There))?;
    for end in 0..ENDS {
        last.block_on(browser.driver().windows())?;
        let next = Runtime::new()?;
        thread::scope(|scope| {
            scope.spawn(|| drop(last));
            next.block_on(async {
                for command in 0..COMMANDS {
                    let answer = browser.driver().windows().await;
                    answer.with_context(|| format!("end {end}, command {command}"))?;
                }
                Outcome::Ok(())
            })
        })?;
        last = next;
    }
    Ok(())
}
