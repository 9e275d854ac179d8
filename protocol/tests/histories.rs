//! Histories of inputs drawn at random: the quick variant of the fuzz target of the same name.

#[path = "common/history.rs"]
mod history;

use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nobody_untrusted_is_told_anything_and_every_call_is_answered(
        bytes in prop::collection::vec(any::<u8>(), 0..2_000),
    ) {
        history::play(&bytes);
    }
}
