//! Section A: the Authorization header.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::site::{JSON, PASSWORD, Site, basic};

const ANONYMOUS: &str = "Authentication credentials were not provided.";
const BASE64: &str = "Invalid basic header. Credentials not correctly base64 encoded.";
const SPACES: &str = "Invalid basic header. Credentials string should not contain spaces.";
const WRONG: &str = "Invalid username/password.";
const JWT: &str = "Given token not valid for any token type";
const TWO: &str = "Authorization header must contain two space-delimited values";

#[test]
fn sound_credentials_are_read_however_they_are_spaced() {
    let site = Site::new();
    let tokens = site.tokens();
    let good = basic("alice", PASSWORD);
    let value = good.trim_start_matches("Basic ");
    let (opaque, access) = (&tokens.opaque, &tokens.access);
    for header in [
        format!("basic {value}"),
        format!("BASIC {value}"),
        format!("Basic  {value}"),
        format!("Basic\t{value}"),
        format!("  Basic {value} \t "),
        format!("Token {opaque}"),
        format!("token {opaque}"),
        format!("Bearer {access}"),
        format!("bearer {access}"),
    ] {
        let answer = site.authorize(&header);
        assert_eq!(answer.status(), 200, "{header}: {answer:?}");
        site.holds(&header, &answer);
    }
}

type Row = (&'static str, Vec<u8>, &'static str);

fn basic_rows() -> Vec<Row> {
    let encoded = |text: &[u8]| [b"Basic ", STANDARD.encode(text).as_bytes()].concat();
    let good = basic("alice", PASSWORD);
    vec![
        (
            "3",
            b"Basic".into(),
            "Invalid basic header. No credentials provided.",
        ),
        ("4", b"Basic a b".into(), SPACES),
        ("5 no base64", b"Basic !!!!".into(), BASE64),
        (
            "5 no padding",
            good.trim_end_matches('=').trim_end_matches('g').into(),
            BASE64,
        ),
        ("5 no colon", encoded(b"alice"), BASE64),
        ("7", b"Basic YWJj*#==".into(), BASE64),
        ("8 empty", encoded(b":"), WRONG),
        ("8 no password", encoded(b"alice:"), WRONG),
        ("8 unknown", encoded(b"mallory:wonderland-42"), WRONG),
        ("8 wrong", encoded(b"alice:wonderland-43"), WRONG),
        ("10 name", encoded(b"alice\0:wonderland-42"), WRONG),
        ("10 password", encoded(b"alice:wonderland-42\0"), WRONG),
        ("11 case", encoded(b"ALICE:wonderland-42"), WRONG),
        ("11 space", encoded(b"alice :wonderland-42"), WRONG),
        ("12", b"Basic \xff\xfe\xfd".into(), BASE64),
    ]
}

fn other_rows() -> Vec<Row> {
    vec![
        ("15 empty", b"".into(), ANONYMOUS),
        ("15 spaces", b"   ".into(), ANONYMOUS),
        ("15 another", b"Digest x".into(), ANONYMOUS),
        ("15 alone", b"Foo".into(), ANONYMOUS),
        ("17 alone", b"Bearer".into(), TWO),
        ("17 spaces", b"Bearer a b".into(), TWO),
        ("18 junk", b"Bearer junk".into(), JWT),
        ("18 dots", b"Bearer ..".into(), JWT),
        ("18 bytes", b"Bearer \xff\xfe".into(), JWT),
        (
            "19 alone",
            b"Token".into(),
            "Invalid token header. No credentials provided.",
        ),
        (
            "19 spaces",
            b"Token a b".into(),
            "Invalid token header. Token string should not contain spaces.",
        ),
        (
            "19 bytes",
            b"Token \xff".into(),
            "Invalid token header. Token string should not contain invalid characters.",
        ),
        ("19 unknown", b"Token 0123456789abcdef".into(), "Invalid token."),
        ("21", b"Basic x, Bearer y".into(), SPACES),
    ]
}

