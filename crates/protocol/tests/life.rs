//! A page's day: logins, changed settings, an unreachable server, and the plugin's own end.

mod common;

use std::time::Duration;

use common::*;
use notifymatters_protocol::limits::{
    LIVE_NOTIFICATIONS, LOAD_ATTEMPTS, LOAD_TIMEOUT, LONGEST_PAUSE, SPREAD, TRUSTED_ORIGINS,
};
use notifymatters_protocol::{Configuration, Field, Input, LoadFailure, Permission};

#[test]
fn an_enable_from_before_the_login_is_answered_after_it() {
    let mut page = Page::with_user(false);
    assert!(
        page.says(PARENT, MAIL, enable("granted")).is_empty(),
        "no request without a user"
    );
    page.waits(Duration::from_secs(3_600));
    assert_eq!(page.does(Input::UserChanged { present: true }), ["load"]);
    assert_eq!(
        page.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
}

#[test]
fn logging_out_closes_what_is_shown_and_another_user_is_served_anew() {
    let mut page = Page::served("granted");
    page.creates(1, "");
    assert_eq!(
        page.does(Input::UserChanged { present: false }),
        [
            close(PARENT, MAIL, 100),
            "dispatch 1 close".to_owned(),
            "restore".to_owned()
        ]
    );
    assert_eq!(page.session.permission(), Permission::Denied);
    assert_eq!(page.does(Input::UserChanged { present: true }), ["load"]);
    assert_eq!(
        page.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
}

#[test]
fn a_host_of_the_pages_own_origin_has_to_wait_for_a_user_too() {
    let mut page = Page::new();
    page.says(PARENT, CHAT, enable("granted"));
    assert_eq!(
        page.does(Input::UserChanged { present: false }),
        ["restore"]
    );
    assert!(page.says(PARENT, CHAT, enable("granted")).is_empty());
    assert_eq!(
        page.does(Input::UserChanged { present: true }),
        ["install".to_owned(), ok(PARENT, CHAT, "null")]
    );
}

#[test]
fn a_load_from_before_the_logout_is_worth_nothing_after_it() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.does(Input::UserChanged { present: false });
    assert!(page.loads(&[MAIL]).is_empty());
    assert_eq!(page.session.permission(), Permission::Denied);
}

#[test]
fn a_login_in_a_page_that_nobody_spoke_to_asks_nothing() {
    let mut page = Page::with_user(false);
    assert!(page.does(Input::UserChanged { present: true }).is_empty());
    assert!(page.does(Input::SettingsChanged).is_empty());
    assert_eq!(page.session.deadline(), None);
}

#[test]
fn a_change_that_a_page_has_no_use_for_yet_is_not_missed() {
    let mut page = Page::new();
    // A page of a trusted origin that is no host yet, and talks of other things.
    let mut other = enable("granted");
    other.content = None;
    page.says(PARENT, MAIL, other);
    assert!(page.loads(&[MAIL]).is_empty());
    assert!(page.does(Input::SettingsChanged).is_empty());
    assert_eq!(page.session.deadline(), None, "no request without a host");
    assert_eq!(page.says(PARENT, MAIL, enable("granted")), ["load"]);
    assert!(page.loads(&[PORTAL]).is_empty());
}

#[test]
fn an_origin_that_is_struck_gets_nothing_more_and_one_that_comes_back_is_served_again() {
    let mut page = Page::served("granted");
    page.creates(1, "");
    assert!(page.does(Input::SettingsChanged).is_empty());
    assert!(page.pause().unwrap() < SPREAD);
    assert_eq!(page.comes_due(), ["load"]);
    assert_eq!(
        page.loads(&[PORTAL]),
        ["note Struck", "dispatch 1 close", "restore"]
    );
    assert_eq!(page.creates(2, ""), ["dispatch 2 error"]);
    page.does(Input::SettingsChanged);
    page.comes_due();
    assert_eq!(
        page.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
    assert_eq!(page.creates(3, "").len(), 2);
}

#[test]
fn from_the_word_of_a_change_on_nothing_new_goes_to_an_origin_that_may_be_struck() {
    let mut page = Page::served("granted");
    page.creates(1, "");
    page.does(Input::SettingsChanged);
    assert!(page.creates(2, "").is_empty());
    assert_eq!(page.comes_due(), ["load"]);
    assert!(page.creates(3, "").is_empty());
    assert_eq!(
        page.loads(&[PORTAL]),
        [
            "note Struck",
            "dispatch 1 close",
            "dispatch 2 error",
            "dispatch 3 error",
            "restore"
        ]
    );
}

#[test]
fn what_was_held_back_while_a_changed_setting_was_read_goes_to_a_host_that_stays() {
    let mut page = Page::served("granted");
    page.does(Input::SettingsChanged);
    let limit = u32::try_from(LIVE_NOTIFICATIONS).unwrap();
    for notification in 0..limit {
        assert!(page.creates(notification, "").is_empty());
    }
    assert_eq!(page.creates(limit, ""), ["dispatch 0 error"]);
    page.comes_due();
    // Another change: the list that is on its way may be older than it.
    page.does(Input::SettingsChanged);
    assert!(page.loads(&[MAIL]).is_empty());
    page.comes_due();
    let expected: Vec<_> = (1..=limit)
        .flat_map(|notification| {
            [
                new(PARENT, MAIL, 99 + u64::from(notification), notification),
                format!("dispatch {notification} show"),
            ]
        })
        .collect();
    assert_eq!(page.loads(&[MAIL, PORTAL]), expected);
    assert_eq!(page.session.deadline(), None);
    assert_eq!(page.creates(0, "").len(), 4, "and all is as before");
}

#[test]
fn a_host_that_takes_over_while_a_changed_setting_is_read_waits_as_well() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.loads(&[MAIL, PORTAL]);
    page.does(Input::SettingsChanged);
    page.says(TOP, PORTAL, enable("granted"));
    assert!(page.creates(1, "").is_empty());
    page.comes_due();
    assert_eq!(
        page.loads(&[PORTAL]),
        [new(TOP, PORTAL, 100, 1), "dispatch 1 show".to_owned()]
    );
}

#[test]
fn a_changed_setting_holds_nothing_back_from_the_pages_own_origin() {
    let mut page = Page::new();
    page.says(PARENT, CHAT, enable("granted"));
    page.does(Input::SettingsChanged);
    assert_eq!(page.creates(1, "").len(), 2);
}

#[test]
fn a_struck_host_that_goes_on_talking_is_still_remembered_by_its_enable() {
    let mut page = Page::served("granted");
    page.does(Input::SettingsChanged);
    page.comes_due();
    page.loads(&[]);
    for _ in 0..100 {
        page.says(PARENT, MAIL, report("notification.onclick", 100));
    }
    page.does(Input::SettingsChanged);
    page.comes_due();
    assert_eq!(
        page.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
}

#[test]
fn of_a_struck_host_that_said_enable_twice_the_later_one_is_remembered() {
    let again = || letter("enable", Field::Is("granted"), Field::Absent, Some("later"));
    let mut page = Page::served("granted");
    page.says(PARENT, MAIL, again());
    page.does(Input::SettingsChanged);
    page.comes_due();
    page.loads(&[]);
    page.does(Input::SettingsChanged);
    page.comes_due();
    assert_eq!(
        page.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "\"later\"")]
    );
}

