//! The hooks that Mattermost calls: one table, from which come the trait, the names and the dispatch.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use go_plugin::Call;

use crate::http::{HttpService, NotFound};
use crate::model::{AppError, CommandArgs, CommandResponse, Context};
use crate::wire::{ErrorOnly, IntoWire, NilAndError, Refusal, ValueAndAppError, received};
use crate::{Api, Error, ErrorKind};

/// Each line: Go's name, the method with its arguments, what it answers, and the struct in which that is sent.
macro_rules! hooks {
    ($(
        $(#[$doc:meta])*
        $go:literal $name:ident($($argument:ident: $type:ty),*) -> $answer:ty, sent as $wire:ty;
    )*) => {
        /// A Mattermost plugin: a type with the hooks that it wants.
        ///
        /// ```
        /// use mattermost_plugin::{Api, Error, Plugin};
        ///
        /// struct Greeter;
        ///
        /// #[mattermost_plugin::hooks]
        /// impl Plugin for Greeter {
        ///     async fn on_activate(&self, api: &Api) -> Result<(), Error> {
        ///         let version = api.server_version().await?;
        ///         tracing::info!(version, "hello");
        ///         Ok(())
        ///     }
        /// }
        /// # fn main() {}
        /// ```
        ///
        /// Hooks run side by side, also the same one twice. One that panics answers with an error; the process lives on.
        pub trait Plugin: Send + Sync + Sized + 'static {
            /// Go's names of the hooks that are there; [`hooks`](macro@crate::hooks) fills it in.
            #[doc(hidden)]
            const IMPLEMENTED: &'static [&'static str];

            /// The plugin was started and the API is there. An error keeps it from being active and is shown to the
            /// administrator. As in the Go SDK, `on_configuration_change` is called once before this.
            fn on_activate(&self, api: &Api) -> impl Future<Output = Result<(), Error>> + Send {
                let _ = api;
                async { Ok(()) }
            }

            /// What answers the requests below `<site>/plugins/<id>/`, asked for once, before `on_activate`.
            ///
            /// Mattermost has removed this prefix and the subpath from the path, and has put the header
            /// `Mattermost-User-Id` there for a user who is logged in, and taken it from everybody else.
            fn router(self: Arc<Self>, api: Api) -> impl HttpService {
                let _ = api;
                NotFound
            }

            $(
                $(#[$doc])*
                fn $name(&self, api: &Api, $($argument: $type),*) -> impl Future<Output = $answer> + Send {
                    let _ = (api, $($argument),*);
                    // Never called: what is not written is not in `IMPLEMENTED`.
                    async { Refusal::refusal(ErrorKind::NotActive) }
                }
            )*
        }

        /// Go's names of the hooks, by the names of their methods.
        #[doc(hidden)]
        #[allow(non_upper_case_globals)]
        pub mod hook_names {
            pub const on_activate: &str = "OnActivate";
            pub const router: &str = "ServeHTTP";
            $(pub const $name: &str = $go;)*
        }

        /// Answers a hook of the table; the caller has seen to it that the plugin has it.
        pub(crate) async fn dispatch<P: Plugin>(plugin: &P, api: &Api, hook: &str, call: Call) {
            match hook {
                $($go => {
                    let ($($argument,)*) = match call.arguments::<received!($($type),*)>() {
                        Ok(arguments) => arguments.into(),
                        Err(error) => return refuse_arguments(call, &error),
                    };
                    let answer: $answer = guarded(async { plugin.$name(api, $($argument),*).await }).await;
                    call.reply::<$wire>(&answer.into_wire());
                })*
                _ => call.fail(&format!("hook {hook} called but not implemented")),
            }
        }
    };
}

hooks! {
    /// The plugin is about to be stopped. Mattermost waits for the answer.
    "OnDeactivate" on_deactivate() -> Result<(), Error>, sent as ErrorOnly;

    /// Some setting has changed, of this plugin or of anything else.
    "OnConfigurationChange" on_configuration_change() -> Result<(), Error>, sent as ErrorOnly;

    /// An administrator saves the configuration (since 8.0): any part of it, not only the plugin's.
    ///
    /// An error refuses the save; its message is shown as it is. The configuration itself cannot be changed here: what
    /// has been through gob has lost every pointer to a zero value, and saved it would turn settings over.
    "ConfigurationWillBeSaved" configuration_will_be_saved(configuration: gob::Value) -> Result<(), AppError>, sent as NilAndError;

    /// A user gave a slash command that the plugin has registered.
    "ExecuteCommand" execute_command(context: Context, arguments: CommandArgs) -> Result<CommandResponse, AppError>, sent as ValueAndAppError<Option<CommandResponse>>;
}

/// Runs plugin code; a panic becomes an answer.
pub(crate) async fn guarded<T: Refusal>(code: impl Future<Output = T>) -> T {
    let outcome = AssertUnwindSafe(code).catch_unwind().await;
    outcome.unwrap_or_else(|_| T::refusal(ErrorKind::Panicked))
}

fn refuse_arguments(call: Call, error: &go_plugin::Error) {
    tracing::error!(
        method = call.method(),
        "a hook's arguments cannot be read: {error}"
    );
    call.fail(&format!("the arguments cannot be read: {error}"));
}
