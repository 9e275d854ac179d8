//! A scene: a Mattermost, a browser, and a host page that embeds the one in the other.

use serde_json::Value;
use thirtyfour::By;

use crate::{Browser, Options, Outcome, SHORT_WHILE, Standin, Way, WebAssembly, eventually};

/// Logs Anna in through the login form.
pub const FILL_IN: &str = "document.querySelector('#loginId').value = 'anna';
    document.querySelector('#password').value = 'standin';
    document.querySelector('#logIn').click()";

/// Which page embeds the Mattermost, and how.
#[derive(Debug, Clone)]
pub struct Host<'a> {
    /// The page's virtual host; `""` is the Mattermost's own, beside its subpath.
    pub name: &'a str,
    /// Further parameters of the recording page, for example `script=none`.
    pub parameters: &'a str,
    /// The browser's permission for notifications on the host page.
    pub permission: &'a str,
}

impl Host<'_> {
    /// The host that the setting names, with the permission granted.
    pub const TRUSTED: Host<'static> = Host {
        name: "mail.example.localhost",
        parameters: "",
        permission: "granted",
    };
    /// A host that is in no setting.
    pub const STRANGER: Host<'static> = Host {
        name: "stranger.example.localhost",
        ..Self::TRUSTED
    };
}

/// A stand-in and a browser.
#[derive(Debug)]
pub struct Scene {
    /// The browser, which is ended first.
    pub browser: Browser,
    /// The Mattermost.
    pub standin: Standin,
    /// How the component runs in its page.
    pub way: Way,
}

impl Scene {
    /// Starts both, in the engine and for the way that the environment asks for; the browser may be one of an earlier test.
    pub async fn start(options: &Options) -> Outcome<Self> {
        Self::with(options, Browser::shared).await
    }

    /// The same with a browser that nobody has used, and that may have no WebAssembly.
    pub async fn start_fresh(options: &Options, webassembly: WebAssembly) -> Outcome<Self> {
        Self::with(options, async || Browser::start(webassembly).await).await
    }

    async fn with(
        options: &Options,
        browser: impl AsyncFnOnce() -> Outcome<Browser>,
    ) -> Outcome<Self> {
        let way = Way::chosen()?;
        let standin = Standin::start(options)?;
        if let Some(policy) = way.policy() {
            standin.order("/policy", &policy)?;
        }
        Ok(Self {
            browser: browser().await?,
            standin,
            way,
        })
    }

    /// Logs Anna in and opens a host page that embeds the Mattermost; returns once the page in the frame is drawn,
    /// its WebSocket is connected and its plugins are there.
    pub async fn open(&self, host: &Host<'_>) -> Outcome {
        self.log_in().await?;
        self.embed(host).await?;
        self.until_ready().await
    }

    /// Gives the browser a session of Anna's, unless it has one.
    pub async fn log_in(&self) -> Outcome {
        self.browser.driver().goto(self.standin.site()).await?;
        let form_is_shown = eventually("the page in front is drawn", async || {
            let script = "return document.querySelector('#loginId, #channelHeaderTitle')?.id";
            Ok(self.here(script).await?.as_str().map(|id| id == "loginId"))
        })
        .await?;
        if form_is_shown {
            self.log_in_here().await?;
        }
        Ok(())
    }

    /// Fills in the login form of the page in front.
    pub async fn log_in_here(&self) -> Outcome {
        self.here(FILL_IN).await?;
        eventually("Anna is logged in", async || self.current_user().await).await?;
        Ok(())
    }

    async fn current_user(&self) -> Outcome<Option<Value>> {
        self.here("return window.standin?.store.getState().entities.users.currentUserId")
            .await
            .map(truthy)
    }

