//! The frame, the login in it, notifications, the web part.

use super::*;
use crate::Mend;
use crate::origin::{Cookies, Mixed};
use crate::site::Relation;

/// Mattermost's own pages refuse the trusted origin, and its setting is this.
fn refused(setting: Option<&'static str>) -> impl Fn(&mut Case) {
    move |case| {
        case.facts.seen.page = Some(headers(OWN_POLICY, "SAMEORIGIN"));
        case.facts.configuration.frame_ancestors = setting.map(str::to_owned);
    }
}

#[test]
fn an_origin_that_mattermosts_setting_lacks_is_added_to_what_is_there() {
    let stored = " https://a.example  https://b.example ";
    let finding = found("framing", refused(Some(stored)));
    told(
        &finding,
        Status::Fail,
        &[
            SAY.framing_policy(MAIL, "frame-ancestors 'self'"),
            SAY.framing_add(),
        ],
    );
    let to = "https://a.example https://b.example https://mail.example.com";
    assert_eq!(finding.change, frame_ancestors(stored, to));
}

#[test]
fn a_setting_of_the_environment_or_closed_to_the_administrator_is_said_to_be_so() {
    let fixed = found("framing", |case| {
        refused(Some(""))(case);
        case.facts.configuration.fixed.frame_ancestors = true;
    });
    let variable = "MM_SERVICESETTINGS_FRAMEANCESTORS";
    assert_eq!(fixed.details, [SAY.environment(variable)]);
    assert_eq!(
        (fixed.mends[0].lines.as_str(), fixed.change),
        (&*format!("{variable}=\"{MAIL}\""), None)
    );
    let closed = found("framing", |case| {
        refused(Some(""))(case);
        case.facts.configuration.restricted = true;
    });
    assert_eq!(
        closed.details,
        [SAY.restricted("ServiceSettings.FrameAncestors")]
    );
    assert_eq!(
        closed.mends[0].lines,
        format!("\"FrameAncestors\": \"{MAIL}\"")
    );
}

#[test]
fn a_server_without_the_setting_and_a_proxy_that_overrules_it_get_lines_for_the_proxy() {
    let old = found("framing", refused(None));
    assert_eq!(old.details, [SAY.framing_no_setting()]);
    let overruled = found("framing", |case| {
        case.facts.seen.page = Some(headers("", "SAMEORIGIN"));
    });
    told(
        &overruled,
        Status::Fail,
        &[SAY.framing_options(MAIL, "SAMEORIGIN"), SAY.framing_proxy()],
    );
    for finding in [old, overruled] {
        for program in Program::ALL {
            let named = |mend: &&Mend| mend.place.starts_with(program.name());
            assert!(finding.mends.iter().any(|mend| named(&mend)), "{finding:?}");
        }
    }
}

#[test]
fn a_proxy_that_names_itself_gets_its_own_lines_alone() {
    for (server, programs) in [
        ("nginx/1.22.1", vec![Program::Nginx]),
        ("Caddy", vec![Program::Caddy]),
        ("cloudflare", Program::ALL.to_vec()),
    ] {
        let finding = found("framing", |case| {
            refused(None)(case);
            case.facts.seen.page.as_mut().expect("a page").server = Some(server.to_owned());
        });
        let lines: Vec<Mend> = programs
            .iter()
            .flat_map(|program| program.policy(&[MAIL.to_owned()], SAY))
            .collect();
        assert_eq!(finding.mends, lines, "{server}");
    }
}

#[test]
fn a_page_that_could_not_be_read_is_not_clean() {
    let finding = found("framing", |case| case.facts.seen.page = None);
    told(
        &finding,
        Status::Skip,
        &[SAY.page_unread(), SAY.framing_look()],
    );
}

