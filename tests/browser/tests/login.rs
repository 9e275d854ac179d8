//! Users who come and go while the page stays.

use notifymatters_browser_tests::{
    FILL_IN, Host, Options, Outcome, SHORT_WHILE, Scene, WebAssembly, enable, eventually,
};
use serde_json::json;
use thirtyfour::{By, WindowHandle};

async fn scene_without_session() -> Outcome<Scene> {
    let host = Host {
        parameters: "script=none",
        ..Host::TRUSTED
    };
    signed_out(&host, &Options::default()).await
}

async fn signed_out(host: &Host<'_>, options: &Options) -> Outcome<Scene> {
    let scene = Scene::start(options).await?;
    scene.embed(host).await?;
    eventually("the login form is shown in the frame", async || {
        let form = scene
            .in_frame("return document.querySelector('#loginId') !== null")
            .await?;
        Ok((form == true).then_some(()))
    })
    .await?;
    Ok(scene)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_logs_in_after_the_host_gave_up_gets_notifications() -> Outcome {
    let scene = scene_without_session().await?;
    scene
        .in_host(&format!("send({})", enable("granted")))
        .await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert!(
        scene.came_to_host().await?.is_empty(),
        "nobody is logged in yet"
    );

    scene.in_frame(FILL_IN).await?;
    scene.until_ok().await?;
    scene.until_ready().await?;
    scene.standin.mention("@anna welcome")?;
    let sent = scene.until_crossed("in", "notification.new", 1).await?;
    assert_eq!(sent[0]["data"]["options"]["body"], "@ben: @anna welcome");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_logout_nothing_crosses_and_the_next_user_is_served() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    scene.mention_arrives("@anna before", 1).await?;

    let came = scene.came_to_host().await?.len();
    let answered = scene.crossed("in", "ok").await?.len();
    scene
        .in_frame("document.querySelector('#logOut').click()")
        .await?;
    eventually("the browser's own Notification is back", async || {
        Ok(scene.has_own_notification().await?.then_some(()))
    })
    .await?;
    eventually("the form is shown", async || {
        let form = scene
            .in_frame("return document.querySelector('#loginId') !== null")
            .await?;
        Ok((form == true).then_some(()))
    })
    .await?;
    scene.in_host("host.enable()").await?;
    tokio::time::sleep(SHORT_WHILE).await;
    let since: Vec<_> = scene.came_to_host().await?.split_off(came);
    assert!(
        since.len() == 1 && since[0]["type"] == "notifymatters.notification.close",
        "what the first user was shown is closed, and nothing else comes: {since:?}"
    );

    // The host gives up.
    scene.in_host("host.stop()").await?;
    scene.in_frame(&FILL_IN.replace("anna", "ben")).await?;
    scene.until_ready().await?;
    scene.until_crossed("in", "ok", answered + 1).await?;
    let order = json!({ "user": "ben", "from": "anna", "message": "@ben welcome" });
    scene.standin.order("/mention", &order)?;
    let sent = scene.until_crossed("in", "notification.new", 2).await?;
    assert_eq!(sent[1]["data"]["options"]["body"], "@anna: @ben welcome");
    Ok(())
}

/// Waits until what a login page needs is there, which comes after its form.
async fn until_script(scene: &Scene) -> Outcome {
    eventually("the script is there", async || {
        let asked = scene.standin.requests("assets/signin.")?;
        Ok(asked.iter().any(|(_, status)| *status == 200).then_some(()))
    })
    .await?;
    tokio::time::sleep(SHORT_WHILE).await;
    Ok(())
}

/// Turns to the window that opens beside these.
async fn turn_to_new_window(scene: &Scene, old: &[WindowHandle]) -> Outcome {
    let driver = scene.browser.driver();
    let new = eventually("a window opens", async || {
        let all = driver.windows().await?;
        Ok(all.into_iter().find(|window| !old.contains(window)))
    })
    .await?;
    driver.switch_to_window(new).await?;
    Ok(())
}

/// Waits until only these windows are left, and turns to the first.
async fn turn_back(scene: &Scene, old: &[WindowHandle]) -> Outcome {
    let driver = scene.browser.driver();
    eventually("the window is closed", async || {
        Ok((driver.windows().await?.len() == old.len()).then_some(()))
    })
    .await?;
    driver.switch_to_window(old[0].clone()).await?;
    Ok(())
}

/// The provider's page may not be framed. Mattermost 11 would ask a page of its own origin around it; this one is of another, or of the
/// same and has no answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_window_for_single_sign_on_opens_and_the_frame_goes_on_signed_in() -> Outcome {
    for (name, subpath) in [("mail.example.localhost", ""), ("", "/chat")] {
        let host = Host {
            name,
            parameters: "script=none",
            ..Host::TRUSTED
        };
        let options = Options {
            subpath,
            ..Options::default()
        };
        let scene = signed_out(&host, &options).await?;
        scene
            .in_host(&format!("send({})", enable("granted")))
            .await?;
        until_script(&scene).await?;
        let driver = scene.browser.driver();
        let windows = driver.windows().await?;
        scene.press_in_frame("gitlab").await?;
        turn_to_new_window(&scene, &windows).await?;
        let go_on = eventually("the provider's page is there", async || {
            Ok(driver.find(By::Id("continue")).await.ok())
        })
        .await?;
        go_on.click().await?;
        turn_back(&scene, &windows).await?;
        scene.until_ready().await?;
        // The host says it at each load of the frame.
        scene
            .in_host(&format!("send({})", enable("granted")))
            .await?;
        scene.until_ok().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_a_button_of_the_hosts_opens_signs_the_user_in_as_well() -> Outcome {
    let host = Host {
        parameters: "script=embed",
        ..Host::TRUSTED
    };
    let options = Options {
        generation: 9,
        ..Options::default()
    };
    let scene = signed_out(&host, &options).await?;
    scene
        .in_host(
            "import('/notifymatters/dist/requests.js').then(({ signIn }) => {
               const button = Object.assign(document.createElement('button'), { id: 'signIn', textContent: 'Sign in' });
               button.onclick = () => signIn(host).then((answer) => { window.answer = answer; });
               document.body.prepend(button);
             })",
        )
        .await?;
    let driver = scene.browser.driver();
    let windows = driver.windows().await?;
    let button = eventually("the button is there", async || {
        Ok(driver.find(By::Id("signIn")).await.ok())
    })
    .await?;
    button.click().await?;
    turn_to_new_window(&scene, &windows).await?;
    let form = "return document.querySelector('#loginId') !== null";
    eventually("the chat's form is there", async || {
        Ok((scene.here(form).await? == true).then_some(()))
    })
    .await?;
    scene.here(FILL_IN).await?;
    turn_back(&scene, &windows).await?;
    eventually("the page is told", async || {
        Ok((scene.in_host("return window.answer").await? == true).then_some(()))
    })
    .await?;
    assert_eq!(scene.in_host("return host.status").await?, "connected");
    Ok(())
}

/// Firefox keeps the session of a tab from a frame of another site until a click asks for it. The other engines do so only where no
/// driver can set it up.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_a_tab_is_used_in_a_frame_of_another_site_after_a_click() -> Outcome {
    let options = Options {
        https: true,
        trusted_origin: "https://portal.localhost:{port}".into(),
        ..Options::default()
    };
    let host = Host {
        name: "portal.localhost",
        parameters: "script=none",
        ..Host::TRUSTED
    };
    // What the user allows here would count in other tests.
    let scene = Scene::start_fresh(&options, WebAssembly::There).await?;
    scene.log_in().await?;
    // Only what the user has used in a tab may be asked for.
    let driver = scene.browser.driver();
    driver
        .find(By::Id("channel-support"))
        .await?
        .click()
        .await?;
    scene.embed(&host).await?;
    until_script(&scene).await?;
    scene.press_in_frame("loginId").await?;
    scene.until_ready().await?;
    scene
        .in_host(&format!("send({})", enable("granted")))
        .await?;
    scene.until_ok().await?;
    Ok(())
}
