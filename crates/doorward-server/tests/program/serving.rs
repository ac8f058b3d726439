//! The server under signals, slow clients and sudden death.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::support::{Folder, Running, field};

const LOGIN: &str = "{\"username\": \"alice\", \"password\": \"wonderland-42\"}";

fn with_alice() -> Folder {
    let folder = Folder::migrated();
    let made = folder.input(
        &["createuser", "--username", "alice", "--password-stdin"],
        "wonderland-42\n",
    );
    assert!(made.status.success());
    folder
}

#[test]
fn a_stop_lets_requests_in_flight_end() {
    let folder = with_alice();
    let mut server = folder.serve();
    let mut in_flight = server.connect();
    let request = server.request("POST", "/api/token/", "Content-Type: application/json\r\n", LOGIN);
    let (first, rest) = request.split_at(request.len() - 10);
    in_flight.write_all(first.as_bytes()).expect("it is sent");
    thread::sleep(Duration::from_millis(100));
    server.signal("TERM");
    while TcpStream::connect(&server.address).is_ok() {
        thread::sleep(Duration::from_millis(5));
    }
    in_flight.write_all(rest.as_bytes()).expect("it is sent");
    let mut answer = String::new();
    in_flight.read_to_string(&mut answer).expect("it is answered");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(server.ended(), Some(0));
}

#[test]
fn readiness_ends_before_the_server_does() {
    let folder = Folder::migrated();
    let mut server = folder.serve_with(&[("DOORWARD_SERVER__SHUTDOWN_DELAY", "1s")]);
    assert!(server.get("/healthz").ends_with("ok\n"));
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200"));
    server.signal("INT");
    thread::sleep(Duration::from_millis(100));
    assert!(server.get("/readyz").starts_with("HTTP/1.1 503"));
    assert_eq!(server.ended(), Some(0));
}

#[test]
fn probes_take_get_and_head_alone() {
    let folder = Folder::migrated();
    let server = folder.serve();
    for path in ["/healthz", "/readyz"] {
        let (head, body) = answer(&server, "HEAD", path);
        assert!(
            head.starts_with("HTTP/1.1 200") && head.contains("\r\ncontent-length: 3"),
            "{head}"
        );
        assert_eq!(body, "");
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "NONSENSE"] {
            let (head, body) = answer(&server, method, path);
            assert!(head.starts_with("HTTP/1.1 405"), "{method} {path}: {head}");
            assert!(
                head.contains("\r\nallow: GET, HEAD\r\n"),
                "{method} {path}: {head}"
            );
            assert!(
                head.contains("\r\ncontent-type: application/json"),
                "{method} {path}: {head}"
            );
            assert_eq!(
                body,
                format!("{{\"detail\":\"Method \\\"{method}\\\" not allowed.\"}}")
            );
        }
    }
}

fn answer(server: &Running, method: &str, path: &str) -> (String, String) {
    let mut stream = server.connect();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it is answered");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    (head.to_owned(), body.to_owned())
}

#[test]
fn a_second_signal_ends_at_once() {
    let folder = Folder::migrated();
    let mut server = folder.serve();
    let mut stuck = server.connect();
    stuck
        .write_all(b"POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        .expect("it is sent");
    thread::sleep(Duration::from_millis(100));
    server.signal("TERM");
    thread::sleep(Duration::from_millis(400));
    server.signal("TERM");
    assert_eq!(server.ended(), Some(0));
    assert!(server.says("second signal"), "{}", server.log());
}

#[test]
fn grace_has_an_end() {
    let folder = Folder::migrated();
    let mut server = folder.serve_with(&[("DOORWARD_SERVER__SHUTDOWN_GRACE", "200ms")]);
    let mut stuck = server.connect();
    stuck
        .write_all(b"POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        .expect("it is sent");
    thread::sleep(Duration::from_millis(100));
    server.signal("TERM");
    assert_eq!(server.ended(), Some(0));
}

#[test]
fn clients_that_dawdle_are_let_go() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[("DOORWARD_SERVER__HEADER_TIMEOUT", "200ms")]);
    for start in ["", "PRI * HTTP/2", "GET / HTTP/1.1\r\nHost: loc"] {
        let mut stream = server.connect();
        stream.write_all(start.as_bytes()).expect("it is sent");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 408"),
            "{start}: {answer}"
        );
    }
}

