//! The browser tests; each module is one idea. `cargo xtask test` runs them.

mod whole_way;
