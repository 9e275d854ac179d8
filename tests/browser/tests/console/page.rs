//! The System Console's page of this plugin, as an administrator uses it.

use anyhow::Context;
use notifymatters_browser_tests::{Options, Outcome, Scene, eventually};
use serde_json::{Value, json};
use thirtyfour::{By, WebElement};

/// The field of the setting; its id is the path in the configuration.
const FIELD: &str = "PluginSettings.Plugins.notifymatters.trustedorigin";

const DIAGNOSTICS: &str = "/plugins/notifymatters/api/v1/diagnostics";

/// The group of findings about Mattermost itself; all others are named by their origin.
pub(crate) const GENERAL: &str = "general";

/// An open System Console.
pub(crate) struct Console {
    pub(crate) scene: Scene,
}

impl Console {
    /// Opens the page as the administrator `admin`, on a Mattermost whose page lets in whom
    /// `ServiceSettings.FrameAncestors` names, as Mattermost's own does.
    pub(crate) async fn open(options: &Options) -> Outcome<Self> {
        let console = Self::start(options).await?;
        console.reload().await?;
        Ok(console)
    }

    /// [`Console::open`] without opening the page.
    pub(crate) async fn start(options: &Options) -> Outcome<Self> {
        let scene = Scene::start(options).await?;
        let policy = json!({ "frame_ancestors": "'self' {setting}" });
        scene.standin.order("/policy", &policy)?;
        let console = Self { scene };
        console.log_in("admin").await?;
        Ok(console)
    }

    /// The origin of the trusted host page.
    pub(crate) fn mail(&self) -> String {
        self.scene.standin.origin("mail.example.localhost")
    }

    /// The origin of the Mattermost.
    pub(crate) fn chat(&self) -> String {
        self.scene.standin.origin("chat.example.localhost")
    }

