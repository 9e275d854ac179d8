//! A bot that answers: whoever begins a message with `@parrot` gets it back, in a thread below the message.

use std::process::ExitCode;
use std::sync::OnceLock;

use mattermost_plugin::model::{Bot, Post};
use mattermost_plugin::{Api, Context, Error, Plugin};

/// The bot's user name.
const NAME: &str = "parrot";

#[derive(Default)]
struct Parrot {
    /// The bot's user id, known from activation on.
    id: OnceLock<String>,
}

#[mattermost_plugin::hooks]
impl Plugin for Parrot {
    async fn on_activate(&self, api: Api) -> Result<(), Error> {
        let bot = Bot {
            username: NAME.into(),
            display_name: "Parrot".into(),
            description: "Says what you say".into(),
            ..Bot::default()
        };
        // Makes the bot the first time, and finds it from then on.
        let id = api.ensure_bot_user(&bot).await?;
        self.id.get_or_init(|| id);
        Ok(())
    }

    async fn message_has_been_posted(&self, api: Api, _: Context, post: Post) -> Result<(), Error> {
        let (Some(id), Some(said)) = (self.id.get(), said(&post.message)) else {
            return Ok(());
        };
        // Its own messages come here as well: a bot that answers itself never stops.
        if post.user_id == *id {
            return Ok(());
        }
        let root = if post.root_id.is_empty() {
            post.id
        } else {
            post.root_id
        };
        let answer = Post {
            user_id: id.clone(),
            channel_id: post.channel_id,
            root_id: root,
            message: said.to_owned(),
            ..Post::default()
        };
        api.create_post(&answer).await?;
        Ok(())
    }
}

/// What stands behind the bot's name, if the message begins with it.
fn said(message: &str) -> Option<&str> {
    let rest = message.trim_start().strip_prefix('@')?.strip_prefix(NAME)?;
    let said = rest.strip_prefix(char::is_whitespace)?.trim();
    (!said.is_empty()).then_some(said)
}

fn main() -> ExitCode {
    mattermost_plugin::run(Parrot::default())
}

#[cfg(test)]
mod tests {
    use mattermost_plugin::test::{Mattermost, hooks};

    use super::*;

    async fn post(mattermost: &Mattermost, user: &str, message: &str) {
        let post = Post {
            id: "question".into(),
            user_id: user.into(),
            channel_id: "town-square".into(),
            message: message.into(),
            ..Post::default()
        };
        let hook = hooks::MessageHasBeenPosted;
        mattermost
            .call(hook, (Context::default(), post))
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn the_bot_answers_whoever_speaks_to_it_in_a_thread_and_never_itself() {
        let mattermost = Mattermost::start(Parrot::default()).await;
        mattermost.activate().await.unwrap();
        post(&mattermost, "anna", "hello, @parrot").await;
        post(&mattermost, "anna", "@parrots are green").await;
        post(&mattermost, "anna", "@parrot").await;
        assert_eq!(mattermost.posts(), []);
        post(&mattermost, "anna", "@parrot  good morning ").await;
        // The bot's id in the tests is its name.
        post(&mattermost, NAME, "@parrot good morning").await;
        let answers = mattermost.posts();
        assert_eq!(answers.len(), 1, "{answers:?}");
        let answer = &answers[0];
        assert_eq!(
            (answer.user_id.as_str(), answer.message.as_str()),
            (NAME, "good morning")
        );
        assert_eq!(
            (answer.channel_id.as_str(), answer.root_id.as_str()),
            ("town-square", "question")
        );
    }
}
