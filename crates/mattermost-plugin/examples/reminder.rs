//! A scheduled job: `/remind 10m tea` brings a message from a bot ten minutes later, also if the server was restarted meanwhile.
//!
//! What is due lies in the key-value store, not in memory; a task that runs as long as the plugin looks for it.

use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mattermost_plugin::model::{Bot, Command, CommandArgs, CommandResponse, Post};
use mattermost_plugin::{Api, Context, Error, Plugin};
use serde::{Deserialize, Serialize};
use tokio::time::MissedTickBehavior;

/// How often the job looks for what is due.
const TICK: Duration = Duration::from_secs(5);

/// How many keys a page of the store has.
const PAGE: i64 = 100;

/// What the keys of reminders begin with; the time stands behind it, so that they sort by it.
const PREFIX: &str = "due-";

#[derive(Debug, Serialize, Deserialize)]
struct Reminder {
    user: String,
    text: String,
}

#[derive(Default)]
struct Reminders {
    bot: OnceLock<String>,
}

#[mattermost_plugin::hooks]
impl Plugin for Reminders {
    async fn on_activate(&self, api: Api) -> Result<(), Error> {
        let bot = Bot {
            username: "reminder".into(),
            ..Bot::default()
        };
        let bot = api.ensure_bot_user(&bot).await?;
        let bot = self.bot.get_or_init(|| bot).clone();
        let command = Command {
            trigger: "remind".into(),
            auto_complete: true,
            auto_complete_desc: "Reminds you of something".into(),
            auto_complete_hint: "10m tea".into(),
            ..Command::default()
        };
        api.register_command(&command).await?;
        // Ends with the process, when the plugin is stopped.
        tokio::spawn(job(api, bot));
        Ok(())
    }

    async fn execute_command(
        &self,
        api: Api,
        context: Context,
        args: CommandArgs,
    ) -> Result<CommandResponse, Error> {
        let mut words = args.command.splitn(3, char::is_whitespace).skip(1);
        let (Some(after), Some(text)) = (words.next().and_then(duration), words.next()) else {
            return Err(Error::reject("Write for example: /remind 10m tea"));
        };
        let due = (SystemTime::now() + after).duration_since(UNIX_EPOCH)?;
        let reminder = Reminder {
            user: args.user_id,
            text: text.into(),
        };
        // The request's id tells two reminders apart that are due in the same millisecond.
        let key = format!("{PREFIX}{:013}-{}", due.as_millis(), context.request_id);
        api.kv_set(&key, &serde_json::to_vec(&reminder)?).await?;
        Ok(CommandResponse::ephemeral("You will be reminded."))
    }
}

/// Sends what is due, again and again. A failure is logged, and what was not sent is still there the next time.
async fn job(api: Api, bot: String) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = send_due(&api, &bot).await {
            tracing::error!("reminders are late: {error:#}");
        }
    }
}

async fn send_due(api: &Api, bot: &str) -> Result<(), Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let now = format!("{PREFIX}{:013}", now.as_millis());
    let mut due = Vec::new();
    for page in 0.. {
        let keys = api.kv_list(page, PAGE).await?;
        let is_last = keys.len() < PAGE as usize;
        due.extend(
            keys.into_iter()
                .filter(|key| key.starts_with(PREFIX) && *key < now),
        );
        if is_last {
            break;
        }
    }
    for key in due {
        let value = api.kv_get(&key).await?;
        // In a cluster the plugin runs on every server: the one that takes the reminder away sends it.
        if value.is_empty() || !api.kv_compare_and_delete(&key, &value).await? {
            continue;
        }
        let Reminder { user, text } = serde_json::from_slice(&value)?;
        let channel = api.direct_channel(&user, bot).await?;
        let post = Post {
            user_id: bot.into(),
            channel_id: channel.id,
            message: text,
            ..Post::default()
        };
        api.create_post(&post).await?;
    }
    Ok(())
}

/// `90s`, `10m` or `2h`.
fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.len().checked_sub(1)?);
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        _ => return None,
    };
    let number: u32 = number.parse().ok()?;
    Some(Duration::from_secs(u64::from(number) * seconds))
}

fn main() -> ExitCode {
    mattermost_plugin::run(Reminders::default())
}

#[cfg(test)]
mod tests {
    use mattermost_plugin::model::Channel;
    use mattermost_plugin::test::{self, Mattermost, hooks};

    use super::*;

    async fn reminders() -> Mattermost {
        let mattermost = Mattermost::start(Reminders::default()).await;
        mattermost.answer(test::api::GetDirectChannel, |(user, bot)| {
            Ok(Channel {
                id: format!("{bot}-{user}"),
                ..Channel::default()
            })
        });
        mattermost.activate().await.unwrap();
        mattermost
    }

    async fn remind(mattermost: &Mattermost, command: &str) -> Result<String, Error> {
        let args = CommandArgs {
            user_id: "anna".into(),
            command: command.into(),
            ..CommandArgs::default()
        };
        let hook = hooks::ExecuteCommand;
        let response = mattermost.call(hook, (Context::default(), args)).await?;
        Ok(response.text)
    }

    // The paused clock jumps from tick to tick; what is due goes by the real one.
    #[tokio::test(start_paused = true)]
    async fn what_is_due_is_sent_once_and_what_is_not_stays() {
        let mattermost = reminders().await;
        remind(&mattermost, "/remind 2h dinner").await.unwrap();
        remind(&mattermost, "/remind 0s green tea").await.unwrap();
        while mattermost.posts().is_empty() {
            tokio::time::sleep(TICK).await;
        }
        tokio::time::sleep(3 * TICK).await;
        let posts = mattermost.posts();
        assert_eq!(posts.len(), 1, "{posts:?}");
        assert_eq!(posts[0].message, "green tea");
        assert_eq!(posts[0].channel_id, "reminder-anna");
    }

    #[tokio::test]
    async fn a_command_that_says_no_time_is_told_how_to() {
        let mattermost = reminders().await;
        for command in ["/remind", "/remind tea", "/remind 10x tea", "/remind 10m"] {
            let refused = remind(&mattermost, command).await.unwrap_err();
            assert_eq!(refused.to_string(), "Write for example: /remind 10m tea");
        }
    }
}
