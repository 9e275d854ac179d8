//! Complex numbers.

/// A complex number; Go's `complex64` and `complex128` are one on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Complex {
    /// The real part.
    pub re: f64,
    /// The imaginary part.
    pub im: f64,
}
