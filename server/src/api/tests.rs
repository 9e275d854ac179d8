//! The routes as Mattermost calls them.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::settings::Settings;
use bytes::Bytes;
use http::header;
use http_body_util::{BodyExt as _, Full};
use mattermost_plugin::OriginalTarget;
use serde_json::{Value, json};

/// A plugin with one system administrator, `admin`.
struct Plugin(Endpoints);

impl Plugin {
    fn new() -> Self {
        let stored = json!({
            "trustedorigin": "https://Mail.example.com/ https://b.example https://c.example/path",
            "capabilities": r#"{"https://b.example": ["status.set", "unread"], "https://d.example": ["go"]}"#,
        });
        let settings = SettingsInForce::default();
        settings.replace(
            &settings.begin(),
            Settings::from_plugin_configuration(stored.as_object().expect("an object")).0,
        );
        let may_manage_system: MayManageSystem = Arc::new(|user_id| {
            Box::pin(async move {
                match user_id.as_str() {
                    "nobody knows" => Err("no answer".to_owned()),
                    user_id => Ok(user_id == "admin"),
                }
            })
        });
        Self(Endpoints {
            settings: Arc::new(settings),
            asked: Arc::default(),
            last_sent: LastSent::default(),
            may_manage_system,
            assets: Assets::default(),
            own_tls: OwnTls::new(Arc::new(|| Box::pin(async { Ok(false) }))),
        })
    }

    /// What somebody gets who is not logged in, with these headers.
    async fn begin(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let target = format!("/chat/plugins/notifymatters{path}");
        let request = request.extension(OriginalTarget(target));
        let (request, ()) = request.body(()).expect("a request").into_parts();
        self.0.answer(&request, Full::<Bytes>::default()).await
    }

    async fn respond(
        &self,
        method: Method,
        path: &str,
        user_id: Option<&str>,
    ) -> (Response, Vec<u8>) {
        self.respond_to(method, path, user_id, "").await
    }

    async fn respond_to(
        &self,
        method: Method,
        path: &str,
        user_id: Option<&str>,
        body: &str,
    ) -> (Response, Vec<u8>) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(user_id) = user_id {
            request = request.header(USER_ID, user_id);
        }
        let body = Full::new(Bytes::copy_from_slice(body.as_bytes()));
        let (request, body) = request.body(body).expect("a request").into_parts();
        let mut response = self.0.answer(&request, body).await;
        let body = std::mem::take(response.body_mut())
            .collect()
            .await
            .expect("a body");
        (response, body.to_bytes().to_vec())
    }

    async fn ask(&self, question: &str, user_id: &str) -> (StatusCode, Value) {
        let (response, body) = self
            .respond_to(Method::POST, "/api/v1/diagnostics", Some(user_id), question)
            .await;
        let text = String::from_utf8_lossy(&body);
        let body = serde_json::from_str(&text).unwrap_or_else(|_| text.into());
        (response.status(), body)
    }

    async fn read(&self, path: &str, user_id: &str) -> (StatusCode, Value) {
        let (response, body) = self.respond(Method::GET, path, Some(user_id)).await;
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        (response.status(), body)
    }
}

async fn respond(method: Method, path: &str, user_id: Option<&str>) -> (Response, Vec<u8>) {
    Plugin::new().respond(method, path, user_id).await
}

#[tokio::test]
async fn a_logged_in_user_reads_the_setting_as_stored_and_as_understood_by_get_and_by_post() {
    for method in [Method::GET, Method::POST] {
        let (response, body) = respond(method, "/api/v1/config", Some("u1")).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(
            body,
            json!({
                "TrustedOrigin": "https://Mail.example.com/ https://b.example https://c.example/path",
                "trusted_origins": ["https://mail.example.com", "https://b.example"],
                "capabilities": {
                    "https://mail.example.com": ["unread", "session", "view"],
                    "https://b.example": ["unread", "status.set"],
                },
            })
        );
    }
}

#[tokio::test]
async fn the_answer_after_a_change_of_the_settings_is_the_new_one() {
    let plugin = Plugin::new();
    plugin.read("/api/v1/config", "u1").await;
    let stored = json!({ "trustedorigin": "https://d.example" });
    let (settings, _) = Settings::from_plugin_configuration(stored.as_object().expect("an object"));
    let reading = plugin.0.settings.begin();
    plugin.0.settings.replace(&reading, settings);
    for _ in 0..2 {
        let (_, body) = plugin.read("/api/v1/config", "u1").await;
        assert_eq!(body["trusted_origins"], json!(["https://d.example"]));
    }
}

#[tokio::test]
async fn who_is_not_logged_in_learns_nothing() {
    for (path, user_id) in [
        ("/api/v1/config", None),
        ("/api/v1/config", Some("")),
        ("/api/v1/diagnostics?site=https://chat.example.com", None),
        ("/x", None),
    ] {
        let (response, body) = respond(Method::GET, path, user_id).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert!(!body.windows(7).any(|part| part == b"example"));
    }
}

