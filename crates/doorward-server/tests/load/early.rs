//! Answers that are given before the body was read: the next request is not lost, and the body is never taken for one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::frames::{self, DATA, END_STREAM, HEADERS, PREFACE, RST_STREAM};
use super::support::{Folder, Running};

/// Half a kilobyte to more than `server.max_body`.
const SIZES: [usize; 6] = [500, 5_000, 50_000, 250_000, 1_000_000, 3_000_000];

/// Requests that are answered before their body is looked at, or where it is too large.
const REFUSALS: [(&str, &str); 6] = [
    ("POST /api/profile/", "Authorization: Bearer wrong\r\n"),
    ("POST /nowhere/", ""),
    ("POST /api-auth/login", ""),
    ("POST /api-auth/login/", "Cookie: sessionid=none\r\n"),
    ("DELETE /healthz", ""),
    ("POST /api/token/", "Content-Type: application/json\r\n"),
];

#[derive(Clone, Copy, Debug)]
enum Framing {
    Length,
    Chunks,
}

impl Framing {
    fn request(self, start: &str, headers: &str, size: usize) -> Vec<u8> {
        let (body, length) = (vec![b'a'; size], size);
        let head = format!("{start} HTTP/1.1\r\nHost: localhost\r\n{headers}");
        match self {
            Self::Length => [
                format!("{head}Content-Length: {length}\r\n\r\n").as_bytes(),
                &body,
            ]
            .concat(),
            Self::Chunks => {
                let chunks = body
                    .chunks(8_000)
                    .map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
                let chunks: Vec<u8> = chunks.flatten().collect();
                [
                    format!("{head}Transfer-Encoding: chunked\r\n\r\n").as_bytes(),
                    &chunks,
                    b"0\r\n\r\n",
                ]
                .concat()
            }
        }
    }
}

/// A connection that is kept as long as the server keeps it.
struct Kept<'s> {
    server: &'s Running,
    stream: Option<TcpStream>,
}

impl Kept<'_> {
    /// The answer to a request, whole; where it says that the connection ends, it has to end without a fault.
    fn ask(&mut self, request: &[u8]) -> String {
        let mut stream = self.stream.take().unwrap_or_else(|| self.server.connect());
        stream.write_all(request).expect("it is sent");
        let answer = answer(&mut stream);
        if answer.contains("connection: close\r\n") {
            assert_eq!(stream.read(&mut [0]).expect("it ends gently"), 0, "{answer}");
        } else {
            self.stream = Some(stream);
        }
        answer
    }
}

/// One answer to its end.
fn answer(stream: &mut TcpStream) -> String {
    let (mut head, mut byte) = (String::new(), [0]);
    while !head.ends_with("\r\n\r\n") {
        let read = stream.read(&mut byte).expect("an answer");
        assert_eq!(read, 1, "the end, after {head:?}");
        head.push(byte[0].into());
    }
    let length = head.split_once("content-length: ").expect("a length").1;
    let mut body = vec![0; length.split("\r\n").next().unwrap().parse().unwrap()];
    stream.read_exact(&mut body).expect("a body");
    head + &String::from_utf8_lossy(&body)
}

fn is_lively(answer: &str) -> bool {
    answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n")
}

const NEXT: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[test]
fn the_request_after_an_early_answer_is_not_lost() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let mut kept = Kept {
        server: &server,
        stream: None,
    };
    for framing in [Framing::Length, Framing::Chunks] {
        for (start, headers) in REFUSALS {
            for size in SIZES {
                let answer = kept.ask(&framing.request(start, headers, size));
                let status: u16 = answer[9..12].parse().unwrap();
                assert!((300..500).contains(&status), "{start} {size}: {answer}");
                let next = kept.ask(NEXT);
                assert!(is_lively(&next), "{framing:?} {start} {size}: {next}");
            }
        }
    }
}

/// A small rest costs neither the connection nor any time.
#[test]
fn a_small_body_is_thrown_away_after_the_answer() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let request = Framing::Length.request(REFUSALS[0].0, REFUSALS[0].1, 100_000);
    let (head, body) = request.split_at(request.len() - 100_000);
    let mut stream = server.connect();
    let start = Instant::now();
    stream.write_all(head).expect("it is sent");
    let refusal = answer(&mut stream);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert!(
        refusal.starts_with("HTTP/1.1 401") && !refusal.contains("connection: close"),
        "{refusal}"
    );
    for part in body.chunks(30_000) {
        thread::sleep(Duration::from_millis(50));
        stream.write_all(part).expect("it is sent");
    }
    stream.write_all(NEXT).expect("it is sent");
    assert!(is_lively(&answer(&mut stream)));
}

