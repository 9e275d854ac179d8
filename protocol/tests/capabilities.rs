//! What a host may know and do besides showing notifications: how it is agreed upon, told, asked for, and ended.

mod common;

use std::time::Duration;

use common::*;
use notifymatters_protocol::limits::{LIST_AGE, RENEWAL_SPREAD};
use notifymatters_protocol::{Capabilities, Field, Input};

/// All that there is.
const ALL: &str = "unread session view status context go status.set";

/// A page whose parent at `MAIL` wants all, is granted `granted`, and was answered.
fn page_granting(granted: &str) -> Page {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable_wanting(ALL));
    page.loads_configuration(granting([(MAIL, capabilities(granted))]));
    page.does(Input::Supported(capabilities(ALL)));
    page
}

fn changed(page: &mut Page, names: &str) -> Vec<String> {
    page.does(Input::Changed(capabilities(names)))
}

fn request(kind: &str) -> Sealed {
    message(kind, Field::Absent, Field::Absent, None)
}

#[test]
fn a_host_has_what_it_wants_is_granted_and_the_page_can_do_and_is_told_the_state_once_in_full() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable_wanting("unread session view go"));
    let granted = capabilities("unread session view status");
    assert_eq!(
        page.loads_configuration(granting([(MAIL, granted)])),
        ["install", "watch {Unread, Session, View}"],
        "the answer waits for what the page can do"
    );
    assert_eq!(
        page.does(Input::Supported(capabilities("unread session status go"))),
        [
            ok_having(PARENT, MAIL, "unread session"),
            state(PARENT, MAIL, "unread session")
        ]
    );
    assert_eq!(
        page.says(PARENT, MAIL, enable_wanting("unread")),
        [
            "watch {Unread}".to_owned(),
            ok_having(PARENT, MAIL, "unread"),
            state(PARENT, MAIL, "unread")
        ],
        "what the page can do is known by now"
    );
}

#[test]
fn a_host_that_is_granted_nothing_of_what_it_wants_is_answered_at_once_and_nothing_is_watched() {
    for (want, granted) in [("", ALL), ("go", ""), ("go status", "unread")] {
        let mut page = Page::new();
        page.says(PARENT, MAIL, enable_wanting(want));
        assert_eq!(
            page.loads_configuration(granting([(MAIL, capabilities(granted))])),
            ["install".to_owned(), ok_having(PARENT, MAIL, "")],
            "{want} of {granted}"
        );
    }
}

#[test]
fn a_host_that_wants_nothing_gets_not_a_word_more_than_before() {
    let mut page = Page::new();
    page.does(Input::Supported(capabilities(ALL)));
    page.says(PARENT, MAIL, enable("granted"));
    assert_eq!(
        page.loads_configuration(granting([
            (MAIL, capabilities(ALL)),
            (PORTAL, capabilities(ALL))
        ])),
        ["install".to_owned(), ok(PARENT, MAIL, "null")]
    );
    assert!(changed(&mut page, ALL).is_empty());
    page.does(Input::SettingsChanged);
    page.comes_due();
    assert!(
        page.loads_configuration(granting([
            (MAIL, Capabilities::NONE),
            (PORTAL, Capabilities::NONE)
        ]))
        .is_empty()
    );
    assert_eq!(
        page.says(TOP, PORTAL, enable("granted")),
        [ok(TOP, PORTAL, "null")],
        "the one before is not told that it is superseded"
    );
    assert_eq!(
        page.does(Input::UserChanged { present: false }),
        ["restore"]
    );
}

#[test]
fn a_changed_grant_is_told_anew_and_what_is_new_in_it_with_its_state() {
    let mut page = page_granting("unread");
    page.does(Input::SettingsChanged);
    page.comes_due();
    assert_eq!(
        page.loads_configuration(granting([(MAIL, capabilities("unread session go"))])),
        [
            "watch {Unread, Session, Go}".to_owned(),
            ok_having(PARENT, MAIL, "unread session go"),
            state(PARENT, MAIL, "session")
        ]
    );
    page.does(Input::SettingsChanged);
    page.comes_due();
    assert!(
        page.loads_configuration(granting([(MAIL, capabilities("unread session go"))]))
            .is_empty(),
        "an unchanged one is not told"
    );
}

#[test]
fn a_right_that_is_taken_ends_at_once() {
    let mut page = page_granting("unread view");
    page.does(Input::SettingsChanged);
    assert!(changed(&mut page, "unread").is_empty(), "it may be taken");
    page.comes_due();
    assert!(changed(&mut page, "unread").is_empty());
    assert_eq!(
        page.says(PARENT, MAIL, request("view")),
        Vec::<String>::new(),
        "a request waits as well"
    );
    assert_eq!(
        page.loads_configuration(granting([(MAIL, Capabilities::NONE)])),
        [
            "refuse".to_owned(),
            "watch {}".to_owned(),
            ok_having(PARENT, MAIL, "")
        ]
    );
    assert!(changed(&mut page, "unread").is_empty());
    assert_eq!(page.says(PARENT, MAIL, request("view")), ["refuse"]);
}

#[test]
fn a_page_that_learns_later_what_it_can_do_says_so() {
    let mut page = page_granting("unread session");
    assert_eq!(
        page.does(Input::Supported(capabilities("session"))),
        [ok_having(PARENT, MAIL, "session")]
    );
    assert!(changed(&mut page, "unread").is_empty());
    assert_eq!(
        page.does(Input::Supported(capabilities("session unread"))),
        [
            ok_having(PARENT, MAIL, "unread session"),
            state(PARENT, MAIL, "unread")
        ]
    );
}

