//! `/metrics`: what is counted, and who may read it.

use std::io::{Read, Write};

use crate::support::{CONFIGURED, Folder, Running};

fn line(server: &Running, line: &str) -> bool {
    let answer = server.get("/metrics");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains("content-type: text/plain; version=0.0.4"),
        "{answer}"
    );
    answer.lines().any(|told| told == line)
}

/// What serves them to programs of this machine.
const HERE: &str = "[metrics]\nallowed_networks = [\"127.0.0.1\"]\n";

fn serve(settings: &str) -> (Folder, Running) {
    let folder = Folder::new().with("doorward.toml", &format!("{CONFIGURED}{settings}"));
    folder.succeeds(&["migrate"]);
    let server = folder.serve();
    (folder, server)
}

#[test]
fn answers_events_and_refusals_are_counted() {
    let settings = "[rest]\nthrottle = [\"anon\"]\n[throttle.rates]\nanon = \"3/min\"\n";
    let (_folder, server) = serve(&format!("{settings}{HERE}"));
    for _ in 0..3 {
        server.post("/api/token/", r#"{"username": "nobody", "password": "hunter2"}"#);
    }
    server.post("/api/token/", "{}");
    server.get("/healthz");
    assert!(line(&server, "doorward_requests_total{class=\"2xx\"} 1"));
    for wanted in [
        "doorward_requests_total{class=\"4xx\"} 4",
        "doorward_events_total{event=\"LoginFailed\"} 3",
        "doorward_throttled_total{scope=\"anon\"} 1",
    ] {
        assert!(line(&server, wanted), "{wanted}: {}", server.get("/metrics"));
    }
}

#[test]
fn nobody_reads_them_through_a_proxy() {
    let (_folder, server) = serve(HERE);
    for header in [
        "X-Forwarded-For: 127.0.0.1",
        "Forwarded: for=127.0.0.1",
        "X-Real-IP: 127.0.0.1",
        "Via: 1.1 proxy",
    ] {
        let answer = server.call("GET", "/metrics", &format!("{header}\r\n"), "");
        assert!(answer.starts_with("HTTP/1.1 404"), "{header}: {answer}");
        assert!(!answer.contains("doorward_"), "{answer}");
    }
}

/// As a proxy on this machine would ask that adds no header of its own.
#[test]
fn a_proxy_that_tells_nothing_is_known_by_its_host_or_its_version() {
    let (_folder, server) = serve(HERE);
    let asked = |version: &str, host: &str| {
        let mut stream = server.connect();
        let request = format!("GET /metrics HTTP/{version}\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    for host in [
        "127.0.0.1:8000",
        "localhost:9090",
        "LOCALHOST",
        "[::1]:8000",
        "127.1.2.3",
    ] {
        assert_eq!(asked("1.1", host), "200", "{host}");
        assert_eq!(asked("1.0", host), "404", "{host}");
    }
    for host in [
        "example.com",
        "localhost.example.com",
        "10.0.0.1:8000",
        "",
        "@127.0.0.1:x",
    ] {
        assert_eq!(asked("1.1", host), "404", "{host}");
    }
}

#[test]
fn nobody_is_told_that_other_methods_find_them() {
    let (_folder, server) = serve(HERE);
    for method in ["POST", "OPTIONS", "DELETE"] {
        let answer = server.call(method, "/metrics", "X-Real-IP: 192.0.2.7\r\n", "");
        assert!(answer.starts_with("HTTP/1.1 404"), "{method}: {answer}");
    }
}

#[test]
fn only_the_machines_of_the_settings_read_them() {
    let (_folder, server) = serve("[metrics]\nallowed_networks = [\"10.0.0.0/8\"]\n");
    assert!(server.get("/metrics").starts_with("HTTP/1.1 404"));
}

#[test]
fn they_can_be_moved_and_switched_off() {
    let (_folder, server) = serve(&format!("[urls]\nmetrics = \"/internal/counts\"\n{HERE}"));
    assert!(server.get("/metrics").starts_with("HTTP/1.1 404"));
    assert!(server.get("/internal/counts").starts_with("HTTP/1.1 200"));
    let (_folder, server) = serve(&format!("[urls]\nmetrics = false\n{HERE}"));
    assert!(server.get("/metrics").starts_with("HTTP/1.1 404"));
}

#[test]
fn a_network_that_is_none_ends_with_2() {
    let settings = format!("{CONFIGURED}[metrics]\nallowed_networks = [\"10.0.0.1/8\"]\n");
    let told = Folder::new()
        .with("doorward.toml", &settings)
        .fails(&["check"], 2);
    assert!(
        told.contains("metrics.allowed_networks") && told.contains("10.0.0.1/8"),
        "{told}"
    );
}

/// A proxy on this machine may look like a program of it: nobody reads them who was not named.
#[test]
fn nobody_reads_them_unless_the_settings_say_who() {
    let (_folder, server) = serve("");
    let answer = server.call("GET", "/metrics", "", "");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(!answer.contains("doorward_"), "{answer}");
}

const TOKEN: &str = "an-opaque-token-of-32-characters";

#[test]
fn who_bears_the_token_reads_them_from_anywhere() {
    let (_folder, server) = serve(&format!("[metrics]\ntoken = \"{TOKEN}\"\n"));
    server.get("/healthz");
    let asked = |header: &str| server.call("GET", "/metrics", header, "");
    let through_a_proxy = format!("Authorization: Bearer {TOKEN}\r\nX-Forwarded-For: 192.0.2.7\r\n");
    assert!(
        asked(&through_a_proxy).contains("doorward_requests_total"),
        "{}",
        asked(&through_a_proxy)
    );
    for header in [
        String::new(),
        "Authorization: Bearer wrong\r\n".to_owned(),
        format!("Authorization: Bearer {TOKEN} more\r\n"),
        format!("Authorization: Basic {TOKEN}\r\n"),
        format!("Authorization: Bearer {}\r\n", &TOKEN[..31]),
    ] {
        let answer = asked(&header);
        assert!(answer.starts_with("HTTP/1.1 401"), "{header}: {answer}");
        assert!(
            answer.contains("www-authenticate: Bearer realm=\"metrics\"\r\n"),
            "{answer}"
        );
        assert!(!answer.contains("doorward_"), "{answer}");
    }
    assert!(!server.log().contains(TOKEN), "{}", server.log());
}

#[test]
fn with_networks_the_token_counts_from_there_only() {
    let (_folder, server) = serve(&format!(
        "[metrics]\ntoken = \"{TOKEN}\"\nallowed_networks = [\"10.0.0.0/8\"]\n"
    ));
    let header = format!("Authorization: Bearer {TOKEN}\r\n");
    assert!(
        server
            .call("GET", "/metrics", &header, "")
            .starts_with("HTTP/1.1 404")
    );
}

/// A listener of their own tells nothing else, and the site's nothing of them.
#[test]
fn they_have_a_listener_of_their_own() {
    let (_folder, mut server) = serve("[metrics]\nbind = \"127.0.0.1:0\"\n");
    let address = (0..100).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(30));
        let log = server.log();
        let (_, address) = log.split_once("\"metrics.address\":\"")?;
        Some(address.split('"').next()?.to_owned())
    });
    let address = address.expect("it is told");
    let asked = |path: &str, host: &str| {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(server.get("/metrics").starts_with("HTTP/1.1 404"));
    assert!(asked("/metrics", "metrics.internal").contains("doorward_requests_total"));
    for path in ["/", "/healthz", "/api/token/", "/admin/"] {
        assert!(asked(path, "localhost").starts_with("HTTP/1.1 404"), "{path}");
    }
    server.signal("TERM");
    assert_eq!(server.ended(), Some(0));
}

#[test]
fn settings_that_name_nobody_are_refused() {
    for (line, key) in [
        ("token = \"short\"", "metrics.token"),
        ("token = \"a token with spaces in it\"", "metrics.token"),
        ("bind = \"9100\"", "metrics.bind"),
        ("bind = \"127.0.0.1:8000\"", "metrics.bind"),
    ] {
        let folder = Folder::new().with("doorward.toml", &format!("{CONFIGURED}[metrics]\n{line}\n"));
        let told = folder.fails(&["check"], 2);
        assert!(told.contains(key) && !told.contains("short"), "{line}: {told}");
    }
}
