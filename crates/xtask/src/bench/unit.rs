//! Numbers with their units, as people read them.

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Shown in megabytes.
    Bytes,
    /// Bytes, shown in kilobytes.
    Kilobytes,
    Milliseconds,
    Microseconds,
    Nanoseconds,
    PerSecond,
    /// A whole number of things.
    Count,
}

impl Unit {
    /// The value with three significant digits, in the multiple of the unit that reads best.
    pub(super) fn show(self, value: f64) -> String {
        let (divisor, name) = match self {
            Self::Bytes => (1e6, " MB"),
            Self::Kilobytes => (1e3, " kB"),
            Self::Count => return grouped(&format!("{value:.0}")),
            Self::Milliseconds => (1.0, " ms"),
            Self::Microseconds => (1.0, " µs"),
            Self::Nanoseconds => (1e3, " µs"),
            Self::PerSecond => (1.0, ""),
        };
        format!("{}{name}", three_digits(value / divisor))
    }
}

fn three_digits(value: f64) -> String {
    match value.abs() {
        below if below < 9.995 => format!("{value:.2}"),
        below if below < 99.95 => format!("{value:.1}"),
        _ => grouped(&format!("{value:.0}")),
    }
}

/// A whole number with a comma before each three digits.
fn grouped(digits: &str) -> String {
    let mut shown = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_three_digits_and_their_unit() {
        for (unit, value, shown) in [
            (Unit::Bytes, 612_345.0, "0.61 MB"),
            (Unit::Bytes, 18_559_138.0, "18.6 MB"),
            (Unit::Kilobytes, 943.0, "0.94 kB"),
            (Unit::Count, 0.0, "0"),
            (Unit::Milliseconds, 3.4567, "3.46 ms"),
            (Unit::Microseconds, 280.4, "280 µs"),
            (Unit::Nanoseconds, 1_234.0, "1.23 µs"),
            (Unit::PerSecond, 5_312.7, "5,313"),
            (Unit::PerSecond, 1_234_567.0, "1,234,567"),
            (Unit::Milliseconds, 9.999, "10.0 ms"),
        ] {
            assert_eq!(unit.show(value), shown);
        }
    }
}