#[tokio::test]
async fn other_paths_are_not_found_and_other_methods_not_allowed() {
    for path in [
        "/",
        "/api/v1",
        "/api/v1/config/",
        "/api/v2/config",
        "/api/v1/../config",
    ] {
        let (response, _) = respond(Method::GET, path, Some("u1")).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "for {path}");
    }
    for (path, allowed) in [
        ("/api/v1/config", "GET,HEAD,POST"),
        ("/api/v1/diagnostics", "GET,HEAD,POST"),
    ] {
        let (response, _) = respond(Method::DELETE, path, Some("u1")).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()[header::ALLOW], allowed);
    }
}

#[tokio::test]
async fn the_web_parts_files_are_for_everybody_and_for_reading() {
    let path = "/assets/none.js";
    let (response, _) = respond(Method::GET, path, None).await;
    assert_ne!(response.status(), StatusCode::UNAUTHORIZED);
    let (response, _) = respond(Method::POST, path, Some("u1")).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()[header::ALLOW], "GET,HEAD");
}

const HTTPS: (&str, &str) = ("X-Forwarded-Proto", "https");
const CROSS_SITE: (&str, &str) = ("Sec-Fetch-Site", "cross-site");
const COOKIE: &str = "MMEMBED=1; Path=/chat; Secure; SameSite=None";

/// The header of an answer; `""`: it has none.
fn value<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().expect("text"))
}

#[tokio::test]
async fn a_frame_of_another_site_begins_with_the_cookie_that_a_login_there_needs() {
    for (path, status, location) in [
        ("/embed?to=%2F", 303, "../../"),
        ("/embed?to=/team/channels/a", 303, "../../team/channels/a"),
        (
            "/embed?to=%2Fteam%2Fmessages%2F%40ben&x=1",
            303,
            "../../team/messages/@ben",
        ),
        ("/embed", 204, ""),
        ("/embed?x=1", 204, ""),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let response = Plugin::new()
                .begin(method, path, &[HTTPS, CROSS_SITE])
                .await;
            assert_eq!(response.status(), status, "{path}");
            assert_eq!(value(&response, "location"), location);
            assert_eq!(value(&response, "set-cookie"), COOKIE);
            assert_eq!(value(&response, "cache-control"), "no-store");
        }
    }
}

#[tokio::test]
async fn only_who_is_of_another_site_gets_that_cookie_and_everybody_is_led_on() {
    for (site, cookie) in [
        (None, COOKIE),
        (Some("cross-site"), COOKIE),
        (Some("same-site"), ""),
        (Some("same-origin"), ""),
        (Some("none"), ""),
        (Some("else"), ""),
    ] {
        let mut headers = vec![HTTPS];
        headers.extend(site.map(|site| (CROSS_SITE.0, site)));
        let response = Plugin::new()
            .begin(Method::GET, "/embed?to=/", &headers)
            .await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{site:?}");
        assert_eq!(value(&response, "set-cookie"), cookie, "{site:?}");
    }
}

#[tokio::test]
async fn it_leads_nowhere_else_and_says_where_it_does() {
    for path in [
        "/embed?to=",
        "/embed?to=//elsewhere.example/team/channels",
        "/embed?to=https%3A%2F%2Felsewhere.example%2F",
        "/embed?to=%2F%5Celsewhere.example",
        "/embed?to=/team/channels/a%252fb",
        "/embed?to=/admin_console",
        "/embed?to=/team/channels/a%0d%0aSet-Cookie:%20a=1",
        "/embed?to=//elsewhere.example&to=/",
    ] {
        let response = Plugin::new()
            .begin(Method::GET, path, &[HTTPS, CROSS_SITE])
            .await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(value(&response, "location"), "");
        assert_eq!(value(&response, "set-cookie"), "");
        let body = response.into_body().collect().await.expect("a body");
        assert!(body.to_bytes().starts_with(b"\"to\" has to be / or a path"));
    }
    let response = Plugin::new()
        .begin(Method::POST, "/embed?to=/", &[HTTPS])
        .await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(value(&response, "allow"), "GET,HEAD");
    for path in ["/embed/", "/embed/x", "/Embed", "/embedx"] {
        let response = Plugin::new().begin(Method::GET, path, &[HTTPS]).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn without_https_there_is_no_such_cookie() {
    let asked = Arc::new(AtomicUsize::new(0));
    let with = |answer: Result<bool, &'static str>| {
        let asked = Arc::clone(&asked);
        let mut plugin = Plugin::new();
        plugin.0.own_tls = OwnTls::new(Arc::new(move || {
            asked.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move { answer.map_err(str::to_owned) })
        }));
        plugin
    };
    for (tls, protocol, status, times) in [
        (Ok(false), Some("https"), 303, 0),
        (Ok(false), Some("http"), 400, 1),
        (Ok(false), Some("HTTPS"), 400, 1),
        (Ok(false), None, 400, 1),
        (Ok(true), None, 303, 1),
        (Ok(true), Some("http"), 303, 1),
        (Err("busy"), Some("https"), 303, 0),
        // What is not known is asked for again.
        (Err("busy"), None, 503, 2),
    ] {
        asked.store(0, Ordering::Relaxed);
        let plugin = with(tls);
        let mut headers = vec![CROSS_SITE];
        headers.extend(protocol.map(|protocol| (HTTPS.0, protocol)));
        for _ in 0..2 {
            let response = plugin.begin(Method::GET, "/embed?to=/", &headers).await;
            assert_eq!(response.status(), status, "{tls:?}, {protocol:?}");
            let is_set = response.headers().contains_key(header::SET_COOKIE);
            assert_eq!(is_set, status == 303);
        }
        assert_eq!(
            asked.load(Ordering::Relaxed),
            times,
            "{tls:?}, {protocol:?}"
        );
    }
}

