//! Secrets of every kind, sent along every path: no line of the log holds one, however much is logged.

use std::thread;
use std::time::Duration;

use super::site::{Answer, End, FORM, JSON, Site, basic};
use super::support::{Folder, field};

const SETTINGS: &str = "secret_key = \"canary-secret-key-0123456789-0123456789-0123456789\"\n\
    [database]\nurl = \"sqlite://canary-database-hunter2.sqlite3\"\n\
    [passwords]\nhashers = [\"md5\"]\n\
    [mail]\nurl = \"file:letters\"\nreset_url = \"https://app.example.com/reset/{uid}/{token}/\"\n\
    [throttle.rates]\npassword_reset = \"100000/s\"\npassword_reset_email = \"100000/s\"\n\
    [urls]\ntoken_revoke = true\ntoken_introspect = true\n";

const PASSWORD: &str = "canary-password-1";
const RESET_PASSWORD: &str = "canary-password-2";
const NEW_PASSWORD: &str = "canary-password-3";
const LOGIN: &str = "{\"username\": \"alice\", \"password\": \"canary-password-1\"}";

fn site() -> Site {
    let folder = Folder::new().with("doorward.toml", SETTINGS);
    folder.succeeds(&["migrate"]);
    let options = [
        "createuser",
        "--staff",
        "--username",
        "alice",
        "--email",
        "alice@example.com",
        "--password-stdin",
    ];
    assert!(folder.input(&options, &format!("{PASSWORD}\n")).status.success());
    let server = folder.serve_with(&[("RUST_LOG", "trace")]);
    Site { server, folder }
}

/// Everything that nobody may read.
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn named(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(kind, _)| *kind == name);
        found.map(|(_, secret)| secret.as_str()).expect("one")
    }
}

#[test]
fn no_secret_is_logged() {
    let mut site = site();
    let secrets = collect(&site);
    for path in paths(&site) {
        for (kind, secret) in &secrets.0 {
            everywhere(&site, &path, secret);
            assert!(!site.server.log().contains("panicked"), "{path} {kind}");
        }
    }
    malformed(&site, &secrets);
    use_up(&site, &secrets);
    site.server.signal("TERM");
    site.server.ended();
    let log = site.server.log();
    assert!(
        log.contains("\"level\":\"TRACE\"") || log.contains("\"level\":\"DEBUG\""),
        "{log}"
    );
    for (kind, secret) in &secrets.0 {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "the {kind} is in the log");
    }
    assert!(
        !log.contains("canary"),
        "{:?}",
        log.lines().find(|line| line.contains("canary"))
    );
}

fn collect(site: &Site) -> Secrets {
    let pair = site.post("/api/token/", LOGIN).0;
    let opaque = site.post("/api-token-auth/", LOGIN).0;
    let page = site.ask("GET", "/api-auth/login/", "", "");
    let before = page.cookie("csrftoken");
    let headers = format!("{JSON}Cookie: csrftoken={before}\r\nX-CSRFToken: {before}\r\n");
    let session = site.ask("POST", "/api-auth/login/", headers, LOGIN);
    let link = reset_link(site);
    Secrets(vec![
        ("reset token", token_of(&link).to_owned()),
        ("reset link", link),
        ("password", PASSWORD.to_owned()),
        (
            "password in base64",
            basic("alice", PASSWORD).split_off("Basic ".len()),
        ),
        ("access token", field(&pair, "access")),
        ("refresh token", field(&pair, "refresh")),
        ("opaque token", field(&opaque, "token")),
        ("session", session.cookie("sessionid")),
        ("CSRF token", session.cookie("csrftoken")),
        ("CSRF token before", before),
        (
            "secret key",
            "canary-secret-key-0123456789-0123456789-0123456789".to_owned(),
        ),
    ])
}

/// The link that a letter brings.
fn reset_link(site: &Site) -> String {
    let asked = site.post("/api/password/reset/", "{\"email\": \"alice@example.com\"}");
    assert_eq!(asked.status(), 200, "{asked:?}");
    for _ in 0..1_000 {
        let letters = site.folder.shell("cat letters/*.eml 2> /dev/null").stdout;
        let letters = String::from_utf8_lossy(&letters).replace("=\r\n", "");
        if let Some((_, rest)) = letters.split_once("https://app.example.com/reset/") {
            let path = rest.split_whitespace().next().expect("a path");
            return format!("https://app.example.com/reset/{path}");
        }
        thread::sleep(Duration::from_millis(20));
    }
    unreachable!("no letter came")
}

fn token_of(link: &str) -> &str {
    link.trim_end_matches('/').rsplit('/').next().expect("a token")
}

