//! What the log tells of requests, in the words that the guide's page on logs promises.

use std::thread;
use std::time::Duration;

use super::support::{CONFIGURED, Folder, Running, field};

const GUIDE: &str = include_str!("../../../../docs/guide/src/logs.md");

/// What a line of a failed login begins with, after its time and up to its address.
const FAILED: &str = r#""level":"WARN","message":"login failed","client.address":""#;

const PROXY: &str = "[throttle]\ntrusted_proxies = [\"127.0.0.1\"]\n";

fn site(settings: &str) -> Folder {
    let folder = Folder::new().with("doorward.toml", &format!("{CONFIGURED}{settings}"));
    folder.succeeds(&["migrate"]);
    folder
}

/// One behind a proxy, where Alice has the id 1.
fn with_alice() -> Folder {
    let folder = site(PROXY);
    let mut command = folder.command(&["createsuperuser", "--noinput", "--username", "alice"]);
    command.env("DJANGO_SUPERUSER_EMAIL", "alice@example.com");
    let made = command.env("DJANGO_SUPERUSER_PASSWORD", "wonderland-42").output();
    assert!(made.expect("it runs").status.success());
    folder
}

/// The lines that hold those words, when there are as many.
fn lines(server: &Running, words: &str, count: usize) -> Vec<String> {
    let mut found = Vec::new();
    for _ in 0..100 {
        let log = server.log();
        found = log
            .lines()
            .filter(|line| line.contains(words))
            .map(str::to_owned)
            .collect();
        if found.len() >= count {
            break;
        }
        thread::sleep(Duration::from_millis(30));
    }
    assert_eq!(found.len(), count, "{words}: {}", server.log());
    found
}

fn from(address: &str) -> String {
    format!("X-Forwarded-For: {address}\r\nContent-Type: application/json\r\n")
}

