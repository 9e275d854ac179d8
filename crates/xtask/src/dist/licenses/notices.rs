//! Reads the notices that a Rust toolchain brings for its standard library (`COPYRIGHT-library.html`).

use anyhow::{Result, ensure};

use super::component::Component;

/// What the library needs on platforms that no bundle is for; some of these come without the text of their licence.
const ELSEWHERE: [&str; 8] = [
    "fortanix-sgx-abi",
    "hermit-abi",
    "moto-rt",
    "r-efi",
    "r-efi-alloc",
    "vex-sdk",
    "wasi",
    "wit-bindgen",
];

/// The components that the notices name besides Rust's own library, as far as they concern a bundle.
///
/// # Errors
///
/// The page is not built as those of Rust 1.95 are.
pub(super) fn read(html: &str) -> Result<Vec<Component>> {
    let mut components = Vec::new();
    for section in html.split("<h3>📦 ").skip(1) {
        let title = section.split("</h3>").next().unwrap_or_default();
        let (name, version) = split_title(title);
        let license = between(section, "<p><b>License:</b> ", "</p>").unwrap_or_default();
        ensure!(
            !name.is_empty() && !license.is_empty(),
            "the standard library's notices cannot be read at {title:?}"
        );
        if ELSEWHERE.contains(&name) {
            continue;
        }
        let texts = section.split("<summary><code>").skip(1).filter_map(|file| {
            let (file, rest) = file.split_once("</code>")?;
            Some((
                file.to_owned(),
                unescaped(between(rest, "<pre>", "</pre>")?)
                    .trim_matches('\n')
                    .to_owned(),
            ))
        });
        components.push(Component {
            name: name.to_owned(),
            version: version.to_owned(),
            license: unescaped(license),
            texts: texts.collect(),
        });
    }
    ensure!(
        !components.is_empty(),
        "the standard library's notices name no component"
    );
    Ok(components)
}

/// `windows-sys-0.60.2` is `windows-sys` of version `0.60.2`.
fn split_title(title: &str) -> (&str, &str) {
    let dash = title
        .match_indices('-')
        .find(|(at, _)| title[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
    dash.map_or((title, ""), |(at, _)| (&title[..at], &title[at + 1..]))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

fn unescaped(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<h2>Out-of-tree dependencies</h2>\n<h3>📦 libc-0.2.1+a-b</h3>\n\
        <p><b>License:</b> Apache-2.0 WITH LLVM-exception OR MIT</p>\n<details>\n<summary><code>LICENSE-MIT</code></summary>\n\
        <pre>\nAs &quot;is&quot; &lt;you&gt; &amp; me\n</pre></details>\n<h3>📦 windows-sys-0.60.2</h3>\n<p><b>License:</b> MIT</p>\
        <h3>📦 wasi-0.14.4+wasi-0.2.4</h3><p><b>License:</b> MIT</p>";

    #[test]
    fn components_are_read_with_version_licence_and_texts() {
        let components = read(PAGE).unwrap();
        assert_eq!(
            components
                .iter()
                .map(|c| (c.name.as_str(), c.version.as_str()))
                .collect::<Vec<_>>(),
            [("libc", "0.2.1+a-b"), ("windows-sys", "0.60.2"),]
        );
        assert_eq!(
            components[0].license,
            "Apache-2.0 WITH LLVM-exception OR MIT"
        );
        assert_eq!(
            components[0].texts,
            [("LICENSE-MIT".to_owned(), "As \"is\" <you> & me".to_owned())]
        );
    }

    #[test]
    fn a_page_of_another_make_is_refused() {
        assert!(read("<html></html>").is_err());
        assert!(read("<h3>📦 a-1.0.0</h3>").is_err());
    }
}
