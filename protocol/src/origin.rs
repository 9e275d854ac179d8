//! Origins, which are only compared.

use alloc::boxed::Box;
use core::fmt;

#[cfg(any(test, feature = "serde"))]
use serde::{Deserialize, Serialize};

use crate::limits::ORIGIN_LENGTH;

/// An origin as browsers write it in `event.origin`: lower-case ASCII, no default port, no path, never `null`.
///
/// Two pages have the same origin exactly if these texts are equal, and nothing else is done with them. Converting what a person
/// typed to this form takes a URL parser and IDNA; the server part does that.
///
/// Any scheme with a host is allowed, because applications have schemes of their own (`chrome-extension://…`, `app://…`) and an
/// administrator has named it. Schemes whose documents have no origin of their own are not: `about`, `blob`, `data`, `file`,
/// `filesystem`, `javascript`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(any(test, feature = "serde"), derive(Serialize, Deserialize))]
#[cfg_attr(
    any(test, feature = "serde"),
    serde(try_from = "Box<str>", into = "Box<str>")
)]
pub struct Origin(Box<str>);

/// Why a text is not a canonical origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// The opaque origin of a sandboxed frame, a `data:` document or the like. All of them are written `null`, so it identifies none.
    #[error("`null` is the origin of nobody in particular")]
    Opaque,
    /// More than [`ORIGIN_LENGTH`] bytes.
    #[error("an origin has at most {ORIGIN_LENGTH} bytes")]
    TooLong,
    /// Not `scheme://host` or `scheme://host:port`.
    #[error("an origin is written scheme://host or scheme://host:port, and nothing after it")]
    Form,
    /// A scheme whose documents have no origin of their own.
    #[error("documents of this scheme have no origin of their own")]
    Scheme,
    /// A host or port that is not written the way browsers write it.
    #[error("browsers write an origin in lower-case ASCII and leave out the scheme's usual port")]
    NotCanonical,
}

const SCHEMES_WITHOUT_ORIGIN: [&str; 6] =
    ["about", "blob", "data", "file", "filesystem", "javascript"];

impl Origin {
    /// Checks that `text` has the canonical form.
    ///
    /// # Errors
    /// [`OriginError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        check(text).map(|()| Self(text.into()))
    }

    /// The canonical text, fit for a `targetOrigin`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// Byte by byte: string searching and number parsing of the standard library would be a tenth of the web part's code.
fn check(text: &str) -> Result<(), OriginError> {
    let bytes = text.as_bytes();
    if bytes == b"null" {
        return Err(OriginError::Opaque);
    }
    if bytes.len() > ORIGIN_LENGTH {
        return Err(OriginError::TooLong);
    }
    let colon = bytes
        .iter()
        .position(|byte| *byte == b':')
        .ok_or(OriginError::Form)?;
    let (scheme, rest) = bytes.split_at(colon);
    check_scheme(scheme)?;
    let authority = rest.strip_prefix(b"://").ok_or(OriginError::Form)?;
    if authority.is_empty() || authority.iter().any(|byte| b"/?#@\\".contains(byte)) {
        return Err(OriginError::Form);
    }
    let (host, port) = split_port(authority);
    if host.is_empty() || !is_host(host) || !port.is_none_or(|port| is_port(scheme, port)) {
        return Err(OriginError::NotCanonical);
    }
    Ok(())
}

fn check_scheme(scheme: &[u8]) -> Result<(), OriginError> {
    if scheme.iter().any(u8::is_ascii_uppercase) {
        return Err(OriginError::NotCanonical);
    }
    let begins = scheme.first().is_some_and(u8::is_ascii_lowercase);
    if !begins
        || !scheme
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(byte))
    {
        return Err(OriginError::Form);
    }
    if SCHEMES_WITHOUT_ORIGIN
        .iter()
        .any(|other| other.as_bytes() == scheme)
    {
        return Err(OriginError::Scheme);
    }
    Ok(())
}

