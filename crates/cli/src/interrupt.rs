//! Ctrl+C where work is to end in order: what is under way is finished, nothing else is begun, and the session is ended.

#[cfg(unix)]
pub(crate) use self::unix::{came, end, hold};

#[cfg(not(unix))]
pub(crate) use self::others::{came, end, hold};

#[cfg(unix)]
mod unix {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, OnceLock};

    use signal_hook::consts::SIGINT;
    use signal_hook::{flag, low_level};

    #[derive(Debug, Default)]
    struct Flags {
        /// It ends the program at once, as it does by default.
        at_once: Arc<AtomicBool>,
        came: Arc<AtomicBool>,
    }

    fn flags() -> &'static Flags {
        static FLAGS: OnceLock<Flags> = OnceLock::new();
        FLAGS.get_or_init(|| {
            let flags = Flags::default();
            // In this order: the first one is noted, and a second one ends the program. Where they cannot be had, the signal
            // ends it as it always did.
            let noted = flag::register_conditional_default(SIGINT, Arc::clone(&flags.at_once))
                .and_then(|_| flag::register_conditional_default(SIGINT, Arc::clone(&flags.came)))
                .and_then(|_| flag::register(SIGINT, Arc::clone(&flags.came)));
            drop(noted);
            flags
        })
    }

    /// While it lives, a first Ctrl+C is only noted.
    #[must_use]
    #[derive(Debug)]
    pub(crate) struct Held(());

    pub(crate) fn hold() -> Held {
        flags().at_once.store(false, Ordering::SeqCst);
        Held(())
    }

    impl Drop for Held {
        fn drop(&mut self) {
            flags().at_once.store(true, Ordering::SeqCst);
        }
    }

    /// Whether it came while it was held.
    pub(crate) fn came() -> bool {
        flags().came.load(Ordering::SeqCst)
    }

    /// Ends the program as the signal would have: a shell's script then ends as well.
    pub(crate) fn end() {
        // Where that fails, the exit code is what it is.
        drop(low_level::emulate_default_handler(SIGINT));
    }
}

/// There it ends the program at once.
#[cfg(not(unix))]
mod others {
    #[must_use]
    #[derive(Debug)]
    pub(crate) struct Held(());

    pub(crate) const fn hold() -> Held {
        Held(())
    }

    pub(crate) const fn came() -> bool {
        false
    }

    pub(crate) const fn end() {}
}
