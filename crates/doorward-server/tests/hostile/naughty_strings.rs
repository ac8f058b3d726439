//! Row 153: the big list of naughty strings (`interop/vectors/README.md`).

use std::fmt::Write;

use serde_json::{Value, json};

use super::site::{FORM, JSON, PASSWORD, Site, basic};
use super::support::errors;

fn strings() -> Vec<String> {
    let strings: Vec<String> =
        serde_json::from_str(include_str!("../../../../interop/vectors/blns.json")).expect("JSON");
    assert_eq!(strings.len(), 515, "the list is whole");
    strings
}

const REFUSED: [u16; 3] = [400, 401, 403];

#[test]
fn as_names_and_passwords_they_let_nobody_in() {
    let site = Site::new();
    for text in strings() {
        for (username, password) in [(text.as_str(), PASSWORD), ("alice", &text), (&text, &text)] {
            let body = json!({"username": username, "password": password}).to_string();
            let row = format!("153 {body}");
            let form = format!("username={}&password={}", escaped(username), escaped(password));
            let answers = ["/api/token/", "/api-token-auth/"]
                .into_iter()
                .flat_map(|path| [site.post(path, &body), site.ask("POST", path, FORM, &form)]);
            answers.for_each(|answer| answer.is_one_of(&row, &REFUSED));
            site.authorize(basic(username, password))
                .is_one_of(&row, &REFUSED);
        }
        site.holds("153", &site.authorize(basic(&text, &text)));
    }
}

#[test]
fn as_tokens_they_open_nothing() {
    let site = Site::new();
    for text in strings() {
        let row = format!("153 {text:?}");
        let body = json!({"refresh": text, "token": text}).to_string();
        for path in [
            "/api/token/refresh/",
            "/api/token/verify/",
            "/api/token/blacklist/",
            "/api/token/sliding/refresh/",
        ] {
            site.post(path, &body).is_one_of(&row, &REFUSED);
        }
        let line: String = text.chars().filter(|letter| !letter.is_control()).collect();
        for scheme in ["Token", "Bearer", "Basic"] {
            // An empty one is no credential for the scheme, so nobody's.
            site.authorize(format!("{scheme} {line}")).is_one_of(&row, &[401]);
        }
        let cookies = format!("Cookie: sessionid={line}; csrftoken={line}\r\n");
        let answer = site.ask("GET", "/api/profile/", cookies, "");
        site.refuses(&row, &answer, &[401]);
    }
}

#[test]
fn in_the_login_form_they_are_only_text() {
    let site = Site::new();
    let page = site.ask("GET", "/api-auth/login/", "", "");
    let csrf = page.cookie("csrftoken");
    for text in strings() {
        let text = escaped(&text);
        let form = format!("csrfmiddlewaretoken={csrf}&username={text}&password={text}&next={text}");
        let headers = format!("{FORM}Cookie: csrftoken={csrf}\r\n");
        let answer = site.ask("POST", "/api-auth/login/", headers, form);
        assert_eq!(answer.status(), 200, "{text}: {answer:?}");
        for tag in ["<script>alert", "<img", "<svg", "<iframe"] {
            assert!(!answer.body().contains(tag), "{text}: {answer:?}");
        }
        assert!(!answer.head().contains("\r\nlocation: "), "{text}: {answer:?}");
    }
    site.holds("153 forms", &page);
}

/// Nobody has an endpoint for first names; somebody's import wrote them.
#[test]
fn as_first_names_they_come_back_as_they_are() {
    let site = Site::new();
    let alice = format!("Authorization: {}\r\n", basic("alice", PASSWORD));
    for text in strings() {
        site.sql("UPDATE auth_user SET first_name = ?", [text.as_str().into()]);
        let row = format!("153 {text:?}");
        let answer = site.ask("GET", "/api/profile/", &alice, "");
        answer.is_one_of(&row, &[200]);
        let told: Value = serde_json::from_str(answer.body()).expect("JSON");
        assert!(
            told.get("first_name").is_none_or(|name| *name == text),
            "{row}: {told}"
        );
        let change = json!({"old_password": text, "new_password": text}).to_string();
        let answer = site.ask("POST", "/api/password/change/", format!("{alice}{JSON}"), change);
        site.refuses(&row, &answer, &[400]);
    }
}

/// Every eighth: a process is started for each.
#[test]
fn as_new_users_names_they_are_refused_or_let_in() {
    let site = Site::new();
    let mut made = 0;
    for text in strings().into_iter().step_by(8) {
        let name = text.replace('\0', "");
        let options = ["createuser", "--password-stdin", &format!("--username={name}")];
        let output = site.folder.input(&options, &format!("{PASSWORD}\n"));
        let told = errors(&output);
        assert!(!told.contains("panicked"), "{name:?}: {told}");
        match output.status.code() {
            Some(0) => {
                made += 1;
                let answer = site.authorize(basic(&name, PASSWORD));
                // Others may be kept in another spelling, as Django normalises them.
                assert!(!name.is_ascii() || answer.status() == 200, "{name:?}: {answer:?}");
                assert!([200, 401].contains(&answer.status()), "{name:?}: {answer:?}");
            }
            code => assert_eq!(code, Some(1), "{name:?}: {told}"),
        }
    }
    assert!(made > 5, "some are names: {made}");
    site.holds("153 createuser", &site.ask("GET", "/api/profile/", "", ""));
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        let _ = write!(escaped, "%{byte:02X}");
    }
    escaped
}
