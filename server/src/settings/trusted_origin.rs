//! One trusted origin: what an administrator may write, and what a browser says in `event.origin`.

use notifymatters_findings::console::Flaw;
use notifymatters_protocol::{Origin, OriginError};
use url::Url;

/// Schemes whose documents have an opaque origin (`"null"`), or that never embed a page.
///
/// HTML, "origin": `data:`, `javascript:` and `about:` documents; `blob:` and `filesystem:` take
/// the origin of their maker, which is the one to write; a `file:` page is opaque in every engine.
const NEVER_AN_ORIGIN: [&str; 10] = [
    "about",
    "blob",
    "data",
    "file",
    "filesystem",
    "ftp",
    "javascript",
    "view-source",
    "ws",
    "wss",
];

/// Longer than any origin: a host name has 253 characters at most (RFC 1035, section 2.3.4), fewer
/// than four times as many before punycode. Past it, only the beginning is quoted.
const MAX_CHARS: usize = 1024;
pub(super) const QUOTED_CHARS: usize = 80;

/// Why a text is no trusted origin; each is a sentence that says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TrustedOriginError {
    #[error("{text} has no scheme: write {origin}")]
    NoScheme { text: String, origin: String },
    #[error(
        "{text} is no origin: write {scheme}://, a host and, where it is not the usual one, a port, as in https://mail.example.com"
    )]
    NoHost { text: String, scheme: String },
    #[error("{text} has {what}: write {origin}")]
    Surplus {
        text: String,
        what: Surplus,
        origin: String,
    },
    #[error(
        "{0}… is longer than any origin: write scheme and host only, as in https://mail.example.com"
    )]
    TooLong(String),
    #[error("{0} has a wildcard: write each origin by itself, as in https://mail.example.com")]
    Wildcard(String),
    #[error(
        "{0} is not an origin that browsers can tell from others: write the https:// address of the page that embeds Mattermost"
    )]
    Opaque(String),
    #[error(
        "{0} has no port that exists: write a number from 1 to 65535, as in https://mail.example.com:8443"
    )]
    Port(String),
    #[error("{0} has no host name that exists: write it as in https://mail.example.com")]
    Host(String),
}

impl TrustedOriginError {
    /// What is wrong, for programs and for who reads another language.
    pub(crate) fn flaw(&self) -> Flaw {
        match self {
            Self::NoScheme { .. } => Flaw::NoScheme,
            Self::NoHost { .. } => Flaw::NoHost,
            Self::Surplus { what, .. } => what.flaw(),
            Self::TooLong(_) => Flaw::TooLong,
            Self::Wildcard(_) => Flaw::Wildcard,
            Self::Opaque(_) => Flaw::Opaque,
            Self::Port(_) => Flaw::Port,
            Self::Host(_) => Flaw::Host,
        }
    }

    /// The part of the setting that is wrong, as it was written; shortened where it is too long.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::NoScheme { text, .. }
            | Self::NoHost { text, .. }
            | Self::Surplus { text, .. }
            | Self::TooLong(text)
            | Self::Wildcard(text)
            | Self::Opaque(text)
            | Self::Port(text)
            | Self::Host(text) => text,
        }
    }

    /// What to write instead, where that can be told.
    pub(crate) fn origin(&self) -> Option<&str> {
        match self {
            Self::NoScheme { origin, .. } | Self::Surplus { origin, .. } => Some(origin),
            _ => None,
        }
    }
}

/// A part of a URL that an origin does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surplus {
    Backslash,
    UserName,
    Path,
    Query,
    Fragment,
}

impl Surplus {
    fn flaw(self) -> Flaw {
        match self {
            Self::Backslash => Flaw::Backslash,
            Self::UserName => Flaw::UserName,
            Self::Path => Flaw::Path,
            Self::Query => Flaw::Query,
            Self::Fragment => Flaw::Fragment,
        }
    }
}

impl std::fmt::Display for Surplus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Backslash => "a backslash",
            Self::UserName => "a user name",
            Self::Path => "a path",
            Self::Query => "a query",
            Self::Fragment => "a fragment",
        })
    }
}

