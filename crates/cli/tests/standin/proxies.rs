//! What `notifymatters proxy` prints, in the real nginx, Apache, Caddy and HAProxy in front of the stand-in Mattermost.

use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::handshake::HandshakeError;
use ureq::unversioned::multipart::{Form, Part};

use super::real::{
    CHAT, Certificates, MAIL, PROXIES, Proxy, Running, Site, Standin, client, free_port,
    notifymatters, said, virtual_host,
};

/// A proxy with a printed virtual host, in front of the stand-in.
struct Front {
    _running: Running,
    port: u16,
    site: Site,
}

fn front(
    proxy: Proxy,
    name: &str,
    standin: &Standin,
    certificates: &Certificates,
    version: &str,
    host: &str,
) -> Front {
    let port = free_port();
    let text = virtual_host(
        proxy,
        name,
        port,
        standin.port,
        certificates,
        &["--host", host, "--mattermost-version", version],
    );
    let site = Site::new(proxy, &text);
    let tested = site.test();
    assert!(
        tested.status.success(),
        "{} refuses what was printed: {}",
        proxy.0,
        said(&tested)
    );
    let complaints = said(&tested).to_ascii_lowercase();
    assert!(
        !complaints.contains("[warn") && !complaints.contains("[alert"),
        "{}: {complaints}",
        proxy.0
    );
    Front {
        _running: site.start(port),
        port,
        site,
    }
}

fn header(response: &ureq::http::Response<ureq::Body>, name: &str) -> String {
    response
        .headers()
        .get_all(name)
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect::<Vec<_>>()
        .join(" | ")
}

