//! Fault F1: the process is killed in the middle of writing. What was answered with 200 is there afterwards.
//!
//! `KILLS=60 cargo test -p doorward-server --test hostile killed` is the long run.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use super::site::{Answer, LOGIN, Site};
use super::support::field;

/// Of each kind.
const WRITERS: usize = 2;

const CSRF: &str = "cccccccccccccccccccccccccccccccc";

/// What the server has promised.
#[derive(Default)]
struct Ledger {
    /// Refresh tokens that were handed out, and that nobody asked to take back.
    good: Vec<String>,
    /// Those that were taken back.
    taken_back: Vec<String>,
    /// Session cookies of those who logged out.
    logged_out: Vec<String>,
    /// Session cookies of those who did not.
    logged_in: Vec<String>,
}

#[test]
fn what_was_answered_outlives_a_kill() {
    let mut site = Site::new();
    let ledger = Mutex::new(Ledger::default());
    let kills = kills();
    for cycle in 0..kills {
        thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| write_until_killed(&site.server.address, &ledger));
                scope.spawn(|| log_out_until_killed(&site.server.address, &ledger));
            }
            // At another moment in each cycle.
            thread::sleep(Duration::from_millis(120 + cycle % 9 * 37));
            site.server.signal("KILL");
        });
        site.server.ended();
        site.server = site.folder.serve();
    }
    let ledger = ledger.into_inner().expect("nobody panicked");
    let lists = [
        &ledger.good,
        &ledger.taken_back,
        &ledger.logged_out,
        &ledger.logged_in,
    ];
    let written = lists.map(Vec::len);
    assert!(
        !written.contains(&0),
        "something of each kind was written: {written:?}"
    );
    for token in &ledger.good {
        refreshed(&site, token).is_one_of("F1 handed out", &[200]);
    }
    for token in &ledger.taken_back {
        refreshed(&site, token).is_one_of("F1 taken back", &[401]);
    }
    for session in &ledger.logged_out {
        profile(&site, session).is_one_of("F1 logged out", &[401]);
    }
    for session in &ledger.logged_in {
        profile(&site, session).is_one_of("F1 logged in", &[200]);
    }
    site.holds("F1", &site.post("/api/token/", LOGIN));
    writeln!(std::io::stderr(), "{kills} kills; kept {written:?}").expect("stderr is there");
}

#[expect(clippy::disallowed_methods, reason = "how long the run is")]
fn kills() -> u64 {
    std::env::var("KILLS").map_or(8, |kills| kills.parse().expect("a number"))
}

fn refreshed(site: &Site, token: &str) -> Answer {
    site.post("/api/token/refresh/", format!("{{\"refresh\": \"{token}\"}}"))
}

fn profile(site: &Site, session: &str) -> Answer {
    site.ask(
        "GET",
        "/api/profile/",
        format!("Cookie: sessionid={session}\r\n"),
        "",
    )
}

/// Two logins, of which one is taken back; what is not answered is not noted.
fn write_until_killed(address: &str, ledger: &Mutex<Ledger>) {
    loop {
        let Some(kept) = logged_in(address) else { return };
        ledger.lock().expect("nobody panicked").good.push(kept);
        let Some(taken) = logged_in(address) else { return };
        let body = format!("{{\"refresh\": \"{taken}\"}}");
        if posted(address, "/api/token/blacklist/", "", &body).is_none() {
            return;
        }
        ledger.lock().expect("nobody panicked").taken_back.push(taken);
    }
}

/// As [`write_until_killed`], with sessions.
fn log_out_until_killed(address: &str, ledger: &Mutex<Ledger>) {
    loop {
        let Some(kept) = session(address) else { return };
        ledger.lock().expect("nobody panicked").logged_in.push(kept);
        let Some(left) = session(address) else { return };
        let headers = cookies(&format!("sessionid={left}; "));
        if posted(address, "/api-auth/logout/", &headers, "{}").is_none() {
            return;
        }
        ledger.lock().expect("nobody panicked").logged_out.push(left);
    }
}

fn logged_in(address: &str) -> Option<String> {
    posted(address, "/api/token/", "", LOGIN).map(|answer| field(&answer.0, "refresh"))
}

fn session(address: &str) -> Option<String> {
    posted(address, "/api-auth/login/", &cookies(""), LOGIN).map(|answer| answer.cookie("sessionid"))
}

/// A CSRF token that is sent twice, as browsers do.
fn cookies(others: &str) -> String {
    format!("Cookie: {others}csrftoken={CSRF}\r\nX-CSRFToken: {CSRF}\r\n")
}

/// The whole answer, where it is a success and came to its end.
fn posted(address: &str, path: &str, headers: &str, body: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}\
         Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let answer = Answer(text);
    let is_whole = match answer.status() {
        200 => answer.0.ends_with('}'),
        204 => answer.0.ends_with("\r\n\r\n"),
        _ => false,
    };
    is_whole.then_some(answer)
}