/// Parses one origin and writes it as every browser does in `event.origin`: lower case, host in
/// punycode, the scheme's default port left out (HTML, "serialization of an origin").
///
/// `https` and `http` are parsed by the URL Standard. An application that embeds Mattermost may
/// have a scheme of its own (`chrome-extension`, `app`, …): there the host is taken as it stands,
/// in ASCII and without a port, which is how Chromium serializes such origins.
///
/// A single trailing slash is forgiven. Everything else that is not part of an origin is refused,
/// because dropping it silently would suggest that it narrows the trust.
pub(crate) fn parse(text: &str) -> Result<String, TrustedOriginError> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(too_long(text));
    }
    if text.contains('*') {
        return Err(TrustedOriginError::Wildcard(text.to_owned()));
    }
    if text.eq_ignore_ascii_case("null") {
        return Err(TrustedOriginError::Opaque(text.to_owned()));
    }
    let (scheme, rest) = split_scheme(text)?;
    let parsed = match scheme.as_str() {
        "https" | "http" => parse_web(text, &scheme, rest),
        scheme => parse_application(text, scheme, rest),
    };
    let (Ok(origin) | Err(TrustedOriginError::Surplus { origin, .. })) = &parsed else {
        return parsed;
    };
    // The URL Standard knows hosts that no name server does. The web part does not, and would believe nothing of a list with one.
    match Origin::parse(origin) {
        Ok(_) => parsed,
        Err(OriginError::TooLong) => Err(too_long(text)),
        Err(_) => Err(TrustedOriginError::Host(text.to_owned())),
    }
}

fn too_long(text: &str) -> TrustedOriginError {
    TrustedOriginError::TooLong(text.chars().take(QUOTED_CHARS).collect())
}

/// Splits at `:` or `://`; the scheme comes back in lower case.
fn split_scheme(text: &str) -> Result<(String, &str), TrustedOriginError> {
    let no_scheme = || no_scheme(text.trim_start_matches('/'));
    let (scheme, rest) = text.split_once(':').ok_or_else(no_scheme)?;
    let named = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    // `mail.example.com:8443` and `localhost:8065` are a host and a port.
    let host_and_port = rest.starts_with(|first: char| first.is_ascii_digit());
    if !named || host_and_port {
        return Err(no_scheme());
    }
    let scheme = scheme.to_ascii_lowercase();
    if NEVER_AN_ORIGIN.contains(&scheme.as_str()) {
        return Err(TrustedOriginError::Opaque(text.to_owned()));
    }
    match rest.strip_prefix("//") {
        Some(rest) => Ok((scheme, rest)),
        None => Err(TrustedOriginError::NoHost {
            text: text.to_owned(),
            scheme,
        }),
    }
}

/// The origin to write is the whole cure: for `mail.example.com/webapp` one without the path.
fn no_scheme(text: &str) -> TrustedOriginError {
    let guess = format!("https://{text}");
    let origin = match parse_web(&guess, "https", text) {
        Ok(origin) | Err(TrustedOriginError::Surplus { origin, .. }) => origin,
        Err(_) => guess,
    };
    TrustedOriginError::NoScheme {
        text: text.to_owned(),
        origin,
    }
}

fn parse_web(text: &str, scheme: &str, rest: &str) -> Result<String, TrustedOriginError> {
    if rest.is_empty() || rest.starts_with(['/', '\\', '?', '#', ':']) {
        return Err(TrustedOriginError::NoHost {
            text: text.to_owned(),
            scheme: scheme.to_owned(),
        });
    }
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::InvalidPort => TrustedOriginError::Port(text.to_owned()),
        _ => TrustedOriginError::Host(text.to_owned()),
    })?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(TrustedOriginError::Host(text.to_owned()));
    }
    if url.port() == Some(0) {
        return Err(TrustedOriginError::Port(text.to_owned()));
    }
    let origin = url.origin().ascii_serialization();
    let surplus = |what| TrustedOriginError::Surplus {
        text: text.to_owned(),
        what,
        origin: origin.clone(),
    };
    if rest.contains('\\') {
        return Err(surplus(Surplus::Backslash));
    }
    // `user@` is lost on the parser where the name is empty (`https://@host`).
    if authority(rest).contains('@') {
        return Err(surplus(Surplus::UserName));
    }
    if url.path() != "/" {
        return Err(surplus(Surplus::Path));
    }
    if url.query().is_some() {
        return Err(surplus(Surplus::Query));
    }
    if url.fragment().is_some() {
        return Err(surplus(Surplus::Fragment));
    }
    Ok(origin)
}

