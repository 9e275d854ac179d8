//! A notebook for each user: `/note <text>` writes a line, `/note` shows what there is, and a page shows it too.
//!
//! Everything that a small plugin needs: a slash command, an axum page for users who are logged in, and Mattermost's
//! key-value store. Its manifest is a `plugin.json` with an id, a version and `server.executables`.

use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use mattermost_plugin::model::{Command, CommandArgs, CommandResponse, PluginKVSetOptions};
use mattermost_plugin::{Api, Context, Error, HttpService, Plugin, StatusCode, UserId};

/// The word behind the slash.
const TRIGGER: &str = "note";

/// How large a notebook may grow, in bytes.
const MAX_NOTES: usize = 64 * 1024;

/// How often a write is tried again when another one came between.
const ATTEMPTS: usize = 5;

struct Notebook;

#[mattermost_plugin::hooks]
impl Plugin for Notebook {
    async fn on_activate(&self, api: Api) -> Result<(), Error> {
        let command = Command {
            trigger: TRIGGER.into(),
            auto_complete: true,
            auto_complete_desc: "Writes a line into your notebook, or shows it".into(),
            auto_complete_hint: "[text]".into(),
            ..Command::default()
        };
        api.register_command(&command).await
    }

    async fn execute_command(
        &self,
        api: Api,
        _: Context,
        arguments: CommandArgs,
    ) -> Result<CommandResponse, Error> {
        let text = arguments
            .command
            .trim_start_matches('/')
            .trim_start_matches(TRIGGER)
            .trim();
        if text.is_empty() {
            let notes = notes(&api, &arguments.user_id).await?;
            return Ok(CommandResponse::ephemeral(notes));
        }
        append(&api, &arguments.user_id, text).await?;
        Ok(CommandResponse::ephemeral("Written."))
    }

    fn router(self: Arc<Self>, api: Api) -> impl HttpService {
        Router::new().route("/", get(page)).with_state(api)
    }
}

async fn page(State(api): State<Api>, UserId(user): UserId) -> Result<Html<String>, Error> {
    let notes = notes(&api, &user).await?;
    Ok(Html(format!(
        "<!doctype html><title>Notes</title><pre>{}</pre>",
        escaped(&notes)
    )))
}

async fn notes(api: &Api, user: &str) -> Result<String, Error> {
    let notes = api.kv_get(&key(user)).await.map_err(closed)?;
    Ok(String::from_utf8_lossy(&notes).into_owned())
}

/// What a user reads when the store fails; the log says what happened.
fn closed(error: Error) -> Error {
    error
        .with_message("Your notebook cannot be opened at the moment.")
        .with_status(StatusCode::BAD_GATEWAY)
}

/// Two pages may write at once: the store takes a value only if the old one is still what was read.
async fn append(api: &Api, user: &str, text: &str) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let old_value = api.kv_get(&key(user)).await.map_err(closed)?;
        let value = [&old_value, text.as_bytes(), b"\n"].concat();
        if value.len() > MAX_NOTES {
            return Err(Error::reject("Your notebook is full."));
        }
        let options = PluginKVSetOptions {
            atomic: true,
            old_value,
            ..PluginKVSetOptions::default()
        };
        if api
            .kv_set_with_options(&key(user), &value, &options)
            .await
            .map_err(closed)?
        {
            return Ok(());
        }
    }
    Err(Error::reject("Others keep writing. Try again.").with_status(StatusCode::CONFLICT))
}

fn key(user: &str) -> String {
    format!("notes-{user}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn main() -> ExitCode {
    mattermost_plugin::run(Notebook)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use mattermost_plugin::test::{self, Mattermost, hooks};

    use super::*;

    async fn notebook() -> Mattermost {
        let mattermost = Mattermost::start(Notebook).await;
        mattermost.activate().await.unwrap();
        mattermost
    }

    async fn note(mattermost: &Mattermost, command: &str) -> Result<String, Error> {
        let args = CommandArgs {
            user_id: "anna".into(),
            command: command.into(),
            ..CommandArgs::default()
        };
        let hook = hooks::ExecuteCommand;
        let response = mattermost.call(hook, (Context::default(), args)).await?;
        Ok(response.text)
    }

    #[tokio::test]
    async fn what_was_written_is_shown_by_the_command_and_on_the_page() {
        let mattermost = notebook().await;
        assert_eq!(mattermost.commands()[0].trigger, TRIGGER);
        let written = note(&mattermost, "/note buy <milk>").await.unwrap();
        assert_eq!(written, "Written.");
        let shown = note(&mattermost, "/note").await.unwrap();
        assert_eq!(shown, "buy <milk>\n");

        let request = Request::get("/").header("Mattermost-User-Id", "anna");
        let page = mattermost.request(request.body("").unwrap()).await;
        assert_eq!(page.status(), StatusCode::OK);
        let html = String::from_utf8_lossy(page.body());
        assert!(html.contains("<pre>buy &lt;milk>\n</pre>"), "{html}");
    }

    #[tokio::test]
    async fn a_page_is_for_users_who_are_logged_in() {
        let request = Request::get("/").body("").unwrap();
        let page = notebook().await.request(request).await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(page.body(), "Log in first.\n");
    }

    #[tokio::test]
    async fn a_notebook_that_is_full_says_so() {
        let mattermost = notebook().await;
        mattermost.store("notes-anna", vec![b'x'; MAX_NOTES]);
        let refused = note(&mattermost, "/note more").await.unwrap_err();
        assert_eq!(refused.to_string(), "Your notebook is full.");
    }

    #[tokio::test]
    async fn a_store_that_fails_is_told_to_the_user() {
        let mattermost = notebook().await;
        mattermost.answer(test::api::KVGet, |_| Err(Error::new("no database")));
        let refused = note(&mattermost, "/note").await.unwrap_err();
        assert!(
            refused.to_string().contains("cannot be opened"),
            "{refused}"
        );
        assert_eq!(refused.status(), StatusCode::BAD_GATEWAY);
    }
}
