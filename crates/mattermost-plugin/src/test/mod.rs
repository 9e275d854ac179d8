//! A Mattermost in memory, to test plugins with.
//!
//! [`Mattermost`] speaks to a plugin as a server does, over a pipe in memory: it calls hooks, sends requests, and answers the
//! plugin's API calls. What it answers by itself:
//!
//! | methods of [`Api`](crate::Api) | what it does |
//! |---|---|
//! | `kv_…` | a [key-value store](Mattermost::stored), in which nothing expires |
//! | `create_post`, `send_ephemeral_post`, `post`, `update_post` | keeps the [posts](Mattermost::posts), with the ids `post1`, `post2` … |
//! | `register_command`, `unregister_command` | keeps the [commands](Mattermost::commands) |
//! | `publish_web_socket_event` | keeps the [events](Mattermost::events) |
//! | `ensure_bot_user` | the bot's name is its id |
//! | `load_plugin_configuration` | the [settings](Mattermost::set_settings), at first none |
//! | `server_version` | the newest version that this crate knows |
//!
//! Every other method is an error until the test [says](Mattermost::answer) what it answers.
//!
//! ```
//! use mattermost_plugin::model::{CommandArgs, CommandResponse, User};
//! use mattermost_plugin::test::{self, Mattermost};
//! use mattermost_plugin::{Api, Context, Error, Plugin};
//!
//! struct Greeter;
//!
//! #[mattermost_plugin::hooks]
//! impl Plugin for Greeter {
//!     async fn execute_command(
//!         &self,
//!         api: Api,
//!         _: Context,
//!         args: CommandArgs,
//!     ) -> Result<CommandResponse, Error> {
//!         let user = api.user(&args.user_id).await?;
//!         Ok(CommandResponse::ephemeral(format!("Hello, {}!", user.username)))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let mattermost = Mattermost::start(Greeter).await;
//! mattermost.answer(test::api::GetUser, |(id,)| match id.as_str() {
//!     "anna" => Ok(User { username: "Anna".into(), ..User::default() }),
//!     _ => Err(Error::reject("There is no such user.")),
//! });
//! mattermost.activate().await?;
//!
//! let args = CommandArgs { user_id: "anna".into(), ..CommandArgs::default() };
//! let hook = test::hooks::ExecuteCommand;
//! let response = mattermost.call(hook, (Context::default(), args)).await?;
//! assert_eq!(response.text, "Hello, Anna!");
//!
//! let args = CommandArgs::default();
//! let error = mattermost.call(hook, (Context::default(), args)).await.unwrap_err();
//! assert_eq!(error.to_string(), "There is no such user.");
//! # Ok(())
//! # }
//! ```

mod generated;
mod http;
mod registered;
mod upload;
mod wire;
mod world;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use go_plugin::host::Host;
use go_plugin::{Call, Client};
use gob::Value;
use tokio::task::JoinHandle;

pub use self::generated::{api, hooks};
pub use self::upload::Uploaded;
pub use self::world::Event;
use self::world::World;
use crate::http::Router;
use crate::model::{Command, Context, FileInfo, Post};
use crate::run::OnActivateArguments;
use crate::wire::{ErrorOnly, FromWire, ValueOnly};
use crate::{Error, HttpService, Plugin, served};

/// How long a hook may take: one that hangs fails its test.
const LIMIT: Duration = Duration::from_secs(60);

/// How much the pipe holds, as a socket does on Linux.
const PIPE: usize = 200 * 1024;

/// A method of the API that a test can answer.
pub trait Method: 'static {
    /// What the plugin gave it.
    type Arguments;
    /// What it gives the plugin.
    type Answer;

    /// Go's name.
    const NAME: &'static str;

    #[doc(hidden)]
    fn answer(call: Call, code: &dyn Fn(Self::Arguments) -> Result<Self::Answer, Error>);
}

/// A hook that a test can call.
pub trait Hook: 'static {
    /// What the plugin is given.
    type Arguments: Send;
    /// What it gives back.
    type Answer;

    /// Go's name.
    const NAME: &'static str;

    #[doc(hidden)]
    fn call(
        client: &Client,
        arguments: Self::Arguments,
    ) -> impl Future<Output = Result<Self::Answer, Error>> + Send;
}

/// A Mattermost in memory with one plugin. Dropping it is the server's death.
pub struct Mattermost {
    host: Host,
    hooks: Client,
    answers: Arc<Mutex<HashMap<&'static str, Answer>>>,
    calls: Arc<Mutex<Vec<String>>>,
    world: Arc<Mutex<World>>,
    session: JoinHandle<Result<(), go_plugin::Error>>,
}

type Answer = Arc<dyn Fn(Call) + Send + Sync>;

impl Mattermost {
    /// A server that has just started the plugin's process, and not yet activated it.
    ///
    /// # Panics
    /// When the plugin does not speak as one: that is a fault of this crate.
    #[allow(clippy::expect_used, reason = "both ends are this crate's")]
    pub async fn start(plugin: impl Plugin) -> Self {
        let (ours, theirs) = tokio::io::duplex(PIPE);
        let session = tokio::spawn(go_plugin::serve_connection(theirs, served(plugin)));
        let mut host = Host::connect(ours).await.expect("the plugin is there");
        let hooks = host.dispense("hooks").await.expect("it has hooks");
        let mattermost = Self {
            host,
            hooks,
            answers: Arc::default(),
            calls: Arc::default(),
            world: Arc::default(),
            session,
        };
        world::settle(&mattermost, &mattermost.world);
        mattermost
    }