#[test]
fn what_follows_a_large_body_is_announced_to_be_lost() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let request = Framing::Length.request(REFUSALS[0].0, REFUSALS[0].1, 1_000_000);
    let mut stream = server.connect();
    stream.write_all(&request).expect("it is sent");
    let answer = answer(&mut stream);
    assert!(answer.contains("connection: close\r\n"), "{answer}");
}

/// Who waits for a word may send its body, or another request (RFC 9110 §10.1.1): neither is taken for the other.
#[test]
fn a_body_that_was_not_asked_for_is_no_request() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let body = String::from_utf8(NEXT.repeat(10)).unwrap();
    let head = format!(
        "POST /api/profile/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer wrong\r\n\
         Expect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    for sends_it in [true, false] {
        let mut stream = server.connect();
        stream.write_all(head.as_bytes()).expect("it is sent");
        let refusal = answer(&mut stream);
        assert!(
            refusal.starts_with("HTTP/1.1 401"),
            "no 100 comes first: {refusal}"
        );
        assert!(refusal.contains("connection: close\r\n"), "{refusal}");
        if sends_it {
            stream.write_all(body.as_bytes()).expect("it is listened to");
        }
        let mut more = String::new();
        stream.read_to_string(&mut more).expect("it ends gently");
        assert_eq!(more, "");
    }
}

/// Who is asked for its body and sends it keeps its connection.
#[test]
fn a_body_that_was_asked_for_keeps_the_connection() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let mut stream = server.connect();
    let head = "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Expect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("it is sent");
    let mut word = [0; 25];
    stream.read_exact(&mut word).expect("a word");
    assert_eq!(&word, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"{}").expect("it is sent");
    let refusal = answer(&mut stream);
    assert!(
        refusal.starts_with("HTTP/1.1 400") && !refusal.contains("connection: close"),
        "{refusal}"
    );
    stream.write_all(NEXT).expect("it is sent");
    assert!(is_lively(&answer(&mut stream)));
}

/// A body that breaks its framing leaves nothing to go on from.
#[test]
fn a_body_that_breaks_off_ends_the_connection_with_a_word() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let mut stream = server.connect();
    let request = "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                   Transfer-Encoding: chunked\r\n\r\n5\r\nhellonone of it\r\n";
    stream.write_all(request.as_bytes()).expect("it is sent");
    let refusal = answer(&mut stream);
    assert!(
        refusal.starts_with("HTTP/1.1 400") && refusal.contains("connection: close\r\n"),
        "{refusal}"
    );
}

/// A rest that does not come ends its connection, and keeps nobody's place meanwhile.
#[test]
fn a_rest_that_does_not_come_holds_no_place() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[("DOORWARD_SERVER__MAX_REQUESTS_IN_FLIGHT", "1")]);
    let request = Framing::Length.request(REFUSALS[0].0, REFUSALS[0].1, 100_000);
    let mut stream = server.connect();
    stream.write_all(&request[..1_000]).expect("it is sent");
    let start = Instant::now();
    assert!(answer(&mut stream).starts_with("HTTP/1.1 401"));
    assert!(server.get("/api/profile/").starts_with("HTTP/1.1 401"));
    let end = stream.read(&mut [0]);
    assert!(matches!(end, Ok(0)), "{end:?}");
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

/// A body that nobody reads gives back the room that it took of the connection's window.
#[test]
fn unread_bodies_do_not_fill_the_window_of_http2() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let mut stream = server.connect();
    let opening = [PREFACE, &frames::settings(&[]), &frames::get("/healthz", 1)].concat();
    stream.write_all(&opening).expect("it is sent");
    until_answered(&mut stream, 1);
    // Four times the window of the connection in all.
    for number in (3..83).step_by(2) {
        stream
            .write_all(&frames::post("/api/profile/", number))
            .expect("it is sent");
        for _ in 0..10 {
            stream
                .write_all(&frames::frame(DATA, 0, number, &[b'a'; 10_000]))
                .expect("it is sent");
        }
        stream
            .write_all(&frames::frame(DATA, END_STREAM, number, b""))
            .expect("it is sent");
        let seen = until_answered(&mut stream, number);
        assert!(seen.iter().all(|frame| frame.kind != RST_STREAM), "{seen:?}");
    }
}

fn until_answered(stream: &mut TcpStream, number: u32) -> Vec<frames::Frame> {
    let mut seen = Vec::new();
    loop {
        let frame = frames::read(stream).expect("the connection goes on");
        frames::acknowledge(stream, &frame);
        let is_end = frame.kind <= HEADERS && frame.flags & END_STREAM != 0 && frame.stream == number;
        seen.push(frame);
        if is_end {
            return seen;
        }
    }
}
