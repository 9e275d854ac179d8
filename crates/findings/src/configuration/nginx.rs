//! What an nginx does to a Mattermost.

use super::source::{Located, all};
use super::{Block, Changes, ConfigurationError, Source, marks_http_only, tree};
use crate::lines::Program;
use crate::proxy::{Action, BodyLimit, Treatment};

/// `client_max_body_size` where nobody sets it.
const DEFAULT_BODY_LIMIT: u64 = 1024 * 1024;

pub(super) fn read(source: &Source<'_>) -> Result<Vec<Block>, ConfigurationError> {
    let root = source.parse(tree::nginx)?;
    let mut blocks = Vec::new();
    let mut levels = Vec::new();
    servers(&root, &mut levels, &root, &mut blocks);
    Ok(blocks)
}

fn servers<'a>(
    directives: &'a [Located],
    levels: &mut Vec<&'a [Located]>,
    root: &'a [Located],
    blocks: &mut Vec<Block>,
) {
    levels.push(directives);
    for directive in directives {
        match directive.name.as_str() {
            "http" => servers(&directive.block, levels, root, blocks),
            "server" if directive.has_block() => blocks.extend(server(directive, levels, root)),
            _ => {}
        }
    }
    levels.pop();
}

/// `None` where it leads to no other server.
fn server(server: &Located, above: &[&[Located]], root: &[Located]) -> Option<Block> {
    let mut levels = above.to_vec();
    levels.push(&server.block);
    let mut proxied = Vec::new();
    locations(&server.block, server, &levels, &mut proxied);
    // What serves the pages; others may be there for the WebSocket alone.
    let pages = proxied.iter().min_by_key(|location| location.rank())?;
    let names: Vec<String> = named(&server.block, "server_name")
        .flat_map(|line| line.arguments.clone())
        .collect();
    let mut changes = Changes::default();
    let removed = inherited(&pages.levels, "proxy_hide_header");
    for line in &removed {
        changes.add(line.argument(0), Action::Remove, line.place.clone());
    }
    let added = inherited(&pages.levels, "add_header");
    for line in &added {
        let replaces = removed
            .iter()
            .any(|removed| removed.argument(0).eq_ignore_ascii_case(line.argument(0)));
        let action = added_value(line.argument(1), replaces, root);
        changes.add(line.argument(0), action, line.place.clone());
    }
    let cookies = ["proxy_cookie_flags", "proxy_cookie_path"];
    let http_only = cookies
        .into_iter()
        .flat_map(|name| inherited(&pages.levels, name))
        .find(|line| {
            line.arguments
                .iter()
                .any(|argument| marks_http_only(argument))
                && line.argument(0) != "MMAUTHTOKEN"
        });
    let set = |levels: &[&[Located]], header: &str| {
        inherited(levels, "proxy_set_header")
            .into_iter()
            .find(|line| line.argument(0).eq_ignore_ascii_case(header))
            .map(|line| line.argument(1).to_owned())
    };
    let upgrades = proxied.iter().any(|location| {
        let version = inherited(&location.levels, "proxy_http_version");
        set(&location.levels, "Upgrade").is_some_and(|value| value.contains("upgrade"))
            && set(&location.levels, "Connection").is_some_and(|value| value != "close")
            && version.last().is_some_and(|line| line.argument(0) == "1.1")
    });
    let host = set(&pages.levels, "Host").unwrap_or_default();
    let limit = inherited(&pages.levels, "client_max_body_size");
    let body_limit = match limit.last().map(|line| size(line.argument(0))) {
        None => BodyLimit::Default(DEFAULT_BODY_LIMIT),
        Some(0) => BodyLimit::None,
        Some(bytes) => BodyLimit::Bytes(bytes),
    };
    let treatment = Treatment {
        program: Program::Nginx,
        name: names.first().cloned().unwrap_or_else(|| "_".to_owned()),
        place: pages.place.clone(),
        upstream: pages.upstream.clone(),
        policy: changes.policy,
        frame_options: changes.frame_options,
        http_only: http_only.map(|line| line.place.clone()),
        upgrades,
        // `$host` is the same without the port, which browsers send where it is not the usual one.
        keeps_host: ["$http_host", "$host", "$host:$server_port"].contains(&host.as_str())
            || names.contains(&host),
        body_limit,
        lost_headers: lost(&pages.levels),
        not_read: not_read(&server.block),
    };
    Some(Block { names, treatment })
}

