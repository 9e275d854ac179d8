//! The questions that the command line and the System Console both ask: one judgement and one sentence for each answer.
//!
//! What differs stays with them: what they know, and where their reader can change it.

use url::Url;

use crate::Finding;
use crate::language::{Language, texts};
use crate::origin::{Cookies, Mixed, OriginReport};
use crate::policy::{Framing, frame_ancestors, framing as may_frame, may_compile};
use crate::site::{Context, Place, Relation};

/// No page that anybody trusts (RFC 6761, section 6.4).
pub const STRANGER: &str = "https://stranger.invalid";

/// The headers of a document of Mattermost's that decide who may frame it and what may run in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    /// Mattermost's origin.
    pub(crate) own: &'a str,
    /// Each `Content-Security-Policy`.
    pub(crate) policies: &'a [String],
    /// Each `X-Frame-Options`.
    pub(crate) frame_options: &'a [String],
}

impl Document<'_> {
    /// Whether pages of an origin may frame it.
    pub(crate) fn framing(&self, origin: &str) -> Framing {
        may_frame(self.policies, self.frame_options, origin, self.own)
    }

    /// The headers as they stand in an answer.
    pub(crate) fn shown(&self) -> String {
        [
            ("Content-Security-Policy", self.policies),
            ("X-Frame-Options", self.frame_options),
        ]
        .into_iter()
        .map(|(name, values)| (name, values.join(", ")))
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| format!("{name}: {values}"))
        .collect::<Vec<_>>()
        .join("; ")
    }
}

/// Whether pages of an origin may show Mattermost's page inside them; `None`: it could not be read.
pub(crate) fn framing(page: Option<Document<'_>>, host: &str, say: Language) -> Finding {
    const ID: &str = "framing";
    let Some(page) = page else {
        return Finding::skip(ID, say.page_unread());
    };
    match page.framing(host) {
        Framing::Allowed | Framing::Open => Finding::pass(ID, say.framing_allowed(host)),
        Framing::RefusedByPolicy => Finding::fail(
            ID,
            say.framing_policy(host, &frame_ancestors(page.policies)),
        ),
        Framing::RefusedByFrameOptions => Finding::fail(
            ID,
            say.framing_options(host, &page.frame_options.join(", ")),
        ),
    }
}

/// Whether pages of any site may, such as one that wants clicks for itself.
pub(crate) fn strangers(page: Option<Document<'_>>, say: Language) -> Finding {
    const ID: &str = "strangers";
    let Some(page) = page else {
        return Finding::skip(ID, say.page_unread());
    };
    if !page.framing(STRANGER).allows() {
        return Finding::pass(ID, say.strangers_refused());
    }
    Finding::fail(
        ID,
        match page.shown() {
            none if none.is_empty() => say.strangers_no_header(),
            headers => say.strangers_headers(&headers),
        },
    )
}

/// Whether a login reaches a frame in a page of that origin. `begin` is where a frame of another site begins so that Mattermost
/// marks its cookies for it, or why it does not mark them.
pub(crate) fn session(
    report: &OriginReport,
    mattermost: &Place,
    begin: Result<String, String>,
    say: Language,
) -> Finding {
    const ID: &str = "session";
    let host = &report.origin;
    let other_scheme = report.relation == Relation::OtherScheme;
    let cure = match mattermost.registrable_domain() {
        _ if other_scheme && report.cookies == Cookies::NeedEmbeddedLogin => {
            say.session_use_https()
        }
        Some(domain) => say.session_one_site(domain),
        None => say.session_one_site_any(),
    };
    match (report.cookies, &report.registrable_domain, begin) {
        (Cookies::Reach, Some(domain), _) if report.relation != Relation::SameOrigin => {
            Finding::pass(ID, say.session_same_site(domain))
        }
        (Cookies::Reach, ..) => Finding::pass(ID, say.session_same_origin()),
        (Cookies::Application, ..) => Finding::note(ID, say.session_application()),
        (Cookies::NeverReach, ..) if other_scheme => {
            Finding::fail(ID, say.session_lost_schemes()).detail(say.session_https())
        }
        (Cookies::NeverReach, ..) => Finding::fail(ID, say.session_lost(host))
            .detail(say.session_https())
            .detail(cure),
        (Cookies::NeedEmbeddedLogin, _, Err(why)) => Finding::fail(ID, say.session_lost(host))
            .detail(why)
            .detail(cure),
        (Cookies::NeedEmbeddedLogin, _, Ok(address)) => {
            let says = if other_scheme {
                say.session_some_schemes()
            } else {
                say.session_some(host)
            };
            Finding::warn(ID, says)
                .detail(cure)
                .detail(say.session_begin(&address))
                .detail(say.session_left_out())
        }
    }
}

