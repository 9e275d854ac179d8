//! Message attachments: what stands below a message, buttons and menus among it.

use gob::{Interface, Value};

use super::{MessageAttachment, Post};
use crate::Error;

/// The name under which every server knows a list of attachments, also those that have renamed the type (11.x).
const LIST: &str = "[]*model.SlackAttachment";

impl Post {
    /// The post with these attachments, in place of those that it had.
    ///
    /// A button is a [`PostAction`](super::PostAction). At a click the server posts JSON to the button's `url`, with the
    /// fields `user_id`, `channel_id`, `team_id`, `post_id`, `trigger_id` and the button's own `context`. The answer is JSON,
    /// too: `{}`, or what the user is to read in `ephemeral_text`.
    ///
    /// ```
    /// use mattermost_plugin::model::{MessageAttachment, Post, PostAction, PostActionIntegration};
    /// use mattermost_plugin::{Error, Payload};
    ///
    /// fn question(channel_id: String, bot_id: String) -> Result<Post, Error> {
    ///     let button = PostAction {
    ///         type_: "button".into(),
    ///         name: "Yes".into(),
    ///         integration: Some(PostActionIntegration {
    ///             url: "/plugins/com.example.poll/vote".into(),
    ///             context: Payload::from([("answer".into(), Some("yes".into()))]),
    ///         }),
    ///         ..PostAction::default()
    ///     };
    ///     let attachment = MessageAttachment { actions: vec![button], ..MessageAttachment::default() };
    ///     let post = Post { channel_id, user_id: bot_id, message: "Lunch?".into(), ..Post::default() };
    ///     post.with_attachments(&[attachment])
    /// }
    /// ```
    ///
    /// # Errors
    /// When a value in them cannot be encoded, because it is nested too deep.
    pub fn with_attachments(mut self, attachments: &[MessageAttachment]) -> Result<Self, Error> {
        let list = Interface::new(LIST, Value::of(attachments)?);
        self.props.insert("attachments".into(), Some(list));
        Ok(self)
    }
}
