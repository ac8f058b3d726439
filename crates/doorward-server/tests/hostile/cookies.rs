//! Section D: sessions and cookies.

use std::io::Read;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use doorward::clock::{Clock, SystemClock};
use doorward::django::secret::SecretKey;
use doorward::django::signing::sign_with_timestamp;
use flate2::{Compression, read::ZlibEncoder};

use super::site::{KEY, Site};

#[test]
fn session_keys_that_are_garbage_are_anonymous() {
    let site = Site::new();
    let alice = site.browser("alice").session;
    let mut tampered = alice.clone();
    tampered.replace_range(0..1, if alice.starts_with('a') { "b" } else { "a" });
    let keys = [
        "garbage",
        "",
        &tampered,
        &alice.to_uppercase(),
        &alice[1..],
        &"a".repeat(5_000),
        "' OR 1=1 --",
        "../../etc/passwd",
        "\u{e9}\u{1f511}",
        "%00",
    ];
    for key in keys {
        let answer = site.ask("GET", "/api/profile/", format!("Cookie: sessionid={key}\r\n"), "");
        site.refuses(&format!("117 {key}"), &answer, &[401]);
    }
    let answer = site.ask("GET", "/api/profile/", "Cookie: sessionid=garbage\r\n", "");
    assert!(
        answer.head().contains("set-cookie: sessionid=\"\";"),
        "{answer:?}"
    );
    assert!(answer.head().contains("Max-Age=0"), "{answer:?}");
}

#[test]
fn of_two_session_cookies_the_last_one_counts() {
    let site = Site::new();
    let key = site.browser("alice").session;
    for (cookies, status) in [
        (format!("Cookie: sessionid=garbage; sessionid={key}\r\n"), 200),
        (format!("Cookie: sessionid={key}; sessionid=garbage\r\n"), 401),
        (format!("Cookie: a=\"; sessionid={key}\r\n"), 200),
    ] {
        let answer = site.ask("GET", "/api/profile/", &cookies, "");
        site.refuses(&format!("118 {cookies}"), &answer, &[status]);
    }
}

#[test]
fn cookies_without_measure_are_no_matter() {
    let site = Site::new();
    let key = site.browser("alice").session;
    let many: String = (0..200).map(|number| format!("c{number}=v; ")).collect();
    for cookies in [
        format!("{many}sessionid={key}"),
        format!(";;=;;sessionid={key};;=x;novalue"),
    ] {
        let answer = site.ask("GET", "/api/profile/", format!("Cookie: {cookies}\r\n"), "");
        site.refuses("127", &answer, &[200]);
    }
    let large = format!("Cookie: a={}\r\n", "b".repeat(64 * 1024));
    site.refuses(
        "127 64 KB",
        &site.ask("GET", "/api/profile/", large, ""),
        &[0, 401, 431],
    );
}

/// What a signer with our key would write: nobody without the key gets this far.
fn signed(packed: &str) -> String {
    let key = SecretKey::new(KEY);
    sign_with_timestamp(
        packed,
        SystemClock.now(),
        "django.contrib.sessions.SessionStore",
        &key,
    )
}

fn bomb() -> String {
    let zeros = std::io::repeat(b' ').take(64 * 1024 * 1024);
    let mut packed = Vec::new();
    let mut encoder = ZlibEncoder::new(zeros, Compression::best());
    encoder.read_to_end(&mut packed).expect("memory");
    signed(&format!(".{}", URL_SAFE_NO_PAD.encode(packed)))
}

fn unreadable() -> Vec<(&'static str, String)> {
    let data = |json: &str| signed(&URL_SAFE_NO_PAD.encode(json));
    let pickle =
        b"\x80\x04\x95\x1e\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.";
    vec![
        ("123 empty", String::new()),
        ("123 no signature", "e30".to_owned()),
        ("123 colons", ":".repeat(1_000)),
        ("123 NUL", "a\0b:c:d".to_owned()),
        ("123 another signature", data("{}").replace(':', ":x")),
        ("123 pickle", signed(&URL_SAFE_NO_PAD.encode(pickle))),
        ("123 pickle without signature", URL_SAFE_NO_PAD.encode(pickle)),
        ("123 bomb", bomb()),
        ("123 no zlib", signed(".AAAA")),
        ("123 no base64", signed("!!!!")),
        ("123 list", data("[]")),
        ("123 deep", data(&"[".repeat(100_000))),
        (
            "123 backend",
            data(r#"{"_auth_user_id":"1","_auth_user_backend":"os.system","_auth_user_hash":"x"}"#),
        ),
        (
            "122 another user",
            data(
                r#"{"_auth_user_id":"2","_auth_user_backend":"django.contrib.auth.backends.ModelBackend","_auth_user_hash":"x"}"#,
            ),
        ),
        (
            "122 no id",
            data(r#"{"_auth_user_id":{"a":[]},"_auth_user_backend":1,"_auth_user_hash":null}"#),
        ),
        ("122 large id", data(r#"{"_auth_user_id":1e400}"#)),
        (
            "123 expiry",
            data(r#"{"_session_expiry":"garbage","_auth_user_id":"1"}"#),
        ),
    ]
}

#[test]
fn session_data_that_cannot_be_read_is_anonymous() {
    let site = Site::new();
    let alice = site.browser("alice");
    let before = peak(&site);
    for (row, data) in unreadable() {
        let sql = "INSERT OR REPLACE INTO django_session (session_key, session_data, expire_date) \
                   VALUES (?, ?, '2999-01-01 00:00:00')";
        site.sql(sql, [alice.session.as_str().into(), data.as_str().into()]);
        site.refuses(
            row,
            &site.ask("GET", "/api/profile/", alice.cookies(), ""),
            &[401],
        );
        let page = site.ask("GET", "/admin/", alice.cookies(), "");
        assert_eq!(page.status(), 200, "{row}: {page:?}");
        assert!(page.body().contains("id_password"), "{row}: {page:?}");
    }
    let grown = peak(&site) - before;
    assert!(grown < 32, "the bomb of 64 MiB took {grown} MiB");
    assert!(
        site.server.says("Session data corrupted"),
        "{}",
        site.server.log()
    );
}

/// The most memory that the server has had so far, in MiB; 0 where the system does not tell.
fn peak(site: &Site) -> u64 {
    let status = site
        .folder
        .shell(&format!("cat /proc/{}/status", site.server.id()));
    let status = String::from_utf8_lossy(&status.stdout).into_owned();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap_or("VmHWM: 0");
    let kibibytes: u64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    kibibytes / 1024
}

#[test]
fn rows_with_impossible_dates_are_anonymous() {
    let site = Site::new();
    for date in [
        "",
        "garbage",
        "0000-00-00 00:00:00",
        "99999-01-01 00:00:00",
        "1970-01-01 00:00:00",
    ] {
        let alice = site.browser("alice");
        site.sql("UPDATE django_session SET expire_date = ?", [date.into()]);
        let answer = site.ask("GET", "/api/profile/", alice.cookies(), "");
        assert!([200, 401].contains(&answer.status()), "124 {date}: {answer:?}");
        site.holds(&format!("124 {date}"), &answer);
    }
    let alice = site.browser("alice");
    site.sql("UPDATE django_session SET session_data = x'00ff'", []);
    site.refuses(
        "123 bytes",
        &site.ask("GET", "/api/profile/", alice.cookies(), ""),
        &[401],
    );
}
