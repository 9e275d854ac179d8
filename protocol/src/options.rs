//! Which of a notification's options go to a host of version 20171130, and in which form.
//!
//! Such a host gives `options` unchanged to its own browser's constructor and reads `icon` without a check, so only members that
//! make no constructor throw are sent, and the icon has the form that the host expects.

use crate::Origin;

/// The members of `NotificationOptions` that are sent if the page has set them.
///
/// Left out: `actions` and `vibrate` (constructors throw for the first, and for the second beside `silent`), and `navigate`
/// (a click would navigate the host's window). For `icon` see [`icon_path`].
pub const FORWARDED: [&str; 11] = [
    "badge",
    "body",
    "data",
    "dir",
    "image",
    "lang",
    "renotify",
    "requireInteraction",
    "silent",
    "tag",
    "timestamp",
];

/// A member of the options as the page gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member<V> {
    /// It is missing, or `undefined`.
    Missing,
    /// It is `null`.
    Null,
    /// It has a value.
    Is(V),
}

/// The members that go out, with their values; `names` are those of [`FORWARDED`] in the world's own form. `null` counts as not given: where it is allowed (`data`, `silent`)
/// it is the default, and a browser that does not know it for `silent` would take it for `false`.
pub fn forwarded<N: Copy, V>(
    names: impl IntoIterator<Item = N>,
    given: impl Fn(N) -> Member<V>,
) -> impl Iterator<Item = (N, V)> {
    names.into_iter().filter_map(move |name| match given(name) {
        Member::Is(value) => Some((name, value)),
        Member::Missing | Member::Null => None,
    })
}

/// The icon in the form that such a host expects: a path on the page's own origin that begins with `/`, or nothing.
///
/// Hosts compute `event.origin + icon`; a URL of another origin would become invalid.
pub fn icon_path<'url>(url: &'url str, own: Option<&Origin>) -> &'url str {
    own.and_then(|own| url.strip_prefix(own.as_str()))
        .filter(|path| path.starts_with('/'))
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_null_or_not_for_hosts_counts_as_not_given() {
        let given = |name| match name {
            "body" => Member::Is("text"),
            "silent" => Member::Null,
            "tag" => Member::Is(""),
            "vibrate" | "actions" | "navigate" | "icon" => panic!("{name} does not go out"),
            _ => Member::Missing,
        };
        let out: Vec<_> = forwarded(FORWARDED, given).collect();
        assert_eq!(out, [("body", "text"), ("tag", "")]);
    }

    #[test]
    fn the_icon_is_a_path_on_the_pages_own_origin_or_nothing() {
        let own = Origin::parse("https://chat.example.com").unwrap();
        let path = |url| icon_path(url, Some(&own));
        assert_eq!(
            path("https://chat.example.com/static/icon.png?v=2"),
            "/static/icon.png?v=2"
        );
        assert_eq!(
            path("https://chat.example.com/chat/static/icon.png"),
            "/chat/static/icon.png"
        );
        for url in [
            "",
            "https://elsewhere.example.com/icon.png",
            "https://chat.example.com.evil.example/icon.png",
            "https://chat.example.com:8443/icon.png",
            "data:image/png;base64,AAAA",
            "blob:https://chat.example.com/0f9a",
            "https://chat.example.com",
        ] {
            assert_eq!(path(url), "", "{url}");
        }
        assert_eq!(icon_path("null/static/icon.png", None), "");
    }
}