struct Location<'a> {
    place: String,
    path: String,
    upstream: String,
    levels: Vec<&'a [Located]>,
}

impl Location<'_> {
    /// The smallest is of what serves the pages: a short prefix, then everything that is matched in another way.
    fn rank(&self) -> (bool, usize) {
        (self.path.starts_with(['~', '=']), self.path.len())
    }
}

fn locations<'a>(
    directives: &'a [Located],
    block: &'a Located,
    levels: &[&'a [Located]],
    found: &mut Vec<Location<'a>>,
) {
    for line in named(directives, "proxy_pass") {
        let address = line.argument(0);
        let upstream = address.split_once("://").map_or(address, |(_, rest)| rest);
        let upstream = upstream.split('/').next().unwrap_or_default();
        found.push(Location {
            place: block.place.clone(),
            path: block.arguments.join(" "),
            upstream: upstream.to_owned(),
            levels: levels.to_vec(),
        });
    }
    for inner in directives
        .iter()
        .filter(|inner| matches!(inner.name.as_str(), "location" | "if"))
    {
        let mut levels = levels.to_vec();
        levels.push(&inner.block);
        locations(&inner.block, inner, &levels, found);
    }
}

/// The lines of the innermost level that has any: that is how nginx inherits.
fn inherited<'a>(levels: &[&'a [Located]], name: &str) -> Vec<&'a Located> {
    levels
        .iter()
        .rev()
        .map(|level| named(level, name).collect::<Vec<_>>())
        .find(|lines| !lines.is_empty())
        .unwrap_or_default()
}

fn named<'a>(directives: &'a [Located], name: &str) -> impl Iterator<Item = &'a Located> {
    directives
        .iter()
        .filter(move |directive| directive.name == name)
}

/// Headers of outer levels that an `add_header` further in has ended.
fn lost(levels: &[&[Located]]) -> Vec<String> {
    let own = inherited(levels, "add_header");
    let Some(level) = levels
        .iter()
        .rposition(|level| named(level, "add_header").next().is_some())
    else {
        return Vec::new();
    };
    let outer = levels.get(..level).unwrap_or_default();
    outer
        .iter()
        .flat_map(|level| named(level, "add_header"))
        .filter(|line| {
            !own.iter()
                .any(|own| own.argument(0).eq_ignore_ascii_case(line.argument(0)))
        })
        .map(|line| format!("{};", line.shown()))
        .collect()
}

/// What a header says; a variable is looked up among the maps.
fn added_value(value: &str, replaces: bool, root: &[Located]) -> Action {
    let Some(variable) = value.strip_prefix('$') else {
        return if replaces {
            Action::Set(value.to_owned())
        } else {
            Action::Add(value.to_owned())
        };
    };
    let map = all(root)
        .into_iter()
        .find(|line| line.name == "map" && line.argument(1).strip_prefix('$') == Some(variable));
    let Some(map) = map else {
        return Action::Computed(value.to_owned());
    };
    let edits = map
        .argument(0)
        .eq_ignore_ascii_case("$upstream_http_content_security_policy");
    let entry = map
        .block
        .iter()
        .find(|entry| entry.argument(0).contains("frame-ancestors"));
    match entry {
        Some(entry) if edits && replaces => Action::Edit(without_captures(entry.argument(0))),
        Some(entry) if replaces => Action::Set(entry.argument(0).to_owned()),
        _ => Action::Computed(value.to_owned()),
    }
}

/// `${before}` and `${after}` stand for what Mattermost sends.
fn without_captures(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        text.push(';');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text
}

fn not_read(directives: &[Located]) -> Vec<String> {
    all(directives)
        .into_iter()
        .filter(|line| line.name == "include")
        .map(|line| format!("{} ({})", line.argument(0), line.place))
        .collect()
}

/// A size in bytes: `50m`, `1G`, `1024k`.
fn size(text: &str) -> u64 {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let number: u64 = digits.parse().unwrap_or(0);
    let unit = match text.get(digits.len()..).unwrap_or_default() {
        "k" | "K" => 1024,
        "m" | "M" => 1024 * 1024,
        "g" | "G" => 1024 * 1024 * 1024,
        _ => 1,
    };
    number.saturating_mul(unit)
}
