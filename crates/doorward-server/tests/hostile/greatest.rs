//! The greatest bodies, a hundred at once, to every endpoint that takes a password: what the server keeps of them, and
//! whether it goes on answering.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::site::{FORM, JSON, PASSWORD, Site, basic};
use super::support::Running;

/// The largest body of an endpoint that takes credentials, and of any.
const SIZES: [usize; 2] = [65_536, 2_621_440];
const AT_ONCE: usize = 100;
/// Resident memory of the server, in kB.
const MEMORY: u64 = 200_000;
const PATIENCE: Duration = Duration::from_millis(250);

/// Every endpoint that takes a password, in a body or in the header.
const ENDPOINTS: [&str; 6] = [
    "/api/token/",
    "/api/token/sliding/",
    "/api-token-auth/",
    "/api-auth/login/",
    "/api/password/change/",
    "/admin/",
];

/// Hashes are slow, as they are on a site, so that requests wait; all of a crowd may.
const SETTINGS: &str = "secret_key = \"a-key-for-tests-that-is-long-enough-0123456789\"\n\
    [passwords]\nworkers = 1\nqueue = 200\n";
const LOCKOUT: &str = "[lockout]\nfailures = 1000\naddress_failures = 1000\n";

/// A body that begins with credentials, filled up with copies of a text.
fn filled(head: &str, part: &str, tail: &str, size: usize) -> String {
    let count = (size - head.len() - tail.len()) / part.len();
    [head, &part.repeat(count), tail].concat()
}

/// Each shape of JSON and form, of that size.
fn bodies(size: usize) -> Vec<(&'static str, String)> {
    let credentials = "{\"username\": \"alice\", \"password\": \"wrong\", \"old_password\": \"wrong\", \
                       \"new_password\": \"rabbit-hole-7\", \"z\": [";
    let name = "{\"password\": \"wrong\", \"username\": \"";
    vec![
        (JSON, filled(credentials, "{},", "0]}", size)),
        (JSON, filled(credentials, "{\"a\":0},", "0]}", size)),
        (JSON, filled(credentials, "\"\",", "0]}", size)),
        (JSON, filled(name, "\u{fdfa}", "\"}", size)),
        (
            JSON,
            filled("{\"username\": \"alice\", \"password\": \"", "a", "\"}", size),
        ),
        (JSON, "[".repeat(size)),
        (FORM, filled("password=wrong&username=", "%EF%B7%BA", "", size)),
        (FORM, filled("username=alice&password=wrong", "&a", "", size)),
    ]
}

#[test]
fn a_hundred_of_the_greatest_bodies_at_once_cost_little() {
    drive(SETTINGS);
}

/// With lock-out they wait for one account's turn.
#[test]
fn a_hundred_of_the_greatest_bodies_wait_for_a_turn_at_little_cost() {
    drive(&format!("{SETTINGS}{LOCKOUT}"));
}

/// Of the answers of `/healthz` the median is judged: other tests run meanwhile, and a thread that is held by each of a
/// hundred requests keeps most of them waiting.
#[expect(clippy::print_stderr, reason = "the figures are for those who measure")]
fn drive(settings: &str) {
    let site = Site::with(settings);
    let page = site.ask("GET", "/api-auth/login/", "", "");
    let csrf = page.cookie("csrftoken");
    let headers = format!("Cookie: csrftoken={csrf}\r\nX-CSRFToken: {csrf}\r\n");
    let known = format!("{headers}Authorization: {}\r\n", basic("alice", PASSWORD));
    let waits = beside(&site.server, || {
        for size in SIZES {
            for path in ENDPOINTS {
                let headers = if path == "/api/password/change/" {
                    &known
                } else {
                    &headers
                };
                crowd(&site.server, path, headers, size);
            }
        }
        crowd_of_heads(&site.server);
    });
    let memory = high_water(&site.server);
    let (median, slowest) = (waits[waits.len() / 2], waits[waits.len() - 1]);
    eprintln!(
        "resident at most: {memory} kB; /healthz: {median:?}, at most {slowest:?}, {} times",
        waits.len()
    );
    assert!(memory < MEMORY, "{memory} kB");
    assert!(median < PATIENCE, "{median:?}");
    assert!(!site.server.log().contains("panicked"), "{}", site.server.log());
}

/// So many requests that are all in work; then their clients hang up.
fn crowd(server: &Running, path: &str, headers: &str, size: usize) {
    let request = |(content_type, body): &(&str, String)| {
        let length = body.len();
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n");
        [&head, headers, content_type, "\r\n", body].concat()
    };
    hold(server, &bodies(size).iter().map(request).collect::<Vec<_>>());
}

/// The greatest heads: a name and a password, and an address to go to.
fn crowd_of_heads(server: &Running) {
    let credentials = basic(&"\u{fdfa}".repeat(5_000), &"x".repeat(20_000));
    let query = "%EF%B7%BA".repeat(1_000);
    let head = format!(
        "GET /api/profile/?next=/{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {credentials}\r\n\r\n"
    );
    hold(server, &[head]);
}

/// Sends these requests in turn, each on a connection of its own, and keeps the connections open for a while.
fn hold(server: &Running, requests: &[String]) {
    let send = |request: &str| {
        let mut stream = server.connect();
        let _ = stream.set_write_timeout(Some(Duration::from_secs(5)));
        // A server that refuses does not read to the end.
        let _ = stream.write_all(request.as_bytes());
        stream
    };
    let streams: Vec<TcpStream> = thread::scope(|scope| {
        let requests = requests.iter().cycle().take(AT_ONCE);
        let senders: Vec<_> = requests
            .map(|request| scope.spawn(move || send(request)))
            .collect();
        let sent = senders
            .into_iter()
            .map(|sender| sender.join().expect("it was sent"));
        sent.collect()
    });
    thread::sleep(Duration::from_millis(500));
    drop(streams);
}

/// How long `/healthz` took, asked again and again while something else goes on; the shortest first.
fn beside(server: &Running, work: impl FnOnce()) -> Vec<Duration> {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut waits = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                waits.push(health(server));
                thread::sleep(Duration::from_millis(20));
            }
            waits.sort();
            waits
        });
        work();
        is_over.store(true, Ordering::Relaxed);
        asking.join().expect("it was asked")
    })
}

#[expect(clippy::disallowed_methods, reason = "a test measures")]
fn health(server: &Running) -> Duration {
    let begin = Instant::now();
    let mut stream = server.connect();
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it is answered");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    begin.elapsed()
}

/// The most memory that was resident, in kB.
fn high_water(server: &Running) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).expect("it runs");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("there is one");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
