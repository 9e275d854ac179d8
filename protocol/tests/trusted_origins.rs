//! The list of trusted origins: how it is read, how it ages, and what waits meanwhile.

mod common;

use std::time::Duration;

use common::*;
use notifymatters_protocol::limits::{
    HOLD, LIST_AGE, LOAD_TIMEOUT, LONGEST_PAUSE, RENEWAL_SPREAD, SPREAD, TRUSTED_ORIGINS,
};
use notifymatters_protocol::{Configuration, Input, LoadFailure, Permission};

#[test]
fn pages_read_a_changed_setting_at_moments_spread_over_three_seconds() {
    spread_evenly(SPREAD, |page| {
        page.does(Input::SettingsChanged);
    });
}

#[test]
fn an_unchanged_setting_changes_nothing() {
    let mut page = Page::served("granted");
    page.does(Input::SettingsChanged);
    page.comes_due();
    assert!(page.loads(&[MAIL]).is_empty());
    assert_eq!(page.session.permission(), Permission::Granted);
}

#[test]
fn a_change_during_a_load_is_followed_by_another_load() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.does(Input::SettingsChanged);
    page.loads(&[MAIL]);
    assert!(page.pause().unwrap() < SPREAD);
    assert_eq!(page.comes_due(), ["load"]);
}

#[test]
fn a_hundred_changes_in_a_row_are_one_load() {
    let mut page = Page::served("granted");
    for _ in 0..100 {
        page.does(Input::SettingsChanged);
    }
    assert_eq!(page.comes_due(), ["load"]);
    page.loads(&[MAIL]);
    assert_eq!(page.session.deadline(), None);
}

#[test]
fn a_failing_load_is_repeated_with_growing_pauses_until_the_host_is_answered() {
    for failure in [
        LoadFailure::Unreachable,
        LoadFailure::Status(502),
        LoadFailure::Status(401),
        LoadFailure::Malformed,
    ] {
        let mut page = Page::new();
        page.says(PARENT, MAIL, enable("granted"));
        assert_eq!(page.fails(failure), ["note NoConfiguration"]);
        // Up to half as much later by chance.
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60, 60, 60] {
            let least = Duration::from_secs(seconds);
            let pause = page.pause().unwrap();
            assert!(
                pause >= least && pause < least * 3 / 2,
                "{pause:?} instead of {least:?}"
            );
            assert!(
                page.says(PARENT, MAIL, enable("granted")).is_empty(),
                "not at every message"
            );
            assert_eq!(page.comes_due(), ["load"]);
            assert!(page.fails(failure).is_empty(), "said once");
        }
        page.comes_due();
        assert_eq!(
            page.loads(&[MAIL]),
            ["install".to_owned(), ok(PARENT, MAIL, "null")]
        );
        assert_eq!(page.session.deadline(), None);
    }
}

#[test]
fn a_server_that_cannot_be_asked_for_a_week_is_still_asked_once_a_minute() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    for _ in 0..7 * 24 * 60 {
        page.fails(LoadFailure::Unreachable);
        assert!(page.pause().unwrap() <= LONGEST_PAUSE * 3 / 2);
        assert_eq!(page.comes_due(), ["load"]);
    }
    assert_eq!(page.loads(&[MAIL]).len(), 2);
}

#[test]
fn a_reconnected_websocket_cuts_the_pauses_short() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.fails(LoadFailure::Unreachable);
    for _ in 0..20 {
        page.comes_due();
        page.fails(LoadFailure::Unreachable);
    }
    page.does(Input::SettingsChanged);
    assert!(page.pause().unwrap() < SPREAD);
    assert_eq!(page.comes_due(), ["load"]);
    page.fails(LoadFailure::Unreachable);
    assert!(page.pause().unwrap() < Duration::from_secs(2));
}

#[test]
fn minutes_of_errors_behind_a_healthy_websocket_cost_a_host_no_more_than_a_delay() {
    let mut page = Page::served("granted");
    page.does(Input::SettingsChanged);
    page.comes_due();
    assert_eq!(
        page.fails(LoadFailure::Status(502)),
        ["note NoConfiguration"]
    );
    page.comes_due();
    for _ in 0..4 {
        page.fails(LoadFailure::Status(502));
        page.comes_due();
    }
    assert!(page.creates(1, "").is_empty(), "held back");
    for _ in 0..3 {
        page.fails(LoadFailure::Status(502));
        assert_eq!(page.comes_due(), ["load"]);
        assert_eq!(page.session.permission(), Permission::Granted);
    }
    assert_eq!(
        page.loads(&[MAIL]),
        [new(PARENT, MAIL, 100, 1), "dispatch 1 show".to_owned()]
    );
    assert_eq!(page.session.deadline(), None);
}

