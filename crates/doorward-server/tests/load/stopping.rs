//! A stop under load loses no request (F13).

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::frames::{self, DATA, END_STREAM, GOAWAY, HEADERS, PREFACE};
use super::support::{Folder, Running};

/// Each of ten clients has a request in this time: 500 a second.
const BETWEEN: Duration = Duration::from_millis(20);

const KEPT: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// What one client saw.
#[derive(Debug, Default)]
struct Seen {
    answered: u32,
    lost: Vec<String>,
}

impl Seen {
    fn add(&mut self, answer: Result<(), String>) {
        match answer {
            Ok(()) => self.answered += 1,
            Err(problem) => self.lost.push(problem),
        }
    }
}

/// Runs ten clients of three kinds until they find nobody, or are told to stop; sends SIGTERM amidst.
fn stop_amidst(server: &mut Running, balanced: bool) -> Vec<Seen> {
    let (address, stop) = (server.address.clone(), AtomicBool::new(false));
    let seen = thread::scope(|scope| {
        let client = |number: usize| -> fn(&str, &AtomicBool) -> Seen {
            match number % 3 {
                0 => kept,
                1 => new,
                _ => http2,
            }
        };
        let (address, stop) = (&address, &stop);
        let clients: Vec<_> = (0..10)
            .map(|number| scope.spawn(move || client(number)(address, stop)))
            .collect();
        thread::sleep(Duration::from_millis(1_000));
        server.signal("TERM");
        if balanced {
            while server.get("/readyz").starts_with("HTTP/1.1 200") {
                thread::sleep(Duration::from_millis(20));
            }
            thread::sleep(Duration::from_millis(300));
            stop.store(true, Ordering::Relaxed);
        }
        clients
            .into_iter()
            .map(|client| client.join().expect("it ends"))
            .collect()
    });
    assert_eq!(server.ended(), Some(0), "{}", server.log());
    seen
}

#[track_caller]
fn nothing_is_lost(seen: &[Seen]) {
    let answered: u32 = seen.iter().map(|seen| seen.answered).sum();
    assert!(answered > 300, "only {answered} requests: {seen:?}");
    assert!(seen.iter().all(|seen| seen.lost.is_empty()), "{seen:?}");
}

/// The clients go on until there is nobody to connect to.
#[test]
fn a_stop_under_load_loses_no_request() {
    let folder = Folder::migrated();
    nothing_is_lost(&stop_amidst(&mut folder.serve(), false));
}

/// As with a balancer, which sends nothing more when it has seen that the server is not ready.
#[test]
fn a_stop_that_is_announced_refuses_no_connection() {
    let folder = Folder::migrated();
    let mut server = folder.serve_with(&[("DOORWARD_SERVER__SHUTDOWN_DELAY", "2s")]);
    nothing_is_lost(&stop_amidst(&mut server, true));
}

/// HTTP/2 is told which requests still count (RFC 9113 §6.8): first none is refused, then the last one is named.
#[test]
fn http2_is_told_before_it_is_left() {
    let folder = Folder::migrated();
    let mut server = folder.serve();
    let mut stream = server.connect();
    stream
        .write_all(&[PREFACE, &frames::settings(&[]), &frames::get("/healthz", 1)].concat())
        .expect("it is sent");
    thread::sleep(Duration::from_millis(200));
    server.signal("TERM");
    let mut goodbyes = Vec::new();
    while let Some(frame) = frames::read(&mut stream) {
        frames::acknowledge(&mut stream, &frame);
        if frame.kind == GOAWAY {
            goodbyes.push(frame.goodbye());
        }
    }
    assert_eq!(goodbyes, [(0x7FFF_FFFF, 0), (1, 0)]);
    assert_eq!(server.ended(), Some(0));
}

fn until(stop: &AtomicBool, mut request: impl FnMut() -> bool) {
    let start = Instant::now();
    for number in 1.. {
        if stop.load(Ordering::Relaxed) || start.elapsed() > Duration::from_secs(20) || !request() {
            return;
        }
        thread::sleep((BETWEEN * number).saturating_sub(start.elapsed()));
    }
}

