//! OPTIONS of every route, asked by nobody and by a superuser.

use std::fmt::Write;

use serde_json::Value;

use super::snapshot::compare;
use super::support::{CONFIGURED, Folder, Running};

/// `Basic root:wonderland-42`.
const ROOT: &str = "Authorization: Basic cm9vdDp3b25kZXJsYW5kLTQy\r\n";

const EVERYTHING: &str = r#"
[rest]
permission = "IsAuthenticatedOrReadOnly"
throttle = ["anon", "user", "scoped"]
[throttle]
rates = { anon = "1000/day", user = "10000/day", login = "500/min" }
headers = true
[lockout]
failures = 5
[cors]
allowed_origins = ["https://app.example"]
[mail]
url = "file:letters"
reset_url = "https://app.example/reset/{uid}/{token}/"
[jwt]
auth_token_classes = ["access", "sliding"]
rotate_refresh_tokens = true
blacklist_after_rotation = true
[jwt.cookie]
refresh_name = "refresh"
access_name = "access"
[metrics]
token = "a-token-for-who-reads-metrics"
[urls]
token_revoke = true
token_introspect = true
"#;

#[test]
fn options_with_defaults() {
    compare("options", &asked_everywhere(CONFIGURED));
}

#[test]
fn options_with_everything_on() {
    compare(
        "options_everything",
        &asked_everywhere(&format!("{CONFIGURED}{EVERYTHING}")),
    );
}

fn asked_everywhere(settings: &str) -> String {
    let folder = Folder::new().with("doorward.toml", settings);
    folder.succeeds(&["migrate"]);
    let mut command = folder.command(&[
        "createsuperuser",
        "--noinput",
        "--username",
        "root",
        "--email",
        "",
    ]);
    let made = command.env("DJANGO_SUPERUSER_PASSWORD", "wonderland-42").output();
    assert!(made.expect("the program runs").status.success());
    let server = folder.serve();
    let mut text = String::new();
    for path in paths(&folder) {
        for (who, header) in [("nobody", ""), ("root", ROOT)] {
            let _ = writeln!(text, "OPTIONS {path} ({who})\n{}", asked(&server, &path, header));
        }
    }
    text
}

fn paths(folder: &Folder) -> Vec<String> {
    let routes: Value = serde_json::from_str(&folder.succeeds(&["routes", "--json"])).expect("JSON");
    let routes = routes.as_array().expect("a list").iter();
    routes
        .map(|route| route["path"].as_str().expect("a path").to_owned())
        .collect()
}

/// The answer, its headers sorted, without what differs each time.
fn asked(server: &Running, path: &str, header: &str) -> String {
    let answer = server.call("OPTIONS", path, header, "");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
    let mut lines = head.lines();
    let status = lines.next().expect("a status");
    let mut headers: Vec<_> = lines.filter(|line| !is_of_this_run(line)).collect();
    headers.sort_unstable();
    format!("{status}\n{}\n\n{body}\n", headers.join("\n"))
}

fn is_of_this_run(header: &str) -> bool {
    let name = header.split(':').next().unwrap_or_default().to_lowercase();
    ["date", "ratelimit", "x-request-id"].contains(&name.as_str())
}
