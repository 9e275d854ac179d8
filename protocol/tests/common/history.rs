//! Histories: whatever happens to a session, and what must hold after each step. The fuzzer feeds the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test's own assertions"
)]

mod observer;

use notifymatters_protocol::limits::KEPT_MESSAGES;
use notifymatters_protocol::{
    Capabilities, Configuration, Field, Input, Instant, LoadFailure, NotificationId, Origin,
    Permission, RawEnvelope, Relation, Session, TrustedOrigin,
};
use observer::{Drawn, Fuzzed, ORIGINS, Observer, list_age};

/// Draws choices from bytes; past their end everything is zero.
struct Draw<'bytes>(&'bytes [u8]);

impl Draw<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn below(&mut self, bound: u8) -> u8 {
        self.byte() % bound
    }

    fn pick<'list, T>(&mut self, list: &'list [T]) -> &'list T {
        &list[usize::from(self.byte()) % list.len()]
    }

    fn origin(&mut self) -> Option<Origin> {
        let choice = usize::from(self.below(5));
        ORIGINS.get(choice).map(|text| Origin::parse(text).unwrap())
    }

    /// Often all of them.
    fn capabilities(&mut self) -> Capabilities {
        Capabilities::from_bits(self.byte() | self.byte())
    }

    fn field<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Field<T> {
        match self.below(8) {
            0 => Field::Absent,
            1 => Field::Wrong,
            _ => Field::Is(value(self)),
        }
    }
}

/// Plays the history that `bytes` spell, checking after each step.
pub(crate) fn play(bytes: &[u8]) {
    let mut draw = Draw(bytes);
    let own = draw.below(2) == 0;
    let mut seen = Observer::new(own, draw.below(4) != 0);
    let mut session = seen.session(u64::from(draw.byte()));
    let (failures_at_the_end, end_is_told) = (draw.below(24), draw.below(2) == 0);
    let mut objects = 0_u32;
    if seen.user_present && draw.below(2) == 0 {
        serve(&mut draw, &mut seen, &mut session);
    }
    while !draw.0.is_empty() {
        seen.now += u64::from(draw.below(8)) * 700;
        if draw.below(64) == 0 {
            seen.now += 400_000;
        }
        let kind = draw.below(20);
        // Bounds are met by many of one kind only.
        let times = if draw.byte() >= 253 {
            u16::from(draw.byte()) * 4
        } else {
            1
        };
        for _ in 0..times {
            let input = step(kind, &mut draw, &mut seen, &mut objects);
            seen.happens(&mut session, input);
        }
    }
    let is_served = !seen.ended;
    if is_served {
        is_answered_in_the_end(failures_at_the_end, end_is_told, &mut seen, &mut session);
        is_granted(&mut seen, &mut session);
    }
    seen.ended = true;
    seen.happens(&mut session, Input::Shutdown);
    assert!(
        seen.calls.is_empty(),
        "calls without an answer: {:?}",
        seen.calls
    );
    assert!(
        seen.unheard.is_empty(),
        "notifications without an event: {:?}",
        seen.unheard
    );
    assert!(!seen.installed && session.deadline().is_none());
    assert!(seen.handed_over.len() <= KEPT_MESSAGES);
    if is_served {
        is_served_by_a_successor(seen);
    }
}

/// Lets a host say `enable` and be trusted: by chance alone, few histories get that far.
fn serve(draw: &mut Draw<'_>, seen: &mut Observer, session: &mut Session<Fuzzed>) {
    let word = *draw.pick(&["granted", "default", "denied"]);
    let host = Origin::parse(ORIGINS[1]).unwrap();
    seen.hears(
        session,
        Drawn::enable(0, host.clone(), word),
        Relation::Embedder,
    );
    if let Some((ticket, _)) = seen.ticket {
        let outcome = Ok(configuration(vec![host.clone()]));
        seen.learns(&outcome);
        seen.happens(session, Input::Loaded { ticket, outcome });
    }
    if draw.below(2) == 0 {
        seen.happens(session, Input::Supported(draw.capabilities()));
        let mut enable = Drawn::enable(0, host, word);
        if let Some(envelope) = &mut enable.envelope {
            envelope.want = Some(draw.capabilities());
        }
        seen.hears(session, enable, Relation::Embedder);
    }
}