#[tokio::test]
async fn head_answers_as_get_does_without_the_body() {
    let plugin = Plugin::new();
    for path in ["/api/v1/config", "/nowhere"] {
        let (get, body) = plugin.respond(Method::GET, path, Some("u1")).await;
        let (head, nothing) = plugin.respond(Method::HEAD, path, Some("u1")).await;
        assert_eq!(head.status(), get.status());
        assert_eq!(
            head.headers()[header::CONTENT_TYPE],
            get.headers()[header::CONTENT_TYPE]
        );
        assert_eq!(
            head.headers()[header::CONTENT_LENGTH],
            body.len().to_string()
        );
        assert!(nothing.is_empty());
    }
}

#[tokio::test]
async fn a_system_administrator_reads_the_diagnostics() {
    let (response, body) = respond(
        Method::GET,
        "/api/v1/diagnostics?site=https://chat.example.com",
        Some("admin"),
    )
    .await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(body["trusted_origins"][0]["relation"], "same_site");
    assert_eq!(body["trusted_origins"][1]["relation"], "cross_site");
    assert_eq!(body["problems"][0]["write"], "https://c.example");
}

#[tokio::test]
async fn a_setting_is_judged_before_it_is_saved() {
    let path = "/api/v1/diagnostics?site=https://chat.example.com&setting=https%3A%2F%2FMail.Example.com%2Fwebapp%2F";
    let (status, body) = Plugin::new().read(path, "admin").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["problems"][0]["write"], "https://mail.example.com");
    assert_eq!(body["trusted_origins"], json!([]));
}

