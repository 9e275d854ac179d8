//! The webmails' plugins, as `cargo xtask dist --hosts` packs them, in a stand-in of the webmails' client.

use notifymatters_browser_tests::{
    Options, Outcome, SHORT_WHILE, Scene, eventually, eventually_within,
};
use serde_json::{Value, json};
use std::time::Duration;
use thirtyfour::{By, WebElement};

/// The package gives the chat's plugin 20 seconds.
const PATIENCE: Duration = Duration::from_secs(40);

const GROMMUNIO: &str = "webmail=grommunio-web&plugin=chat";
const KOPANO: &str = "webmail=kopano-webapp&plugin=mattermost";

/// Finds the chat's frame, wherever the plugin has put it.
const FRAME: &str = "const chat = document.querySelector('.notifymatters-chat'); const frame = chat?.shadowRoot?.querySelector('iframe') ?? chat;";

struct Webmail {
    scene: Scene,
}

impl Webmail {
    /// Opens a webmail whose user has the plugin with these settings, besides the chat's address.
    async fn open(parameters: &str, settings: Value) -> Outcome<Self> {
        let scene = Scene::start(&Options::default()).await?;
        scene.log_in().await?;
        let driver = scene.browser.driver();
        let origin = scene.standin.origin("mail.example.localhost");
        driver.goto(format!("{origin}/blank.txt")).await?;
        scene
            .browser
            .set_permission("notifications", "granted")
            .await?;
        let mut stored = json!({ "enable": true, "url": scene.standin.site() });
        if let (Some(stored), Some(settings)) = (stored.as_object_mut(), settings.as_object()) {
            stored.extend(settings.clone());
        }
        driver
            .goto(format!(
                "{origin}/webmail.html?{parameters}&settings={stored}"
            ))
            .await?;
        let webmail = Self { scene };
        webmail
            .until("the webmail is there", "return window.isReady")
            .await?;
        Ok(webmail)
    }

    async fn run(&self, script: &str) -> Outcome<Value> {
        self.scene.in_host(&format!("{FRAME} {script}")).await
    }

    async fn until(&self, what: &str, script: &str) -> Outcome {
        eventually_within(PATIENCE, what, async || {
            Ok((self.run(script).await? == true).then_some(()))
        })
        .await
    }

    async fn click(&self, css: &str) -> Outcome {
        self.scene.browser.driver().enter_default_frame().await?;
        self.scene
            .browser
            .driver()
            .find(By::Css(css))
            .await?
            .click()
            .await?;
        Ok(())
    }

