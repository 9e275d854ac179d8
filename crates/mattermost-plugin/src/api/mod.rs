//! Mattermost's plugin API: the handle whose methods call it.

mod configuration;
mod generated;
mod plugin_http;
mod streams;

#[cfg(feature = "test-util")]
pub(crate) use streams::varint;

use std::time::Duration;

use go_plugin::{Broker, Client};

use crate::wire::FromWire;
use crate::{Arguments, Error};

/// How long an API call may take, unless set otherwise. A busy server answers late, one that hangs never does.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The handle to Mattermost's plugin API; cheap to clone.
///
/// Every method is a call to the server's process and fails with [`ErrorKind::Plugin`](crate::ErrorKind::Plugin) when the
/// server does not know it ([`Error::is_unknown_method`]) or does not answer in time.
#[derive(Debug, Clone)]
pub struct Api {
    client: Client,
    broker: Broker,
    timeout: Duration,
}

impl Api {
    pub(crate) fn new(client: Client, broker: Broker) -> Self {
        Self {
            client,
            broker,
            timeout: TIMEOUT,
        }
    }

    pub(crate) fn broker(&self) -> &Broker {
        &self.broker
    }

    /// A handle whose calls wait at most this long; the default is 30 seconds.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self {
            client: self.client.clone(),
            broker: self.broker.clone(),
            timeout,
        }
    }

    /// Calls a method that this crate does not have, because it is newer than the crate.
    ///
    /// `method` is Go's name. The response is a struct with Go's results in its fields `A`, `B`, …, the error last, which the
    /// caller must check. `R` is a struct with `#[derive(gob::Decode)]`, or `gob::Value`, which accepts all results.
    ///
    /// ```
    /// # use mattermost_plugin::{Api, Error, gob};
    /// # async fn example(api: &Api) -> Result<(), Error> {
    /// // GetUser(userID string) (*model.User, *model.AppError)
    /// let answer: gob::Value = api.call_raw("GetUser", ("anna",)).await?;
    /// let user = answer.field("A");
    /// let name = user.and_then(|user| user.field("Username")?.as_str());
    /// # let _ = name;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the server does not know the method or does not answer, or the answer does not fit.
    pub async fn call_raw<R: gob::Decode>(
        &self,
        method: &str,
        arguments: impl Arguments,
    ) -> Result<R, Error> {
        let method = format!("Plugin.{method}");
        let arguments = arguments.into_sent();
        Ok(self.client.call(&method, &arguments, self.timeout).await?)
    }

    /// The generated methods are not `async fn`, so that only those that a plugin calls are compiled.
    async fn call<R, T>(&self, method: &'static str, arguments: impl Arguments) -> Result<T, Error>
    where
        R: gob::Decode + FromWire<T>,
    {
        let arguments = arguments.into_sent();
        let answer: R = self.client.call(method, &arguments, self.timeout).await?;
        answer.into_result()
    }
}
