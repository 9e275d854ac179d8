//! What an HAProxy does to a Mattermost.

use super::source::Located;
use super::{Block, Changes, ConfigurationError, Source, marks_http_only, tree};
use crate::lines::Program;
use crate::proxy::{Action, BodyLimit, Treatment};

pub(super) fn read(source: &Source<'_>) -> Result<Vec<Block>, ConfigurationError> {
    let sections = source.parse(tree::haproxy)?;
    let behind = |section: &&Located| {
        matches!(section.name.as_str(), "backend" | "listen")
            && section.block.iter().any(|line| line.name == "server")
    };
    Ok(sections
        .iter()
        .filter(behind)
        .map(|backend| block(backend, &sections))
        .collect())
}

fn block(backend: &Located, sections: &[Located]) -> Block {
    let name = backend.argument(0).to_owned();
    let uses = |section: &&Located| {
        section.name == "frontend"
            && section.block.iter().any(|line| {
                matches!(line.name.as_str(), "use_backend" | "default_backend")
                    && line.argument(0) == name
            })
    };
    let fronts: Vec<&Located> = sections.iter().filter(uses).collect();
    let general = sections.iter().filter(|section| section.name == "defaults");
    // An answer passes the backend's rules first.
    let lines: Vec<&Located> = general
        .chain(std::iter::once(backend))
        .chain(fronts.iter().copied())
        .flat_map(|section| &section.block)
        .collect();
    let mut changes = Changes::default();
    let mut http_only = None;
    let mut keeps_host = true;
    for line in &lines {
        let (verb, header) = (line.argument(0), line.argument(1));
        match line.name.as_str() {
            "http-response" | "http-after-response" => {
                if header.eq_ignore_ascii_case("set-cookie")
                    && line.arguments.iter().any(|word| marks_http_only(word))
                {
                    http_only = Some(line.place.clone());
                }
                let action = match verb {
                    "del-header" => Action::Remove,
                    "set-header" => Action::Set(line.argument(2).to_owned()),
                    "add-header" => Action::Add(line.argument(2).to_owned()),
                    "replace-header" | "replace-value" => {
                        Action::Edit(line.argument(3).replace("\\1", ";").replace("\\2", ";"))
                    }
                    _ => continue,
                };
                changes.add(header, action, line.place.clone());
            }
            "http-request" if verb == "set-header" && header.eq_ignore_ascii_case("host") => {
                keeps_host &= line.argument(2).contains("hdr(host)");
            }
            _ => {}
        }
    }
    let closes = |line: &&&Located| {
        line.name == "option" && matches!(line.argument(0), "httpclose" | "forceclose")
    };
    let server = backend.block.iter().find(|line| line.name == "server");
    let treatment = Treatment {
        program: Program::Haproxy,
        name: name.clone(),
        place: backend.place.clone(),
        upstream: server.map_or_else(String::new, |line| line.argument(1).to_owned()),
        policy: changes.policy,
        frame_options: changes.frame_options,
        http_only,
        upgrades: lines.iter().find(closes).is_none(),
        keeps_host,
        body_limit: BodyLimit::None,
        lost_headers: Vec::new(),
        not_read: Vec::new(),
    };
    // Host names stand in conditions, in too many forms to be taken from there.
    let conditions = fronts
        .iter()
        .flat_map(|front| &front.block)
        .flat_map(|line| line.arguments.clone());
    Block {
        names: std::iter::once(name).chain(conditions).collect(),
        treatment,
    }
}
