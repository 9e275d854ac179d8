//! Every sentence of the embedding check's findings, in each language. `{name}` is filled in; nothing here is markup.

use crate::language::Language;

/// Makes a function of each text, which takes what is filled in.
macro_rules! texts {
    ($($name:ident($($place:ident),*): $english:literal, $german:literal;)*) => {
        impl Language {
            $(pub(crate) fn $name(self $(, $place: &str)*) -> String {
                self.fill($english, $german, &[$((stringify!($place), $place)),*])
            })*
        }

        #[cfg(test)]
        const TEXTS: &[(&str, &[&str], [&str; 2])] =
            &[$((stringify!($name), &[$(stringify!($place)),*], [$english, $german])),*];
    };
}

texts! {
    // Where lines are written into a proxy.
    place_nginx_http():
        "in the block \"http\"",
        "im Block \"http\"";
    place_nginx_location():
        "in the \"location\" that leads to Mattermost",
        "in der \"location\", die zu Mattermost führt";
    place_apache_headers():
        "in the \"VirtualHost\" of Mattermost (a2enmod headers)",
        "im \"VirtualHost\" von Mattermost (a2enmod headers)";
    place_caddy_proxy():
        "in the \"reverse_proxy\" of Mattermost",
        "im \"reverse_proxy\" von Mattermost";
    place_haproxy_backend():
        "in the backend of Mattermost",
        "im Backend von Mattermost";

    // The setting of the trusted origins.
    no_origins():
        "No page is trusted, so none gets notifications.",
        "Keiner Seite wird vertraut, also bekommt keine Benachrichtigungen.";
    write_example():
        "Write the address of the page that embeds Mattermost: scheme, host and, where it is not the usual one, port. For example https://mail.example.com.",
        "Schreiben Sie die Adresse der Seite, die Mattermost einbettet: Schema, Host und, wo es nicht der übliche ist, Port. Zum Beispiel https://mail.example.com.";
    write_instead(origin):
        "Write {origin} instead.",
        "Schreiben Sie stattdessen {origin}.";
    origins_environment(variable):
        "The trusted origins come from the environment variable {variable}. What you save here has no effect.",
        "Die vertrauten Origins kommen aus der Umgebungsvariable {variable}. Was Sie hier speichern, bleibt ohne Wirkung.";
    origins_environment_entry():
        "Its value is one JSON object with the settings of all plugins. Where Mattermost is started, let the entry of this plugin read as below, leave the others as they are, and restart Mattermost:",
        "Ihr Wert ist ein einziges JSON-Objekt mit den Einstellungen aller Plugins. Schreiben Sie dort, wo Mattermost gestartet wird, den Eintrag dieses Plugins wie unten, lassen Sie die anderen, wie sie sind, und starten Sie Mattermost neu:";
    spelling_hidden(key, value):
        "The configuration holds {key}, written by hand: {value}. It counts, but the field above shows only what this page has saved, so it is empty.",
        "In der Konfiguration steht {key}, von Hand geschrieben: {value}. Das zählt, aber das Feld oben zeigt nur, was diese Seite gespeichert hat, und ist deshalb leer.";
    spelling_take_over():
        "Take it into the field and save, before somebody saves another list there: what this page has saved counts alone.",
        "Übernehmen Sie es in das Feld und speichern Sie, bevor jemand dort eine andere Liste speichert: Was diese Seite gespeichert hat, zählt dann allein.";
    spelling_two(key, value):
        "The configuration also holds {key}, written by hand: {value}. What the field above shows counts.",
        "In der Konfiguration steht auch {key}, von Hand geschrieben: {value}. Es zählt, was das Feld oben zeigt.";
    spelling_remove(key):
        "Remove {key} from PluginSettings.Plugins.notifymatters in the configuration (config.json, or mmctl config edit), so that nobody takes it for the setting.",
        "Entfernen Sie {key} aus PluginSettings.Plugins.notifymatters in der Konfiguration (config.json oder mmctl config edit), damit es niemand für die Einstellung hält.";
    problem_no_scheme(text):
        "{text} has no scheme.",
        "{text} hat kein Schema.";
    problem_no_host(text):
        "{text} has no host.",
        "{text} hat keinen Host.";
    problem_backslash(text):
        "{text} has a backslash.",
        "{text} enthält einen Rückstrich.";
    problem_user_name(text):
        "{text} has a user name.",
        "{text} enthält einen Benutzernamen.";
    problem_path(text):
        "{text} has a path; an origin has none.",
        "{text} enthält einen Pfad; ein Origin hat keinen.";
    problem_query(text):
        "{text} has a query; an origin has none.",
        "{text} enthält eine Abfrage; ein Origin hat keine.";
    problem_fragment(text):
        "{text} has a fragment; an origin has none.",
        "{text} enthält ein Fragment; ein Origin hat keines.";
    problem_too_long(text):
        "{text}… is longer than any origin.",
        "{text}… ist länger als jeder Origin.";
    problem_wildcard(text):
        "{text} has a wildcard. Each origin has to be written by itself.",
        "{text} enthält einen Platzhalter. Jeder Origin muss für sich geschrieben werden.";
    problem_opaque(text):
        "{text} is no origin that could be told from another.",
        "{text} ist kein Origin, der sich von anderen unterscheiden ließe.";
    problem_port(text):
        "{text} has a port that does not exist.",
        "{text} hat einen Port, den es nicht gibt.";
    problem_host(text):
        "{text} has a host name that does not exist.",
        "{text} hat einen Hostnamen, den es nicht gibt.";
    problem_setting_too_long():
        "The setting is far too long, so no page is trusted.",
        "Die Einstellung ist viel zu lang, also wird keiner Seite vertraut.";
    problem_too_many():
        "There are too many origins; only the first ones count.",
        "Es sind zu viele Origins; nur die ersten zählen.";

    // Where a setting can be changed.
    environment(variable):
        "The value comes from the environment variable {variable}, so it cannot be changed here. Set it where Mattermost is started, then restart Mattermost:",
        "Der Wert kommt aus der Umgebungsvariable {variable} und lässt sich deshalb hier nicht ändern. Setzen Sie sie dort, wo Mattermost gestartet wird, und starten Sie Mattermost dann neu:";
    restricted(setting):
        "Mattermost restricts its system administrators, so {setting} is closed to you. Whoever runs the server sets it in the file:",
        "Mattermost schränkt seine Systemadministratoren ein, deshalb ist {setting} für Sie gesperrt. Wer den Server betreibt, setzt es in der Datei:";

    // The address in use.
    site_url_same(used):
        "The Site URL is the address in use, {used}.",
        "Die Site-URL ist die benutzte Adresse {used}.";
    site_url_missing():
        "Mattermost has no Site URL.",
        "Mattermost hat keine Site-URL.";
    site_url_refused(used, stored):
        "You use Mattermost at {used}, but its Site URL is {stored}. Mattermost refuses its WebSocket at any other address, so pages that embed this one never get a notification.",
        "Sie benutzen Mattermost unter {used}, aber seine Site-URL ist {stored}. Unter jeder anderen Adresse lehnt Mattermost seinen WebSocket ab; Seiten, die diese hier einbetten, bekommen also nie eine Benachrichtigung.";
    site_url_write(used):
        "Write {used} into System Console, Environment, Web Server, Site URL.",
        "Schreiben Sie {used} in Systemkonsole, Umgebung, Webserver, Site-URL.";
    site_url_differs(used, stored):
        "You use Mattermost at {used}, but its Site URL is {stored}. That address is permitted as well. This check is about the address that you use.",
        "Sie benutzen Mattermost unter {used}, aber seine Site-URL ist {stored}. Auch diese Adresse ist zugelassen. Diese Prüfung gilt für die Adresse, die Sie benutzen.";
    site_url_use(stored):
        "Let pages embed {stored} and open the System Console there, or correct the Site URL in System Console, Environment, Web Server.",
        "Betten Sie {stored} ein und öffnen Sie die Systemkonsole dort, oder berichtigen Sie die Site-URL in Systemkonsole, Umgebung, Webserver.";
    site_url_cors(used):
        "If this address is to stay beside it, add {used} in System Console, Integrations, CORS, “Enable cross-origin requests from”.",
        "Soll diese Adresse daneben bestehen bleiben, dann fügen Sie {used} hinzu unter Systemkonsole, Integrationen, CORS, „Cross-Origin-Requests erlauben von“.";

    // The WebSocket.
    web_socket_open():
        "Mattermost’s WebSocket gets through.",
        "Mattermosts WebSocket kommt durch.";
    web_socket_blocked(address):
        "The WebSocket {address} does not get through. Mattermost’s pages hear of nothing without it, so no notification ever comes.",
        "Der WebSocket {address} kommt nicht durch. Ohne ihn erfahren Mattermosts Seiten von nichts; es kommt also nie eine Benachrichtigung.";
    web_socket_proxy():
        "Let the reverse proxy pass it on: for this path, HTTP/1.1 with the headers Upgrade, Connection and Origin as the browser sends them.",
        "Der Reverse Proxy muss ihn durchlassen: für diesen Pfad HTTP/1.1 mit den Headern Upgrade, Connection und Origin, wie der Browser sie schickt.";

    // The page that asks how to view Mattermost.
    landing_page_off():
        "New users come straight to Mattermost.",
        "Neue Benutzer kommen ohne Umweg zu Mattermost.";
    landing_page_on():
        "In a new browser, users are first asked inside the frame: “Where would you like to view this?”.",
        "In einem neuen Browser werden Benutzer im Rahmen zuerst gefragt, wo sie Mattermost ansehen möchten („Where would you like to view this?“).";
    landing_page_switch_off():
        "Switch that page off.",
        "Schalten Sie diese Seite ab.";

    // Who may frame Mattermost.
    framing_allowed():
        "Browsers show this Mattermost inside these pages.",
        "Browser zeigen dieses Mattermost in diesen Seiten an.";
    framing_policy(header):
        "Browsers refuse to show this Mattermost inside these pages: its header Content-Security-Policy says “{header}”.",
        "Browser weigern sich, dieses Mattermost in diesen Seiten anzuzeigen: Sein Header Content-Security-Policy sagt „{header}“.";
    framing_options(header):
        "Browsers refuse to show this Mattermost inside these pages: its header X-Frame-Options says “{header}”.",
        "Browser weigern sich, dieses Mattermost in diesen Seiten anzuzeigen: Sein Header X-Frame-Options sagt „{header}“.";
    framing_unread():
        "This browser could not read the headers of Mattermost’s page.",
        "Dieser Browser konnte die Header von Mattermosts Seite nicht lesen.";
    framing_look():
        "Check again. If it stays so, something between this browser and Mattermost answers in its place.",
        "Prüfen Sie noch einmal. Bleibt es so, dann antwortet etwas zwischen diesem Browser und Mattermost an dessen Stelle.";
    framing_add():
        "Add the origin to Mattermost’s setting “Frame Ancestors”.",
        "Fügen Sie den Origin in Mattermosts Einstellung „Frame Ancestors“ hinzu.";
    framing_no_setting():
        "This version of Mattermost has no setting for that; it came with 10.6.1. Until then the reverse proxy in front of it has to change the header:",
        "Diese Version von Mattermost hat keine Einstellung dafür; sie kam mit 10.6.1. Bis dahin muss der Reverse Proxy davor den Header ändern:";
    framing_proxy():
        "Mattermost’s setting already allows it, so something between Mattermost and this browser replaces the header, such as a reverse proxy. Change it there:",
        "Mattermosts Einstellung erlaubt es schon; also ersetzt etwas zwischen Mattermost und diesem Browser den Header, etwa ein Reverse Proxy. Ändern Sie es dort:";
    proxy_inheritance():
        "Lines in nginx: an add_header in a location ends the effect of all others above it, such as Strict-Transport-Security. Repeat those beside it.",
        "Zu den Zeilen für nginx: Ein add_header in einer location beendet die Wirkung aller anderen darüber, etwa von Strict-Transport-Security. Wiederholen Sie diese daneben.";

    // Whether anybody may.
    strangers_no_header():
        "Pages of any site may show this Mattermost inside them and lead your users’ clicks astray: its pages carry neither frame-ancestors nor X-Frame-Options.",
        "Seiten jeder beliebigen Site dürfen dieses Mattermost in sich anzeigen und Klicks Ihrer Benutzer umlenken: Seine Seiten tragen weder frame-ancestors noch X-Frame-Options.";
    strangers_headers(header):
        "Pages of any site may show this Mattermost inside them and lead your users’ clicks astray: its headers say “{header}”.",
        "Seiten jeder beliebigen Site dürfen dieses Mattermost in sich anzeigen und Klicks Ihrer Benutzer umlenken: Seine Header sagen „{header}“.";
    strangers_lines():
        "Something between Mattermost and this browser takes Mattermost’s own header away, such as a reverse proxy. Let it name the pages that may:",
        "Etwas zwischen Mattermost und diesem Browser nimmt Mattermosts eigenen Header weg, etwa ein Reverse Proxy. Er soll die Seiten nennen, die es dürfen:";
    strangers_proxy():
        "Something between Mattermost and this browser takes Mattermost’s own header away, such as a reverse proxy. Let it pass the header on as it is; Mattermost’s setting “Frame Ancestors” names the pages that may.",
        "Etwas zwischen Mattermost und diesem Browser nimmt Mattermosts eigenen Header weg, etwa ein Reverse Proxy. Er soll ihn durchlassen, wie er ist; welche Seiten es dürfen, nennt Mattermosts Einstellung „Frame Ancestors“.";
    strangers_setting():
        "Let Mattermost’s setting “Frame Ancestors” name the pages that may, and nothing more.",
        "Mattermosts Einstellung „Frame Ancestors“ soll die Seiten nennen, die es dürfen, und nicht mehr.";

    // Whether the login reaches the frame.
    session_same_origin():
        "Users stay logged in inside the frame: both have one address.",
        "Benutzer bleiben im Rahmen angemeldet: Beide haben dieselbe Adresse.";
    session_same_site(domain):
        "Users stay logged in inside the frame: both belong to the site {domain}.",
        "Benutzer bleiben im Rahmen angemeldet: Beide gehören zur Site {domain}.";
    session_application():
        "An application of its own embeds Mattermost; whether users stay logged in is up to it.",
        "Eine eigene Anwendung bettet Mattermost ein; ob Benutzer angemeldet bleiben, entscheidet sie.";
    session_lost():
        "The login does not reach the frame, because these pages are another site. Users would see a login form that never ends.",
        "Die Anmeldung erreicht den Rahmen nicht, weil diese Seiten eine andere Site sind. Benutzer sähen ein Anmeldeformular, das nie endet.";
    session_some():
        "The login reaches the frame in some browsers only, because these pages are another site. In the others users see a login form that never ends.",
        "Die Anmeldung erreicht den Rahmen nur in manchen Browsern, weil diese Seiten eine andere Site sind. In den anderen sehen Benutzer ein Anmeldeformular, das nie endet.";
    session_some_schemes():
        "The login reaches the frame in some browsers only, because http and https are two sites in Chrome and Edge. In the others users see a login form that never ends.",
        "Die Anmeldung erreicht den Rahmen nur in manchen Browsern, weil http und https in Chrome und Edge zwei Sites sind. In den anderen sehen Benutzer ein Anmeldeformular, das nie endet.";
    session_one_site(domain):
        "Serve both below one domain, for example both below {domain}.",
        "Betreiben Sie beide unter einer Domain, zum Beispiel beide unter {domain}.";
    session_one_site_any():
        "Serve both below one domain.",
        "Betreiben Sie beide unter einer Domain.";
    session_https():
        "Use Mattermost with https: without it, no browser sends its cookies to another site’s frame.",
        "Benutzen Sie Mattermost mit https: Ohne https schickt kein Browser seine Cookies in den Rahmen einer anderen Site.";
    session_use_https():
        "Serve these pages with https, too.",
        "Liefern Sie auch diese Seiten mit https aus.";
    session_begin(address):
        "Otherwise let the frame begin at {address}, so that Mattermost 9 and later marks its cookies for it; <mattermost-embed> does that by itself.",
        "Sonst lassen Sie den Rahmen bei {address} beginnen, damit Mattermost (ab 9) seine Cookies für ihn kennzeichnet; <mattermost-embed> tut das von selbst.";
    session_left_out():
        "Even so, Firefox keeps the login for these pages alone: users log in there once more. Safari, Chrome and Edge keep none where they block third-party cookies, as Safari and incognito windows do.",
        "Auch dann behält Firefox die Anmeldung nur für diese Seiten: Benutzer melden sich dort noch einmal an. Safari, Chrome und Edge behalten keine, wo sie Cookies von Drittanbietern blockieren, wie Safari und Inkognito-Fenster es tun.";

    // Whether a page may show notifications.
    https_good():
        "These pages use https, so browsers let them show notifications.",
        "Diese Seiten benutzen https, also lassen Browser sie Benachrichtigungen anzeigen.";
    https_local():
        "These pages never leave this machine, so browsers let them show notifications.",
        "Diese Seiten verlassen diesen Rechner nie, also lassen Browser sie Benachrichtigungen anzeigen.";
    https_application():
        "An application of its own shows the notifications.",
        "Eine eigene Anwendung zeigt die Benachrichtigungen an.";
    https_missing():
        "These pages use http. Browsers have no notifications on insecure pages.",
        "Diese Seiten benutzen http. Auf unsicheren Seiten haben Browser keine Benachrichtigungen.";
    https_host():
        "Serve them with https, and write the https address into the field above.",
        "Liefern Sie sie mit https aus, und schreiben Sie die https-Adresse in das Feld oben.";
    https_mixed():
        "Browsers do not show this Mattermost, which is used with http, inside https pages.",
        "Browser zeigen dieses Mattermost, das mit http benutzt wird, in https-Seiten nicht an.";
    https_mattermost(used):
        "Serve Mattermost with https instead of {used}.",
        "Liefern Sie Mattermost mit https aus statt unter {used}.";

    // Which form of the web part runs.
    web_part_good():
        "The plugin runs as WebAssembly there.",
        "Das Plugin läuft dort als WebAssembly.";
    web_part_off():
        "WebAssembly is switched off in this browser.",
        "WebAssembly ist in diesem Browser abgeschaltet.";
    web_part_unread():
        "This browser could not load a file of the plugin.",
        "Dieser Browser konnte eine Datei des Plugins nicht laden.";
    web_part_reload():
        "Reload this page. If it stays so, upload the plugin again.",
        "Laden Sie diese Seite neu. Bleibt es so, dann laden Sie das Plugin noch einmal hoch.";
    web_part_framed(header):
        "A header on the plugin’s own files keeps their frame from loading inside these pages: {header}.",
        "Ein Header auf den eigenen Dateien des Plugins verhindert, dass deren Rahmen in diesen Seiten lädt: {header}.";
    web_part_policy(header):
        "A header on the plugin’s own files forbids WebAssembly: {header}.",
        "Ein Header auf den eigenen Dateien des Plugins verbietet WebAssembly: {header}.";
    web_part_fallback():
        "The plugin runs as plain JavaScript instead, which is larger and slower.",
        "Das Plugin läuft stattdessen als reines JavaScript, das größer und langsamer ist.";
    web_part_leave():
        "To change that, let the reverse proxy leave the files below /static/plugins/ as Mattermost sends them.",
        "Damit sich das ändert, soll der Reverse Proxy die Dateien unter /static/plugins/ so lassen, wie Mattermost sie schickt.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_fills_in_the_same_and_says_it_differently() {
        for (name, places, [english, german]) in TEXTS {
            assert_ne!(english, german, "{name}");
            for text in [english, german] {
                let named: Vec<&str> = text
                    .split('{')
                    .skip(1)
                    .filter_map(|rest| Some(rest.split_once('}')?.0))
                    .collect();
                assert!(
                    named.iter().all(|place| places.contains(place)),
                    "{name}: {text}"
                );
                assert!(
                    places.iter().all(|place| named.contains(place)),
                    "{name}: {text}"
                );
            }
        }
    }
}
