//! Hooks that there are not; one of them is not compiled.

use mattermost_plugin_derive::hooks;

trait Plugin {
    const WRITTEN_BY_THE_ATTRIBUTE_HOOKS: &'static [&'static str];
    fn on_activate(&self) {}
    fn message_has_been_posted(&self) {}
}

struct Bot;

#[hooks]
impl Plugin for Bot {
    fn on_activate(&self) {}

    fn message_has_ben_posted(&self) {}

    fn helper(&self) {}

    #[cfg(any())]
    fn on_deactvate(&self) {}
}

fn main() {}
