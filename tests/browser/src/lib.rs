//! The whole way in real browsers.
