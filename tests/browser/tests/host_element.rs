//! A page that embeds by the host package's element, as somebody who pastes three lines does.

use std::time::Duration;

use notifymatters_browser_tests::{
    FILL_IN, Host, Options, Outcome, Scene, WebAssembly, eventually, eventually_within,
};
use serde_json::{Value, json};
use thirtyfour::WebElement;

/// The package gives the plugin 20 seconds.
const PATIENCE: Duration = Duration::from_secs(40);

const INSIDE: &str = "const inside = (css) => window.element?.shadowRoot?.querySelector(css);";

struct Page {
    scene: Scene,
}

impl Page {
    /// Opens the page without waiting for anything in it.
    async fn open(host: &Host<'_>) -> Outcome<Self> {
        let scene = Scene::start(&Options::default()).await?;
        scene.log_in().await?;
        scene.embed(host).await?;
        Ok(Self { scene })
    }

    /// Runs a script in the page, with `inside(css)` to find what is in the element.
    async fn run(&self, script: &str) -> Outcome<Value> {
        self.scene.in_host(&format!("{INSIDE} {script}")).await
    }

    async fn part(&self, css: &str) -> Outcome<WebElement> {
        let driver = self.scene.browser.driver();
        driver.enter_default_frame().await?;
        eventually(&format!("the element shows {css}"), async || {
            let script = format!("{INSIDE} const found = inside('{css}'); return found?.checkVisibility?.() === false || found?.closest('[hidden]') ? null : found");
            Ok(driver
                .execute(&script, Vec::new())
                .await?
                .element()
                .ok())
        })
        .await
    }

    /// Runs a script in the Mattermost page.
    async fn in_chat(&self, script: &str) -> Outcome<Value> {
        let frame = self.part("iframe").await?;
        frame.enter_frame().await?;
        let answer = self.scene.here(script).await;
        self.scene.browser.driver().enter_default_frame().await?;
        answer
    }

    async fn until_connected(&self) -> Outcome {
        eventually_within(PATIENCE, "the element is connected", async || {
            Ok(
                (self.run("return window.element?.embedding?.status").await? == "connected")
                    .then_some(()),
            )
        })
        .await?;
        eventually("the chat has its WebSocket", async || {
            let connected = self
                .in_chat("return window.standin?.socket.connected")
                .await?;
            Ok((connected == true).then_some(()))
        })
        .await
    }

    async fn until_channel(&self, channel: &str) -> Outcome {
        eventually(&format!("the channel is {channel}"), async || {
            let shown = self
                .in_chat("return document.querySelector('#channelHeaderTitle')?.textContent")
                .await?;
            Ok((shown == channel).then_some(()))
        })
        .await
    }

    async fn until_mentions(&self, count: u32) -> Outcome {
        eventually(&format!("{count} mentions wait"), async || {
            let told = "return window.element.embedding.state.unread?.mentions";
            Ok((self.run(told).await? == count).then_some(()))
        })
        .await
    }

    async fn until_words(&self, css: &str, words: &str) -> Outcome {
        eventually_within(PATIENCE, &format!("{css} says {words}"), async || {
            let text = self
                .run(&format!(
                    "const part = inside('{css}'); return part && !part.hidden ? part.textContent : ''"
                ))
                .await?;
            Ok(text.as_str().is_some_and(|text| text.contains(words)).then_some(()))
        })
        .await
    }
}

fn host(parameters: &str) -> Host<'_> {
    Host {
        parameters,
        ..Host::TRUSTED
    }
}

async fn the_whole_way(script: &str) -> Outcome<Page> {
    let page = Page::open(&host(script)).await?;
    page.until_connected().await?;
    page.scene.mention_is_shown("@anna have a look").await?;
    page.scene.click(0).await?;
    page.until_channel("Design").await?;
    Ok(page)
}