/// The status of a WebSocket's handshake; where it opens, the first message.
fn websocket(port: u16, certificates: &Certificates, token: &str, origin: &str) -> (u16, String) {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(certificates.path("authority.pem")).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection =
        ClientConnection::new(Arc::new(config), ServerName::try_from(CHAT).unwrap()).unwrap();
    let stream = StreamOwned::new(
        connection,
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap(),
    );
    let mut request = format!("wss://{CHAT}:{port}/api/v4/websocket")
        .into_client_request()
        .unwrap();
    request
        .headers_mut()
        .insert("Origin", origin.parse().unwrap());
    request
        .headers_mut()
        .insert("Authorization", format!("Bearer {token}").parse().unwrap());
    match tungstenite::client(request, stream) {
        Ok((mut socket, response)) => (
            response.status().as_u16(),
            socket.read().unwrap().to_string(),
        ),
        Err(HandshakeError::Failure(tungstenite::Error::Http(response))) => {
            (response.status().as_u16(), String::new())
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn through_each_proxy_only_the_embedders_are_changed_and_everything_else_passes() {
    let standin = Standin::start(9);
    let certificates = Certificates::make();
    let agent = client(&certificates);
    let host = format!("https://{MAIL}");
    let own = json!({"frame_ancestors": "'self'", "x_frame_options": "SAMEORIGIN", "script_src": "'self' cdn.rudderlabs.com"});
    for proxy in PROXIES {
        standin.order("/policy", &own);
        let front = front(proxy, CHAT, &standin, &certificates, "9.8.1", &host);
        let site = format!("https://{CHAT}:{}", front.port);
        let get = |path: &str| agent.get(format!("{site}{path}")).call().unwrap();
        // The page: frame-ancestors is another, the rest as it was.
        let page = get("/login");
        assert_eq!(
            header(&page, "content-security-policy"),
            format!("frame-ancestors 'self' {host}; script-src 'self' cdn.rudderlabs.com"),
            "{}",
            proxy.0
        );
        assert_eq!(
            header(&page, "x-frame-options"),
            "SAMEORIGIN",
            "{}",
            proxy.0
        );
        assert_eq!(
            header(&page, "referrer-policy"),
            "no-referrer",
            "{}",
            proxy.0
        );
        // What carries no policy gets none, or WebAssembly could not compile there.
        let plugins: Value = get("/api/v4/plugins/webapp")
            .body_mut()
            .read_json()
            .unwrap();
        let script = get(plugins[0]["webapp"]["bundle_path"].as_str().unwrap());
        assert_eq!(
            (
                script.status().as_u16(),
                header(&script, "content-security-policy")
            ),
            (200, String::new()),
            "{}",
            proxy.0
        );
        // A policy that names no frame-ancestors is not dropped.
        standin.order(
            "/policy",
            &json!({"frame_ancestors": "", "x_frame_options": "DENY"}),
        );
        let document = get("/");
        assert_eq!(
            header(&document, "content-security-policy"),
            "script-src 'self' cdn.rudderlabs.com",
            "{}",
            proxy.0
        );
        assert_eq!(header(&document, "x-frame-options"), "DENY", "{}", proxy.0);
        // The WebSocket, with the page's own origin and with another.
        standin.order("/config", &json!({"ServiceSettings": {"SiteURL": site}}));
        let login = json!({"login_id": "admin", "password": "standin"});
        let login = agent
            .post(format!("{site}/api/v4/users/login"))
            .send_json(login)
            .unwrap();
        let token = header(&login, "token");
        let (status, hello) = websocket(front.port, &certificates, &token, &site);
        assert_eq!(status, 101, "{}", proxy.0);
        assert!(
            hello.contains("\"event\":\"hello\""),
            "{}: {hello}",
            proxy.0
        );
        assert_eq!(
            websocket(
                front.port,
                &certificates,
                &token,
                "https://stranger.invalid"
            )
            .0,
            403,
            "{}",
            proxy.0
        );
        // The plugin's bundle, and as much again as a bundle for all platforms has.
        let padding = "x".repeat(5 * 1024 * 1024);
        let bundle = super::real::bundle();
        let part = Part::bytes(&bundle)
            .file_name("notifymatters.tar.gz")
            .mime_str("application/gzip")
            .unwrap();
        let form = Form::new()
            .text("padding", &padding)
            .text("force", "true")
            .part("plugin", part);
        let upload = agent.post(format!("{site}/api/v4/plugins"));
        let upload = upload
            .header("Authorization", format!("Bearer {token}"))
            .send(form)
            .unwrap();
        assert_eq!(upload.status().as_u16(), 201, "{}", proxy.0);
        // And the checker finds its own work clean, also with what this test put around it.
        let file = front.site.file().display().to_string();
        let checked = notifymatters(&[
            "proxy",
            proxy.0,
            "--host",
            &host,
            "--mattermost-version",
            "9.8.1",
            "--check",
            &file,
        ]);
        assert!(checked.status.success(), "{}: {}", proxy.0, said(&checked));
    }
}

/// What the doctor says, and how it ends.
fn doctor(host: &str, chat: &str, certificates: &Certificates) -> (i32, Value) {
    let authority = certificates.path("authority.pem").display().to_string();
    let arguments = [
        "doctor",
        "--host",
        host,
        "--chat",
        chat,
        "--ca-file",
        &authority,
        "--format",
        "json",
    ];
    let output = notifymatters(&arguments);
    let report =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    (output.status.code().unwrap(), report)
}

#[test]
fn the_doctor_is_content_through_each_proxy() {
    let standin = Standin::start(11);
    let certificates = Certificates::make();
    for proxy in PROXIES {
        let mail = front(
            proxy,
            MAIL,
            &standin,
            &certificates,
            "11.6.0",
            &format!("https://{MAIL}"),
        );
        let host = format!("https://{MAIL}:{}", mail.port);
        let chat = front(proxy, CHAT, &standin, &certificates, "11.6.0", &host);
        let site = format!("https://{CHAT}:{}", chat.port);
        standin.order("/config", &json!({"ServiceSettings": {"SiteURL": site, "EnableDesktopLandingPage": false, "FrameAncestors": host}}));
        standin.order("/policy", &json!({"frame_ancestors": "'self' {setting}"}));
        let page = format!("{host}/host.html");
        let (exit, report) = doctor(&page, &site, &certificates);
        assert_eq!(report["verdict"], "pass", "{}: {report:#}", proxy.0);
        assert_eq!(exit, 0);
        assert_eq!(
            report["findings"].as_array().unwrap().len(),
            24,
            "{report:#}"
        );
    }
}

#[test]
fn the_doctor_finds_what_a_bare_proxy_keeps_out() {
    let standin = Standin::start(11);
    let certificates = Certificates::make();
    let port = free_port();
    let bare = format!(
        "server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{}; proxy_set_header Host $http_host; }} }}",
        standin.port
    );
    let _running = Site::new(Proxy("nginx"), &bare).start(port);
    let site = format!("http://{CHAT}:{port}");
    standin.order("/config", &json!({"ServiceSettings": {"SiteURL": site}}));
    let (exit, report) = doctor(&site, &site, &certificates);
    assert_eq!(exit, 1, "{report:#}");
    let finding = |id: &str| {
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|finding| finding["id"] == id)
            .unwrap()
            .clone()
    };
    for (id, line) in [
        ("websocket", "proxy_set_header Upgrade $http_upgrade;"),
        ("upload-size", "client_max_body_size 101m;"),
    ] {
        let finding = finding(id);
        assert_eq!(finding["status"], "fail", "{finding:#}");
        assert!(finding["mends"].to_string().contains(line), "{finding:#}");
    }
    assert_eq!(finding("websocket-origin")["status"], "skip");
    // Without a proxy there is no limit, and Mattermost itself opens the WebSocket.
    let own = format!("http://{CHAT}:{}", standin.port);
    standin.order(
        "/config",
        &json!({"ServiceSettings": {"SiteURL": own, "EnableDesktopLandingPage": false}}),
    );
    let (exit, report) = doctor(&own, &own, &certificates);
    assert_eq!(exit, 0, "{report:#}");
}
