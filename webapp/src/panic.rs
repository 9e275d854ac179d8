//! A panic is an event of the page: it is reported with its place, and the page ends the component.

use std::panic;

use crate::page::Page;

/// From now on, `page` is told of a panic before the component stops.
pub(crate) fn report_to(page: Page) {
    panic::set_hook(Box::new(move |info| {
        let Some(location) = info.location() else {
            return;
        };
        let mut place = String::from(location.file());
        place.push(':');
        place.push_str(&location.line().to_string());
        page.panicked(&place);
    }));
}
