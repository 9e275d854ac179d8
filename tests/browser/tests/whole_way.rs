//! The whole way: somebody is mentioned, the host's page gets the notification, the click comes back.

use notifymatters_browser_tests::{Host, Options, Outcome, Scene, eventually};
use serde_json::json;

/// An empty module: eight bytes of magic and version.
const COMPILE: &str = "return window.WebAssembly.instantiate(new window.Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => 'compiled', (error) => error.name)";

/// From the host's `enable` to the channel that the click opens.
async fn the_whole_way(options: Options, host: Host<'_>) -> Outcome {
    let subpath = options.subpath;
    let scene = Scene::start(&options).await?;
    scene.open(&host).await?;

    // A page without Mattermost's policy would prove nothing.
    assert_eq!(
        scene.in_frame(COMPILE).await?,
        "CompileError",
        "the page itself must refuse WebAssembly"
    );

    let ok = scene.until_ok().await?;
    assert_eq!(ok["notifymatters"], "20171130");
    scene.came_its_way()?;

    scene.standin.mention("@anna have you seen this?")?;
    let shown = scene.until_shown(1).await?;
    assert_eq!(shown[0]["title"], "Design");
    assert_eq!(
        shown[0]["options"]["body"],
        "@ben: @anna have you seen this?"
    );
    let icon = format!(
        "{}{subpath}/static/icon50x50.png",
        scene.standin.origin("chat.example.localhost")
    );
    assert_eq!(shown[0]["options"]["icon"], json!(icon));

    assert_eq!(scene.channel().await?, "Town Square");
    scene.click(0).await?;
    eventually("the click opens the channel", async || {
        Ok((scene.channel().await? == "Design").then_some(()))
    })
    .await?;

    let errors = scene.in_frame("return window.standin.errors").await?;
    assert_eq!(errors, json!([]), "the Mattermost page saw no error");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_host_gets_the_notification_and_the_click_comes_back() -> Outcome {
    the_whole_way(Options::default(), Host::TRUSTED).await
}

#[tokio::test(flavor = "multi_thread")]
async fn mattermost_10_initializes_plugins_after_the_script_has_loaded() -> Outcome {
    the_whole_way(
        Options {
            generation: 10,
            ..Options::default()
        },
        Host::TRUSTED,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn mattermost_9_asks_for_the_permission_before_every_notification() -> Outcome {
    the_whole_way(
        Options {
            generation: 9,
            ..Options::default()
        },
        Host::TRUSTED,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mattermost_below_a_subpath_of_its_own_host() -> Outcome {
    the_whole_way(
        Options {
            subpath: "/chat",
            ..Options::default()
        },
        Host::TRUSTED,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mattermost_below_a_subpath_of_the_host_pages_own_origin() -> Outcome {
    let options = Options {
        subpath: "/chat",
        trusted_origin: String::new(),
        ..Options::default()
    };
    the_whole_way(
        options,
        Host {
            name: "",
            ..Host::TRUSTED
        },
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_crosses_to_an_untrusted_host() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&Host::STRANGER).await?;
    scene.until_crossed("out", "enable", 5).await?;
    scene
        .mention_is_read("@anna this is for your eyes only")
        .await?;
    assert_eq!(scene.came_to_host().await?, Vec::<serde_json::Value>::new());
    assert_eq!(scene.shown().await?, Vec::<serde_json::Value>::new());
    Ok(())
}

/// Keeps the assertion in [`the_whole_way`] honest: it would fail under another policy.
#[tokio::test(flavor = "multi_thread")]
async fn it_is_mattermosts_policy_that_refuses_webassembly_on_the_page() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    let loose = "'self' 'wasm-unsafe-eval'";
    scene.standin.order(
        "/policy",
        &json!({ "script_src": loose, "meta_script_src": loose }),
    )?;
    scene.open(&Host::TRUSTED).await?;
    assert_eq!(scene.in_frame(COMPILE).await?, "compiled");

    for one in ["script_src", "meta_script_src"] {
        let mut policy = json!({ "script_src": loose, "meta_script_src": loose });
        policy[one] = json!("'self'");
        scene.standin.order("/policy", &policy)?;
        scene.open(&Host::TRUSTED).await?;
        assert_eq!(
            scene.in_frame(COMPILE).await?,
            "CompileError",
            "{one} alone refuses it too"
        );
    }
    Ok(())
}
