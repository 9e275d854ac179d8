//! `notifymatters proxy --check` on configurations as they stand in the field.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Checks a configuration; the ids that came out, each with its status.
#[track_caller]
fn checked(program: &str, configuration: &str, more: &[&str]) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.conf");
    fs::write(&file, configuration).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_notifymatters"))
        .args(["proxy", program, "--format", "json"])
        .args(more)
        .arg("--check")
        .arg(&file)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}"));
    let expected = match report["verdict"].as_str().unwrap() {
        "fail" => 1,
        "skip" => 3,
        _ => 0,
    };
    assert_eq!(output.status.code(), Some(expected));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| (text(&finding["id"]), text(&finding["status"])))
        .collect()
}

#[track_caller]
fn has(found: &[(String, String)], id: &str, status: &str) {
    assert!(
        found.iter().any(|(own, how)| own == id && how == status),
        "{id} is not {status}: {found:?}"
    );
}

#[track_caller]
fn nothing_but(found: &[(String, String)], status: &str) {
    assert!(found.iter().all(|(_, how)| how == status), "{found:?}");
}

const HOST: [&str; 4] = [
    "--host",
    "https://mail.example.com",
    "--mattermost-version",
    "9.11",
];

/// As the manual of 2018 has it.
const MANUAL_NGINX: &str = "
upstream mattermost { server 127.0.0.1:8065; }
server {
    listen 443 ssl;
    server_name chat.example.com;
    add_header Strict-Transport-Security max-age=63072000;
    location / {
        client_max_body_size 50M;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection \"upgrade\";
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_hide_header Content-Security-Policy;
        proxy_hide_header X-Frame-Options;
        add_header X-Frame-Options \"ALLOW-FROM https://mail.example.com\";
        add_header Content-Security-Policy \"frame-ancestors 'self' https://mail.example.com\";
        proxy_pass http://mattermost;
    }
}";

#[test]
fn the_manuals_nginx_lines_throw_the_policy_away_and_use_what_no_browser_knows() {
    let found = checked("nginx", MANUAL_NGINX, &HOST);
    has(&found, "policy-kept", "fail");
    has(&found, "allow-from", "warn");
    has(&found, "header-inheritance", "warn");
    has(&found, "frame-ancestors", "pass");
    has(&found, "websocket-upgrade", "pass");
    has(&found, "host-header", "pass");
    has(&found, "body-limit", "warn");
}

#[test]
fn the_manuals_apache_lines_do_the_same() {
    let found = checked(
        "apache",
        "<VirtualHost *:443>
            ServerName chat.example.com
            ProxyPreserveHost On
            RewriteEngine On
            RewriteCond %{HTTP:UPGRADE} ^WebSocket$ [NC]
            RewriteRule .* ws://127.0.0.1:8065%{REQUEST_URI} [P]
            Header always unset X-Frame-Options
            Header set X-Frame-Options \"ALLOW-FROM https://mail.example.com\"
            Header set Content-Security-Policy \"frame-ancestors 'self' https://mail.example.com\"
            <Location />
                ProxyPass http://127.0.0.1:8065/
            </Location>
        </VirtualHost>",
        &HOST,
    );
    has(&found, "policy-kept", "fail");
    has(&found, "allow-from", "warn");
    has(&found, "websocket-upgrade", "pass");
    has(&found, "host-header", "pass");
    has(&found, "body-limit", "pass");
}

/// WebTop's manual lets every site in.
#[test]
fn headers_that_are_only_removed_let_any_site_frame_mattermost() {
    let nginx =
        "server { server_name chat.example.com; location / { proxy_pass http://127.0.0.1:8065;
        proxy_hide_header X-Frame-Options; proxy_hide_header Content-Security-Policy; } }";
    has(&checked("nginx", nginx, &HOST), "framing-open", "fail");
    let apache = "ProxyPass / http://127.0.0.1:8065/\nHeader unset X-Frame-Options\nHeader unset Content-Security-Policy\n";
    has(&checked("apache", apache, &HOST), "framing-open", "fail");
    let caddy = "chat.example.com {\n reverse_proxy 127.0.0.1:8065 {\n header_down -X-Frame-Options\n header_down -Content-Security-Policy\n }\n}\n";
    has(&checked("caddy", caddy, &HOST), "framing-open", "fail");
    let haproxy = "backend mattermost\n http-response del-header X-Frame-Options\n http-response del-header Content-Security-Policy\n server a 127.0.0.1:8065\n";
    has(&checked("haproxy", haproxy, &HOST), "framing-open", "fail");
}

