//! A poll: `/poll Lunch? | Pizza | Soup` posts a question with a button for each answer. A click counts, and the bot's
//! post shows how the poll stands.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use mattermost_plugin::model::{
    AutocompleteArg, AutocompleteData, Bot, Command, CommandArgs, CommandResponse,
    MessageAttachment, Post, PostAction, PostActionIntegration,
};
use mattermost_plugin::{Api, Context, Error, HttpService, Payload, Plugin, StatusCode, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The word behind the slash, the bot's name, and the plugin's id: the manifest has to have the same.
const NAME: &str = "poll";

/// How often a vote is tried again when another one came between.
const ATTEMPTS: usize = 5;

#[derive(Default)]
struct Polls {
    bot: OnceLock<String>,
}

/// What is stored of a poll, below the id of its post.
#[derive(Debug, Serialize, Deserialize)]
struct Poll {
    bot: String,
    channel: String,
    question: String,
    answers: Vec<String>,
    /// Who chose which answer.
    votes: BTreeMap<String, usize>,
}

#[mattermost_plugin::hooks]
impl Plugin for Polls {
    async fn on_activate(&self, api: Api) -> Result<(), Error> {
        let bot = Bot {
            username: NAME.into(),
            ..Bot::default()
        };
        let bot = api.ensure_bot_user(&bot).await?;
        self.bot.get_or_init(|| bot);
        let autocomplete = AutocompleteData {
            trigger: NAME.into(),
            help_text: "Asks the channel".into(),
            arguments: vec![AutocompleteArg::text(
                "The question and its answers",
                "Lunch? | Pizza | Soup",
            )],
            ..AutocompleteData::default()
        };
        let command = Command {
            trigger: NAME.into(),
            auto_complete: true,
            autocomplete_data: Some(autocomplete),
            ..Command::default()
        };
        api.register_command(&command).await
    }

    async fn execute_command(
        &self,
        api: Api,
        _: Context,
        args: CommandArgs,
    ) -> Result<CommandResponse, Error> {
        let text = args
            .command
            .trim_start_matches('/')
            .trim_start_matches(NAME);
        let mut parts = text.split('|').map(|part| part.trim().to_owned());
        let poll = Poll {
            bot: self.bot.get().cloned().unwrap_or_default(),
            channel: args.channel_id,
            question: parts.next().unwrap_or_default(),
            answers: parts.collect(),
            votes: BTreeMap::new(),
        };
        if poll.answers.len() < 2 {
            return Err(Error::reject(
                "Write for example: /poll Lunch? | Pizza | Soup",
            ));
        }
        let post = api.create_post(&poll.post(String::new())?).await?;
        api.kv_set(&post.id, &serde_json::to_vec(&poll)?).await?;
        // Without a text nothing is shown: the bot's post is the answer.
        Ok(CommandResponse::default())
    }

    fn router(self: Arc<Self>, api: Api) -> impl HttpService {
        Router::new().route("/vote", post(vote)).with_state(api)
    }
}

impl Poll {
    /// The bot's post; its id is empty until it is there.
    fn post(&self, id: String) -> Result<Post, Error> {
        let mut message = format!("**{}**", self.question);
        let mut actions = Vec::new();
        for (number, answer) in self.answers.iter().enumerate() {
            let votes = self.votes.values().filter(|vote| **vote == number).count();
            message += &format!("\n- {answer}: {votes}");
            let context = Payload::from([("answer".into(), Some(i64::try_from(number)?.into()))]);
            actions.push(PostAction {
                type_: "button".into(),
                name: answer.clone(),
                integration: Some(PostActionIntegration {
                    url: format!("/plugins/{NAME}/vote"),
                    context,
                }),
                ..PostAction::default()
            });
        }
        let post = Post {
            id,
            user_id: self.bot.clone(),
            channel_id: self.channel.clone(),
            message,
            ..Post::default()
        };
        post.with_attachments(&[MessageAttachment {
            actions,
            ..MessageAttachment::default()
        }])
    }
}

/// What the server posts at a click, as far as it is of interest here.
#[derive(Deserialize)]
struct Click {
    post_id: String,
    context: Choice,
}

#[derive(Deserialize)]
struct Choice {
    answer: usize,
}

async fn vote(State(api): State<Api>, UserId(user): UserId, body: Bytes) -> Result<String, Error> {
    // Users can send what they like here, not only what a button does.
    let click: Click =
        serde_json::from_slice(&body).map_err(|error| Error::reject(error.to_string()))?;
    let poll = count(&api, &click, &user).await?;
    api.update_post(&poll.post(click.post_id)?).await?;
    let answer = &poll.answers[click.context.answer];
    Ok(json!({ "ephemeral_text": format!("You chose {answer}.") }).to_string())
}

/// Two users may vote at once: the store takes a value only if the old one is still what was read.
async fn count(api: &Api, click: &Click, user: &str) -> Result<Poll, Error> {
    for _ in 0..ATTEMPTS {
        let old = api.kv_get(&click.post_id).await?;
        if old.is_empty() {
            return Err(Error::reject("There is no such poll.").with_status(StatusCode::NOT_FOUND));
        }
        let mut poll: Poll = serde_json::from_slice(&old)?;
        if click.context.answer >= poll.answers.len() {
            return Err(Error::reject("There is no such answer."));
        }
        poll.votes.insert(user.into(), click.context.answer);
        let new = serde_json::to_vec(&poll)?;
        if api.kv_compare_and_set(&click.post_id, &old, &new).await? {
            return Ok(poll);
        }
    }
    Err(Error::reject("Others keep voting. Try again.").with_status(StatusCode::CONFLICT))
}

fn main() -> ExitCode {
    mattermost_plugin::run(Polls::default())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use mattermost_plugin::test::{Mattermost, hooks};

    use super::*;

    async fn ask(mattermost: &Mattermost, command: &str) -> Result<CommandResponse, Error> {
        let args = CommandArgs {
            channel_id: "town-square".into(),
            command: command.into(),
            ..CommandArgs::default()
        };
        let hook = hooks::ExecuteCommand;
        mattermost.call(hook, (Context::default(), args)).await
    }

    async fn polls() -> Mattermost {
        let mattermost = Mattermost::start(Polls::default()).await;
        mattermost.activate().await.unwrap();
        mattermost
    }

    /// Clicks a button of the first post, and returns what the server is answered.
    async fn click(mattermost: &Mattermost, user: &str, answer: usize) -> (StatusCode, String) {
        let body = json!({ "post_id": "post1", "context": { "answer": answer } });
        let request = Request::post("/vote").header("Mattermost-User-Id", user);
        let response = mattermost
            .request(request.body(body.to_string()).unwrap())
            .await;
        let text = String::from_utf8_lossy(response.body()).into_owned();
        (response.status(), text)
    }

    #[tokio::test]
    async fn votes_are_counted_once_a_user_and_shown_in_the_post() {
        let mattermost = polls().await;
        let answer = ask(&mattermost, "/poll Lunch? | Pizza | Soup")
            .await
            .unwrap();
        assert_eq!(answer.text, "");
        let asked = mattermost.posts();
        assert_eq!(asked[0].message, "**Lunch?**\n- Pizza: 0\n- Soup: 0");
        let attachments = asked[0].props["attachments"].as_ref().unwrap();
        let attachments: Vec<MessageAttachment> = attachments.value.to().unwrap();
        assert_eq!(attachments[0].actions[1].name, "Soup");

        for (user, answer) in [("anna", 0), ("ben", 1), ("anna", 1)] {
            click(&mattermost, user, answer).await;
        }
        let counted = mattermost.posts();
        assert_eq!(counted.len(), 1);
        assert_eq!(counted[0].message, "**Lunch?**\n- Pizza: 0\n- Soup: 2");
        assert_eq!(counted[0].props, asked[0].props);
        let (_, answer) = click(&mattermost, "ben", 0).await;
        assert_eq!(answer, r#"{"ephemeral_text":"You chose Pizza."}"#);
    }

    #[tokio::test]
    async fn what_is_no_vote_is_refused() {
        let mattermost = polls().await;
        let refused = ask(&mattermost, "/poll Lunch?").await.unwrap_err();
        assert!(refused.to_string().contains("/poll Lunch? |"), "{refused}");
        assert_eq!(click(&mattermost, "anna", 0).await.0, StatusCode::NOT_FOUND);
        ask(&mattermost, "/poll Lunch? | Pizza | Soup")
            .await
            .unwrap();
        assert_eq!(
            click(&mattermost, "anna", 2).await.0,
            StatusCode::BAD_REQUEST
        );
        assert_eq!(click(&mattermost, "", 0).await.0, StatusCode::UNAUTHORIZED);
    }
}
