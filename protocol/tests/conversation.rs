//! The conversation of version 20171130 between a page and a host that it trusts.

mod common;

use common::*;
use notifymatters_protocol::limits::{LIVE_NOTIFICATIONS, WAITING_REQUESTS};
use notifymatters_protocol::{Field, Input, Permission};

#[test]
fn the_first_enable_waits_for_the_configuration_and_is_then_answered() {
    let mut page = Page::new();
    assert_eq!(page.says(PARENT, MAIL, enable("granted")), ["load"]);
    assert_eq!(page.session.permission(), Permission::Denied);
    assert_eq!(
        page.loads(&[MAIL, PORTAL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
    assert_eq!(page.session.permission(), Permission::Granted);
    assert_eq!(page.session.deadline(), None);
}

#[test]
fn repeated_enables_before_the_configuration_are_answered_once() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    for _ in 0..100 {
        assert!(page.says(PARENT, MAIL, enable("granted")).is_empty());
    }
    assert_eq!(
        page.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
}

#[test]
fn two_hosts_that_asked_before_the_configuration_are_both_answered_and_the_later_is_served() {
    for (window, from) in [(TOP, PORTAL), (PARENT, PORTAL), (TOP, MAIL)] {
        let mut page = Page::new();
        page.says(PARENT, MAIL, enable("granted"));
        page.says(window, from, enable("granted"));
        assert_eq!(
            page.loads(&[MAIL, PORTAL]),
            [
                "install".to_owned(),
                ok(PARENT, MAIL, "null"),
                ok(window, from, "null")
            ]
        );
        assert_eq!(page.creates(1, "")[0], new(window, from, 100, 1));
    }
}

#[test]
fn enable_is_idempotent_and_each_one_is_answered_with_its_state() {
    let mut page = Page::served("granted");
    for state in ["\"a\"", "\"b\""] {
        let again = message(
            "enable",
            Field::Is("granted"),
            Field::Absent,
            Some(state.trim_matches('"')),
        );
        assert_eq!(page.says(PARENT, MAIL, again), [ok(PARENT, MAIL, state)]);
    }
}

#[test]
fn the_pages_own_origin_is_served_without_any_configuration() {
    let mut page = Page::new();
    assert_eq!(
        page.says(PARENT, CHAT, enable("granted")),
        ["install".to_owned(), ok(PARENT, CHAT, "null")]
    );
}

#[test]
fn a_notification_goes_to_the_host_and_its_click_and_close_come_back() {
    let mut page = Page::served("granted");
    assert_eq!(
        page.creates(1, ""),
        [new(PARENT, MAIL, 100, 1), "dispatch 1 show".to_owned()]
    );
    assert_eq!(
        page.creates(2, ""),
        [new(PARENT, MAIL, 101, 2), "dispatch 2 show".to_owned()]
    );
    assert_eq!(
        page.says(PARENT, MAIL, report("notification.onclick", 101)),
        ["dispatch 2 click"]
    );
    assert_eq!(
        page.says(PARENT, MAIL, report("notification.onclick", 101)),
        ["dispatch 2 click"]
    );
    assert_eq!(
        page.says(PARENT, MAIL, report("notification.onclose", 101)),
        ["dispatch 2 close"]
    );
    // Late reports are no offence, so nothing is said about them.
    assert!(
        page.says(PARENT, MAIL, report("notification.onclick", 101))
            .is_empty()
    );
    assert!(
        page.says(PARENT, MAIL, report("notification.onclose", 101))
            .is_empty()
    );
    assert_eq!(
        page.says(PARENT, MAIL, report("notification.onclick", 100)),
        ["dispatch 1 click"]
    );
}

#[test]
fn a_notification_that_the_page_closes_is_closed_at_the_host_once() {
    let mut page = Page::served("granted");
    page.creates(1, "");
    assert_eq!(
        page.does(Input::Close { notification: 1 }),
        [close(PARENT, MAIL, 100), "dispatch 1 close".to_owned()]
    );
    assert!(page.does(Input::Close { notification: 1 }).is_empty());
    assert!(
        page.says(PARENT, MAIL, report("notification.onclose", 100))
            .is_empty()
    );
}

#[test]
fn the_same_tag_replaces_the_older_one_and_closing_that_does_not_close_the_newer() {
    let mut page = Page::served("granted");
    page.creates(1, "thread");
    assert_eq!(
        page.creates(2, "thread"),
        [
            "dispatch 1 close".to_owned(),
            new(PARENT, MAIL, 101, 2),
            "dispatch 2 show".to_owned()
        ]
    );
    assert!(page.does(Input::Close { notification: 1 }).is_empty());
    assert_eq!(
        page.says(PARENT, MAIL, report("notification.onclick", 101)),
        ["dispatch 2 click"]
    );
}

#[test]
fn notifications_without_a_tag_do_not_replace_each_other() {
    let mut page = Page::served("granted");
    page.creates(1, "");
    assert_eq!(page.creates(2, "").len(), 2);
    assert_eq!(
        page.says(PARENT, MAIL, report("notification.onclick", 100)),
        ["dispatch 1 click"]
    );
}

#[test]
fn past_the_limit_of_live_notifications_the_oldest_is_closed() {
    let mut page = Page::served("granted");
    let limit = u32::try_from(LIVE_NOTIFICATIONS).unwrap();
    for notification in 0..limit {
        assert_eq!(page.creates(notification, "").len(), 2);
    }
    assert_eq!(
        page.creates(limit, ""),
        [
            close(PARENT, MAIL, 100),
            "dispatch 0 close".to_owned(),
            new(PARENT, MAIL, 100 + u64::from(limit), limit),
            format!("dispatch {limit} show")
        ]
    );
}

#[test]
fn a_hundred_thousand_notifications_keep_their_order_and_none_is_lost_or_doubled() {
    let mut page = Page::served("granted");
    for notification in 0..100_000 {
        let actions = page.creates(notification, "");
        let news: Vec<_> = actions
            .iter()
            .filter(|line| line.contains("notification.new"))
            .collect();
        assert_eq!(
            news,
            [&new(
                PARENT,
                MAIL,
                100 + u64::from(notification),
                notification
            )]
        );
    }
}

#[test]
fn a_granted_permission_is_told_without_asking_the_host() {
    let mut page = Page::served("granted");
    assert_eq!(page.asks(1), ["settle 1 granted"]);
}

#[test]
fn a_host_that_said_denied_is_asked_again_because_its_user_may_have_changed_his_mind() {
    let mut page = Page::served("denied");
    assert_eq!(page.session.permission(), Permission::Denied);
    assert_eq!(page.asks(1), [question(PARENT, MAIL, 100)]);
    assert!(page.asks(2).is_empty(), "one question at a time");
    assert_eq!(
        page.says(PARENT, MAIL, resolve(100, "granted")),
        ["settle 1 granted", "settle 2 granted"]
    );
    assert_eq!(page.session.permission(), Permission::Granted);
}

#[test]
fn an_answer_that_is_no_permission_settles_the_call_with_what_was_known() {
    for answer in [
        message("ref.resolve", Field::Absent, Field::Is(100.0), None),
        message("ref.resolve", Field::Wrong, Field::Is(100.0), None),
        resolve(100, "perhaps"),
        report("ref.reject", 100),
    ] {
        let mut page = Page::served("denied");
        page.asks(1);
        assert_eq!(page.says(PARENT, MAIL, answer), ["settle 1 denied"]);
    }
}

#[test]
fn calls_beyond_the_bound_are_answered_at_once() {
    let mut page = Page::served("denied");
    let bound = u32::try_from(WAITING_REQUESTS).unwrap();
    for call in 0..bound {
        assert!(page.asks(call).len() <= 1);
    }
    assert_eq!(page.asks(bound), [format!("settle {bound} denied")]);
    assert_eq!(
        page.says(PARENT, MAIL, resolve(100, "granted")).len(),
        WAITING_REQUESTS
    );
}

#[test]
fn a_host_whose_permission_changes_says_enable_again_and_is_believed() {
    let mut page = Page::served("granted");
    assert_eq!(
        page.says(PARENT, MAIL, enable("denied")),
        [ok(PARENT, MAIL, "null")]
    );
    assert_eq!(page.session.permission(), Permission::Denied);
    assert_eq!(page.creates(1, ""), ["dispatch 1 error"]);
    page.says(PARENT, MAIL, enable("granted"));
    assert_eq!(page.creates(2, "").len(), 2);
}

#[test]
fn a_host_without_notifications_of_its_own_counts_as_denied() {
    let mut page = Page::new();
    page.says(
        PARENT,
        MAIL,
        message("enable", Field::Absent, Field::Absent, None),
    );
    page.loads(&[MAIL]);
    assert_eq!(page.session.permission(), Permission::Denied);
}

#[test]
fn a_notification_that_cannot_be_posted_fails_and_is_never_shown() {
    let mut page = Page::served("granted");
    page.is_posting_refused = true;
    assert_eq!(
        page.creates(1, ""),
        [
            new(PARENT, MAIL, 100, 1),
            "dispatch 1 error".to_owned(),
            "note Undeliverable".to_owned()
        ],
        "never shown"
    );
    assert!(page.does(Input::Close { notification: 1 }).is_empty());
}

#[test]
fn the_newest_trusted_ancestor_takes_over_and_the_old_ones_notifications_are_closed() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.loads(&[MAIL, PORTAL]);
    page.creates(1, "");
    assert_eq!(
        page.says(TOP, PORTAL, enable("granted")),
        [
            close(PARENT, MAIL, 100),
            "dispatch 1 close".to_owned(),
            ok(TOP, PORTAL, "null")
        ]
    );
    assert_eq!(
        page.creates(2, ""),
        [new(TOP, PORTAL, 101, 2), "dispatch 2 show".to_owned()]
    );
    assert_eq!(
        page.says(PARENT, MAIL, report("notification.onclick", 101)),
        ["note NotTheHost"]
    );
}
