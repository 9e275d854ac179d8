//! How far one comes: names, TLS, pages, WebSockets, uploads.

use super::Look;
use crate::Finding;
use crate::address::Address;
use crate::facts::{Answer, EXPIRY_DAYS, Reach, Tls, Unreached};
use crate::language::texts;
use crate::proxy::DEFAULT_UPLOAD_MEGABYTES;
use crate::questions;

/// Mattermost's own host, for lines that name it.
const UPSTREAM: &str = "127.0.0.1:8065";

impl Look<'_> {
    pub(super) fn dns(&self, id: &'static str, address: &Address, reach: &Reach) -> Finding {
        let (say, host) = (self.say, address.host());
        match reach.addresses.as_slice() {
            [] => Finding::fail(id, say.no_address(host))
                .mend(say.place_zone(), format!("{host}. IN A <IP>")),
            addresses => Finding::pass(id, say.has_address(host, &addresses.join(", "))),
        }
    }

    pub(super) fn tls(&self, id: &'static str, address: &Address, reach: &Reach) -> Finding {
        let (say, host) = (self.say, address.host());
        match &reach.tls {
            Tls::None if address.is_local() => {
                Finding::pass(id, say.tls_local(&address.to_string()))
            }
            Tls::None => Finding::warn(id, say.tls_none(&address.to_string()))
                .mend(say.place_used_address(), format!("https://{host}")),
            Tls::Verified { expires_soon } if *expires_soon => {
                Finding::warn(id, say.tls_ends(host, &EXPIRY_DAYS.to_string()))
                    .detail(say.tls_renew())
            }
            Tls::Verified { .. } => Finding::pass(id, say.tls_trusted(host)),
            Tls::Failed(why @ Unreached::Tls(_)) => Finding::fail(id, say.tls_refused(host))
                .detail(why.says(say))
                .detail(say.tls_authority()),
            Tls::Failed(why) => Finding::skip(id, say.tls_unreached(host, &why.says(say))),
        }
    }

    pub(super) fn answers(
        &self,
        id: &'static str,
        address: &Address,
        page: &Result<Answer, Unreached>,
    ) -> Finding {
        let (say, address) = (self.say, address.to_string());
        let answer = match page {
            Ok(answer) => answer,
            Err(why) => return Finding::fail(id, say.no_answer(&address, &why.says(say))),
        };
        match (answer.status, answer.first("location")) {
            (300..=399, Some(to)) => Finding::fail(id, say.sends_on(&address, to))
                .detail(say.sends_why())
                .detail(say.sends_name()),
            (200..=299 | 401, _) => Finding::pass(id, say.does_answer(&address)),
            (status, _) => Finding::fail(id, say.answers_with(&address, &format!("HTTP {status}"))),
        }
    }

    pub(super) fn websocket(&self) -> Finding {
        let say = self.say;
        let address = self.facts.chat.below("/api/v4/websocket");
        let address = address.replacen("http", "ws", 1);
        let status = match &self.facts.websocket {
            Ok(status) => *status,
            Err(why) => return Finding::skip("websocket", say.web_socket_untried(&why.says(say))),
        };
        let finding = questions::websocket(&address, self.connects(), say);
        let with = || say.answers_with(&address, &format!("HTTP {status}"));
        let upgrade = || {
            let programs = self.programs().into_iter();
            programs.flat_map(|program| program.upgrade(UPSTREAM, say))
        };
        match status {
            101 => finding,
            // 5.39 and 6.7 compare with the header Host, 9.8 and 11.6 with the Site URL.
            403 => finding
                .detail(say.web_socket_origin())
                .mends([self.site_url_mend()])
                .mends(self.programs().iter().map(|program| program.keep_host(say))),
            500..=599 => finding
                .detail(with())
                .detail(say.web_socket_upstream())
                .mends(upgrade()),
            _ => finding
                .detail(with())
                .detail(say.web_socket_proxy())
                .mends(upgrade()),
        }
    }

    pub(super) fn websocket_origin(&self) -> Finding {
        const ID: &str = "websocket-origin";
        let say = self.say;
        match &self.facts.foreign_websocket {
            Err(why) => Finding::skip(ID, say.web_socket_untried(&why.says(say))),
            Ok(101) => Finding::warn(ID, say.web_socket_any())
                .detail(say.web_socket_any_why())
                .mend(
                    "Mattermost",
                    "mmctl config set ServiceSettings.AllowCorsFrom \"\"",
                ),
            Ok(_) if self.connects() => Finding::pass(ID, say.web_socket_stranger()),
            Ok(_) => Finding::skip(ID, say.web_socket_none()),
        }
    }

    pub(super) fn upload(&self) -> Finding {
        const ID: &str = "upload-size";
        let say = self.say;
        let limit = DEFAULT_UPLOAD_MEGABYTES + 1;
        match &self.facts.upload {
            Ok(413) => Finding::fail(ID, say.upload_refused()).mends(
                self.programs()
                    .iter()
                    .map(|program| program.body_limit(limit, say)),
            ),
            Ok(_) => Finding::pass(ID, say.upload_passes()),
            Err(why) => Finding::skip(ID, say.upload_untried(&why.says(say))),
        }
    }
}

