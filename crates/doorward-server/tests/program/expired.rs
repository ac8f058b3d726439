//! `flushexpiredtokens` and `clearsessions` beside a server that is busy.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

use super::support::{Folder, Running};

const LOGIN: &str = "{\"username\": \"alice\", \"password\": \"sesame-17\"}";

/// A site on a file with Django's journal, in which a writer keeps everybody out, and that many tokens and sessions that
/// have expired.
fn site(rows: u32) -> Folder {
    let folder = Folder::migrated();
    let options = ["createuser", "--username", "alice", "--password-stdin"];
    assert!(folder.input(&options, "sesame-17\n").status.success());
    folder.on_database(async |database| {
        for sql in [
            "INSERT INTO token_blacklist_outstandingtoken (token, created_at, expires_at, jti) \
             SELECT 'text', '2001-01-01 00:00:00', '2001-01-02 00:00:00', 'jti' || value FROM generate_series",
            "INSERT INTO django_session SELECT 'key' || value, 'text', '2001-01-02 00:00:00' FROM generate_series",
        ] {
            let series = "WITH RECURSIVE generate_series(value) AS (SELECT 1 UNION ALL \
                          SELECT value + 1 FROM generate_series WHERE value < ?) ";
            let sql = doorward::database::Sql::rendered(format!("{series}{sql}"));
            database.execute(sql, [rows.into()]).await.expect("rows");
        }
    });
    let path = folder.path("doorward.sqlite3");
    let mut bytes = std::fs::read(&path).expect("a file");
    bytes.splice(18..20, [1, 1]);
    std::fs::write(path, bytes).expect("a header");
    folder
}

/// Logs in again and again until it is over; tells how often, and the longest wait.
fn log_in_until(over: &AtomicBool, server: &Running) -> (u32, Duration) {
    let (mut count, mut longest) = (0, Duration::ZERO);
    while !over.load(Ordering::Relaxed) {
        let start = Instant::now();
        let answer = server.post("/api/token/", LOGIN);
        assert!(
            answer.starts_with("HTTP/1.1 200"),
            "after {count} logins: {answer}"
        );
        (count, longest) = (count + 1, longest.max(start.elapsed()));
    }
    (count, longest)
}

#[test]
fn who_logs_in_meanwhile_is_not_refused() {
    const ROWS: u32 = 10_000;
    let folder = site(ROWS);
    let server = folder.serve();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let logins = [(); 2].map(|()| scope.spawn(|| log_in_until(&over, &server)));
        for command in ["flushexpiredtokens", "clearsessions"] {
            let told = folder.succeeds(&[command, "--json"]);
            assert_eq!(told, format!("{{\"deleted\":{ROWS}}}\n"));
        }
        over.store(true, Ordering::Relaxed);
        for login in logins {
            let (count, longest) = login.join().expect("none was refused");
            assert!(count > 20, "{count} logins, the longest took {longest:?}");
            assert!(longest < Duration::from_secs(4), "{longest:?}");
        }
    });
}
