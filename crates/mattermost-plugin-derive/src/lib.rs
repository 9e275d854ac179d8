//! The attribute macro of the mattermost-plugin crate.