/// Splits `host:port`, leaving the colons of a bracketed IPv6 address alone.
fn split_port(authority: &[u8]) -> (&[u8], Option<&[u8]>) {
    match authority
        .iter()
        .rposition(|byte| *byte == b':' || *byte == b']')
    {
        Some(last) if authority.get(last) == Some(&b':') => {
            let (host, port) = authority.split_at(last);
            (host, port.get(1..))
        }
        _ => (authority, None),
    }
}

fn is_host(host: &[u8]) -> bool {
    match host
        .strip_prefix(b"[")
        .and_then(|host| host.strip_suffix(b"]"))
    {
        Some(address) => address
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b':' | b'.')),
        None => host
            .iter()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~')),
    }
}

fn is_port(scheme: &[u8], port: &[u8]) -> bool {
    let usual: &[u8] = match scheme {
        b"http" | b"ws" => b"80",
        b"https" | b"wss" => b"443",
        b"ftp" => b"21",
        _ => b"",
    };
    let plain = port == b"0" || port.first().is_some_and(|first| *first != b'0');
    let number = port.iter().try_fold(0_u16, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| u16::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    });
    port != usual && plain && number.is_some()
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<Box<str>> for Origin {
    type Error = OriginError;

    fn try_from(text: Box<str>) -> Result<Self, OriginError> {
        check(&text).map(|()| Self(text))
    }
}

impl From<Origin> for Box<str> {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_write_is_an_origin() {
        for text in [
            "https://mail.example.com",
            "http://localhost:8065",
            "https://xn--bcher-kva.example:8443",
            "http://127.0.0.1",
            "http://[::1]",
            "http://[::1]:3000",
            "https://mail.example.com:80",
            "chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb",
            "tauri://localhost",
            "https://a_b.example",
            "http://host:0",
        ] {
            assert_eq!(Origin::parse(text).as_ref().map(Origin::as_str), Ok(text));
        }
    }

    #[test]
    fn what_browsers_never_write_is_refused_with_its_reason() {
        use OriginError::*;
        for (text, reason) in [
            ("null", Opaque),
            ("", Form),
            ("mail.example.com", Form),
            ("https://", Form),
            ("https://mail.example.com/", Form),
            ("https://mail.example.com/webapp", Form),
            ("https://user@mail.example.com", Form),
            ("https://mail.example.com?x", Form),
            ("HTTPS://mail.example.com", NotCanonical),
            ("https://Mail.example.com", NotCanonical),
            ("https://mail.example.com:443", NotCanonical),
            ("http://mail.example.com:80", NotCanonical),
            ("ws://mail.example.com:80", NotCanonical),
            ("wss://mail.example.com:443", NotCanonical),
            ("ftp://mail.example.com:21", NotCanonical),
            ("https://mail.example.com:", NotCanonical),
            ("https://mail.example.com:0443", NotCanonical),
            ("https://mail.example.com:+444", NotCanonical),
            ("https://mail.example.com:65536", NotCanonical),
            ("https://bücher.example", NotCanonical),
            ("https://mail example.com", NotCanonical),
            ("https://::1", NotCanonical),
            ("https://[::1", NotCanonical),
            ("https://*", NotCanonical),
            ("*", Form),
            ("1a://x", Form),
            ("file://", Scheme),
            ("data://x", Scheme),
            ("blob://x", Scheme),
            ("about://blank", Scheme),
        ] {
            assert_eq!(Origin::parse(text), Err(reason), "{text}");
        }
        let longest = format!("https://{}", "a".repeat(ORIGIN_LENGTH - 8));
        assert!(Origin::parse(&longest).is_ok());
        assert_eq!(Origin::parse(&format!("{longest}a")), Err(TooLong));
    }

    #[test]
    fn an_origin_in_json_passes_the_same_door() {
        assert!(serde_json::from_str::<Origin>(r#""https://mail.example.com""#).is_ok());
        assert!(serde_json::from_str::<Origin>(r#""https://mail.example.com/""#).is_err());
        assert!(serde_json::from_str::<Origin>(r#""null""#).is_err());
    }
}
