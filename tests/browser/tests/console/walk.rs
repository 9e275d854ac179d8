//! From a pasted address to a working embedding, and how the page looks on the way.
//!
//! With `NOTIFYMATTERS_PICTURES=<folder>` the walk leaves the pictures of `docs/installing.md` there.

use notifymatters_browser_tests::{Host, Options, Outcome, PICTURES};
use serde_json::json;

use super::page::{Console, GENERAL};

/// Wide enough for both columns.
const WINDOW: (u32, u32) = (900, 860);

/// A telephone.
const NARROW: (u32, u32) = (360, 780);

impl Console {
    /// Takes a picture of the whole page, in a window that is as high as it.
    async fn picture(&self, name: &str) -> Outcome {
        if std::env::var_os(PICTURES).is_none() {
            return Ok(());
        }
        let driver = self.scene.browser.driver();
        let window = driver.get_window_rect().await?;
        let script = "const page = document.scrollingElement;
            return page.scrollHeight + outerHeight - innerHeight";
        let height = self
            .scene
            .here(script)
            .await?
            .as_i64()
            .unwrap_or(window.height);
        let size = |pixels: i64| u32::try_from(pixels).unwrap_or_default();
        self.resize((size(window.width), size(height))).await?;
        self.scene.browser.picture(&format!("{name}.png")).await?;
        self.resize((size(window.width), size(window.height))).await
    }

    /// Presses Enter on what has the focus.
    async fn press_enter(&self) -> Outcome {
        let driver = self.scene.browser.driver();
        driver.active_element().await?.send_keys("\u{e007}").await?;
        Ok(())
    }

