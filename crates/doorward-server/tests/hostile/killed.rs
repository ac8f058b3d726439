//! Fault F1: the process is killed in the middle of writing. What was answered with 200 is there afterwards.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use super::site::{LOGIN, Site};
use super::support::field;

const CYCLES: u64 = 8;
const WRITERS: usize = 4;

/// What the server has promised.
#[derive(Default)]
struct Ledger {
    /// Refresh tokens that were handed out, and that nobody asked to take back.
    good: Vec<String>,
    /// Those that were taken back.
    taken_back: Vec<String>,
}

#[test]
fn what_was_answered_outlives_a_kill() {
    let mut site = Site::new();
    let ledger = Mutex::new(Ledger::default());
    for cycle in 0..CYCLES {
        thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| write_until_killed(&site.server.address, &ledger));
            }
            // At another moment in each cycle.
            thread::sleep(Duration::from_millis(120 + cycle * 37));
            site.server.signal("KILL");
        });
        site.server.ended();
        site.server = site.folder.serve();
    }
    let ledger = ledger.into_inner().expect("nobody panicked");
    assert!(
        !ledger.good.is_empty() && !ledger.taken_back.is_empty(),
        "something was written"
    );
    for token in &ledger.good {
        refreshed(&site, token).is_one_of("F1 handed out", &[200]);
    }
    for token in &ledger.taken_back {
        refreshed(&site, token).is_one_of("F1 taken back", &[401]);
    }
    site.holds("F1", &site.post("/api/token/", LOGIN));
}

fn refreshed(site: &Site, token: &str) -> super::site::Answer {
    site.post("/api/token/refresh/", format!("{{\"refresh\": \"{token}\"}}"))
}

/// Two logins, of which one is taken back; what is not answered is not noted.
fn write_until_killed(address: &str, ledger: &Mutex<Ledger>) {
    loop {
        let Some(kept) = logged_in(address) else { return };
        ledger.lock().expect("nobody panicked").good.push(kept);
        let Some(taken) = logged_in(address) else { return };
        let body = format!("{{\"refresh\": \"{taken}\"}}");
        if posted(address, "/api/token/blacklist/", &body).is_none() {
            return;
        }
        ledger.lock().expect("nobody panicked").taken_back.push(taken);
    }
}

fn logged_in(address: &str) -> Option<String> {
    posted(address, "/api/token/", LOGIN).map(|answer| field(&answer, "refresh"))
}

/// The whole answer, where it is a 200 and came to its end.
fn posted(address: &str, path: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let is_whole = answer.starts_with("HTTP/1.1 200") && answer.ends_with('}');
    is_whole.then_some(answer)
}
