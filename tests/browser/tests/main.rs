//! The browser tests; each module is one idea. `cargo xtask test` runs them.

mod attacks;
mod console;
mod default_permission;
mod demo;
mod hosts_in_the_field;
mod life_of_the_page;
mod life_of_the_plugin;
mod login;
mod settings;
mod top_level;
mod unreachable;
mod whole_way;
