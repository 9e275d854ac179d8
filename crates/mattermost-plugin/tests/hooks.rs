//! The hooks, as a server calls them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "all of it is a test")]

mod fake;
mod uploads;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fake::{Context, ErrorReturns, GoError, Mattermost, Value};
use go_plugin::{Call, Empty};
use gob::Gob;
use mattermost_plugin::model::{CommandArgs, CommandResponse, Post};
use mattermost_plugin::{Api, AppError, Error, Plugin, StatusCode};
use tokio::time::Instant;

fn no_api(call: Call) -> Option<Call> {
    Some(call)
}

#[derive(Default)]
struct Story {
    steps: Mutex<Vec<&'static str>>,
    commands: AtomicUsize,
}

#[mattermost_plugin::hooks]
impl Plugin for Story {
    async fn on_configuration_change(&self, _: Api) -> Result<(), Error> {
        self.steps.lock().unwrap().push("configuration");
        Err(Error::new("settings are odd"))
    }

    async fn on_activate(&self, _: Api) -> Result<(), Error> {
        assert_eq!(*self.steps.lock().unwrap(), ["configuration"]);
        Ok(())
    }

    async fn configuration_will_be_saved(
        &self,
        _: Api,
        configuration: gob::Value,
    ) -> Result<(), Error> {
        match configuration.field("A").and_then(|site| site.as_str()) {
            Some("bad") => Err(Error::reject("write something else")),
            Some("panic") => panic!("told to"),
            _ => Ok(()),
        }
    }

    async fn execute_command(
        &self,
        _: Api,
        context: mattermost_plugin::Context,
        arguments: CommandArgs,
    ) -> Result<CommandResponse, Error> {
        assert_eq!(context.session_id, "session");
        match arguments.command.as_str() {
            "/forbidden" => {
                let error = Error::reject("Not you.").with_status(StatusCode::FORBIDDEN);
                return Err(error);
            }
            "/broken" => return Err(std::io::Error::other("the disk is full"))?,
            "/told" => {
                let error = Error::new("the disk is full").with_message("Try again later.");
                return Err(error);
            }
            _ => {}
        }
        if self.commands.fetch_add(1, Ordering::Relaxed) == 0 {
            std::future::pending::<()>().await;
        }
        Ok(CommandResponse::ephemeral(format!(
            "you said {}",
            arguments.command
        )))
    }
}

#[derive(Debug, Default, Gob)]
struct CommandReturns {
    a: Option<Reply>,
    b: Option<fake::AppError>,
}

#[derive(Debug, Default, Gob)]
struct Reply {
    response_type: String,
    text: String,
}

#[derive(Debug, Default, Gob)]
struct CommandArguments {
    a: Option<Context>,
    b: Option<Given>,
}

#[derive(Debug, Default, Gob)]
struct Given {
    command: String,
    /// A field that this SDK does not know.
    something_new: Vec<String>,
}

/// Of a configuration, one setting.
#[derive(Debug, Default, Gob)]
struct SavedArguments {
    a: Option<Value<String>>,
}

#[derive(Debug, Default, Gob)]
struct SavedReturns {
    a: Option<Value<String>>,
    b: Option<GoError>,
}

async fn saved(mattermost: &Mattermost, site: &str) -> SavedReturns {
    let a = Some(Value { a: site.to_owned() });
    mattermost
        .call("ConfigurationWillBeSaved", &SavedArguments { a })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_server_is_told_of_the_hooks_that_are_written_and_of_no_others() {
    let mattermost = Mattermost::start(Story::default()).await;
    let mut names: Vec<String> = mattermost.call("Implemented", &Empty {}).await.unwrap();
    names.sort();
    assert_eq!(
        names,
        [
            "ConfigurationWillBeSaved",
            "ExecuteCommand",
            "OnActivate",
            "OnConfigurationChange"
        ]
    );
}

#[tokio::test]
async fn activation_takes_the_configuration_first_and_an_error_there_is_no_error_of_activation() {
    let mattermost = Mattermost::start(Story::default()).await;
    assert!(mattermost.activate(no_api).await.a.is_none());
    mattermost.host.ping().await.unwrap();
}

struct Quiet;

#[mattermost_plugin::hooks]
impl Plugin for Quiet {}

struct Conditional;

#[mattermost_plugin::hooks]
impl Plugin for Conditional {
    #[cfg(any())]
    async fn on_deactivate(&self, _: Api) -> Result<(), Error> {
        Ok(())
    }

    #[cfg(not(any()))]
    async fn on_activate(&self, _: Api) -> Result<(), Error> {
        Ok(())
    }

    #[cfg_attr(all(), cfg(any()))]
    async fn on_configuration_change(&self, _: Api) -> Result<(), Error> {
        Ok(())
    }
}

#[tokio::test]
async fn a_hook_that_is_not_compiled_is_not_named() {
    let mattermost = Mattermost::start(Conditional).await;
    let names: Vec<String> = mattermost.call("Implemented", &Empty {}).await.unwrap();
    assert_eq!(names, ["OnActivate"]);
}

#[tokio::test]
async fn when_the_stream_to_the_api_ends_so_does_the_plugin() {
    let (mattermost, session) = Mattermost::start_watched(Quiet).await;
    let arguments = fake::OnActivateArgs {
        api: mattermost.host.broker().next_id(),
        driver: 0,
    };
    let broker = mattermost.host.broker().clone();
    let api = async {
        let mut channel = broker.accept(arguments.api).await.unwrap();
        channel.drain().await.unwrap();
        channel
    };
    let answer = mattermost.call::<_, ErrorReturns>("OnActivate", &arguments);
    let (answer, api) = tokio::join!(answer, api);
    assert!(answer.unwrap().a.is_none());
    drop(api);
    let ended = tokio::time::timeout(fake::LIMIT, session).await;
    let error = ended.expect("it ends").unwrap().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the stream to Mattermost's API has ended: stream of the host: unexpected end of file"
    );
}

