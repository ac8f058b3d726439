//! Clients that take their time: over heads, bodies, answers, and between requests (rows 100 to 102 and 177).

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::frames::{self, PREFACE, WINDOW};
use super::support::{Folder, Running};

const POST: &str = "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
const PAGE: &str = "GET /api-auth/login/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// All that is answered until the connection ends; how it ended.
fn rest(mut stream: &TcpStream) -> (String, std::io::Result<usize>) {
    let mut answer = Vec::new();
    let end = stream.read_to_end(&mut answer);
    (String::from_utf8_lossy(&answer).into_owned(), end)
}

/// Whether the server ended the connection, one way or the other; not by our own time-out.
fn is_ended(end: &std::io::Result<usize>) -> bool {
    !matches!(end, Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()))
}

fn is_served(server: &Running) {
    assert!(
        server.get("/healthz").starts_with("HTTP/1.1 200"),
        "{}",
        server.log()
    );
}

#[test]
fn a_body_that_makes_no_end_is_408_and_the_connection_closes() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[("DOORWARD_SERVER__BODY_TIMEOUT", "300ms")]);
    let starts = [
        "Content-Length: 50\r\n\r\n{\"username\":",
        "Content-Length: 50\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"use\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5",
    ];
    for start in starts {
        let mut stream = server.connect();
        stream
            .write_all(format!("{POST}{start}").as_bytes())
            .expect("it is sent");
        let (answer, end) = rest(&stream);
        assert!(answer.starts_with("HTTP/1.1 408"), "{start}: {answer}");
        assert!(answer.contains("connection: close\r\n"), "{answer}");
        assert!(
            answer.ends_with("{\"detail\":\"The request body did not arrive in time.\"}"),
            "{answer}"
        );
        assert!(end.is_ok(), "{end:?}");
    }
    is_served(&server);
}

#[test]
fn expect_and_then_nothing_is_408() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[("DOORWARD_SERVER__BODY_TIMEOUT", "300ms")]);
    let mut stream = server.connect();
    let request = format!("{POST}Expect: 100-continue\r\nContent-Length: 50\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it is sent");
    let (answer, _) = rest(&stream);
    assert!(
        answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 408"),
        "{answer}"
    );
}

#[test]
fn a_body_that_trickles_gets_no_more_time_than_it_buys() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[("DOORWARD_SERVER__BODY_TIMEOUT", "500ms")]);
    let mut stream = server.connect();
    let start = Instant::now();
    stream
        .write_all(format!("{POST}Content-Length: 5000\r\n\r\n").as_bytes())
        .expect("it is sent");
    let mut sender = stream.try_clone().expect("a handle");
    let trickle = thread::spawn(move || {
        while sender.write_all(b"{").is_ok() && start.elapsed() < Duration::from_secs(8) {
            thread::sleep(Duration::from_millis(50));
        }
    });
    let (answer, _) = rest(&stream);
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    trickle.join().expect("it ends");
}

/// A server that closes on a client that still sends resets the connection, and the client may lose the answer.
#[test]
fn who_sends_too_much_is_told_before_the_connection_ends() {
    let folder = Folder::migrated();
    let server = folder.serve();
    for _ in 0..10 {
        let mut stream = server.connect();
        let head = format!("{POST}Content-Length: 8000000\r\n\r\n");
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&vec![b'a'; 4_000_000]);
        let (answer, end) = rest(&stream);
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer} {end:?}");
        assert!(
            answer.ends_with("{\"detail\":\"Request body is too large.\"}"),
            "{answer}"
        );
    }
}

#[test]
fn a_head_has_its_time_and_a_pause_another() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[
        ("DOORWARD_SERVER__HEADER_TIMEOUT", "300ms"),
        ("DOORWARD_SERVER__KEEP_ALIVE_TIMEOUT", "1500ms"),
    ]);
    let (request, mut answer) = ("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", [0; 4096]);
    let mut stream = server.connect();
    stream.write_all(request.as_bytes()).expect("it is sent");
    assert!(stream.read(&mut answer).expect("it is answered") > 0);
    thread::sleep(Duration::from_millis(700));
    stream.write_all(request.as_bytes()).expect("it is sent");
    assert!(stream.read(&mut answer).expect("it is still open") > 0);
    let start = Instant::now();
    stream.write_all(b"GET /heal").expect("it is sent");
    let (answer, _) = rest(&stream);
    assert_eq!(answer, "");
    assert!(
        start.elapsed() < Duration::from_millis(1_300),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_connection_that_pauses_too_long_is_closed() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[("DOORWARD_SERVER__KEEP_ALIVE_TIMEOUT", "300ms")]);
    let mut stream = server.connect();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .expect("it is sent");
    let (answer, end) = rest(&stream);
    assert!(answer.ends_with("ok\n") && end.is_ok(), "{answer}");
}

#[test]
fn who_reads_no_answer_loses_the_connection() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[("DOORWARD_SERVER__WRITE_TIMEOUT", "400ms")]);
    let mut stream = server.connect();
    let timeout = Some(Duration::from_secs(20));
    stream.set_write_timeout(timeout).expect("a time-out");
    // Until the server takes no more requests, because it cannot get rid of its answers; and then until it hangs up.
    let refused = (0..100_000).find_map(|_| stream.write_all(PAGE.as_bytes()).err());
    let error = refused.expect("somebody reads it all");
    assert!(
        [ErrorKind::BrokenPipe, ErrorKind::ConnectionReset].contains(&error.kind()),
        "{error}"
    );
    is_served(&server);
}

#[test]
fn a_window_that_never_opens_ends_the_connection() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[("DOORWARD_SERVER__WRITE_TIMEOUT", "400ms")]);
    let mut stream = server.connect();
    let mut bytes = [PREFACE, &frames::settings(&[(WINDOW, 0)])].concat();
    (1..100)
        .step_by(2)
        .for_each(|number| bytes.extend(frames::get("/api-auth/login/", number)));
    stream.write_all(&bytes).expect("it is sent");
    let mut is_answered = false;
    while let Some(frame) = frames::read(&mut stream) {
        frames::acknowledge(&mut stream, &frame);
        is_answered |= frame.kind == frames::HEADERS;
        assert_ne!(frame.kind, frames::DATA, "there is no window for it");
    }
    assert!(is_answered);
    let (_, end) = rest(&stream);
    assert!(is_ended(&end), "{end:?}");
    is_served(&server);
}

#[test]
fn who_says_nothing_is_closed() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[("DOORWARD_SERVER__HEADER_TIMEOUT", "300ms")]);
    let (silent, preface) = (server.connect(), server.connect());
    (&preface).write_all(PREFACE).expect("it is sent");
    assert!(is_ended(&rest(&silent).1));
    assert!(is_ended(&rest(&preface).1));
    silent.shutdown(Shutdown::Both).unwrap_or_default();
    is_served(&server);
}
