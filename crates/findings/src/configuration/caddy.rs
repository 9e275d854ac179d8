//! What a Caddy does to a Mattermost.

use super::source::{Located, all};
use super::{Block, Changes, ConfigurationError, Source, marks_http_only, tree};
use crate::lines::Program;
use crate::proxy::{Action, BodyLimit, Treatment};

pub(super) fn read(source: &Source<'_>) -> Result<Vec<Block>, ConfigurationError> {
    let root = source.parse(tree::caddy)?;
    // The block without a name holds what concerns all sites; one in brackets is a snippet.
    let sites = root
        .iter()
        .filter(|site| site.has_block() && !site.name.is_empty() && !site.name.starts_with('('));
    Ok(sites.filter_map(site).collect())
}

fn site(site: &Located) -> Option<Block> {
    let lines = all(&site.block);
    let proxies: Vec<&&Located> = lines
        .iter()
        .filter(|line| line.name == "reverse_proxy")
        .collect();
    let proxy = proxies.first()?;
    let upstream = proxy
        .arguments
        .iter()
        .find(|argument| !argument.starts_with(['@', '/', '*']));
    let mut changes = Changes::default();
    let mut http_only = None;
    let mut keeps_host = true;
    let mut upgrades = true;
    for line in &lines {
        let words: Vec<&str> = match line.name.as_str() {
            "header_down" => line.arguments.iter().map(String::as_str).collect(),
            "header" if !line.has_block() => without_matcher(&line.arguments),
            "header_up" => {
                let header = line
                    .argument(0)
                    .trim_start_matches(['-', '+'])
                    .to_ascii_lowercase();
                let kept = [
                    "{host}",
                    "{hostport}",
                    "{http.request.host}",
                    "{http.request.hostport}",
                    "{>Host}",
                ];
                keeps_host &= header != "host" || kept.contains(&line.argument(1));
                upgrades &= !(line.argument(0).starts_with('-')
                    && matches!(header.as_str(), "upgrade" | "connection"));
                continue;
            }
            _ => continue,
        };
        change(&words, &line.place, &mut changes, &mut http_only);
    }
    for line in lines
        .iter()
        .filter(|line| line.name == "header")
        .flat_map(|header| &header.block)
    {
        // In a block each line begins with the header's name.
        let words: Vec<&str> = std::iter::once(line.name.as_str())
            .chain(line.arguments.iter().map(String::as_str))
            .collect();
        change(&words, &line.place, &mut changes, &mut http_only);
    }
    let limit = lines
        .iter()
        .find(|line| line.name == "max_size")
        .map(|line| size(line.argument(0)));
    let names = std::iter::once(&site.name)
        .chain(&site.arguments)
        .map(|name| host_of(name).to_owned())
        .filter(|name| !name.is_empty())
        .collect::<Vec<_>>();
    let treatment = Treatment {
        program: Program::Caddy,
        name: names.first().cloned().unwrap_or_default(),
        place: site.place.clone(),
        upstream: upstream.map_or_else(String::new, |address| host_and_port(address).to_owned()),
        policy: changes.policy,
        frame_options: changes.frame_options,
        http_only,
        upgrades,
        keeps_host,
        body_limit: limit.map_or(BodyLimit::None, BodyLimit::Bytes),
        lost_headers: Vec::new(),
        not_read: lines
            .iter()
            .filter(|line| line.name == "import")
            .map(|line| format!("{} ({})", line.arguments.join(" "), line.place))
            .collect(),
    };
    Some(Block { names, treatment })
}

/// `-Name` removes, `+Name value` adds, `Name find replace` edits, `Name value` sets.
fn change(words: &[&str], place: &str, changes: &mut Changes, http_only: &mut Option<String>) {
    let (Some(first), second, third) = (words.first(), words.get(1), words.get(2)) else {
        return;
    };
    let name = first.trim_start_matches(['-', '+', '>', '?']);
    let value = second.copied().unwrap_or_default().to_owned();
    if name.eq_ignore_ascii_case("set-cookie") && words.iter().any(|word| marks_http_only(word)) {
        *http_only = Some(place.to_owned());
    }
    let action = match (first.chars().next(), third) {
        (Some('-'), _) => Action::Remove,
        (Some('+'), _) => Action::Add(value),
        (_, Some(replacement)) => Action::Edit((*replacement).to_owned()),
        _ => Action::Set(value),
    };
    changes.add(name, action, place.to_owned());
}

fn without_matcher(arguments: &[String]) -> Vec<&str> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.split_first() {
        Some((first, rest)) if first.starts_with(['@', '/', '*']) => rest.to_vec(),
        _ => words,
    }
}

fn host_and_port(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest)
}

fn host_of(address: &str) -> &str {
    let rest = host_and_port(address.trim_end_matches(','));
    let rest = rest.split('/').next().unwrap_or_default();
    match rest.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => rest,
    }
}

/// A size in bytes: `50MB` and `50MiB` alike, since a few percent decide nothing here.
fn size(text: &str) -> u64 {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let number: u64 = digits.parse().unwrap_or(0);
    let unit = match text
        .get(digits.len()..)
        .unwrap_or_default()
        .to_ascii_lowercase()
        .chars()
        .next()
    {
        Some('k') => 1 << 10,
        Some('m') => 1 << 20,
        Some('g') => 1 << 30,
        _ => 1,
    };
    number.saturating_mul(unit)
}
