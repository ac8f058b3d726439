//! Connections that are quiet give back their buffers, and nothing that was sent is lost by that, or taken for what it
//! is not.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use super::frames::{self, PREFACE, SETTINGS};
use super::support::Folder;

const REQUEST: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
const ANSWER: &str = "\r\n\r\nok\n";

/// Longer than a connection is quiet before it rests.
fn rest() {
    thread::sleep(Duration::from_millis(300));
}

/// What comes until there were as many answers, or the connection ends.
fn answers(stream: &mut TcpStream, count: usize) -> String {
    let (mut all, mut bytes) = (String::new(), [0; 4096]);
    while all.matches(ANSWER).count() < count {
        match stream.read(&mut bytes) {
            Ok(0) | Err(_) => break,
            Ok(read) => all += &String::from_utf8_lossy(&bytes[..read]),
        }
    }
    all
}

#[test]
fn a_request_after_a_rest_is_answered() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let mut stream = server.connect();
    for _ in 0..4 {
        stream.write_all(REQUEST).unwrap();
        assert!(
            answers(&mut stream, 1).starts_with("HTTP/1.1 200"),
            "{}",
            server.log()
        );
        rest();
    }
}

/// Where the beginning of a request came with the one before, it is kept while the connection rests.
#[test]
fn half_a_request_is_kept_at_any_byte() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let mut streams: Vec<_> = (1..REQUEST.len())
        .map(|length| (length, server.connect()))
        .collect();
    for (length, stream) in &mut streams {
        stream
            .write_all(&[REQUEST, &REQUEST[..*length]].concat())
            .unwrap();
        let answers = answers(stream, 1);
        assert_eq!(answers.matches("HTTP/1.1 200").count(), 1, "{length}: {answers}");
    }
    rest();
    for (length, stream) in &mut streams {
        stream.write_all(&REQUEST[*length..]).unwrap();
        let answers = answers(stream, 1);
        assert_eq!(answers.matches("HTTP/1.1 200").count(), 1, "{length}: {answers}");
    }
}

/// The rest of a body that nobody read is not the next request.
#[test]
fn a_body_is_never_taken_for_a_request() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let head = "POST /api/profile/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n";
    for (expect, first) in [("", "GET /he"), ("", ""), ("Expect: 100-continue\r\n", "")] {
        let mut stream = server.connect();
        stream
            .write_all(format!("{head}{expect}\r\n{first}").as_bytes())
            .unwrap();
        rest();
        for _ in 0..5 {
            let _ = stream.write_all(REQUEST);
            rest();
        }
        let answers = answers(&mut stream, 2);
        assert!(answers.starts_with("HTTP/1.1 401"), "{answers}");
        assert_eq!(answers.matches("HTTP/1.1").count(), 1, "{answers}");
    }
}

/// Both begin with the same letter, and are told apart however slowly they come.
#[test]
fn a_protocol_is_known_byte_by_byte() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let slowly = |bytes: &[u8]| {
        let mut stream = server.connect();
        stream.set_nodelay(true).unwrap();
        for byte in bytes {
            stream.write_all(&[*byte]).unwrap();
            thread::sleep(Duration::from_millis(2));
        }
        stream
    };
    let mut http1 = slowly(b"PRI /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(answers(&mut http1, 1).starts_with("HTTP/1.1 405"));
    let mut http2 = slowly(&[PREFACE, &frames::settings(&[])].concat());
    assert_eq!(frames::read(&mut http2).map(|frame| frame.kind), Some(SETTINGS));
}

/// Two servers in a row must not part over which protocol a connection speaks.
#[test]
fn http1_stays_http1() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let mut stream = server.connect();
    stream.write_all(REQUEST).unwrap();
    answers(&mut stream, 1);
    rest();
    stream.write_all(PREFACE).unwrap();
    let answer = answers(&mut stream, 1);
    assert!(answer.starts_with("HTTP/1.1 4") || answer.is_empty(), "{answer}");
}