    /// Opens the host page, whoever is logged in.
    pub async fn embed(&self, host: &Host<'_>) -> Outcome {
        let driver = self.browser.driver();
        let origin = self.standin.origin(if host.name.is_empty() {
            "chat.example.localhost"
        } else {
            host.name
        });
        let mut parameters = host.parameters.to_owned();
        if self.browser.engine().sets_permissions() {
            // The permission belongs to the origin in front, and must be there before the page looks.
            driver.goto(format!("{origin}/blank.txt")).await?;
            self.browser
                .set_permission("notifications", host.permission)
                .await?;
        } else {
            // The page takes the first of two values of a parameter.
            parameters += "&notification=recorded&permission=";
            parameters += host.permission;
        }
        // Without a display Firefox fires `error` at each notification (seen in 153), and the host package reports it.
        let is_firefox = self.browser.engine() == crate::Engine::Firefox;
        if is_firefox && parameters.contains("script=") && !parameters.contains("script=none") {
            parameters += "&notification=recorded";
        }
        driver
            .goto(format!(
                "{origin}/host.html?src={}&{parameters}",
                self.standin.site(),
            ))
            .await?;
        Ok(())
    }

    /// Waits until the page in the frame has its WebSocket, and each plugin's script has run: they come in either order, and
    /// what a host says before nobody hears.
    pub async fn until_ready(&self) -> Outcome {
        const READY: &str =
            "return window.standin?.socket.connected && window.standin.plugins.settled";
        let ready = eventually(
            "the page in the frame has its WebSocket and its plugins",
            async || self.in_frame(READY).await.map(truthy),
        )
        .await;
        if let Err(error) = ready {
            let shown = self.in_frame("return document.body?.innerText").await;
            return Err(error.context(format!("the frame shows {shown:?}")));
        }
        Ok(())
    }

    /// Runs a script in the page in front.
    pub async fn here(&self, script: &str) -> Outcome<Value> {
        Ok(self
            .browser
            .driver()
            .execute(script, Vec::new())
            .await?
            .json()
            .clone())
    }

    /// Runs a script in the host page.
    pub async fn in_host(&self, script: &str) -> Outcome<Value> {
        self.browser.driver().enter_default_frame().await?;
        self.here(script).await
    }

    /// Runs a script in the Mattermost page, which is the host page's first frame.
    pub async fn in_frame(&self, script: &str) -> Outcome<Value> {
        self.enter_frame().await?;
        let answer = self.here(script).await;
        self.browser.driver().enter_default_frame().await?;
        answer
    }

    /// Turns to the Mattermost page. WebKit has no frame to enter for a moment while its document is replaced.
    async fn enter_frame(&self) -> Outcome {
        let driver = self.browser.driver();
        driver.enter_default_frame().await?;
        eventually("the frame can be entered", async || {
            Ok(driver.enter_frame(0).await.ok())
        })
        .await
    }

