//! Content-Security-Policy and X-Frame-Options, judged as browsers do.

use url::Url;

/// An origin taken apart.
struct Parts {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl Parts {
    fn of(origin: &str) -> Option<Self> {
        let url = Url::parse(origin).ok()?;
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default(),
        })
    }
}

const ANCESTORS: &str = "frame-ancestors";

/// Which header decided whether a page may be framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// A policy names who may, and `host` is among them.
    Allowed,
    /// Neither header says anything: every site may.
    Open,
    RefusedByPolicy,
    RefusedByFrameOptions,
}

impl Framing {
    /// Whether browsers show the frame.
    pub const fn allows(self) -> bool {
        matches!(self, Self::Allowed | Self::Open)
    }
}

/// Whether browsers show a page of origin `own` inside one of origin `host`.
///
/// HTML, "check a navigation response's adherence to X-Frame-Options", and Content Security Policy Level 3, section
/// 6.4.2: where a policy names `frame-ancestors`, X-Frame-Options does not count. `policies` and `frame_options` are
/// the values of all headers of these names.
pub fn framing(policies: &[String], frame_options: &[String], host: &str, own: &str) -> Framing {
    let lists = split(policies).filter_map(|policy| directive(policy, ANCESTORS));
    let lists: Vec<Vec<String>> = lists.collect();
    if !lists.is_empty() {
        let allowed = lists.iter().all(|list| lists_origin(list, host, own));
        return if allowed {
            Framing::Allowed
        } else {
            Framing::RefusedByPolicy
        };
    }
    let mut options: Vec<String> = frame_options
        .iter()
        .flat_map(|header| header.split(','))
        .map(|value| value.trim().to_ascii_lowercase())
        .filter(|value| !value.is_empty())
        .collect();
    options.sort();
    options.dedup();
    let has = |value: &str| options.iter().any(|option| option == value);
    let contradictory =
        options.len() > 1 && ["deny", "sameorigin", "allowall"].into_iter().any(has);
    if contradictory || has("deny") || (has("sameorigin") && host != own) {
        return Framing::RefusedByFrameOptions;
    }
    if has("sameorigin") {
        return Framing::Allowed;
    }
    // ALLOW-FROM, and everything else that no browser knows, forbids nothing.
    Framing::Open
}

/// Whether a page with these policies may show a frame of origin `frame`; `own` is the page's origin.
///
/// Content Security Policy Level 3, section 6.1.2: `frame-src`, else `child-src`, else `default-src`, in each policy.
pub fn may_hold_frame(policies: &[String], frame: &str, own: &str) -> Result<(), String> {
    for policy in split(policies) {
        let found = ["frame-src", "child-src", "default-src"]
            .into_iter()
            .find_map(|name| Some((name, directive(policy, name)?)));
        if let Some((name, list)) = found
            && !lists_origin(&list, frame, own)
        {
            return Err(format!("{name} {}", list.join(" ")).trim_end().to_owned());
        }
    }
    Ok(())
}

/// Whether scripts of a document with these policies may compile WebAssembly (Content Security Policy Level 3, section 4.3).
pub fn may_compile(policies: &[String]) -> bool {
    split(policies).all(|policy| {
        let list = directive(policy, "script-src").or_else(|| directive(policy, "default-src"));
        list.is_none_or(|list| {
            list.iter().any(|source| {
                matches!(
                    source.to_ascii_lowercase().as_str(),
                    "'wasm-unsafe-eval'" | "'unsafe-eval'"
                )
            })
        })
    })
}

/// Whether any policy says from where scripts may come.
pub fn restricts_scripts(policies: &[String]) -> bool {
    split(policies).any(|policy| {
        directive(policy, "script-src")
            .or_else(|| directive(policy, "default-src"))
            .is_some()
    })
}

