// The plugin's page in the System Console in English. `{name}` is filled in; nothing here is markup.

export default {
  title: 'Embedding check',
  intro: 'What stands between your users and the notifications of a Mattermost that another page embeds.',
  checking: 'Checking …',
  check_again: 'Check again',
  checked_good: 'Nothing is in the way.',
  checked_open: 'Still to do: {count}.',
  show_first: 'Show the first',
  not_saved: 'This is about what you typed. It counts when you have pressed Save.',
  not_saved_environment: 'This is about what you typed. Save does not keep it: an environment variable sets the origins.',
  not_taken_over: 'The plugin has not taken over the saved setting yet. Check again in a moment.',
  failed: 'The check could not be done: {reason}',
  failed_forbidden: 'Only a system administrator can see this check. The setting above works without it.',
  failed_answer:
    'Something else answered in Mattermost’s place at {path}, such as a reverse proxy. Open that address in this browser to see what.',
  failed_plugin: 'The plugin on the server did not answer (HTTP {status}). Is it running?',
  closed: 'You may look at this setting, but not change it.',

  capabilities: 'Capabilities',
  capabilities_intro:
    'What the pages of each trusted origin may know and do besides showing notifications. Only a page that asks for it gets it. It counts when you have pressed Save.',
  capabilities_origin: 'Pages of',
  capability_unread: 'Shows how much is unread, in all teams together: two numbers.',
  capability_session: 'Knows whether somebody is logged in.',
  capability_view: 'Says that the chat is hidden, so that Mattermost notifies for the open channel, too.',
  capability_status: 'Knows whether the user is online, away, offline or not to be disturbed.',
  capability_context: 'Knows the names of the open team and channel, which may be confidential, the language and the theme.',
  capability_go: 'Opens channels, messages and threads in the chat that the user may see.',
  'capability_status.set': 'Sets the user’s status, in the user’s name.',
  capabilities_nobody: 'No page is trusted. Write its origin into the field above, and it appears here.',
  capabilities_not_trusted: 'None of the trusted origins, as browsers write them.',
  capabilities_remove: 'Remove',
  capabilities_remove_of: 'Remove {origin}',
  capabilities_as_text: 'Edit as text',
  capabilities_as_table: 'Show as a table',
  capabilities_text: 'A list for each origin, as JSON',
  capabilities_unreadable:
    'This is not a JSON object with a list for each origin, so it cannot be shown as a table. Nothing is granted to anybody.',
  capabilities_no_origins: 'The trusted origins could not be read, so this is shown as text: {reason}',
  capabilities_by_hand: 'This is stored under {key}, written by hand. What you change and save here counts instead.',

  level_good: 'Good',
  level_note: 'Note',
  level_warning: 'Warning',
  level_problem: 'Problem',
  also_good: 'Good: {count}',

  general: 'This Mattermost',
  pages_of: 'Pages of',
  unicode: 'reads {host}',

  put_into_field: 'Write {origin} into the field',
  put_done: 'The field now says {value}. Press Save to keep it.',
  show_change: 'Show what will be written',
  show_change_of: 'Show what will be written to {setting}',
  change_setting: 'Setting',
  change_from: 'Now',
  change_to: 'Then',
  write: 'Write it now',
  cancel: 'Leave it',
  writing: 'Writing …',
  written: 'Written: {setting}.',
  write_failed: 'Mattermost refused: {reason}',
  write_dropped:
    'Mattermost kept the old value of {setting} without saying why: the setting is closed to you. Ask whoever runs the server.',
  write_changed: '{setting} has been changed by somebody else meanwhile. Nothing was written; look at it again.',
  copy: 'Copy',
  copy_of: 'Copy the lines for {title}',
  copied: 'Copied.',
  copy_failed: 'This browser does not let the page copy: select the text.',

  no_origins: 'No page is trusted, so none gets notifications.',
  write_example:
    'Write the address of the page that embeds Mattermost: scheme, host and, where it is not the usual one, port. For example https://mail.example.com.',
  write_instead: 'Write {origin} instead.',
  omitted: '{count} more are not shown here.',
  origins_environment: 'The trusted origins come from the environment variable {variable}. What you save here has no effect.',
  origins_environment_entry:
    'Its value is one JSON object with the settings of all plugins. Where Mattermost is started, let the entry of this plugin read as below, leave the others as they are, and restart Mattermost:',
  spelling_hidden:
    'The configuration holds {key}, written by hand: {value}. It counts, but the field above shows only what this page has saved, so it is empty.',
  spelling_take_over: 'Take it into the field and save, before somebody saves another list there: what this page has saved counts alone.',
  spelling_two: 'The configuration also holds {key}, written by hand: {value}. What the field above shows counts.',
  spelling_remove:
    'Remove {key} from PluginSettings.Plugins.notifymatters in the configuration (config.json, or mmctl config edit), so that nobody takes it for the setting.',
  problem_no_scheme: '{text} has no scheme.',
  problem_no_host: '{text} has no host.',
  problem_backslash: '{text} has a backslash.',
  problem_user_name: '{text} has a user name.',
  problem_path: '{text} has a path; an origin has none.',
  problem_query: '{text} has a query; an origin has none.',
  problem_fragment: '{text} has a fragment; an origin has none.',
  problem_too_long: '{text}… is longer than any origin.',
  problem_wildcard: '{text} has a wildcard. Each origin has to be written by itself.',
  problem_opaque: '{text} is no origin that could be told from another.',
  problem_port: '{text} has a port that does not exist.',
  problem_host: '{text} has a host name that does not exist.',
  problem_setting_too_long: 'The setting is far too long, so no page is trusted.',
  problem_too_many: 'There are too many origins; only the first ones count.',

  environment:
    'The value comes from the environment variable {variable}, so it cannot be changed here. Set it where Mattermost is started, then restart Mattermost:',
  restricted: 'Mattermost restricts its system administrators, so {setting} is closed to you. Whoever runs the server sets it in the file:',

  site_url_same: 'The Site URL is the address in use, {used}.',
  site_url_missing: 'Mattermost has no Site URL.',
  site_url_refused:
    'You use Mattermost at {used}, but its Site URL is {stored}. Mattermost refuses its WebSocket at any other address, so pages that embed this one never get a notification.',
  site_url_write: 'Write {used} into System Console, Environment, Web Server, Site URL.',
  site_url_differs:
    'You use Mattermost at {used}, but its Site URL is {stored}. That address is permitted as well. This check is about the address that you use.',
  site_url_use:
    'Let pages embed {stored} and open the System Console there, or correct the Site URL in System Console, Environment, Web Server.',
  site_url_cors:
    'If this address is to stay beside it, add {used} in System Console, Integrations, CORS, “Enable cross-origin requests from”.',

  web_socket_open: 'Mattermost’s WebSocket gets through.',
  web_socket_blocked:
    'The WebSocket {address} does not get through. Mattermost’s pages hear of nothing without it, so no notification ever comes.',
  web_socket_proxy:
    'Let the reverse proxy pass it on: for this path, HTTP/1.1 with the headers Upgrade, Connection and Origin as the browser sends them.',

  landing_page_off: 'New users come straight to Mattermost.',
  landing_page_on: 'In a new browser, users are first asked inside the frame: “Where would you like to view this?”.',
  landing_page_switch_off: 'Switch that page off.',

  framing_allowed: 'Browsers show this Mattermost inside these pages.',
  framing_policy: 'Browsers refuse to show this Mattermost inside these pages: its header Content-Security-Policy says “{header}”.',
  framing_options: 'Browsers refuse to show this Mattermost inside these pages: its header X-Frame-Options says “{header}”.',
  framing_unread: 'This browser could not read the headers of Mattermost’s page.',
  framing_look: 'Check again. If it stays so, something between this browser and Mattermost answers in its place.',
  framing_add: 'Add the origin to Mattermost’s setting “Frame Ancestors”.',
  framing_no_setting:
    'This version of Mattermost has no setting for that; it came with 10.6.1. Until then the reverse proxy in front of it has to change the header:',
  framing_proxy:
    'Mattermost’s setting already allows it, so something between Mattermost and this browser replaces the header, such as a reverse proxy. Change it there:',
  proxy_inheritance:
    'Lines in nginx: an add_header in a location ends the effect of all others above it, such as Strict-Transport-Security. Repeat those beside it.',

  strangers_no_header:
    'Pages of any site may show this Mattermost inside them and lead your users’ clicks astray: its pages carry neither frame-ancestors nor X-Frame-Options.',
  strangers_headers:
    'Pages of any site may show this Mattermost inside them and lead your users’ clicks astray: its headers say “{header}”.',
  strangers_lines:
    'Something between Mattermost and this browser takes Mattermost’s own header away, such as a reverse proxy. Let it name the pages that may:',
  strangers_proxy:
    'Something between Mattermost and this browser takes Mattermost’s own header away, such as a reverse proxy. Let it pass the header on as it is; Mattermost’s setting “Frame Ancestors” names the pages that may.',
  strangers_setting: 'Let Mattermost’s setting “Frame Ancestors” name the pages that may, and nothing more.',

  session_same_origin: 'Users stay logged in inside the frame: both have one address.',
  session_same_site: 'Users stay logged in inside the frame: both belong to the site {domain}.',
  session_application: 'An application of its own embeds Mattermost; whether users stay logged in is up to it.',
  session_lost: 'The login does not reach the frame, because these pages are another site. Users would see a login form that never ends.',
  session_other_scheme:
    'The login does not reach the frame in Chrome and Edge, because http and https are two sites there. Users would see a login form that never ends.',
  session_one_site: 'Serve both below one domain, for example both below {domain}.',
  session_one_site_any: 'Serve both below one domain.',
  session_https: 'Use Mattermost with https: without it, no browser sends its cookies to another site’s frame.',
  session_use_https: 'Serve these pages with https, too.',
  embedded_login_missing:
    'Otherwise Mattermost marks its cookies for other sites’ frames only when the login carries the cookie MMEMBED=1, over https. This browser does not carry it.',
  embedded_login_here:
    'This browser carries the cookie MMEMBED=1, so a login over https marks Mattermost’s cookies for other sites’ frames.',
  embedded_login_partitioned:
    'Even so, Firefox keeps such cookies apart for each embedding site and Safari refuses them: users log in once more inside the frame, or cannot.',

  https_good: 'These pages use https, so browsers let them show notifications.',
  https_local: 'These pages never leave this machine, so browsers let them show notifications.',
  https_application: 'An application of its own shows the notifications.',
  https_missing: 'These pages use http. Browsers have no notifications on insecure pages.',
  https_host: 'Serve them with https, and write the https address into the field above.',
  https_mixed: 'Browsers do not show this Mattermost, which is used with http, inside https pages.',
  https_mattermost: 'Serve Mattermost with https instead of {used}.',

  web_part_good: 'The plugin runs as WebAssembly there.',
  web_part_off: 'WebAssembly is switched off in this browser.',
  web_part_unread: 'This browser could not load a file of the plugin.',
  web_part_reload: 'Reload this page. If it stays so, upload the plugin again.',
  web_part_framed: 'A header on the plugin’s own files keeps their frame from loading inside these pages: {header}.',
  web_part_policy: 'A header on the plugin’s own files forbids WebAssembly: {header}.',
  web_part_fallback: 'The plugin runs as plain JavaScript instead, which is larger and slower.',
  web_part_leave: 'To change that, let the reverse proxy leave the files below /static/plugins/ as Mattermost sends them.',

  asked: 'Who asked within the last 24 hours',
  asked_answered: 'Answered',
  asked_refused: 'Not trusted, so not answered',
  asked_nobody: 'No page has asked this server yet.',
  asked_node: 'Each server of a cluster counts for itself.',
  asked_last: '{times} times, last {time}',
  asked_last_once: 'once, {time}',
};
