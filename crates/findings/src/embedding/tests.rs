//! One broken state after the other, on facts as they come from a server.

use super::*;
use crate::facts::{Reach, Tls, Unreached};
use crate::verdict;

const HOST: &str = "https://mail.example.com";
const CHAT: &str = "https://chat.example.com";
const SAY: Language = Language::English;

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    Answer {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: body.to_owned(),
    }
}

fn config(version: &str, more: &str) -> Answer {
    let body = format!(
        r#"{{"Version": "{version}", "SiteURL": "{CHAT}", "EnableDesktopLandingPage": "false"{more}}}"#
    );
    answer(200, &[("content-type", "application/json")], &body)
}

fn page(policy: &str) -> Answer {
    let headers = [
        ("content-security-policy", policy),
        ("x-frame-options", "SAMEORIGIN"),
        ("server", "nginx/1.22.1"),
    ];
    answer(200, &headers, "<html>")
}

/// An embedding with nothing in its way.
fn facts() -> Facts {
    let reach = Reach {
        addresses: vec!["192.0.2.1".to_owned()],
        tls: Tls::Verified {
            expires_soon: false,
        },
    };
    let plugins = r#"[{"id": "notifymatters", "version": "0.1.0", "webapp": {"bundle_path": "/static/notifymatters/a_bundle.js"}}]"#;
    Facts {
        chat: CHAT.parse().unwrap(),
        host: HOST.parse().unwrap(),
        chat_reach: reach.clone(),
        host_reach: reach,
        page: Ok(page(
            "frame-ancestors 'self' https://mail.example.com; script-src 'self'",
        )),
        host_page: Ok(answer(200, &[], "<html>")),
        client_config: Ok(config("11.6.0", "")),
        active_plugins: Ok(answer(200, &[], plugins)),
        script: Some(Ok(answer(200, &[("content-type", "text/javascript")], ""))),
        plugin: Ok(answer(
            401,
            &[("content-type", "text/plain")],
            "log in to Mattermost first\n",
        )),
        embed: Ok(answer(
            204,
            &[("set-cookie", "MMEMBED=1; Path=/; Secure; SameSite=None")],
            "",
        )),
        websocket: Ok(101),
        foreign_websocket: Ok(403),
        upload: Ok(401),
    }
}

/// The finding, which must be of this status, after the facts were changed.
#[track_caller]
fn found(id: &str, status: Status, change: impl FnOnce(&mut Facts)) -> Finding {
    let mut facts = facts();
    change(&mut facts);
    let finding = findings(&facts, SAY)
        .into_iter()
        .find(|finding| finding.id == id)
        .unwrap();
    assert_eq!(finding.status, status, "{finding:?}");
    finding
}

#[track_caller]
fn mended_by(finding: &Finding, words: &str) {
    assert!(
        finding.mends.iter().any(|mend| mend.lines.contains(words)),
        "{finding:?}"
    );
}

#[test]
fn nothing_is_in_the_way_where_nothing_is_wrong() {
    let findings = findings(&facts(), SAY);
    assert_eq!(verdict(&findings), Status::Pass, "{findings:#?}");
    let mut ids: Vec<&str> = findings.iter().map(|finding| finding.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), findings.len());
    assert!(
        ids.iter()
            .all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
    );
}

#[test]
fn a_page_that_may_not_frame_mattermost_is_told_the_line_for_this_version() {
    let refused = "frame-ancestors 'self'; script-src 'self'";
    let newer = found("framing", Status::Fail, |facts| {
        facts.page = Ok(page(refused));
    });
    mended_by(
        &newer,
        "mmctl config set ServiceSettings.FrameAncestors \"https://mail.example.com\"",
    );
    let older = found("framing", Status::Fail, |facts| {
        facts.page = Ok(page(refused));
        facts.client_config = Ok(config("9.11.5", ""));
    });
    mended_by(&older, "map $upstream_http_content_security_policy");
    assert!(
        older
            .mends
            .iter()
            .all(|mend| mend.place.starts_with("nginx")),
        "{older:?}"
    );
    // No proxy has named itself.
    let unnamed = found("framing", Status::Fail, |facts| {
        facts.page = Ok(answer(200, &[("x-frame-options", "SAMEORIGIN")], ""));
        facts.client_config = Ok(config("9.11.5", ""));
    });
    mended_by(&unnamed, "http-response replace-header");
    mended_by(&unnamed, "Header edit");
}

#[test]
fn headers_that_are_gone_or_replaced_are_found() {
    let open = found("strangers", Status::Fail, |facts| {
        facts.page = Ok(answer(200, &[], ""));
    });
    mended_by(&open, "ServiceSettings.FrameAncestors");
    found("strangers", Status::Fail, |facts| {
        facts.page = Ok(page("frame-ancestors *; script-src 'self'"));
    });
    found("policy-kept", Status::Warn, |facts| {
        facts.page = Ok(page("frame-ancestors https://mail.example.com"));
    });
}