#[test]
fn unsound_credentials_are_told_why() {
    let site = Site::new();
    for (row, header, told) in basic_rows().into_iter().chain(other_rows()) {
        let answer = site.authorize(header);
        assert!(
            answer.body().contains(&format!("\"detail\":\"{told}\"")),
            "{row}: {answer:?}"
        );
        site.refuses(row, &answer, &[401]);
    }
}

#[test]
fn the_urlsafe_alphabet_is_refused() {
    let site = Site::new();
    let answer = site.authorize("Basic YWxpY2U6_-_-");
    site.refuses("6", &answer, &[401]);
}

#[test]
fn passwords_of_other_letters_are_read_in_either_charset() {
    let site = Site::new();
    let changed = site.folder.input(
        &["changepassword", "bob", "--password-stdin"],
        "gr\u{fc}n:rot-42\n",
    );
    assert!(changed.status.success(), "{changed:?}");
    for password in [&b"gr\xc3\xbcn:rot-42"[..], b"gr\xfcn:rot-42"] {
        let header = STANDARD.encode([b"bob:", password].concat());
        assert_eq!(site.authorize(format!("Basic {header}")).status(), 200);
    }
}

#[test]
fn of_two_headers_none_is_chosen() {
    let site = Site::new();
    let (good, access) = (basic("alice", PASSWORD), site.tokens().access);
    for (row, one, other) in [
        ("20", good.clone(), format!("Bearer {access}")),
        ("20 turned", format!("Bearer {access}"), good.clone()),
        ("20 one is good", good.clone(), "Basic !!!!".to_owned()),
        ("22 Basic", good.clone(), good.clone()),
        (
            "22 Bearer",
            format!("Bearer {access}"),
            format!("Bearer {access}"),
        ),
    ] {
        let headers = format!("Authorization: {one}\r\nAuthorization: {other}\r\n");
        let answer = site.ask("GET", "/api/profile/", headers, "");
        site.refuses(row, &answer, &[401]);
    }
}

#[test]
fn credentials_elsewhere_are_not_looked_at() {
    let site = Site::new();
    let tokens = site.tokens();
    let (good, access, opaque) = (basic("alice", PASSWORD), tokens.access, tokens.opaque);
    for header in [
        format!("Proxy-Authorization: {good}\r\n"),
        format!("X-Authorization: Bearer {access}\r\n"),
        format!("X-Auth-Token: {opaque}\r\n"),
        format!("Cookie: token={opaque}; access={access}; Authorization={good}\r\n"),
        "Remote-User: alice\r\nX-Remote-User: alice\r\nX-Forwarded-User: alice\r\n".to_owned(),
        "REMOTE_USER: alice\r\nHTTP_REMOTE_USER: alice\r\n".to_owned(),
    ] {
        let answer = site.ask("GET", "/api/profile/", &header, "");
        assert!(answer.body().contains(ANONYMOUS), "{header}: {answer:?}");
        site.refuses("24", &answer, &[401]);
    }
    for query in [
        format!("access_token={access}"),
        format!("token={opaque}"),
        "user=alice".to_owned(),
    ] {
        let answer = site.ask("GET", &format!("/api/profile/?{query}"), JSON, "");
        site.refuses("24", &answer, &[401]);
    }
}

#[test]
fn a_header_and_a_session_of_two_users_are_the_header_s() {
    let site = Site::new();
    let bob = site.browser("bob");
    let headers = format!("{}Authorization: {}\r\n", bob.cookies(), basic("alice", PASSWORD));
    let answer = site.ask("GET", "/api/profile/", &headers, "");
    assert!(answer.body().contains("\"username\":\"alice\""), "{answer:?}");
    let change = site.ask("POST", "/api/password/change/", headers + JSON, "{}");
    site.refuses("25 no CSRF token is asked for", &change, &[400]);
}
