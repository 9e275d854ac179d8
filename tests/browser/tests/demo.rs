//! The demo, as somebody who opens its one address sees it.

use notifymatters_browser_tests::{Browser, Demo, Outcome, SHORT_WHILE, eventually};
use serde_json::Value;
use thirtyfour::By;

struct Visit {
    browser: Browser,
    _demo: Demo,
}

impl Visit {
    async fn begin() -> Outcome<Self> {
        let demo = Demo::start()?;
        let browser = Browser::shared().await?;
        let driver = browser.driver();
        driver.set_window_rect(0, 0, 1400, 1110).await?;
        driver.goto(format!("{}blank.txt", demo.address)).await?;
        browser.set_permission("notifications", "granted").await?;
        driver.goto(&demo.address).await?;
        let visit = Self {
            browser,
            _demo: demo,
        };
        visit.until_served(true).await?;
        visit
            .until_in_chat(
                "the chat has its WebSocket",
                "return window.standin?.socket.connected === true",
            )
            .await?;
        Ok(visit)
    }

    /// Waits until a script in the Mattermost page returns true.
    async fn until_in_chat(&self, what: &str, script: &str) -> Outcome {
        let driver = self.browser.driver();
        let frame = "return document.querySelector('#chat')?.shadowRoot?.querySelector('iframe')";
        eventually(what, async || {
            driver.enter_default_frame().await?;
            let Ok(frame) = driver.execute(frame, Vec::new()).await?.element() else {
                return Ok(None);
            };
            frame.enter_frame().await?;
            let answer = driver.execute(script, Vec::new()).await?.json().clone();
            driver.enter_default_frame().await?;
            Ok((answer == true).then_some(()))
        })
        .await
    }

    /// Waits until the chat trusts the page, or no longer does.
    async fn until_served(&self, served: bool) -> Outcome {
        let own = "String(window.Notification).includes('[native code]')";
        let script = format!("return {own} !== {served}");
        self.until_in_chat(&format!("the chat serves the page: {served}"), &script)
            .await
    }

    /// The log's entries of a kind (`in` or `own`), the newest first.
    async fn log(&self, kind: &str) -> Outcome<Vec<String>> {
        let script = format!(
            "return [...document.querySelectorAll('#log .{kind}')].map((entry) => entry.textContent)"
        );
        let entries = self
            .browser
            .driver()
            .execute(&script, Vec::new())
            .await?
            .json()
            .clone();
        Ok(serde_json::from_value(entries)?)
    }

    async fn until_logged(&self, kind: &str, words: &str) -> Outcome {
        eventually(&format!("the log says {words}"), async || {
            Ok(self
                .log(kind)
                .await?
                .iter()
                .any(|entry| entry.contains(words))
                .then_some(()))
        })
        .await
    }

    async fn press(&self, id: &'static str) -> Outcome {
        self.browser
            .driver()
            .find(By::Id(id))
            .await?
            .click()
            .await?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_makes_a_notification_cross_and_a_stranger_gets_nothing() -> Outcome {
    let visit = Visit::begin().await?;
    visit.until_logged("in", "ok").await?;
    visit.press("mention").await?;
    visit.until_logged("in", "notification.new").await?;
    visit.until_logged("own", "shown as a notification").await?;
    eventually("the page counts the mention", async || {
        let count = visit.browser.driver().find(By::Id("unread")).await?;
        Ok((count.text().await? == "1").then_some(()))
    })
    .await?;
    let log = visit.log("own").await?;
    assert!(
        !log.iter().any(|entry| entry.contains("lost")),
        "the element loads once: {log:?}"
    );
    visit.browser.picture("demo.png").await?;

    let driver = visit.browser.driver();
    driver
        .find(By::Css(".stranger iframe"))
        .await?
        .enter_frame()
        .await?;
    let stranger = "return [document.querySelector('mattermost-embed').embedding.status, received.textContent]";
    let counts = driver.execute(stranger, Vec::new()).await?.json().clone();
    assert!(
        counts[0] == "waiting" || counts[0] == "lost",
        "the stranger asks: {counts}"
    );
    assert_eq!(counts[1], Value::from("0"), "and hears nothing");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_struck_origin_goes_silent_and_comes_back() -> Outcome {
    let visit = Visit::begin().await?;
    visit.until_logged("in", "ok").await?;
    visit.press("trusted").await?;
    visit.until_served(false).await?;
    let before = visit.log("in").await?;
    visit.press("mention").await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert_eq!(visit.log("in").await?, before, "nothing comes across");
    visit.browser.picture("demo-struck.png").await?;

    visit.press("trusted").await?;
    visit.until_served(true).await?;
    visit.press("mention").await?;
    visit.until_logged("in", "notification.new").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_in_a_mail_opens_its_channel_in_the_chat() -> Outcome {
    let visit = Visit::begin().await?;
    visit.until_logged("in", "ok").await?;
    let driver = visit.browser.driver();
    let windows = driver.windows().await?.len();
    visit.press("channel").await?;
    let title = "return document.querySelector('#channelHeaderTitle')?.textContent === 'Design'";
    visit
        .until_in_chat("the chat shows the channel", title)
        .await?;
    visit.until_logged("in", "ref.resolve").await?;
    assert_eq!(driver.windows().await?.len(), windows, "in no other window");
    visit.browser.picture("demo-link.png").await
}