    /// Gives the browser a session of somebody's.
    pub(crate) async fn log_in(&self, name: &str) -> Outcome {
        let driver = self.scene.browser.driver();
        driver.goto(self.scene.standin.site()).await?;
        let script = format!(
            "return fetch('api/v4/users/login', {{
               method: 'POST',
               body: JSON.stringify({{ login_id: '{name}', password: 'standin' }}),
             }}).then((response) => response.status)"
        );
        // The page goes to its own address as soon as it is drawn, which is one folder deeper.
        let script = script.replace("'api", &format!("'{}api", self.scene.standin.site()));
        assert_eq!(self.scene.here(&script).await?, 200);
        Ok(())
    }

    /// Loads the page, with the given query, and waits for the check.
    pub(crate) async fn visit(&self, query: &str) -> Outcome {
        self.go(query).await?;
        self.until_checked().await
    }

    /// Loads the page, with the given query.
    pub(crate) async fn go(&self, query: &str) -> Outcome {
        let site = self.scene.standin.site();
        let address = format!("{site}admin_console/plugins/plugin_notifymatters{query}");
        self.scene.browser.driver().goto(address).await?;
        Ok(())
    }

    /// Loads the page again and waits for the check.
    pub(crate) async fn reload(&self) -> Outcome {
        self.visit("").await
    }

    /// Waits until the check has a result.
    pub(crate) async fn until_checked(&self) -> Outcome {
        eventually("the embedding check is done", async || {
            let busy = "return document.querySelector('[data-testid=embedding-check]')?.getAttribute('aria-busy')";
            Ok((self.scene.here(busy).await? == "false").then_some(()))
        })
        .await
    }

    /// Presses "Check again".
    pub(crate) async fn check_again(&self) -> Outcome {
        self.until_checked().await?;
        self.press(".nm-buttons button:last-child").await?;
        self.until_checked().await
    }

    /// Waits until a finding is of that level and says all of these words, folded away or not.
    pub(crate) async fn until_finds(
        &self,
        group: &str,
        id: &str,
        level: &str,
        words: &[&str],
    ) -> Outcome {
        let script = format!(
            "const found = document.querySelector('[data-testid=\"embedding-check-{group}\"] [data-testid=\"finding-{id}\"]');
             return found && [found.dataset.level, found.textContent]"
        );
        let found = eventually(&format!("a finding {id} of {group}"), async || {
            let found = self.scene.here(&script).await?;
            let text = found[1].as_str().unwrap_or_default();
            let as_wanted = found[0] == level && words.iter().all(|word| text.contains(word));
            Ok(as_wanted.then_some(()))
        })
        .await;
        let shown = self.text().await?;
        found.with_context(|| format!("wanted {level}: {words:?}; the check shows:\n{shown}"))
    }

    /// Waits until the status says these words.
    pub(crate) async fn until_status(&self, words: &str) -> Outcome {
        let script =
            "return document.querySelector('[data-testid=embedding-check-status]').innerText";
        eventually(&format!("the status says {words:?}"), async || {
            let status = self.scene.here(script).await?;
            Ok(status
                .as_str()
                .is_some_and(|status| status.contains(words))
                .then_some(()))
        })
        .await
        .with_context(|| "the check's status")
    }

    /// Everything that the check shows.
    pub(crate) async fn text(&self) -> Outcome<String> {
        let script = "return document.querySelector('[data-testid=embedding-check]').innerText";
        let text = self.scene.here(script).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Presses a button as a user does: it must be on screen and not covered.
    pub(crate) async fn press(&self, selector: &str) -> Outcome {
        let button = self.element(selector).await?;
        button.scroll_into_view().await?;
        button.click().await?;
        Ok(())
    }

    /// Presses a button of a finding.
    pub(crate) async fn press_in(&self, group: &str, id: &str, button: &str) -> Outcome {
        self.press(&format!(
            "[data-testid='embedding-check-{group}'] [data-testid='finding-{id}'] {button}"
        ))
        .await
    }

    pub(crate) async fn element(&self, selector: &str) -> Outcome<WebElement> {
        eventually(&format!("{selector} is there"), async || {
            let driver = self.scene.browser.driver();
            Ok(driver.find_all(By::Css(selector)).await?.into_iter().next())
        })
        .await
    }

    /// Replaces what stands in the field of the trusted origins, key by key.
    pub(crate) async fn type_setting(&self, text: &str) -> Outcome {
        self.type_into(&format!("[id='{FIELD}']"), text).await
    }

    /// Replaces what stands in a field, key by key.
    pub(crate) async fn type_into(&self, selector: &str, text: &str) -> Outcome {
        let field = self.element(selector).await?;
        field.clear().await?;
        field.send_keys(text).await?;
        Ok(())
    }

    /// What stands in the field.
    pub(crate) async fn field(&self) -> Outcome<String> {
        let script = format!("return document.getElementById('{FIELD}').value");
        let value = self.scene.here(&script).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Presses Save and waits for the answer: `""`, or why Mattermost refused.
    pub(crate) async fn save(&self) -> Outcome<String> {
        self.press("#saveSetting").await?;
        eventually("the save is answered", async || {
            let script = "const button = document.querySelector('#saveSetting');
               const error = document.querySelector('[data-testid=errorMessage]').innerText;
               return (button.disabled ? button.innerText === 'Save' : error !== '') ? error : null";
            Ok(self.scene.here(script).await?.as_str().map(str::to_owned))
        })
        .await
    }

    /// Mattermost's configuration as the server has it.
    pub(crate) async fn configuration(&self) -> Outcome<Value> {
        let site = self.scene.standin.site();
        let script = format!("return fetch('{site}api/v4/config').then((answer) => answer.text())");
        let text = self.scene.here(&script).await?;
        Ok(serde_json::from_str(text.as_str().unwrap_or_default())?)
    }

    /// Changes the configuration behind the page's back.
    pub(crate) fn configure(&self, patch: &Value) -> Outcome {
        self.scene.standin.order("/config", patch)
    }

    /// Answers the check in place of the server part.
    pub(crate) fn answer_diagnostics(&self, status: u16, body: &str) -> Outcome {
        let fault = json!([{ "path": DIAGNOSTICS, "status": status, "body": body, "content_type": "application/json" }]);
        self.scene.standin.order("/fault", &fault)
    }

    /// The page has seen no error that nobody caught.
    pub(crate) async fn assert_no_errors(&self) -> Outcome {
        let errors = self.scene.here("return window.standin.errors").await?;
        assert_eq!(errors, json!([]));
        Ok(())
    }
}
