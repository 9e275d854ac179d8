//! A whole virtual host for Mattermost, for each proxy.

use notifymatters_findings::address::Address;
use notifymatters_findings::language::Language;
use notifymatters_findings::lines::{
    NGINX_UPGRADE, NGINX_UPGRADE_MAP, Program, frame_ancestors, nginx_policy_map,
};

/// What a virtual host is made from.
#[derive(Debug)]
pub(super) struct VirtualHost<'a> {
    pub(super) chat: &'a Address,
    /// Canonical origins of the pages that embed.
    pub(super) hosts: &'a [String],
    /// Host and port at which Mattermost itself listens.
    pub(super) upstream: &'a str,
    /// The address to listen at; all of the machine's without it.
    pub(super) listen: Option<&'a str>,
    /// The certificate's file, with the key in it for HAProxy.
    pub(super) certificate: Option<&'a str>,
    pub(super) certificate_key: Option<&'a str>,
    /// The largest file that people may upload, in megabytes.
    pub(super) upload_megabytes: u32,
    /// Why the proxy has nothing to change in the policy; `None` where it has.
    pub(super) left_alone: Option<&'a str>,
}

impl VirtualHost<'_> {
    pub(super) fn write(&self, program: Program) -> String {
        let body = match program {
            Program::Nginx => self.nginx(),
            Program::Apache => self.apache(),
            Program::Caddy => self.caddy(),
            Program::Haproxy => self.haproxy(),
        };
        let head = format!(
            "# Mattermost at {}, embedded by {}.\n",
            self.chat,
            self.hosts.join(", ")
        );
        let note = self.left_alone.map(comment).unwrap_or_default();
        format!("{head}{note}{body}")
    }

    fn nginx(&self) -> String {
        let name = self.chat.host();
        let ancestors = frame_ancestors(self.hosts);
        let port = self.chat.port();
        let tls = self.chat.is_https();
        let listen = |port: u16, more: &str| match self.listen {
            Some(address) => format!("    listen {address}:{port}{more};\n"),
            None => format!("    listen {port}{more};\n    listen [::]:{port}{more};\n"),
        };
        let mut text = String::from(
            "# Belongs into the block \"http\", for example as a file in /etc/nginx/conf.d.\n\n",
        );
        text.push_str(NGINX_UPGRADE_MAP);
        text.push_str("\n\n");
        if self.left_alone.is_none() {
            text.push_str(&nginx_policy_map(&ancestors));
            text.push_str("\n\n");
        }
        if tls && self.chat.unusual_port().is_none() {
            text.push_str(&format!(
                "server {{\n{}    server_name {name};\n    return 301 https://{name}$request_uri;\n}}\n\n",
                listen(80, "")
            ));
        }
        text.push_str("server {\n");
        if tls {
            text.push_str(
                "    # From nginx 1.25.1 on, \"http2\" is a line of its own: http2 on;\n",
            );
        }
        text.push_str(&listen(port, if tls { " ssl http2" } else { "" }));
        text.push_str(&format!("    server_name {name};\n\n"));
        if tls {
            let (certificate, key) = self.certificate_pair();
            text.push_str(&format!(
                "    ssl_certificate     {certificate};\n    ssl_certificate_key {key};\n\n"
            ));
        }
        text.push_str(&format!(
            "    # {} and the form around it.\n    \
             # nginx' own limit is 1 MB, less than the plugin's bundle.\n    \
                 client_max_body_size {}m;\n\n",
            self.limit_source(),
            self.body_megabytes()
        ));
        let subpath = self.chat.subpath();
        let paths = match subpath {
            "" => vec!["/".to_owned()],
            subpath => vec![format!("= {subpath}"), format!("{subpath}/")],
        };
        for path in paths {
            text.push_str(&format!(
                "    location {path} {{\n        proxy_pass http://{};\n",
                self.upstream
            ));
            text.push_str(&indented(NGINX_UPGRADE, 8));
            text.push_str(
                "        # Older versions of Mattermost compare the origin of a WebSocket with this.\n        \
                     proxy_set_header Host $http_host;\n        \
                     proxy_set_header X-Real-IP $remote_addr;\n        \
                     proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n        \
                     proxy_set_header X-Forwarded-Proto $scheme;\n\n        \
                     # Mattermost sends a ping every 60 seconds, which is also nginx' own limit.\n        \
                     proxy_read_timeout 600s;\n        \
                     # Uploads go through as they come; an answer's headers may be longer than 4 kB.\n        \
                     proxy_request_buffering off;\n        \
                     proxy_buffer_size 16k;\n        \
                     proxy_buffers 16 16k;\n",
            );
            if self.left_alone.is_none() {
                text.push_str(
                    "\n        \
                         # An add_header here ends the inheritance of those of the levels above, such as\n        \
                         # Strict-Transport-Security: repeat them here.\n        \
                         proxy_hide_header Content-Security-Policy;\n        \
                         add_header Content-Security-Policy $mattermost_policy always;\n",
                );
            }
            text.push_str("    }\n");
        }
        text.push_str("}\n");
        text
    }

    fn apache(&self) -> String {
        let name = self.chat.host();
        let tls = self.chat.is_https();
        let port = self.chat.port();
        let address = self.listen.unwrap_or("*");
        let mut text = format!(
            "# Needs 2.4.47 or later, and: a2enmod headers proxy proxy_http{}\n\n",
            if tls { " ssl http2" } else { "" }
        );
        if self.chat.unusual_port().is_some() {
            let at = self
                .listen
                .map(|address| format!("{address}:"))
                .unwrap_or_default();
            text.push_str(&format!("Listen {at}{port}\n\n"));
        } else if tls {
            text.push_str(&format!(
                "<VirtualHost {address}:80>\n    ServerName {name}\n    Redirect permanent / https://{name}/\n</VirtualHost>\n\n"
            ));
        }
        text.push_str(&format!(
            "<VirtualHost {address}:{port}>\n    ServerName {name}\n\n"
        ));
        if tls {
            let (certificate, key) = self.certificate_pair();
            text.push_str(&format!(
                "    SSLEngine on\n    SSLCertificateFile {certificate}\n    SSLCertificateKeyFile {key}\n    \
                     Protocols h2 http/1.1\n\n"
            ));
        }
        text.push_str(&format!(
            "    # {} and the form around it.\n    LimitRequestBody {}\n\n    \
                 # Older versions of Mattermost compare the origin of a WebSocket with the header Host.\n    \
                 ProxyPreserveHost On\n    \
                 RequestHeader set X-Forwarded-Proto \"{}\"\n    \
                 # Mattermost sends a ping every 60 seconds, which is also Apache's own limit.\n    \
                 ProxyTimeout 600\n    \
                 ProxyPass {subpath}/ http://{upstream}{subpath}/ upgrade=websocket\n    \
                 ProxyPassReverse {subpath}/ http://{upstream}{subpath}/\n",
            self.limit_source(),
            u64::from(self.body_megabytes()) * 1024 * 1024,
            if tls { "https" } else { "http" },
            subpath = self.chat.subpath(),
            upstream = self.upstream,
        ));
        if !self.chat.subpath().is_empty() {
            text.push_str(&format!(
                "    RedirectMatch permanent ^{}$ {}/\n",
                self.chat.subpath(),
                self.chat
            ));
        }
        if self.left_alone.is_none() {
            let edit: String = Program::Apache
                .policy(self.hosts, Language::English)
                .into_iter()
                .map(|mend| mend.lines)
                .collect();
            if self.chat.subpath().is_empty() {
                text.push_str(&format!("\n    {edit}\n"));
            } else {
                text.push_str(&format!(
                    "\n    <Location {}/>\n        {edit}\n    </Location>\n",
                    self.chat.subpath()
                ));
            }
        }
        text.push_str("</VirtualHost>\n");
        text
    }

    fn caddy(&self) -> String {
        let subpath = self.chat.subpath();
        let mut text = format!(
            "# Caddy keeps Host, WebSockets and uploads of any size as they are.\n\n{} {{\n",
            self.chat.origin()
        );
        if let Some(address) = self.listen {
            text.push_str(&format!("    bind {address}\n"));
        }
        match (self.certificate, self.certificate_key) {
            (Some(certificate), Some(key)) if self.chat.is_https() => {
                text.push_str(&format!("    tls {certificate} {key}\n"));
            }
            _ if self.chat.is_https() => {
                text.push_str(
                    "    # Caddy fetches a certificate by itself. For one of your own:\n",
                );
                text.push_str("    # tls /path/to/certificate.pem /path/to/key.pem\n");
            }
            _ => {}
        }
        let matcher = if subpath.is_empty() {
            String::new()
        } else {
            text.push_str(&format!("    @mattermost path {subpath} {subpath}/*\n"));
            "@mattermost ".to_owned()
        };
        text.push_str(&format!(
            "    reverse_proxy {matcher}{} {{\n",
            self.upstream
        ));
        text.push_str("        header_up X-Real-IP {remote_host}\n");
        if self.left_alone.is_none() {
            for mend in Program::Caddy.policy(self.hosts, Language::English) {
                text.push_str(&indented(&mend.lines, 8));
            }
        }
        text.push_str("    }\n}\n");
        text
    }

    fn haproxy(&self) -> String {
        let name = self.chat.host();
        let subpath = self.chat.subpath();
        let address = self.listen.unwrap_or_default();
        let port = self.chat.port();
        let tls = self.chat.is_https();
        let mut text = String::from(
            "# HAProxy keeps Host, WebSockets and uploads of any size as they are.\n\n",
        );
        text.push_str(
            "frontend web\n    mode http\n    timeout client 600s\n    option forwardfor\n",
        );
        if tls {
            let (certificate, _) = self.certificate_pair();
            text.push_str(&format!(
                "    # One file with the certificate, its chain and its key.\n    \
                     bind {address}:{port} ssl crt {certificate} alpn h2,http/1.1\n"
            ));
            if self.chat.unusual_port().is_none() {
                text.push_str(&format!("    bind {address}:80\n    http-request redirect scheme https code 301 unless {{ ssl_fc }}\n"));
            }
        } else {
            text.push_str(&format!("    bind {address}:{port}\n"));
        }
        text.push_str(&format!(
            "    http-request set-header X-Forwarded-Proto {}\n    acl mattermost hdr(host),field(1,:) -i {name}\n",
            if tls { "https" } else { "http" }
        ));
        let mut condition = "mattermost".to_owned();
        if !subpath.is_empty() {
            text.push_str(&format!("    acl mattermost_path path {subpath}\n    acl mattermost_path path_beg {subpath}/\n"));
            condition.push_str(" mattermost_path");
        }
        text.push_str(&format!(
            "    use_backend mattermost if {condition}\n\nbackend mattermost\n    mode http\n    \
                 timeout connect 5s\n    timeout server 600s\n    \
                 # Mattermost sends a ping every 60 seconds.\n    timeout tunnel 1h\n"
        ));
        if self.left_alone.is_none() {
            for mend in Program::Haproxy.policy(self.hosts, Language::English) {
                text.push_str(&indented(&mend.lines, 4));
            }
        }
        text.push_str(&format!("    server mattermost {}\n", self.upstream));
        text
    }

    fn certificate_pair(&self) -> (String, String) {
        let name = self.chat.host();
        let file = |given: Option<&str>, kind: &str| {
            given.map_or_else(
                || format!("/etc/ssl/private/{name}{kind}.pem"),
                str::to_owned,
            )
        };
        (
            file(self.certificate, ""),
            file(self.certificate_key, ".key"),
        )
    }

    /// A form is a little larger than the file in it.
    fn body_megabytes(&self) -> u32 {
        self.upload_megabytes.saturating_add(1)
    }

    fn limit_source(&self) -> String {
        format!(
            "Mattermost's FileSettings.MaxFileSize ({} MB)",
            self.upload_megabytes
        )
    }
}

fn indented(lines: &str, columns: usize) -> String {
    lines
        .lines()
        .map(|line| format!("{:columns$}{line}\n", ""))
        .collect()
}

fn comment(text: &str) -> String {
    text.lines().map(|line| format!("# {line}\n")).collect()
}
