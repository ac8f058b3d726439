//! Rows 151, 152 and 192: names that look like others, or like code.

use serde_json::json;

use super::site::{FORM, PASSWORD, Site, basic};
use super::support::errors;

const HOSTILE: [&str; 12] = [
    "admin'--",
    "'; DROP TABLE auth_user; --",
    "\" OR \"\"=\"",
    "{{7*7}}",
    "${7*7}",
    "%s%n%x",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "a\r\nSet-Cookie: sessionid=evil",
    "a\n{\"level\":\"INFO\",\"message\":\"forged\"}",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{202e}ecila\u{200b}\u{feff}",
];

#[test]
fn unknown_names_that_look_like_code_are_inert() {
    let site = Site::new();
    for name in HOSTILE {
        let body = json!({"username": name, "password": PASSWORD}).to_string();
        site.refuses(name, &site.post("/api/token/", &body), &[401]);
        site.refuses(name, &site.post("/api-token-auth/", &body), &[400]);
        site.refuses(name, &site.authorize(basic(name, PASSWORD)), &[401]);
        is_inert(&site, name, &submit(&site, name, "wrong"));
    }
    log_is_sound(&site);
}

/// Django's own `createsuperuser` would refuse them; somebody's import did not.
#[test]
fn known_names_that_look_like_code_are_inert() {
    let site = Site::new();
    for name in HOSTILE {
        site.sql("UPDATE auth_user SET username = ? WHERE id = 2", [name.into()]);
        if !name.contains(':') {
            let answer = site.authorize(basic(name, PASSWORD));
            site.refuses(name, &answer, &[200]);
            let told: serde_json::Value = serde_json::from_str(answer.body()).expect("JSON");
            assert_eq!(told["username"], name);
        }
        let bob = site.browser(name);
        let page = site.ask("GET", "/admin/", bob.cookies(), "").0;
        assert!(page.contains("Welcome, "), "{page}");
        is_inert(&site, name, &page);
    }
    log_is_sound(&site);
}

/// Row 192: nobody fills a disk with one field.
#[test]
fn what_a_client_sends_is_cut_in_the_log() {
    let site = Site::with(
        "secret_key = \"a-key-for-tests-that-is-long-enough-0123456789\"\n[passwords]\nhashers = [\"md5\"]\n[lockout]\nfailures = 1\nby = [\"account\"]\n",
    );
    let long = "x".repeat(4_000);
    let body = json!({"username": "y".repeat(60_000), "password": PASSWORD}).to_string();
    site.refuses("192", &site.post("/api/token/", &body), &[401]);
    site.refuses("192", &site.authorize(basic(&long, PASSWORD)), &[401, 429]);
    site.ask("GET", &format!("/{long}/?{long}"), "", "");
    site.ask("GET", &format!("/api-auth/login/?next=/{long}"), "", "");
    let headers = [
        format!("Referer: https://{long}.example/\r\n"),
        format!("Origin: https://{long}\r\n"),
        format!("X-Request-Id: {long}\r\n"),
        format!("Accept: {long}/{long}\r\n"),
        format!("Authorization: Bearer {long}.{long}.{long}\r\n"),
    ];
    for header in headers {
        site.ask("POST", "/api-auth/login/", &header, "");
        site.ask("GET", "/api/profile/", &header, "");
    }
    let host = format!("GET / HTTP/1.1\r\nHost: {long}.example\r\nConnection: close\r\n\r\n");
    site.send(host.as_bytes()).is_one_of("192", &[400]);
    let log = site.server.log();
    assert!(log.contains("too many logins failed"), "{log}");
    for line in log.lines() {
        assert!(line.len() < 1_000, "{line}");
    }
}

/// The answer of the login form.
fn submit(site: &Site, name: &str, password: &str) -> String {
    let page = site.ask("GET", "/api-auth/login/", "", "");
    let csrf = page.cookie("csrftoken");
    let escaped: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let form = format!("csrfmiddlewaretoken={csrf}&username={escaped}&password={password}&next=%0d%0aX:y");
    let answer = site.ask(
        "POST",
        "/api-auth/login/",
        format!("{FORM}Cookie: csrftoken={csrf}\r\n"),
        form,
    );
    assert_eq!(answer.status(), 200, "{answer:?}");
    answer.0
}

fn is_inert(site: &Site, name: &str, page: &str) {
    let (head, body) = page.split_once("\r\n\r\n").expect("an answer");
    for tag in ["<script>alert", "<img"] {
        assert!(!body.contains(tag), "{name}: {page}");
    }
    for header in ["\r\nset-cookie: sessionid=evil", "\r\nx:y"] {
        assert!(!head.to_lowercase().contains(header), "{name}: {page}");
    }
    assert!(!name.contains("7*7") || body.contains("7*7"), "{name}: {page}");
    assert_eq!(
        site.sql("UPDATE auth_user SET is_active = 1", []),
        2,
        "{name}: both users are there"
    );
}

/// Each line is one object of ours.
fn log_is_sound(site: &Site) {
    let log = site.server.log();
    assert!(!log.contains('\u{1b}') && !log.contains('\u{202e}'), "{log}");
    for line in log.lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect(line);
        assert!(
            object["timestamp"].is_string() && object["message"] != "forged",
            "{line}"
        );
    }
}

#[test]
fn names_that_look_like_another_s_are_not_that_one() {
    let site = Site::new();
    for name in [
        "\u{430}lice",
        "\u{ff21}lice",
        "\u{ff41}lice",
        "alice.",
        "alice ",
        "ALICE",
        "al\u{200d}ice",
        "al\u{ed}ce",
        "\u{202e}ecila",
        "\u{1f600}",
    ] {
        site.refuses(name, &site.authorize(basic(name, PASSWORD)), &[401]);
    }
}

#[test]
fn names_that_look_like_another_s_cannot_be_made_where_django_forbids_them() {
    let site = Site::new();
    let long = "a".repeat(151);
    for name in [
        "al\u{200d}ice",
        "\u{202e}ecila",
        "\u{1f600}",
        "a\u{0}b",
        &long,
        "a b",
        "<b>",
        "a\r\nb",
        "",
    ] {
        let name: String = name.chars().filter(|letter| *letter != '\0').collect();
        let options = ["createuser", "--username", &name, "--password-stdin"];
        let made = site.folder.input(&options, "wonderland-43\n");
        assert!(!made.status.success() || name == "ab", "{name}");
        assert!(!errors(&made).contains("panicked"), "{}", errors(&made));
    }
    let clash = site.folder.input(
        &["createuser", "--username", "\u{ff41}lice", "--password-stdin"],
        "wonderland-43\n",
    );
    assert_eq!(errors(&clash), "Error: That username is already taken.\n");
}