#[test]
fn heads_that_are_too_large_are_431() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let header = format!("X-Large: {}\r\n", "a".repeat(100_000));
    let mut stream = server.connect();
    let _ = stream.write_all(server.request("GET", "/", &header, "").as_bytes());
    let mut answer = [0; 12];
    let read = stream.read_exact(&mut answer);
    assert!(read.is_err() || &answer == b"HTTP/1.1 431", "{answer:?}");
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_taken_address_is_one_line() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let address = server.address.as_str();
    let error = folder.fails(&["runserver", address], 1);
    assert!(
        error.starts_with(&format!("Error: cannot listen on {address}: ")),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn an_impossible_address_is_a_wrong_command_line() {
    let folder = Folder::migrated();
    for address in ["256.0.0.1:1", "nonsense", "127.0.0.1:99999"] {
        let error = folder.fails(&["runserver", address], 2);
        assert!(error.contains(&format!("`{address}` is no address")), "{error}");
        assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    }
}

#[test]
fn requests_are_logged_without_their_secrets() {
    let folder = Folder::migrated();
    let mut server = folder.serve();
    let headers =
        "Authorization: Bearer canary-header\r\nCookie: sessionid=canary-cookie\r\nX-Request-Id: my-id_1\r\n";
    let answer = server.call("GET", "/api/profile/?token=canary-query", headers, "");
    assert!(answer.contains("x-request-id: my-id_1\r\n"), "{answer}");
    let made = server.call("GET", "/%0a%1b[31m\"", "X-Request-Id: {\"level\": 1}\r\n", "");
    assert!(!made.contains("level"), "{made}");
    server.post(
        "/api/token/",
        "{\"username\": \"canary-name\", \"password\": \"canary-password\"}",
    );
    server.signal("TERM");
    server.ended();
    let log = server.log();
    assert!(
        log.contains("\"request.id\":\"my-id_1\"") && log.contains("\"path\":\"/api/profile/\""),
        "{log}"
    );
    assert!(
        log.contains("\"status\":401") && log.contains("\"duration_ms\":"),
        "{log}"
    );
    assert!(!log.contains("canary"), "{log}");
    assert!(
        log.lines()
            .all(|line| line.starts_with('{') && line.ends_with('}')),
        "{log}"
    );
}

/// What was answered with 200 is there after `kill -9`, at whatever moment it strikes.
#[test]
fn sudden_death_loses_no_acknowledged_write() {
    let folder = with_alice();
    let mut ledger = Vec::new();
    for cycle in 0..20 {
        let mut server = folder.serve();
        let stop = AtomicBool::new(false);
        ledger.extend(thread::scope(|scope| {
            let clients: Vec<_> = (0..2)
                .map(|_| scope.spawn(|| take_back_tokens(&server.address, &stop)))
                .collect();
            thread::sleep(Duration::from_millis(20 + cycle * 5));
            server.signal("KILL");
            stop.store(true, Ordering::Relaxed);
            clients
                .into_iter()
                .flat_map(|client| client.join().expect("it ends"))
                .collect::<Vec<_>>()
        }));
        server.ended();
    }
    let server = folder.serve();
    assert!(
        ledger.len() > 20,
        "only {} writes were acknowledged",
        ledger.len()
    );
    for token in &ledger {
        let answer = server.post("/api/token/refresh/", &format!("{{\"refresh\": \"{token}\"}}"));
        assert!(
            answer.starts_with("HTTP/1.1 401") && answer.contains("Token is blacklisted"),
            "{answer}"
        );
    }
}

/// Obtains tokens and takes them back until the server is gone; gives those whose end was acknowledged.
fn take_back_tokens(address: &str, stop: &AtomicBool) -> Vec<String> {
    let mut taken_back = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let Some(pair) = try_post(address, "/api/token/", LOGIN) else {
            break;
        };
        let refresh = field(&pair, "refresh");
        let body = format!("{{\"refresh\": \"{refresh}\"}}");
        let Some(answer) = try_post(address, "/api/token/blacklist/", &body) else {
            break;
        };
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        taken_back.push(refresh);
    }
    taken_back
}

/// A whole answer; `None` where the connection broke off.
fn try_post(address: &str, path: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.ends_with('}').then_some(answer)
}

#[test]
fn many_requests_at_once_leave_nothing_behind() {
    let folder = with_alice();
    let server = folder.serve();
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| (0..20).for_each(|_| assert!(is_answered(&server))));
        }
    });
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200"));
}

fn is_answered(server: &Running) -> bool {
    let answer = server.call(
        "GET",
        "/api/profile/",
        "Authorization: Basic YWxpY2U6d29uZGVybGFuZC00Mg==\r\n",
        "",
    );
    answer.starts_with("HTTP/1.1 200")
}
