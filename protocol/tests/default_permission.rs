//! A host whose user has not decided yet: held notifications, and the question in the first gesture.

mod common;

use std::time::Duration;

use common::*;
use notifymatters_protocol::limits::{HELD_NOTIFICATIONS, QUICKEST_USER, SHORTEST_DISPLAY};
use notifymatters_protocol::{Input, Permission};

#[test]
fn while_the_host_is_at_default_the_page_is_told_granted_and_gestures_are_watched() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("default"));
    assert_eq!(
        page.loads(&[MAIL]),
        [
            "install".to_owned(),
            "watch true".to_owned(),
            ok(PARENT, MAIL, "null")
        ]
    );
    assert_eq!(page.session.permission(), Permission::Granted);
    assert_eq!(page.asks(1), ["settle 1 granted"]);
    assert!(page.creates(1, "").is_empty());
}

#[test]
fn the_first_gesture_asks_and_no_later_one() {
    let mut page = Page::served("default");
    assert_eq!(
        page.does(Input::Gesture),
        ["watch false".to_owned(), question(PARENT, MAIL, 100)]
    );
    assert!(page.does(Input::Gesture).is_empty());
}

#[test]
fn granted_sends_what_was_held_in_order() {
    let mut page = Page::served("default");
    page.creates(1, "");
    page.creates(2, "");
    page.does(Input::Gesture);
    assert_eq!(
        page.says(PARENT, MAIL, resolve(100, "granted")),
        [
            new(PARENT, MAIL, 101, 1),
            new(PARENT, MAIL, 102, 2),
            "dispatch 1 show".to_owned(),
            "dispatch 2 show".to_owned()
        ]
    );
    assert_eq!(page.session.permission(), Permission::Granted);
    assert_eq!(page.session.deadline(), None);
}

#[test]
fn denied_fails_what_was_held_and_the_page_is_told_the_truth() {
    let mut page = Page::served("default");
    page.creates(1, "");
    page.does(Input::Gesture);
    assert_eq!(
        page.says(PARENT, MAIL, resolve(100, "denied")),
        ["dispatch 1 error"]
    );
    assert_eq!(page.session.permission(), Permission::Denied);
    assert_eq!(page.creates(2, ""), ["dispatch 2 error"]);
}

#[test]
fn a_question_that_the_user_dismissed_is_not_put_again_by_every_click_but_the_page_may_ask() {
    let mut page = Page::served("default");
    page.creates(1, "");
    page.does(Input::Gesture);
    page.waits(QUICKEST_USER);
    assert_eq!(
        page.says(PARENT, MAIL, resolve(100, "default")),
        ["dispatch 1 error"]
    );
    assert_eq!(page.session.permission(), Permission::Default);
    assert!(page.does(Input::Gesture).is_empty());
    assert_eq!(
        page.says(PARENT, MAIL, enable("default")),
        [ok(PARENT, MAIL, "null")]
    );
    assert_eq!(page.session.permission(), Permission::Default);
    assert_eq!(page.asks(1), [question(PARENT, MAIL, 101)]);
    assert_eq!(
        page.says(PARENT, MAIL, resolve(101, "granted")),
        ["settle 1 granted"]
    );
}

#[test]
fn a_question_that_the_browser_did_not_put_is_put_again_by_the_next_gesture() {
    for answer in [resolve(100, "default"), report("ref.reject", 100)] {
        let mut page = Page::served("default");
        page.creates(1, "");
        page.does(Input::Gesture);
        page.waits(QUICKEST_USER - Duration::from_millis(1));
        assert_eq!(
            page.says(PARENT, MAIL, answer),
            ["watch true"],
            "nothing is lost"
        );
        assert_eq!(page.session.permission(), Permission::Granted);
        assert_eq!(
            page.does(Input::Gesture),
            ["watch false".to_owned(), question(PARENT, MAIL, 101)]
        );
        assert_eq!(
            page.says(PARENT, MAIL, resolve(101, "granted")),
            [new(PARENT, MAIL, 102, 1), "dispatch 1 show".to_owned()]
        );
    }
}

#[test]
fn a_question_of_the_pages_that_the_browser_did_not_put_is_put_by_the_next_gesture() {
    let mut page = Page::served("denied");
    page.asks(1);
    assert_eq!(
        page.says(PARENT, MAIL, resolve(100, "default")),
        ["watch true", "settle 1 default"]
    );
    assert_eq!(page.session.permission(), Permission::Default);
    assert_eq!(
        page.does(Input::Gesture),
        ["watch false".to_owned(), question(PARENT, MAIL, 101)]
    );
}

