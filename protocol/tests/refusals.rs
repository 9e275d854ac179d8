//! What is refused: silently towards the sender, once on the console, and unread where the sender itself is refused.

mod common;

use common::*;
use notifymatters_protocol::limits::{KEPT_MESSAGES, KEPT_MESSAGES_PER_SENDER};
use notifymatters_protocol::{Field, Input, Permission, RawEnvelope, Relation, Version};

#[test]
fn a_message_of_a_stranger_is_never_read_and_noted_once() {
    let mut page = Page::served("granted");
    let message = enable("granted");
    assert_eq!(
        page.says(PARENT, STRANGER, message.clone()),
        ["note NotTrusted"]
    );
    for _ in 0..10_000 {
        assert!(page.says(PARENT, STRANGER, message.clone()).is_empty());
    }
    assert_eq!(message.read.get(), 0);
}

#[test]
fn a_message_from_a_window_that_does_not_embed_the_page_is_never_read_whatever_its_origin() {
    let mut page = Page::served("granted");
    let message = enable("granted");
    assert_eq!(
        page.says(POPUP, MAIL, message.clone()),
        ["note NotTheEmbedder"]
    );
    assert!(page.says(POPUP, CHAT, message.clone()).is_empty());
    assert_eq!(message.read.get(), 0);
    assert_eq!(page.creates(1, "")[0], new(PARENT, MAIL, 100, 1));
}

#[test]
fn an_opaque_origin_is_never_trusted_and_never_read() {
    let mut page = Page::new();
    let message = enable("granted");
    assert_eq!(
        page.says(PARENT, "null", message.clone()),
        ["note NoOrigin"]
    );
    assert_eq!(message.read.get(), 0);
}

#[test]
fn look_alikes_of_a_trusted_origin_are_strangers() {
    for look_alike in [
        "https://mail.example.com.evil.example",
        "https://evil-mail.example.com",
        "https://mail.example.co",
        "https://mail.example.com:8443",
        "http://mail.example.com",
        "https://xn--mil-5cd.example.com",
    ] {
        let mut page = Page::served("granted");
        let message = enable("granted");
        assert_eq!(
            page.says(TOP, look_alike, message.clone()),
            ["note NotTrusted"],
            "{look_alike}"
        );
        assert_eq!(message.read.get(), 0, "{look_alike}");
    }
}

#[test]
fn nothing_is_read_before_the_configuration_is_there() {
    let mut page = Page::new();
    let message = enable("granted");
    page.says(PARENT, MAIL, message.clone());
    assert_eq!(message.read.get(), 0);
    page.loads(&[PORTAL]);
    assert_eq!(message.read.get(), 0);
}

#[test]
fn reports_and_answers_count_from_the_hosts_window_and_origin_only() {
    for (window, from) in [(TOP, MAIL), (PARENT, PORTAL), (TOP, CHAT)] {
        let mut page = Page::new();
        page.says(PARENT, MAIL, enable("denied"));
        page.loads(&[MAIL, PORTAL]);
        page.asks(1);
        assert_eq!(
            page.says(window, from, resolve(100, "granted")),
            ["note NotTheHost"]
        );
        assert!(
            page.says(window, from, report("notification.onclick", 100))
                .is_empty(),
            "said once"
        );
        assert_eq!(
            page.says(PARENT, MAIL, resolve(100, "granted")),
            ["settle 1 granted"]
        );
    }
}

#[test]
fn a_report_before_any_enable_is_refused() {
    let mut page = Page::new();
    page.says(PARENT, MAIL, report("notification.onclick", 100));
    assert!(page.loads(&[MAIL]).is_empty());
    assert_eq!(
        page.says(PARENT, MAIL, report("notification.onclick", 100)),
        ["note NotTheHost"]
    );
}

#[test]
fn numbers_that_were_never_given_out_are_noted_once() {
    let mut page = Page::served("granted");
    assert_eq!(
        page.says(PARENT, MAIL, report("notification.onclick", 5_000)),
        ["note UnknownNumber"]
    );
    assert!(
        page.says(PARENT, MAIL, report("notification.onclose", 5_000))
            .is_empty()
    );
    assert!(
        page.says(PARENT, MAIL, resolve(5_000, "granted"))
            .is_empty()
    );
}

