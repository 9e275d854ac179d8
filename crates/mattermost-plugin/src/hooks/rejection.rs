//! Why something that was about to happen does not.

use crate::Error;

/// Why a hook does not allow what is about to happen, for the person who wants it.
///
/// A text makes one by `?`. So does an [`Error`], but that is another thing: the plugin could not decide. It is logged,
/// and what was about to happen happens.
///
/// ```
/// use mattermost_plugin::{Api, Context, Plugin, Rejection};
/// use mattermost_plugin::model::Post;
///
/// struct NoShouting;
///
/// #[mattermost_plugin::hooks]
/// impl Plugin for NoShouting {
///     async fn message_will_be_posted(
///         &self,
///         _: &Api,
///         _: Context,
///         post: Post,
///     ) -> Result<Option<Post>, Rejection> {
///         if post.message.ends_with("!!!") {
///             Err("Please do not shout.")?;
///         }
///         Ok(None)
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Debug)]
pub struct Rejection(Why);

#[derive(Debug)]
enum Why {
    Rejected(String),
    Failed(Error),
}

/// What is said where a plugin rejects without a word: to Mattermost an empty reason is none.
const UNEXPLAINED: &str = "rejected by a plugin";

/// Mattermost's `DismissPostError`.
const DISMISS: &str = "plugin.message_will_be_posted.dismiss_post";

impl Rejection {
    /// A rejection with its reason.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self(Why::Rejected(reason.into()))
    }

    /// Of `message_will_be_posted`: the message disappears, and its author reads no error.
    #[must_use]
    pub fn dismiss_post() -> Self {
        Self::new(DISMISS)
    }

    /// The reason as Mattermost is told it; an error is none.
    pub(crate) fn into_reason(self) -> Result<String, String> {
        match self.0 {
            Why::Rejected(reason) if reason.is_empty() => Ok(UNEXPLAINED.to_owned()),
            Why::Rejected(reason) => Ok(reason),
            Why::Failed(error) => Err(error.to_string()),
        }
    }
}

impl From<&str> for Rejection {
    fn from(reason: &str) -> Self {
        Self::new(reason)
    }
}

impl From<String> for Rejection {
    fn from(reason: String) -> Self {
        Self::new(reason)
    }
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        Self(Why::Failed(error))
    }
}
