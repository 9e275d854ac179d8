//! A page's day: logins, changed settings, and the plugin's own end.

mod common;

use std::time::Duration;

use common::*;
use notifymatters_protocol::limits::{LIVE_NOTIFICATIONS, SPREAD};
use notifymatters_protocol::{Field, Input, Permission, Relation};

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
    let posts = (1..=limit).map(|number| new(PARENT, MAIL, 99 + u64::from(number), number));
    let shows = (1..=limit).map(|number| format!("dispatch {number} show"));
    let expected: Vec<_> = posts.chain(shows).collect();
    assert_eq!(page.loads(&[MAIL, PORTAL]), expected);
    assert_eq!(page.session.deadline(), None);
    assert_eq!(page.creates(0, "").len(), 4, "and all is as before");
}

#[test]
fn a_host_that_takes_over_while_a_changed_setting_is_read_waits_for_it() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.loads(&[MAIL, PORTAL]);
    page.does(Input::SettingsChanged);
    assert!(page.says(TOP, PORTAL, enable("granted")).is_empty());
    assert!(page.creates(1, "").is_empty());
    page.comes_due();
    assert_eq!(
        page.loads(&[MAIL, PORTAL]),
        [
            ok(TOP, PORTAL, "null"),
            new(TOP, PORTAL, 100, 1),
            "dispatch 1 show".to_owned()
        ]
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
    let again = || message("enable", Field::Is("granted"), Field::Absent, Some("later"));
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
fn what_mattermost_closes_by_itself_while_the_settings_are_read_is_shown_all_the_same() {
    let mut page = Page::served("granted");
    page.does(Input::SettingsChanged);
    page.creates(1, "");
    page.comes_due();
    page.waits(Duration::from_secs(5));
    page.does(Input::Close { notification: 1 });
    assert_eq!(page.loads(&[MAIL]), [new(PARENT, MAIL, 100, 1)]);
}

#[test]
fn the_end_restores_the_page_answers_every_call_and_hands_over_the_enable() {
    let mut page = Page::served("denied");
    page.asks(1);
    assert_eq!(
        page.does(Input::Shutdown),
        ["settle 1 denied", "restore", "hand over"]
    );
    assert!(page.says(PARENT, MAIL, enable("granted")).is_empty());
    assert_eq!(page.asks(2), ["settle 2 denied"]);
    assert_eq!(page.creates(1, ""), ["dispatch 1 error"]);
    assert!(page.does(Input::Shutdown).is_empty());
    assert_eq!(page.session.deadline(), None);

    let mut upgraded = successor(page);
    assert_eq!(
        upgraded.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
}

/// The page after an upgrade: a new session that is told what the one before handed over.
fn successor(before: Page) -> Page {
    let mut page = Page::new();
    for (message, learned) in before.handed_over {
        page.does(Input::Message {
            window: PARENT,
            origin: Some(origin(MAIL)),
            relation: Relation::Embedder,
            message,
            learned,
        });
    }
    page
}

#[test]
fn a_permission_that_was_granted_meanwhile_outlives_an_upgrade() {
    let mut page = Page::served("default");
    page.does(Input::Gesture);
    page.says(PARENT, MAIL, resolve(100, "granted"));
    page.does(Input::Shutdown);
    let mut upgraded = successor(page);
    assert_eq!(
        upgraded.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")],
        "no gesture is waited for"
    );
    assert_eq!(upgraded.creates(1, "").len(), 2, "nothing is held");

    // Once more, before the successor had a list.
    upgraded.does(Input::Shutdown);
    let mut early = successor(upgraded);
    early.does(Input::Shutdown);
    let mut last = successor(early);
    last.loads(&[MAIL]);
    assert_eq!(last.creates(1, "").len(), 2);
}

#[test]
fn what_a_host_says_after_the_upgrade_counts_more_than_what_was_learned_before() {
    let mut page = Page::served("granted");
    page.does(Input::Shutdown);
    let mut upgraded = successor(page);
    upgraded.says(PARENT, MAIL, enable("denied"));
    upgraded.loads(&[MAIL]);
    assert_eq!(upgraded.session.permission(), Permission::Denied);
}

#[test]
fn a_host_that_says_enable_while_the_settings_are_read_and_is_struck_is_remembered_by_it() {
    let again = || message("enable", Field::Is("granted"), Field::Absent, Some("later"));
    let mut page = Page::served("denied");
    page.does(Input::SettingsChanged);
    page.says(PARENT, MAIL, again());
    page.comes_due();
    page.loads(&[]);
    page.does(Input::SettingsChanged);
    page.comes_due();
    assert_eq!(
        page.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "\"later\"")]
    );
    assert_eq!(page.session.permission(), Permission::Granted);
}

#[test]
fn at_the_end_the_host_keeps_what_it_shows() {
    let mut page = Page::served("granted");
    page.creates(1, "");
    assert_eq!(
        page.does(Input::Shutdown),
        ["dispatch 1 close", "restore", "hand over"]
    );
}