#[test]
fn a_bare_nginx_keeps_websockets_the_host_name_and_the_bundle_out() {
    let found = checked(
        "nginx",
        "server { location / { proxy_pass http://127.0.0.1:8065; } }",
        &HOST,
    );
    for id in [
        "frame-ancestors",
        "websocket-upgrade",
        "host-header",
        "body-limit",
    ] {
        has(&found, id, "fail");
    }
    has(&found, "cookies-readable", "pass");
}

#[test]
fn the_websocket_may_pass_through_a_location_of_its_own() {
    let found = checked(
        "nginx",
        "server { client_max_body_size 200m; proxy_set_header Host $http_host;
            location ~ /api/v[0-9]+/(users/)?websocket$ { proxy_http_version 1.1; proxy_set_header Host $host;
                proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_pass http://127.0.0.1:8065; }
            location / { proxy_pass http://127.0.0.1:8065; } }",
        &["--mattermost-version", "11.0"],
    );
    nothing_but(&found, "pass");
}

#[test]
fn a_second_policy_beside_mattermosts_own_allows_nothing() {
    let nginx = "server { location / { proxy_pass http://127.0.0.1:8065;
        add_header Content-Security-Policy \"script-src 'self'; frame-ancestors https://mail.example.com\"; } }";
    has(&checked("nginx", nginx, &HOST), "policy-kept", "fail");
    let apache = "ProxyPass / http://127.0.0.1:8065/\nHeader add Content-Security-Policy \"script-src 'self'; frame-ancestors https://mail.example.com\"\n";
    has(&checked("apache", apache, &HOST), "policy-kept", "fail");
}

#[test]
fn cookies_that_scripts_must_read_are_not_to_be_hidden_from_them() {
    let nginx = "server { location / { proxy_pass http://127.0.0.1:8065; proxy_cookie_flags ~ secure httponly; } }";
    has(&checked("nginx", nginx, &HOST), "cookies-readable", "fail");
    let apache =
        "ProxyPass / http://127.0.0.1:8065/\nHeader edit Set-Cookie ^(.*)$ $1;HttpOnly;Secure\n";
    has(
        &checked("apache", apache, &HOST),
        "cookies-readable",
        "fail",
    );
    let haproxy = "backend mattermost\n http-response replace-header Set-Cookie (.*) \\1;\\ HttpOnly\n server a 127.0.0.1:8065\n";
    has(
        &checked("haproxy", haproxy, &HOST),
        "cookies-readable",
        "fail",
    );
}

#[test]
fn a_page_that_the_policy_does_not_name_is_said() {
    let caddy = "chat.example.com {\n reverse_proxy 127.0.0.1:8065 {\n header_down Content-Security-Policy \"frame-ancestors[^;]*\" \"frame-ancestors 'self' https://other.example.com\"\n }\n}\n";
    has(&checked("caddy", caddy, &HOST), "frame-ancestors", "fail");
}

#[test]
fn a_file_that_is_included_and_not_there_is_no_clean_bill() {
    let nginx = "server { include /nowhere/proxy.conf; client_max_body_size 200m; location / {
        proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection upgrade; proxy_pass http://127.0.0.1:8065; } }";
    let found = checked("nginx", nginx, &["--mattermost-version", "11.0"]);
    has(&found, "includes", "skip");
}

#[test]
fn included_files_are_read_in_their_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("snippets")).unwrap();
    fs::write(
        folder.path().join("snippets/limit.conf"),
        "client_max_body_size 1m;",
    )
    .unwrap();
    let file = folder.path().join("nginx.conf");
    fs::write(&file, "http { server { include snippets/*.conf; location / { proxy_pass http://127.0.0.1:8065; } } }").unwrap();
    for (locale, limit, not_read) in [
        ("C", "the limit of 1 MB is less than", "Not read"),
        (
            "de_DE.UTF-8",
            "Die Grenze von 1 MB ist kleiner als",
            "Nicht gelesen",
        ),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_notifymatters"))
            .args(["proxy", "nginx", "--check"])
            .arg(&file)
            .env("LC_ALL", locale)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(limit) && !text.contains(not_read), "{text}");
    }
}