texts! {
    no_address(host): "{host} has no address.",
        "{host} hat keine Adresse.";
    has_address(host, addresses): "The address of {host} is {addresses}.",
        "Die Adresse von {host} ist {addresses}.";
    place_zone(): "the zone of the domain",
        "die Zone der Domain";
    tls_local(address): "{address} never leaves this machine.",
        "{address} verlässt diesen Rechner nie.";
    tls_none(address): "{address} is not encrypted.",
        "{address} ist nicht verschlüsselt.";
    place_used_address(): "the address that people use",
        "die Adresse, die Benutzer verwenden";
    tls_trusted(host): "The certificate of {host} is trusted.",
        "Dem Zertifikat von {host} wird vertraut.";
    tls_ends(host, days): "The certificate of {host} expires within {days} days.",
        "Das Zertifikat von {host} läuft innerhalb von {days} Tagen ab.";
    tls_renew(): "If something renews it automatically, it should have done so by now.",
        "Wenn etwas es von selbst erneuert, hätte das schon geschehen sollen.";
    tls_refused(host): "Browsers do not trust the certificate of {host}.",
        "Browser vertrauen dem Zertifikat von {host} nicht.";
    tls_authority(): "--ca-file names the certificates of an authority of your own.",
        "--ca-file nennt die Zertifikate einer eigenen Zertifizierungsstelle.";
    tls_unreached(host, why): "{host} could not be reached: {why}.",
        "{host} war nicht zu erreichen: {why}.";
    no_answer(address, why): "{address} does not answer: {why}.",
        "{address} antwortet nicht: {why}.";
    sends_on(address, to): "{address} sends browsers on to {to}.",
        "{address} schickt Browser weiter zu {to}.";
    sends_why(): "A login is in front of it, or people use another address.",
        "Eine Anmeldung liegt davor, oder Benutzer verwenden eine andere Adresse.";
    sends_name(): "Give the address at which browsers end up.",
        "Nennen Sie die Adresse, bei der Browser schließlich ankommen.";
    does_answer(address): "{address} answers.",
        "{address} antwortet.";
    web_socket_untried(why): "The WebSocket could not be tried: {why}.",
        "Der WebSocket ließ sich nicht testen: {why}.";
    web_socket_origin(): "Mattermost refuses it to its own pages (HTTP 403): their origin is not the Site URL’s or, for older versions, not that of the header Host that the proxy passes on.",
        "Mattermost verweigert ihn seinen eigenen Seiten (HTTP 403): Ihr Origin ist nicht der der Site-URL oder, bei älteren Versionen, nicht der des Headers Host, den der Proxy weitergibt.";
    web_socket_upstream(): "The proxy does not reach Mattermost, or does not speak WebSocket with it.",
        "Der Proxy erreicht Mattermost nicht oder spricht nicht WebSocket mit ihm.";
    web_socket_any(): "A page of any origin may open a WebSocket to Mattermost.",
        "Eine Seite jedes beliebigen Origins darf einen WebSocket zu Mattermost öffnen.";
    web_socket_any_why(): "AllowCorsFrom is “*”, or a proxy replaces the header Origin.",
        "AllowCorsFrom ist „*“, oder ein Proxy ersetzt den Header Origin.";
    web_socket_stranger(): "A page of another site is refused its WebSocket.",
        "Der WebSocket einer Seite von einer anderen Site wird abgelehnt.";
    web_socket_none(): "No WebSocket opens at all.",
        "Es öffnet sich überhaupt kein WebSocket.";
    upload_refused(): "Something in front of Mattermost refuses files as large as the plugin’s bundle (HTTP 413).",
        "Etwas vor Mattermost lehnt Dateien ab, die so groß sind wie das Bundle des Plugins (HTTP 413).";
    upload_passes(): "Files as large as the plugin’s bundle get through.",
        "Dateien, die so groß sind wie das Bundle des Plugins, kommen durch.";
    upload_untried(why): "An upload could not be tried: {why}.",
        "Das Hochladen ließ sich nicht testen: {why}.";
}