#[tokio::test]
async fn a_server_that_leaves_is_no_error_although_the_stream_to_the_api_ends_with_it() {
    let (mattermost, session) = Mattermost::start_watched(Quiet).await;
    mattermost.activate(no_api).await;
    drop(mattermost);
    session.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn activation_is_answered_when_the_server_has_accepted_both_streams_and_not_before() {
    let (now, later) = (Duration::ZERO, Duration::from_secs(3));
    for (api_after, driver_after) in [(later, now), (now, later)] {
        let mattermost = Mattermost::start(Quiet).await;
        let start = Instant::now();
        let answer = mattermost.activate_slowly(no_api, api_after, driver_after);
        assert!(answer.await.a.is_none());
        assert!(start.elapsed() >= later);
    }
}

struct Refuses(&'static str);

#[mattermost_plugin::hooks]
impl Plugin for Refuses {
    async fn on_activate(&self, _: Api) -> Result<(), Error> {
        match self.0 {
            "text" => Err(Error::new("no licence for this")),
            "app" => Err(AppError::new(StatusCode::FORBIDDEN, "not on this server"))?,
            _ => panic!("told to"),
        }
    }
}

#[tokio::test]
async fn an_error_of_activation_reaches_the_server_as_it_is() {
    let text = Mattermost::start(Refuses("text"))
        .await
        .activate(no_api)
        .await
        .a;
    assert!(matches!(text, Some(GoError::Text(error)) if error.err == "no licence for this"));
    let app = Mattermost::start(Refuses("app"))
        .await
        .activate(no_api)
        .await
        .a;
    assert!(
        matches!(app, Some(GoError::App(error)) if error.message == "not on this server" && error.status_code == 403)
    );
}

#[tokio::test]
async fn a_plugin_that_panics_while_it_is_activated_is_not_active_and_not_dead() {
    let mattermost = Mattermost::start(Refuses("panic")).await;
    let error = mattermost.activate(no_api).await.a;
    assert!(
        matches!(error, Some(GoError::Text(error)) if error.err == "the plugin's code panicked")
    );
    mattermost.host.ping().await.unwrap();
}

#[tokio::test]
async fn a_save_is_refused_by_an_app_error_with_the_sentence_and_a_status_and_never_with_a_configuration()
 {
    let mattermost = Mattermost::active(Story::default(), no_api).await;
    let refused = saved(&mattermost, "bad").await;
    assert!(refused.a.is_none());
    let Some(GoError::App(error)) = refused.b else {
        panic!("{refused:?}")
    };
    assert_eq!(
        (error.id.as_str(), error.message.as_str()),
        ("write something else", "write something else")
    );
    assert_eq!((error.status_code, error.skip_translation), (400, true));
    let passed = saved(&mattermost, "good").await;
    assert!(passed.a.is_none() && passed.b.is_none());
}

#[tokio::test]
async fn a_hook_that_panics_answers_with_an_error_and_the_next_call_works() {
    let mattermost = Mattermost::active(Story::default(), no_api).await;
    assert!(saved(&mattermost, "panic").await.b.is_some());
    assert!(saved(&mattermost, "good").await.b.is_none());
}

#[tokio::test]
async fn a_hook_is_answered_while_an_earlier_call_of_it_hangs() {
    let mattermost = Mattermost::active(Story::default(), no_api).await;
    let arguments = CommandArguments {
        a: Some(Context {
            session_id: "session".into(),
            ..Context::default()
        }),
        b: Some(Given {
            command: "/hello".into(),
            something_new: vec!["x".into()],
        }),
    };
    let first = tokio::time::timeout(
        Duration::from_millis(50),
        mattermost.call::<_, CommandReturns>("ExecuteCommand", &arguments),
    );
    assert!(first.await.is_err(), "the first one hangs");
    let returns: CommandReturns = mattermost.call("ExecuteCommand", &arguments).await.unwrap();
    assert!(returns.b.is_none());
    let reply = returns.a.unwrap();
    assert_eq!(
        (reply.response_type.as_str(), reply.text.as_str()),
        ("ephemeral", "you said /hello")
    );
}

/// What a user reads of a command that fails: the message, the details for developers, the status.
async fn refused(command: &str) -> (String, String, i64) {
    let mattermost = Mattermost::active(Story::default(), no_api).await;
    let arguments = CommandArguments {
        a: Some(Context {
            session_id: "session".into(),
            ..Context::default()
        }),
        b: Some(Given {
            command: command.into(),
            something_new: Vec::new(),
        }),
    };
    let returns: CommandReturns = mattermost.call("ExecuteCommand", &arguments).await.unwrap();
    let error = returns.b.unwrap();
    assert!(error.skip_translation);
    (error.message, error.detailed_error, error.status_code)
}

#[tokio::test]
async fn a_user_reads_why_a_command_is_refused_and_of_a_fault_that_the_log_says_why() {
    let (message, details, status) = refused("/forbidden").await;
    assert_eq!((message.as_str(), details.as_str()), ("Not you.", ""));
    assert_eq!(status, 403);
    let (message, details, status) = refused("/broken").await;
    assert!(message.contains("log"), "{message}");
    assert_eq!((details.as_str(), status), ("the disk is full", 500));
    let (message, details, _) = refused("/told").await;
    assert_eq!(
        (message.as_str(), details.as_str()),
        ("Try again later.", "the disk is full")
    );
}

#[tokio::test]
async fn a_hook_that_is_not_there_or_comes_before_activation_is_refused() {
    let mattermost = Mattermost::start(Story::default()).await;
    let error = mattermost
        .call::<_, ErrorReturns>("OnDeactivate", &Empty {})
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("hook OnDeactivate called but not implemented"),
        "{error}"
    );
    let error = mattermost
        .call::<_, ErrorReturns>("OnConfigurationChange", &Empty {})
        .await
        .unwrap_err();
    assert!(error.to_string().contains("not active"), "{error}");
}

#[tokio::test]
async fn arguments_that_cannot_be_read_are_an_error_of_that_call_alone() {
    let mattermost = Mattermost::active(Story::default(), no_api).await;
    #[derive(Gob, Default)]
    struct Wrong {
        a: i64,
    }
    let error = mattermost
        .call::<_, CommandReturns>("ExecuteCommand", &Wrong { a: 7 })
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("the arguments cannot be read"),
        "{error}"
    );
    assert!(saved(&mattermost, "good").await.b.is_none());
}

