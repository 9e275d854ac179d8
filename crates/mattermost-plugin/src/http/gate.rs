//! Limits how many requests are handled at the same time; the others wait.
//!
//! Mattermost resets a stream that is opened while 256 others wait to be accepted, and a request opens two. So at most a
//! hundred fresh requests are handled; the others wait here, not decoded, before any of their streams is opened.
//! A request whose streams Mattermost has accepted, and which takes long (a slow client, a long poll), is no longer fresh, so
//! that it does not hold up others.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use go_plugin::Call;
use tokio::time::{Instant, sleep};

/// How many fresh requests are handled at the same time. Each opens two streams, and those of the API must fit below 256, too.
const MAX_FRESH: usize = 100;

/// How many requests are handled at the same time, slow ones included. A slow one takes two streams and up to 100 KiB for what
/// it writes.
const MAX_IN_WORK: usize = 1_000;

/// After how long a request whose streams Mattermost has accepted counts as slow.
const PATIENCE: Duration = Duration::from_millis(250);

/// How often slow and late requests are looked for while others wait.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How many bytes of requests may wait here. Any more wait in Mattermost's process.
const MAX_WAITING_BYTES: usize = 1024 * 1024;

/// How long a request may wait, here or in Mattermost's process. Mattermost accepts its streams only for five seconds after
/// the call (`MuxBroker.Accept`). A request that waited nearly that long is refused: its client gets a 500, instead of nothing.
const MAX_WAIT: Duration = Duration::from_millis(4_500);

/// Starts to handle a call.
pub(crate) type Start = Box<dyn Fn(Call, Permit) + Send + Sync>;

/// Starts requests in the order in which they arrived.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Inner>);

struct Inner {
    start: Start,
    state: Mutex<State>,
    room: AtomicWaker,
}

#[derive(Default)]
struct State {
    /// At most [`MAX_FRESH`].
    fresh: Vec<Fresh>,
    in_work: usize,
    next: u64,
    waiting: VecDeque<(Instant, Call)>,
    waiting_bytes: usize,
    looking: bool,
    starting: bool,
}

struct Fresh {
    number: u64,
    since: Instant,
    accepted: bool,
}

/// The permission to handle a request, given back when dropped.
pub(crate) struct Permit {
    gate: Gate,
    number: u64,
}

impl Gate {
    pub(crate) fn new(start: Start) -> Self {
        Self(Arc::new(Inner {
            start,
            state: Mutex::default(),
            room: AtomicWaker::new(),
        }))
    }

    /// Pending while so much waits here that further requests must wait in Mattermost's process.
    pub(crate) fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.0.room.register(cx.waker());
        if self.state().waiting_bytes < MAX_WAITING_BYTES {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }

    /// Starts the call, or lets it wait.
    pub(crate) fn push(&self, call: Call) {
        let mut state = self.state();
        if state.waiting.is_empty()
            && !is_late(call.not_before(), Instant::now())
            && let Some(number) = state.admit()
        {
            drop(state);
            return self.start(call, number);
        }
        state.waiting_bytes += call.weight();
        state.waiting.push_back((call.not_before(), call));
        if !std::mem::replace(&mut state.looking, true) {
            tokio::spawn(self.clone().look());
        }
    }

    /// While requests wait: stops counting slow ones as fresh, and refuses those that have waited too long.
    async fn look(self) {
        loop {
            sleep(LOOK_EVERY).await;
            let late = self.state().look(Instant::now());
            if !late.is_empty() {
                let count = late.len();
                tracing::warn!(
                    count,
                    "requests were refused: the plugin is busy with others"
                );
            }
            for call in late {
                call.fail("the plugin is overloaded");
            }
            self.0.room.wake();
            self.start_waiting();
            let mut state = self.state();
            if state.waiting.is_empty() {
                state.looking = false;
                return;
            }
        }
    }

    /// Starts requests that wait, as far as the limits allow.
    fn start_waiting(&self) {
        // A runtime that shuts down drops what is spawned at once, the permit included, which calls this again. Only the
        // first of these calls does the work: otherwise the stack would grow with the queue.
        if std::mem::replace(&mut self.state().starting, true) {
            return;
        }
        while let Some((call, number)) = self.next_waiting() {
            self.0.room.wake();
            self.start(call, number);
        }
    }

    fn next_waiting(&self) -> Option<(Call, u64)> {
        let mut state = self.state();
        let admitted = if state.waiting.is_empty() {
            // The memory of a long queue is freed.
            state.waiting = VecDeque::new();
            None
        } else if is_late(state.waiting[0].0, Instant::now()) {
            // `look` refuses it.
            None
        } else {
            state.admit()
        };
        let next = admitted.and_then(|number| {
            let (_, call) = state.waiting.pop_front()?;
            state.waiting_bytes -= call.weight();
            Some((call, number))
        });
        // Set while the lock is held: a permit that is given back afterwards must start what waits.
        state.starting = next.is_some();
        next
    }

    fn start(&self, call: Call, number: u64) {
        let permit = Permit {
            gate: self.clone(),
            number,
        };
        (self.0.start)(call, permit);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_late(since: Instant, now: Instant) -> bool {
    now - since >= MAX_WAIT
}

impl State {
    fn admit(&mut self) -> Option<u64> {
        if self.fresh.len() >= MAX_FRESH || self.in_work >= MAX_IN_WORK {
            return None;
        }
        let number = self.next;
        self.next += 1;
        self.in_work += 1;
        self.fresh.push(Fresh {
            number,
            since: Instant::now(),
            accepted: false,
        });
        Some(number)
    }

    /// Removes and returns the requests that have waited too long.
    fn look(&mut self, now: Instant) -> Vec<Call> {
        self.fresh
            .retain(|fresh| !fresh.accepted || now - fresh.since < PATIENCE);
        let late = self
            .waiting
            .partition_point(|(since, _)| is_late(*since, now));
        let late: Vec<Call> = self.waiting.drain(..late).map(|(_, call)| call).collect();
        self.waiting_bytes -= late.iter().map(Call::weight).sum::<usize>();
        late
    }

    fn leave(&mut self, number: u64) {
        if let Some(place) = self.fresh.iter().position(|fresh| fresh.number == number) {
            self.fresh.swap_remove(place);
        }
        self.in_work -= 1;
    }
}

impl Permit {
    /// Mattermost has accepted the request's streams, so they no longer count towards its limit.
    pub(crate) fn accepted(&self) {
        let mut state = self.gate.state();
        let mut fresh = state.fresh.iter_mut();
        if let Some(fresh) = fresh.find(|fresh| fresh.number == self.number) {
            fresh.accepted = true;
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.gate.state().leave(self.number);
        self.gate.start_waiting();
    }
}
