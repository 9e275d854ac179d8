//! The WebAssembly component of the web part.
