//! A panic is an event of the page: it is reported with its place, and the page ends the component.

use std::cell::RefCell;
use std::panic;

use crate::page::Page;

thread_local! {
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

/// From now on, `page` is told of a panic before the component stops.
pub(crate) fn report_to(page: &Page) {
    PAGE.replace(Some(page.clone()));
    panic::set_hook(Box::new(|info| {
        let page = PAGE.with(|page| page.try_borrow().ok().and_then(|page| page.clone()));
        let (Some(page), Some(location)) = (page, info.location()) else {
            return;
        };
        let mut place = String::from(location.file());
        place.push(':');
        place.push_str(&location.line().to_string());
        // What the page throws here is no worse than what it is told.
        let _ = page.panicked(&place);
    }));
}
