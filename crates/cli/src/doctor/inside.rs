//! What an administrator's login shows, asked side by side.

use std::thread;

use super::joined;
use crate::client::Connection;
use crate::exit::Failure;
use crate::install::{self, Start};
use crate::rest::{Login, Rest, Settings, Step, Trouble};
use notifymatters_findings::address::Address;
use notifymatters_findings::inside::{self, Diagnostics, Inside, State};

/// As many as the System Console shows on a page.
const LOG_LINES: u32 = 1000;

/// Everything is skipped, with the reason, where the login is refused.
pub(super) fn gather(
    chat: &Address,
    connection: &Connection,
    login: &Login,
) -> Result<Inside, Failure> {
    let credentials = login.credentials()?;
    let mut rest = Rest::new(chat, connection, login)?;
    if let Err(Trouble { message, .. }) = rest.authenticate(&credentials) {
        const SEEN: &str = "the login was refused: see plugin-state";
        return Ok(Inside {
            state: Err(message),
            settings: Err(SEEN.to_owned()),
            diagnostics: Err(SEEN.to_owned()),
            log: Err(SEEN.to_owned()),
        });
    }
    let rest = &rest;
    Ok(thread::scope(|scope| {
        let state = scope.spawn(|| install::start(rest));
        let settings = scope.spawn(|| Settings::read(rest));
        // Plugins answer nothing by the socket.
        let diagnostics = (!rest.is_local()).then(|| {
            scope.spawn(|| {
                rest.get_at(
                    Step::Plugin("answer as the plugin"),
                    &format!(
                        "/plugins/{}/api/v1/diagnostics?site={}",
                        install::PLUGIN,
                        chat.origin()
                    ),
                )
            })
        });
        let log = scope.spawn(|| {
            rest.get(
                Step::To("show its log"),
                &format!("logs?page=0&logs_per_page={LOG_LINES}"),
            )
        });
        let settings = read(joined(settings));
        let diagnostics = match diagnostics {
            Some(diagnostics) => read(joined(diagnostics)),
            None => settings
                .as_ref()
                .map(|settings| Diagnostics::of(install::trusted(settings)))
                .map_err(String::clone),
        };
        Inside {
            state: read(joined(state)).map(|start| match start {
                Start::Running => State::Runs,
                Start::Waiting(why) | Start::Failed(why) => State::DoesNot(why),
            }),
            settings: settings.map(|settings| inside::Settings {
                allow_cors_from: settings
                    .field("ServiceSettings.AllowCorsFrom")
                    .as_str()
                    .map(str::to_owned),
                enable_uploads: settings.field("PluginSettings.EnableUploads").as_bool(),
            }),
            diagnostics,
            log: read(joined(log)),
        }
    }))
}

fn read<T>(
    result: Result<Result<T, Trouble>, notifymatters_findings::facts::Unreached>,
) -> Result<T, String> {
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(trouble)) => Err(trouble.message),
        Err(why) => Err(why.to_string()),
    }
}
