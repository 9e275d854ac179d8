//! The attribute with arguments.

use mattermost_plugin_derive::hooks;

trait Plugin {}

struct Bot;

#[hooks(on_activate)]
impl Plugin for Bot {}

fn main() {}
