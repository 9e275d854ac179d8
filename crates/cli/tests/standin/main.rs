//! The program against the stand-in Mattermost: through the real nginx, Apache, Caddy and HAProxy, and over REST.

#![allow(clippy::unwrap_used, clippy::panic, reason = "all of it is a test")]

mod administration;
mod proxies;
mod real;