    /// Answers a method of the API, from now on, in place of what answered it before.
    ///
    /// The code is called for each call of the plugin's, and should not block.
    pub fn answer<M: Method>(
        &self,
        _: M,
        code: impl Fn(M::Arguments) -> Result<M::Answer, Error> + Send + Sync + 'static,
    ) {
        let answer = move |call: Call| M::answer(call, &code);
        lock(&self.answers).insert(M::NAME, Arc::new(answer));
    }

    /// Lets a service be the other plugins: it answers the requests that the plugin sends by
    /// [`Api::plugin_http`](crate::Api::plugin_http). Their paths begin with the other plugin's id.
    pub fn answer_plugin_http(&self, others: impl HttpService) {
        let broker = self.host.broker().clone();
        let others: Arc<dyn Router> = <dyn Router>::new(others).into();
        let answer = move |call: Call| {
            let answering = http::answer_plugin_http(broker.clone(), Arc::clone(&others), call);
            tokio::spawn(answering);
        };
        lock(&self.answers).insert("PluginHTTPStream", Arc::new(answer));
    }

    /// Stores the plugin's settings. A plugin that is active learns of it by
    /// [`OnConfigurationChange`](hooks::OnConfigurationChange), which the test calls.
    pub fn set_settings(&self, settings: &serde_json::Value) {
        let json = settings.to_string().into_bytes();
        let answer = move |call: Call| call.reply(&ValueOnly { a: json.clone() });
        lock(&self.answers).insert("LoadPluginConfiguration", Arc::new(answer));
    }

    /// Activates the plugin: calls `on_configuration_change`, then `on_activate`.
    ///
    /// # Errors
    /// That of the plugin's `on_activate`.
    pub async fn activate(&self) -> Result<(), Error> {
        let broker = self.host.broker();
        let arguments = OnActivateArguments {
            api: broker.next_id(),
            driver: broker.next_id(),
        };
        let (answers, calls) = (Arc::clone(&self.answers), Arc::clone(&self.calls));
        tokio::spawn(self.host.serve(arguments.api, move |call| {
            let method = call.method().trim_start_matches("Plugin.").to_owned();
            let answer = lock(&answers).get(method.as_str()).cloned();
            lock(&calls).push(method.clone());
            // As a server does, which cannot read such a call.
            if let Ok(arguments) = call.arguments::<Value>()
                && let Some(name) = registered::unregistered(&arguments)
            {
                return call.fail(&format!("gob: name not registered for interface: {name:?}"));
            }
            match answer {
                Some(answer) => answer(call),
                None => call.fail(&format!(
                    "rpc: can't find method Plugin.{method} (tell the Mattermost of the test what it answers: \
                     mattermost.answer(test::api::{method}, …))"
                )),
            }
        }));
        tokio::spawn(self.host.serve(arguments.driver, drop));
        let wire: ErrorOnly = self
            .hooks
            .call("Plugin.OnActivate", &arguments, LIMIT)
            .await?;
        wire.into_result()
    }

    /// Calls a hook.
    ///
    /// # Errors
    /// The hook's own error: a rejection comes as one. A fault comes as the text that the server would log.
    pub async fn call<H: Hook>(&self, _: H, arguments: H::Arguments) -> Result<H::Answer, Error> {
        H::call(&self.hooks, arguments).await
    }

    /// Sends a request to the plugin. A user who is logged in has the header `Mattermost-User-Id`.
    pub async fn request(
        &self,
        request: ::http::Request<impl Into<bytes::Bytes>>,
    ) -> ::http::Response<bytes::Bytes> {
        let request = request.map(Into::into);
        http::serve(&self.host, &self.hooks, "Plugin.ServeHTTP", request).await
    }

    /// Sends a request for the plugin's metrics, as the server's listener for metrics does.
    pub async fn request_metrics(
        &self,
        request: ::http::Request<impl Into<bytes::Bytes>>,
    ) -> ::http::Response<bytes::Bytes> {
        let request = request.map(Into::into);
        http::serve(&self.host, &self.hooks, "Plugin.ServeMetrics", request).await
    }

    /// Uploads a file, and shows what the plugin makes of it.
    ///
    /// # Errors
    /// As those of [`call`](Self::call): a rejection refuses the upload.
    pub async fn upload(
        &self,
        context: Context,
        info: FileInfo,
        file: impl Into<bytes::Bytes>,
    ) -> Result<Uploaded, Error> {
        upload::upload(&self.host, &self.hooks, (context, info), file.into()).await
    }

    /// The methods of the API that the plugin has called so far, by Go's names.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        lock(&self.calls).clone()
    }

    /// The slash commands that the plugin has registered.
    #[must_use]
    pub fn commands(&self) -> Vec<Command> {
        lock(&self.world).commands.clone()
    }

    /// The messages that the plugin has posted, those that only one user sees among them.
    #[must_use]
    pub fn posts(&self) -> Vec<Post> {
        lock(&self.world).posts.clone()
    }

    /// The WebSocket events that the plugin has published.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        lock(&self.world).events.clone()
    }

    /// What the key-value store holds under a key.
    #[must_use]
    pub fn stored(&self, key: &str) -> Option<Vec<u8>> {
        lock(&self.world).store.get(key).cloned()
    }

    /// Stores a value as the plugin would.
    pub fn store(&self, key: impl Into<String>, value: impl Into<Vec<u8>>) {
        lock(&self.world).store.insert(key.into(), value.into());
    }

    /// Says goodbye, as a server does that stops the plugin after `OnDeactivate`, and waits for its end.
    ///
    /// # Errors
    /// When the plugin's end of the connection failed.
    pub async fn stop(self) -> Result<(), Error> {
        self.host.quit().await?;
        drop(self.host);
        self.session.await??;
        Ok(())
    }
}

impl std::fmt::Debug for Mattermost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mattermost").finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
