//! The example virtual hosts: what embedding needs is prepared in them, and commented out.

use anyhow::{Result, bail};

/// Comments out, in a proxy's whole configuration, the lines that only embedding needs. `lines` are these lines in blocks,
/// each below a comment that says where it belongs, as `notifymatters proxy --lines` prints them.
///
/// # Errors
///
/// The configuration does not hold one of the blocks.
pub(super) fn prepare(configuration: &str, lines: &str) -> Result<String> {
    let mut prepared: Vec<String> = configuration.lines().map(str::to_owned).collect();
    for block in blocks(lines) {
        let found = prepared.windows(block.len()).position(|window| {
            let pairs = window.iter().zip(&block);
            pairs.into_iter().all(|(own, line)| own.trim() == *line)
        });
        let Some(at) = found else {
            bail!("the configuration does not hold these lines: {block:?}");
        };
        for line in &mut prepared[at..at + block.len()] {
            line.insert(line.len() - line.trim_start().len(), '#');
        }
    }
    prepared.push(String::new());
    Ok(prepared.join("\n"))
}

/// The blocks without their comments and indentation.
fn blocks(lines: &str) -> Vec<Vec<&str>> {
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    for line in lines.lines().map(str::trim) {
        match blocks.last_mut() {
            _ if line.starts_with("# ") => blocks.push(Vec::new()),
            Some(block) => block.push(line),
            None => blocks.push(vec![line]),
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIGURATION: &str = "\
# Mattermost.
map $policy $mattermost_policy {
    default $policy;
}

server {
    location / {
        # Repeat them here.
        proxy_hide_header Content-Security-Policy;
        add_header Content-Security-Policy $mattermost_policy always;
    }
}
";

    const LINES: &str = "\
# in the block \"http\"
map $policy $mattermost_policy {
    default $policy;
}
# in the \"location\"
proxy_hide_header Content-Security-Policy;
add_header Content-Security-Policy $mattermost_policy always;
";

    #[test]
    fn only_the_lines_of_embedding_are_commented_out_where_they_stand() {
        let prepared = prepare(CONFIGURATION, LINES).unwrap();
        let commented: Vec<_> = prepared
            .lines()
            .filter(|line| line.trim().starts_with('#') && !line.contains("# "))
            .collect();
        assert_eq!(
            commented,
            [
                "#map $policy $mattermost_policy {",
                "    #default $policy;",
                "#}",
                "        #proxy_hide_header Content-Security-Policy;",
                "        #add_header Content-Security-Policy $mattermost_policy always;",
            ]
        );
        let back = prepared
            .replace("#map", "map")
            .replace("    #default", "    default")
            .replacen("#}", "}", 1)
            .replace("#proxy_hide", "proxy_hide")
            .replace("#add", "add");
        assert_eq!(back, CONFIGURATION);
    }

    #[test]
    fn lines_that_stand_nowhere_are_an_error() {
        assert!(prepare("server {\n}\n", LINES).is_err());
    }
}
