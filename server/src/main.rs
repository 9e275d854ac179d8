//! The executable that Mattermost starts.

fn main() {}
