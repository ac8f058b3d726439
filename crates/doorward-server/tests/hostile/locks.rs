//! Fault F7: another process holds the database.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use super::site::{Answer, LOGIN, PASSWORD, Site, basic, runtime};

/// Holds the whole database for that long, and answers what a request is told meanwhile.
fn locked(site: &Site, time: Duration, ask: impl FnOnce() -> Answer + Send) -> Answer {
    let held = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            runtime().block_on(async {
                let database = site.database().await;
                database
                    .execute("BEGIN EXCLUSIVE", [])
                    .await
                    .expect("nobody else holds it");
                held.wait();
                tokio::time::sleep(time).await;
                database.execute("COMMIT", []).await.expect("it is held");
                database.close().await;
            });
        });
        held.wait();
        ask()
    })
}

/// A site whose file has Django's own journal, in which a writer keeps readers out too: bytes 18 and 19 say so
/// (<https://sqlite.org/fileformat2.html>).
fn without_log() -> Site {
    let mut site = Site::new();
    site.server.signal("TERM");
    site.server.ended();
    site.sql("UPDATE auth_user SET is_active = 1", []);
    assert_eq!(
        site.folder.names(),
        ["doorward.sqlite3", "doorward.toml"],
        "the log was written back"
    );
    let path = site.folder.path("doorward.sqlite3");
    let mut file = OpenOptions::new().write(true).open(path).expect("a file");
    file.seek(SeekFrom::Start(18)).expect("a header");
    file.write_all(&[1, 1]).expect("a header");
    site.server = site.folder.serve();
    site
}

#[test]
fn a_short_lock_is_waited_for() {
    for site in [Site::new(), without_log()] {
        for time in [100, 1_000].map(Duration::from_millis) {
            let answer = locked(&site, time, || site.post("/api-token-auth/", LOGIN));
            site.refuses("F7 login", &answer, &[200]);
            let answer = locked(&site, time, || site.authorize(basic("alice", PASSWORD)));
            site.refuses("F7 read", &answer, &[200]);
            site.sql("DELETE FROM authtoken_token", []);
        }
    }
}

#[test]
fn a_long_lock_is_told_and_recovered_from() {
    let site = without_log();
    let time = Duration::from_millis(6_500);
    let answer = locked(&site, time, || {
        thread::scope(|scope| {
            let others = [
                scope.spawn(|| site.authorize(basic("alice", PASSWORD))),
                scope.spawn(|| site.post("/api/token/", LOGIN)),
            ];
            let answer = site.post("/api-token-auth/", LOGIN);
            for other in others {
                is_told(&other.join().expect("it ends"));
            }
            answer
        })
    });
    is_told(&answer);
    site.refuses("F7 afterwards", &site.post("/api-token-auth/", LOGIN), &[200]);
    assert!(!site.server.log().contains(PASSWORD), "{}", site.server.log());
}

#[test]
fn who_only_reads_does_not_notice_a_writer_beside_a_log() {
    let site = Site::new();
    let answer = locked(&site, Duration::from_millis(6_500), || {
        let read = site.authorize(basic("alice", PASSWORD));
        site.refuses("F7 read beside a log", &read, &[200]);
        site.post("/api-token-auth/", LOGIN)
    });
    is_told(&answer);
    site.refuses("F7 afterwards", &site.post("/api-token-auth/", LOGIN), &[200]);
}

fn is_told(answer: &Answer) {
    assert_eq!(answer.status(), 503, "{answer:?}");
    assert!(answer.head().contains("\r\nretry-after: "), "{answer:?}");
}
