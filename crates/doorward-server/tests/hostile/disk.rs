//! Fault F6: the disk is full. It needs a file system of its own, so a system administrator's rights.

use std::fs;
use std::thread;
use std::time::Duration;

use doorward::database::Database;

use super::site::{Answer, JSON, LOGIN, PASSWORD, Site, basic, runtime};
use super::small_disk::Disk;
use super::support::{Folder, Running, field, printed};

const SETTINGS: &str = "secret_key = \"a-key-for-tests-that-is-long-enough-0123456789\"\n\
    [database]\nurl = \"sqlite://small/doorward.sqlite3\"\n[passwords]\nhashers = [\"md5\"]\n";

/// The server goes before its disk, and that before its folder.
struct Full {
    site: Site,
    disk: Disk,
}

fn site() -> Option<Full> {
    let folder = Folder::new().with("doorward.toml", SETTINGS);
    let small = folder.path("small");
    fs::create_dir(&small).expect("a folder");
    let disk = Disk::mounted(small, "8m")?;
    folder.succeeds(&["migrate"]);
    let options = ["createuser", "--username", "alice", "--password-stdin"];
    assert!(folder.input(&options, &format!("{PASSWORD}\n")).status.success());
    let server: Running = folder.serve();
    Some(Full {
        site: Site { server, folder },
        disk,
    })
}

#[test]
fn a_full_disk_is_told_and_recovered_from() {
    let Some(Full { site, disk }) = site() else {
        return;
    };
    let access = field(&site.post("/api/token/", LOGIN).0, "access");
    disk.fill();
    let kept = 1 + until_refused(&site);
    for path in ["/api/token/", "/api-token-auth/"] {
        is_unavailable(&site.post(path, LOGIN));
    }
    is_ready(&site, "503", "the database cannot be written\n");
    let told = printed(&site.folder.run(&["check", "--json"]));
    assert!(
        told.contains("doorward.E005") && told.contains("is full"),
        "{told}"
    );
    for header in [basic("alice", PASSWORD), format!("Bearer {access}")] {
        assert_eq!(site.authorize(&header).status(), 200, "reads go on");
    }
    let verified = site.post("/api/token/verify/", format!("{{\"token\": \"{access}\"}}"));
    assert_eq!(verified.status(), 200, "{verified:?}");
    assert!(!site.server.log().contains("panicked"), "{}", site.server.log());
    disk.free();
    let again = site.ask("POST", "/api/token/", JSON, LOGIN);
    site.refuses("F6 freed", &again, &[200]);
    is_ready(&site, "200", "ok\n");
    assert_eq!(checked(&site), ("ok".to_owned(), kept + 1));
}

/// `/readyz` says so within the time for which it keeps what it found out.
#[track_caller]
fn is_ready(site: &Site, status: &str, reason: &str) {
    let is_so = |answer: &str| answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.ends_with(reason);
    let mut answer = String::new();
    for _ in 0..60 {
        answer = site.server.get("/readyz");
        if is_so(&answer) {
            return;
        }
        thread::sleep(Duration::from_millis(250));
    }
    panic!("{answer}");
}

/// Logs in until there is no room for one more; tells how often there was.
fn until_refused(site: &Site) -> i64 {
    for kept in 0..5_000 {
        let answer = site.post("/api/token/", LOGIN);
        if answer.status() != 200 {
            is_unavailable(&answer);
            return kept;
        }
    }
    panic!("the disk was never full");
}

#[track_caller]
fn is_unavailable(answer: &Answer) {
    assert_eq!(answer.status(), 503, "{answer:?}");
    assert!(answer.head().contains("\r\nretry-after: "), "{answer:?}");
    assert!(answer.body().starts_with("{\"detail\":"), "{answer:?}");
}

/// Whether the file is sound, and how many tokens it has: as many as were handed out.
fn checked(site: &Site) -> (String, i64) {
    let url = format!(
        "sqlite://{}",
        site.folder.path("small/doorward.sqlite3").display()
    );
    runtime().block_on(async {
        let database = Database::open(&url).await.expect("there is one");
        let first = async |sql: &'static str| {
            let row = database.fetch_optional(sql, []).await.expect("it is read");
            row.expect("a row")
        };
        let sound = first("PRAGMA integrity_check").await.read(0);
        let count = first("SELECT count(*) FROM token_blacklist_outstandingtoken").await;
        let counts = (sound.expect("a text"), count.read(0).expect("a number"));
        database.close().await;
        counts
    })
}
