//! Who watches over a server asks it by any name.

use super::site::{End, Site};

#[test]
fn probes_are_answered_whatever_the_host() {
    let site = Site::new();
    let hosts = [
        "Host: 10.0.0.7:8000\r\n",
        "Host: evil.example\r\n",
        "Host: @:nonsense\r\n",
        "Host:\r\n",
        "",
    ];
    for host in hosts {
        for path in PROBES {
            assert_eq!(ask(&site, path, host), 200, "{host}{path}");
        }
        for path in OTHERS {
            assert_eq!(ask(&site, path, host), 400, "{host}{path}");
        }
    }
}

/// A proxy and we might each look at another one of them (RFC 9112 §3.2).
#[test]
fn two_hosts_are_refused_by_probes_too() {
    let site = Site::new();
    for path in PROBES.iter().chain(&OTHERS) {
        assert_eq!(
            ask(&site, path, "Host: a.example\r\nHost: b.example\r\n"),
            400,
            "{path}"
        );
    }
}

const PROBES: [&str; 2] = ["/healthz", "/readyz"];
const OTHERS: [&str; 4] = ["/api/profile/", "/healthz/", "/", "/healthz/../api/profile/"];

fn ask(site: &Site, path: &str, host: &str) -> u16 {
    let request = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{host}\r\n");
    site.send(request.as_bytes()).status()
}

#[test]
fn addresses_that_make_no_sense_are_answered() {
    let site = Site::new();
    let long = format!("/{}", "a".repeat(60_000));
    let questions = format!("/api/profile/?{}", "a=b&".repeat(10_000));
    let paths = [
        "//api/profile/",
        "/api/profile/..;/",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/api/profile/%00",
        "/%ff%fe",
        "/api/token/\u{e9}",
        "*",
        "http://evil.example/api/profile/",
        "/a b",
        "/<script>",
        &long,
        &questions,
    ];
    for path in paths {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = site.exchange(request.as_bytes(), End::Open);
        let expected = [0, 301, 400, 401, 404, 414, 431];
        let name: String = path.chars().take(40).collect();
        assert!(expected.contains(&answer.status()), "{name}: {answer:?}");
        assert!(!answer.body().contains("<script>"), "{answer:?}");
    }
}
