//! The browser tests; each module is one idea. `cargo xtask test` runs them.

mod ancestors;
mod attacks;
mod capabilities;
mod console;
mod default_permission;
mod demo;
mod fallback;
mod forged_reports;
mod host_element;
mod host_embed;
mod hosts_in_the_field;
mod impostors;
mod life_of_the_page;
mod life_of_the_plugin;
mod loading;
mod login;
mod notification_standard;
mod settings;
mod shared_browser;
mod spoken_for;
mod top_level;
mod unreachable;
mod webmail;
mod whole_way;