#[test]
fn a_notification_waits_five_minutes_at_most_for_a_server_that_cannot_be_asked() {
    let mut page = Page::served("granted");
    page.does(Input::SettingsChanged);
    page.creates(1, "");
    let mut waited = Duration::ZERO;
    let error = loop {
        waited += page.pause().unwrap();
        let lines = page.comes_due();
        if lines.first().is_some_and(|line| line == "load") {
            page.fails(LoadFailure::Status(502));
        } else {
            break lines;
        }
    };
    assert_eq!(error, ["dispatch 1 error"]);
    assert_eq!(waited, HOLD);
}

/// A page with a host whose WebSocket never worked: nobody tells it of a change.
fn page_with_an_old_list(permission: &str) -> Page {
    let mut page = Page::served(permission);
    page.waits(LIST_AGE);
    assert_eq!(page.session.deadline(), None, "a quiet page does not ask");
    page
}

#[test]
fn a_struck_host_of_which_nobody_tells_gets_nothing_past_the_age_of_the_list() {
    let mut page = Page::served("granted");
    page.waits(LIST_AGE - Duration::from_millis(1));
    assert_eq!(page.creates(1, "").len(), 2, "the list is young enough");
    page.waits(Duration::from_millis(1));
    assert!(page.creates(2, "").is_empty());
    assert_eq!(page.comes_due(), ["load"]);
    assert_eq!(
        page.loads(&[PORTAL]),
        [
            "note Struck",
            "dispatch 1 close",
            "dispatch 2 error",
            "restore"
        ]
    );
}

#[test]
fn a_host_that_stays_gets_what_waited_for_a_new_list_in_order_and_the_next_at_once() {
    let mut page = page_with_an_old_list("granted");
    assert!(page.creates(1, "").is_empty());
    assert!(page.creates(2, "").is_empty());
    assert!(page.pause().unwrap() < RENEWAL_SPREAD);
    page.comes_due();
    assert_eq!(
        page.loads(&[MAIL]),
        [
            new(PARENT, MAIL, 100, 1),
            new(PARENT, MAIL, 101, 2),
            "dispatch 1 show".to_owned(),
            "dispatch 2 show".to_owned()
        ]
    );
    assert_eq!(page.creates(3, "").len(), 2);
    assert_eq!(page.session.deadline(), None);
}

#[test]
fn a_lists_age_counts_from_the_moment_at_which_it_was_asked_for() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.waits(LOAD_TIMEOUT / 2);
    page.loads(&[MAIL]);
    page.waits(LIST_AGE - LOAD_TIMEOUT / 2);
    assert!(page.creates(1, "").is_empty());
    assert_eq!(page.comes_due(), ["load"]);
}

#[test]
fn an_enable_past_the_age_of_the_list_is_answered_from_a_new_one() {
    for from in [MAIL, PORTAL] {
        let mut page = Page::new();
        page.says(PARENT, MAIL, enable("granted"));
        page.loads(&[MAIL, PORTAL]);
        page.waits(LIST_AGE);
        assert!(page.says(PARENT, from, enable("granted")).is_empty());
        assert!(page.pause().unwrap() < RENEWAL_SPREAD);
        assert_eq!(page.comes_due(), ["load"]);
        let lines = page.loads(&[PORTAL]);
        assert_eq!(
            lines.contains(&ok(PARENT, from, "null")),
            from == PORTAL,
            "{lines:?}"
        );
    }
}

#[test]
fn an_origin_that_was_added_without_a_word_is_served_past_the_age_of_the_list() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.loads(&[PORTAL]);
    page.waits(LIST_AGE);
    assert!(
        page.says(PARENT, MAIL, enable("granted")).is_empty(),
        "no word about an old list"
    );
    assert_eq!(page.comes_due(), ["load"]);
    assert_eq!(
        page.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
}

#[test]
fn what_the_host_reports_past_the_age_of_the_list_is_heard_and_asks_nothing() {
    let mut page = Page::served("granted");
    page.creates(1, "");
    page.waits(LIST_AGE);
    assert_eq!(
        page.says(PARENT, MAIL, report("notification.onclick", 100)),
        ["dispatch 1 click"]
    );
    assert_eq!(
        page.does(Input::Close { notification: 1 }),
        [close(PARENT, MAIL, 100), "dispatch 1 close".to_owned()]
    );
    assert_eq!(page.session.deadline(), None);
}

