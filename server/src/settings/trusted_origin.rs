//! One trusted origin: what an administrator may write, and what a browser says in `event.origin`.

use notifymatters_findings::problem::{Flaw, Problem};
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

/// Why a text is no trusted origin.
fn wrong(flaw: Flaw, text: &str, write: Option<String>) -> Problem {
    Problem {
        flaw,
        text: Some(text.to_owned()),
        write,
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
pub(crate) fn parse(text: &str) -> Result<String, Problem> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(too_long(text));
    }
    if text.contains('*') {
        return Err(wrong(Flaw::Wildcard, text, None));
    }
    if text.eq_ignore_ascii_case("null") {
        return Err(wrong(Flaw::Opaque, text, None));
    }
    let (scheme, rest) = split_scheme(text)?;
    let parsed = match scheme.as_str() {
        "https" | "http" => parse_web(text, rest),
        scheme => parse_application(text, scheme, rest),
    };
    let (Ok(origin)
    | Err(Problem {
        write: Some(origin),
        ..
    })) = &parsed
    else {
        return parsed;
    };
    // The URL Standard knows hosts that no name server does. The web part does not, and would believe nothing of a list with one.
    match Origin::parse(origin) {
        Ok(_) => parsed,
        Err(OriginError::TooLong) => Err(too_long(text)),
        Err(_) => Err(wrong(Flaw::Host, text, None)),
    }
}

fn too_long(text: &str) -> Problem {
    let begin: String = text.chars().take(QUOTED_CHARS).collect();
    wrong(Flaw::TooLong, &begin, None)
}

/// Splits at `:` or `://`; the scheme comes back in lower case.
fn split_scheme(text: &str) -> Result<(String, &str), Problem> {
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
        return Err(wrong(Flaw::Opaque, text, None));
    }
    match rest.strip_prefix("//") {
        Some(rest) => Ok((scheme, rest)),
        None => Err(wrong(Flaw::NoHost, text, None)),
    }
}

/// The origin to write is the whole cure: for `mail.example.com/webapp` one without the path.
fn no_scheme(text: &str) -> Problem {
    let guess = format!("https://{text}");
    let origin = parse_web(&guess, text).unwrap_or_else(|problem| problem.write.unwrap_or(guess));
    wrong(Flaw::NoScheme, text, Some(origin))
}

fn parse_web(text: &str, rest: &str) -> Result<String, Problem> {
    if rest.is_empty() || rest.starts_with(['/', '\\', '?', '#', ':']) {
        return Err(wrong(Flaw::NoHost, text, None));
    }
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::InvalidPort => wrong(Flaw::Port, text, None),
        _ => wrong(Flaw::Host, text, None),
    })?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(wrong(Flaw::Host, text, None));
    }
    if url.port() == Some(0) {
        return Err(wrong(Flaw::Port, text, None));
    }
    let origin = url.origin().ascii_serialization();
    let surplus = |flaw| wrong(flaw, text, Some(origin.clone()));
    if rest.contains('\\') {
        return Err(surplus(Flaw::Backslash));
    }
    // `user@` is lost on the parser where the name is empty (`https://@host`).
    if authority(rest).contains('@') {
        return Err(surplus(Flaw::UserName));
    }
    if url.path() != "/" {
        return Err(surplus(Flaw::Path));
    }
    if url.query().is_some() {
        return Err(surplus(Flaw::Query));
    }
    if url.fragment().is_some() {
        return Err(surplus(Flaw::Fragment));
    }
    Ok(origin)
}

