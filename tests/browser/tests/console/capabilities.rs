//! The table of capabilities: what an administrator ticks is what a trusted page may know and do.

use std::path::Path;

use notifymatters_browser_tests::{Options, Outcome, PICTURES, eventually};
use serde_json::{Value, json};

use super::page::Console;

/// The setting's id, which is its path in the configuration.
pub(crate) const CAPABILITIES: &str = "PluginSettings.Plugins.notifymatters.capabilities";

/// A window for the table, and a telephone's, both high enough for a picture of the whole setting.
const WINDOW: (u32, u32) = (900, 1400);
const NARROW: (u32, u32) = (360, 1400);

/// Changes between the table and the text.
const TOGGLE: &str = "[data-testid=capabilities] .nm-grants > button";

const STRUCK: &str = "https://struck.example.com";

impl Console {
    /// Waits until the table shows these rows: an origin, and what is ticked in its row.
    pub(crate) async fn until_granted(&self, rows: &[(&str, &str)]) -> Outcome {
        let script = "return [...document.querySelectorAll('[data-testid=capabilities] tbody tr')].map((row) => [
            row.dataset.testid.replace('capabilities-', ''),
            [...row.querySelectorAll(':checked')].map((box) => box.dataset.capability).join(' '),
          ])";
        eventually(&format!("the table shows {rows:?}"), async || {
            Ok((self.scene.here(script).await? == json!(rows)).then_some(()))
        })
        .await
    }

    /// Ticks a checkbox, or takes its tick away.
    async fn tick(&self, origin: &str, capability: &str) -> Outcome {
        let row = format!("[data-testid='capabilities-{origin}']");
        self.press(&format!("{row} [data-capability='{capability}']"))
            .await
    }

    /// Takes a picture of the setting, if pictures are wanted.
    async fn picture_of_the_table(&self, name: &str) -> Outcome {
        if let Some(folder) = std::env::var_os(PICTURES) {
            let setting = self.element("[data-testid=capabilities]").await?;
            let file = Path::new(&folder).join(format!("{name}.png"));
            setting.screenshot(&file).await?;
        }
        Ok(())
    }

    /// The setting as Mattermost has stored it.
    async fn stored_capabilities(&self) -> Outcome<Value> {
        let configuration = self.configuration().await?;
        let stored = &configuration["PluginSettings"]["Plugins"]["notifymatters"]["capabilities"];
        Ok(serde_json::from_str(stored.as_str().unwrap_or_default()).unwrap_or_default())
    }

    /// Waits until the page's text about the setting holds these words.
    async fn until_says(&self, words: &str) -> Outcome {
        let script = "return document.querySelector('[data-testid=capabilities]').innerText";
        eventually(&format!("the setting says {words:?}"), async || {
            let text = self.scene.here(script).await?;
            Ok(text
                .as_str()
                .is_some_and(|text| text.contains(words))
                .then_some(()))
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ticked_for_an_origin_is_granted_to_its_pages_once_it_is_saved() -> Outcome {
    let console = Console::start(&Options {
        generation: 9,
        ..Options::default()
    })
    .await?;
    let mail = console.mail();
    let default = "unread session view";
    let stored =
        json!({ "trustedorigin": mail, "capabilities": format!("{{\"{STRUCK}\": [\"go\"]}}") });
    console.scene.standin.order("/settings", &stored)?;
    console.resize(WINDOW).await?;
    console.reload().await?;
    console
        .until_granted(&[(&mail, default), (STRUCK, "go")])
        .await?;
    console.until_says("not a trusted origin").await?;

    // An origin that is typed has its row before it is saved.
    let new = "https://new.example.com";
    console.type_setting(&format!("{mail} {new}")).await?;
    console
        .until_granted(&[(&mail, default), (new, default), (STRUCK, "go")])
        .await?;
    console.tick(&mail, "go").await?;
    console.tick(&mail, "session").await?;
    console.tick(new, "view").await?;
    console
        .press(&format!("[data-testid='capabilities-{STRUCK}'] button"))
        .await?;
    let granted = [(&*mail, "unread view go"), (new, "unread session")];
    console.until_granted(&granted).await?;
    console.picture_of_the_table("console-capabilities").await?;
    assert_eq!(console.save().await?, "");
    let wanted = json!({
        &mail: ["unread", "view", "go"],
        new: ["unread", "session"],
    });
    assert_eq!(console.stored_capabilities().await?, wanted);
    console.until_granted(&granted).await?;
    let endpoint = format!(
        "return fetch('{}plugins/notifymatters/api/v1/config').then((answer) => answer.json()).then((answer) => answer.capabilities)",
        console.scene.standin.site()
    );
    eventually("the pages are told", async || {
        Ok((console.scene.here(&endpoint).await? == wanted).then_some(()))
    })
    .await?;

    // As text, with a slip of the pen: no table, and no Save.
    console.press(TOGGLE).await?;
    let text = format!("[id='{CAPABILITIES}-text']");
    console
        .type_into(&text, "{\"https://new.example.com\" []}")
        .await?;
    console.until_says("cannot be shown as a table").await?;
    let refused = console.save().await?;
    assert!(refused.contains("line 1 column 28"), "{refused}");
    assert_eq!(console.stored_capabilities().await?, wanted);
    console
        .type_into(&text, "{\"https://new.example.com\": []}")
        .await?;
    console.press(TOGGLE).await?;
    console
        .until_granted(&[(&mail, default), (new, "")])
        .await?;
    assert_eq!(console.save().await?, "");
    assert_eq!(console.stored_capabilities().await?, json!({ new: [] }));

    // What was stored by hand and cannot be read is there to be corrected, and stays text meanwhile.
    let stored = json!({ "trustedorigin": mail, "capabilities": "{" });
    console.scene.standin.order("/settings", &stored)?;
    console.reload().await?;
    console.until_says("cannot be shown as a table").await?;
    console.type_into(&text, "{}").await?;
    console.press(TOGGLE).await?;
    console.until_granted(&[(&mail, default)]).await?;
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_is_for_keyboard_and_screen_reader_and_fits_a_narrow_window() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    let mail = console.mail();
    let default = "unread session view";
    console.until_granted(&[(&mail, default)]).await?;
    // What a screen reader says of a checkbox, and of the table around it.
    let named = "const said = (box, by) => box.getAttribute(by).split(' ').map((id) => document.getElementById(id).textContent).join(' ');
        const table = document.querySelector('[data-testid=capabilities] table');
        return [said(table, 'aria-labelledby'), ...[...table.querySelectorAll('[type=checkbox]')].slice(2, 4)
          .flatMap((box) => [said(box, 'aria-labelledby'), said(box, 'aria-describedby').slice(0, 20)])]";
    let wanted = json!([
        "Capabilities",
        format!("view {mail}"),
        "Says that the chat i",
        format!("status {mail}"),
        "Knows whether the us",
    ]);
    assert_eq!(console.scene.here(named).await?, wanted);
    let roles = "return ['table', 'row', 'columnheader', 'rowheader', 'cell'].map((role) => document.querySelectorAll(`[data-testid=capabilities] [role=${role}]`).length)";
    assert_eq!(console.scene.here(roles).await?, json!([1, 2, 8, 1, 7]));

    let focus = "document.querySelector('[data-testid=capabilities] [data-capability=go]').focus()";
    console.scene.here(focus).await?;
    let driver = console.scene.browser.driver();
    driver.active_element().await?.send_keys(" ").await?;
    console
        .until_granted(&[(&mail, "unread session view go")])
        .await?;
    assert_eq!(console.save().await?, "");
    assert_eq!(
        console.stored_capabilities().await?,
        json!({ &mail: ["unread", "session", "view", "go"] })
    );

    // In German: wide and dark, then as narrow as a telephone.
    console.log_in("heike").await?;
    console.resize(WINDOW).await?;
    console.visit("?theme=dark").await?;
    console.until_says("Öffnet im Chat Kanäle").await?;
    console
        .picture_of_the_table("console-capabilities-dark")
        .await?;
    console.resize(NARROW).await?;
    console.visit("?theme=dark").await?;
    console
        .until_granted(&[(&mail, "unread session view go")])
        .await?;
    console.until_says("Öffnet im Chat Kanäle").await?;
    console
        .picture_of_the_table("console-capabilities-narrow-dark")
        .await?;
    let width =
        "return document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth";
    assert_eq!(console.scene.here(width).await?, 0);
    console.assert_no_errors().await
}
