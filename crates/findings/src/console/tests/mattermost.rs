//! The setting, the address in use, the WebSocket, strangers, the landing page.

use super::*;

#[test]
fn no_origin_at_all_is_a_problem() {
    let finding = found("origins", |case| case.origins.clear());
    told(
        &finding,
        Status::Fail,
        &[SAY.no_origins(), SAY.write_example()],
    );
}

#[test]
fn a_wrong_origin_is_put_right_in_the_field() {
    let pasted = "https://Mail.Example.com/webapp/";
    let finding = found("problem", |case| {
        case.problems = vec![problem(Flaw::Path, pasted, Some(MAIL))];
    });
    told(
        &finding,
        Status::Fail,
        &[SAY.problem_path(pasted), SAY.write_instead(MAIL)],
    );
    assert_eq!(finding.change, field(pasted, MAIL));
}

#[test]
fn what_cannot_be_guessed_has_no_button() {
    for (flaw, says, cure) in [
        (
            Flaw::Wildcard,
            SAY.problem_wildcard("x"),
            SAY.write_example(),
        ),
        (Flaw::Opaque, SAY.problem_opaque("x"), SAY.write_example()),
        (Flaw::TooMany, SAY.problem_too_many(), SAY.write_fewer()),
    ] {
        let finding = found("problem", |case| {
            case.problems = vec![problem(flaw, "x", None)];
        });
        told(&finding, Status::Fail, &[says, cure]);
        assert_eq!(finding.change, None);
    }
}

#[test]
fn a_site_url_that_is_missing_or_written_otherwise_than_the_address_in_use() {
    let site_url = |url: &'static str| {
        move |case: &mut Case| case.facts.configuration.site_url = Some(url.to_owned())
    };
    let missing = found("site-url", site_url(""));
    told(
        &missing,
        Status::Fail,
        &[SAY.site_url_missing(), SAY.site_url_write(CHAT)],
    );
    let same = found("site-url", site_url("https://Chat.example.com:443/sub"));
    told(&same, Status::Pass, &[SAY.site_url_same(CHAT)]);
}

#[test]
fn at_a_second_address_no_notification_comes_unless_its_web_socket_is_let_in() {
    let talk = "https://talk.example.com";
    let second = |cors: &'static str, connects: bool| {
        move |case: &mut Case| {
            case.facts.configuration.site_url = Some(talk.to_owned());
            case.facts.configuration.cors_from = cors.to_owned();
            case.facts.seen.connects = connects;
        }
    };
    let refused = [
        SAY.site_url_refused(CHAT, talk),
        SAY.site_url_use(talk),
        SAY.site_url_cors(CHAT),
    ];
    told(
        &found("site-url", second("", false)),
        Status::Fail,
        &refused,
    );
    assert_eq!(maybe("websocket", second("", false)), None);
    // Whatever the settings say, this browser saw that it works.
    let differs = [SAY.site_url_differs(CHAT, talk)];
    told(&found("site-url", second("", true)), Status::Note, &differs);
    for cors in ["*", "https://other.example.com https://chat.example.com"] {
        // Not the settings keep it out then.
        told(
            &found("site-url", second(cors, false)),
            Status::Note,
            &differs,
        );
        assert_eq!(
            found("websocket", second(cors, false)).status,
            Status::Fail,
            "{cors}"
        );
    }
}

#[test]
fn a_site_url_with_a_default_port_is_a_second_address_where_the_web_socket_is_refused() {
    let refused = |url: &'static str| {
        move |case: &mut Case| {
            case.facts.configuration.site_url = Some(url.to_owned());
            case.facts.seen.connects = false;
        }
    };
    let port = "https://chat.example.com:443/sub";
    assert_eq!(
        found("site-url", refused(port)).says,
        SAY.site_url_refused(CHAT, port)
    );
    let blocked = refused("https://Chat.example.com/sub");
    assert_eq!(found("site-url", blocked).status, Status::Pass);
    let address = "wss://chat.example.com/api/v4/websocket";
    told(
        &found("websocket", refused("https://Chat.example.com/sub")),
        Status::Fail,
        &[SAY.web_socket_blocked(address), SAY.web_socket_proxy()],
    );
    told(
        &found("websocket", |_| {}),
        Status::Pass,
        &[SAY.web_socket_open()],
    );
}