#[test]
fn what_waits_for_the_hosts_permission_asks_for_a_list_only_when_it_is_granted() {
    let mut page = page_with_an_old_list("default");
    page.creates(1, "");
    assert_eq!(page.pause(), Some(HOLD), "no load");
    page.does(Input::Gesture);
    assert_eq!(
        page.says(PARENT, MAIL, resolve(100, "granted")),
        Vec::<String>::new()
    );
    assert_eq!(page.comes_due(), ["load"]);
    assert_eq!(
        page.loads(&[MAIL]),
        [new(PARENT, MAIL, 101, 1), "dispatch 1 show".to_owned()]
    );
}

#[test]
fn a_host_of_the_pages_own_origin_needs_no_list_however_old() {
    let mut page = Page::new();
    page.says(PARENT, CHAT, enable("granted"));
    page.waits(LIST_AGE * 2);
    assert_eq!(page.creates(1, "").len(), 2);
    assert_eq!(
        page.says(PARENT, CHAT, enable("granted")),
        [ok(PARENT, CHAT, "null")]
    );
}

#[test]
fn pages_that_one_post_notifies_ask_for_a_new_list_at_moments_spread_over_a_second() {
    spread_evenly(RENEWAL_SPREAD, |page| {
        page.waits(LIST_AGE);
        page.creates(1, "");
    });
}

#[test]
fn the_settings_are_read_on_behalf_of_the_page_that_is_judged() {
    // The first to ask, whoever speaks meanwhile.
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.says(TOP, STRANGER, enable("granted"));
    assert_eq!(page.on_behalf_of, Some(origin(MAIL)));
    page.fails(LoadFailure::Unreachable);
    page.comes_due();
    assert_eq!(page.on_behalf_of, Some(origin(MAIL)));
    page.loads(&[MAIL]);

    // The host in charge, whoever spoke last.
    page.on_behalf_of = None;
    page.says(TOP, STRANGER, enable("granted"));
    page.does(Input::SettingsChanged);
    page.comes_due();
    assert_eq!(page.on_behalf_of, Some(origin(MAIL)));
    page.loads(&[MAIL]);

    // Whoever says something that an old list would judge.
    page.waits(LIST_AGE);
    page.says(TOP, PORTAL, enable("granted"));
    page.comes_due();
    assert_eq!(page.on_behalf_of, Some(origin(PORTAL)));
    page.loads(&[MAIL]);

    // The host, where a notification of its asks.
    page.waits(LIST_AGE);
    page.creates(1, "");
    page.comes_due();
    assert_eq!(page.on_behalf_of, Some(origin(MAIL)));
}

#[test]
fn a_load_that_never_ends_counts_as_failed_and_its_late_answer_is_ignored() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    assert_eq!(page.pause(), Some(LOAD_TIMEOUT));
    assert_eq!(page.comes_due(), ["note NoConfiguration"]);
    assert!(page.loads(&[MAIL]).is_empty());
    assert_eq!(page.comes_due(), ["load"]);
    assert_eq!(
        page.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
}

#[test]
fn an_answer_that_a_frozen_page_hears_of_too_late_is_asked_for_again() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.waits(Duration::from_secs(3_600));
    assert_eq!(page.loads(&[MAIL]), ["note NoConfiguration"]);
    assert_eq!(page.comes_due(), ["load"]);
    assert_eq!(page.loads(&[MAIL]).len(), 2);
}

#[test]
fn a_timer_told_too_early_does_no_harm() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    for _ in 0..10 {
        assert!(page.does(Input::TimerDue).is_empty());
    }
    assert_eq!(page.loads(&[MAIL]).len(), 2);
    page.does(Input::SettingsChanged);
    assert!(page.does(Input::TimerDue).is_empty());
    assert_eq!(page.comes_due(), ["load"]);
}

#[test]
fn a_configuration_beyond_its_bound_is_none() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    let many: Vec<_> = (0..=TRUSTED_ORIGINS)
        .map(|number| format!("https://host{number}.example"))
        .collect();
    let Configuration {
        trusted_origins, ..
    } = configuration(&many.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(trusted_origins.len() > TRUSTED_ORIGINS);
    assert_eq!(
        page.loads(&many.iter().map(String::as_str).collect::<Vec<_>>()),
        ["note NoConfiguration"]
    );
}