/// Keeps its connection as long as the server lets it.
fn kept(address: &str, stop: &AtomicBool) -> Seen {
    let (mut seen, mut connection) = (Seen::default(), None::<TcpStream>);
    until(stop, || {
        let Some(stream) = connection.take().or_else(|| TcpStream::connect(address).ok()) else {
            return false;
        };
        if is_at_end(&stream) {
            return true;
        }
        let answer = exchange(&stream);
        if answer
            .as_ref()
            .is_ok_and(|answer| !answer.contains("connection: close"))
        {
            connection = Some(stream);
        }
        seen.add(answer.map(drop));
        true
    });
    seen
}

fn new(address: &str, stop: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    until(stop, || {
        let Ok(stream) = TcpStream::connect(address) else {
            return false;
        };
        seen.add(exchange(&stream).map(drop));
        true
    });
    seen
}

/// Whether the server has hung up, which a client may know before it sends anything.
fn is_at_end(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).expect("a socket");
    let end = matches!(stream.peek(&mut [0]), Ok(0));
    stream.set_nonblocking(false).expect("a socket");
    end
}

fn exchange(mut stream: &TcpStream) -> Result<String, String> {
    let patience = Some(Duration::from_secs(10));
    stream.set_read_timeout(patience).expect("a time-out");
    stream.write_all(KEPT).map_err(|error| error.to_string())?;
    let (mut answer, mut bytes) = (String::new(), [0; 4096]);
    while !answer.ends_with("\r\n\r\nok\n") {
        match stream.read(&mut bytes) {
            Ok(0) => return Err(format!("the end, after {answer:?}")),
            Ok(read) => answer += &String::from_utf8_lossy(&bytes[..read]),
            Err(error) => return Err(format!("{error}, after {answer:?}")),
        }
    }
    Ok(answer)
}

/// One request after the other on a connection; what GOAWAY says was not looked at is sent again elsewhere.
fn http2(address: &str, stop: &AtomicBool) -> Seen {
    let (mut seen, mut connection) = (Seen::default(), None::<(TcpStream, u32)>);
    until(stop, || {
        let Some((mut stream, number)) = connection.take().or_else(|| begin(address)) else {
            return false;
        };
        match ask(&mut stream, number) {
            Answer::Whole => connection = Some((stream, number + 2)),
            Answer::WholeAndGone => {}
            Answer::NotLookedAt => return true,
            Answer::Lost(problem) => {
                seen.lost.push(problem);
                return true;
            }
        }
        seen.add(Ok(()));
        true
    });
    seen
}

fn begin(address: &str) -> Option<(TcpStream, u32)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    stream
        .write_all(&[PREFACE, &frames::settings(&[])].concat())
        .ok()?;
    Some((stream, 1))
}

enum Answer {
    Whole,
    WholeAndGone,
    NotLookedAt,
    Lost(String),
}

fn ask(stream: &mut TcpStream, number: u32) -> Answer {
    let sent = stream.write_all(&frames::get("/healthz", number));
    let (mut is_ok, mut is_gone) = (false, false);
    while let Some(frame) = frames::read(stream) {
        frames::acknowledge(stream, &frame);
        match frame.kind {
            GOAWAY if frame.goodbye().0 < number => return Answer::NotLookedAt,
            GOAWAY => is_gone = true,
            HEADERS => is_ok = frames::is_ok(&frame),
            _ => {}
        }
        if frame.stream == number && [HEADERS, DATA].contains(&frame.kind) && frame.flags & END_STREAM != 0 {
            return match (is_ok, is_gone) {
                (true, false) => Answer::Whole,
                (true, true) => Answer::WholeAndGone,
                (false, _) => Answer::Lost("no 200".to_owned()),
            };
        }
    }
    Answer::Lost(format!("the end of stream {number}; sent: {sent:?}"))
}