    pub(crate) async fn resize(&self, (width, height): (u32, u32)) -> Outcome {
        let driver = self.scene.browser.driver();
        driver.set_window_rect(0, 0, width, height).await?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_pastes_an_address_with_a_path_is_led_to_a_working_embedding() -> Outcome {
    let console = Console::open(&Options {
        trusted_origin: String::new(),
        ..Options::default()
    })
    .await?;
    console.resize(WINDOW).await?;
    let mail = console.mail();
    let pasted = mail.replace("mail.example", "Mail.Example") + "/webapp/";

    console.type_setting(&pasted).await?;
    let path = format!("{pasted} has a path");
    console
        .until_finds(GENERAL, "problem-0", "problem", &[&path, &mail])
        .await?;
    let sentence = format!("{pasted} has a path; an origin has none. Write {mail} instead.");
    assert_eq!(console.save().await?, sentence);
    console.picture("console-refused").await?;

    console.press_in(GENERAL, "problem-0", "button").await?;
    assert_eq!(console.field().await?, mail);
    assert_eq!(console.save().await?, "");
    console
        .until_finds(&mail, "framing", "problem", &[])
        .await?;
    console.until_checked().await?;
    console
        .press_in(&mail, "framing", "button[aria-expanded]")
        .await?;
    console
        .until_granted(&[(&mail, "unread session view")])
        .await?;
    console.picture("console-frame-ancestors").await?;
    console
        .press_in(&mail, "framing", ".nm-change .btn-primary")
        .await?;
    console.until_finds(&mail, "framing", "good", &[]).await?;
    console.until_checked().await?;
    console
        .press_in(GENERAL, "landing-page", "button[aria-expanded]")
        .await?;
    console
        .press_in(GENERAL, "landing-page", ".nm-change .btn-primary")
        .await?;
    console.until_status("Nothing is in the way.").await?;
    console.picture("console-done").await?;
    console.assert_no_errors().await?;

    // And it is true: browsers show the frame, and the host gets what is said there.
    let scene = &console.scene;
    scene.here("return fetch('/api/v4/users/logout', { method: 'POST', headers: { 'X-CSRF-Token': document.cookie.match(/MMCSRF=([^;]*)/)[1] } }).then(() => 1)").await?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    scene.standin.mention("@anna it works")?;
    let shown = scene.until_shown(1).await?;
    assert_eq!(shown[0]["options"]["body"], "@ben: @anna it works");

    // The administrator sees who asked.
    console.log_in("admin").await?;
    console.reload().await?;
    let text = console.text().await?;
    let asked = text.split("Answered\n").nth(1).unwrap_or_default();
    assert!(asked.starts_with(&format!("{mail} once")), "{text}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_speaks_german_to_who_has_a_german_mattermost() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    console.log_in("heike").await?;
    console.reload().await?;
    console.until_status("Noch zu tun: 2.").await?;
    console
        .until_finds(&console.mail(), "framing", "problem", &["weigern sich"])
        .await?;
    let english = console.text().await?;
    for word in ["Problem", "Gut", "Warnung"] {
        assert!(english.contains(word), "{english}");
    }
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_comes_first_and_what_is_good_is_one_line_that_unfolds() -> Outcome {
    let console = Console::start(&Options::default()).await?;
    let site = |name: &str| {
        let host = format!("{name}.example.localhost");
        console.scene.standin.origin(&host)
    };
    let (good, bad) = ([site("a"), site("b")], site("bad"));
    console
        .configure(&json!({ "ServiceSettings": { "EnableDesktopLandingPage": false, "FrameAncestors": good.join(" ") } }))?;
    console
        .scene
        .standin
        .trust(&format!("{} {bad}", good.join(" ")))?;
    console.reload().await?;
    let order = "return [...document.querySelectorAll('.nm-section')].map((group) => group.dataset.testid.replace('embedding-check-', ''))";
    let order = console.scene.here(order).await?;
    let [a, b] = &good;
    assert_eq!(order, json!([bad, GENERAL, a, b, "asked"]));
    let shown = "return [...document.querySelectorAll('.nm-finding')].filter((finding) => finding.checkVisibility({ contentVisibilityAuto: true })).map((finding) => finding.dataset.testid)";
    assert_eq!(console.scene.here(shown).await?, json!(["finding-framing"]));
    console.until_status("Still to do: 1.").await?;
    let line = format!(
        "const line = document.querySelector('details[data-testid=\"embedding-check-{b}\"] > summary'); return line.innerText"
    );
    let line = console.scene.here(&line).await?;
    assert_eq!(line, format!("Pages of {b} Good"));

    // A line unfolds by the keyboard.
    let line =
        format!("document.querySelector('[data-testid=\"embedding-check-{b}\"] summary').focus()");
    console.scene.here(&line).await?;
    console.press_enter().await?;
    let shown = console.scene.here(shown).await?;
    assert_eq!(shown.as_array().map_or(0, Vec::len), 5, "{shown}");

    // And from the status straight to what is to be done.
    console.scene.here("scrollTo(0, 0)").await?;
    console.press(".nm-buttons button:first-child").await?;
    let focused = "return [document.activeElement.dataset.testid, document.activeElement.closest('.nm-section').dataset.testid]";
    assert_eq!(
        console.scene.here(focused).await?,
        json!(["finding-framing", format!("embedding-check-{bad}")])
    );
    console.assert_no_errors().await
}

/// The gap between a title and what it is the title of, as in the settings beside it.
#[tokio::test(flavor = "multi_thread")]
async fn at_600_pixels_the_title_keeps_its_gap() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    console.resize((600, 900)).await?;
    let gaps = "return [...document.querySelectorAll('.form-group')].map((group) =>
        Math.round(group.children[1].getBoundingClientRect().top - group.children[0].getBoundingClientRect().bottom))";
    let gaps = console.scene.here(gaps).await?;
    assert!(gaps[0].as_i64() > Some(2), "{gaps}");
    assert_eq!(gaps, json!([gaps[0], gaps[0], gaps[0]]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn states_have_the_colours_of_mattermosts_theme() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    for (theme, error) in [
        ("", "rgb(210, 75, 78)"),
        ("?theme=dark", "rgb(240, 138, 140)"),
    ] {
        console.visit(theme).await?;
        let colours = "const colour = (level, what, pseudo) => getComputedStyle(document.querySelector(`.nm-${level} .nm-level`), pseudo)[what];
            return [colour('problem', 'color'), colour('problem', 'backgroundColor', '::before'), colour('good', 'backgroundColor', '::before')]";
        let colours = console.scene.here(colours).await?;
        assert_eq!(colours, json!([error, error, "rgb(61, 184, 135)"]));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_fits_a_narrow_window_and_a_dark_theme() -> Outcome {
    let console = Console::open(&Options {
        generation: 9,
        ..Options::default()
    })
    .await?;
    console.resize(NARROW).await?;
    console.visit("?theme=dark").await?;
    console.picture("console-narrow-dark").await?;
    let width =
        "return document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth";
    assert_eq!(console.scene.here(width).await?, 0);
    // Text against what is behind it, in the theme's own colours.
    let colour =
        "return getComputedStyle(document.querySelector('[data-testid=embedding-check] p')).color";
    assert_eq!(console.scene.here(colour).await?, "rgb(227, 228, 232)");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn keyboard_and_screen_reader_find_everything() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    let mail = console.mail();
    // Each control has a name, none takes part in the form, and the whole is one named group.
    let nameless = "return [...document.querySelectorAll('[data-testid=embedding-check] button')]
        .filter((button) => button.type !== 'button' || !(button.getAttribute('aria-label') || button.innerText)).length";
    assert_eq!(console.scene.here(nameless).await?, 0);
    let group = "const group = document.querySelector('[data-testid=embedding-check]').closest('[role=group]');
        return document.getElementById(group.getAttribute('aria-labelledby')).innerText";
    assert_eq!(console.scene.here(group).await?, "Embedding check");

    // The sign beside a level is not read.
    let signs = "return [...new Set([...document.querySelectorAll('.nm-level')].map((level) => getComputedStyle(level, '::before').content.replace(/^\".\"/, '')))]";
    assert_eq!(console.scene.here(signs).await?, json!([" / \"\""]));

    let focused = "return document.activeElement?.innerText";
    let focus = format!(
        "document.querySelector('[data-testid=\"embedding-check-{mail}\"] [data-testid=finding-framing] button').focus()"
    );
    console.scene.here(&focus).await?;
    console.press_enter().await?;
    assert_eq!(console.scene.here(focused).await?, "Apply");
    console.press_enter().await?;
    console
        .until_status("Saved: ServiceSettings.FrameAncestors.")
        .await?;
    assert_eq!(
        console
            .scene
            .here("return document.activeElement.getAttribute('role')")
            .await?,
        "status"
    );
    Ok(())
}
