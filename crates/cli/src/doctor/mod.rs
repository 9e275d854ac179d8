//! `notifymatters doctor`: everything that can be seen from outside, side by side.

mod dial;
mod inside;

use std::thread;

use self::dial::Dialer;
use crate::client::{Client, Connection};
use crate::exit::{Exit, Failure};
use crate::report::{Output, Report};
use crate::rest::{Login, Rest, Site};
use notifymatters_findings::address::Address;
use notifymatters_findings::embedding::{findings, script_path, subject};
use notifymatters_findings::facts::{Answer, Facts, Unreached};
use notifymatters_findings::proxy::BUNDLE_BYTES;
use notifymatters_findings::questions::STRANGER;

/// A page may send to its login, and from there to its language.
const MAX_REDIRECTS: usize = 3;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  notifymatters doctor --host https://mail.example.com/webapp --chat https://chat.example.com

It only reads. To find the upload limit it announces a file of 4 MB, and sends none of it.
With --token-file, --user, MM_ADMIN_TOKEN or --local it also checks the plugin's state, its settings and its \
lines in the log.

Exit code: 0 nothing fails and nothing was skipped, 1 a check failed, 2 wrong arguments, 3 something \
could not be checked.")]
pub(crate) struct Options {
    /// Address of the page that embeds Mattermost, such as the webmail's
    #[arg(long, value_name = "URL")]
    host: Address,
    #[command(flatten)]
    site: Site,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    login: Login,
    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let chat = match &options.site.chat {
        Some(chat) => chat.clone(),
        None => Rest::at_site(None, &options.connection, &options.login)?
            .address()
            .clone(),
    };
    look(
        &options.host,
        &chat,
        &options.connection,
        options.login.is_given().then_some(&options.login),
        options.output,
    )
}

/// Looks, prints what was found, and says how to end.
pub(crate) fn look(
    host: &Address,
    chat: &Address,
    connection: &Connection,
    login: Option<&Login>,
    output: Output,
) -> Result<Exit, Failure> {
    let client = Client::new(connection, None)?;
    let dialer = Dialer::new(connection)?;
    let inside = login
        .map(|login| inside::gather(chat, connection, login))
        .transpose()?;
    let facts = gather(host, chat, &client, &dialer);
    let say = output.language();
    let nothing_seen = facts.page.is_err() && facts.host_page.is_err();
    let mut findings = findings(&facts, say);
    if let Some(inside) = inside {
        findings.extend(notifymatters_findings::inside::findings(
            &inside,
            &host.origin(),
            say,
        ));
    }
    let exit = Report::new(subject(&facts, say), findings).print(output)?;
    Ok(if nothing_seen {
        Exit::CouldNotLook
    } else {
        exit
    })
}

/// Asks everything at once: the slowest answer is how long it takes.
fn gather(host: &Address, chat: &Address, client: &Client, dialer: &Dialer) -> Facts {
    let get = |path: &str| client.get(&chat.below(path));
    thread::scope(|scope| {
        let chat_reach = scope.spawn(|| dialer.reach(chat));
        let host_reach = scope.spawn(|| dialer.reach(host));
        let page = scope.spawn(|| page(client, chat));
        let host_page = scope.spawn(|| self::page(client, host));
        let client_config = scope.spawn(|| get("/api/v4/config/client?format=old"));
        let plugins = scope.spawn(|| {
            let active = get("/api/v4/plugins/webapp");
            let path = active.as_ref().ok().and_then(script_path);
            let script = path.map(|path| get(&path));
            (active, script)
        });
        let plugin = scope.spawn(|| get("/plugins/notifymatters/api/v1/config"));
        let embed = scope.spawn(|| get("/plugins/notifymatters/embed"));
        let websocket = scope.spawn(|| dialer.websocket(chat, &chat.origin()));
        let foreign_websocket = scope.spawn(|| dialer.websocket(chat, STRANGER));
        let upload = scope.spawn(|| dialer.announce(chat, "/api/v4/plugins", BUNDLE_BYTES));
        let (active_plugins, script) = joined(plugins).unwrap_or_else(|why| (Err(why), None));
        Facts {
            chat: chat.clone(),
            host: host.clone(),
            chat_reach: joined(chat_reach).unwrap_or_else(|why| dial::unreached(chat, why)),
            host_reach: joined(host_reach).unwrap_or_else(|why| dial::unreached(host, why)),
            page: joined(page).and_then(|page| page),
            host_page: joined(host_page).and_then(|page| page),
            client_config: joined(client_config).and_then(|answer| answer),
            active_plugins,
            script,
            plugin: joined(plugin).and_then(|answer| answer),
            embed: joined(embed).and_then(|answer| answer),
            websocket: joined(websocket).and_then(|status| status),
            foreign_websocket: joined(foreign_websocket).and_then(|status| status),
            upload: joined(upload).and_then(|status| status),
        }
    })
}

fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> Result<T, Unreached> {
    thread
        .join()
        .map_err(|_| Unreached::Other("this program failed".to_owned()))
}

/// A page as a browser gets it, redirects within its origin followed.
fn page(client: &Client, address: &Address) -> Result<Answer, Unreached> {
    // A folder without its slash is redirected to, a file with one would not be found.
    let mut url = match address.subpath() {
        "" => address.below("/"),
        _ => address.to_string(),
    };
    let mut answer = client.get(&url)?;
    for _ in 0..MAX_REDIRECTS {
        let Some(next) = redirect(&answer, &url, &address.origin()) else {
            break;
        };
        url = next;
        answer = client.get(&url)?;
    }
    Ok(answer)
}

/// Where the answer leads, if that is the same origin.
fn redirect(answer: &Answer, from: &str, origin: &str) -> Option<String> {
    if !(300..=399).contains(&answer.status) {
        return None;
    }
    let to = url::Url::parse(from)
        .ok()?
        .join(answer.first("location")?)
        .ok()?;
    (to.origin().ascii_serialization() == origin).then(|| to.into())
}