#[test]
fn a_line_names_the_client_behind_a_trusted_proxy_the_route_and_the_user() {
    let folder = with_alice();
    let server = folder.serve();
    let asked = r#"{"username": "alice", "password": "wonderland-42"}"#;
    let token = field(
        &server.call("POST", "/api/token/", &from("192.0.2.7"), asked),
        "access",
    );
    let bearer = format!("{}Authorization: Bearer {token}\r\n", from("2001:db8::7"));
    server.call("GET", "/api/profile/?token=hunter2", &bearer, "");
    server.call("GET", "/nothing/here/", &from("192.0.2.8"), "");

    let [line] = &lines(&server, r#""client.address":"192.0.2.7""#, 1)[..] else {
        unreachable!()
    };
    assert!(line.contains(r#""route":"/api/token/","status":200,"#), "{line}");
    assert!(
        line.contains(r#""peer":"127.0.0.1""#) && !line.contains("user.id"),
        "{line}"
    );
    let [line] = &lines(&server, r#""client.address":"2001:db8::7""#, 1)[..] else {
        unreachable!()
    };
    assert!(
        line.contains(r#""user.id":"1""#) && line.contains(r#""path":"/api/profile/""#),
        "{line}"
    );
    let [line] = &lines(&server, r#""client.address":"192.0.2.8""#, 1)[..] else {
        unreachable!()
    };
    assert!(
        line.contains(r#""status":404"#) && !line.contains(r#""route""#),
        "{line}"
    );
    assert!(
        !server.log().contains("hunter2") && !server.log().contains(&token),
        "{}",
        server.log()
    );
}

#[test]
fn nobody_else_is_believed_who_says_whom_he_speaks_for() {
    let folder = site("");
    let server = folder.serve();
    server.call("GET", "/nothing/here/", &from("192.0.2.7"), "");
    lines(&server, r#""client.address":"127.0.0.1","peer":"127.0.0.1""#, 1);
    assert!(!server.log().contains("192.0.2.7"), "{}", server.log());
}

/// One line for each, in the shape of the guide; nothing that somebody types is in it, or makes another.
#[test]
fn a_failed_login_is_a_line_that_cannot_be_forged() {
    let folder = with_alice();
    let server = folder.serve();
    let forged =
        r#"x\",\"level\":\"WARN\",\"message\":\"login failed\",\"client.address\":\"198.51.100.1\"\n{\u202e"#;
    for name in ["alice", "hunter2", forged, &"y".repeat(9_999)] {
        let body = format!(r#"{{"username": "{name}", "password": "hunter2"}}"#);
        let answer = server.call("POST", "/api/token/", &from("192.0.2.7"), &body);
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    }
    server.get("/%22,%22level%22:%22WARN%22,%22message%22:%22login%20failed%22/");
    let failed = lines(&server, FAILED, 4);
    for line in &failed {
        assert!(line.starts_with(r#"{"timestamp":"20"#), "{line}");
        assert!(line.contains(&format!(r#"{FAILED}192.0.2.7","#)), "{line}");
    }
    assert!(
        failed[0].contains(r#"192.0.2.7","user.id":"1","target""#),
        "{failed:?}"
    );
    assert!(!failed[1..].concat().contains("user.id"), "{failed:?}");
    for typed in ["198.51.100.1", "hunter2", "yyy"] {
        assert!(!server.log().contains(typed), "{typed}: {}", server.log());
    }
    assert!(
        GUIDE.contains(&format!("{FAILED}<ADDR>")),
        "what the guide gives to fail2ban"
    );
}

#[test]
fn probes_are_told_to_who_debugs_only() {
    let folder = site("[metrics]\nallowed_networks = [\"127.0.0.1\"]\n");
    let asked = ["/healthz", "/readyz", "/metrics", "/nothing/here/"];
    let server = folder.serve();
    asked.iter().for_each(|path| _ = server.get(path));
    lines(&server, r#""message":"answered""#, 1);
    let server = folder.serve_with(&[("RUST_LOG", "info,doorward=debug")]);
    asked.iter().for_each(|path| _ = server.get(path));
    lines(&server, r#""message":"answered""#, 4);
    lines(
        &server,
        r#""level":"DEBUG","message":"answered","method":"GET","path":"/healthz","route":"/healthz""#,
        1,
    );
}

/// Whoever guesses the token of the metrics is seen.
#[test]
fn a_probe_that_refuses_is_told() {
    let folder = site("[metrics]\ntoken = \"an-opaque-token-of-32-characters\"\n");
    let server = folder.serve();
    server.get("/metrics");
    lines(
        &server,
        r#""level":"INFO","message":"answered","method":"GET","path":"/metrics""#,
        1,
    );
}

#[cfg(unix)]
#[test]
fn a_server_that_is_told_to_stop_is_no_failure() {
    let folder = site("[server]\nshutdown_delay = \"2s\"\n");
    let mut server = folder.serve_with(&[("RUST_LOG", "info,doorward=debug")]);
    server.signal("TERM");
    lines(&server, "stopping", 1);
    let answer = server.get("/readyz");
    assert!(
        answer.starts_with("HTTP/1.1 503") && answer.ends_with("draining\n"),
        "{answer}"
    );
    lines(
        &server,
        r#""level":"DEBUG","message":"answered","method":"GET","path":"/readyz""#,
        1,
    );
    assert_eq!(server.ended(), Some(0));
    assert!(!server.log().contains("\"ERROR\""), "{}", server.log());
}

/// The key is the line in its file, with or without what ends it.
#[cfg(unix)]
#[test]
fn the_end_of_a_line_is_no_part_of_the_key() {
    let folder = Folder::new();
    drop(folder.serve());
    let key = folder.read("doorward.key");
    assert!(key.ends_with('\n'), "an editor would add it too");
    let password = folder.read("doorward.password");
    let password = password.trim();
    let server = folder.serve();
    let asked = format!(r#"{{"username": "admin", "password": "{password}"}}"#);
    let token = field(&server.post("/api/token/", &asked), "access");
    drop(server);
    let folder = folder.with("doorward.key", key.trim_end());
    let server = folder.serve();
    let me = server.call(
        "GET",
        "/api/profile/",
        &format!("Authorization: Bearer {token}\r\n"),
        "",
    );
    assert!(me.starts_with("HTTP/1.1 200"), "{me}");
}
