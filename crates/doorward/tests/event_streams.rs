//! Answers without an end, in a process that is told to stop.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(
    clippy::disallowed_methods,
    reason = "a process is told its address, and its end is timed"
)]

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::response::sse::{Event, Sse};
use axum::routing::get;
use doorward::django::secret::Secret;
use doorward::prelude::*;
use futures_util::stream::{self, Stream, StreamExt};

const KEY: &str = "a-key-for-tests-that-is-long-enough-0123456789";
const ADDRESS: &str = "DOORWARD_TEST_ADDRESS";
const GRACE: &str = "DOORWARD_TEST_GRACE";

/// One thing, and then nothing more for ever.
fn endless<T>(first: T) -> impl Stream<Item = Result<T, Infallible>> {
    stream::iter([Ok(first)]).chain(stream::pending())
}

/// The process of the other tests.
#[tokio::test]
#[ignore = "it serves until it is stopped"]
async fn serves() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::default();
    settings.secret_key = Secret::new(KEY.to_owned());
    settings.server.bind = std::env::var(ADDRESS).unwrap();
    settings.server.shutdown_grace = std::env::var(GRACE).unwrap().parse().unwrap();
    let path = folder.path().join("site.sqlite3");
    settings.database.url = Secret::new(format!("sqlite://{}", path.display()));
    let door = Doorward::from_settings(settings).await.unwrap();
    let events = async || Sse::new(endless(Event::default().data("hello")));
    let bytes = async || Body::from_stream(endless(Bytes::from("hello")));
    let routes = door
        .router()
        .public("/events/", get(events))
        .public("/bytes/", get(bytes));
    door.serve(routes).await.unwrap();
}

/// That process; it ends with this.
struct Site {
    process: Child,
    address: String,
}

impl Site {
    fn start(grace: &str) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "serves", "--ignored", "--quiet"]);
        command.env(ADDRESS, &address).env(GRACE, grace);
        let process = command.stdout(Stdio::null()).spawn().unwrap();
        Self { process, address }
    }

    /// An answer of which the beginning has come.
    fn open(&self, path: &str) -> TcpStream {
        let begun = Instant::now();
        let mut stream = loop {
            match TcpStream::connect(&self.address) {
                Ok(stream) => break stream,
                Err(error) => assert!(begun.elapsed() < Duration::from_secs(60), "{error}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        let (mut seen, mut byte) = (Vec::new(), [0]);
        while !seen.ends_with(b"hello") {
            stream.read_exact(&mut byte).unwrap();
            seen.extend(byte);
        }
        stream
    }

    /// SIGTERM; how long the process took to end after it.
    fn stop(&mut self) -> Duration {
        let begun = Instant::now();
        let id = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        while self.process.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(self.process.wait().unwrap().success());
        begun.elapsed()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_stop_ends_streams_of_events_and_does_not_wait_out_the_grace() {
    let mut site = Site::start("40s");
    let clients = [site.open("/events/"), site.open("/events/")];
    assert!(site.stop() < Duration::from_secs(20));
    for mut client in clients {
        let mut rest = String::new();
        client.read_to_string(&mut rest).unwrap();
        assert!(rest.ends_with("0\r\n\r\n"), "it ends as a body does: {rest:?}");
    }
}

#[test]
fn another_answer_without_an_end_is_broken_off_when_the_grace_is_over() {
    let mut site = Site::start("2s");
    let mut client = site.open("/bytes/");
    let took = site.stop();
    assert!(
        took >= Duration::from_secs(2) && took < Duration::from_secs(20),
        "{took:?}"
    );
    let mut rest = Vec::new();
    let _ = client.read_to_end(&mut rest);
    assert!(!rest.ends_with(b"0\r\n\r\n"), "{rest:?}");
}