struct Judge;

#[mattermost_plugin::hooks]
impl Plugin for Judge {
    async fn message_will_be_posted(
        &self,
        _: Api,
        _: mattermost_plugin::Context,
        mut post: Post,
    ) -> Result<Option<Post>, Error> {
        match post.message.as_str() {
            "bad" => Err(Error::reject("not here")),
            "unexplained" => Err(Error::reject("")),
            "broken" => Err(std::io::Error::other("the judge is ill"))?,
            "panic" => panic!("told to"),
            "better" => {
                post.message = "best".into();
                Ok(Some(post))
            }
            _ => Ok(None),
        }
    }

    async fn message_will_be_updated(
        &self,
        _: Api,
        _: mattermost_plugin::Context,
        new_post: Post,
        old_post: Post,
    ) -> Result<Option<Post>, Error> {
        if new_post.message == old_post.message {
            return Err(Error::reject("it is the same"));
        }
        Ok(None)
    }
}

#[derive(Debug, Default, Gob)]
struct Written {
    message: String,
}

#[derive(Debug, Default, Gob)]
struct PostArguments {
    a: Option<Context>,
    b: Option<Written>,
    c: Option<Written>,
}

#[derive(Debug, Default, Gob)]
struct PostReturns {
    a: Option<Written>,
    b: String,
}

/// What a hook answers: the post, and why not.
async fn judged(hook: &str, messages: &[&str]) -> Result<(Option<String>, String), String> {
    let mattermost = Mattermost::active(Judge, no_api).await;
    let written = |index: usize| {
        let message = messages.get(index).copied()?.to_owned();
        Some(Written { message })
    };
    let arguments = PostArguments {
        a: Some(Context::default()),
        b: written(0),
        c: written(1),
    };
    let returns: Result<PostReturns, _> = mattermost.call(hook, &arguments).await;
    match returns {
        Ok(PostReturns { a, b }) => Ok((a.map(|written| written.message), b)),
        Err(error) => Err(error.to_string()),
    }
}

