//! Section C: bodies, to every endpoint that takes one.

use std::fmt::Write;

use super::site::{ENDPOINTS, FORM, JSON, LOGIN, PASSWORD, Site, basic};
use super::support::field;

/// What a body that makes no sense is told: 401 and 403 where the caller is asked first.
const REFUSED: [u16; 5] = [400, 401, 403, 413, 415];

fn nested(open: &str, close: &str) -> Vec<u8> {
    format!("{}1{}", open.repeat(100_000), close.repeat(100_000)).into()
}

/// Bodies that are no JSON, or hold no fields.
fn malformed() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("80 empty", b"".into()),
        ("80 no fields", b"{}".into()),
        ("81 list", b"[]".into()),
        ("81 text", b"\"x\"".into()),
        ("81 number", b"1".into()),
        ("81 null", b"null".into()),
        ("82 malformed", b"{\"username\": ".into()),
        ("82 comma", b"{\"username\": \"a\",}".into()),
        ("82 mark", b"\xef\xbb\xbf{}".into()),
        ("82 no UTF-8", b"{\"username\": \"\xff\xfe\"}".into()),
        ("82 overlong", b"{\"username\": \"\xc0\x80\"}".into()),
        ("82 NaN", b"{\"username\": NaN}".into()),
        ("82 NUL", b"\0\0\0\0".into()),
        ("82 two", b"{}{}".into()),
        ("84 lists", nested("[", "]")),
        ("84 objects", nested("{\"a\":", "}")),
        ("84 open", "[".repeat(100_000).into()),
    ]
}

/// Fields of other kinds than text.
fn mistyped() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        (
            "86 null",
            b"{\"username\": null, \"password\": null, \"refresh\": null, \"token\": null}".into(),
        ),
        (
            "86 list",
            b"{\"username\": [], \"password\": [], \"refresh\": [], \"token\": []}".into(),
        ),
        (
            "86 object",
            b"{\"username\": {}, \"password\": {}, \"refresh\": {}, \"token\": {}}".into(),
        ),
        (
            "86 bool",
            b"{\"username\": true, \"password\": true, \"refresh\": true, \"token\": true}".into(),
        ),
        (
            "86 number",
            b"{\"username\": 1, \"password\": 1.5e300, \"refresh\": 1, \"token\": 1}".into(),
        ),
        (
            "86 large",
            format!("{{\"username\": 1{}, \"password\": 1e999}}", "0".repeat(400)).into(),
        ),
        (
            "87",
            b"{\"username\": \"\", \"password\": \" \", \"refresh\": \"\", \"token\": \" \"}".into(),
        ),
        (
            "88 NUL",
            br#"{"username": "a\u0000", "password": "\u0000", "refresh": "\u0000", "token": "\u0000"}"#
                .into(),
        ),
        (
            "88 surrogate",
            br#"{"username": "\ud800", "password": "\udfff", "refresh": "\ud800"}"#.into(),
        ),
        (
            "106 dots",
            format!(
                "{{\"refresh\": \"{0}\", \"token\": \"{0}\"}}",
                ".".repeat(100_000)
            )
            .into(),
        ),
    ]
}

#[test]
fn bodies_that_make_no_sense_are_refused_by_every_endpoint() {
    let site = Site::new();
    let bodies = [malformed(), mistyped()].concat();
    let good = basic("alice", PASSWORD);
    for path in ENDPOINTS {
        for (row, body) in &bodies {
            let row = format!("{row} at {path}");
            site.refuses(&row, &site.post(path, body), &REFUSED);
        }
        if path.starts_with("/api/password") {
            for (row, body) in &bodies {
                let answer = site.ask("POST", path, format!("{JSON}Authorization: {good}\r\n"), body);
                site.refuses(&format!("{row}, known, at {path}"), &answer, &REFUSED);
            }
        }
    }
}

#[test]
fn bodies_without_measure_are_refused_or_cost_little() {
    let site = Site::new();
    let rows = [
        ("92 10 000", "a".repeat(10_000), PASSWORD.to_owned(), 401),
        ("92 60 000", "a".repeat(60_000), PASSWORD.to_owned(), 401),
        ("92 wide", "\u{fdfa}".repeat(20_000), PASSWORD.to_owned(), 401),
        ("92 1 000 000", "a".repeat(1_000_000), PASSWORD.to_owned(), 413),
        ("93 60 kB", "alice".to_owned(), "a".repeat(60_000), 401),
        ("93 1 MB", "alice".to_owned(), "a".repeat(1_000_000), 413),
        ("94 3 MB", "alice".to_owned(), "a".repeat(3_000_000), 413),
    ];
    for (row, username, password, status) in rows {
        let body = serde_json::json!({"username": username, "password": password}).to_string();
        site.refuses(row, &site.post("/api/token/", &body), &[status]);
        let form = format!("username={username}&password={password}");
        site.refuses(row, &site.ask("POST", "/api/token/", FORM, form), &[status]);
    }
}

