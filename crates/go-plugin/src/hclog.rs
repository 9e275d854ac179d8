//! `tracing` events as the JSON lines of hashicorp's hclog on standard error, where every host keeps level and fields.
//!
//! The host reads a plugin's real standard error for as long as the process exists, so nothing is lost before the plugin
//! is active or after it has failed. It logs lines that are not hclog's JSON as debug messages.

use std::fmt::{self, Debug};
use std::io::Write;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

/// The longest line, in bytes. The host reads lines through a buffer of 64 KiB (`PluginLogBufferSize`, go-plugin 1.8),
/// and treats a longer line as plain text.
const MAX_LINE: usize = 60 * 1024;

/// The longest text of a field, in bytes: a message may quote what a peer sent, but must not fill the host's log.
const MAX_TEXT: usize = 8 * 1024;

/// Sends events of level debug and above to the host's log, which has levels of its own, and panics as errors. With the
/// feature `log`, so is what libraries log with the crate `log`.
///
/// # Errors
/// When the process has a `tracing` subscriber already.
pub fn install() -> Result<(), TryInitError> {
    tracing_subscriber::registry()
        .with(LevelFilter::DEBUG)
        .with(HclogLayer::new(std::io::stderr))
        .try_init()?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let payload = panic.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let text = text.unwrap_or("its message is not a text");
        tracing::error!(place, "the plugin's code panicked: {text}");
    }));
    Ok(())
}

/// A `tracing` layer that writes hclog's JSON, one line and one `write` for each event.
#[derive(Debug)]
pub struct HclogLayer<M> {
    make_writer: M,
}

impl<M, W> HclogLayer<M>
where
    M: Fn() -> W,
    W: Write,
{
    /// A layer that writes each event to what `make_writer` returns.
    pub fn new(make_writer: M) -> Self {
        Self { make_writer }
    }
}

/// The fields of a span, kept until it closes.
struct SpanFields(Map<String, Value>);

impl<S, M, W> Layer<S> for HclogLayer<M>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    M: Fn() -> W + 'static,
    W: Write,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(SpanFields(fields.0));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let Some(span) = context.span(id)
            && let Some(SpanFields(known)) = span.extensions_mut().get_mut()
        {
            known.extend(fields.0);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context
            .event_scope(event)
            .into_iter()
            .flat_map(|scope| scope.from_root())
        {
            if let Some(SpanFields(known)) = span.extensions().get() {
                fields.0.extend(known.clone());
            }
        }
        event.record(&mut fields);
        #[cfg(feature = "log")]
        let target = target_of_log(&mut fields.0);
        #[cfg(not(feature = "log"))]
        let target: Option<String> = None;
        let target = target.as_deref();
        let line = line(
            *event.metadata().level(),
            target.unwrap_or_else(|| event.metadata().target()),
            fields.0,
        );
        // There is nowhere to report that the log itself has failed.
        drop((self.make_writer)().write_all(&line));
    }
}

/// The target of a record of the crate `log`, which `tracing-log` hands on as a field; its place in the source is left out.
#[cfg(feature = "log")]
fn target_of_log(fields: &mut Map<String, Value>) -> Option<String> {
    let target = fields.remove("log.target")?;
    for place in ["log.module_path", "log.file", "log.line"] {
        fields.remove(place);
    }
    target.as_str().map(str::to_owned)
}

fn line(level: Level, target: &str, mut fields: Map<String, Value>) -> Vec<u8> {
    // The host expects the message to be a string.
    let message = match fields.remove("message") {
        Some(Value::String(text)) => text,
        Some(other) => serde_json::to_string(&other).unwrap_or_default(),
        None => String::new(),
    };
    let mut timestamp = String::new();
    let _ = SystemTime.format_time(&mut Writer::new(&mut timestamp));
    let mut head = Map::new();
    head.insert("@level".into(), level_name(level).into());
    head.insert("@message".into(), message.into());
    head.insert("@module".into(), target.into());
    head.insert("@timestamp".into(), timestamp.into());
    fields.extend(head.clone());
    let mut bytes = json(&fields);
    if bytes.len() > MAX_LINE {
        head.insert("fields_omitted".into(), "the line was too long".into());
        bytes = json(&head);
    }
    bytes.push(b'\n');
    bytes
}

