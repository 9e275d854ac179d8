//! Reads an existing proxy's configuration.

mod apache;
mod caddy;
mod haproxy;
mod nginx;
mod source;
mod tree;

use notifymatters_findings::lines::Program;
use notifymatters_findings::proxy::{Action, Change, Treatment};

pub(super) use self::source::{Source, SourceError};

/// A block that leads to a Mattermost, and the names that it answers to.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) names: Vec<String>,
    pub(super) treatment: Treatment,
}

/// Every block that leads to some server behind the proxy.
///
/// # Errors
///
/// A file cannot be read, or is no configuration of this program.
pub(super) fn read(program: Program, source: &Source) -> Result<Vec<Block>, SourceError> {
    match program {
        Program::Nginx => nginx::read(source),
        Program::Apache => apache::read(source),
        Program::Caddy => caddy::read(source),
        Program::Haproxy => haproxy::read(source),
    }
}

/// The two headers that say who may frame a page.
#[derive(Debug, Default)]
struct Changes {
    policy: Vec<Change>,
    frame_options: Vec<Change>,
}

impl Changes {
    fn add(&mut self, header: &str, action: Action, place: String) {
        let list = match header.to_ascii_lowercase().as_str() {
            "content-security-policy" => &mut self.policy,
            "x-frame-options" => &mut self.frame_options,
            _ => return,
        };
        list.push(Change { action, place });
    }
}

/// Whether what is written into cookies marks them HttpOnly.
fn marks_http_only(text: &str) -> bool {
    text.to_ascii_lowercase().contains("httponly")
}