/// Whether browsers let pages of that origin show a notification, and a frame with this Mattermost.
pub(crate) fn secure_context(report: &OriginReport, mattermost: &str, say: Language) -> Finding {
    const ID: &str = "secure-context";
    let host = &report.origin;
    let https = |origin: &str| origin.replacen("http://", "https://", 1);
    match (report.mixed, report.context) {
        (Some(Mixed::FrameBlocked), _) => {
            Finding::fail(ID, say.https_mixed()).detail(say.https_mattermost(&https(mattermost)))
        }
        (_, Context::Https) => Finding::pass(ID, say.https_good(host)),
        (_, Context::Local) => Finding::pass(ID, say.https_local(host)),
        (_, Context::Application) => Finding::note(ID, say.https_application()),
        (_, Context::Insecure) => {
            Finding::fail(ID, say.https_missing(host)).detail(say.https_host(&https(host)))
        }
    }
}

/// Which form of the web part does the work in a frame of that origin, as far as the headers of its files tell.
pub(crate) fn plugin_files(file: Document<'_>, host: &str, say: Language) -> Finding {
    const ID: &str = "plugin-files";
    // The frame in which it is compiled has two ancestors: Mattermost's own page, and the host's around it.
    let framed = [file.own, host]
        .into_iter()
        .all(|ancestor| file.framing(ancestor).allows());
    let says = if !framed {
        say.web_part_framed(&file.shown())
    } else if !may_compile(file.policies) {
        say.web_part_policy(&file.shown())
    } else {
        return Finding::pass(ID, say.web_part_good());
    };
    Finding::note(ID, says)
        .detail(say.web_part_fallback())
        .detail(say.web_part_leave())
}

/// Whether the address in use is the Site URL, or one at which Mattermost's pages hear of something.
///
/// Its WebSocket takes no other Origin than the Site URL's and those in `AllowCorsFrom` (9.8.1, 11.6.0); a proxy may change
/// that, so what was seen (`connects`) counts first. `permitted`: the setting names the address.
pub(crate) fn site_url(
    stored: &str,
    used: &str,
    connects: bool,
    permitted: bool,
    say: Language,
) -> Finding {
    const ID: &str = "site-url";
    if stored.is_empty() {
        return Finding::fail(ID, say.site_url_missing()).detail(say.site_url_write(used));
    }
    // Mattermost compares texts, so that a default port in the Site URL is another address, too.
    let written = format!("{}/", stored.to_ascii_lowercase());
    let written = written.starts_with(&format!("{}/", used.to_ascii_lowercase()));
    let same = match (Url::parse(stored), Url::parse(used)) {
        (Ok(stored), Ok(used)) => {
            let below = used.path().trim_end_matches('/');
            stored.origin() == used.origin() && stored.path().starts_with(below)
        }
        _ => false,
    };
    if written || (connects && same) {
        Finding::pass(ID, say.site_url_same(used))
    } else if connects || permitted {
        Finding::note(ID, say.site_url_differs(used, stored))
    } else {
        Finding::fail(ID, say.site_url_refused(used, stored))
            .detail(say.site_url_use(stored))
            .detail(say.site_url_cors(used))
    }
}