fn parse_application(text: &str, scheme: &str, rest: &str) -> Result<String, TrustedOriginError> {
    let host = authority(rest);
    let ascii = host
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
    if host.is_empty() {
        return Err(TrustedOriginError::NoHost {
            text: text.to_owned(),
            scheme: scheme.to_owned(),
        });
    }
    if !ascii {
        return Err(TrustedOriginError::Host(text.to_owned()));
    }
    let origin = format!("{scheme}://{}", host.to_ascii_lowercase());
    match &rest[host.len()..] {
        "" | "/" => Ok(origin),
        _ => Err(TrustedOriginError::Surplus {
            text: text.to_owned(),
            what: Surplus::Path,
            origin,
        }),
    }
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '\\', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn accepts(text: &str, origin: &str) {
        assert_eq!(parse(text).as_deref(), Ok(origin), "for {text:?}");
    }

    #[track_caller]
    fn refuses(text: &str, sentence: &str) {
        let error = parse(text).expect_err(text);
        assert_eq!(error.to_string(), sentence);
    }

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        accepts("https://mail.example.com", "https://mail.example.com");
        accepts("HTTPS://Mail.Example.COM", "https://mail.example.com");
        accepts("https://mail.example.com/", "https://mail.example.com");
        accepts("https://mail.example.com:443", "https://mail.example.com");
        accepts("http://mail.example.com:80/", "http://mail.example.com");
        accepts("http://mail.example.com:443", "http://mail.example.com:443");
        accepts(
            "https://mail.example.com:8443",
            "https://mail.example.com:8443",
        );
        accepts("https://[2001:DB8::0:1]:8443", "https://[2001:db8::1]:8443");
        accepts("http://127.1", "http://127.0.0.1");
    }

    #[test]
    fn a_host_name_beyond_ascii_becomes_punycode() {
        accepts("https://Büro.example", "https://xn--bro-hoa.example");
        accepts("https://xn--bro-hoa.example", "https://xn--bro-hoa.example");
        accepts("https://faß.example", "https://xn--fa-hia.example");
    }

    #[test]
    fn a_look_alike_stays_another_origin() {
        // The first letter is Cyrillic.
        let homograph = parse("https://аpple.example").expect("a valid host");
        assert_ne!(homograph, "https://apple.example");
        assert_eq!(homograph, "https://xn--pple-43d.example");
    }

    #[test]
    fn a_final_dot_is_part_of_the_host_as_it_is_in_browsers() {
        accepts("https://mail.example.com.", "https://mail.example.com.");
    }

    #[test]
    fn an_embedding_application_may_have_a_scheme_of_its_own() {
        accepts("chrome-extension://ABCdef", "chrome-extension://abcdef");
        accepts("app://deskapp/", "app://deskapp");
        refuses(
            "app://deskapp/index.html",
            "app://deskapp/index.html has a path: write app://deskapp",
        );
        refuses(
            "app://",
            "app:// is no origin: write app://, a host and, where it is not the usual one, a port, as in https://mail.example.com",
        );
        refuses(
            "app://a b",
            "app://a b has no host name that exists: write it as in https://mail.example.com",
        );
    }

    #[test]
    fn what_is_more_than_an_origin_is_refused_with_the_origin_to_write() {
        refuses(
            "https://mail.example.com/webapp",
            "https://mail.example.com/webapp has a path: write https://mail.example.com",
        );
        refuses(
            "https://Mail.Example.com/webapp/",
            "https://Mail.Example.com/webapp/ has a path: write https://mail.example.com",
        );
        refuses(
            "https://mail.example.com//",
            "https://mail.example.com// has a path: write https://mail.example.com",
        );
        refuses(
            "https://mail.example.com?a",
            "https://mail.example.com?a has a query: write https://mail.example.com",
        );
        refuses(
            "https://mail.example.com/#top",
            "https://mail.example.com/#top has a fragment: write https://mail.example.com",
        );
        refuses(
            "https://trusted.example@evil.example",
            "https://trusted.example@evil.example has a user name: write https://evil.example",
        );
        refuses(
            "https://@mail.example.com",
            "https://@mail.example.com has a user name: write https://mail.example.com",
        );
        refuses(
            "https://mail.example.com\\",
            "https://mail.example.com\\ has a backslash: write https://mail.example.com",
        );
    }

    #[test]
    fn a_missing_scheme_is_named() {
        refuses(
            "mail.example.com",
            "mail.example.com has no scheme: write https://mail.example.com",
        );
        refuses(
            "//mail.example.com",
            "mail.example.com has no scheme: write https://mail.example.com",
        );
        refuses(
            "localhost:8065",
            "localhost:8065 has no scheme: write https://localhost:8065",
        );
        refuses(
            "mail.example.com:8443",
            "mail.example.com:8443 has no scheme: write https://mail.example.com:8443",
        );
    }

    #[test]
    fn what_stands_in_a_schemes_place_and_cannot_be_one_is_none() {
        for text in ["1app://deskapp", "a_b://deskapp"] {
            let error = parse(text).expect_err(text);
            assert_eq!(error.flaw(), Flaw::NoScheme, "{text}");
        }
    }

    #[test]
    fn a_missing_scheme_and_a_path_are_cured_at_once() {
        refuses(
            "Mail.Example.com/webapp",
            "Mail.Example.com/webapp has no scheme: write https://mail.example.com",
        );
    }

    #[test]
    fn a_refusal_says_to_programs_what_it_says_to_people() {
        let error = parse("https://Mail.Example.com/webapp/").expect_err("a path");
        assert_eq!(
            (error.flaw(), error.text(), error.origin()),
            (
                Flaw::Path,
                "https://Mail.Example.com/webapp/",
                Some("https://mail.example.com")
            )
        );
        let error = parse("https://*.example.com").expect_err("a wildcard");
        assert_eq!(
            (error.flaw(), error.text(), error.origin()),
            (Flaw::Wildcard, "https://*.example.com", None)
        );
    }

    #[test]
    fn half_an_origin_is_no_origin() {
        for text in [
            "https:",
            "https://",
            "https:/mail.example.com",
            "https:mail",
            "https:///",
            "https://:443",
            "https://?",
        ] {
            refuses(
                text,
                &format!(
                    "{text} is no origin: write https://, a host and, where it is not the usual one, a port, as in https://mail.example.com"
                ),
            );
        }
    }

    #[test]
    fn a_host_or_port_that_cannot_exist_is_refused() {
        refuses(
            "https://a b",
            "https://a b has no host name that exists: write it as in https://mail.example.com",
        );
        refuses(
            "https://xn--/",
            "https://xn--/ has no host name that exists: write it as in https://mail.example.com",
        );
        refuses(
            "https://[::1",
            "https://[::1 has no host name that exists: write it as in https://mail.example.com",
        );
        refuses(
            "https://mail.example.com:65536",
            "https://mail.example.com:65536 has no port that exists: write a number from 1 to 65535, as in https://mail.example.com:8443",
        );
        refuses(
            "https://mail.example.com:0",
            "https://mail.example.com:0 has no port that exists: write a number from 1 to 65535, as in https://mail.example.com:8443",
        );
    }

    #[test]
    fn a_text_longer_than_any_origin_is_quoted_in_part_only() {
        let text = format!("https://{}", "a".repeat(2000));
        let error = parse(&text).expect_err("too long").to_string();
        assert!(
            error.starts_with("https://aaaa") && error.len() < 200,
            "{error}"
        );
    }

    #[test]
    fn wildcards_and_opaque_origins_are_never_trusted() {
        refuses(
            "*",
            "* has a wildcard: write each origin by itself, as in https://mail.example.com",
        );
        refuses(
            "https://*.example.com",
            "https://*.example.com has a wildcard: write each origin by itself, as in https://mail.example.com",
        );
        for text in [
            "null",
            "NULL",
            "data:text/html,x",
            "file:///srv/portal.html",
            "blob:https://mail.example.com/1",
            "about:blank",
            "javascript:alert(1)",
            "wss://mail.example.com",
        ] {
            refuses(
                text,
                &format!(
                    "{text} is not an origin that browsers can tell from others: write the https:// address of the page that embeds Mattermost"
                ),
            );
        }
    }

    /// One origin that the web part does not believe would cost it the whole list.
    #[track_caller]
    fn is_believed_by_the_web_part(text: &str) {
        if let Ok(origin) = parse(text) {
            assert_eq!(parse(&origin).as_ref(), Ok(&origin), "for {text:?}");
            let believed = Origin::parse(&origin);
            assert_eq!(believed.map(|_| ()), Ok(()), "for {text:?}");
        }
    }

    #[test]
    fn a_host_that_only_the_url_standard_knows_is_refused() {
        for text in ["https://mail!.example.com", "https://(mail).example.com"] {
            is_believed_by_the_web_part(text);
            assert_eq!(parse(text).expect_err(text).flaw(), Flaw::Host, "{text}");
        }
    }

    #[test]
    fn an_origin_that_is_longer_than_any_when_browsers_write_it_is_refused() {
        // Each letter becomes several in punycode.
        let text = format!("https://{}.example", "ßéа.".repeat(45));
        is_believed_by_the_web_part(&text);
        assert_eq!(parse(&text).expect_err(&text).flaw(), Flaw::TooLong);
    }

    #[test]
    fn what_is_no_origin_without_its_path_either_is_refused_for_that() {
        refuses(
            "https://mail!.example.com/webapp",
            "https://mail!.example.com/webapp has no host name that exists: write it as in https://mail.example.com",
        );
        let text = format!("{}://deskapp/index.html", "app".repeat(200));
        let error = parse(&text).expect_err(&text);
        assert_eq!((error.flaw(), error.origin()), (Flaw::TooLong, None));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_accepted_is_canonical(text in ".{0,40}") {
            is_believed_by_the_web_part(&text);
        }

        #[test]
        fn near_an_origin_too(text in "(https|http|app)://[a-zA-Z0-9.ßéа!$&'()*+=~_@:/?#\\\\\\[\\]-]{0,20}") {
            is_believed_by_the_web_part(&text);
        }
    }
}
