//! What a server remembers of what a plugin does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::{Mattermost, api, lock};
use crate::model::{Command, Post, WebsocketBroadcast};
use crate::{Error, Payload, StatusCode};

/// The version that the server says it has: the newest that this crate knows.
const VERSION: &str = "11.9.0";

/// A WebSocket event that the plugin has published.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Its name as the plugin gave it.
    pub name: String,
    /// What it carries.
    pub payload: Payload,
    /// Whom it is for.
    pub broadcast: WebsocketBroadcast,
}

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) store: BTreeMap<String, Vec<u8>>,
    pub(super) commands: Vec<Command>,
    pub(super) posts: Vec<Post>,
    pub(super) events: Vec<Event>,
}

impl World {
    /// Stores a value, or forgets it where it is empty, as Mattermost does.
    fn set(&mut self, key: String, value: Vec<u8>) {
        if value.is_empty() {
            self.store.remove(&key);
        } else {
            self.store.insert(key, value);
        }
    }

    /// Stores a value if the old one is still there; an empty one is none.
    fn replace(&mut self, key: String, old: &[u8], value: Vec<u8>) -> bool {
        let is_there = self.store.get(&key).map_or(&[][..], |value| value);
        let fits = is_there == old;
        if fits {
            self.set(key, value);
        }
        fits
    }

    fn post(&mut self, mut post: Post) -> Post {
        post.id = format!("post{}", self.posts.len() + 1);
        self.posts.push(post.clone());
        post
    }

    fn find(&mut self, id: &str) -> Result<&mut Post, Error> {
        let found = self.posts.iter_mut().find(|post| post.id == id);
        found.ok_or_else(|| {
            Error::reject("there is no such post").with_status(StatusCode::NOT_FOUND)
        })
    }
}

/// Has the server answer what it can by itself.
pub(super) fn settle(mattermost: &Mattermost, world: &Arc<Mutex<World>>) {
    /// Answers a method with what becomes of the world.
    macro_rules! answer {
        ($($method:ident($arguments:pat) => $code:expr;)*) => {$({
            let world = Arc::clone(world);
            mattermost.answer(api::$method, move |$arguments| {
                #[allow(clippy::redundant_closure_call, reason = "the closures take the lock")]
                Ok($code(&mut *lock(&world)))
            });
        })*};
    }

    answer! {
        GetServerVersion(()) => |_: &mut World| VERSION.to_owned();
        KVGet((key,)) => |world: &mut World| world.store.get(&key).cloned().unwrap_or_default();
        KVSet((key, value)) => |world: &mut World| world.set(key, value);
        // Nothing expires here.
        KVSetWithExpiry((key, value, _)) => |world: &mut World| world.set(key, value);
        KVDelete((key,)) => |world: &mut World| world.set(key, Vec::new());
        KVDeleteAll(()) => |world: &mut World| world.store.clear();
        KVCompareAndSet((key, old, value)) => |world: &mut World| world.replace(key, &old, value);
        KVCompareAndDelete((key, old)) => |world: &mut World| world.replace(key, &old, Vec::new());
        KVSetWithOptions((key, value, options)) => |world: &mut World| {
            if options.atomic {
                world.replace(key, &options.old_value, value)
            } else {
                world.set(key, value);
                true
            }
        };
        KVList((page, per_page)) => |world: &mut World| {
            let [page, per_page] = [page, per_page].map(|number| usize::try_from(number).unwrap_or(0));
            let keys = world.store.keys().skip(page.saturating_mul(per_page));
            keys.take(per_page).cloned().collect::<Vec<_>>()
        };
        RegisterCommand((command,)) => |world: &mut World| world.commands.push(command);
        UnregisterCommand((team, trigger)) => |world: &mut World| {
            world.commands.retain(|command| command.team_id != team || command.trigger != trigger);
        };
        CreatePost((post,)) => |world: &mut World| world.post(post);
        SendEphemeralPost((_, post)) => |world: &mut World| Some(world.post(post));
        PublishWebSocketEvent((name, payload, broadcast)) => |world: &mut World| {
            world.events.push(Event { name, payload, broadcast });
        };
        EnsureBotUser((bot,)) => |_: &mut World| bot.username;
    }
    let posts = Arc::clone(world);
    mattermost.answer(api::GetPost, move |(id,)| {
        lock(&posts).find(&id).map(|post| post.clone())
    });
    let posts = Arc::clone(world);
    mattermost.answer(api::UpdatePost, move |(post,)| {
        lock(&posts).find(&post.id)?.clone_from(&post);
        Ok(post)
    });
    mattermost.set_settings(&serde_json::json!({}));
}