#[tokio::test]
async fn nobody_else_reads_the_diagnostics() {
    let plugin = Plugin::new();
    for (user_id, status) in [
        ("u1", StatusCode::FORBIDDEN),
        ("nobody knows", StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let path = "/api/v1/diagnostics?site=https://chat.example.com";
        assert_eq!(plugin.read(path, user_id).await, (status, Value::Null));
    }
}

#[tokio::test]
async fn the_diagnostics_want_to_know_the_address_in_use() {
    let plugin = Plugin::new();
    for query in [
        "",
        "?site=",
        "?site=chat",
        "?site=https://a.example/path",
        "?x=1",
    ] {
        let path = format!("/api/v1/diagnostics{query}");
        let (status, _) = plugin.read(&path, "admin").await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn the_diagnostics_tell_which_hosts_asked_lately() {
    let plugin = Plugin::new();
    for host in [
        "https://mail.example.com",
        "https://stranger.example",
        "https://chat.example.com",
        "null",
        "%00",
        "",
    ] {
        let path = format!("/api/v1/config?host={host}");
        let (status, _) = plugin.read(&path, "u1").await;
        assert_eq!(
            status,
            StatusCode::OK,
            "the configuration is for every host"
        );
    }
    let (_, body) = plugin
        .read("/api/v1/diagnostics?site=https://chat.example.com", "admin")
        .await;
    let origins = |list: &str| -> Vec<String> {
        let hosts = body["asked"][list].as_array().expect("a list");
        let origin = |host: &Value| host["origin"].as_str().expect("text").to_owned();
        hosts.iter().map(origin).collect()
    };
    let mut answered = origins("answered");
    answered.sort();
    assert_eq!(
        answered,
        ["https://chat.example.com", "https://mail.example.com"]
    );
    assert_eq!(origins("refused"), ["https://stranger.example"]);
}

/// What a page of a Mattermost 11 sends that lets nobody frame it.
fn question(language: &str) -> Value {
    json!({
        "site": "https://chat.example.com",
        "language": language,
        "facts": {
            "configuration": {
                "site_url": "https://chat.example.com", "frame_ancestors": "", "landing_page": false, "cors_from": "",
                "restricted": false, "spellings": [], "web_socket": "wss://chat.example.com/api/v4/websocket",
                "fixed": { "frame_ancestors": false, "landing_page": false, "plugins": false },
            },
            "seen": {
                "page": { "policy": "frame-ancestors 'self'" }, "realm": null, "connects": true, "web_assembly": true,
            },
        },
    })
}

#[tokio::test]
async fn the_page_that_sends_what_it_knows_is_told_what_follows_in_its_language() {
    let plugin = Plugin::new();
    for (language, words) in [("en", "refuse to show"), ("de", "weigern sich")] {
        let mut question = question(language);
        let (status, body) = plugin.ask(&question.to_string(), "admin").await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            body["stored"]
                .as_str()
                .map(|stored| stored.contains("c.example/path")),
            Some(true)
        );
        let groups = body["groups"].as_array().expect("groups");
        assert_eq!(groups.len(), 3);
        let framing = &groups[1]["findings"][0];
        assert_eq!(
            (&framing["id"], &framing["status"]),
            (&json!("framing"), &json!("fail"))
        );
        assert!(
            framing["says"]
                .as_str()
                .is_some_and(|says| says.contains(words)),
            "{framing}"
        );
        assert_eq!(framing["change"]["to"], "https://mail.example.com");

        // What is typed is judged in place of what is stored.
        question["setting"] = json!("https://new.example/path");
        let (_, body) = plugin.ask(&question.to_string(), "admin").await;
        let problem = &body["groups"][0]["findings"][0];
        assert_eq!(problem["change"]["right"], "https://new.example");
        assert_eq!(body["groups"].as_array().map(Vec::len), Some(1));
    }
    // Who sends no facts is told what the server part knows.
    let (status, body) = plugin
        .ask(r#"{"site": "https://chat.example.com"}"#, "admin")
        .await;
    assert_eq!((status, body.get("groups")), (StatusCode::OK, None));
    assert_eq!(
        body["trusted_origins"][0]["origin"],
        "https://mail.example.com"
    );
}

#[tokio::test]
async fn a_question_of_anybody_else_or_of_another_shape_is_refused_with_the_reason() {
    let plugin = Plugin::new();
    let good = question("en");
    let with = |place: &str, value: Value| {
        let mut question = good.clone();
        *question.pointer_mut(place).expect(place) = value;
        question.to_string()
    };
    for (question, user_id, status, words) in [
        (
            good.to_string(),
            "u1",
            StatusCode::FORBIDDEN,
            "only a system administrator",
        ),
        (
            good.to_string(),
            "nobody knows",
            StatusCode::SERVICE_UNAVAILABLE,
            "try again",
        ),
        (String::new(), "admin", StatusCode::BAD_REQUEST, "EOF"),
        (
            "{".to_owned(),
            "admin",
            StatusCode::BAD_REQUEST,
            "no question",
        ),
        (
            "[]".to_owned(),
            "admin",
            StatusCode::BAD_REQUEST,
            "no question of the embedding check: it has to be an object",
        ),
        (
            with("/site", json!("chat")),
            "admin",
            StatusCode::BAD_REQUEST,
            "at which origin",
        ),
        (
            with("/language", json!("fr")),
            "admin",
            StatusCode::BAD_REQUEST,
            "language has to be \"en\" or \"de\"",
        ),
        (
            with("/facts/seen/connects", json!(null)),
            "admin",
            StatusCode::BAD_REQUEST,
            "facts.seen.connects has to be a boolean",
        ),
        (
            with("/facts/seen/page", json!({ "policy": 1 })),
            "admin",
            StatusCode::BAD_REQUEST,
            "facts.seen.page.policy has to be a string",
        ),
        (
            with(
                "/facts/configuration/spellings",
                json!([{ "key": "a", "value": "b" }, 1]),
            ),
            "admin",
            StatusCode::BAD_REQUEST,
            "facts.configuration.spellings has to be an array of objects",
        ),
        (
            with(
                "/facts/configuration/spellings",
                json!([{ "key": "a", "value": "b" }, { "key": "c" }]),
            ),
            "admin",
            StatusCode::BAD_REQUEST,
            "facts.configuration.spellings[1].value has to be a string",
        ),
        (
            with("/site", json!("x".repeat(600_000))),
            "admin",
            StatusCode::PAYLOAD_TOO_LARGE,
            "512 KiB",
        ),
    ] {
        let (found, why) = plugin.ask(&question, user_id).await;
        let why = why.as_str().unwrap_or_default().to_owned();
        assert!(found == status && why.contains(words), "{found} {why}");
    }
}
