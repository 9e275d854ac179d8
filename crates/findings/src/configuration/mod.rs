//! Reads an existing proxy's configuration: files in, what it does to a Mattermost out.

mod apache;
mod caddy;
mod haproxy;
mod nginx;
mod source;
mod tree;

use crate::lines::Program;
use crate::proxy::{Action, Change, Treatment};

pub use self::source::{ConfigurationError, MAX_BYTES, Source, name_matches};
use crate::text::plain;

/// A block that leads to a Mattermost, and the names that it answers to.
#[derive(Debug)]
pub struct Block {
    pub names: Vec<String>,
    pub treatment: Treatment,
}

/// Every block that leads to some server behind the proxy.
///
/// # Errors
///
/// It is no configuration of this program, or too long a one.
pub fn read(program: Program, source: &Source<'_>) -> Result<Vec<Block>, ConfigurationError> {
    let mut blocks = match program {
        Program::Nginx => nginx::read(source),
        Program::Apache => apache::read(source),
        Program::Caddy => caddy::read(source),
        Program::Haproxy => haproxy::read(source),
    }?;
    // All of it is shown to people.
    for Block { treatment, .. } in &mut blocks {
        let texts = [&mut treatment.name, &mut treatment.upstream].into_iter();
        let lists = treatment.lost_headers.iter_mut();
        for text in texts.chain(lists).chain(&mut treatment.not_read) {
            *text = plain(text);
        }
    }
    Ok(blocks)
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
