//! Each finding of the embedding check, with the headers, cookies and settings that cause it.

use notifymatters_browser_tests::{Options, Outcome};
use serde_json::json;

use super::page::{Console, GENERAL};

/// The check's page, of a Mattermost whose settings are the usual ones.
async fn console() -> Outcome<Console> {
    Console::open(&Options::default()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_and_the_address_in_use() -> Outcome {
    let console = console().await?;
    let chat = console.chat();
    console
        .until_finds(GENERAL, "site-url", "good", &[&chat])
        .await?;
    for (site_url, level, words) in [
        ("", "problem", "has no Site URL"),
        (
            "https://talk.example.com",
            "problem",
            "never get a notification",
        ),
    ] {
        console.configure(&json!({ "ServiceSettings": { "SiteURL": site_url } }))?;
        console.check_again().await?;
        console
            .until_finds(GENERAL, "site-url", level, &[words, &chat])
            .await?;
    }

    console
        .until_finds(
            GENERAL,
            "landing-page",
            "warning",
            &["Where would you like to view this?"],
        )
        .await?;
    let environment = json!({ "ServiceSettings": { "EnableDesktopLandingPage": true } });
    console.scene.standin.order("/environment", &environment)?;
    console.check_again().await?;
    console
        .until_finds(
            GENERAL,
            "landing-page",
            "warning",
            &["MM_SERVICESETTINGS_ENABLEDESKTOPLANDINGPAGE=false"],
        )
        .await?;
    console.configure(&json!({ "ServiceSettings": { "EnableDesktopLandingPage": false } }))?;
    console.check_again().await?;
    console
        .until_finds(GENERAL, "landing-page", "good", &[])
        .await?;

    console.scene.standin.trust("")?;
    console.reload().await?;
    console
        .until_finds(GENERAL, "origins", "problem", &["No page is trusted"])
        .await?;
    console
        .scene
        .standin
        .trust("mail.example.com https://*.example.com null https://mail.example.com:0")?;
    console.reload().await?;
    for (index, words) in [
        "mail.example.com has no scheme",
        "https://*.example.com has a wildcard",
        "null is not an origin",
        "has a port that does not exist",
    ]
    .into_iter()
    .enumerate()
    {
        console
            .until_finds(GENERAL, &format!("problem-{index}"), "problem", &[words])
            .await?;
    }
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_frame_the_page_and_what_would_change_it() -> Outcome {
    let console = console().await?;
    let mail = console.mail();
    let standin = &console.scene.standin;
    let lacks = "its header Content-Security-Policy says “frame-ancestors 'self'”";
    console
        .until_finds(&mail, "framing", "problem", &[lacks, "Show the change"])
        .await?;

    // From the environment; then closed to this administrator.
    let environment = json!({ "ServiceSettings": { "FrameAncestors": true } });
    standin.order("/environment", &environment)?;
    console.check_again().await?;
    let line = format!("MM_SERVICESETTINGS_FRAMEANCESTORS=\"{mail}\"");
    console
        .until_finds(&mail, "framing", "problem", &[lacks, &line])
        .await?;
    standin.order("/environment", &json!({}))?;
    console.configure(&json!({ "ExperimentalSettings": { "RestrictSystemAdmin": true } }))?;
    console.check_again().await?;
    let line = format!("\"FrameAncestors\": \"{mail}\"");
    console
        .until_finds(&mail, "framing", "problem", &["closed to you", &line])
        .await?;

    // Mattermost allows it, and a proxy says something else.
    console.configure(&json!({ "ServiceSettings": { "FrameAncestors": mail } }))?;
    console.check_again().await?;
    console.until_finds(&mail, "framing", "good", &[]).await?;
    let proxy = json!({ "frame_ancestors": "", "script_src": "", "x_frame_options": "SAMEORIGIN" });
    standin.order("/policy", &proxy)?;
    console.check_again().await?;
    console
        .until_finds(
            &mail,
            "framing",
            "problem",
            &[
                "X-Frame-Options says “SAMEORIGIN”",
                "nginx",
                "Apache",
                "Caddy",
                "HAProxy",
            ],
        )
        .await?;
    standin.order("/policy", &json!({ "x_frame_options": "" }))?;
    console.check_again().await?;
    console.until_finds(&mail, "framing", "good", &[]).await?;

    // The page cannot be read; the path ends there.
    let fault = json!([{ "path": "/$", "status": 502, "body": "" }]);
    standin.order("/fault", &fault)?;
    console.check_again().await?;
    console
        .until_finds(&mail, "framing", "warning", &["could not be read"])
        .await?;
    console.assert_no_errors().await
}

/// What a server answers whose settings all come from its configuration, and one where a variable sets something else.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_environment_variables_is_checked_as_well() -> Outcome {
    let console = console().await?;
    let mail = console.mail();
    let site = console.scene.standin.site();
    let environment =
        format!("return fetch('{site}api/v4/config/environment').then((answer) => answer.text())");
    let answer = console.scene.here(&environment).await?;
    assert_eq!(answer.as_str().map(str::trim), Some("null"));
    let other = json!({ "ServiceSettings": { "SiteURL": true } });
    for environment in [json!({}), other] {
        console.scene.standin.order("/environment", &environment)?;
        console.check_again().await?;
        console
            .until_finds(&mail, "framing", "problem", &["Show the change"])
            .await?;
        console
            .until_finds(
                GENERAL,
                "landing-page",
                "warning",
                &["Switch that page off"],
            )
            .await?;
    }
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_mattermosts_place_is_told_as_such() -> Outcome {
    let console = console().await?;
    for path in [
        "/api/v4/config$",
        "/plugins/notifymatters/api/v1/diagnostics",
    ] {
        for body in ["<html>Log in here</html>", "null", "{}"] {
            let fault = json!([{ "path": path, "status": 200, "body": body }]);
            console.scene.standin.order("/fault", &fault)?;
            console.check_again().await?;
            console
                .until_status(&format!("at {}", path.trim_end_matches('$')))
                .await?;
        }
    }
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_address_gets_no_notification_unless_it_is_permitted() -> Outcome {
    let console = console().await?;
    let chat = console.chat();
    let talk = "https://talk.example.com";
    console.configure(&json!({ "ServiceSettings": { "SiteURL": talk } }))?;
    console.check_again().await?;
    let words = [talk, &chat, "refuses its WebSocket", "CORS"];
    console
        .until_finds(GENERAL, "site-url", "problem", &words)
        .await?;
    // It is true: Mattermost's own page at this address has no WebSocket.
    let connected = "return window.standin.socket.connected";
    console.reload().await?;
    assert_eq!(console.scene.here(connected).await?, false);

    console.configure(&json!({ "ServiceSettings": { "AllowCorsFrom": chat } }))?;
    console.check_again().await?;
    console
        .until_finds(GENERAL, "site-url", "note", &[talk, &chat])
        .await?;
    console
        .until_finds(GENERAL, "websocket", "good", &[])
        .await?;
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_socket_that_does_not_get_through_is_a_problem() -> Outcome {
    let console = console().await?;
    console
        .until_finds(GENERAL, "websocket", "good", &[])
        .await?;
    console
        .scene
        .standin
        .order("/websocket", &json!({ "up": false }))?;
    console.check_again().await?;
    let address = console.chat().replace("http", "ws") + "/api/v4/websocket";
    let words = [&*address, "no notification ever comes", "Upgrade"];
    console
        .until_finds(GENERAL, "websocket", "problem", &words)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_any_site_may_frame_is_a_problem() -> Outcome {
    let console = console().await?;
    let mail = console.mail();
    let none = json!({ "frame_ancestors": "", "x_frame_options": "", "script_src": "" });
    console.scene.standin.order("/policy", &none)?;
    console.check_again().await?;
    let words = [
        "neither frame-ancestors nor X-Frame-Options",
        "pass the header on",
    ];
    console
        .until_finds(GENERAL, "strangers", "problem", &words)
        .await?;
    // Before the header comes back, Mattermost has to know who may.
    console
        .press_in(GENERAL, "strangers", "button[aria-expanded]")
        .await?;
    console
        .press_in(GENERAL, "strangers", ".nm-change .btn-primary")
        .await?;
    console.until_status("Saved").await?;
    let written = console.configuration().await?;
    assert_eq!(written["ServiceSettings"]["FrameAncestors"], mail);
    let own = json!({ "frame_ancestors": "'self' {setting}", "x_frame_options": "SAMEORIGIN" });
    console.scene.standin.order("/policy", &own)?;
    console.check_again().await?;
    console.until_finds(&mail, "framing", "good", &[]).await?;
    console
        .until_finds(GENERAL, "strangers", "good", &[])
        .await?;
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn origins_that_the_environment_sets_are_mended_there() -> Outcome {
    let console = Console::start(&Options::default()).await?;
    let mail = console.mail();
    let environment = json!({ "PluginSettings": { "Plugins": true } });
    console.scene.standin.order("/environment", &environment)?;
    console.reload().await?;
    let entry = |origins: &str| format!("\"notifymatters\": {{\"trustedorigin\":\"{origins}\"}}");
    let variable = "MM_PLUGINSETTINGS_PLUGINS";
    console
        .until_finds(
            GENERAL,
            "origins-environment",
            "note",
            &[variable, &entry(&mail)],
        )
        .await?;

    let other = "https://other.example.com";
    console.type_setting(other).await?;
    console
        .until_finds(
            GENERAL,
            "origins-environment",
            "warning",
            &[variable, &entry(other)],
        )
        .await?;
    console.until_status("Save does not keep it").await?;
    // And so it is.
    assert_eq!(console.save().await?, "");
    console.until_checked().await?;
    assert_eq!(console.field().await?, mail);
    console
        .until_finds(GENERAL, "origins-environment", "note", &[&entry(&mail)])
        .await?;
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_written_by_hand_moves_into_the_field() -> Outcome {
    let console = Console::start(&Options::default()).await?;
    let mail = console.mail();
    let by_hand = |origins: &str| json!({ "TrustedOrigin": origins });
    console.scene.standin.order("/settings", &by_hand(&mail))?;
    console.reload().await?;
    assert_eq!(console.field().await?, "");
    console
        .until_finds(
            GENERAL,
            "spelling",
            "warning",
            &["TrustedOrigin", &mail, "it is empty"],
        )
        .await?;
    console.press_in(GENERAL, "spelling", "button").await?;
    assert_eq!(console.field().await?, mail);
    assert_eq!(console.save().await?, "");
    console
        .until_finds(
            GENERAL,
            "spelling",
            "note",
            &["TrustedOrigin", "mmctl config edit"],
        )
        .await?;
    console
        .until_finds(&mail, "framing", "problem", &[])
        .await?;
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mattermost_without_the_setting_gets_lines_for_the_proxy() -> Outcome {
    let console = Console::open(&Options {
        generation: 9,
        subpath: "/chat",
        ..Options::default()
    })
    .await?;
    let mail = console.mail();
    let ancestors = format!("frame-ancestors 'self' {mail}");
    console
        .until_finds(
            &mail,
            "framing",
            "problem",
            &[
                "has no setting for that",
                "add_header Content-Security-Policy $mattermost_policy always;",
                "Strict-Transport-Security",
                "Header edit Content-Security-Policy",
                "header_down Content-Security-Policy",
                "http-response replace-header Content-Security-Policy",
                &ancestors,
            ],
        )
        .await?;
    console.assert_no_errors().await
}

/// What no Mattermost on this machine can be is in the tests of `crates/findings`.
#[tokio::test(flavor = "multi_thread")]
async fn whether_the_session_reaches_the_frame_and_the_host_may_show_notifications() -> Outcome {
    let console = console().await?;
    let lost = "a login form that never ends";
    let use_https = "Use Mattermost with https";
    let (mail, chat) = (console.mail(), console.chat());
    let rows: [(&str, &str, &[&str], &str, &str); 5] = [
        (
            &mail,
            "good",
            &["both belong to the site example.localhost"],
            "good",
            "never leave this machine",
        ),
        (
            &chat,
            "good",
            &["both have the same address"],
            "good",
            "never leave this machine",
        ),
        (
            "https://portal.example.net",
            "problem",
            &[lost, use_https, "example.localhost"],
            "good",
            "use https",
        ),
        (
            "http://portal.example.net",
            "problem",
            &[lost, use_https],
            "problem",
            "no notifications on insecure pages",
        ),
        (
            "app://deskapp",
            "note",
            &["An application"],
            "note",
            "An application",
        ),
    ];
    let origins: Vec<&str> = rows.iter().map(|row| row.0).collect();
    console.type_setting(&origins.join(" ")).await?;
    for (origin, session, session_words, context, context_words) in rows {
        console
            .until_finds(origin, "session", session, session_words)
            .await?;
        console
            .until_finds(origin, "secure-context", context, &[context_words])
            .await?;
    }
    console.assert_no_errors().await
}

/// What follows from it is in the tests of `crates/findings`.
#[tokio::test(flavor = "multi_thread")]
async fn the_server_part_is_told_what_only_the_browser_sees() -> Outcome {
    let console = console().await?;
    let record = "window.sent = []; const own = window.fetch;
        window.fetch = (address, options) => { if (options?.body) { window.sent.push(options.body); } return own(address, options); };";
    console.scene.here(record).await?;
    console.check_again().await?;
    let sent = "return JSON.parse(window.sent.at(-1))";
    let sent = console.scene.here(sent).await?;
    let seen = &sent["facts"]["seen"];
    let words = "frame-ancestors 'self'";
    let policy = seen["page"]["policy"].as_str().unwrap_or_default();
    assert!(policy.contains(words), "{sent}");
    assert_eq!(
        (&seen["connects"], &sent["language"], &sent["site"]),
        (&json!(true), &json!("en"), &json!(console.chat()))
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn which_form_of_the_web_part_runs() -> Outcome {
    let console = console().await?;
    let mail = console.mail();
    console
        .until_finds(&mail, "plugin-files", "good", &["WebAssembly"])
        .await?;
    for (headers, words) in [
        (
            json!({ "X-Frame-Options": "SAMEORIGIN" }),
            "keeps their frame from loading",
        ),
        (
            json!({ "Content-Security-Policy": "frame-ancestors 'self'" }),
            "keeps their frame from loading",
        ),
        (
            json!({ "Content-Security-Policy": "script-src 'self'" }),
            "forbids WebAssembly",
        ),
    ] {
        for headers in [&json!(null), &headers] {
            let policy = json!({ "static_headers": headers });
            console.scene.standin.order("/policy", &policy)?;
        }
        console.check_again().await?;
        let words = [words, "runs as plain JavaScript instead"];
        console
            .until_finds(&mail, "plugin-files", "note", &words)
            .await?;
    }
    console
        .scene
        .standin
        .order("/policy", &json!({ "static_headers": null }))?;
    let fault =
        json!([{ "path": "/static/plugins/notifymatters/realm", "status": 404, "body": "" }]);
    console.scene.standin.order("/fault", &fault)?;
    console.check_again().await?;
    console
        .until_finds(&mail, "plugin-files", "warning", &["could not load a file"])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_lately() -> Outcome {
    let console = console().await?;
    let text = console.text().await?;
    assert!(text.contains("No page has asked this server yet"), "{text}");
    for host in [
        &*console.mail(),
        "https://b%C3%BCro.example",
        "https://büro.example",
    ] {
        let site = console.scene.standin.site();
        let script = format!(
            "return fetch('{site}plugins/notifymatters/api/v1/config?host={host}').then((answer) => answer.status)"
        );
        assert_eq!(console.scene.here(&script).await?, 200);
    }
    console.check_again().await?;
    let text = console.text().await?;
    let answered = text.find("Answered").unwrap_or(usize::MAX);
    let refused = text.find("Not trusted, so not answered").unwrap_or(0);
    let mail = text.rfind(&console.mail()).unwrap_or(0);
    assert!(answered < mail && mail < refused, "{text}");
    assert!(
        text.contains("https://xn--bro-hoa.example (reads büro.example) 2 times"),
        "{text}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_from_outside_is_text() -> Outcome {
    let console = console().await?;
    let markup = "https://<img/src=x/onerror=window.broken=1>.example";
    console.type_setting(markup).await?;
    console
        .until_finds(GENERAL, "problem-0", "problem", &[markup])
        .await?;
    let policy = json!({ "frame_ancestors": "'self' <b>bold</b>\u{202e}", "script_src": "" });
    console.scene.standin.order("/policy", &policy)?;
    console.type_setting("https://b.example").await?;
    console
        .until_finds("https://b.example", "framing", "problem", &[])
        .await?;
    console.check_again().await?;
    console
        .until_finds("https://b.example", "framing", "problem", &["<b>bold</b>"])
        .await?;
    let made = "return document.querySelectorAll('[data-testid=embedding-check] :is(img, b)').length + (window.broken ?? 0)";
    assert_eq!(console.scene.here(made).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_says_when_it_cannot_be_done() -> Outcome {
    let console = console().await?;
    for (status, words) in [
        (403, "Only a system administrator can see this check"),
        (502, "did not answer (HTTP 502)"),
        (200, "answered in Mattermost’s place"),
    ] {
        console.answer_diagnostics(status, "no JSON")?;
        console.check_again().await?;
        console.until_status(words).await?;
    }
    // The setting works without the check.
    console.type_setting("https://mail.example.com").await?;
    assert_eq!(console.save().await?, "");
    console.assert_no_errors().await
}
