//! Each finding of the embedding check, with the headers, cookies and settings that cause it.

use notifymatters_browser_tests::{Options, Outcome};
use serde_json::json;

use super::page::{Console, GENERAL};

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_and_the_address_in_use() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    let chat = console.chat();
    console
        .until_finds(GENERAL, "site-url", "good", &[&chat])
        .await?;
    for (site_url, level, words) in [
        ("", "problem", "has no Site URL"),
        (
            "https://talk.example.com",
            "warning",
            "its Site URL is https://talk.example.com",
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
        "null is no origin",
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
    let console = Console::open(&Options::default()).await?;
    let mail = console.mail();
    let standin = &console.scene.standin;
    let lacks = "its header Content-Security-Policy says “frame-ancestors 'self'”";
    console
        .until_finds(
            &mail,
            "framing",
            "problem",
            &[lacks, "Show what will be written"],
        )
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
        .until_finds(&mail, "framing", "warning", &["could not read the headers"])
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
                "Header unset X-Frame-Options",
                "header_down -X-Frame-Options",
                &ancestors,
                "chat.example.localhost",
            ],
        )
        .await?;
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_the_session_reaches_the_frame() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    console
        .until_finds(
            &console.mail(),
            "session",
            "good",
            &["both belong to the site example.localhost"],
        )
        .await?;

    let portal = "https://portal.example.net";
    let lost = "a login form that never ends";
    for (relation, cookies, level, words) in [
        (
            "cross_site",
            "need_embedded_login",
            "problem",
            &[lost, "example.localhost", "does not carry it", "Firefox"][..],
        ),
        (
            "other_scheme",
            "need_embedded_login",
            "problem",
            &["http and https are two sites", lost],
        ),
        (
            "cross_site",
            "never_reach",
            "problem",
            &[lost, "Use Mattermost with https"],
        ),
        ("cross_site", "application", "note", &["An application"]),
        ("same_origin", "reach", "good", &["both have one address"]),
    ] {
        console.report(&json!({
            "origin": portal, "relation": relation, "context": "https", "cookies": cookies,
        }))?;
        console.check_again().await?;
        console.until_finds(portal, "session", level, words).await?;
    }

    console.report(&json!({
        "origin": portal, "relation": "cross_site", "context": "https", "cookies": "need_embedded_login",
    }))?;
    console
        .scene
        .here("document.cookie = 'MMEMBED=1; path=/'")
        .await?;
    console.check_again().await?;
    console
        .until_finds(
            portal,
            "session",
            "warning",
            &["carries the cookie MMEMBED=1", "Safari"],
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_the_host_may_show_notifications() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    console
        .until_finds(
            &console.mail(),
            "https",
            "good",
            &["never leave this machine"],
        )
        .await?;
    let portal = "http://portal.example.net";
    for (context, mixed, level, words) in [
        ("https", None, "good", "use https"),
        (
            "insecure",
            Some("host_insecure"),
            "problem",
            "no notifications on insecure pages",
        ),
        ("application", None, "note", "An application"),
        (
            "https",
            Some("frame_blocked"),
            "problem",
            "used with http, inside https pages",
        ),
    ] {
        console.report(&json!({
            "origin": portal, "relation": "cross_site", "context": context, "cookies": "never_reach", "mixed": mixed,
        }))?;
        console.check_again().await?;
        console
            .until_finds(portal, "https", level, &[words])
            .await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn which_form_of_the_web_part_runs() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    let mail = console.mail();
    console
        .until_finds(&mail, "web-part", "good", &["WebAssembly"])
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
            .until_finds(&mail, "web-part", "note", &words)
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
        .until_finds(&mail, "web-part", "warning", &["could not load a file"])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_lately() -> Outcome {
    let console = Console::open(&Options::default()).await?;
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
    let console = Console::open(&Options::default()).await?;
    let markup = "https://<img/src=x/onerror=window.broken=1>.example";
    console.type_setting(markup).await?;
    console
        .until_finds(GENERAL, "problem-0", "problem", &[markup])
        .await?;
    let policy = json!({ "frame_ancestors": "'self' <b>bold</b>\u{202e}", "script_src": "" });
    console.scene.standin.order("/policy", &policy)?;
    console.type_setting("https://b.example").await?;
    console
        .until_finds("https://b.example", "framing", "problem", &["<b>bold</b>"])
        .await?;
    let made = "return document.querySelectorAll('[data-testid=embedding-check] :is(img, b)').length + (window.broken ?? 0)";
    assert_eq!(console.scene.here(made).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_says_when_it_cannot_be_done() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    for (status, words) in [
        (403, "Only a system administrator can see this check"),
        (502, "did not answer (HTTP 502)"),
        (200, "could not be done"),
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
