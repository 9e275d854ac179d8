//! The lines that a reverse proxy needs in front of a Mattermost that another page embeds.

use super::Mend;
use crate::language::{Language, texts};

/// A reverse proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    Nginx,
    Apache,
    Caddy,
    Haproxy,
}

/// The policy of Mattermost's pages that names who may frame them.
pub fn frame_ancestors(hosts: &[String]) -> String {
    let mut sources = vec!["frame-ancestors 'self'"];
    sources.extend(hosts.iter().map(String::as_str));
    sources.join(" ")
}

impl Program {
    pub const ALL: [Self; 4] = [Self::Nginx, Self::Apache, Self::Caddy, Self::Haproxy];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Apache => "Apache",
            Self::Caddy => "Caddy",
            Self::Haproxy => "HAProxy",
        }
    }

    /// As it names itself in the header `Server`; HAProxy never does.
    pub fn named_by(server: &str) -> Option<Self> {
        let server = server.to_ascii_lowercase();
        [
            ("nginx", Self::Nginx),
            ("openresty", Self::Nginx),
            ("apache", Self::Apache),
            ("caddy", Self::Caddy),
        ]
        .into_iter()
        .find_map(|(name, program)| server.starts_with(name).then_some(program))
    }

    /// The proxy that a header `Server` names; all of them where it names none.
    pub fn behind(server: Option<&str>) -> Vec<Self> {
        server
            .and_then(Self::named_by)
            .map_or_else(|| Self::ALL.to_vec(), |program| vec![program])
    }

    /// Changes `frame-ancestors` and leaves the rest of the policy as Mattermost sends it.
    ///
    /// Only a policy that names it is changed: the plugin's own files must keep none, or WebAssembly could not compile
    /// in them. X-Frame-Options stays too, because browsers that know `frame-ancestors` do not look at it.
    pub fn policy(self, hosts: &[String], say: Language) -> Vec<Mend> {
        let ancestors = frame_ancestors(hosts);
        match self {
            Self::Nginx => vec![
                self.mend(&say.place_nginx_http(), &nginx_policy_map(&ancestors)),
                self.mend(&say.place_nginx_location(), NGINX_POLICY),
            ],
            Self::Apache => vec![self.mend(
                &say.place_apache_headers(),
                &format!(
                    "Header edit Content-Security-Policy \"frame-ancestors[^;]*\" \"{ancestors}\""
                ),
            )],
            Self::Caddy => vec![self.mend(
                &say.place_caddy_proxy(),
                &format!(
                    "header_down Content-Security-Policy \"frame-ancestors[^;]*\" \"{ancestors}\""
                ),
            )],
            Self::Haproxy => vec![self.mend(
                &say.place_haproxy_backend(),
                &format!(
                    "http-response replace-header Content-Security-Policy \
                     \"(.*)frame-ancestors[^;]*(.*)\" \"\\1{ancestors}\\2\""
                ),
            )],
        }
    }

    /// Lets a WebSocket through to `upstream`, a host and a port.
    pub fn upgrade(self, upstream: &str, say: Language) -> Vec<Mend> {
        match self {
            Self::Nginx => vec![
                self.mend(&say.place_nginx_http(), NGINX_UPGRADE_MAP),
                self.mend(&say.place_nginx_location(), NGINX_UPGRADE),
            ],
            Self::Apache => vec![self.mend(
                &say.place_apache_pass(),
                &format!("ProxyPass / http://{upstream}/ upgrade=websocket"),
            )],
            Self::Caddy => {
                vec![self.mend(
                    &say.place_caddy_site(),
                    &format!("reverse_proxy {upstream}"),
                )]
            }
            Self::Haproxy => vec![self.mend(&say.place_haproxy_tunnel(), "timeout tunnel 1h")],
        }
    }

    /// Hands the browser's `Host` on to Mattermost.
    pub fn keep_host(self, say: Language) -> Mend {
        match self {
            Self::Nginx => self.mend(
                &say.place_nginx_location(),
                "proxy_set_header Host $http_host;",
            ),
            Self::Apache => self.mend(&say.place_apache_host(), "ProxyPreserveHost On"),
            Self::Caddy => self.mend(&say.place_caddy_proxy(), "header_up Host {host}"),
            Self::Haproxy => self.mend(
                &say.place_haproxy_backend(),
                &format!("# {}", say.haproxy_host()),
            ),
        }
    }

    /// Lets files of this many megabytes through.
    pub fn body_limit(self, megabytes: u32, say: Language) -> Mend {
        match self {
            Self::Nginx => self.mend(
                &say.place_nginx_server(),
                &format!("client_max_body_size {megabytes}m;"),
            ),
            Self::Apache => self.mend(
                &say.place_apache_host(),
                &format!("LimitRequestBody {}", u64::from(megabytes) * 1024 * 1024),
            ),
            Self::Caddy => self.mend(
                &say.place_caddy_site(),
                &format!("request_body {{\n    max_size {megabytes}MiB\n}}"),
            ),
            Self::Haproxy => self.mend(
                &say.place_haproxy_both(),
                &format!("# {}", say.haproxy_limit()),
            ),
        }
    }

    fn mend(self, place: &str, lines: &str) -> Mend {
        Mend {
            place: format!("{}, {place}", self.name()),
            lines: lines.to_owned(),
        }
    }
}

