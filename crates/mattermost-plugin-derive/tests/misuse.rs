//! What the compiler says to somebody who misuses the macros, whole: one message for one mistake.
//!
//! After a change that is meant to be: `TRYBUILD=overwrite cargo test -p mattermost-plugin-derive --test misuse`.

#[test]
fn one_mistake_is_one_message_that_says_what_to_write() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/misuse/*.rs");
}