/// Every `frame-ancestors` in the policies, as they stand there; empty where none names it.
pub fn frame_ancestors(policies: &[String]) -> String {
    let lists = split(policies).filter_map(|policy| directive(policy, ANCESTORS));
    let shown = lists.map(|list| format!("{ANCESTORS} {}", list.join(" ")));
    shown.collect::<Vec<_>>().join(", ")
}

/// One header may hold several policies.
fn split(policies: &[String]) -> impl Iterator<Item = &str> {
    policies.iter().flat_map(|header| header.split(','))
}

/// Of a directive that stands twice in one policy the first counts.
fn directive(policy: &str, name: &str) -> Option<Vec<String>> {
    policy.split(';').find_map(|directive| {
        let mut words = directive.split_ascii_whitespace();
        words
            .next()?
            .eq_ignore_ascii_case(name)
            .then(|| words.map(str::to_owned).collect())
    })
}

fn lists_origin(list: &[String], origin: &str, own: &str) -> bool {
    let (Some(origin), Some(own)) = (Parts::of(origin), Parts::of(own)) else {
        return false;
    };
    list.iter()
        .any(|source| matches_source(&source.to_ascii_lowercase(), &origin, &own))
}

/// Content Security Policy Level 3, section 6.7.2.7, for an origin, whose path is `/`.
fn matches_source(source: &str, origin: &Parts, own: &Parts) -> bool {
    match source {
        "*" => {
            return matches!(origin.scheme.as_str(), "http" | "https")
                || origin.scheme == own.scheme;
        }
        "'self'" => {
            let ports = origin.port == own.port || (is_usual(origin) && is_usual(own));
            return origin.host == own.host && scheme_matches(&own.scheme, &origin.scheme) && ports;
        }
        _ if source.starts_with('\'') => return false,
        _ => {}
    }
    if let Some(scheme) = source.strip_suffix(':') {
        return scheme_matches(scheme, &origin.scheme);
    }
    let (scheme, rest) = source.split_once("://").unwrap_or((&own.scheme, source));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let host_matches = match host.strip_prefix('*') {
        Some("") => true,
        Some(suffix) => suffix.starts_with('.') && origin.host.ends_with(suffix),
        None => origin.host == host,
    };
    let port_matches = match port {
        None => is_usual(origin),
        Some("*") => true,
        Some(port) => {
            let port = port.parse().ok();
            port == origin.port || (port == Some(80) && origin.port == Some(443))
        }
    };
    path.is_empty() && host_matches && port_matches && scheme_matches(scheme, &origin.scheme)
}

fn scheme_matches(wanted: &str, actual: &str) -> bool {
    wanted == actual || (wanted == "http" && actual == "https")
}