#[test]
fn between_two_sites_a_login_takes_the_plugin_and_a_browser_that_lets_it() {
    let elsewhere = |facts: &mut Facts| facts.host = "https://portal.example.net".parse().unwrap();
    let some = found("session", Status::Warn, elsewhere);
    mended_by(&some, "https://chat.example.net");
    assert!(some.details[1].contains("https://chat.example.com/plugins/notifymatters/embed?to=/"));
    assert!(some.details.iter().any(|detail| detail.contains("Safari")));
    found("session", Status::Warn, |facts| {
        facts.host = "http://mail.example.com".parse().unwrap();
    });

    let (text, cookie) = (
        ("content-type", "text/plain; charset=utf-8"),
        ("set-cookie", "route=a"),
    );
    for (embed, says) in [
        (answer(400, &[text], "not by https"), "not by https"),
        (answer(401, &[text], "log in"), "HTTP 401"),
        (answer(204, &[cookie], ""), "HTTP 204"),
    ] {
        let none = found("session", Status::Fail, |facts| {
            elsewhere(facts);
            facts.embed = Ok(embed);
        });
        assert!(
            none.details.iter().any(|detail| detail.contains(says)),
            "{none:?}"
        );
    }
    found("session", Status::Skip, |facts| {
        elsewhere(facts);
        facts.embed = Err(Unreached::Timeout);
    });
    for (version, status) in [("8.1.0", Status::Fail), ("9.0.0", Status::Warn)] {
        found("session", status, |facts| {
            elsewhere(facts);
            facts.client_config = Ok(config(version, ""));
        });
    }
    found("session", Status::Fail, |facts| {
        facts.host = "http://portal.example.net".parse().unwrap();
        facts.chat = "http://chat.example.com".parse().unwrap();
    });
}

#[test]
fn a_mattermost_without_https_is_not_shown_in_a_page_with_it() {
    let mixed = found("secure-context", Status::Fail, |facts| {
        facts.chat = "http://chat.example.com".parse().unwrap();
    });
    assert_eq!(mixed.details, [SAY.https_mattermost(CHAT)]);
}

#[test]
fn a_site_url_that_people_do_not_use_and_a_page_in_between_are_found() {
    let site = found("site-url", Status::Fail, |facts| {
        facts.chat = "https://chat.example.com:8443".parse().unwrap();
        facts.websocket = Ok(403);
    });
    mended_by(&site, "SiteURL \"https://chat.example.com:8443\"");
    found("site-url", Status::Note, |facts| {
        facts.chat = "https://chat.example.com:8443".parse().unwrap();
    });
    found("site-url", Status::Fail, |facts| {
        facts.chat = "https://chat.example.com/chat".parse().unwrap();
        facts.websocket = Ok(403);
    });
    let landing = found("landing-page", Status::Warn, |facts| {
        let mut config = config("11.6.0", "");
        config.body = config.body.replace(r#""false""#, r#""true""#);
        facts.client_config = Ok(config);
    });
    mended_by(&landing, "EnableDesktopLandingPage false");
    let login = found("single-sign-on", Status::Note, |facts| {
        facts.client_config = Ok(config(
            "11.6.0",
            r#", "EnableSaml": "true", "EnableSignUpWithGitLab": "true""#,
        ));
    });
    assert!(login.says.contains("SAML, GitLab"), "{login:?}");
}

#[test]
fn what_is_no_mattermost_or_too_old_is_said() {
    found("mattermost-version", Status::Fail, |facts| {
        facts.client_config = Ok(answer(404, &[], "<html>"));
    });
    found("mattermost-version", Status::Fail, |facts| {
        facts.client_config = Ok(config("5.38.2", ""));
    });
    found("site-url", Status::Skip, |facts| {
        facts.client_config = Ok(answer(404, &[], "<html>"));
    });
    found("chat-answers", Status::Fail, |facts| {
        facts.page = Ok(answer(
            302,
            &[("location", "https://login.example.com/")],
            "",
        ));
    });
}

#[test]
fn the_pages_own_headers_may_refuse_the_frame() {
    let host = |headers: &'static [(&'static str, &'static str)]| {
        move |facts: &mut Facts| facts.host_page = Ok(answer(200, headers, ""))
    };
    let refused = found(
        "host-frame-src",
        Status::Fail,
        host(&[("content-security-policy", "default-src 'self'")]),
    );
    mended_by(&refused, "frame-src 'self' https://chat.example.com");
    found(
        "host-embedder-policy",
        Status::Fail,
        host(&[(
            "cross-origin-embedder-policy",
            "require-corp; report-to=\"a\"",
        )]),
    );
    let refused = found(
        "host-permissions-policy",
        Status::Warn,
        host(&[(
            "permissions-policy",
            "autoplay=(self), camera=*, fullscreen=(), clipboard-write=(self \"https://chat.example.com\")",
        )]),
    );
    mended_by(
        &refused,
        "autoplay=(self \"https://chat.example.com\"), fullscreen=",
    );
    assert!(
        !refused.says.contains("camera") && !refused.says.contains("clipboard"),
        "{refused:?}"
    );
    found(
        "host-permissions-policy",
        Status::Warn,
        host(&[("permissions-policy", "autoplay 'none'; camera 'none'")]),
    );
}

