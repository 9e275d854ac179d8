//! The attribute on a block that is no plugin.

use mattermost_plugin_derive::hooks;

struct Bot;

#[hooks]
impl Bot {}

fn main() {}