#[test]
fn a_dump_of_nginx_is_read_from_standard_input() {
    use std::io::Write as _;
    let dump = "# configuration file /etc/nginx/nginx.conf:\nhttp { include /etc/nginx/sites-enabled/*; }\n\n\
                # configuration file /etc/nginx/mime.types:\ntypes { text/html html; }\n\
                # configuration file /etc/nginx/sites-enabled/chat:\n\
                server { server_name chat.example.com; location / { proxy_pass http://127.0.0.1:8065; } }\n\
                # configuration file /etc/nginx/sites-enabled/mail:\n\
                server { server_name mail.example.com; location / { proxy_pass http://127.0.0.1:8080; } }\n";
    let check = |more: &[&str]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_notifymatters"))
            .args([
                "proxy",
                "nginx",
                "--mattermost-version",
                "9.11",
                "--check",
                "-",
            ])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(dump.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    };
    let found = check(&["--chat", "https://chat.example.com"]);
    let text = String::from_utf8(found.stdout).unwrap();
    assert!(
        text.starts_with("nginx: chat.example.com, /etc/nginx/sites-enabled/chat:1\n"),
        "{text}"
    );
    let several = check(&[]);
    assert_eq!(several.status.code(), Some(2));
    let said = String::from_utf8(several.stderr).unwrap();
    assert!(
        said.contains("chat.example.com, mail.example.com") && said.contains("--chat"),
        "{said}"
    );
}

#[test]
fn every_virtual_host_that_is_printed_is_judged_clean() {
    for program in ["nginx", "apache", "caddy", "haproxy"] {
        for site in [
            "https://chat.example.com",
            "https://intranet.example.com:8443/chat",
            "http://chat.example.com",
        ] {
            let output = Command::new(env!("CARGO_BIN_EXE_notifymatters"))
                .args(["proxy", program, "--chat", site])
                .args(HOST)
                .output()
                .unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            let found = checked(program, &text, &HOST);
            nothing_but(&found, "pass");
            has(&found, "policy-kept", "pass");
            has(&found, "frame-ancestors", "pass");
        }
    }
}

#[test]
fn where_mattermost_names_its_embedders_itself_there_is_nothing_to_change() {
    let lines = Command::new(env!("CARGO_BIN_EXE_notifymatters"))
        .args([
            "proxy",
            "nginx",
            "--lines",
            "--chat",
            "https://chat.example.com",
        ])
        .args([
            "--host",
            "https://mail.example.com",
            "--mattermost-version",
            "10.6.1",
        ])
        .output()
        .unwrap();
    assert_eq!(
        (lines.status.code(), lines.stdout.as_slice()),
        (Some(0), b"".as_slice())
    );
    let why = String::from_utf8(lines.stderr).unwrap();
    assert!(
        why.contains(
            "mmctl config set ServiceSettings.FrameAncestors \"https://mail.example.com\""
        ),
        "{why}"
    );
    let whole = Command::new(env!("CARGO_BIN_EXE_notifymatters"))
        .args(["proxy", "haproxy", "--chat", "https://chat.example.com"])
        .args([
            "--host",
            "https://mail.example.com",
            "--mattermost-version",
            "10.6.1",
        ])
        .output()
        .unwrap();
    let text = String::from_utf8(whole.stdout).unwrap();
    assert!(
        text.contains("server mattermost 127.0.0.1:8065") && !text.contains("replace-header"),
        "{text}"
    );
}

#[test]
fn what_would_break_out_of_a_configuration_is_refused() {
    for more in [
        ["--upstream", "127.0.0.1:8065; }"],
        ["--upstream", "127.0.0.1"],
        ["--certificate", "/etc/ssl/a b.pem"],
        ["--listen", "{"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_notifymatters"))
            .args(["proxy", "nginx", "--chat", "https://chat.example.com"])
            .args(HOST)
            .args(more)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{more:?}");
    }
}
