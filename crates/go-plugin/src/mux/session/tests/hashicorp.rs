//! The other end is hashicorp's own yamux (`tests/yamux-peer`), as the host's is.
//!
//! Without Go, or where its module cannot be fetched, these tests say so and pass, except where `CI` is set.

use std::env;
use std::future::poll_fn;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::BytesMut;
use tokio::net::UnixListener;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::super::ACCEPT_BACKLOG;
use super::super::stream_state::INITIAL_WINDOW;
use crate::mux::{Acceptor, MAX_INBOUND_STREAMS, MuxError, Opener, SharedSession, Stream, plugin};
use crate::socket::Socket;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// More than a window.
const LONG: usize = 4 * INITIAL_WINDOW as usize;

/// What the peer writes, and wants to read.
fn pattern(count: usize) -> BytesMut {
    (0..count).map(|index| (index % 251) as u8).collect()
}

/// The peer; nothing where it cannot be had and is not demanded.
fn program() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    BUILT.get_or_init(build).as_deref()
}

fn build() -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/yamux-peer");
    let program = env::current_exe().unwrap().with_file_name("yamux-peer");
    let fetched = Command::new("go")
        .args(["mod", "download"])
        .current_dir(&source)
        .status();
    if !fetched.as_ref().is_ok_and(|status| status.success()) {
        assert!(
            env::var_os("CI").is_none(),
            "no Go or no yamux: {fetched:?}"
        );
        eprintln!("skipped, no Go here or no yamux: {fetched:?}");
        return None;
    }
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(source)
        .status();
    assert!(built.unwrap().success(), "yamux-peer does not build");
    Some(program)
}

/// The two ends of a connection.
struct Ends {
    opener: Opener,
    acceptor: Acceptor,
    shared: Arc<SharedSession>,
    driver: JoinHandle<MuxError>,
    peer: Peer,
}

