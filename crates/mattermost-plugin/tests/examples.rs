//! The own tests of the examples and of the template, all in one executable, and those of the kit that they use.

#![allow(clippy::unwrap_used, reason = "all of it is a test")]
#![allow(dead_code, reason = "nobody calls the examples' main")]

#[path = "../examples/bot.rs"]
mod bot;
#[path = "../examples/notebook.rs"]
mod notebook;
#[path = "../examples/poll.rs"]
mod poll;
#[path = "../examples/reminder.rs"]
mod reminder;
#[path = "../template/src/main.rs"]
mod template;

mod kit {
    use std::sync::Arc;

    use axum::Router;
    use axum::body::Bytes;
    use axum::extract::State;
    use axum::http::{Request, StatusCode};
    use axum::routing::post;
    use mattermost_plugin::gob::{Interface, Value};
    use mattermost_plugin::model::{MessageAttachment, Post, User, WebsocketBroadcast};
    use mattermost_plugin::test::{Mattermost, api, hooks};
    use mattermost_plugin::{Api, AppError, Context, Error, HttpService, Payload, Plugin};
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Settings {
        greeting: String,
    }

    struct Guinea;

    #[mattermost_plugin::hooks]
    impl Plugin for Guinea {
        async fn on_activate(&self, api: Api) -> Result<(), Error> {
            let settings: Settings = api.load_plugin_configuration().await?;
            let payload = Payload::from([("greeting".into(), Some(settings.greeting.into()))]);
            let broadcast = WebsocketBroadcast::user("anna");
            api.publish_web_socket_event("hello", &payload, &broadcast)
                .await
        }

        async fn message_will_be_posted(
            &self,
            api: Api,
            _: Context,
            mut post: Post,
        ) -> Result<Option<Post>, Error> {
            match post.message.as_str() {
                "bad" => Err(Error::reject("No.")),
                "broken" => Err(Error::new("disk")),
                "unchanged" => Ok(None),
                "unreadable" => {
                    let list = Value::of(&Vec::<MessageAttachment>::new())?;
                    let list = Interface::new("[]*model.MessageAttachment", list);
                    post.props.insert("attachments".into(), Some(list));
                    api.create_post(&post).await?;
                    Ok(None)
                }
                _ => {
                    post.message = api.user(&post.user_id).await?.username;
                    Ok(Some(post))
                }
            }
        }

        fn router(self: Arc<Self>, api: Api) -> impl HttpService {
            Router::new().route("/", post(echo)).with_state(api)
        }
    }

    async fn echo(State(api): State<Api>, body: Bytes) -> Result<(StatusCode, Vec<u8>), Error> {
        let mut answer = api.server_version().await?.into_bytes();
        answer.extend(body);
        Ok((StatusCode::ACCEPTED, answer))
    }

    async fn guinea() -> Mattermost {
        let mattermost = Mattermost::start(Guinea).await;
        mattermost.set_settings(&serde_json::json!({ "Greeting": "hi" }));
        mattermost.activate().await.unwrap();
        mattermost
    }

    async fn posted(mattermost: &Mattermost, message: &str) -> Result<Option<Post>, Error> {
        let post = Post {
            user_id: "anna".into(),
            message: message.into(),
            ..Post::default()
        };
        let hook = hooks::MessageWillBePosted;
        mattermost.call(hook, (Context::default(), post)).await
    }