#[test]
fn a_page_that_any_site_may_frame_is_a_problem() {
    let open = |policy: &'static str, options: &'static str, setting: Option<&'static str>| {
        move |case: &mut Case| {
            case.facts.seen.page = Some(headers(policy, options));
            case.facts.configuration.frame_ancestors = setting.map(str::to_owned);
        }
    };
    // Mattermost names the right pages, and a proxy takes that away.
    let taken = found("strangers", open("", "", Some(MAIL)));
    told(
        &taken,
        Status::Fail,
        &[SAY.strangers_no_header(), SAY.strangers_proxy()],
    );
    assert!(taken.change.is_none() && taken.mends.is_empty());
    // It has to name them first.
    let unnamed = found("strangers", open("", "", Some("")));
    assert_eq!(unnamed.change, frame_ancestors("", MAIL));
    // Without the setting the proxy has to.
    let old = found("strangers", open("", "", None));
    told(
        &old,
        Status::Fail,
        &[SAY.strangers_no_header(), SAY.strangers_lines()],
    );
    assert!(old.mends.iter().any(|mend| mend.lines.contains(MAIL)));
    for (policy, options) in [
        ("frame-ancestors *", "SAMEORIGIN"),
        ("frame-ancestors 'self' https:", ""),
        // No browser knows it.
        ("script-src 'self'", "ALLOW-FROM https://mail.example.com"),
    ] {
        let header = headers(policy, options).document(CHAT).shown();
        let finding = found("strangers", open(policy, options, Some(MAIL)));
        told(
            &finding,
            Status::Fail,
            &[SAY.strangers_headers(&header), SAY.strangers_proxy()],
        );
    }
    told(
        &found("strangers", |_| {}),
        Status::Pass,
        &[SAY.strangers_refused()],
    );
    let unread = found("strangers", |case| case.facts.seen.page = None);
    told(&unread, Status::Skip, &[SAY.page_unread()]);
}

#[test]
fn what_lets_any_site_in_is_taken_out_of_mattermosts_own_setting() {
    let stored = "https://a.example *";
    let wild = |case: &mut Case| {
        case.facts.seen.page = Some(headers("frame-ancestors 'self' https://a.example *", ""));
        case.facts.configuration.frame_ancestors = Some(stored.to_owned());
    };
    let finding = found("strangers", wild);
    assert_eq!(finding.details, [SAY.strangers_setting()]);
    let to = "https://a.example https://mail.example.com";
    assert_eq!(finding.change, frame_ancestors(stored, to));
    let fixed = found("strangers", |case| {
        wild(case);
        case.facts.configuration.fixed.frame_ancestors = true;
    });
    let variable = "MM_SERVICESETTINGS_FRAMEANCESTORS";
    assert_eq!(
        fixed.details,
        [SAY.strangers_setting(), SAY.environment(variable)]
    );
}

#[test]
fn origins_that_the_environment_sets_are_mended_there_and_no_save_is_promised() {
    let variable = "MM_PLUGINSETTINGS_PLUGINS";
    let good = found("origins-environment", |case| {
        case.facts.configuration.fixed.plugins = true;
    });
    let sentences = [
        SAY.origins_environment(variable),
        SAY.origins_environment_entry(),
    ];
    told(&good, Status::Note, &sentences);
    let pasted = "https://mail.example.com/webapp/";
    let typed = |case: &mut Case| {
        case.facts.configuration.fixed.plugins = true;
        case.is_draft = true;
        case.origins = vec![origin("https://a.example"), origin("https://b.example")];
        case.problems = vec![
            problem(Flaw::Path, pasted, Some(MAIL)),
            problem(Flaw::Wildcard, "*", None),
            problem(Flaw::NoScheme, "b.example", Some("https://b.example")),
        ];
    };
    let finding = found("origins-environment", typed);
    told(&finding, Status::Warn, &sentences);
    assert_eq!(places(&finding), [variable]);
    assert_eq!(
        finding.mends[0].lines,
        "\"notifymatters\": {\"trustedorigin\":\"https://a.example https://b.example https://mail.example.com\"}"
    );
    assert_eq!(found("problem", typed).change, None);
    assert_eq!(maybe("origins-environment", |_| {}), None);
}

#[test]
fn a_key_that_was_written_by_hand_is_named_and_moves_into_the_field() {
    let both = "https://mail.example.com https://b.example";
    let by_hand = |case: &mut Case| {
        case.facts.configuration.spellings = vec![spelling("TrustedOrigin", both)];
    };
    let finding = found("spelling", by_hand);
    told(
        &finding,
        Status::Warn,
        &[
            SAY.spelling_hidden("TrustedOrigin", both),
            SAY.spelling_take_over(),
        ],
    );
    assert_eq!(finding.change, field("", both));
    for (old, status) in [
        ("https://old.example.com", Status::Warn),
        (MAIL, Status::Note),
    ] {
        let finding = found("spelling", |case| {
            case.facts
                .configuration
                .spellings
                .push(spelling("TrustedOrigin", old));
        });
        told(
            &finding,
            status,
            &[
                SAY.spelling_two("TrustedOrigin", old),
                SAY.spelling_remove("TrustedOrigin"),
            ],
        );
    }
}

#[test]
fn a_landing_page_is_switched_off_by_a_button_or_where_the_environment_sets_it() {
    let on = |case: &mut Case| case.facts.configuration.landing_page = Some(true);
    assert!(matches!(
        found("landing-page", on).change,
        Some(Change::Setting {
            key: "EnableDesktopLandingPage",
            ..
        })
    ));
    let fixed = found("landing-page", |case| {
        on(case);
        case.facts.configuration.fixed.landing_page = true;
    });
    let variable = "MM_SERVICESETTINGS_ENABLEDESKTOPLANDINGPAGE";
    told(
        &fixed,
        Status::Warn,
        &[SAY.landing_page_on(), SAY.environment(variable)],
    );
    assert_eq!(fixed.mends[0].lines, format!("{variable}=false"));
    // A server without the setting has no such page.
    let old = found("landing-page", |case| {
        case.facts.configuration.landing_page = None;
    });
    told(&old, Status::Pass, &[SAY.landing_page_off()]);
}