#[test]
fn a_request_is_settled_by_its_own_number_only() {
    let mut page = Page::served("denied");
    page.asks(1);
    for wrong in [99, 101, 0] {
        let lines = page.says(PARENT, MAIL, resolve(wrong, "granted"));
        assert!(
            !lines.iter().any(|line| line.starts_with("settle")),
            "{lines:?}"
        );
    }
    assert_eq!(
        page.says(PARENT, MAIL, resolve(100, "denied")),
        ["settle 1 denied"]
    );
}

#[test]
fn a_second_answer_changes_nothing_and_is_no_offence() {
    for again in [resolve(100, "granted"), report("ref.reject", 100)] {
        let mut page = Page::served("denied");
        page.asks(1);
        page.says(PARENT, MAIL, resolve(100, "denied"));
        assert!(page.says(PARENT, MAIL, again).is_empty());
        assert_eq!(page.session.permission(), Permission::Denied);
    }
}

#[test]
fn the_number_that_will_be_given_next_is_not_known_yet() {
    for early in [
        report("notification.onclick", 101),
        report("notification.onclose", 101),
        resolve(101, "granted"),
        report("ref.reject", 101),
    ] {
        let mut page = Page::served("granted");
        page.creates(1, "");
        assert_eq!(page.says(PARENT, MAIL, early), ["note UnknownNumber"]);
    }
}

#[test]
fn wrong_types_in_any_field_are_refused() {
    let good = || RawEnvelope {
        kind: Field::Is("notifymatters.enable".to_owned()),
        version: Field::Is(Version::SPOKEN.to_owned()),
        word: Field::Is("granted".to_owned()),
        reference: Field::Absent,
        state: None,
        want: None,
    };
    let malformed = [
        RawEnvelope {
            version: Field::Absent,
            ..good()
        },
        RawEnvelope {
            version: Field::Wrong,
            ..good()
        },
        RawEnvelope {
            version: Field::Is(String::new()),
            ..good()
        },
        RawEnvelope {
            version: Field::Is("2017\u{0}130".to_owned()),
            ..good()
        },
        RawEnvelope {
            word: Field::Wrong,
            ..good()
        },
        RawEnvelope {
            word: Field::Is("Granted".to_owned()),
            ..good()
        },
        RawEnvelope {
            kind: Field::Is("notifymatters.".to_owned()),
            ..good()
        },
        RawEnvelope {
            kind: Field::Is("notifymatters.enabled".to_owned()),
            ..good()
        },
        RawEnvelope {
            kind: Field::Is("notifymatters.ok".to_owned()),
            ..good()
        },
        RawEnvelope {
            kind: Field::Is("notifymatters.notification.onclick".to_owned()),
            ..good()
        },
        RawEnvelope {
            kind: Field::Is("notifymatters.notification.onclick".to_owned()),
            reference: Field::Wrong,
            ..good()
        },
        RawEnvelope {
            kind: Field::Is("notifymatters.ref.resolve".to_owned()),
            reference: Field::Is(f64::NAN),
            ..good()
        },
        RawEnvelope {
            kind: Field::Is("notifymatters.ref.reject".to_owned()),
            reference: Field::Is(-1.0),
            ..good()
        },
    ];
    for envelope in malformed {
        let mut page = Page::served("granted");
        let shown = format!("{envelope:?}");
        assert_eq!(
            page.says(PARENT, MAIL, sealed(envelope)),
            ["note Malformed"],
            "{shown}"
        );
    }
}