fn paths(site: &Site) -> Vec<String> {
    let routes = site.folder.succeeds(&["routes", "--json"]);
    let routes: serde_json::Value = serde_json::from_str(&routes).expect("JSON");
    let paths: Vec<String> = routes
        .as_array()
        .expect("a list")
        .iter()
        .map(|route| route["path"].as_str().expect("a path").to_owned())
        .collect();
    assert!(paths.len() > 15, "{paths:?}");
    paths.into_iter().chain(["/nowhere/".to_owned()]).collect()
}

/// A secret wherever a request to that path may hold one.
fn everywhere(site: &Site, path: &str, secret: &str) {
    let sent = |method: &str, path: &str, headers: &str, body: &str| {
        let answer = site.ask(method, path, headers, body);
        let status = answer.status();
        assert!(status < 500 || status == 503, "{method} {path}: {answer:?}");
    };
    for scheme in ["Basic", "Bearer", "Token", ""] {
        let header = format!("Authorization: {scheme} {secret}\r\n");
        sent("GET", path, &header, "");
        sent("POST", path, &format!("{header}{JSON}"), "{}");
    }
    let cookies = format!("Cookie: sessionid={secret}; csrftoken={secret}\r\nX-CSRFToken: {secret}\r\n");
    sent("GET", path, &cookies, "");
    sent("POST", path, &format!("{cookies}{FORM}"), "a=b");
    sent("GET", &format!("{path}?token={secret}&next=/{secret}"), "", "");
    let odd = format!("Origin: {secret}\r\nReferer: https://a.example/?{secret}\r\nUser-Agent: {secret}\r\n");
    sent("POST", path, &format!("{cookies}{odd}{JSON}"), "{}");
    let fields = [
        "username",
        "password",
        "refresh",
        "token",
        "old_password",
        "new_password",
        "uid",
        "email",
    ];
    let object: serde_json::Map<_, _> = fields
        .iter()
        .map(|name| ((*name).to_owned(), secret.into()))
        .collect();
    let json = serde_json::Value::Object(object).to_string();
    sent("POST", path, JSON, &json);
    sent("POST", path, JSON, &json[..json.len() - 2]);
    sent("POST", path, JSON, secret);
    sent("PUT", path, JSON, &json);
    let form = fields.map(|name| format!("{name}={secret}")).join("&");
    sent("POST", path, FORM, &form);
    sent(
        "POST",
        path,
        &format!("Content-Type: multipart/form-data; boundary={secret}\r\n"),
        &form,
    );
    sent("POST", path, &format!("Content-Type: text/{secret}\r\n"), &json);
    sent(
        "POST",
        path,
        &format!("{JSON}Content-Encoding: {secret}\r\n"),
        &json,
    );
}

/// Requests that are none, and hosts that are not ours.
fn malformed(site: &Site, secrets: &Secrets) {
    for (_, secret) in &secrets.0 {
        for request in [
            format!("{secret}\r\n\r\n"),
            format!("GET / HTTP/1.1\r\nAuthorization : Bearer {secret}\r\n\r\n"),
            format!("GET / HTTP/1.1\r\nHost: localhost\r\n{secret}\r\n\r\n"),
            format!(
                "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\n{JSON}Content-Length: 9999\r\n\r\n{secret}"
            ),
            format!(
                "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{secret}"
            ),
        ] {
            let _: Answer = site.exchange(request.as_bytes(), End::Shut);
        }
    }
}

/// The link is used, twice; the password is changed, and the tokens are used up.
fn use_up(site: &Site, secrets: &Secrets) {
    confirm_reset(site, secrets.named("reset link"));
    let header = format!("{JSON}Authorization: {}\r\n", basic("alice", RESET_PASSWORD));
    let body = format!("{{\"old_password\": \"{RESET_PASSWORD}\", \"new_password\": \"{NEW_PASSWORD}\"}}");
    let changed = site.ask("POST", "/api/password/change/", header, body);
    assert_eq!(changed.status(), 200, "{changed:?}");
    let refresh = secrets.named("refresh token");
    for path in [
        "/api/token/refresh/",
        "/api/token/blacklist/",
        "/api/token/blacklist/",
    ] {
        let answer = site.post(path, format!("{{\"refresh\": \"{refresh}\"}}"));
        assert!([200, 401].contains(&answer.status()), "{answer:?}");
    }
}

/// Refused where the password is weak, taken once, and refused from then on.
fn confirm_reset(site: &Site, link: &str) {
    let mut parts = link.trim_end_matches('/').rsplit('/');
    let (token, uid) = (parts.next().expect("a token"), parts.next().expect("a user"));
    for (password, status) in [("canary", 400), (RESET_PASSWORD, 200), (NEW_PASSWORD, 400)] {
        let body =
            format!("{{\"uid\": \"{uid}\", \"token\": \"{token}\", \"new_password\": \"{password}\"}}");
        let answer = site.post("/api/password/reset/confirm/", body);
        assert_eq!(answer.status(), status, "{answer:?}");
    }
}
