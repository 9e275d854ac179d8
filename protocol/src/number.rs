//! The numbers by which messages refer to notifications and to requests; the two kinds are independent.

/// The first integer that JavaScript cannot tell from the next one (2⁵³).
const UNSAFE: u64 = 1 << 53;

/// A notification's `id` on the wire. A JSON number, because existing hosts send `ref` only if it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NotificationId(u64);

/// A permission request's `ref` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(u64);

macro_rules! wire_number {
    ($name:ident) => {
        impl $name {
            /// Reads a number from the wire: an integer from 0 to 2⁵³ − 1, or `None`.
            pub fn from_wire(number: f64) -> Option<Self> {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    clippy::cast_precision_loss
                )]
                (number >= 0.0 && number < UNSAFE as f64 && number == (number as u64) as f64)
                    .then_some(Self(number as u64))
            }
        }

        impl From<$name> for f64 {
            #[expect(clippy::cast_precision_loss, reason = "below 2^53 by construction")]
            fn from(number: $name) -> f64 {
                number.0 as f64
            }
        }
    };
}
wire_number!(NotificationId);
wire_number!(RequestId);

/// Hands out numbers, each once.
#[derive(Debug)]
pub(crate) struct Numbers(u64);

impl Numbers {
    /// Begins at `first`, reduced so that 2⁵² numbers are left.
    pub(crate) fn starting_at(first: u64) -> Self {
        Self(first % (UNSAFE / 2))
    }

    pub(crate) fn notification(&mut self) -> NotificationId {
        NotificationId(self.take())
    }

    pub(crate) fn request(&mut self) -> RequestId {
        RequestId(self.take())
    }

    /// Whether `id` may belong to a notification of this session that is gone, so that a late report about it is not an error.
    pub(crate) fn has_passed(&self, id: NotificationId) -> bool {
        id.0 < self.0
    }

    /// The same for a request.
    pub(crate) fn has_passed_request(&self, request: RequestId) -> bool {
        request.0 < self.0
    }

    fn take(&mut self) -> u64 {
        let number = self.0;
        self.0 = (self.0 + 1) % UNSAFE;
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_that_javascript_can_tell_apart_are_read() {
        assert_eq!(NotificationId::from_wire(7.0), Some(NotificationId(7)));
        assert_eq!(NotificationId::from_wire(-0.0), Some(NotificationId(0)));
        assert_eq!(
            NotificationId::from_wire(9_007_199_254_740_991.0),
            Some(NotificationId(UNSAFE - 1))
        );
        for wrong in [
            -1.0,
            0.5,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            9_007_199_254_740_992.0,
        ] {
            assert_eq!(NotificationId::from_wire(wrong), None, "{wrong}");
            assert_eq!(RequestId::from_wire(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_go_out_as_javascript_numbers_and_stay_exact() {
        let mut numbers = Numbers::starting_at(u64::MAX);
        let first = numbers.notification();
        let second = numbers.request();
        assert_eq!(f64::from(second), f64::from(first) + 1.0);
        assert_eq!(NotificationId::from_wire(f64::from(first)), Some(first));
    }
}
