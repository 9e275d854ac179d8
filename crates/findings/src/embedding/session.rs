//! Whether a login reaches the frame: the cookies of one site do, those of two sites where Mattermost marks them for it.

use super::{Look, described};
use crate::facts::Answer;
use crate::language::texts;
use crate::origin::Cookies;
use crate::site::Relation;
use crate::{Finding, Status, questions};

/// The plugin's endpoint at which a frame of another site begins.
const EMBED: &str = "/plugins/notifymatters/embed";

/// How its cookie begins.
const EMBEDDED: &str = "MMEMBED=1;";

impl Look<'_> {
    pub(super) fn session(&self) -> Finding {
        let (facts, say) = (self.facts, self.say);
        let chat = facts.chat.place();
        let marks_logins = self.version.is_none_or(|it| it.marks_embedded_logins());
        let begin = match &facts.embed {
            _ if !marks_logins => Err(say.session_version()),
            Ok(answer) => self.embedded_login(answer),
            Err(why) => {
                let unasked = say.embed_unasked(EMBED, &why.says(say));
                if self.report.cookies == Cookies::NeedEmbeddedLogin {
                    return Finding::skip("session", unasked);
                }
                Err(unasked)
            }
        };
        let finding = questions::session(&self.report, &chat, begin, say);
        if finding.status == Status::Pass {
            return finding;
        }
        let host = facts.host.place();
        let domain = host.registrable_domain().unwrap_or(facts.host.host());
        let secure = facts.host.is_https() || self.report.relation == Relation::OtherScheme;
        let scheme = if secure { "https" } else { "http" };
        finding.mend(
            say.place_below_domain(),
            format!("{scheme}://chat.{domain}"),
        )
    }

    /// What is left between two sites: Mattermost's mark for the cookies of a login, which the plugin asks for.
    fn embedded_login(&self, answer: &Answer) -> Result<String, String> {
        let (facts, say) = (self.facts, self.say);
        let is_marked = |cookie: &String| cookie.starts_with(EMBEDDED);
        if answer.all("set-cookie").iter().any(is_marked) {
            return Ok(facts.chat.below(&format!("{EMBED}?to=/")));
        }
        Err(match answer.body.lines().next() {
            Some(sentence) if answer.is("text/plain") && answer.status == 400 => {
                say.answers_with(EMBED, sentence)
            }
            _ => say.answers_with(EMBED, &described(answer)),
        })
    }
}

texts! {
    session_version(): "Mattermost 9 and later can mark its cookies for frames of other sites; this one cannot.",
        "Mattermost kann seine Cookies ab Version 9 für Rahmen anderer Sites kennzeichnen; dieses kann es nicht.";
    embed_unasked(path, why): "{path}, where the frame could begin, could not be asked: {why}.",
        "{path}, wo der Rahmen beginnen könnte, ließ sich nicht abfragen: {why}.";
    place_below_domain(): "Mattermost’s address (Site URL), below the domain of the page",
        "Mattermosts Adresse (Site-URL), unter der Domain der Seite";
}