    /// What crossed so far, of one direction (`"in"` is towards the host) and command.
    pub async fn crossed(&self, direction: &str, command: &str) -> Outcome<Vec<Value>> {
        let script = format!(
            "return JSON.stringify(window.recorded.filter((crossing) =>
               crossing.direction === '{direction}' && crossing.type === 'notifymatters.{command}'))"
        );
        let found = self.in_host(&script).await?;
        Ok(serde_json::from_str(found.as_str().unwrap_or("[]"))?)
    }

    /// Waits until so many of them have crossed, and returns them.
    pub async fn until_crossed(
        &self,
        direction: &str,
        command: &str,
        count: usize,
    ) -> Outcome<Vec<Value>> {
        eventually(&format!("{count} {command} {direction}"), async || {
            let found = self.crossed(direction, command).await?;
            Ok((found.len() >= count).then_some(found))
        })
        .await
    }

    /// Waits for the first `ok`, and until the page has answered all that the host has said: hosts repeat their `enable`
    /// until they are answered, and a second answer may be on its way by then.
    pub async fn until_ok(&self) -> Outcome<Value> {
        let first = self.until_crossed("in", "ok", 1).await?.remove(0);
        self.settle().await?;
        Ok(first)
    }

    /// Waits until the page has answered all that the host has said so far.
    ///
    /// Messages between two windows keep their order. So one more `enable` is answered last, and neither it nor its `ok` is
    /// left in what was recorded. A host that a test speaks for repeats nothing, and is left alone.
    pub async fn settle(&self) -> Outcome {
        if self.in_host("return window.host === undefined").await? == true {
            return Ok(());
        }
        self.in_host(
            "send({ type: 'notifymatters.enable', notifymatters: '20171130', data: host.permission, ref: null, state: 'settled' })",
        )
        .await?;
        eventually("the page answers all that the host said", async || {
            let taken = "const at = recorded.findIndex(({ state }) => state === 'settled');
                         return at >= 0 && recorded.splice(at, 1).length === 1";
            self.in_host(taken).await.map(truthy)
        })
        .await?;
        Ok(())
    }

    /// Runs a script in the host page that loads the frame anew, and waits until the host is served by the new page.
    pub async fn load_anew(&self, script: &str) -> Outcome {
        self.in_frame("window.before = true").await?;
        self.in_host(script).await?;
        eventually("the new page serves the host", async || {
            // Scripts fail in a document that is being replaced.
            let is_new = self.in_frame("return window.before === undefined").await;
            let is_new = is_new.is_ok_and(|is_new| is_new == true);
            Ok((is_new && !self.has_own_notification().await?).then_some(()))
        })
        .await?;
        self.settle().await?;
        self.until_ready().await
    }

    /// Everything that came to the host from the frame, whatever it is.
    pub async fn came_to_host(&self) -> Outcome<Vec<Value>> {
        let found = self.in_host("return JSON.stringify(window.recorded.filter((crossing) => crossing.direction === 'in'))").await?;
        Ok(serde_json::from_str(found.as_str().unwrap_or("[]"))?)
    }

    /// What the host page gave to its `Notification`, in order: `{title, options}`.
    pub async fn shown(&self) -> Outcome<Vec<Value>> {
        let found = self.in_host("return JSON.stringify(window.shown.map(({ title, options }) => ({ title, options })))").await?;
        Ok(serde_json::from_str(found.as_str().unwrap_or("[]"))?)
    }

    /// Waits until the host has shown so many notifications.
    pub async fn until_shown(&self, count: usize) -> Outcome<Vec<Value>> {
        eventually(
            &format!("the host shows {count} notifications"),
            async || {
                let shown = self.shown().await?;
                Ok((shown.len() >= count).then_some(shown))
            },
        )
        .await
    }

    /// Does what the browser does when the user clicks a notification: no driver can click a system notification.
    pub async fn click(&self, index: usize) -> Outcome {
        self.in_host(&format!(
            "window.shown[{index}].notification.onclick(new Event('click'))"
        ))
        .await?;
        Ok(())
    }

    /// Clicks a channel in the frame, with the activation that browsers ask for before a page may ask its user.
    pub async fn click_in_frame(&self) -> Outcome {
        self.press_in_frame("channel-support").await
    }

    /// Clicks what has this id in the frame.
    pub async fn press_in_frame(&self, id: &str) -> Outcome {
        self.enter_frame().await?;
        let driver = self.browser.driver();
        driver.find(By::Id(id)).await?.click().await?;
        driver.enter_default_frame().await?;
        Ok(())
    }

    /// Mentions Anna and waits until the host shows it as its `count`th notification.
    pub async fn mention_arrives(&self, message: &str, count: usize) -> Outcome {
        self.standin.mention(message)?;
        let shown = self.until_shown(count).await?;
        let body = shown.last().map(|last| last["options"]["body"].clone());
        anyhow::ensure!(
            body == Some(format!("@ben: {message}").into()),
            "the host shows {shown:?} instead of {message}"
        );
        Ok(())
    }

    /// Mentions Anna, and waits until the host shows a notification.
    pub async fn mention_is_shown(&self, message: &str) -> Outcome {
        self.standin.mention(message)?;
        self.until_shown(1).await?;
        Ok(())
    }

    /// Mentions Anna and waits long enough to say that nothing of it came to the host.
    pub async fn mention_stays_away(&self, message: &str) -> Outcome {
        let before = self.came_to_host().await?.len();
        self.mention_is_read(message).await?;
        let after = self.came_to_host().await?;
        anyhow::ensure!(
            after.len() == before,
            "came to the host: {:?}",
            &after[before..]
        );
        Ok(())
    }

    /// Mentions Anna, and waits until her page has it and for a while longer.
    pub async fn mention_is_read(&self, message: &str) -> Outcome {
        let posts = self.posts().await?;
        self.standin.mention(message)?;
        eventually("the post is in the page", async || {
            Ok((self.posts().await? > posts).then_some(()))
        })
        .await?;
        tokio::time::sleep(SHORT_WHILE).await;
        Ok(())
    }

    async fn posts(&self) -> Outcome<u64> {
        Ok(self
            .in_frame("return window.standin.store.getState().views.posts.length")
            .await?
            .as_u64()
            .unwrap_or(0))
    }

    /// Whether the page in the frame has the browser's own `Notification`.
    pub async fn has_own_notification(&self) -> Outcome<bool> {
        Ok(self
            .in_frame("return String(window.Notification).includes('[native code]')")
            .await?
            == true)
    }

    /// How many frames the Mattermost page holds. The web part has one only while its component is compiled.
    pub async fn frames(&self) -> Outcome<u64> {
        Ok(self
            .in_frame("return document.querySelectorAll('iframe').length")
            .await?
            .as_u64()
            .unwrap_or(0))
    }

    /// Whether the component came by the way that is to be tested, and by no other.
    pub fn came_its_way(&self) -> Outcome {
        let asked = |file| -> Outcome<bool> {
            let requests = self.standin.requests(file)?;
            Ok(requests.iter().any(|(_, status)| *status == 200))
        };
        let as_webassembly = asked(".wasm")? && !asked(".fallback.js")?;
        let found = if as_webassembly {
            Way::WebAssembly
        } else {
            Way::Fallback
        };
        anyhow::ensure!(
            found == self.way && asked("component.")?,
            "{:?} was to be tested; the page asked for {:?}",
            self.way,
            self.standin.requests("component.")?
        );
        Ok(())
    }

    /// What the Mattermost page has written to the console so far, as far as it contains the words.
    pub async fn said(&self, words: &str) -> Outcome<Vec<String>> {
        let said = self.in_frame("return window.standin.said").await?;
        let said: Vec<String> = serde_json::from_value(said)?;
        Ok(said
            .into_iter()
            .filter(|text| text.contains(words))
            .collect())
    }

    /// Waits until the plugin has said a sentence with these words on the console of the page in the frame.
    pub async fn until_noted(&self, words: &str) -> Outcome {
        eventually(&format!("the console says {words}"), async || {
            let said = self.said(words).await?;
            Ok(said
                .iter()
                .any(|text| text.starts_with("Notifymatters: "))
                .then_some(()))
        })
        .await
    }

    /// The channel that the page in the frame shows.
    pub async fn channel(&self) -> Outcome<String> {
        let title = self
            .in_frame("return document.querySelector('#channelHeaderTitle').textContent")
            .await?;
        Ok(title.as_str().unwrap_or_default().to_owned())
    }
}

/// A host's `enable`, as a JavaScript expression.
#[must_use]
pub fn enable(permission: &str) -> String {
    format!(
        "{{ type: 'notifymatters.enable', notifymatters: '20171130', data: '{permission}', ref: null }}"
    )
}

/// `Some` where JavaScript would take the value for true.
fn truthy(value: Value) -> Option<Value> {
    let nothing = match &value {
        Value::Null => true,
        Value::Bool(answer) => !answer,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(_) | Value::Object(_) => false,
    };
    (!nothing).then_some(value)
}
