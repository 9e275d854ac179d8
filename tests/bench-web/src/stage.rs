//! A blank host page that embeds the Mattermost and, beside it, an empty page: the scene of every measurement.

use anyhow::Context as _;
use notifymatters_browser_tests::{Options, Outcome, Scene, WebAssembly, eventually};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const HOST: &str = include_str!("../page/host.js");
const FRAME: &str = include_str!("../page/frame.js");

/// The host that the setting names, and one that it does not.
pub(crate) const TRUSTED: &str = "mail.example.localhost";
pub(crate) const STRANGER: &str = "stranger.example.localhost";

/// A virtual host with nothing on it: of the same site as the others, so that all of them share a process and a thread.
const BARE: &str = "bare.example.localhost";

/// How the script's name ends that Mattermost itself asks for.
const MAIN: &str = "_bundle.js";

/// Runs before any script in every page and frame: keeps the component's memory, which a hidden frame's WebAssembly makes, in sight of
/// the page around that frame, and the time at which a page gets its first plugin.
const BEFORE_SCRIPTS: &str = "
    let register;
    Object.defineProperty(self, 'registerPlugin', {
        get: () => register && ((...values) => {
            self.registered ||= performance.timeOrigin + performance.now();
            register(...values);
        }),
        set: (value) => register = value,
    });
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...values) => {
        const made = await instantiate(...values);
        const page = self.registerPlugin ? self : parent;
        page.wasmMemory = (made.instance ?? made).exports.memory;
        return made;
    }";

const HAS_PLUGIN: &str = "return Boolean(window.plugins?.notifymatters)";

pub(crate) struct Stage(Scene);

impl Stage {
    /// Starts a Mattermost and a browser with an empty cache, and logs in.
    pub(crate) async fn start() -> Outcome<Self> {
        let scene = Scene::start_fresh(&Options::default(), WebAssembly::There).await?;
        let before_scripts = json!({ "source": BEFORE_SCRIPTS });
        let cdp = scene.browser.driver().cdp();
        cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", before_scripts)
            .await?;
        scene.log_in().await?;
        Ok(Self(scene))
    }

    /// Opens the Mattermost in a page that nobody embeds.
    pub(crate) async fn open_alone(&self) -> Outcome {
        self.0.browser.driver().goto(self.0.standin.site()).await?;
        eventually("the plugin is there", async || {
            let there = self.0.here(HAS_PLUGIN).await? == true;
            Ok(there.then_some(()))
        })
        .await
    }

    /// Leaves the page in front for an empty one.
    pub(crate) async fn close(&self) -> Outcome {
        self.0.browser.driver().goto("about:blank").await?;
        Ok(())
    }

    /// Has the Mattermost enable or disable the plugin, also in the pages that are open.
    pub(crate) async fn switch_plugin(&self, on: bool) -> Outcome {
        let order = if on { "enable" } else { "disable" };
        self.0.standin.order("/plugin", &json!({ order: true }))
    }

    /// Opens a host page; returns once the Mattermost in it has its plugins. Nobody has spoken to it yet.
    pub(crate) async fn open(&self, host: &str) -> Outcome {
        self.embed(host).await?;
        self.ready().await
    }

    /// The same, whether the plugin is there or not.
    pub(crate) async fn embed(&self, host: &str) -> Outcome {
        let driver = self.0.browser.driver();
        let origin = self.0.standin.origin(host);
        // Nothing is there, and that is what it is for: a page of that origin without any script.
        driver.goto(format!("{origin}/bench.txt")).await?;
        let bare = format!("{}/bench.txt", self.0.standin.origin(BARE));
        driver
            .execute(HOST, vec![json!(self.0.standin.site()), json!(bare)])
            .await?;
        self.furnish().await
    }

    /// Loads the Mattermost's page anew, whether the plugin is there or not.
    pub(crate) async fn reload(&self) -> Outcome {
        self.in_host::<()>("return enter(address)").await?;
        self.furnish().await
    }

    /// The same, while the host asks until it is answered by the new page.
    pub(crate) async fn reload_asking(&self) -> Outcome {
        self.in_host::<()>("return enter('about:blank')").await?;
        self.in_host::<()>("askAllTheWhile(); return enter(address)")
            .await?;
        self.furnish().await
    }

    async fn furnish(&self) -> Outcome {
        self.0.until_ready().await?;
        self.in_chat::<()>(FRAME).await?;
        self.in_bare::<()>(FRAME).await
    }

    /// Returns once the Mattermost's page has the plugin.
    pub(crate) async fn ready(&self) -> Outcome {
        eventually("the plugin is there", async || {
            Ok(if self.in_chat(HAS_PLUGIN).await? {
                Some(())
            } else {
                None
            })
        })
        .await
    }

    pub(crate) async fn in_host<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        read(self.0.in_host(script).await?, script)
    }

    pub(crate) async fn in_chat<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        read(self.0.in_frame(script).await?, script)
    }

    /// Runs a script with arguments in the Mattermost's page.
    pub(crate) async fn run_in_chat(&self, script: &str, arguments: Vec<Value>) -> Outcome {
        let driver = self.0.browser.driver();
        driver.enter_default_frame().await?;
        driver.enter_frame(0).await?;
        driver.execute(script, arguments).await?;
        driver.enter_default_frame().await?;
        Ok(())
    }

    pub(crate) async fn in_bare<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        let driver = self.0.browser.driver();
        driver.enter_default_frame().await?;
        driver.enter_frame(1).await?;
        let answer = self.0.here(script).await;
        driver.enter_default_frame().await?;
        read(answer?, script)
    }

    /// A command of the Chrome DevTools Protocol.
    pub(crate) async fn devtools(&self, method: &str) -> Outcome<Value> {
        let driver = self.0.browser.driver();
        Ok(driver.cdp().send_raw(method, json!({})).await?)
    }

    /// The paths that the plugin's web part has asked the Mattermost for so far, without what stands behind `?`.
    pub(crate) fn loaded(&self) -> Outcome<Vec<String>> {
        let seen = self.0.standin.requests("/plugins/notifymatters/")?;
        let asked_for = seen.into_iter().map(|(path, _)| path);
        Ok(asked_for.filter(|path| !path.ends_with(MAIN)).collect())
    }
}

fn read<T: DeserializeOwned>(answer: Value, script: &str) -> Outcome<T> {
    serde_json::from_value(answer).with_context(|| format!("the page's answer to {script}"))
}
