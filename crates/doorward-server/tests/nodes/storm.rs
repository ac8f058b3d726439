//! Clients that go on working through a fault, and what they were promised.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::cluster::{Answer, Client, Cluster, PASSWORD, refresh};
use crate::support::field;

pub(crate) const CLIENTS: usize = 64;
/// So many users share the clients, for those of one user take turns.
const USERS: usize = 16;

/// Tokens are rotated, and a token whose answer was lost gets the same successor for as long as a fault lasts.
pub(crate) const SETTINGS: &str = "[jwt]\nrotate_refresh_tokens = true\nblacklist_after_rotation = true\n\
    reuse_grace = \"10m\"\n";

/// What clients were promised, and what they met.
#[derive(Default)]
pub(crate) struct Ledger {
    /// The last refresh token of each client.
    last: Mutex<Vec<String>>,
    /// Tokens that were taken back, as was answered.
    taken_back: Mutex<Vec<String>>,
    /// Answers that are none of success, 503 with `Retry-After`, and a connection that broke.
    wrong: Mutex<Vec<Answer>>,
    rotations: AtomicUsize,
    refusals: AtomicUsize,
}

impl Ledger {
    pub(crate) fn rotations(&self) -> usize {
        self.rotations.load(Ordering::Relaxed)
    }

    pub(crate) fn refusals(&self) -> usize {
        self.refusals.load(Ordering::Relaxed)
    }
}

/// Has clients refresh while `fault` does its work, and until each has refreshed once more after it.
pub(crate) fn weather(cluster: &Cluster, fault: impl FnOnce()) -> Ledger {
    cluster.users(USERS);
    let (ledger, ended) = (Ledger::default(), AtomicBool::new(false));
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (ledger, ended) = (&ledger, &ended);
            scope.spawn(move || go_on(cluster, client, ledger, ended));
        }
        let _end = End(&ended);
        fault();
    });
    ledger
}

/// Tells the clients that the fault is over, also where it failed.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Every promise is kept by the processes that are left.
pub(crate) fn is_kept(ledger: &Ledger, cluster: &Cluster) {
    let wrong = ledger.wrong.lock().expect("nobody panicked");
    assert!(
        wrong.is_empty(),
        "{} wrong answers: {:?}; {}",
        wrong.len(),
        wrong.first(),
        cluster.errors()
    );
    let last = ledger.last.lock().expect("nobody panicked");
    assert_eq!(last.len(), CLIENTS);
    for token in last.iter() {
        let answer = anybody(cluster, |client| refresh(client, token));
        assert_eq!(answer.status(), 200, "a token that was handed out: {answer:?}");
    }
    let taken_back = ledger.taken_back.lock().expect("nobody panicked");
    assert!(!taken_back.is_empty(), "something was taken back");
    for token in taken_back.iter() {
        let answer = anybody(cluster, |client| refresh(client, token));
        assert_eq!(answer.status(), 401, "a token that was taken back: {answer:?}");
    }
}

/// Each client rotates its token, over and over; now and then it logs in besides and takes that token back.
fn go_on(cluster: &Cluster, client: usize, ledger: &Ledger, ended: &AtomicBool) {
    let user = format!("user{}", client % USERS);
    let mut token = pair(cluster, client, &user, ledger).expect("a first login");
    for round in 0.. {
        let is_last = ended.load(Ordering::Relaxed);
        let Some(answer) = insist(cluster, client + round, ledger, |client| refresh(client, &token)) else {
            return;
        };
        token = field(&answer.0, "refresh");
        ledger.rotations.fetch_add(1, Ordering::Relaxed);
        if is_last {
            break;
        }
        if round % 4 == 0 {
            take_back(cluster, client + round, &user, ledger);
        }
    }
    ledger.last.lock().expect("nobody panicked").push(token);
}

fn take_back(cluster: &Cluster, node: usize, user: &str, ledger: &Ledger) {
    let Some(token) = pair(cluster, node, user, ledger) else {
        return;
    };
    let body = format!("{{\"refresh\": \"{token}\"}}");
    // Not insisted on: told twice, it would be told that it has been taken back.
    let answer = ask(cluster, node, |client| {
        client.post("/api/token/blacklist/", &body)
    });
    if answer.is_some_and(|answer| answer.status() == 200) {
        ledger.taken_back.lock().expect("nobody panicked").push(token);
    }
}

fn pair(cluster: &Cluster, node: usize, user: &str, ledger: &Ledger) -> Option<String> {
    let body = format!("{{\"username\": \"{user}\", \"password\": \"{PASSWORD}\"}}");
    let answer = insist(cluster, node, ledger, |client| client.post("/api/token/", &body))?;
    Some(field(&answer.0, "refresh"))
}

/// The answer of success, after any number of others that may be met during a fault; none after a wrong one.
fn insist(
    cluster: &Cluster,
    node: usize,
    ledger: &Ledger,
    send: impl Fn(Client<'_>) -> Option<Answer>,
) -> Option<Answer> {
    for node in node..node + 10_000 {
        match ask(cluster, node, &send) {
            Some(answer) if answer.status() == 200 => return Some(answer),
            Some(answer) if answer.status() == 503 && answer.says_when_to_come_back() => {
                ledger.refusals.fetch_add(1, Ordering::Relaxed);
            }
            Some(answer) => {
                ledger.wrong.lock().expect("nobody panicked").push(answer);
                return None;
            }
            None => {}
        }
        thread::sleep(Duration::from_millis(25));
    }
    panic!("it never came back");
}

/// The answer of a process that is still there.
fn anybody(cluster: &Cluster, send: impl Fn(Client<'_>) -> Option<Answer>) -> Answer {
    let mut answers = (0..cluster.nodes.len()).filter_map(|node| ask(cluster, node, &send));
    answers.next().expect("somebody answers")
}

/// Nothing where no process answers to the end at that address.
fn ask(cluster: &Cluster, node: usize, send: impl Fn(Client<'_>) -> Option<Answer>) -> Option<Answer> {
    let node = &cluster.nodes[node % cluster.nodes.len()];
    send(Client::of(&node.address)?)
}

/// How long a fault lasts: a moment, or as long as the run was told.
#[expect(clippy::disallowed_methods, reason = "how long the run is")]
pub(crate) fn lasting(usual: Duration) -> Duration {
    let told = std::env::var("STORM_SECONDS").ok();
    told.map_or(usual, |seconds| {
        Duration::from_secs(seconds.parse().expect("a number"))
    })
}
