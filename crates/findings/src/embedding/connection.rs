//! How far one comes: names, TLS, pages, WebSockets, uploads.

use super::super::Finding;
use super::super::facts::{Answer, EXPIRY_DAYS, Facts, Reach, Tls, Unreached};
use super::super::lines::Program;
use super::super::proxy::DEFAULT_UPLOAD_MEGABYTES;
use super::{programs, site_url_mend};
use crate::address::Address;
use crate::text::plain;

pub(super) fn dns(id: &'static str, address: &Address, reach: &Reach) -> Finding {
    match reach.addresses.as_slice() {
        [] => Finding::fail(id, format!("{} has no address", address.host())).mend(
            "the zone of the domain",
            format!("{}. IN A <address of the server>", address.host()),
        ),
        addresses => Finding::pass(
            id,
            format!("{} is {}", address.host(), addresses.join(", ")),
        ),
    }
}

pub(super) fn tls(id: &'static str, address: &Address, reach: &Reach) -> Finding {
    match &reach.tls {
        Tls::None if address.is_local() => {
            Finding::pass(id, format!("{address} never leaves this machine"))
        }
        Tls::None => Finding::warn(id, format!("{address} is not encrypted")).mend(
            "the address that people use",
            format!("https://{}", address.host()),
        ),
        Tls::Verified {
            expires_soon: false,
        } => Finding::pass(
            id,
            format!("the certificate of {} is trusted", address.host()),
        ),
        Tls::Verified { expires_soon: true } => Finding::warn(
            id,
            format!(
                "the certificate of {} ends within {EXPIRY_DAYS} days",
                address.host()
            ),
        )
        .detail("what renews it by itself should have done so by now"),
        Tls::Failed(Unreached::Tls(why)) => Finding::fail(
            id,
            format!(
                "browsers do not trust the certificate of {}",
                address.host()
            ),
        )
        .detail(plain(why))
        .detail("an authority of your own is named by --ca-file"),
        Tls::Failed(why) => Finding::skip(
            id,
            format!("{} could not be reached: {why}", address.host()),
        ),
    }
}

pub(super) fn answers(
    id: &'static str,
    address: &Address,
    page: &Result<Answer, Unreached>,
) -> Finding {
    match page {
        Err(why) => Finding::fail(id, format!("{address} does not answer: {why}")),
        Ok(answer) => match (answer.status, answer.first("location")) {
            (300..=399, Some(to)) => {
                Finding::fail(id, format!("{address} sends browsers on to {}", plain(to)))
                    .detail(
                        "a login in front of it, or another address than the one that people use",
                    )
                    .detail("name the address at which it ends")
            }
            (200..=299 | 401, _) => Finding::pass(id, format!("{address} answers")),
            (status, _) => Finding::fail(id, format!("{address} answers with HTTP {status}")),
        },
    }
}

/// Mattermost's own host, for lines that name it.
const UPSTREAM: &str = "127.0.0.1:8065";

pub(super) fn websocket(facts: &Facts) -> Finding {
    const ID: &str = "websocket";
    let programs = facts
        .page
        .as_ref()
        .map_or_else(|_| Program::ALL.to_vec(), programs);
    match &facts.websocket {
        Err(why) => Finding::skip(ID, format!("the WebSocket could not be tried: {why}")),
        Ok(101) => Finding::pass(ID, "a WebSocket opens"),
        // 5.39 and 6.7 compare with the header Host, 9.8 and 11.6 with the Site URL.
        Ok(403) => Finding::fail(ID, "Mattermost refuses a WebSocket of its own pages (HTTP 403)")
            .detail("the page's origin is neither the Site URL's nor, for older versions, that of the header Host which the proxy hands on")
            .detail("Mattermost opens, but nothing new arrives in an open page and nobody is notified")
            .mends([site_url_mend(&facts.chat)])
            .mends(programs.iter().flat_map(|program| program.keep_host())),
        Ok(status @ 500..=599) => Finding::fail(ID, format!("a WebSocket does not open (HTTP {status})"))
            .detail("the proxy does not reach Mattermost, or does not speak WebSocket with it")
            .mends(programs.iter().flat_map(|program| program.upgrade(UPSTREAM))),
        Ok(status) => Finding::fail(ID, format!("a WebSocket does not open (HTTP {status})"))
            .detail("Mattermost opens, but nothing new arrives in an open page and nobody is notified")
            .mends(programs.iter().flat_map(|program| program.upgrade(UPSTREAM))),
    }
}

pub(super) fn websocket_origin(facts: &Facts) -> Finding {
    const ID: &str = "websocket-origin";
    match (&facts.websocket, &facts.foreign_websocket) {
        (_, Err(why)) => Finding::skip(ID, format!("the WebSocket could not be tried: {why}")),
        (_, Ok(101)) => Finding::warn(
            ID,
            "a page of any origin may open a WebSocket to Mattermost",
        )
        .detail("AllowCorsFrom is \"*\", or a proxy replaces the header Origin")
        .mend(
            "Mattermost",
            "mmctl config set ServiceSettings.AllowCorsFrom \"\"",
        ),
        (Ok(101), Ok(_)) => Finding::pass(ID, "a WebSocket of a stranger's page is refused"),
        (_, Ok(_)) => Finding::skip(ID, "no WebSocket opens at all"),
    }
}

pub(super) fn upload(facts: &Facts) -> Finding {
    const ID: &str = "upload-size";
    match &facts.upload {
        Ok(413) => Finding::fail(ID, "something in front of Mattermost refuses files of the size of the plugin's bundle (HTTP 413)")
            .mends(
                facts
                    .page
                    .as_ref()
                    .map_or_else(|_| Program::ALL.to_vec(), programs)
                    .iter()
                    .flat_map(|program| program.body_limit(DEFAULT_UPLOAD_MEGABYTES + 1)),
            ),
        Ok(_) => Finding::pass(ID, "files of the size of the plugin's bundle pass"),
        Err(why) => Finding::skip(ID, format!("an upload could not be tried: {why}")),
    }
}