/// Whatever was before, and however often the server fails now: a host that the setting names now is answered once the server
/// answers, if somebody is logged in, whether the page is told of the setting or has to find out. After that it asks for nothing more.
fn is_answered_in_the_end(
    failures: u8,
    is_told: bool,
    seen: &mut Observer,
    session: &mut Session<Fuzzed>,
) {
    let host = Origin::parse(ORIGINS[1]).unwrap();
    if is_told {
        seen.changes_settings();
        seen.happens(session, Input::SettingsChanged);
    } else {
        seen.now += list_age();
    }
    if !seen.user_present {
        seen.user_present = true;
        seen.happens(session, Input::UserChanged { present: true });
    }
    seen.answered = None;
    seen.hears(
        session,
        Drawn::enable(0, host.clone(), "default"),
        Relation::Embedder,
    );
    let mut failures = failures;
    for _ in 0..200 {
        if let Some((ticket, _)) = seen.ticket {
            let outcome = if failures > 0 {
                failures -= 1;
                Err(LoadFailure::Status(502))
            } else {
                Ok(configuration(vec![host.clone()]))
            };
            seen.learns(&outcome);
            seen.happens(session, Input::Loaded { ticket, outcome });
        } else if let Some(deadline) = session.deadline() {
            let pause = Instant::from_millis(seen.now).until(deadline);
            seen.now += u64::try_from(pause.as_millis()).unwrap();
            let due = seen.timer_due();
            seen.happens(session, due);
        } else {
            break;
        }
    }
    assert_eq!(session.deadline(), None, "a quiet page goes on asking");
    assert_eq!(
        seen.answered,
        Some((0, host)),
        "a trusted host without an answer"
    );
}

/// The user's gesture lets the host ask, and the user allows it.
fn is_granted(seen: &mut Observer, session: &mut Session<Fuzzed>) {
    seen.question = None;
    seen.happens(session, Input::Gesture);
    // Not armed: the user had dismissed the question of this host before.
    let Some(request) = seen.question else {
        let host = Origin::parse(ORIGINS[1]).unwrap();
        let enable = Drawn::enable(0, host, "granted");
        return seen.hears(session, enable, Relation::Embedder);
    };
    let mut answer = Drawn::enable(0, Origin::parse(ORIGINS[1]).unwrap(), "granted");
    if let Some(envelope) = &mut answer.envelope {
        envelope.kind = Field::Is("notifymatters.ref.resolve".to_owned());
        envelope.reference = Field::Is(request);
    }
    seen.hears(session, answer, Relation::Embedder);
}

/// What a session hands over lets the next one go on with its host, and with the permission that was granted meanwhile.
fn is_served_by_a_successor(before: Observer) {
    let host = before.answered.expect("a host");
    let mut seen = Observer::new(before.own, true);
    let mut session = seen.session(0);
    for (message, learned) in before.handed_over {
        if let Some(origin) = &message.origin {
            seen.heard.insert(origin.as_str().to_owned());
        }
        let comes = message.comes(Relation::Embedder, learned);
        seen.happens(&mut session, comes);
    }
    let (ticket, _) = seen.ticket.expect("a load for the host");
    let outcome = Ok(configuration(vec![host.1.clone()]));
    seen.learns(&outcome);
    seen.happens(&mut session, Input::Loaded { ticket, outcome });
    assert_eq!(seen.answered, Some(host), "the host is forgotten");
    let create = seen.creates(1, String::new());
    seen.happens(&mut session, create);
    assert!(seen.unheard.is_empty(), "the permission is forgotten");
}

fn configuration(origins: Vec<Origin>) -> Configuration {
    let origins = origins.into_iter();
    granting(origins.map(|origin| (origin, Capabilities::DEFAULT)))
}

fn granting(origins: impl Iterator<Item = (Origin, Capabilities)>) -> Configuration {
    let trusted_origins = origins.map(|(origin, granted)| TrustedOrigin { origin, granted });
    Configuration {
        trusted_origins: trusted_origins.collect(),
    }
}