#[tokio::test(flavor = "multi_thread")]
async fn three_lines_embed_a_chat_whose_notifications_are_shown() -> Outcome {
    let page = the_whole_way("script=element").await?;
    let origin = page.scene.standin.origin("chat.example.localhost");
    let allow = [
        "autoplay",
        "clipboard-read",
        "clipboard-write",
        "fullscreen",
        "microphone",
        "camera",
        "display-capture",
    ]
    .map(|name| format!("{name} {origin}"))
    .join("; ");
    assert_eq!(page.run("return inside('iframe').allow").await?, allow);
    assert_eq!(page.run("return inside('iframe').title").await?, "Chat");
    assert_eq!(
        page.run(
            "return window.events.map(({ type }) => type).filter((type) => type !== 'activity')"
        )
        .await?,
        json!(["statuschange", "notification"])
    );
    assert_eq!(
        page.run("return [inside('.bar').hidden, inside('.cover').hidden]")
            .await?,
        json!([true, true])
    );
    page.scene.browser.picture("element.png").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_classic_script_does_the_same() -> Outcome {
    let page = the_whole_way("script=classic").await?;
    let exported = page
        .run("return Object.keys(window.NotifymattersHost).sort()")
        .await?;
    assert_eq!(exported, json!(["MattermostEmbed", "embed"]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_for_react_works_and_leaves_nothing_behind() -> Outcome {
    let page = Page::open(&host("script=react")).await?;
    eventually("React has made it", async || {
        let made = page
            .run("window.element = document.querySelector('mattermost-embed'); return window.element !== null")
            .await?;
        Ok((made == true).then_some(()))
    })
    .await?;
    page.until_connected().await?;
    page.scene.mention_is_shown("@anna have a look").await?;
    assert_eq!(page.run("return window.counted").await?, 1);
    page.scene.click(0).await?;
    page.until_channel("Design").await?;
    let after = "root.unmount();
        return new Promise((done) => setTimeout(() => done([element.embedding === undefined, document.querySelector('iframe') === null]), 100))";
    assert_eq!(page.run(after).await?, json!([true, true]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_permission_is_default_a_button_asks_for_it() -> Outcome {
    let page = Page::open(&host("script=element&permission=default&answer=granted")).await?;
    page.until_connected().await?;
    page.scene.browser.picture("allow.png").await?;
    let button = page.part(".bar .main").await?;
    assert_eq!(button.text().await?, "Allow notifications");
    button.click().await?;
    page.scene.mention_is_shown("@anna have a look").await?;
    assert_eq!(
        page.run("return [window.asked, inside('.bar').hidden]")
            .await?,
        json!([1, true])
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dot_in_the_title_tells_of_a_notification_and_the_element_of_what_waits() -> Outcome {
    let attributes = r#"script=element&attributes={"badge":"","want":"unread"}"#;
    let page = Page::open(&host(attributes)).await?;
    page.until_connected().await?;
    page.scene.mention_is_shown("@anna have a look").await?;
    assert_eq!(page.run("return document.title").await?, "● Host");
    page.until_mentions(1).await?;
    page.scene.click(0).await?;
    assert_eq!(page.run("return document.title").await?, "Host");
    page.until_mentions(0).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_does_not_answer_stays_in_sight_below_a_word_of_what_to_do() -> Outcome {
    let page = Page::open(&Host {
        parameters: "script=element",
        ..Host::STRANGER
    })
    .await?;
    page.until_words(".bar", "No notifications from the chat yet")
        .await?;
    page.scene.browser.picture("no-answer.png").await?;
    assert_eq!(page.run("return inside('.cover').hidden").await?, true);
    page.run("inside('.bar .bare').click()").await?;
    assert_eq!(page.run("return inside('.bar').hidden").await?, true);
    let port = page.scene.standin.port;
    page.scene
        .standin
        .trust(&format!("http://stranger.example.localhost:{port}"))?;
    page.until_connected().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_in_the_readers_language() -> Outcome {
    let page = Page::open(&host("script=element")).await?;
    page.until_connected().await?;
    let words = [
        (
            "chat.example.com",
            "en",
            "The address of the chat is not valid",
        ),
        ("", "de", "Die Adresse des Chats ist ungültig"),
        ("http://", "en", "The address of the chat is not valid"),
    ];
    for (src, lang, text) in words {
        page.run(&format!(
            "element.lang = '{lang}'; element.setAttribute('src', '{src}')"
        ))
        .await?;
        page.until_words(".cover", text).await?;
        assert_eq!(
            page.run("return inside('.cover button')").await?,
            Value::Null
        );
    }
    // A port that nobody listens on. (WebKit makes no frame at all for the ports that browsers refuse.)
    let port = std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port();
    let down = format!(
        "element.lang = 'de'; element.setAttribute('src', 'http://chat.example.localhost:{port}/')"
    );
    page.run(&down).await?;
    page.until_words(".bar", "Der Chat ist nicht erreichbar")
        .await?;
    page.until_words(".bar .main", "Erneut versuchen").await?;
    page.scene.browser.picture("unreachable.png").await?;
    let site = page.scene.standin.site();
    page.run(&format!("element.setAttribute('src', '{site}')"))
        .await?;
    page.until_connected().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_of_the_page_that_forbids_the_chat_is_named() -> Outcome {
    let page = Page::open(&host("script=element&policy=frame-src 'none'")).await?;
    page.until_words(".cover", "frame-src").await?;
    page.scene.browser.picture("forbidden.png").await?;
    let codes =
        "return window.events.filter(({ type }) => type === 'error').map(({ code }) => code)";
    assert_eq!(page.run(codes).await?, json!(["forbidden"]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_by_its_attribute_it_still_notifies_of_the_open_channel() -> Outcome {
    let page = Page::open(&host("script=element")).await?;
    page.until_connected().await?;
    page.part("iframe").await?.click().await?;
    page.run("element.hidden = true").await?;
    page.scene.standin.order(
        "/mention",
        &json!({ "message": "@anna are you there?", "channel": "town-square" }),
    )?;
    page.scene.until_shown(1).await?;
    Ok(())
}

/// In browsers that let a frame of another site have cookies: `engine.rs` asks Chromium for it, Firefox keeps them by itself.
#[tokio::test(flavor = "multi_thread")]
async fn who_logs_in_in_a_page_of_another_site_stays_logged_in() -> Outcome {
    let options = Options {
        https: true,
        subpath: "/chat",
        trusted_origin: "https://portal.localhost:{port}".into(),
        ..Options::default()
    };
    let elsewhere = Host {
        name: "portal.localhost",
        ..host("script=element")
    };
    // Its cookies would be other tests', too.
    let scene = Scene::start_fresh(&options, WebAssembly::There).await?;
    scene.embed(&elsewhere).await?;
    let page = Page { scene };
    let ready =
        "return document.querySelector('#loginId') !== null && document.cookie === 'MMEMBED=1'";
    eventually("the form is shown, and the cookie is there", async || {
        Ok((page.in_chat(ready).await? == true).then_some(()))
    })
    .await?;
    page.in_chat(FILL_IN).await?;
    page.until_connected().await?;

    page.scene.browser.driver().refresh().await?;
    page.until_connected().await?;
    page.scene.mention_is_shown("@anna have a look").await?;

    // A page that embeds with a frame of its own begins there itself.
    let Scene {
        browser, standin, ..
    } = &page.scene;
    let src = standin.site() + "plugins/notifymatters/embed?to=/team/channels/support";
    let host = standin.origin(elsewhere.name);
    let address = format!("{host}/host.html?src={src}");
    browser.driver().goto(address).await?;
    page.scene.until_ok().await?;
    let asked = standin.requests("/chat/")?;
    assert!(asked.contains(&("/chat/team/channels/support".to_owned(), 200)));
    Ok(())
}
