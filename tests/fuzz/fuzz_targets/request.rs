//! Any method, URL and headers in `ServeHTTP`: each request is answered, and nothing panics.
#![no_main]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use go_plugin::host::Host;
use go_plugin::{Empty, serve_connection};
use gob::{BString, Gob};
use libfuzzer_sys::fuzz_target;
use mattermost_plugin::{Api, NotFound, Plugin, served};
use tokio::io::duplex;

struct Silent;

#[mattermost_plugin::hooks]
impl Plugin for Silent {
    fn router(self: Arc<Self>, _: Api) -> NotFound {
        NotFound
    }
}

#[derive(Default, Gob)]
#[gob(opaque)]
struct Url(Vec<u8>);

impl gob::Opaque for Url {
    const KIND: gob::OpaqueKind = gob::OpaqueKind::BinaryMarshaler;
    const NAME: &'static str = "URL";

    fn zero() -> Self {
        Self::default()
    }

    fn to_bytes(&self) -> gob::Result<Cow<'_, [u8]>> {
        Ok((&self.0).into())
    }

    fn from_bytes(bytes: &[u8]) -> gob::Result<Self> {
        Ok(Self(bytes.to_vec()))
    }
}

#[derive(Default, Gob)]
struct Request {
    method: BString,
    #[gob(name = "URL")]
    url: Option<Url>,
    header: BTreeMap<BString, Vec<BString>>,
    host: BString,
    #[gob(name = "RequestURI")]
    request_uri: BString,
}

#[derive(Default, Gob)]
struct Context {
    user_agent: BString,
}

#[derive(Default, Gob)]
struct Arguments {
    response_writer_stream: u32,
    request: Option<Request>,
    context: Option<Context>,
}

#[derive(Default, Gob)]
struct Activate {
    #[gob(name = "APIMuxId")]
    api: u32,
}

#[derive(Default, Gob)]
struct Activated {}

fn arguments(response_writer_stream: u32, input: &[u8]) -> Arguments {
    let mut parts = input.split(|byte| *byte == 0);
    let mut next = || BString::from(parts.next().unwrap_or_default());
    let request = Request {
        method: next(),
        url: Some(Url(next().into())),
        host: next(),
        header: BTreeMap::from([(next(), vec![next()]), ("Content-Length".into(), vec![next()])]),
        request_uri: next(),
    };
    let context = Some(Context { user_agent: next() });
    Arguments { response_writer_stream, request: Some(request), context }
}

fuzz_target!(|input: &[u8]| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let limit = Duration::from_secs(60);
        let (ours, theirs) = duplex(1 << 20);
        tokio::spawn(serve_connection(theirs, served(Silent)));
        let mut host = Host::connect(ours).await.unwrap();
        let hooks = host.dispense("hooks").await.unwrap();
        let api = host.broker().next_id();
        tokio::spawn(host.serve(api, drop));
        let Activated {} = hooks.call("Plugin.OnActivate", &Activate { api }, limit).await.unwrap();
        let id = host.broker().next_id();
        tokio::spawn(host.serve(id, |call| match call.method() {
            "Plugin.Header" => call.reply(&BTreeMap::<String, Vec<BString>>::new()),
            _ => call.reply(&Empty {}),
        }));
        let arguments = arguments(id, input);
        // An error is an answer too; silence would be none.
        if let Err(go_plugin::Error::CallTimeout { .. }) = hooks.call::<_, Empty>("Plugin.ServeHTTP", &arguments, limit).await {
            panic!("a request was not answered");
        }
        host.ping().await.unwrap();
    });
});