fn step(kind: u8, draw: &mut Draw<'_>, seen: &mut Observer, objects: &mut u32) -> Input<Fuzzed> {
    match kind {
        0..=4 => {
            let message = Drawn {
                window: draw.below(4),
                origin: draw.origin(),
                envelope: drawn_envelope(draw),
            };
            let relation = if draw.below(6) == 0 {
                Relation::Stranger
            } else {
                Relation::Embedder
            };
            let learned = match draw.below(16) {
                0 => Some(Permission::Granted),
                1 => Some(Permission::Default),
                _ => None,
            };
            if let (Relation::Embedder, Some(origin)) = (relation, &message.origin) {
                seen.heard.insert(origin.as_str().to_owned());
            }
            message.comes(relation, learned)
        }
        5 | 6 => loaded(draw, seen),
        7 => {
            seen.changes_settings();
            Input::SettingsChanged
        }
        8 if draw.below(4) == 0 => {
            let present = draw.below(3) != 0;
            seen.user_present = present;
            seen.abandon_load();
            Input::UserChanged { present }
        }
        8..=10 => {
            *objects += 1;
            let tag = ["", "", "a", "b"][usize::from(draw.below(4))].to_owned();
            seen.creates(*objects, tag)
        }
        11 => Input::Close {
            notification: u32::from(draw.byte()) % (*objects + 1),
        },
        12 => {
            *objects += 1;
            seen.calls.insert(*objects);
            Input::RequestPermission { request: *objects }
        }
        13 => Input::Gesture,
        14 if draw.below(32) == 0 => {
            seen.ended = true;
            seen.abandon_load();
            Input::Shutdown
        }
        14 => {
            // Of one that is none, or that was posted long ago.
            let id = NotificationId::from_wire(f64::from(draw.byte())).unwrap();
            Input::Undeliverable { id }
        }
        15 => seen.timer_due(),
        16 if draw.below(4) == 0 => Input::Supported(draw.capabilities()),
        16 | 17 => Input::Changed(draw.capabilities()),
        _ => host_asks(draw, seen),
    }
}

/// The host in charge asks for something, or leaves.
fn host_asks(draw: &mut Draw<'_>, seen: &mut Observer) -> Input<Fuzzed> {
    let Some((window, origin)) = seen.answered.clone() else {
        return Input::Changed(draw.capabilities());
    };
    let mut message = Drawn::enable(window, origin, "granted");
    let kinds = ["view", "view", "go", "go", "status.set", "disable"];
    let kind = *draw.pick(&kinds);
    if let Some(envelope) = &mut message.envelope {
        envelope.kind = Field::Is(format!("notifymatters.{kind}"));
        envelope.reference = Field::Is(f64::from(draw.below(32)));
    }
    message.comes(Relation::Embedder, None)
}

fn drawn_envelope(draw: &mut Draw<'_>) -> Option<RawEnvelope<u32>> {
    if draw.below(16) == 0 {
        return None;
    }
    let kinds = [
        "notifymatters.enable",
        "notifymatters.enable",
        "notifymatters.notification.onclick",
        "notifymatters.notification.onclose",
        "notifymatters.ref.resolve",
        "notifymatters.ref.reject",
        "notifymatters.view",
        "notifymatters.go",
        "notifymatters.disable",
        "notifymatters.x",
        "other",
    ];
    Some(RawEnvelope {
        kind: draw.field(|draw| (*draw.pick(&kinds)).to_owned()),
        version: draw.field(|draw| (*draw.pick(&["20171130", "20171130", "2016", "3"])).to_owned()),
        word: draw.field(|draw| (*draw.pick(&["granted", "default", "denied", "x"])).to_owned()),
        reference: draw.field(|draw| f64::from(draw.byte()) - f64::from(draw.below(2)) / 2.0),
        state: None,
        want: (draw.below(2) == 0).then(|| draw.capabilities()),
    })
}

fn loaded(draw: &mut Draw<'_>, seen: &mut Observer) -> Input<Fuzzed> {
    let awaited = seen
        .ticket
        .map(|(ticket, _)| ticket)
        .filter(|_| draw.below(4) != 0);
    let Some(ticket) = awaited.or_else(|| seen.void.pop()) else {
        return seen.timer_due();
    };
    let outcome = match draw.below(4) {
        0 => Err(LoadFailure::Status(401)),
        1 => Err(LoadFailure::Unreachable),
        _ => {
            let origins: Vec<_> = (0..draw.below(4))
                .filter_map(|_| Some((draw.origin()?, draw.capabilities())))
                .collect();
            Ok(granting(origins.into_iter()))
        }
    };
    if awaited.is_some() {
        seen.learns(&outcome);
    }
    Input::Loaded { ticket, outcome }
}
