//! The program against a real Mattermost and against the stand-in: through the real nginx, Apache, Caddy and HAProxy,
//! over REST, and at a terminal.

#![allow(clippy::unwrap_used, clippy::panic, reason = "all of it is a test")]

mod administration;
mod documented;
mod old_words;
mod proxies;
mod real;
mod terminal;
