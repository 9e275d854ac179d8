//! Where secrets come from and where they do not go, and what a server may send.

use super::*;

#[test]
fn what_a_server_repeats_of_a_secret_is_not_shown() {
    refused(
        Behaviour {
            me: (401, "no session for kp7z1qsecrettoken"),
            ..FINE
        },
        WITH_TOKEN,
        "no session for [secret]",
    );
    refused(
        Behaviour {
            login: (500, "bad: pass word! secret"),
            ..FINE
        },
        WITH_PASSWORD,
        "bad: [secret]",
    );
    let credentials = credentials(WITH_PASSWORD).unwrap();
    assert!(!format!("{credentials:?}").contains(PASSWORD));
}

#[test]
fn no_token_and_no_password_follow_a_redirect_to_another_server() {
    for moved in [301, 302, 307, 308] {
        for step in ["login", "me", "upload", "enable"] {
            let other = FakeMattermost::start(FINE);
            let of = |own: &str, fine| if own == step { (moved, "") } else { fine };
            let behaviour = Behaviour {
                login: of("login", FINE.login),
                me: of("me", FINE.me),
                upload: of("upload", FINE.upload),
                enable: of("enable", FINE.enable),
                location: Box::leak(format!("{}/api/v4/users/me", other.address).into()),
                ..FINE
            };
            let variables = match step {
                "login" => WITH_PASSWORD,
                _ => WITH_TOKEN,
            };
            refused(behaviour, variables, "sends to ");
            assert_eq!(other.seen(), Vec::<String>::new(), "{moved} {step}");
        }
    }
}

#[test]
fn an_answer_is_read_up_to_a_bound_and_shown_without_control_characters() {
    let long = Box::leak(format!("\"{}\"", "x".repeat(5 * 1024 * 1024)).into_boxed_str());
    let config = Behaviour {
        config: long,
        ..FINE
    };
    refused(config, WITH_TOKEN, "longer than 4194304 bytes");
    let refusal = Behaviour {
        upload: (400, long),
        ..FINE
    };
    refused(refusal, WITH_TOKEN, "refuses the bundle (status 400)");
    for said in [
        "\u{1b}[2Jgone\r\u{7}\nmore",
        r#"{"id":"x","message":"\u001b[2Jgone\u0007","detailed_error":"\u009b2Jmore"}"#,
    ] {
        let refusal = Behaviour {
            upload: (400, said),
            ..FINE
        };
        let error = refused(refusal, WITH_TOKEN, "gone");
        assert!(error.contains("more"), "{error}");
    }
}

#[test]
fn a_missing_or_wrong_secret_is_named_and_what_is_not_there_is_asked_for() {
    for (variables, words) in [
        (
            &[("MM_ADMIN_PASSWORD", "a")][..],
            "neither MM_ADMIN_USERNAME nor --user",
        ),
        (
            &[("MM_ADMIN_TOKEN", "a\nb")],
            "MM_ADMIN_TOKEN is not an access token",
        ),
        (&[], "what was typed is not an access token"),
    ] {
        let failure = credentials(variables).unwrap_err();
        assert!(failure.message.contains(words), "{}", failure.message);
        assert_eq!(failure.exit, Exit::Usage);
    }
    assert_eq!(
        credentials(&[("MM_ADMIN_USERNAME", "anna")]).unwrap(),
        Credentials::Password {
            username: "anna".to_owned(),
            password: Secret::new("typed after Password for anna: "),
        }
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), format!("{TOKEN}\n")).unwrap();
    let login = Login {
        token_file: Some(file.path().to_owned()),
        ..Login::default()
    };
    let nobody = |_: &str| -> Result<String, Failure> { panic!("asked") };
    assert_eq!(
        login
            .read_from(|_| Some("other".to_owned()), &nobody)
            .unwrap(),
        Credentials::Token(Secret::new(TOKEN))
    );
}
