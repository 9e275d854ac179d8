// Die Seite des Plugins in der Systemkonsole auf Deutsch. `{name}` wird eingesetzt; nichts davon ist Markup.

export default {
  title: 'Prüfung der Einbettung',
  intro: 'Was zwischen Ihren Benutzern und den Benachrichtigungen eines Mattermost steht, das eine andere Seite einbettet.',
  checking: 'Wird geprüft …',
  check_again: 'Erneut prüfen',
  checked_good: 'Es steht nichts im Weg.',
  checked_open: 'Noch zu tun: {count}.',
  show_first: 'Das erste zeigen',
  not_saved: 'Das gilt für Ihre Eingabe. Sie zählt, sobald Sie auf Speichern geklickt haben.',
  not_saved_environment: 'Das gilt für Ihre Eingabe. Speichern bewahrt sie nicht: Eine Umgebungsvariable setzt die Origins.',
  not_taken_over: 'Das Plugin hat die gespeicherte Einstellung noch nicht übernommen. Prüfen Sie gleich noch einmal.',
  failed: 'Die Prüfung war nicht möglich: {reason}',
  failed_forbidden: 'Diese Prüfung sehen nur Systemadministratoren. Die Einstellung oben wirkt auch ohne sie.',
  failed_answer:
    'Unter {path} hat etwas anderes an Mattermosts Stelle geantwortet, etwa ein Reverse Proxy. Öffnen Sie diese Adresse in diesem Browser, dann sehen Sie, was.',
  failed_plugin: 'Das Plugin auf dem Server hat nicht geantwortet (HTTP {status}). Läuft es?',
  closed: 'Sie dürfen diese Einstellung ansehen, aber nicht ändern.',

  capabilities: 'Rechte',
  capabilities_intro:
    'Was die Seiten jedes vertrauten Origins wissen und tun dürfen, außer Benachrichtigungen zu zeigen. Nur eine Seite, die danach fragt, bekommt es. Es zählt, sobald Sie auf Speichern geklickt haben.',
  capabilities_origin: 'Seiten von',
  capability_unread: 'Zeigt, wie viel ungelesen ist, in allen Teams zusammen: zwei Zahlen.',
  capability_session: 'Weiß, ob jemand angemeldet ist.',
  capability_view: 'Sagt, dass der Chat verdeckt ist; Mattermost meldet dann auch den offenen Kanal.',
  capability_status: 'Weiß, ob der Benutzer online, abwesend, offline oder nicht zu stören ist.',
  capability_context: 'Kennt die Namen des offenen Teams und Kanals, die vertraulich sein können, die Sprache und das Farbschema.',
  capability_go: 'Öffnet im Chat Kanäle, Nachrichten und Threads, die der Benutzer sehen darf.',
  'capability_status.set': 'Setzt den Status des Benutzers, in seinem Namen.',
  capabilities_nobody: 'Keiner Seite wird vertraut. Schreiben Sie ihren Origin in das Feld oben, dann erscheint er hier.',
  capabilities_not_trusted: 'Keiner der vertrauten Origins, wie Browser sie schreiben.',
  capabilities_remove: 'Entfernen',
  capabilities_remove_of: '{origin} entfernen',
  capabilities_as_text: 'Als Text bearbeiten',
  capabilities_as_table: 'Als Tabelle zeigen',
  capabilities_text: 'Eine Liste für jeden Origin, als JSON',
  capabilities_unreadable:
    'Das ist kein JSON-Objekt mit einer Liste für jeden Origin und lässt sich nicht als Tabelle zeigen. Niemandem ist etwas erlaubt.',
  capabilities_no_origins: 'Die vertrauten Origins waren nicht zu lesen, deshalb steht dies hier als Text: {reason}',
  capabilities_by_hand: 'Das ist unter {key} gespeichert, von Hand geschrieben. Was Sie hier ändern und speichern, zählt stattdessen.',

  level_good: 'Gut',
  level_note: 'Hinweis',
  level_warning: 'Warnung',
  level_problem: 'Problem',
  also_good: 'Gut: {count}',

  general: 'Dieses Mattermost',
  pages_of: 'Seiten von',
  unicode: 'lautet {host}',

  put_into_field: '{origin} in das Feld schreiben',
  put_done: 'Im Feld steht jetzt {value}. Klicken Sie auf Speichern, damit es bleibt.',
  show_change: 'Zeigen, was geschrieben wird',
  show_change_of: 'Zeigen, was in {setting} geschrieben wird',
  change_setting: 'Einstellung',
  change_from: 'Jetzt',
  change_to: 'Danach',
  write: 'Jetzt schreiben',
  cancel: 'Lassen',
  writing: 'Wird geschrieben …',
  written: 'Geschrieben: {setting}.',
  write_failed: 'Mattermost hat abgelehnt: {reason}',
  write_dropped:
    'Mattermost hat den alten Wert von {setting} behalten, ohne zu sagen, warum: Die Einstellung ist für Sie gesperrt. Fragen Sie, wer den Server betreibt.',
  write_changed: '{setting} wurde inzwischen von jemand anderem geändert. Es wurde nichts geschrieben; sehen Sie es sich noch einmal an.',
  copy: 'Kopieren',
  copy_of: 'Die Zeilen für {title} kopieren',
  copied: 'Kopiert.',
  copy_failed: 'Dieser Browser lässt die Seite nicht kopieren: Markieren Sie den Text.',

  no_origins: 'Keiner Seite wird vertraut, also bekommt keine Benachrichtigungen.',
  write_example:
    'Schreiben Sie die Adresse der Seite, die Mattermost einbettet: Schema, Host und, wo es nicht der übliche ist, Port. Zum Beispiel https://mail.example.com.',
  write_instead: 'Schreiben Sie stattdessen {origin}.',
  omitted: '{count} weitere werden hier nicht gezeigt.',
  origins_environment: 'Die vertrauten Origins kommen aus der Umgebungsvariable {variable}. Was Sie hier speichern, bleibt ohne Wirkung.',
  origins_environment_entry:
    'Ihr Wert ist ein einziges JSON-Objekt mit den Einstellungen aller Plugins. Schreiben Sie dort, wo Mattermost gestartet wird, den Eintrag dieses Plugins wie unten, lassen Sie die anderen, wie sie sind, und starten Sie Mattermost neu:',
  spelling_hidden:
    'In der Konfiguration steht {key}, von Hand geschrieben: {value}. Das zählt, aber das Feld oben zeigt nur, was diese Seite gespeichert hat, und ist deshalb leer.',
  spelling_take_over:
    'Übernehmen Sie es in das Feld und speichern Sie, bevor jemand dort eine andere Liste speichert: Was diese Seite gespeichert hat, zählt dann allein.',
  spelling_two: 'In der Konfiguration steht auch {key}, von Hand geschrieben: {value}. Es zählt, was das Feld oben zeigt.',
  spelling_remove:
    'Entfernen Sie {key} aus PluginSettings.Plugins.notifymatters in der Konfiguration (config.json oder mmctl config edit), damit es niemand für die Einstellung hält.',
  problem_no_scheme: '{text} hat kein Schema.',
  problem_no_host: '{text} hat keinen Host.',
  problem_backslash: '{text} enthält einen Rückstrich.',
  problem_user_name: '{text} enthält einen Benutzernamen.',
  problem_path: '{text} enthält einen Pfad; ein Origin hat keinen.',
  problem_query: '{text} enthält eine Abfrage; ein Origin hat keine.',
  problem_fragment: '{text} enthält ein Fragment; ein Origin hat keines.',
  problem_too_long: '{text}… ist länger als jeder Origin.',
  problem_wildcard: '{text} enthält einen Platzhalter. Jeder Origin muss für sich geschrieben werden.',
  problem_opaque: '{text} ist kein Origin, der sich von anderen unterscheiden ließe.',
  problem_port: '{text} hat einen Port, den es nicht gibt.',
  problem_host: '{text} hat einen Hostnamen, den es nicht gibt.',
  problem_setting_too_long: 'Die Einstellung ist viel zu lang, also wird keiner Seite vertraut.',
  problem_too_many: 'Es sind zu viele Origins; nur die ersten zählen.',

  environment:
    'Der Wert kommt aus der Umgebungsvariable {variable} und lässt sich deshalb hier nicht ändern. Setzen Sie sie dort, wo Mattermost gestartet wird, und starten Sie Mattermost dann neu:',
  restricted:
    'Mattermost schränkt seine Systemadministratoren ein, deshalb ist {setting} für Sie gesperrt. Wer den Server betreibt, setzt es in der Datei:',

  site_url_same: 'Die Site-URL ist die benutzte Adresse {used}.',
  site_url_missing: 'Mattermost hat keine Site-URL.',
  site_url_refused:
    'Sie benutzen Mattermost unter {used}, aber seine Site-URL ist {stored}. Unter jeder anderen Adresse lehnt Mattermost seinen WebSocket ab; Seiten, die diese hier einbetten, bekommen also nie eine Benachrichtigung.',
  site_url_write: 'Schreiben Sie {used} in Systemkonsole, Umgebung, Webserver, Site-URL.',
  site_url_differs:
    'Sie benutzen Mattermost unter {used}, aber seine Site-URL ist {stored}. Auch diese Adresse ist zugelassen. Diese Prüfung gilt für die Adresse, die Sie benutzen.',
  site_url_use:
    'Betten Sie {stored} ein und öffnen Sie die Systemkonsole dort, oder berichtigen Sie die Site-URL in Systemkonsole, Umgebung, Webserver.',
  site_url_cors:
    'Soll diese Adresse daneben bestehen bleiben, dann fügen Sie {used} hinzu unter Systemkonsole, Integrationen, CORS, „Cross-Origin-Requests erlauben von“.',

  web_socket_open: 'Mattermosts WebSocket kommt durch.',
  web_socket_blocked:
    'Der WebSocket {address} kommt nicht durch. Ohne ihn erfahren Mattermosts Seiten von nichts; es kommt also nie eine Benachrichtigung.',
  web_socket_proxy:
    'Der Reverse Proxy muss ihn durchlassen: für diesen Pfad HTTP/1.1 mit den Headern Upgrade, Connection und Origin, wie der Browser sie schickt.',

  landing_page_off: 'Neue Benutzer kommen ohne Umweg zu Mattermost.',
  landing_page_on:
    'In einem neuen Browser werden Benutzer im Rahmen zuerst gefragt, wo sie Mattermost ansehen möchten („Where would you like to view this?“).',
  landing_page_switch_off: 'Schalten Sie diese Seite ab.',

  framing_allowed: 'Browser zeigen dieses Mattermost in diesen Seiten an.',
  framing_policy:
    'Browser weigern sich, dieses Mattermost in diesen Seiten anzuzeigen: Sein Header Content-Security-Policy sagt „{header}“.',
  framing_options: 'Browser weigern sich, dieses Mattermost in diesen Seiten anzuzeigen: Sein Header X-Frame-Options sagt „{header}“.',
  framing_unread: 'Dieser Browser konnte die Header von Mattermosts Seite nicht lesen.',
  framing_look: 'Prüfen Sie noch einmal. Bleibt es so, dann antwortet etwas zwischen diesem Browser und Mattermost an dessen Stelle.',
  framing_add: 'Fügen Sie den Origin in Mattermosts Einstellung „Frame Ancestors“ hinzu.',
  framing_no_setting:
    'Diese Version von Mattermost hat keine Einstellung dafür; sie kam mit 10.6.1. Bis dahin muss der Reverse Proxy davor den Header ändern:',
  framing_proxy:
    'Mattermosts Einstellung erlaubt es schon; also ersetzt etwas zwischen Mattermost und diesem Browser den Header, etwa ein Reverse Proxy. Ändern Sie es dort:',
  proxy_inheritance:
    'Zu den Zeilen für nginx: Ein add_header in einer location beendet die Wirkung aller anderen darüber, etwa von Strict-Transport-Security. Wiederholen Sie diese daneben.',

  strangers_no_header:
    'Seiten jeder beliebigen Site dürfen dieses Mattermost in sich anzeigen und Klicks Ihrer Benutzer umlenken: Seine Seiten tragen weder frame-ancestors noch X-Frame-Options.',
  strangers_headers:
    'Seiten jeder beliebigen Site dürfen dieses Mattermost in sich anzeigen und Klicks Ihrer Benutzer umlenken: Seine Header sagen „{header}“.',
  strangers_lines:
    'Etwas zwischen Mattermost und diesem Browser nimmt Mattermosts eigenen Header weg, etwa ein Reverse Proxy. Er soll die Seiten nennen, die es dürfen:',
  strangers_proxy:
    'Etwas zwischen Mattermost und diesem Browser nimmt Mattermosts eigenen Header weg, etwa ein Reverse Proxy. Er soll ihn durchlassen, wie er ist; welche Seiten es dürfen, nennt Mattermosts Einstellung „Frame Ancestors“.',
  strangers_setting: 'Mattermosts Einstellung „Frame Ancestors“ soll die Seiten nennen, die es dürfen, und nicht mehr.',

  session_same_origin: 'Benutzer bleiben im Rahmen angemeldet: Beide haben dieselbe Adresse.',
  session_same_site: 'Benutzer bleiben im Rahmen angemeldet: Beide gehören zur Site {domain}.',
  session_application: 'Eine eigene Anwendung bettet Mattermost ein; ob Benutzer angemeldet bleiben, entscheidet sie.',
  session_lost:
    'Die Anmeldung erreicht den Rahmen nicht, weil diese Seiten eine andere Site sind. Benutzer sähen ein Anmeldeformular, das nie endet.',
  session_other_scheme:
    'Die Anmeldung erreicht den Rahmen in Chrome und Edge nicht, weil http und https dort zwei Sites sind. Benutzer sähen ein Anmeldeformular, das nie endet.',
  session_one_site: 'Betreiben Sie beide unter einer Domain, zum Beispiel beide unter {domain}.',
  session_one_site_any: 'Betreiben Sie beide unter einer Domain.',
  session_https: 'Benutzen Sie Mattermost mit https: Ohne https schickt kein Browser seine Cookies in den Rahmen einer anderen Site.',
  session_use_https: 'Liefern Sie auch diese Seiten mit https aus.',
  embedded_login_missing:
    'Sonst kennzeichnet Mattermost seine Cookies für Rahmen anderer Sites nur, wenn die Anmeldung das Cookie MMEMBED=1 mitbringt, über https. Dieser Browser hat es nicht.',
  embedded_login_here:
    'Dieser Browser hat das Cookie MMEMBED=1, also kennzeichnet eine Anmeldung über https Mattermosts Cookies für Rahmen anderer Sites.',
  embedded_login_partitioned:
    'Auch dann hält Firefox solche Cookies für jede einbettende Site getrennt, und Safari lehnt sie ab: Benutzer melden sich im Rahmen noch einmal an, oder sie können es nicht.',

  https_good: 'Diese Seiten benutzen https, also lassen Browser sie Benachrichtigungen anzeigen.',
  https_local: 'Diese Seiten verlassen diesen Rechner nie, also lassen Browser sie Benachrichtigungen anzeigen.',
  https_application: 'Eine eigene Anwendung zeigt die Benachrichtigungen an.',
  https_missing: 'Diese Seiten benutzen http. Auf unsicheren Seiten haben Browser keine Benachrichtigungen.',
  https_host: 'Liefern Sie sie mit https aus, und schreiben Sie die https-Adresse in das Feld oben.',
  https_mixed: 'Browser zeigen dieses Mattermost, das mit http benutzt wird, in https-Seiten nicht an.',
  https_mattermost: 'Liefern Sie Mattermost mit https aus statt unter {used}.',

  web_part_good: 'Das Plugin läuft dort als WebAssembly.',
  web_part_off: 'WebAssembly ist in diesem Browser abgeschaltet.',
  web_part_unread: 'Dieser Browser konnte eine Datei des Plugins nicht laden.',
  web_part_reload: 'Laden Sie diese Seite neu. Bleibt es so, dann laden Sie das Plugin noch einmal hoch.',
  web_part_framed: 'Ein Header auf den eigenen Dateien des Plugins verhindert, dass deren Rahmen in diesen Seiten lädt: {header}.',
  web_part_policy: 'Ein Header auf den eigenen Dateien des Plugins verbietet WebAssembly: {header}.',
  web_part_fallback: 'Das Plugin läuft stattdessen als reines JavaScript, das größer und langsamer ist.',
  web_part_leave: 'Damit sich das ändert, soll der Reverse Proxy die Dateien unter /static/plugins/ so lassen, wie Mattermost sie schickt.',

  asked: 'Wer in den letzten 24 Stunden gefragt hat',
  asked_answered: 'Beantwortet',
  asked_refused: 'Ohne Vertrauen, also nicht beantwortet',
  asked_nobody: 'Bisher hat keine Seite diesen Server gefragt.',
  asked_node: 'Jeder Server eines Clusters zählt für sich.',
  asked_last: '{times}-mal, zuletzt {time}',
  asked_last_once: 'einmal, {time}',
};