fn parse_application(text: &str, scheme: &str, rest: &str) -> Result<String, Problem> {
    let host = authority(rest);
    let ascii = host
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
    if host.is_empty() {
        return Err(wrong(Flaw::NoHost, text, None));
    }
    if !ascii {
        return Err(wrong(Flaw::Host, text, None));
    }
    let origin = format!("{scheme}://{}", host.to_ascii_lowercase());
    match &rest[host.len()..] {
        "" | "/" => Ok(origin),
        _ => Err(wrong(Flaw::Path, text, Some(origin))),
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
    fn refuses(text: &str, flaw: Flaw, write: Option<&str>) {
        let problem = parse(text).expect_err(text);
        let found = (
            problem.flaw,
            problem.text.as_deref(),
            problem.write.as_deref(),
        );
        assert_eq!(found, (flaw, Some(text.trim_start_matches('/')), write));
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
            Flaw::Path,
            Some("app://deskapp"),
        );
        refuses("app://", Flaw::NoHost, None);
        refuses("app://a b", Flaw::Host, None);
    }

    #[test]
    fn what_is_more_than_an_origin_is_refused_with_the_origin_to_write() {
        refuses(
            "https://mail.example.com/webapp",
            Flaw::Path,
            Some("https://mail.example.com"),
        );
        refuses(
            "https://Mail.Example.com/webapp/",
            Flaw::Path,
            Some("https://mail.example.com"),
        );
        refuses(
            "https://mail.example.com//",
            Flaw::Path,
            Some("https://mail.example.com"),
        );
        refuses(
            "https://mail.example.com?a",
            Flaw::Query,
            Some("https://mail.example.com"),
        );
        refuses(
            "https://mail.example.com/#top",
            Flaw::Fragment,
            Some("https://mail.example.com"),
        );
        refuses(
            "https://trusted.example@evil.example",
            Flaw::UserName,
            Some("https://evil.example"),
        );
        refuses(
            "https://@mail.example.com",
            Flaw::UserName,
            Some("https://mail.example.com"),
        );
        refuses(
            "https://mail.example.com\\",
            Flaw::Backslash,
            Some("https://mail.example.com"),
        );
    }

    #[test]
    fn a_missing_scheme_is_named() {
        refuses(
            "mail.example.com",
            Flaw::NoScheme,
            Some("https://mail.example.com"),
        );
        refuses(
            "//mail.example.com",
            Flaw::NoScheme,
            Some("https://mail.example.com"),
        );
        refuses(
            "localhost:8065",
            Flaw::NoScheme,
            Some("https://localhost:8065"),
        );
        refuses(
            "mail.example.com:8443",
            Flaw::NoScheme,
            Some("https://mail.example.com:8443"),
        );
    }

    #[test]
    fn what_stands_in_a_schemes_place_and_cannot_be_one_is_none() {
        for text in ["1app://deskapp", "a_b://deskapp"] {
            let problem = parse(text).expect_err(text);
            assert_eq!(problem.flaw, Flaw::NoScheme, "{text}");
        }
    }

    #[test]
    fn a_missing_scheme_and_a_path_are_cured_at_once() {
        refuses(
            "Mail.Example.com/webapp",
            Flaw::NoScheme,
            Some("https://mail.example.com"),
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
            refuses(text, Flaw::NoHost, None);
        }
    }

    #[test]
    fn a_host_or_port_that_cannot_exist_is_refused() {
        refuses("https://a b", Flaw::Host, None);
        refuses("https://xn--/", Flaw::Host, None);
        refuses("https://[::1", Flaw::Host, None);
        refuses("https://mail.example.com:65536", Flaw::Port, None);
        refuses("https://mail.example.com:0", Flaw::Port, None);
    }

    #[test]
    fn a_text_longer_than_any_origin_is_quoted_in_part_only() {
        let text = format!("https://{}", "a".repeat(2000));
        let error = parse(&text).expect_err("too long").to_string();
        assert!(
            error.starts_with("https://aaaa") && error.len() < 300,
            "{error}"
        );
    }

    #[test]
    fn wildcards_and_opaque_origins_are_never_trusted() {
        refuses("*", Flaw::Wildcard, None);
        refuses("https://*.example.com", Flaw::Wildcard, None);
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
            refuses(text, Flaw::Opaque, None);
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
            assert_eq!(parse(text).expect_err(text).flaw, Flaw::Host, "{text}");
        }
    }

    #[test]
    fn an_origin_that_is_longer_than_any_when_browsers_write_it_is_refused() {
        // Each letter becomes several in punycode.
        let text = format!("https://{}.example", "ßéа.".repeat(45));
        is_believed_by_the_web_part(&text);
        assert_eq!(parse(&text).expect_err(&text).flaw, Flaw::TooLong);
    }

    #[test]
    fn what_is_no_origin_without_its_path_either_is_refused_for_that() {
        refuses("https://mail!.example.com/webapp", Flaw::Host, None);
        let text = format!("{}://deskapp/index.html", "app".repeat(200));
        let error = parse(&text).expect_err(&text);
        assert_eq!((error.flaw, error.write), (Flaw::TooLong, None));
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