#[tokio::test]
async fn a_message_is_let_through_replaced_or_rejected_with_a_reason() {
    let posted = async |message| judged("MessageWillBePosted", &[message]).await;
    assert_eq!(posted("good").await, Ok((None, String::new())));
    assert_eq!(
        posted("better").await,
        Ok((Some("best".to_owned()), String::new()))
    );
    assert_eq!(posted("bad").await, Ok((None, "not here".to_owned())));
    // An empty reason would let it through.
    assert_eq!(
        posted("unexplained").await,
        Ok((None, "Rejected by a plugin.".to_owned()))
    );
}

#[tokio::test]
async fn a_hook_that_fails_or_panics_rejects_nothing_and_says_why() {
    let posted = async |message| judged("MessageWillBePosted", &[message]).await;
    let failed = posted("broken").await.unwrap_err();
    assert!(failed.ends_with("the judge is ill"), "{failed}");
    let panicked = posted("panic").await.unwrap_err();
    assert!(
        panicked.ends_with("the plugin's code panicked"),
        "{panicked}"
    );
}

#[tokio::test]
async fn a_changed_message_that_is_let_through_is_sent_back_because_nil_would_refuse_it() {
    let updated = async |messages: &[&str]| judged("MessageWillBeUpdated", messages).await;
    assert_eq!(
        updated(&["new", "old"]).await,
        Ok((Some("new".to_owned()), String::new()))
    );
    assert_eq!(
        updated(&["old", "old"]).await,
        Ok((None, "it is the same".to_owned()))
    );
}

/// The SDK under another name, and gob only through it.
mod renamed {
    pub(super) use mattermost_plugin as sdk;

    #[derive(Debug, Default, PartialEq, sdk::gob::Gob)]
    #[gob(crate = "super::renamed::sdk::gob")]
    pub(super) struct Carried {
        pub(super) a: String,
        pub(super) b: Option<Shape>,
    }

    #[derive(Debug, PartialEq, sdk::gob::Gob)]
    #[gob(interface, crate = "super::renamed::sdk::gob")]
    pub(super) enum Shape {
        #[gob(name = "circle")]
        Circle(f64),
    }

    pub(super) struct Renamed;

    #[sdk::hooks]
    impl sdk::Plugin for Renamed {
        async fn on_deactivate(&self, _: sdk::Api) -> Result<(), sdk::Error> {
            Ok(())
        }
    }
}

#[tokio::test]
async fn the_macros_work_where_the_crates_have_other_names() {
    let mattermost = Mattermost::active(renamed::Renamed, no_api).await;
    let names: Vec<String> = mattermost.call("Implemented", &Empty {}).await.unwrap();
    assert_eq!(names, ["OnDeactivate"]);

    let sent = renamed::Carried {
        a: "a".into(),
        b: Some(renamed::Shape::Circle(1.5)),
    };
    let mut stream = bytes::BytesMut::new();
    gob::Encoder::new().encode(&sent, &mut stream).unwrap();
    let mut decoder = gob::Decoder::new(gob::Limits::default());
    let received: Option<renamed::Carried> = decoder.decode_next(&mut stream).unwrap();
    assert_eq!(received, Some(sent));
}

/// Blocks its thread until it is told to go on.
struct Blocks(Arc<Blocking>);

struct Blocking {
    begun: tokio::sync::Notify,
    go_on: Mutex<std::sync::mpsc::Receiver<()>>,
}

#[mattermost_plugin::hooks]
impl Plugin for Blocks {
    async fn on_deactivate(&self, _: Api) -> Result<(), Error> {
        self.0.begun.notify_one();
        self.0.go_on.lock().unwrap().recv_timeout(fake::LIMIT)?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_several_threads_the_host_is_answered_while_a_hook_blocks_one() {
    let (go_on, receiver) = std::sync::mpsc::channel();
    let blocking = Arc::new(Blocking {
        begun: tokio::sync::Notify::new(),
        go_on: receiver.into(),
    });
    let mattermost = Mattermost::active(Blocks(Arc::clone(&blocking)), no_api).await;
    let hook = mattermost.call::<_, ErrorReturns>("OnDeactivate", &Empty {});
    let ping = async {
        blocking.begun.notified().await;
        for _ in 0..20 {
            mattermost.host.ping().await.unwrap();
        }
        go_on.send(()).unwrap();
    };
    let (answer, ()) = tokio::join!(hook, ping);
    assert!(answer.unwrap().a.is_none());
}