#[test]
fn a_plugin_that_is_off_or_behind_something_else_is_told_apart() {
    let off = found("plugin-active", Status::Fail, |facts| {
        facts.active_plugins = Ok(answer(200, &[], "[]"));
    });
    mended_by(&off, "mmctl plugin enable notifymatters");
    found("plugin-active", Status::Skip, |facts| {
        facts.active_plugins = Ok(answer(200, &[], "<html>"));
    });
    let plugin = |answer: Answer| move |facts: &mut Facts| facts.plugin = Ok(answer);
    let says = |answer: Answer| found("plugin-answers", Status::Fail, plugin(answer)).says;
    assert!(says(answer(401, &[("www-authenticate", "Basic")], "")).contains("login of its own"));
    assert!(
        says(answer(
            302,
            &[("location", "https://login.example.com")],
            ""
        ))
        .contains("login of its own")
    );
    assert!(says(answer(404, &[], "")).contains("does not answer"));
    assert!(says(answer(200, &[("content-type", "text/html")], "")).contains("Something else"));
}

#[test]
fn what_became_of_the_plugins_files_is_told() {
    let headers = [("x-frame-options", "SAMEORIGIN")];
    found("plugin-files", Status::Note, |facts| {
        facts.script = Some(Ok(answer(200, &headers, "")));
    });
    found("plugin-files", Status::Fail, |facts| {
        facts.script = Some(Ok(answer(404, &[], "")));
    });
}

#[test]
fn a_websocket_fails_for_its_origin_or_for_its_proxy() {
    let origin = found("websocket", Status::Fail, |facts| facts.websocket = Ok(403));
    mended_by(&origin, "proxy_set_header Host $http_host;");
    let proxy = found("websocket", Status::Fail, |facts| facts.websocket = Ok(400));
    mended_by(&proxy, "proxy_set_header Upgrade $http_upgrade;");
    let open = found("websocket-origin", Status::Warn, |facts| {
        facts.foreign_websocket = Ok(101);
    });
    mended_by(&open, "AllowCorsFrom");
    found("websocket-origin", Status::Skip, |facts| {
        facts.websocket = Ok(400);
    });
}

#[test]
fn a_body_limit_and_a_bad_certificate_are_found() {
    let limit = found("upload-size", Status::Fail, |facts| facts.upload = Ok(413));
    mended_by(&limit, "client_max_body_size 101m;");
    let tls = |tls: Tls| move |facts: &mut Facts| facts.chat_reach.tls = tls;
    let expired = Unreached::Tls("invalid peer certificate: Expired".to_owned());
    for (state, status) in [
        (Tls::Failed(expired), Status::Fail),
        (Tls::Failed(Unreached::Refused), Status::Skip),
        (Tls::Verified { expires_soon: true }, Status::Warn),
    ] {
        found("chat-tls", status, tls(state));
    }
    found("chat-dns", Status::Fail, |facts| {
        facts.chat_reach.addresses.clear();
    });
}

#[test]
fn a_server_that_cannot_be_reached_leaves_no_clean_run() {
    let mut facts = facts();
    let down = || Err(Unreached::Refused);
    (
        facts.page,
        facts.client_config,
        facts.active_plugins,
        facts.plugin,
    ) = (down(), down(), down(), down());
    facts.script = None;
    (facts.websocket, facts.foreign_websocket, facts.upload) = (
        Err(Unreached::Refused),
        Err(Unreached::Refused),
        Err(Unreached::Refused),
    );
    let findings = findings(&facts, SAY);
    assert_eq!(verdict(&findings), Status::Fail);
    let skipped = findings
        .iter()
        .filter(|finding| finding.status == Status::Skip)
        .count();
    assert_eq!(skipped, 13, "{findings:#?}");
}

#[test]
fn a_script_outside_of_the_plugins_folder_is_not_asked_for() {
    let path = |path: &str| {
        script_path(&answer(
            200,
            &[],
            &format!(r#"[{{"id": "notifymatters", "webapp": {{"bundle_path": "{path}"}}}}]"#),
        ))
    };
    assert_eq!(
        path("/static/notifymatters/a.js").as_deref(),
        Some("/static/plugins/notifymatters/a.js")
    );
    assert_eq!(
        path("/static/plugins/notifymatters/a.js").as_deref(),
        Some("/static/plugins/notifymatters/a.js")
    );
    for other in [
        "",
        "@elsewhere.example/a.js",
        "/static/../a.js",
        "/a.js",
        "/static/a b.js",
    ] {
        assert_eq!(path(other), None, "{other}");
    }
}

#[test]
fn whoever_reads_german_is_told_in_german() {
    let mut facts = facts();
    facts.page = Err(Unreached::Refused);
    let found = findings(&facts, Language::German);
    let of = |id: &str| found.iter().find(|finding| finding.id == id).unwrap();
    assert_eq!(
        of("chat-answers").says,
        "https://chat.example.com antwortet nicht: dort nimmt niemand Verbindungen an (connection refused)."
    );
    assert_eq!(
        of("framing").says,
        "Mattermosts Seite konnte nicht gelesen werden."
    );
}