    #[tokio::test]
    async fn settings_reach_the_plugin_and_its_events_the_test() {
        let mattermost = guinea().await;
        let events = mattermost.events();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].name, "hello");
        assert_eq!(events[0].payload["greeting"], Some("hi".into()));
        assert_eq!(events[0].broadcast.user_id, "anna");
        let calls = mattermost.calls();
        assert_eq!(calls, ["LoadPluginConfiguration", "PublishWebSocketEvent"]);
        mattermost.stop().await.unwrap();
    }

    #[tokio::test]
    async fn without_the_settings_that_it_needs_a_plugin_is_not_active() {
        let mattermost = Mattermost::start(Guinea).await;
        let error = mattermost.activate().await.unwrap_err();
        assert!(error.to_string().contains("greeting"), "{error}");
    }

    #[tokio::test]
    async fn a_hooks_answer_its_rejection_and_its_fault_are_told_apart() {
        let mattermost = guinea().await;
        mattermost.answer(api::GetUser, |(id,)| {
            Ok(User {
                username: format!("{id}'s name"),
                ..User::default()
            })
        });
        let changed = posted(&mattermost, "good").await.unwrap().unwrap();
        assert_eq!(changed.message, "anna's name");
        assert_eq!(posted(&mattermost, "unchanged").await.unwrap(), None);
        let rejected = posted(&mattermost, "bad").await.unwrap_err();
        assert!(rejected.is_rejection());
        assert_eq!(rejected.to_string(), "No.");
        let fault = posted(&mattermost, "broken").await.unwrap_err();
        assert!(!fault.is_rejection());
        assert!(fault.to_string().contains("disk"), "{fault}");
    }

    #[tokio::test]
    async fn a_method_that_the_test_does_not_answer_says_how_to() {
        let mattermost = guinea().await;
        let fault = posted(&mattermost, "good").await.unwrap_err().to_string();
        assert!(fault.contains("test::api::GetUser"), "{fault}");
        mattermost.answer(api::GetUser, |_| {
            Err(AppError::new(StatusCode::NOT_FOUND, "no such user"))?
        });
        let fault = posted(&mattermost, "good").await.unwrap_err().to_string();
        assert!(fault.contains("no such user"), "{fault}");
    }

    #[tokio::test]
    async fn a_value_of_a_type_that_no_server_knows_is_refused_as_servers_refuse_it() {
        let mattermost = guinea().await;
        let fault = posted(&mattermost, "unreadable")
            .await
            .unwrap_err()
            .to_string();
        let text = "name not registered for interface: \"[]*model.MessageAttachment\"";
        assert!(fault.contains(text), "{fault}");
        assert_eq!(mattermost.posts(), []);
    }

    #[tokio::test]
    async fn a_request_goes_there_and_back_with_its_body() {
        let body = "x".repeat(100_000);
        let request = Request::post("/").body(body.clone()).unwrap();
        let response = guinea().await.request(request).await;
        assert_eq!(response.status(), StatusCode::ACCEPTED);
        assert_eq!(
            response.headers()["content-type"],
            "application/octet-stream"
        );
        assert_eq!(response.body(), format!("11.9.0{body}").as_bytes());
    }
}

/// The template's `Cargo.toml`, as `cargo generate` makes it.
mod manifest {
    use std::path::Path;
    use std::process::Command;

    #[test]
    fn a_new_plugins_dependencies_are_those_that_its_sources_were_tested_with() {
        let sdk = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifest = std::fs::read_to_string(sdk.join("template/Cargo.toml.liquid")).unwrap();
        let manifest = manifest.replace("{{project-name}}", "hello");
        let manifest = manifest.replace("{{sdk}}", sdk.to_str().unwrap());
        // Outside of the workspace, as a new plugin is.
        let folder = std::env::temp_dir().join(format!("template-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        std::fs::write(folder.join("src/main.rs"), "fn main() {}").unwrap();
        std::fs::copy(sdk.join("../../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let output = Command::new(env!("CARGO"))
            .args(["tree", "--offline", "--depth=1", "--prefix=none"])
            .args(["--edges=normal,dev", "--format={p} {f}"])
            .current_dir(&folder)
            .output()
            .unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let found = String::from_utf8(output.stdout).unwrap();
        let sdk = found
            .lines()
            .find(|line| line.starts_with("mattermost-plugin "));
        assert!(
            sdk.is_some_and(|sdk| sdk.ends_with(" axum,test-util")),
            "{found}"
        );
    }
}