    /// What the tabs are called, the one in front in brackets.
    async fn tabs(&self) -> Outcome<String> {
        let tabs = "return [...document.querySelectorAll('#tabs > span')].map((tab) => {
            const title = tab.children[1].textContent;
            return tab.className ? `[${title}]` : title;
        }).join(' ')";
        Ok(self
            .run(tabs)
            .await?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    async fn frame(&self) -> Outcome<WebElement> {
        let driver = self.scene.browser.driver();
        driver.enter_default_frame().await?;
        eventually("there is the chat's frame", async || {
            Ok(driver
                .execute(&format!("{FRAME} return frame"), Vec::new())
                .await?
                .element()
                .ok())
        })
        .await
    }

    /// Runs a script in the Mattermost page.
    async fn in_chat(&self, script: &str) -> Outcome<Value> {
        self.frame().await?.enter_frame().await?;
        let answer = self.scene.here(script).await;
        self.scene.browser.driver().enter_default_frame().await?;
        answer
    }

    async fn until_in_chat(&self, what: &str, script: &str) -> Outcome {
        eventually_within(PATIENCE, what, async || {
            Ok((self.in_chat(script).await? == true).then_some(()))
        })
        .await
    }

    /// Waits until the chat hands over its notifications, and is told of what is written.
    async fn until_connected(&self) -> Outcome {
        self.until_in_chat(
            "the web part serves the webmail",
            "return !String(window.Notification).includes('[native code]')",
        )
        .await?;
        self.until_in_chat(
            "the chat has its WebSocket",
            "return window.standin?.socket.connected === true",
        )
        .await
    }

    async fn until_channel(&self, channel: &str) -> Outcome {
        let shown = format!(
            "return document.querySelector('#channelHeaderTitle')?.textContent === '{channel}'"
        );
        self.until_in_chat(&format!("the channel is {channel}"), &shown)
            .await
    }

    async fn until_button(&self, text: &str) -> Outcome {
        let says = format!(
            "return document.querySelector('.mainmenu-button-chat button').textContent === '{text}'"
        );
        self.until(&format!("the button in the main bar says {text}"), &says)
            .await
    }

    async fn mention_stays_away(&self, message: &str) -> Outcome {
        let posts = "return window.standin.store.getState().views.posts.length";
        let before = self.in_chat(posts).await?.as_u64();
        let shown = self.scene.shown().await?.len();
        self.scene.standin.mention(message)?;
        eventually("the post is in the chat", async || {
            Ok((self.in_chat(posts).await?.as_u64() > before).then_some(()))
        })
        .await?;
        tokio::time::sleep(SHORT_WHILE).await;
        assert_eq!(self.scene.shown().await?.len(), shown);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_on_a_notification_brings_back_a_chat_whose_tab_was_closed() -> Outcome {
    let webmail = Webmail::open(GROMMUNIO, json!({})).await?;
    let bar =
        "return [...document.querySelectorAll('#bar button')].map((button) => button.textContent)";
    assert_eq!(
        webmail.run(bar).await?,
        json!(["Mail", "Notes", "Chat", "Other"])
    );
    webmail.click(".mainmenu-button-chat button").await?;
    assert_eq!(webmail.tabs().await?, "Inbox [Chat]");
    webmail.until_connected().await?;
    webmail.scene.mention_is_shown("@anna have a look").await?;
    webmail.scene.browser.picture("webmail-tab.png").await?;

    webmail
        .click("#tabs .x-tab-strip-active .x-tab-strip-close")
        .await?;
    assert_eq!(webmail.tabs().await?, "[Inbox]");
    assert_eq!(webmail.run("return chat.checkVisibility()").await?, false);
    webmail.scene.mention_arrives("@anna and here", 2).await?;
    assert_eq!(
        webmail
            .run("return document.querySelectorAll('.notifymatters-news').length")
            .await?,
        1
    );
    webmail.until_button("Chat (2)").await?;
    webmail.scene.browser.picture("webmail-news.png").await?;

    webmail.scene.click(1).await?;
    assert_eq!(webmail.tabs().await?, "Inbox [Chat]");
    webmail.until_channel("Design").await?;
    assert_eq!(webmail.run("return [chat.checkVisibility(), document.querySelectorAll('.notifymatters-news').length]").await?, json!([true, 0]));
    webmail.until_button("Chat").await?;
    // A second click of the same kind finds the tab open, behind another.
    webmail.click("#tabs span:first-child button").await?;
    webmail.scene.click(0).await?;
    assert_eq!(webmail.tabs().await?, "Inbox [Chat]");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_works_in_the_chat_is_not_idle_in_the_webmail() -> Outcome {
    let webmail = Webmail::open(GROMMUNIO, json!({})).await?;
    webmail.click(".mainmenu-button-chat button").await?;
    webmail.until_connected().await?;
    webmail.run("Zarafa.idleTime = 100").await?;
    webmail.frame().await?.click().await?;
    webmail
        .until(
            "the click in the chat counts",
            "return Zarafa.idleTime === 0",
        )
        .await?;
    // Nobody moves the pointer or the focus in or out any more.
    let focused = |minutes: u32| {
        format!(
            "const now = Date.now(); const clock = Date.now; Date.now = () => now + {minutes} * 60000; Zarafa.idleTime = 100;
             chat.dispatchEvent(new CustomEvent('activity', {{ detail: {{ kind: 'focused' }} }})); Date.now = clock; return Zarafa.idleTime"
        )
    };
    assert_eq!(webmail.run(&focused(30)).await?, 0);
    assert_eq!(
        webmail.run(&focused(61)).await?,
        100,
        "the chat was left in front"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_are_the_users_and_in_his_language() -> Outcome {
    let webmail = Webmail::open(
        &format!("{KOPANO}&language=de_DE.UTF-8"),
        json!({ "autostart": true }),
    )
    .await?;
    webmail.until_connected().await?;
    assert_eq!(
        webmail.tabs().await?,
        "[Inbox] Mattermost",
        "opened in the background"
    );
    assert_eq!(webmail.run("return chat.lang").await?, "de");

    webmail.run("openSettings()").await?;
    let site = webmail.scene.standin.site();
    let shown = "const text = (css) => document.querySelector(css).textContent; return [text('.address'), text('.state'), text('.autostart')]";
    assert_eq!(
        webmail.run(shown).await?,
        json!([
            site,
            "Der Chat übergibt seine Benachrichtigungen.",
            "Den Chat beim Start des Webmailers im Hintergrund öffnen"
        ])
    );
    let values = "return [document.querySelector('.notifications input').checked, document.querySelector('.autostart input').checked, document.querySelector('[type=radio]:checked').value]";
    assert_eq!(webmail.run(values).await?, json!([true, true, "open"]));
    webmail.click(".field > button").await?;
    webmail.until("the test is said to be shown", "return document.querySelector('.result').textContent.startsWith('Sie wurde angezeigt.')").await?;
    assert_eq!(
        webmail.scene.shown().await?[0]["title"],
        "Testbenachrichtigung"
    );
    webmail
        .scene
        .browser
        .picture("webmail-settings.png")
        .await?;

    // A click on a notification leaves the user where he is, and still opens the channel.
    webmail
        .run("document.querySelector('[type=radio][value=stay]').click(); applySettings()")
        .await?;
    webmail
        .scene
        .mention_arrives("@anna have a look", 2)
        .await?;
    webmail.scene.click(1).await?;
    webmail.until_channel("Design").await?;
    assert_eq!(webmail.tabs().await?, "[Inbox] Mattermost");

    webmail
        .run("document.querySelector('.notifications input').click(); applySettings()")
        .await?;
    webmail.mention_stays_away("@anna psst").await?;
    let stored = "return ['autostart', 'notifications', 'click'].map((key) => container.getSettingsModel().get('zarafa/v1/plugins/mattermost/' + key))";
    assert_eq!(webmail.run(stored).await?, json!([true, false, "stay"]));
    // What is not to notify is not kept for it.
    webmail
        .click("#tabs span:last-child .x-tab-strip-close")
        .await?;
    assert_eq!(webmail.run("return chat === null").await?, true);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deskapp_shows_the_chat_in_its_webview() -> Outcome {
    let webmail = Webmail::open(&format!("{KOPANO}&deskapp=1"), json!({})).await?;
    webmail.click(".mainmenu-button-mattermost button").await?;
    webmail.until_connected().await?;
    assert_eq!(
        webmail.run("return [document.querySelector('mattermost-embed') === null, chat.getAttribute('partition')]").await?,
        json!([true, "persist:kw-plugin-mattermost-anna"])
    );
    webmail
        .click("#tabs .x-tab-strip-active .x-tab-strip-close")
        .await?;
    webmail.scene.mention_is_shown("@anna have a look").await?;
    assert_eq!(
        webmail
            .run("return getComputedStyle(chat).visibility")
            .await?,
        "hidden"
    );
    webmail.scene.click(0).await?;
    webmail.until_channel("Design").await?;
    assert_eq!(
        webmail
            .run("return getComputedStyle(chat).visibility")
            .await?,
        "visible"
    );

    let ask = format!(
        "const fire = (type, more) => chat.dispatchEvent(Object.assign(new Event(type, {{ cancelable: true }}), more));
         const ask = (permission, url) => {{
           let answer;
           fire('permissionrequest', {{ permission, request: {{ url, allow: () => (answer = true), deny: () => (answer = false) }} }});
           return answer;
         }};
         let discarded = 0;
         for (const targetUrl of ['https://example.com/', 'javascript:alert(1)', 'file:///etc/passwd']) fire('newwindow', {{ targetUrl, window: {{ discard: () => (discarded += 1) }} }});
         return [ask('media', '{}x'), ask('media', 'https://elsewhere.example/'), ask('download'), ask('geolocation'), discarded, openedOutside]",
        webmail.scene.standin.site()
    );
    assert_eq!(
        webmail.run(&ask).await?,
        json!([true, false, true, false, 3, ["https://example.com/"]])
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_the_plugin_leaves_the_webmail_alone() -> Outcome {
    let webmail = Webmail::open(GROMMUNIO, json!({ "url": "" })).await?;
    let bar = "return [document.querySelectorAll('#bar button').length, document.querySelector('#tabs').textContent, chat]";
    assert_eq!(webmail.run(bar).await?, json!([3, "Inbox×", null]));
    Ok(())
}
