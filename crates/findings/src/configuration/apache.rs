//! What an Apache does to a Mattermost.

use super::source::{Located, all};
use super::{Block, Changes, ConfigurationError, Source, marks_http_only, tree};
use crate::lines::Program;
use crate::proxy::{Action, BodyLimit, Treatment};

/// `LimitRequestBody` where nobody sets it, from 2.4.53 on.
const DEFAULT_BODY_LIMIT: u64 = 1024 * 1024 * 1024;

pub(super) fn read(source: &Source<'_>) -> Result<Vec<Block>, ConfigurationError> {
    let root = source.parse(tree::apache)?;
    let hosts: Vec<&Located> = all(&root)
        .into_iter()
        .filter(|block| block.name == "virtualhost")
        .collect();
    if hosts.is_empty() {
        // A file with the lines of one virtual host, to be included.
        let place = root
            .first()
            .map_or_else(String::new, |line| line.place.clone());
        return Ok(virtual_host(&all(&root), place).into_iter().collect());
    }
    let general: Vec<&Located> = root.iter().filter(|line| !line.has_block()).collect();
    Ok(hosts
        .into_iter()
        .filter_map(|host| {
            let lines = general
                .iter()
                .copied()
                .chain(all(&host.block))
                .collect::<Vec<_>>();
            virtual_host(&lines, host.place.clone())
        })
        .collect())
}

fn virtual_host(lines: &[&Located], place: String) -> Option<Block> {
    let named = |name: &'static str| lines.iter().copied().filter(move |line| line.name == name);
    let passes: Vec<&Located> = lines
        .iter()
        .copied()
        .filter(|line| leads_on(line))
        .collect();
    let target = passes
        .iter()
        .flat_map(|line| &line.arguments)
        .find_map(|argument| upstream(argument))?;
    let mut changes = Changes::default();
    let mut http_only = None;
    for line in named("header") {
        let mut words = line.arguments.iter().map(String::as_str).peekable();
        words.next_if(|word| matches!(word.to_ascii_lowercase().as_str(), "always" | "onsuccess"));
        let verb = words.next().unwrap_or_default().to_ascii_lowercase();
        let header = words.next().unwrap_or_default().trim_end_matches(':');
        let value = words.next().unwrap_or_default().to_owned();
        let replacement = words.next().unwrap_or_default().to_owned();
        if header.eq_ignore_ascii_case("set-cookie")
            && (marks_http_only(&value) || marks_http_only(&replacement))
        {
            http_only = Some(line.place.clone());
        }
        let action = match verb.as_str() {
            "unset" => Action::Remove,
            "set" => Action::Set(value),
            "add" | "append" | "merge" => Action::Add(value),
            "edit" | "edit*" if value.starts_with('^') && !value.contains('(') => {
                Action::Set(replacement)
            }
            "edit" | "edit*" => Action::Edit(replacement),
            _ => continue,
        };
        changes.add(header, action, line.place.clone());
    }
    let upgrades = passes
        .iter()
        .flat_map(|line| &line.arguments)
        .any(|argument| {
            let argument = argument.to_ascii_lowercase();
            argument.starts_with("ws://")
                || argument.starts_with("wss://")
                || argument.starts_with("upgrade=")
        });
    let limit = named("limitrequestbody")
        .next_back()
        .map(|line| line.argument(0).parse::<u64>().unwrap_or(0));
    let names: Vec<String> = named("servername")
        .chain(named("serveralias"))
        .flat_map(|line| line.arguments.clone())
        .collect();
    let treatment = Treatment {
        program: Program::Apache,
        name: names.first().cloned().unwrap_or_else(|| "*".to_owned()),
        place,
        upstream: target,
        policy: changes.policy,
        frame_options: changes.frame_options,
        http_only,
        upgrades,
        keeps_host: named("proxypreservehost")
            .next_back()
            .is_some_and(|line| line.argument(0).eq_ignore_ascii_case("on")),
        body_limit: match limit {
            None => BodyLimit::Default(DEFAULT_BODY_LIMIT),
            Some(0) => BodyLimit::None,
            Some(bytes) => BodyLimit::Bytes(bytes),
        },
        lost_headers: Vec::new(),
        not_read: lines
            .iter()
            .filter(|line| matches!(line.name.as_str(), "include" | "includeoptional" | "use"))
            .map(|line| format!("{} ({})", line.arguments.join(" "), line.place))
            .collect(),
    };
    Some(Block { names, treatment })
}

fn leads_on(line: &Located) -> bool {
    match line.name.as_str() {
        "proxypass" | "proxypassmatch" => line.arguments.iter().all(|argument| argument != "!"),
        "rewriterule" => line
            .arguments
            .iter()
            .any(|argument| argument.contains("://")),
        _ => false,
    }
}

/// Host and port of an address that requests are handed to.
fn upstream(argument: &str) -> Option<String> {
    let (scheme, rest) = argument.split_once("://")?;
    matches!(
        scheme.to_ascii_lowercase().as_str(),
        "http" | "https" | "ws" | "wss"
    )
    .then(|| rest.split('/').next().unwrap_or_default().to_owned())
}