#[test]
fn an_origin_that_is_added_is_served_from_the_enable_it_sent_before() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    assert_eq!(page.loads(&[PORTAL]), Vec::<String>::new());
    page.does(Input::SettingsChanged);
    assert_eq!(page.comes_due(), ["load"]);
    assert_eq!(
        page.loads(&[PORTAL, MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
}

#[test]
fn pages_read_a_changed_setting_at_moments_spread_over_three_seconds() {
    let mut pauses: Vec<_> = (0..200)
        .map(|seed| {
            let mut page = Page::with_seed(seed);
            page.says(PARENT, MAIL, enable("granted"));
            page.loads(&[MAIL]);
            page.does(Input::SettingsChanged);
            page.pause().unwrap()
        })
        .collect();
    pauses.sort_unstable();
    assert!(pauses[199] < Duration::from_secs(3));
    // 200 moments in three seconds lie 15 ms apart; that a gap of 300 ms stays empty has a chance of less than 1 in 10^8.
    let gaps = pauses.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(gaps.max().unwrap() < Duration::from_millis(300));
    assert!(pauses[0] < Duration::from_millis(300));
    assert!(pauses[199] > Duration::from_millis(2_700));
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
fn a_failing_load_is_repeated_with_growing_pauses_and_given_up_in_the_end() {
    for failure in [
        LoadFailure::Unreachable,
        LoadFailure::Status(500),
        LoadFailure::Status(401),
        LoadFailure::Malformed,
    ] {
        let mut page = Page::new();
        page.says(PARENT, MAIL, enable("granted"));
        let mut lines = page.fails(failure);
        assert_eq!(lines, ["note NoConfiguration"]);
        // A load and seven more, up to half as much later by chance.
        for seconds in [1, 2, 4, 8, 16, 32, 60] {
            let least = Duration::from_secs(seconds);
            let pause = page.pause().unwrap();
            assert!(
                pause >= least && pause < least * 3 / 2,
                "{pause:?} instead of {least:?}"
            );
            assert_eq!(page.comes_due(), ["load"]);
            assert!(lines.is_empty() || seconds == 1, "said once");
            lines = page.fails(failure);
        }
        assert_eq!(lines, ["note GaveUp"]);
        assert_eq!(page.session.deadline(), None);
        assert!(
            page.says(PARENT, MAIL, enable("granted")).is_empty(),
            "not at every message"
        );
        page.waits(LONGEST_PAUSE);
        assert_eq!(page.says(PARENT, MAIL, enable("granted")), ["load"]);
        assert_eq!(
            page.loads(&[MAIL]),
            ["install".to_owned(), ok(PARENT, MAIL, "null")]
        );
    }
}

#[test]
fn a_reconnected_websocket_ends_the_giving_up() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.fails(LoadFailure::Unreachable);
    for _ in 1..LOAD_ATTEMPTS {
        page.comes_due();
        page.fails(LoadFailure::Unreachable);
    }
    page.does(Input::SettingsChanged);
    assert_eq!(page.comes_due(), ["load"]);
}

#[test]
fn a_host_stays_while_the_settings_are_read_again_and_goes_if_they_cannot_be() {
    let mut page = Page::served("granted");
    page.does(Input::SettingsChanged);
    page.comes_due();
    page.fails(LoadFailure::Status(500));
    assert_eq!(page.session.permission(), Permission::Granted);
    assert!(page.creates(1, "").is_empty(), "held back");
    let mut last = Vec::new();
    for _ in 1..LOAD_ATTEMPTS {
        page.comes_due();
        last = page.fails(LoadFailure::Status(500));
    }
    assert_eq!(last, ["note GaveUp", "dispatch 1 error", "restore"]);
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

#[test]
fn the_end_restores_the_page_answers_every_call_and_hands_over_the_enable() {
    let mut page = Page::served("denied");
    page.asks(1);
    assert_eq!(page.does(Input::Shutdown), ["settle 1 denied", "restore"]);
    let letters = page.session.take_letters();
    assert_eq!(letters.len(), 1);
    assert!(page.says(PARENT, MAIL, enable("granted")).is_empty());
    assert_eq!(page.asks(2), ["settle 2 denied"]);
    assert_eq!(page.creates(1, ""), ["dispatch 1 error"]);
    assert!(page.does(Input::Shutdown).is_empty());
    assert_eq!(page.session.deadline(), None);

    let mut upgraded = Page::new();
    upgraded.says(PARENT, MAIL, letters.into_iter().next().unwrap());
    assert_eq!(
        upgraded.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
}

#[test]
fn at_the_end_the_host_keeps_what_it_shows() {
    let mut page = Page::served("granted");
    page.creates(1, "");
    assert_eq!(page.does(Input::Shutdown), ["dispatch 1 close", "restore"]);
}