/// Whether Mattermost's pages hear of anything.
pub(crate) fn websocket(address: &str, connects: bool, say: Language) -> Finding {
    const ID: &str = "websocket";
    if connects {
        Finding::pass(ID, say.web_socket_open())
    } else {
        Finding::fail(ID, say.web_socket_blocked(address))
    }
}

/// Whether a new browser is asked "Where would you like to view this?", which it is inside the frame, too. `None`: this
/// Mattermost has no such page.
pub(crate) fn landing_page(on: Option<bool>, say: Language) -> Finding {
    const ID: &str = "landing-page";
    if on == Some(true) {
        Finding::warn(ID, say.landing_page_on())
    } else {
        Finding::pass(ID, say.landing_page_off())
    }
}

texts! {
    // The address in use.
    site_url_same(used): "The Site URL is the address in use, {used}.",
        "Die Site-URL ist die benutzte Adresse {used}.";
    site_url_missing(): "Mattermost has no Site URL.",
        "Mattermost hat keine Site-URL.";
    site_url_refused(used, stored): "Mattermost is used at {used}, but its Site URL is {stored}. Mattermost refuses its WebSocket at any other address, so pages that embed this one never get a notification.",
        "Mattermost wird unter {used} benutzt, aber seine Site-URL ist {stored}. Unter jeder anderen Adresse lehnt Mattermost seinen WebSocket ab; Seiten, die diese hier einbetten, bekommen also nie eine Benachrichtigung.";
    site_url_write(used): "Write {used} into System Console, Environment, Web Server, Site URL.",
        "Schreiben Sie {used} in Systemkonsole, Umgebung, Webserver, Site-URL.";
    site_url_differs(used, stored): "Mattermost is used at {used}, but its Site URL is {stored}. Notifications arrive at both addresses; Mattermost’s links lead to the Site URL.",
        "Mattermost wird unter {used} benutzt, aber seine Site-URL ist {stored}. Benachrichtigungen kommen unter beiden Adressen an; Mattermosts Links führen zur Site-URL.";
    site_url_use(stored): "Embed {stored} and check again for that address, or correct the Site URL in System Console, Environment, Web Server.",
        "Betten Sie {stored} ein und prüfen Sie diese Adresse, oder berichtigen Sie die Site-URL in Systemkonsole, Umgebung, Webserver.";
    site_url_cors(used): "To keep this address as a second one, add {used} in System Console, Integrations, CORS, “Enable cross-origin requests from”.",
        "Soll diese Adresse daneben bestehen bleiben, dann fügen Sie {used} hinzu unter Systemkonsole, Integrationen, CORS, „Cross-Origin-Requests erlauben von“.";

    // The WebSocket.
    web_socket_open(): "Mattermost’s WebSocket gets through.",
        "Mattermosts WebSocket kommt durch.";
    web_socket_blocked(address): "The WebSocket {address} does not get through. Mattermost’s pages hear of nothing without it, so no notification ever comes.",
        "Der WebSocket {address} kommt nicht durch. Ohne ihn erfahren Mattermosts Seiten von nichts; es kommt also nie eine Benachrichtigung.";
    web_socket_proxy(): "Let the reverse proxy pass it on: for this path, HTTP/1.1 with the headers Upgrade, Connection and Origin as the browser sends them.",
        "Der Reverse Proxy muss ihn durchlassen: für diesen Pfad HTTP/1.1 mit den Headern Upgrade, Connection und Origin, wie der Browser sie schickt.";

    // The page that asks how to view Mattermost.
    landing_page_off(): "New users come straight to Mattermost.",
        "Neue Benutzer kommen ohne Umweg zu Mattermost.";
    landing_page_on(): "In a new browser, users are first asked inside the frame: “Where would you like to view this?”.",
        "In einem neuen Browser werden Benutzer im Rahmen zuerst gefragt, wo sie Mattermost ansehen möchten („Where would you like to view this?“).";

    // Who may frame Mattermost.
    page_unread(): "Mattermost’s page could not be read.",
        "Mattermosts Seite konnte nicht gelesen werden.";
    framing_allowed(host): "Browsers show Mattermost inside pages of {host}.",
        "Browser zeigen Mattermost in Seiten von {host} an.";
    framing_policy(host, header): "Browsers refuse to show Mattermost inside pages of {host}: its header Content-Security-Policy says “{header}”.",
        "Browser weigern sich, Mattermost in Seiten von {host} anzuzeigen: Sein Header Content-Security-Policy sagt „{header}“.";
    framing_options(host, header): "Browsers refuse to show Mattermost inside pages of {host}: its header X-Frame-Options says “{header}”.",
        "Browser weigern sich, Mattermost in Seiten von {host} anzuzeigen: Sein Header X-Frame-Options sagt „{header}“.";
    strangers_refused(): "Other sites may not show Mattermost inside their pages.",
        "Andere Sites dürfen Mattermost nicht in ihren Seiten anzeigen.";
    strangers_no_header(): "Any site may show Mattermost inside its pages and misuse your users’ clicks (clickjacking): Mattermost’s page carries neither frame-ancestors nor X-Frame-Options.",
        "Jede Site darf Mattermost in ihren Seiten anzeigen und Klicks Ihrer Benutzer missbrauchen (Clickjacking): Mattermosts Seite trägt weder frame-ancestors noch X-Frame-Options.";
    strangers_headers(header): "Any site may show Mattermost inside its pages and misuse your users’ clicks (clickjacking): the headers of Mattermost’s page say “{header}”.",
        "Jede Site darf Mattermost in ihren Seiten anzeigen und Klicks Ihrer Benutzer missbrauchen (Clickjacking): Die Header von Mattermosts Seite sagen „{header}“.";

    // Whether the login reaches the frame.
    session_same_origin(): "Users stay logged in inside the frame: both have the same address.",
        "Benutzer bleiben im Rahmen angemeldet: Beide haben dieselbe Adresse.";
    session_same_site(domain): "Users stay logged in inside the frame: both belong to the site {domain}.",
        "Benutzer bleiben im Rahmen angemeldet: Beide gehören zur Site {domain}.";
    session_application(): "An application embeds Mattermost and decides itself whether users stay logged in.",
        "Eine Anwendung bettet Mattermost ein und entscheidet selbst, ob Benutzer angemeldet bleiben.";
    session_lost(host): "The login does not reach the frame, because {host} is another site. Users would see a login form that never ends.",
        "Die Anmeldung erreicht den Rahmen nicht, weil {host} eine andere Site ist. Benutzer sähen ein Anmeldeformular, das nie endet.";
    session_lost_schemes(): "The login does not reach the frame, because http and https are two sites in Chrome and Edge. Users would see a login form that never ends.",
        "Die Anmeldung erreicht den Rahmen nicht, weil http und https in Chrome und Edge zwei Sites sind. Benutzer sähen ein Anmeldeformular, das nie endet.";
    session_some(host): "The login reaches the frame in some browsers only, because {host} is another site. In the others users see a login form that never ends.",
        "Die Anmeldung erreicht den Rahmen nur in manchen Browsern, weil {host} eine andere Site ist. In den anderen sehen Benutzer ein Anmeldeformular, das nie endet.";
    session_some_schemes(): "The login reaches the frame in some browsers only, because http and https are two sites in Chrome and Edge. In the others users see a login form that never ends.",
        "Die Anmeldung erreicht den Rahmen nur in manchen Browsern, weil http und https in Chrome und Edge zwei Sites sind. In den anderen sehen Benutzer ein Anmeldeformular, das nie endet.";
    session_one_site(domain): "Serve both below one domain, for example both below {domain}.",
        "Betreiben Sie beide unter einer Domain, zum Beispiel beide unter {domain}.";
    session_one_site_any(): "Serve both below one domain.",
        "Betreiben Sie beide unter einer Domain.";
    session_https(): "Use Mattermost with https: without it, no browser sends its cookies to another site’s frame.",
        "Benutzen Sie Mattermost mit https: Ohne https schickt kein Browser seine Cookies in den Rahmen einer anderen Site.";
    session_use_https(): "Serve the page that embeds with https, too.",
        "Liefern Sie auch die einbettende Seite mit https aus.";
    session_begin(address): "Otherwise let the frame begin at {address}, so that Mattermost 9 and later marks its cookies for it; <mattermost-embed> does that by itself.",
        "Sonst lassen Sie den Rahmen bei {address} beginnen, damit Mattermost (ab 9) seine Cookies für ihn kennzeichnet; <mattermost-embed> tut das von selbst.";
    session_left_out(): "Even so, Firefox keeps the login for this page alone: users log in there once more. Safari, Chrome and Edge keep none where they block third-party cookies, as Safari and incognito windows do.",
        "Auch dann behält Firefox die Anmeldung nur für diese Seite: Benutzer melden sich dort noch einmal an. Safari, Chrome und Edge behalten keine, wo sie Cookies von Drittanbietern blockieren, wie Safari und Inkognito-Fenster es tun.";

    // Whether a page may show notifications.
    https_good(host): "Pages of {host} use https, so browsers let them show notifications.",
        "Seiten von {host} benutzen https, also lassen Browser sie Benachrichtigungen anzeigen.";
    https_local(host): "Pages of {host} never leave this machine, so browsers let them show notifications.",
        "Seiten von {host} verlassen diesen Rechner nie, also lassen Browser sie Benachrichtigungen anzeigen.";
    https_application(): "An application shows the notifications itself.",
        "Eine Anwendung zeigt die Benachrichtigungen selbst an.";
    https_missing(host): "Pages of {host} use http. Browsers have no notifications on insecure pages.",
        "Seiten von {host} benutzen http. Auf unsicheren Seiten haben Browser keine Benachrichtigungen.";
    https_host(host): "Serve them with https, and let the plugin trust {host} instead.",
        "Liefern Sie sie mit https aus, und lassen Sie das Plugin stattdessen {host} vertrauen.";
    https_mixed(): "Browsers do not show this Mattermost, which is used with http, inside https pages.",
        "Browser zeigen dieses Mattermost, das mit http benutzt wird, in https-Seiten nicht an.";
    https_mattermost(used): "Serve Mattermost with https, at {used}.",
        "Liefern Sie Mattermost mit https aus, unter {used}.";

    // Which form of the web part runs.
    web_part_good(): "The plugin’s files arrive as Mattermost sends them, so the plugin runs as WebAssembly.",
        "Die Dateien des Plugins kommen so an, wie Mattermost sie schickt; es läuft also als WebAssembly.";
    web_part_framed(header): "A header on the plugin’s own files keeps their frame from loading inside the page that embeds: {header}.",
        "Ein Header auf den eigenen Dateien des Plugins verhindert, dass deren Rahmen in der einbettenden Seite lädt: {header}.";
    web_part_policy(header): "A header on the plugin’s own files forbids WebAssembly: {header}.",
        "Ein Header auf den eigenen Dateien des Plugins verbietet WebAssembly: {header}.";
    web_part_fallback(): "The plugin runs as plain JavaScript instead, which is larger and slower.",
        "Das Plugin läuft stattdessen als reines JavaScript, das größer und langsamer ist.";
    web_part_leave(): "To change that, let the reverse proxy leave the files below /static/plugins/ as Mattermost sends them.",
        "Damit sich das ändert, soll der Reverse Proxy die Dateien unter /static/plugins/ so lassen, wie Mattermost sie schickt.";
}