fn is_usual(origin: &Parts) -> bool {
    match origin.scheme.as_str() {
        "https" => origin.port == Some(443),
        "http" => origin.port == Some(80),
        _ => origin.port.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: &str = "https://chat.example.com";
    const MAIL: &str = "https://mail.example.com";

    fn of(policy: &str, options: &str) -> Framing {
        let header = |text: &str| {
            if text.is_empty() {
                vec![]
            } else {
                vec![text.to_owned()]
            }
        };
        framing(&header(policy), &header(options), MAIL, CHAT)
    }

    #[test]
    fn a_policy_decides_before_frame_options_do() {
        assert_eq!(
            of(
                "frame-ancestors 'self' https://mail.example.com; script-src 'self'",
                "DENY"
            ),
            Framing::Allowed
        );
        assert_eq!(
            of("frame-ancestors 'self'; script-src 'self'", ""),
            Framing::RefusedByPolicy
        );
        assert_eq!(
            of("script-src 'self'", "SAMEORIGIN"),
            Framing::RefusedByFrameOptions
        );
        assert_eq!(
            of(
                "frame-ancestors https://mail.example.com, frame-ancestors 'self'",
                ""
            ),
            Framing::RefusedByPolicy
        );
    }

    #[test]
    fn what_no_browser_knows_forbids_nothing() {
        assert_eq!(
            of("", "ALLOW-FROM https://other.example.com"),
            Framing::Open
        );
        assert_eq!(of("", ""), Framing::Open);
        assert_eq!(of("", "ALLOWALL, DENY"), Framing::RefusedByFrameOptions);
    }

    #[test]
    fn sources_are_matched_as_browsers_do() {
        let allows =
            |source: &str| of(&format!("frame-ancestors {source}"), "") == Framing::Allowed;
        for source in [
            "*",
            "https:",
            "http:",
            "mail.example.com",
            "*.example.com",
            "http://mail.example.com",
            "https://mail.example.com:443/",
            "https://mail.example.com:*",
            "HTTPS://MAIL.example.com",
            "https://other.example.com https://*.example.com",
        ] {
            assert!(allows(source), "{source}");
        }
        for source in [
            "'none'",
            "'self'",
            "https://*.mail.example.com",
            "https://mail.example.com:8443",
            "https://mail.example.com/webapp",
            "ample.com",
            "*ample.com",
            "app:",
            "",
            "example.com",
            "ws://mail.example.com",
            "https://mail.*.com",
            "https://mail.example.com.evil.example",
        ] {
            assert!(!allows(source), "{source}");
        }
    }

    #[test]
    fn a_page_on_another_port_scheme_or_address_or_in_an_application_has_to_be_named() {
        for (source, host, allowed) in [
            (
                "https://mail.example.com",
                "https://mail.example.com:8443",
                false,
            ),
            (
                "https://mail.example.com:8443",
                "https://mail.example.com:8443",
                true,
            ),
            ("https://mail.example.com", "http://mail.example.com", false),
            ("mail.example.com", "http://mail.example.com", false),
            ("https://[::1]:8443", "https://[::1]:8443", true),
            ("app://deskapp", "app://deskapp", true),
            ("*", "app://deskapp", false),
            ("'self'", CHAT, true),
        ] {
            let policy = format!("frame-ancestors {source}");
            let found = framing(&[policy], &[], host, CHAT);
            assert_eq!(found == Framing::Allowed, allowed, "{source}: {host}");
        }
    }

    #[test]
    fn frame_options_leave_mattermosts_own_pages_alone_unless_they_deny() {
        for (options, allowed) in [
            ("SAMEORIGIN", true),
            ("SAMEORIGIN, SAMEORIGIN", true),
            ("deny", false),
            ("SAMEORIGIN, ALLOW-FROM https://mail.example.com", false),
        ] {
            let found = framing(&[], &[options.to_owned()], CHAT, CHAT);
            assert_eq!(found.allows(), allowed, "{options}");
        }
    }

    #[test]
    fn of_a_directive_that_stands_twice_in_one_policy_the_first_counts() {
        assert_eq!(
            of(
                "frame-ancestors https://mail.example.com; frame-ancestors 'none'",
                ""
            ),
            Framing::Allowed
        );
    }

    #[test]
    fn a_page_may_hold_frames_by_frame_src_then_child_src_then_default_src() {
        let may = |policy: &str| may_hold_frame(&[policy.to_owned()], CHAT, MAIL);
        assert_eq!(may("script-src 'none'"), Ok(()));
        assert_eq!(
            may("default-src 'none'; frame-src https://chat.example.com"),
            Ok(())
        );
        assert_eq!(
            may("default-src 'self'"),
            Err("default-src 'self'".to_owned())
        );
        assert_eq!(
            may("child-src 'self'; default-src *"),
            Err("child-src 'self'".to_owned())
        );
        assert_eq!(may("default-src *, frame-src"), Err("frame-src".to_owned()));
    }

    #[test]
    fn webassembly_needs_a_word_in_script_src() {
        let may = |policy: &str| may_compile(&[policy.to_owned()]);
        assert!(may("frame-ancestors 'self'") && may("script-src 'self' 'wasm-unsafe-eval'"));
        assert!(!may("script-src 'self'") && !may("default-src 'self'"));
    }
}
