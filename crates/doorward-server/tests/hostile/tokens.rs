//! Section B over a socket: what tokens must not make a server do, and refreshes whose clients vanish (row 116).

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::net::{Shutdown, TcpListener};
use std::thread;
use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use doorward::database::Value;
use serde_json::{Value as Json, json};

use super::site::{JSON, LOGIN, Site, runtime};
use super::support::field;

/// A token under that header, with a signature that is none of ours.
fn token(header: &Json) -> String {
    let encode = |text: String| URL_SAFE_NO_PAD.encode(text);
    let claims = json!({"token_type": "access", "exp": 4_000_000_000_u64, "jti": "a", "user_id": "1"});
    let signature = URL_SAFE_NO_PAD.encode([7; 32]);
    format!(
        "{}.{}.{signature}",
        encode(header.to_string()),
        encode(claims.to_string())
    )
}

/// Rows 34, 36: a header that names addresses and files.
fn leading_elsewhere(url: &str, path: &str) -> Vec<Json> {
    let chain = json!(["MIIB"]);
    let key = json!({"kty": "oct", "k": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"});
    let with = |name: &str, value: Json| {
        let mut header = json!({"alg": "HS256", "typ": "JWT"});
        header[name] = value;
        header
    };
    vec![
        with("jku", json!(url)),
        with("x5u", json!(url)),
        with("kid", json!(url)),
        with("kid", json!(path)),
        with("kid", json!("../../../../dev/zero")),
        with("kid", json!("x' UNION SELECT 'key' --")),
        with("kid", json!("\u{0}")),
        with("kid", json!("k".repeat(20_000))),
        with("x5c", chain),
        with("jwk", key),
    ]
}

#[cfg(target_os = "linux")]
#[test]
fn no_token_has_the_server_open_an_address_or_a_file() {
    use std::os::unix::fs::OpenOptionsExt;

    /// `O_NONBLOCK`: a pipe that nobody reads is an error then.
    const NONBLOCK: i32 = 0o4000;

    let site = Site::new();
    let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a port");
    elsewhere.set_nonblocking(true).expect("it can be asked");
    let url = format!("http://{}/keys", elsewhere.local_addr().expect("an address"));
    // Whoever opens a pipe to read it waits for a writer: the answer would not come.
    assert!(site.folder.shell("mkfifo key.pipe").status.success());
    let pipe = site.folder.path("key.pipe");
    for header in leading_elsewhere(&url, &pipe.display().to_string()) {
        let token = token(&header);
        let row = header.to_string();
        site.refuses(&row, &site.authorize(format!("Bearer {token}")), &[401]);
        for path in [
            "/api/token/verify/",
            "/api/token/refresh/",
            "/api/token/blacklist/",
        ] {
            let body = json!({"token": token, "refresh": token}).to_string();
            site.refuses(&row, &site.post(path, body), &[401]);
        }
    }
    let came = elsewhere.accept().map_err(|error| error.kind());
    assert_eq!(came.err(), Some(ErrorKind::WouldBlock), "nobody called");
    let reader = OpenOptions::new().write(true).custom_flags(NONBLOCK).open(pipe);
    assert!(reader.is_err(), "nobody reads the pipe");
}

/// Rows 39, 66, 71, 72.
#[test]
fn tokens_without_measure_are_refused_at_once() {
    let site = Site::new();
    let access = site.tokens().access;
    let (head, rest) = access.split_once('.').expect("a token has dots");
    let bomb = json!({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2s": "AA", "p2c": 2_147_483_647, "zip": "DEF"});
    let five = format!("{}.{}", token(&bomb), "AA.AA");
    for (row, token) in [
        (
            "39",
            format!("{}.{rest}", URL_SAFE_NO_PAD.encode([b'['; 150_000])),
        ),
        ("66 1 MB", format!("{head}.{}.AA", "A".repeat(1 << 20))),
        ("71 dots", ".".repeat(100_000)),
        ("72 five parts", five),
        ("72 three parts", token(&bomb)),
        ("72 zip", token(&json!({"alg": "HS256", "zip": "DEF"}))),
    ] {
        let body = json!({"token": token, "refresh": token}).to_string();
        for path in ["/api/token/verify/", "/api/token/refresh/"] {
            site.refuses(row, &site.post(path, &body), &[401, 413]);
        }
    }
    let ten = json!({ "token": "A".repeat(10 << 20) }).to_string();
    let answer = site.post("/api/token/verify/", ten);
    assert!(
        matches!(answer.status(), 0 | 413),
        "the body is past `server.max_body`: {answer:?}"
    );
    let header = format!("Bearer {head}.{}.AA", "A".repeat(60_000));
    let answer = site.authorize(header);
    assert!(matches!(answer.status(), 401 | 431), "{answer:?}");
    site.holds("66 header", &answer);
}

const ROTATING: &str = "secret_key = \"a-key-for-tests-that-is-long-enough-0123456789\"\n[passwords]\n\
    hashers = [\"md5\"]\n[jwt]\nrotate_refresh_tokens = true\nblacklist_after_rotation = true\n";

/// How many clients vanish.
const VANISHING: usize = 1_000;

/// Sends a refresh and goes away: in the head, after it, in the body, or after all of it, without waiting.
fn vanish(site: &Site, refresh: &str, round: usize) {
    let body = json!({ "refresh": refresh }).to_string();
    let request = format!(
        "POST /api/token/refresh/ HTTP/1.1\r\nHost: localhost\r\n{JSON}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let ends = [
        40,
        request.len() - body.len(),
        request.len() - 9,
        request.len(),
        request.len(),
        request.len(),
    ];
    let end = ends.into_iter().cycle().nth(round).expect("it goes round");
    let mut stream = site.server.connect();
    stream.write_all(&request.as_bytes()[..end]).expect("it listens");
    if round.is_multiple_of(2) {
        // Some leave while the answer is being made.
        thread::sleep(Duration::from_millis(u64::try_from(round % 7).unwrap_or(0)));
    }
    if round.is_multiple_of(3) {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

fn descriptors(site: &Site) -> usize {
    fs::read_dir(format!("/proc/{}/fd", site.server.id())).map_or(0, Iterator::count)
}

#[test]
fn clients_that_vanish_leave_the_old_token_or_a_new_one_and_no_lock() {
    let site = Site::with(ROTATING);
    let mut refresh = field(&site.post("/api/token/", LOGIN).0, "refresh");
    let before = descriptors(&site);
    for round in 0..VANISHING {
        vanish(&site, &refresh, round);
        // Whoever lost the answer asks again: the old token is good, or its successor is told again.
        let answer = site.post("/api/token/refresh/", json!({ "refresh": refresh }).to_string());
        assert_eq!(answer.status(), 200, "round {round}: {answer:?}");
        refresh = field(&answer.0, "refresh");
    }
    let recorded = runtime().block_on(async {
        let database = site.database().await;
        let sql = "SELECT (SELECT count(*) FROM token_blacklist_outstandingtoken), \
            (SELECT count(*) FROM token_blacklist_blacklistedtoken)";
        let row = database.fetch_optional(sql, Vec::<Value>::new()).await;
        let row = row.expect("it is read").expect("a row");
        let counts: (i64, i64) = (row.read(0).expect("a number"), row.read(1).expect("a number"));
        database.close().await;
        counts
    });
    let rounds = i64::try_from(VANISHING).expect("it is small");
    assert_eq!(
        recorded,
        (rounds + 1, rounds),
        "one successor for each token, whoever heard of it"
    );
    site.holds(
        "116",
        &site.post("/api/token/refresh/", json!({ "refresh": refresh }).to_string()),
    );
    thread::sleep(Duration::from_millis(500));
    assert!(descriptors(&site) <= before + 8, "no connection is left open");
}