/// The process with hashicorp's end.
struct Peer {
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Ends {
    async fn new() -> Option<Self> {
        let program = program()?;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = UnixListener::bind(&path).unwrap();
        let mut process = Command::new(program)
            .arg(&path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let peer = Peer {
            orders: process.stdin.take().unwrap(),
            answers: BufReader::new(process.stdout.take().unwrap()),
            process,
        };
        let accepted = timeout(PATIENCE, listener.accept()).await;
        let (socket, _) = accepted.expect("the peer connects").unwrap();
        let (driver, opener, acceptor) = plugin(Socket::new(socket).unwrap());
        let shared = Arc::clone(&opener.0);
        Some(Self {
            opener,
            acceptor,
            shared,
            driver: tokio::spawn(driver),
            peer,
        })
    }

    /// Has the peer do something. Other tasks run meanwhile.
    async fn order(&mut self, order: &str) -> String {
        let Peer {
            orders, answers, ..
        } = &mut self.peer;
        writeln!(orders, "{order}").unwrap();
        tokio::task::block_in_place(|| {
            let mut answer = String::new();
            answers.read_line(&mut answer).unwrap();
            answer.trim_end().to_owned()
        })
    }

    async fn accept(&mut self) -> Stream {
        let accepted = timeout(PATIENCE, self.acceptor.accept()).await;
        accepted.expect("a stream").expect("the connection lives")
    }

    async fn open(&self) -> Stream {
        let opened = timeout(PATIENCE, self.opener.open(&[])).await;
        opened.expect("room for a stream").unwrap()
    }

    /// Nothing is left over at either end, and hashicorp's had nothing to complain of.
    async fn end_clean(mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.order("streams").await != "0" || !self.shared.lock().streams.is_empty() {
            let ours = format!("{:?}", self.shared.lock().streams);
            assert!(Instant::now() < deadline, "left: {ours}");
            sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(self.shared.lock().inflight, 0);
        assert_eq!(self.order("ping").await, "ok");
        assert_eq!(self.order("complaints").await, "");
        assert!(!self.driver.is_finished());
    }
}

async fn write(stream: &mut Stream, count: usize) -> io::Result<()> {
    let mut bytes = pattern(count);
    let written = poll_fn(|cx| stream.poll_write(cx, &mut bytes));
    timeout(PATIENCE, written).await.expect("it is written")
}

/// All that comes, until the end.
async fn read(stream: &mut Stream) -> io::Result<BytesMut> {
    let mut bytes = BytesMut::new();
    loop {
        let more = poll_fn(|cx| stream.poll_read(cx, &mut bytes));
        if !timeout(PATIENCE, more).await.expect("it is read")? {
            return Ok(bytes);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn megabytes_go_both_ways_and_a_stream_that_one_end_has_closed_still_carries_the_others_words()
 {
    let Some(mut ends) = Ends::new().await else {
        return;
    };
    assert_eq!(ends.order("open").await, "0");
    let mut stream = ends.accept().await;
    assert_eq!(ends.order(&format!("begin-write 0 {LONG}")).await, "ok");
    let mut bytes = BytesMut::new();
    while bytes.len() < LONG {
        let more = poll_fn(|cx| stream.poll_read(cx, &mut bytes));
        assert!(timeout(PATIENCE, more).await.unwrap().unwrap());
    }
    assert!(bytes == pattern(LONG));
    assert_eq!(ends.order("end-write 0").await, format!("{LONG} ok"));
    // Less than the peer waits before it resets what it has closed.
    assert_eq!(ends.order("close 0").await, "ok");
    assert!(read(&mut stream).await.unwrap().is_empty());
    write(&mut stream, 1000).await.unwrap();
    drop(stream);
    assert_eq!(ends.order("read 0 1000").await, "1000 ok");
    assert_eq!(ends.order("read 0 1").await, "0 EOF");

    let mut stream = ends.open().await;
    let writing = tokio::spawn(async move {
        write(&mut stream, LONG).await.unwrap();
        // Data and FIN in one frame would lose the data at that end.
        drop(stream);
    });
    assert_eq!(ends.order("accept").await, "1");
    assert_eq!(
        ends.order(&format!("read 1 {LONG}")).await,
        format!("{LONG} ok")
    );
    assert_eq!(ends.order("read 1 1").await, "0 EOF");
    writing.await.unwrap();
    assert_eq!(ends.order("close 1").await, "ok");
    ends.end_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_in_the_middle_of_a_write_fails_that_write_at_either_end() {
    let Some(mut ends) = Ends::new().await else {
        return;
    };
    let mut stream = ends.open().await;
    let writing = tokio::spawn(async move { write(&mut stream, LONG).await });
    assert_eq!(ends.order("accept").await, "0");
    // It takes a window's bytes and no more. Some time after its close follows the reset.
    assert_eq!(ends.order("read 0 1000").await, "1000 ok");
    assert_eq!(ends.order("close 0").await, "ok");
    let error = writing.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);

    assert_eq!(ends.order("open").await, "1");
    let stream = ends.accept().await;
    assert_eq!(ends.order(&format!("begin-write 1 {LONG}")).await, "ok");
    let full = async {
        while ends.shared.lock().streams[&1].recv_window > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, full)
        .await
        .expect("the window is used up");
    drop(stream);
    let written = ends.order("end-write 1").await;
    assert_eq!(written, format!("{INITIAL_WINDOW} connection reset"));
    ends.end_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_that_are_closed_before_the_host_has_answered_them_still_count_in_its_queue() {
    let Some(mut ends) = Ends::new().await else {
        return;
    };
    for number in 0..ACCEPT_BACKLOG {
        let mut stream = ends.open().await;
        if number % 2 == 0 {
            write(&mut stream, 100).await.unwrap();
        }
    }
    let one_more = timeout(Duration::from_millis(100), ends.opener.open(&[]));
    assert!(one_more.await.is_err(), "the queue is full");
    for number in 0..ACCEPT_BACKLOG {
        assert_eq!(ends.order("accept").await, number.to_string());
        let expected = if number % 2 == 0 { "100 ok" } else { "0 EOF" };
        assert_eq!(ends.order(&format!("read {number} 100")).await, expected);
        assert_eq!(ends.order(&format!("close {number}")).await, "ok");
    }
    let stream = ends.open().await;
    assert_eq!(ends.order("accept").await, ACCEPT_BACKLOG.to_string());
    drop(stream);
    assert_eq!(ends.order(&format!("close {ACCEPT_BACKLOG}")).await, "ok");
    ends.end_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_past_the_bound_are_reset_and_the_others_wait() {
    let Some(mut ends) = Ends::new().await else {
        return;
    };
    for number in 0..=MAX_INBOUND_STREAMS {
        assert_eq!(ends.order("open").await, number.to_string());
    }
    let refused = format!("read {MAX_INBOUND_STREAMS} 1");
    assert_eq!(ends.order(&refused).await, "0 connection reset");
    for number in 0..MAX_INBOUND_STREAMS {
        let mut stream = ends.accept().await;
        write(&mut stream, 10).await.unwrap();
        assert_eq!(ends.order(&format!("read {number} 10")).await, "10 ok");
        drop(stream);
        assert_eq!(ends.order(&format!("close {number}")).await, "ok");
    }
    ends.end_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_goes_away_lets_its_streams_come_to_their_end() {
    let Some(mut ends) = Ends::new().await else {
        return;
    };
    let mut own = ends.open().await;
    assert_eq!(ends.order("accept").await, "0");
    assert_eq!(ends.order("go-away").await, "ok");
    assert_eq!(ends.order("ping").await, "ok");
    let refused = ends.opener.open(&[]).await;
    assert!(matches!(refused, Err(MuxError::NoMoreStreams)));
    // Its own streams it may still open.
    assert_eq!(ends.order("open").await, "1");
    let mut theirs = ends.accept().await;
    for (number, stream) in [&mut own, &mut theirs].into_iter().enumerate() {
        write(stream, 1000).await.unwrap();
        let order = format!("read {number} 1000");
        assert_eq!(ends.order(&order).await, "1000 ok");
        assert_eq!(ends.order(&format!("write {number} 1000")).await, "1000 ok");
        assert_eq!(ends.order(&format!("close {number}")).await, "ok");
        assert_eq!(read(stream).await.unwrap(), pattern(1000));
    }
    drop((own, theirs));
    ends.end_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_ends_is_no_error() {
    let Some(ends) = Ends::new().await else {
        return;
    };
    let Ends { driver, peer, .. } = ends;
    drop(peer);
    let ended = timeout(PATIENCE, driver).await.expect("it ends").unwrap();
    assert!(matches!(ended, MuxError::Ended), "{ended}");
}
