//! A Mattermost plugin with a slash command and a page.

use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use mattermost_plugin::model::{Command, CommandArgs, CommandResponse};
use mattermost_plugin::{Api, Context, Error, HttpService, Plugin, UserId};

struct Hello;

#[mattermost_plugin::hooks]
impl Plugin for Hello {
    async fn on_activate(&self, api: Api) -> Result<(), Error> {
        let command = Command {
            trigger: "hello".into(),
            auto_complete: true,
            auto_complete_desc: "Says hello".into(),
            ..Command::default()
        };
        api.register_command(&command).await?;
        tracing::info!("ready to say hello");
        Ok(())
    }

    async fn execute_command(
        &self,
        api: Api,
        _: Context,
        args: CommandArgs,
    ) -> Result<CommandResponse, Error> {
        let greeting = greeting(&api, &args.user_id).await?;
        Ok(CommandResponse::ephemeral(greeting))
    }

    fn router(self: Arc<Self>, api: Api) -> impl HttpService {
        Router::new().route("/", get(page)).with_state(api)
    }
}

// Only users who are logged in have an id; everybody else is answered with 401.
async fn page(State(api): State<Api>, UserId(user): UserId) -> Result<String, Error> {
    greeting(&api, &user).await
}

// Never block in here: use async functions, and `tokio::task::spawn_blocking` for what has none.
async fn greeting(api: &Api, user: &str) -> Result<String, Error> {
    let user = api.user(user).await?;
    Ok(format!("Hello, {}!", user.username))
}

fn main() -> ExitCode {
    mattermost_plugin::run(Hello)
}

#[cfg(test)]
mod tests {
    use axum::http::{Request, StatusCode};
    use mattermost_plugin::model::User;
    use mattermost_plugin::test::{Mattermost, api, hooks};

    use super::*;

    async fn mattermost() -> Mattermost {
        let mattermost = Mattermost::start(Hello).await;
        mattermost.answer(api::GetUser, |(id,)| {
            Ok(User {
                username: id,
                ..User::default()
            })
        });
        mattermost.activate().await.unwrap();
        mattermost
    }

    #[tokio::test]
    async fn the_command_says_hello() {
        let args = CommandArgs {
            user_id: "anna".into(),
            ..CommandArgs::default()
        };
        let answer = mattermost()
            .await
            .call(hooks::ExecuteCommand, (Context::default(), args))
            .await
            .unwrap();
        assert_eq!(answer.text, "Hello, anna!");
    }

    #[tokio::test]
    async fn the_page_is_for_users_who_are_logged_in() {
        let mattermost = mattermost().await;
        let request = Request::get("/").body("").unwrap();
        let page = mattermost.request(request).await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
        let request = Request::get("/").header("Mattermost-User-Id", "anna");
        let page = mattermost.request(request.body("").unwrap()).await;
        assert_eq!(page.body(), "Hello, anna!");
    }
}