/// Written into a vector, as whatever else a plugin writes as JSON: its `Display` would be the same code once more.
fn json(fields: &Map<String, Value>) -> Vec<u8> {
    serde_json::to_vec(fields).unwrap_or_default()
}

/// The names that hclog's `LevelFromString` knows.
fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn insert(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert(field, shortened(value));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.insert(field, shortened(&value.to_string()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.insert(field, shortened(&format!("{value:?}")));
    }
}

fn shortened(text: &str) -> String {
    if text.len() <= MAX_TEXT {
        return text.to_owned();
    }
    let mut cut = MAX_TEXT;
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}… ({} bytes)", &text[..cut], text.len())
}

impl Debug for SpanFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(f: impl FnOnce()) -> Vec<Map<String, Value>> {
        let sink = Sink::default();
        let writer = sink.clone();
        let layer = HclogLayer::new(move || writer.clone());
        let subscriber = tracing_subscriber::registry().with(layer).set_default();
        f();
        drop(subscriber);
        let bytes = sink.0.lock().unwrap();
        let lines = bytes.split_inclusive(|byte| *byte == b'\n');
        lines
            .map(|line| {
                assert!(line.len() <= MAX_LINE && line.ends_with(b"\n"));
                serde_json::from_slice(line).unwrap()
            })
            .collect()
    }

    #[test]
    fn level_message_and_typed_fields_are_kept() {
        let lines =
            logged(|| tracing::warn!(attempts = 3, cold = true, user = "ada", "try {}", "again"));
        let line = &lines[0];
        assert_eq!(line["@level"], "warn");
        assert_eq!(line["@message"], "try again");
        assert_eq!(line["attempts"], 3);
        assert_eq!(line["cold"], true);
        assert_eq!(line["user"], "ada");
    }

    #[cfg(feature = "log")]
    #[test]
    fn what_libraries_log_without_tracing_arrives_as_well() {
        let lines = logged(|| log::warn!(target: "pool", "{} connections", 3));
        let line = &lines[0];
        assert_eq!(line["@level"], "warn");
        assert_eq!(line["@message"], "3 connections");
        assert_eq!(line["@module"], "pool");
        assert_eq!(line.len(), 4, "{line:?}");
    }

    #[test]
    fn the_timestamp_is_in_the_form_that_the_host_parses() {
        let lines = logged(|| tracing::info!("now"));
        let timestamp = lines[0]["@timestamp"].as_str().unwrap();
        // 2006-01-02T15:04:05.000000Z07:00
        let shape: String = timestamp
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect();
        assert_eq!(shape, "0000-00-00T00:00:00.000000Z");
    }

    #[test]
    fn the_fields_of_spans_go_along_with_their_events() {
        let lines = logged(|| {
            let outer = tracing::info_span!("request", id = 7, user = tracing::field::Empty);
            let _entered = outer.enter();
            outer.record("user", "ada");
            tracing::info_span!("query", id = 8).in_scope(|| tracing::error!("no rows"));
        });
        assert_eq!(lines[0]["user"], "ada");
        assert_eq!(lines[0]["id"], 8, "the inner span's field wins");
    }

    #[test]
    fn what_is_too_long_for_the_host_is_shortened() {
        let long = "ä\u{1}".repeat(100_000);
        let lines = logged(|| {
            tracing::info!("{long}");
            tracing::info!(a = long, b = long, c = long, "many");
        });
        assert!(
            lines[0]["@message"]
                .as_str()
                .unwrap()
                .ends_with("(300000 bytes)")
        );
        assert_eq!(lines[1]["@message"], "many");
        assert!(lines[1].contains_key("fields_omitted"));
    }
}
