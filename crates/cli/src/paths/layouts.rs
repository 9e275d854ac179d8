//! Where each kind of Mattermost keeps its parts.

/// One kind. Of several candidates the first that exists counts.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) kind: &'static str,
    /// To be read after "the layout of".
    pub(super) name: &'static str,
    /// Any of these says that it is there.
    pub(super) marks: &'static [&'static str],
    pub(super) services: &'static [&'static str],
    /// The service alone says that it is there, wherever its program lies.
    pub(super) by_service: bool,
    /// What supervises it where systemd does not.
    pub(super) supervisor: Option<&'static str>,
    pub(super) programs: &'static [&'static str],
    pub(super) tools: &'static [&'static str],
    pub(super) folder: Option<&'static str>,
    pub(super) configurations: &'static [&'static str],
    pub(super) logs: &'static [&'static str],
    pub(super) data: &'static [&'static str],
    pub(super) plugins: &'static [&'static str],
    pub(super) sockets: &'static [&'static str],
    pub(super) user: Option<&'static str>,
}

/// `ServiceSettings.LocalModeSocketLocation` as Mattermost is delivered.
const SOCKET: &str = "/var/tmp/mattermost_local.socket";

/// From the special to the general: a package's `mattermost.service` is also the tarball's.
pub(super) const LAYOUTS: [Layout; 5] = [
    Layout {
        kind: "grommunio-chat",
        name: "grommunio-chat",
        marks: &["/etc/grommunio-chat/config.json"],
        services: &["grommunio-chat.service"],
        by_service: true,
        supervisor: None,
        programs: &[
            "/usr/share/grommunio-chat/bin/grommunio-chat",
            "/usr/bin/grommunio-chat",
        ],
        tools: &[
            "/usr/bin/grommunio-chat-ctl",
            "/usr/sbin/grommunio-chat-ctl",
            "/usr/share/grommunio-chat/bin/mmctl",
        ],
        folder: Some("/usr/share/grommunio-chat"),
        configurations: &["/etc/grommunio-chat/config.json"],
        logs: &["/var/log/grommunio-chat"],
        data: &["/var/lib/grommunio-chat/data", "/var/lib/grommunio-chat"],
        plugins: &["/var/lib/grommunio-chat/plugins"],
        sockets: &["/var/tmp/grommunio-chat_local.socket"],
        user: None,
    },
    Layout {
        kind: "omnibus-gitlab",
        name: "Omnibus GitLab",
        marks: &[
            "/var/opt/gitlab/mattermost/config.json",
            "/opt/gitlab/embedded/bin/mattermost",
        ],
        services: &[],
        by_service: false,
        supervisor: Some("gitlab-ctl (mattermost)"),
        programs: &["/opt/gitlab/embedded/bin/mattermost"],
        tools: &["/opt/gitlab/embedded/bin/mmctl"],
        folder: Some("/opt/gitlab/embedded/service/mattermost"),
        configurations: &["/var/opt/gitlab/mattermost/config.json"],
        logs: &["/var/log/gitlab/mattermost"],
        data: &["/var/opt/gitlab/mattermost/data"],
        plugins: &["/var/opt/gitlab/mattermost/plugins"],
        sockets: &[SOCKET],
        user: Some("mattermost"),
    },
    Layout {
        kind: "container",
        name: "Mattermost's container",
        marks: &["/mattermost/bin/mattermost"],
        services: &[],
        by_service: false,
        supervisor: Some("the container"),
        programs: &["/mattermost/bin/mattermost"],
        tools: &["/mattermost/bin/mmctl"],
        folder: Some("/mattermost"),
        configurations: &["/mattermost/config/config.json"],
        logs: &["/mattermost/logs"],
        data: &["/mattermost/data"],
        plugins: &["/mattermost/plugins"],
        sockets: &[SOCKET],
        user: Some("mattermost"),
    },
    Layout {
        kind: "kopano",
        name: "Kopano's packages",
        marks: &["/etc/mattermost/config.json"],
        services: &["mattermost.service", "mattermost-server.service"],
        by_service: false,
        supervisor: None,
        programs: &[
            "/usr/lib/mattermost/bin/mattermost",
            "/usr/share/mattermost/bin/mattermost",
            "/usr/bin/mattermost",
        ],
        tools: &[
            "/usr/lib/mattermost/bin/mmctl",
            "/usr/share/mattermost/bin/mmctl",
            "/usr/bin/mmctl",
        ],
        folder: None,
        configurations: &["/etc/mattermost/config.json"],
        logs: &["/var/log/mattermost"],
        data: &["/var/lib/mattermost/data", "/var/lib/mattermost"],
        plugins: &["/var/lib/mattermost/plugins"],
        sockets: &[SOCKET],
        user: None,
    },
    Layout {
        kind: "tarball",
        name: "Mattermost's tarball",
        marks: &["/opt/mattermost/bin/mattermost"],
        services: &["mattermost.service"],
        by_service: true,
        supervisor: None,
        programs: &["/opt/mattermost/bin/mattermost"],
        tools: &["/opt/mattermost/bin/mmctl"],
        folder: None,
        configurations: &[],
        logs: &["/opt/mattermost/logs"],
        data: &["/opt/mattermost/data"],
        plugins: &["/opt/mattermost/plugins"],
        sockets: &[SOCKET],
        user: None,
    },
];