#[test]
fn the_login_reaches_a_frame_of_one_site_and_needs_more_elsewhere() {
    use Cookies::{Application, NeedEmbeddedLogin, NeverReach, Reach};
    use Relation::{CrossSite, OtherScheme, SameOrigin, SameSite};
    use Status::{Fail, Note, Pass, Warn};
    let session = |relation, cookies| {
        found("session", |case| {
            (case.origins[0].relation, case.origins[0].cookies) = (relation, cookies);
        })
    };
    let domain = "example.com";
    let begin = SAY.session_begin("https://chat.example.com/plugins/notifymatters/embed?to=/");
    let (https, one_site) = (SAY.session_https(), SAY.session_one_site(domain));
    let some = |says, cure| vec![says, cure, begin.clone(), SAY.session_left_out()];
    let elsewhere = some(SAY.session_some(MAIL), one_site.clone());
    let schemes = some(SAY.session_some_schemes(), SAY.session_use_https());
    let lost = vec![SAY.session_lost(MAIL), https.clone(), one_site];
    let lost_schemes = vec![SAY.session_lost_schemes(), https];
    for (relation, cookies, status, sentences) in [
        (SameSite, Reach, Pass, vec![SAY.session_same_site(domain)]),
        (SameOrigin, Reach, Pass, vec![SAY.session_same_origin()]),
        (
            CrossSite,
            Application,
            Note,
            vec![SAY.session_application()],
        ),
        (CrossSite, NeverReach, Fail, lost),
        (OtherScheme, NeverReach, Fail, lost_schemes),
        (CrossSite, NeedEmbeddedLogin, Warn, elsewhere),
        (OtherScheme, NeedEmbeddedLogin, Warn, schemes),
    ] {
        told(&session(relation, cookies), status, &sentences);
    }
    let below = found("session", |case| {
        case.origins[0].relation = CrossSite;
        case.origins[0].cookies = NeedEmbeddedLogin;
        case.facts.configuration.site_url = Some("https://chat.example.com/chat/".to_owned());
    });
    let begin = "example.com/chat/plugins/notifymatters/embed?to=/";
    assert!(below.details[1].contains(begin), "{below:?}");
}

#[test]
fn notifications_need_https_on_the_page_that_shows_them() {
    use Context::{Application, Https, Insecure, Local};
    use Status::{Fail, Note, Pass};
    let (insecure, blocked) = (Some(Mixed::HostInsecure), Some(Mixed::FrameBlocked));
    let missing = vec![SAY.https_missing(MAIL), SAY.https_host(MAIL)];
    let mixed = vec![SAY.https_mixed(), SAY.https_mattermost(CHAT)];
    for (context, mixed, status, sentences) in [
        (Https, None, Pass, vec![SAY.https_good(MAIL)]),
        (Local, None, Pass, vec![SAY.https_local(MAIL)]),
        (Application, None, Note, vec![SAY.https_application()]),
        (Insecure, insecure, Fail, missing),
        (Https, blocked, Fail, mixed),
    ] {
        let finding = found("secure-context", |case| {
            (case.origins[0].context, case.origins[0].mixed) = (context, mixed);
        });
        told(&finding, status, &sentences);
    }
}

#[test]
fn the_web_part_is_webassembly_unless_a_header_or_the_browser_keeps_it_out() {
    let off = found("plugin-files", |case| case.facts.seen.web_assembly = false);
    told(
        &off,
        Status::Note,
        &[SAY.web_part_off(), SAY.web_part_fallback()],
    );
    let unread = found("plugin-files", |case| case.facts.seen.realm = None);
    told(
        &unread,
        Status::Skip,
        &[SAY.web_part_unread(), SAY.web_part_reload()],
    );
    let with = |policy: &str, options: &str| {
        found("plugin-files", |case| {
            case.facts.seen.realm = Some(headers(policy, options));
        })
    };
    let framed = |name: &str, value: &str| SAY.web_part_framed(&format!("{name}: {value}"));
    let policy = |value: &str| SAY.web_part_policy(&format!("Content-Security-Policy: {value}"));
    let (script, default) = ("script-src 'self'", "default-src 'self'");
    for (policy, options, says) in [
        ("", "DENY", framed("X-Frame-Options", "DENY")),
        (
            OWN_POLICY,
            "",
            framed("Content-Security-Policy", OWN_POLICY),
        ),
        (script, "", policy(script)),
        (default, "", policy(default)),
    ] {
        let sentences = [says, SAY.web_part_fallback(), SAY.web_part_leave()];
        told(&with(policy, options), Status::Note, &sentences);
    }
    for policy in [
        "script-src 'self' 'wasm-unsafe-eval'",
        "default-src 'self'; script-src 'unsafe-eval'",
        "img-src 'self'",
    ] {
        assert_eq!(with(policy, "").status, Status::Pass, "{policy}");
    }
}
