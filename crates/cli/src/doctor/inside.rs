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
        let diagnostics = scope.spawn(|| {
            // Plugins answer nothing there.
            if rest.is_local() {
                let trusted = install::trusted(&Settings::read(rest)?);
                return Ok(Diagnostics::of(trusted));
            }
            rest.get_at(
                Step::Plugin("answer as the plugin"),
                &format!(
                    "/plugins/{}/api/v1/diagnostics?site={}",
                    install::PLUGIN,
                    chat.origin()
                ),
            )
        });
        let log = scope.spawn(|| {
            rest.get(
                Step::To("show its log"),
                &format!("logs?page=0&logs_per_page={LOG_LINES}"),
            )
        });
        Inside {
            state: read(joined(state)).map(|start| match start {
                Start::Running => State::Runs,
                Start::Waiting(why) | Start::Failed(why) => State::DoesNot(why),
            }),
            settings: read(joined(settings)).map(|settings| inside::Settings {
                allow_cors_from: settings
                    .field("ServiceSettings.AllowCorsFrom")
                    .as_str()
                    .map(str::to_owned),
                enable_uploads: settings.field("PluginSettings.EnableUploads").as_bool(),
            }),
            diagnostics: read(joined(diagnostics)),
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
