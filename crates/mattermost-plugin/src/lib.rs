//! A Rust SDK for Mattermost server plugins.
