//! Signals end the server, or make it read again, as the table in the guide's page on deployment says.

use std::thread;
use std::time::Duration;

use super::support::{Folder, Running};

fn is_serving(server: &Running) {
    assert!(
        server.get("/healthz").starts_with("HTTP/1.1 200"),
        "{}",
        server.log()
    );
}

fn says(server: &Running, words: &str) {
    for _ in 0..100 {
        if server.log().contains(words) {
            return;
        }
        thread::sleep(Duration::from_millis(30));
    }
    panic!("it never said {words}: {}", server.log());
}

/// A connection whose request has begun, so that a stop has something to wait for.
fn busy(server: &Running) -> std::net::TcpStream {
    use std::io::Write;
    let mut stream = server.connect();
    stream
        .write_all(b"POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
        .expect("it is sent");
    thread::sleep(Duration::from_millis(100));
    stream
}

#[test]
fn the_guide_has_every_signal_of_these_tests() {
    let page = include_str!("../../../../docs/guide/src/deployment.md");
    for name in [
        "SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGXFSZ",
    ] {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn each_of_three_ends_it_gently() {
    let folder = Folder::migrated();
    for name in ["TERM", "INT", "QUIT"] {
        let mut server = folder.serve();
        server.signal(name);
        assert_eq!(server.ended(), Some(0), "{name}");
        says(&server, "stopping: requests in flight may end");
        says(&server, "\"message\":\"stopped\"");
    }
}

/// The second one need not be the same; until it comes, a request in flight is waited for.
#[test]
fn a_second_one_ends_it_at_once() {
    let folder = Folder::migrated();
    for names in [
        ["TERM", "TERM"],
        ["INT", "INT"],
        ["TERM", "INT"],
        ["QUIT", "TERM"],
    ] {
        let mut server = folder.serve();
        let stream = busy(&server);
        server.signal(names[0]);
        says(&server, "stopping");
        thread::sleep(Duration::from_millis(400));
        server.signal(names[1]);
        assert_eq!(server.ended(), Some(0), "{names:?}");
        says(&server, "stopped at once, by a second signal");
        drop(stream);
    }
}

#[test]
fn a_hangup_says_what_was_read_again() {
    let folder = Folder::migrated();
    let server = folder.serve();
    server.signal("HUP");
    says(&server, "SIGHUP: there is nothing to read again");
    is_serving(&server);

    let with_keys = "[jwt]\nkey_directory = \"keys\"\n";
    let folder = Folder::migrated();
    let settings = folder.read("doorward.toml") + with_keys;
    let folder = folder.with("doorward.toml", &settings);
    folder.succeeds(&["keys", "add", "--algorithm", "ES256"]);
    let mut server = folder.serve();
    server.signal("HUP");
    says(&server, "SIGHUP: the keys were read again, and are the same");
    assert!(!server.log().contains("nothing to read"), "{}", server.log());
    is_serving(&server);
    server.signal("TERM");
    server.signal("HUP");
    assert_eq!(
        server.ended(),
        Some(0),
        "a hang-up amidst a stop is no second signal"
    );
}

#[test]
fn a_hangup_of_a_certificate_says_so() {
    let folder = Folder::migrated();
    let command = folder.command(&["runserver", "127.0.0.1:0", "--tls-self-signed"]);
    let server = Running::start(command);
    server.signal("HUP");
    says(&server, "SIGHUP: the certificate was read again, and is the same");
    folder.shell("echo nonsense > doorward-tls.crt");
    for times in 1..3 {
        server.signal("HUP");
        for _ in 0..100 {
            thread::sleep(Duration::from_millis(30));
            if server.log().matches("the one at hand stays").count() >= times {
                break;
            }
        }
        assert_eq!(
            server.log().matches("the one at hand stays").count(),
            times,
            "whoever asks is told: {}",
            server.log()
        );
    }
}

#[test]
fn others_do_nothing() {
    let folder = Folder::migrated();
    let server = folder.serve();
    for name in ["USR1", "USR2"] {
        server.signal(name);
        says(&server, &format!("SIG{name}: nothing is done"));
    }
    for name in ["PIPE", "XFSZ", "CHLD", "WINCH", "URG", "CONT"] {
        server.signal(name);
    }
    thread::sleep(Duration::from_millis(200));
    is_serving(&server);
}

/// Who reads the log may go away: that is a write that fails (SIGPIPE), and no end.
#[test]
fn a_log_that_nobody_reads_ends_nothing() {
    let folder = Folder::migrated();
    let mut server = folder.serve_unread();
    for _ in 0..5 {
        assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
    }
    server.signal("TERM");
    assert_eq!(server.ended(), Some(0));
}