#[test]
fn messages_of_other_protocols_are_passed_over_without_a_word() {
    let mut page = Page::served("granted");
    for kind in [
        Field::Absent,
        Field::Wrong,
        Field::Is("notifymattersenable".to_owned()),
        Field::Is("x".to_owned()),
    ] {
        let foreign = RawEnvelope {
            kind,
            version: Field::Absent,
            word: Field::Absent,
            reference: Field::Absent,
            state: None,
            want: None,
        };
        assert!(page.says(PARENT, MAIL, sealed(foreign)).is_empty());
    }
    let mut no_object = enable("granted");
    no_object.content = None;
    assert!(page.says(PARENT, MAIL, no_object).is_empty());
}

#[test]
fn a_later_version_is_ignored_and_an_earlier_one_is_served_in_its_own_words() {
    let of = |version: &str| {
        let mut message = enable("granted");
        message.content.as_mut().unwrap().version = Field::Is(version.to_owned());
        message
    };
    let mut page = Page::served("granted");
    assert_eq!(
        page.says(PARENT, MAIL, of("20171201")),
        ["note NewerVersion"]
    );
    assert!(
        page.says(PARENT, MAIL, of("3")).is_empty(),
        "compared as a string"
    );
    assert_eq!(
        page.says(PARENT, MAIL, of("20170101")),
        [format!(
            r#"post 1 {MAIL} {{"type":"notifymatters.ok","notifymatters":"20170101","state":null}}"#
        )]
    );
}

#[test]
fn a_flood_of_unread_messages_stays_within_its_bounds() {
    let mut page = Page::with_user(false);
    for window in 10..30 {
        for _ in 0..1_000 {
            page.says(window, MAIL, enable("granted"));
        }
    }
    page.does(Input::Shutdown);
    let kept = page.handed_over;
    assert!(kept.len() <= KEPT_MESSAGES && kept.len() >= KEPT_MESSAGES_PER_SENDER);
}

fn numbered(number: u32) -> Sealed {
    message(
        "chatter",
        Field::Absent,
        Field::Absent,
        Some(&number.to_string()),
    )
}

#[test]
fn of_one_senders_unread_messages_the_first_four_and_the_newest_four_are_kept() {
    for sent in [7, 8, 9, 100] {
        let mut page = Page::with_user(false);
        for number in 0..sent {
            page.says(PARENT, MAIL, numbered(number));
        }
        page.does(Input::Shutdown);
        let kept: Vec<u32> = page
            .handed_over
            .into_iter()
            .map(|(kept, _)| kept.content.unwrap().state.unwrap().parse().unwrap())
            .collect();
        let expected: Vec<u32> = (0..sent)
            .filter(|number| *number < 4 || sent - number <= 4)
            .collect();
        assert_eq!(kept, expected, "of {sent}");
    }
}

#[test]
fn one_senders_chatter_does_not_push_out_the_enable_of_another() {
    for (window, from) in [(TOP, PORTAL), (PARENT, PORTAL), (TOP, MAIL)] {
        let mut page = Page::with_user(false);
        for number in 0..10 {
            page.says(PARENT, MAIL, numbered(number));
        }
        page.says(window, from, enable("granted"));
        for number in 0..10 {
            page.says(PARENT, MAIL, numbered(number));
        }
        page.does(Input::UserChanged { present: true });
        let lines = page.loads(&[MAIL, PORTAL]);
        assert!(lines.contains(&ok(window, from, "null")), "{lines:?}");
    }
}

#[test]
fn chatter_between_does_not_push_out_the_first_enable() {
    let mut page = Page::with_user(false);
    page.says(PARENT, MAIL, enable("granted"));
    for _ in 0..1_000 {
        page.says(
            PARENT,
            MAIL,
            message("chatter", Field::Absent, Field::Absent, None),
        );
    }
    page.does(Input::UserChanged { present: true });
    assert!(page.loads(&[MAIL]).contains(&ok(PARENT, MAIL, "null")));
}

#[test]
fn a_relation_is_judged_for_each_message_anew() {
    let mut page = Page::served("granted");
    let lines = page.does(Input::Message {
        window: PARENT,
        origin: Some(origin(MAIL)),
        relation: Relation::Stranger,
        message: report("notification.onclick", 100),
        learned: None,
    });
    assert_eq!(lines, ["note NotTheEmbedder"]);
}