#[test]
fn past_five_minutes_a_held_notification_fails_and_a_later_gesture_still_asks() {
    let mut page = Page::served("default");
    page.creates(1, "");
    page.waits(Duration::from_secs(60));
    page.creates(2, "");
    assert_eq!(page.pause(), Some(Duration::from_secs(4 * 60)));
    assert_eq!(page.comes_due(), ["dispatch 1 error"]);
    assert_eq!(page.session.permission(), Permission::Default);
    assert_eq!(
        page.does(Input::Gesture),
        ["watch false".to_owned(), question(PARENT, MAIL, 100)]
    );
    assert!(
        page.says(PARENT, MAIL, resolve(100, "granted")).is_empty(),
        "the list of trusted origins has become old"
    );
    assert_eq!(page.comes_due(), ["load"]);
    assert_eq!(page.loads(&[MAIL])[0], new(PARENT, MAIL, 101, 2));
}

#[test]
fn past_sixteen_the_oldest_held_notification_fails() {
    let mut page = Page::served("default");
    let limit = u32::try_from(HELD_NOTIFICATIONS).unwrap();
    for notification in 0..limit {
        assert!(page.creates(notification, "").is_empty());
    }
    assert_eq!(page.creates(limit, ""), ["dispatch 0 error"]);
    page.does(Input::Gesture);
    assert_eq!(
        page.says(PARENT, MAIL, resolve(100, "granted")).len(),
        2 * HELD_NOTIFICATIONS
    );
}

#[test]
fn a_held_notification_can_be_taken_back_and_replaced_by_its_tag() {
    let mut page = Page::served("default");
    page.creates(1, "");
    page.waits(SHORTEST_DISPLAY - Duration::from_millis(1));
    assert_eq!(
        page.does(Input::Close { notification: 1 }),
        ["dispatch 1 close"]
    );
    page.creates(2, "thread");
    assert_eq!(page.creates(3, "thread"), ["dispatch 2 close"]);
    page.does(Input::Gesture);
    assert_eq!(
        page.says(PARENT, MAIL, resolve(100, "granted")),
        [new(PARENT, MAIL, 101, 3), "dispatch 3 show".to_owned()]
    );
}

/// A page whose host is at `default`, and a notification that the page closed after five seconds, as Mattermost 9.8 does.
fn held_and_closed() -> Page {
    let mut page = Page::served("default");
    page.creates(1, "thread");
    page.waits(Duration::from_secs(5));
    assert_eq!(
        page.does(Input::Close { notification: 1 }),
        ["dispatch 1 close"]
    );
    assert!(page.does(Input::Close { notification: 1 }).is_empty());
    page
}

#[test]
fn what_the_page_closed_after_a_while_because_nobody_had_seen_it_yet_is_shown_all_the_same() {
    let mut page = held_and_closed();
    page.does(Input::Gesture);
    assert_eq!(
        page.says(PARENT, MAIL, resolve(100, "granted")),
        [new(PARENT, MAIL, 101, 1)],
        "the page has done with it"
    );
    assert_eq!(
        page.says(PARENT, MAIL, report("notification.onclick", 101)),
        ["dispatch 1 click"],
        "but what it does at a click is still wanted"
    );
    assert!(
        page.says(PARENT, MAIL, report("notification.onclose", 101))
            .is_empty()
    );
    assert!(
        page.says(PARENT, MAIL, report("notification.onclick", 101))
            .is_empty()
    );
}

#[test]
fn what_the_page_closed_while_it_was_held_hears_nothing_more_of_its_end() {
    let ends: [fn(&mut Page) -> Vec<String>; 3] = [
        |page| page.says(PARENT, MAIL, enable("denied")),
        |page| page.creates(2, "thread"),
        |page| page.comes_due(),
    ];
    for end in ends {
        let mut page = held_and_closed();
        let lines = end(&mut page);
        assert!(
            !lines.iter().any(|line| line.starts_with("dispatch 1")),
            "{lines:?}"
        );
        assert_eq!(
            page.session.permission() == Permission::Granted,
            page.pause().is_some()
        );
    }
}

#[test]
fn what_was_closed_while_it_was_held_and_then_shown_can_be_closed_at_the_host() {
    let mut page = held_and_closed();
    page.says(PARENT, MAIL, enable("granted"));
    assert_eq!(
        page.does(Input::Close { notification: 1 }),
        [close(PARENT, MAIL, 100)]
    );
}

#[test]
fn an_enable_that_says_granted_meanwhile_sends_what_was_held() {
    let mut page = Page::served("default");
    page.creates(1, "");
    assert_eq!(
        page.says(PARENT, MAIL, enable("granted")),
        [
            "watch false".to_owned(),
            ok(PARENT, MAIL, "null"),
            new(PARENT, MAIL, 100, 1),
            "dispatch 1 show".to_owned()
        ]
    );
}

#[test]
fn what_is_held_goes_on_to_a_host_that_takes_over() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("default"));
    page.loads(&[MAIL, PORTAL]);
    page.creates(1, "");
    let lines = page.says(TOP, PORTAL, enable("granted"));
    assert!(lines.contains(&new(TOP, PORTAL, 100, 1)), "{lines:?}");
    assert_eq!(page.session.deadline(), None);
}