/// A policy that names no `frame-ancestors` passes as it is.
pub fn nginx_policy_map(ancestors: &str) -> String {
    format!(
        "map $upstream_http_content_security_policy $mattermost_policy {{\n    \
             default $upstream_http_content_security_policy;\n    \
             \"~^(?<before>.*)frame-ancestors[^;]*(?<after>.*)$\" \"${{before}}{ancestors}${{after}}\";\n}}"
    )
}

/// nginx ends the inheritance of headers where one is added.
const NGINX_POLICY: &str = "\
proxy_hide_header Content-Security-Policy;
add_header Content-Security-Policy $mattermost_policy always;
# An add_header here ends the inheritance of those of the levels above, such as
# Strict-Transport-Security: repeat them here.";

pub const NGINX_UPGRADE_MAP: &str = "\
map $http_upgrade $mattermost_connection {
    default upgrade;
    \"\"      \"\";
}";

pub const NGINX_UPGRADE: &str = "\
proxy_http_version 1.1;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $mattermost_connection;";

texts! {
    place_nginx_http(): "in the block \"http\"",
        "im Block \"http\"";
    place_nginx_server(): "in the \"server\" of Mattermost",
        "im \"server\" von Mattermost";
    place_nginx_location(): "in the \"location\" that leads to Mattermost",
        "in der \"location\", die zu Mattermost führt";
    place_apache_host(): "in the \"VirtualHost\" of Mattermost",
        "im \"VirtualHost\" von Mattermost";
    place_apache_headers(): "in the \"VirtualHost\" of Mattermost (a2enmod headers)",
        "im \"VirtualHost\" von Mattermost (a2enmod headers)";
    place_apache_pass(): "in place of the ProxyPass line of Mattermost (2.4.47 and later)",
        "anstelle der ProxyPass-Zeile von Mattermost (ab 2.4.47)";
    place_caddy_site(): "in the site of Mattermost",
        "in der Site von Mattermost";
    place_caddy_proxy(): "in the \"reverse_proxy\" of Mattermost",
        "im \"reverse_proxy\" von Mattermost";
    place_haproxy_backend(): "in the backend of Mattermost",
        "im Backend von Mattermost";
    place_haproxy_both(): "in the frontend and the backend of Mattermost",
        "im Frontend und im Backend von Mattermost";
    place_haproxy_tunnel(): "in the backend of Mattermost, and no \"option httpclose\" anywhere",
        "im Backend von Mattermost, und nirgends \"option httpclose\"";
    haproxy_host(): "remove the line that sets the header Host: HAProxy leaves it as it is",
        "Entfernen Sie die Zeile, die den Header Host setzt: HAProxy lässt ihn, wie er ist";
    haproxy_limit(): "remove the rule that refuses by req.body_size or by the header Content-Length",
        "Entfernen Sie die Regel, die nach req.body_size oder dem Header Content-Length ablehnt";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_known_by_the_name_it_gives_itself() {
        assert_eq!(Program::named_by("nginx/1.22.1"), Some(Program::Nginx));
        assert_eq!(
            Program::named_by("Apache/2.4.62 (Debian)"),
            Some(Program::Apache)
        );
        assert_eq!(Program::named_by("Caddy"), Some(Program::Caddy));
        assert_eq!(Program::named_by("cloudflare"), None);
    }

    #[test]
    fn no_lines_use_what_no_browser_knows_or_drop_a_header() {
        for program in Program::ALL {
            for mend in program.policy(&["https://mail.example.com".to_owned()], Language::English)
            {
                assert!(
                    !mend.lines.to_ascii_lowercase().contains("allow-from"),
                    "{mend:?}"
                );
                assert!(!mend.lines.contains("X-Frame-Options"), "{mend:?}");
            }
        }
    }
}