#[test]
fn only_what_changed_and_the_host_has_is_told() {
    let mut page = page_granting("unread session status");
    assert_eq!(
        changed(&mut page, "unread status context go"),
        [state(PARENT, MAIL, "unread status")]
    );
    assert!(changed(&mut page, "context view").is_empty());
}

#[test]
fn a_state_waits_until_an_old_list_was_read_again() {
    let mut page = page_granting("unread");
    page.waits(LIST_AGE);
    assert!(changed(&mut page, "unread").is_empty());
    assert!(page.pause().unwrap() <= RENEWAL_SPREAD, "it is read soon");
    assert_eq!(page.comes_due(), ["load"]);
    assert!(
        page.pause().unwrap() > Duration::from_secs(1),
        "nothing runs meanwhile"
    );
    assert_eq!(
        page.loads_configuration(granting([(MAIL, capabilities("unread"))])),
        [state(PARENT, MAIL, "unread")]
    );
}

#[test]
fn a_request_is_done_with_the_right_to_it_and_refused_without() {
    let mut page = page_granting("view go");
    for (kind, done) in [
        ("view", "perform view"),
        ("go", "perform go"),
        ("status.set", "refuse"),
    ] {
        assert_eq!(page.says(PARENT, MAIL, request(kind)), [done]);
    }
    assert_eq!(page.says(TOP, MAIL, request("view")), ["note NotTheHost"]);
    let mut old = Page::served("granted");
    assert_eq!(
        old.says(PARENT, MAIL, request("view")),
        ["refuse"],
        "wanted is what the host said that it wants"
    );
}

#[test]
fn what_a_host_asks_for_before_it_is_answered_is_done_once_it_is() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable_wanting("view"));
    assert!(page.says(PARENT, MAIL, request("view")).is_empty());
    assert_eq!(
        page.loads(&[MAIL]),
        [
            "install".to_owned(),
            "watch {View}".to_owned(),
            "perform view".to_owned()
        ]
    );
}

#[test]
fn a_host_that_leaves_is_left_at_once_and_forgotten() {
    let mut page = page_granting("unread");
    page.creates(1, "");
    let left = page.says(PARENT, MAIL, request("disable"));
    assert_eq!(left, ["dispatch 1 close", "restore", "watch {}"]);
    assert!(changed(&mut page, "unread").is_empty());
    page.does(Input::UserChanged { present: false });
    assert!(page.does(Input::UserChanged { present: true }).is_empty());
    page.says(PARENT, MAIL, enable("granted"));
    assert_eq!(
        page.loads(&[MAIL]),
        ["install".to_owned(), ok(PARENT, MAIL, "null")],
        "it may come back"
    );
}

#[test]
fn a_host_that_leaves_before_it_is_trusted_is_not_served_later() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable("granted"));
    page.says(TOP, PORTAL, enable("granted"));
    page.says(PARENT, MAIL, request("disable"));
    assert_eq!(
        page.loads(&[MAIL, PORTAL]),
        ["install".to_owned(), ok(TOP, PORTAL, "null")]
    );
    // The same while it has to be judged anew.
    page.does(Input::SettingsChanged);
    page.says(PARENT, MAIL, enable("granted"));
    assert_eq!(
        page.says(PARENT, MAIL, request("disable")),
        ["note NotTheHost"]
    );
    page.comes_due();
    assert!(page.loads(&[MAIL, PORTAL]).is_empty());
}

#[test]
fn a_host_that_negotiated_is_told_that_another_took_over() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, enable_wanting("go"));
    page.loads_configuration(granting([
        (MAIL, capabilities("go")),
        (PORTAL, capabilities("unread")),
    ]));
    page.does(Input::Supported(capabilities(ALL)));
    assert_eq!(
        page.says(TOP, PORTAL, enable_wanting("unread")),
        [
            off(PARENT, MAIL, "superseded"),
            "watch {Unread}".to_owned(),
            ok_having(TOP, PORTAL, "unread"),
            state(TOP, PORTAL, "unread")
        ]
    );
}

#[test]
fn a_host_that_negotiated_is_told_when_the_user_signs_out_and_anew_what_it_has() {
    let mut page = page_granting("unread session view");
    assert_eq!(
        page.does(Input::UserChanged { present: false }),
        [
            state(PARENT, MAIL, "session"),
            off(PARENT, MAIL, "signed-out"),
            "restore".to_owned(),
            "watch {}".to_owned()
        ]
    );
    page.does(Input::UserChanged { present: true });
    assert_eq!(
        page.loads(&[MAIL]),
        [
            "install".to_owned(),
            "watch {Unread, Session, View}".to_owned(),
            ok_having(PARENT, MAIL, "unread session view"),
            state(PARENT, MAIL, "unread session")
        ]
    );
}

#[test]
fn a_host_that_is_struck_hears_nothing_more() {
    let mut page = page_granting("unread session");
    page.does(Input::SettingsChanged);
    page.comes_due();
    assert_eq!(page.loads(&[]), ["note Struck", "restore", "watch {}"]);
}

#[test]
fn the_pages_own_origin_has_the_defaults_until_the_list_says_otherwise() {
    let mut page = Page::new();
    page.does(Input::Supported(capabilities(ALL)));
    assert_eq!(
        page.says(PARENT, CHAT, enable_wanting("unread go")),
        [
            "load".to_owned(),
            "install".to_owned(),
            "watch {Unread}".to_owned(),
            ok_having(PARENT, CHAT, "unread"),
            state(PARENT, CHAT, "unread")
        ]
    );
    assert_eq!(
        page.loads_configuration(granting([(CHAT, capabilities("go"))])),
        ["watch {Go}".to_owned(), ok_having(PARENT, CHAT, "go")]
    );
}