#[test]
fn other_types_are_refused() {
    let site = Site::new();
    for content_type in [
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type: application/xml\r\n",
        "Content-Type: \r\n",
        "Content-Type: \u{e9}\r\n",
        "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
        "Content-Type: application/json\r\nContent-Encoding: br, gzip\r\n",
        "Content-Type: application/json\r\nContent-Encoding: nonsense\r\n",
    ] {
        let answer = site.ask("POST", "/api/token/", content_type, LOGIN);
        site.refuses(&format!("96, 99 {content_type}"), &answer, &[415]);
    }
    // 1 MiB of spaces, packed.
    let bomb = [&b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"[..], &[0; 1000]].concat();
    let headers = format!("{JSON}Content-Encoding: gzip\r\n");
    site.refuses(
        "99 gzip",
        &site.ask("POST", "/api/token/", headers, &bomb),
        &[415],
    );
    site.refuses("99 gzip untold", &site.post("/api/token/", &bomb), &[400]);
    for charset in ["utf-16", "utf-7", "\"", "x".repeat(200).as_str()] {
        let header = format!("Content-Type: application/json; charset={charset}\r\n");
        let answer = site.ask("POST", "/api/token/", header, LOGIN);
        site.refuses("97", &answer, &[200, 400, 415]);
    }
}

#[test]
fn forms_in_parts_are_read_within_bounds() {
    let site = Site::new();
    let headers = "Content-Type: multipart/form-data; boundary=b\r\n";
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let good = format!(
        "{}{}--b--\r\n",
        part("username", "alice"),
        part("password", PASSWORD)
    );
    assert_eq!(site.ask("POST", "/api/token/", headers, &good).status(), 200);
    let mut many = String::new();
    for number in 0..10_000 {
        many += &part(&format!("f{number}"), "x");
    }
    let rows = [
        ("98 10 000 parts", format!("{many}{good}")),
        ("98 cut off", good[..good.len() / 2].to_owned()),
        ("98 no end", good.trim_end_matches("--b--\r\n").to_owned()),
        (
            "98 a file",
            part("username", "a").replace("name=", "filename=\"x\"; name=") + "--b--\r\n",
        ),
        (
            "98 a large head",
            format!("--b\r\nX: {}\r\n\r\n\r\n--b--\r\n", "a".repeat(1_000_000)),
        ),
        (
            "98 many heads",
            format!("--b\r\n{}\r\n\r\n--b--\r\n", "X: y\r\n".repeat(10_000)),
        ),
        (
            "98 nested",
            format!("--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{good}--b--\r\n"),
        ),
        (
            "98 no name",
            "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n".to_owned(),
        ),
        ("98 nothing", "--b--\r\n".to_owned()),
        ("98 garbage", "\0\u{ff}garbage".to_owned()),
    ];
    for (row, body) in rows {
        site.refuses(row, &site.ask("POST", "/api/token/", headers, &body), &[400, 413]);
    }
}

#[test]
fn boundaries_that_are_none_are_refused() {
    let site = Site::new();
    for boundary in [
        "",
        "; boundary=",
        "; boundary=\"\"",
        "; boundary=\u{e9}",
        &format!("; boundary={}", "b".repeat(300)),
    ] {
        let header = format!("Content-Type: multipart/form-data{boundary}\r\n");
        site.refuses(
            "98 boundary",
            &site.ask("POST", "/api/token/", header, LOGIN),
            &[400, 415],
        );
    }
}

#[test]
fn fields_in_hundreds_of_thousands_are_refused() {
    let site = Site::new();
    let mut form = String::new();
    for number in 0..100_000 {
        write!(form, "f{number}=&").expect("memory");
    }
    form += "username=alice&password=wonderland-42";
    site.refuses("95", &site.ask("POST", "/api/token/", FORM, &form), &[400, 413]);
    let mut json = "{".to_owned();
    for number in 0..100_000 {
        write!(json, "\"f{number}\":0,").expect("memory");
    }
    json += &LOGIN[1..];
    site.refuses("110", &site.post("/api/token/", &json), &[413]);
}

#[test]
fn extra_fields_gain_nothing() {
    let site = Site::new();
    let body = "{\"username\": \"bob\", \"password\": \"wonderland-42\", \"user_id\": 1, \"is_staff\": true, \
                 \"is_superuser\": true, \"token_type\": \"refresh\", \"exp\": 99999999999}";
    let pair = site.post("/api/token/", body);
    site.refuses("110", &pair, &[200]);
    let access = field(&pair.0, "access");
    let profile = site.authorize(format!("Bearer {access}"));
    assert!(profile.body().contains("\"username\":\"bob\""), "{profile:?}");
    assert_eq!(
        site.sql("UPDATE auth_user SET is_superuser = 0 WHERE is_superuser = 1", []),
        0
    );
}

#[test]
fn of_a_name_twice_the_last_value_counts() {
    let site = Site::new();
    let body = "{\"username\": \"alice\", \"username\": \"mallory\", \"password\": \"wonderland-42\"}";
    site.refuses("83", &site.post("/api/token/", body), &[401]);
    let form = "username=mallory&username=alice&password=wonderland-42";
    site.refuses("95", &site.ask("POST", "/api/token/", FORM, form), &[200]);
}

#[test]
fn other_methods_and_types_are_refused() {
    let site = Site::new();
    for path in ENDPOINTS {
        for method in ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "FOO", "get"] {
            let answer = site.ask(method, path, JSON, LOGIN);
            let row = format!("103 {method} {path}");
            site.refuses(&row, &answer, &[0, 400, 401, 403, 404, 405]);
            assert!(
                answer.status() != 405 || answer.head().contains("\r\nallow: "),
                "{row}: {answer:?}"
            );
        }
    }
    let answer = site.ask(
        "POST",
        "/api/token/",
        format!("{JSON}Accept: text/xml\r\n"),
        LOGIN,
    );
    site.refuses("104", &answer, &[406]);
    let answer = site.post("/api/token", LOGIN);
    site.refuses("105", &answer, &[301, 307, 308, 404]);
}
