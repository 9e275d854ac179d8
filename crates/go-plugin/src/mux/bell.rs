//! Whether yamux has something to do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Wake, Waker};

use futures_util::task::AtomicWaker;

/// The waker that yamux is polled with: it remembers that it was used, and wakes the driver.
///
/// To poll yamux for nothing costs more than all else in a turn of the driver.
#[derive(Debug)]
pub(super) struct Bell {
    rung: AtomicBool,
    driver: AtomicWaker,
}

impl Bell {
    /// A bell that has been rung: everything wants to be polled once.
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            rung: AtomicBool::new(true),
            driver: AtomicWaker::new(),
        })
    }

    /// Says whom to wake.
    pub(super) fn register(&self, driver: &Waker) {
        self.driver.register(driver);
    }

    /// Notes for the driver itself that yamux has something to do.
    pub(super) fn ring(&self) {
        self.rung.store(true, Ordering::Release);
    }

    /// Whether it was rung since the last time.
    pub(super) fn take(&self) -> bool {
        self.rung.swap(false, Ordering::AcqRel)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.ring();
        self.driver.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_once_that_it_was_rung() {
        let bell = Bell::new();
        assert!(bell.take());
        assert!(!bell.take());
        Waker::from(Arc::clone(&bell)).wake();
        assert!(bell.take());
        assert!(!bell.take());
    }
}
