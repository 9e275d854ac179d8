//! The smallest parts of the wire format: integers, floats, and length-prefixed bytes.

use bytes::{BufMut as _, BytesMut};

use crate::error::{ErrorKind, Result};

/// Takes an unsigned integer from the front of `rest`.
#[inline]
pub(crate) fn take_uint(rest: &mut &[u8]) -> Result<u64> {
    match rest.split_first() {
        Some((&byte, tail)) if byte < 0x80 => {
            *rest = tail;
            Ok(u64::from(byte))
        }
        _ => take_long_uint(rest),
    }
}

fn take_long_uint(rest: &mut &[u8]) -> Result<u64> {
    let (&first, tail) = rest.split_first().ok_or(ErrorKind::UnexpectedEnd)?;
    // The byte is the negated count as an i8.
    let count = usize::from(first.wrapping_neg());
    if count > size_of::<u64>() {
        return Err(ErrorKind::IntegerTooWide(count).into());
    }
    let (digits, tail) = tail
        .split_at_checked(count)
        .ok_or(ErrorKind::UnexpectedEnd)?;
    *rest = tail;
    Ok(digits
        .iter()
        .fold(0, |value, &digit| value << 8 | u64::from(digit)))
}

/// Takes a length and that many bytes.
#[inline]
pub(crate) fn take_bytes<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8]> {
    let length = take_uint(rest)?;
    let split = usize::try_from(length)
        .ok()
        .and_then(|length| rest.split_at_checked(length));
    let Some((bytes, tail)) = split else {
        let remaining = rest.len();
        return Err(ErrorKind::LengthTooLong { length, remaining }.into());
    };
    *rest = tail;
    Ok(bytes)
}

#[inline]
pub(crate) fn int_of(encoded: u64) -> i64 {
    let magnitude = (encoded >> 1).cast_signed();
    if encoded & 1 == 0 {
        magnitude
    } else {
        !magnitude
    }
}

#[inline]
pub(crate) fn float_of(encoded: u64) -> f64 {
    f64::from_bits(encoded.swap_bytes())
}

/// Appends an unsigned integer.
#[inline]
pub(crate) fn put_uint(output: &mut Vec<u8>, value: u64) {
    if value < 0x80 {
        output.push(value as u8);
    } else {
        put_long_uint(output, value);
    }
}

fn put_long_uint(output: &mut Vec<u8>, value: u64) {
    let bytes = value.to_be_bytes();
    let leading = (value.leading_zeros() / 8) as usize;
    let count = (bytes.len() - leading) as u8;
    output.push(count.wrapping_neg());
    output.extend_from_slice(&bytes[leading..]);
}

/// Appends the length that a message begins with.
pub(crate) fn put_length(output: &mut BytesMut, length: usize) {
    let bytes = (length as u64).to_be_bytes();
    let leading = (length as u64).leading_zeros() as usize / 8;
    if length >= 0x80 {
        output.put_u8(((bytes.len() - leading) as u8).wrapping_neg());
    }
    output.put_slice(&bytes[leading.min(bytes.len() - 1)..]);
}

#[inline]
pub(crate) fn put_int(output: &mut Vec<u8>, value: i64) {
    put_uint(output, encoded_int(value));
}

fn encoded_int(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

#[inline]
pub(crate) fn put_float(output: &mut Vec<u8>, value: f64) {
    put_uint(output, value.to_bits().swap_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_written_as_the_format_s_documentation_shows() {
        for (value, bytes) in [
            (0, &[0x00][..]),
            (7, &[0x07]),
            (127, &[0x7f]),
            (128, &[0xff, 0x80]),
            (256, &[0xfe, 0x01, 0x00]),
            (
                u64::MAX,
                &[0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            ),
        ] {
            let mut output = Vec::new();
            put_uint(&mut output, value);
            assert_eq!(output, bytes);
            let mut output = BytesMut::new();
            put_length(&mut output, value as usize);
            assert_eq!(output, bytes);
            assert_eq!(take_uint(&mut &bytes[..]).unwrap(), value);
        }
        let mut output = Vec::new();
        put_int(&mut output, -129);
        assert_eq!(output, [0xfe, 0x01, 0x01]);
        assert_eq!(int_of(take_uint(&mut &output[..]).unwrap()), -129);
        for value in [0, 1, -1, i64::MAX, i64::MIN] {
            assert_eq!(int_of(encoded_int(value)), value);
        }
    }

    #[test]
    fn a_float_is_written_with_its_bytes_reversed() {
        let mut output = Vec::new();
        put_float(&mut output, 17.0);
        assert_eq!(output, [0xfe, 0x31, 0x40]);
        assert!((float_of(take_uint(&mut &output[..]).unwrap()) - 17.0).abs() < f64::EPSILON);
    }

    #[test]
    fn an_integer_that_is_cut_short_or_too_wide_is_refused() {
        assert_eq!(
            *take_uint(&mut &[][..]).unwrap_err().kind(),
            ErrorKind::UnexpectedEnd
        );
        assert_eq!(
            *take_uint(&mut &[0xfe, 0x01][..]).unwrap_err().kind(),
            ErrorKind::UnexpectedEnd
        );
        assert_eq!(
            *take_uint(&mut &[0xf7; 12][..]).unwrap_err().kind(),
            ErrorKind::IntegerTooWide(9)
        );
        assert_eq!(
            *take_uint(&mut &[0x80; 12][..]).unwrap_err().kind(),
            ErrorKind::IntegerTooWide(128)
        );
    }
}
