//! Somebody guesses passwords from many addresses while the account's owner comes and goes.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::task::JoinSet;

use super::site::{Answer, PASSWORD, Site, runtime};
use super::support::Running;

const SETTINGS: &str = "secret_key = \"a-key-for-tests-that-is-long-enough-0123456789\"\n\
    [passwords]\nhashers = [\"md5\"]\n[lockout]\nfailures = 5\naddress_failures = 100\n";

const HOME: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 1);
/// Where nobody has come from.
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 99);

/// What a server answers to a name and a password that come from there.
async fn token(server: SocketAddr, from: Ipv4Addr, username: String, password: &'static str) -> Answer {
    login(server, from, "", &username, password).await
}

/// As [`token`], with more headers.
async fn login(server: SocketAddr, from: Ipv4Addr, headers: &str, username: &str, password: &str) -> Answer {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind((from, 0).into()).expect("it is this machine's");
    let mut stream = socket.connect(server).await.expect("the server listens");
    let body = serde_json::json!({ "username": username, "password": password }).to_string();
    let request = format!(
        "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         {headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    Answer(answer)
}

fn address(server: &Running) -> SocketAddr {
    server.connect().peer_addr().expect("a peer")
}

/// 200 wrong passwords from 20 addresses at once, shared among the servers; what each is answered.
fn begin(servers: &[SocketAddr], username: &str) -> JoinSet<Answer> {
    let mut guesses = JoinSet::new();
    for (number, server) in (0..200_u8).zip(servers.iter().cycle()) {
        let from = Ipv4Addr::new(127, 0, 0, 2 + number % 20);
        guesses.spawn(token(*server, from, username.to_owned(), "wrong"));
    }
    guesses
}

/// How many were checked, and what the others read, which all read the same.
async fn told(mut guesses: JoinSet<Answer>) -> (usize, String) {
    let (mut checked, mut refused) = (0, Vec::new());
    while let Some(answer) = guesses.join_next().await {
        let answer = answer.expect("it ends");
        match answer.status() {
            401 => checked += 1,
            429 => refused.push(answer.body().to_owned()),
            other => panic!("{other}: {answer:?}"),
        }
    }
    refused.dedup();
    (checked, refused.join("\n"))
}

async fn attack(servers: &[SocketAddr]) {
    let owner = |server| token(server, HOME, "alice".to_owned(), PASSWORD);
    let refusal = r#"{"detail":"Account locked: too many login attempts. Please try again later.","code":"locked_out"}"#;
    assert_eq!(
        owner(servers[0]).await.status(),
        200,
        "her address is known from now on"
    );
    let guesses = begin(servers, "alice");
    for server in servers.iter().cycle().take(20) {
        let answer = owner(*server).await;
        assert_eq!(answer.status(), 200, "the owner gets in every time: {answer:?}");
    }
    assert_eq!(told(guesses).await, (5, refusal.to_owned()));
    for server in servers {
        assert_eq!(owner(*server).await.status(), 200, "and afterwards");
        let stranger = token(*server, ELSEWHERE, "Alice".to_owned(), PASSWORD).await;
        assert_eq!(stranger.status(), 429, "{stranger:?}");
        assert!(stranger.head().contains("\r\nretry-after: "), "{stranger:?}");
    }
    assert_eq!(
        told(begin(servers, "nobody")).await,
        (5, refusal.to_owned()),
        "a name that nobody has"
    );
}

#[test]
fn strangers_are_stopped_and_the_owner_is_not() {
    let site = Site::with(SETTINGS);
    runtime().block_on(attack(&[address(&site.server)]));
    let listed = site.folder.succeeds(&["lockout", "list", "--json"]);
    assert!(listed.contains("\"account\":\"alice\""), "{listed}");
    assert!(!site.server.log().contains("panicked"), "{}", site.server.log());
    assert_eq!(
        site.server
            .log()
            .matches("locked: too many logins failed")
            .count(),
        2
    );
    let reset = site.folder.succeeds(&["lockout", "reset", "--account", "ALICE"]);
    assert_eq!(reset, "1 attempts removed.\n");
    let stranger = token(address(&site.server), ELSEWHERE, "alice".to_owned(), PASSWORD);
    assert_eq!(runtime().block_on(stranger).status(), 200);
}

/// Somebody guesses at one account, and a friend of a similar name logs in after every other guess: from the same
/// address, and with the device that he was given. How many guesses are checked, of twenty.
async fn checked(server: SocketAddr, guessed: &str, friend: &str) -> usize {
    let (mut checked, mut device) = (0, String::new());
    for number in 0..20_u8 {
        let from = Ipv4Addr::new(127, 0, 0, 100 + number);
        let answer = login(server, from, &device, guessed, "wrong").await;
        checked += usize::from(answer.status() != 429);
        if number % 2 == 1 && !friend.is_empty() {
            let answer = login(server, from, &device, friend, PASSWORD).await;
            if answer.status() == 200 {
                device = format!("Cookie: doorward_device={}\r\n", answer.cookie("doorward_device"));
            }
        }
    }
    checked
}

/// Whoever the friend is, no guess is gained.
#[test]
fn a_twin_and_its_successes_gain_no_guess() {
    for (backends, twins, guessed) in [
        (r#"["ModelBackend"]"#, vec![("Alice", "", true)], "alice"),
        (
            r#"["ModelBackend"]"#,
            vec![("Alice", "", true), ("ALICE", "", false)],
            "alice",
        ),
        (r#"["ModelBackend"]"#, vec![("al\u{131}ce", "", true)], "alice"),
        (
            r#"["CaseInsensitiveModelBackend"]"#,
            vec![("Alice", "", true)],
            "alice",
        ),
        (
            r#"["CaseInsensitiveModelBackend"]"#,
            vec![("Alice", "", true), ("ALICE", "", false)],
            "ALICE",
        ),
        (
            r#"["ModelBackend", "EmailBackend"]"#,
            vec![("a@example.org", "", true)],
            "a@example.org",
        ),
        (
            r#"["ModelBackend", "EmailBackend"]"#,
            vec![("friend", "A@example.org", true)],
            "a@example.org",
        ),
    ] {
        let settings = format!("{SETTINGS}by = [\"account\"]\n")
            .replace("[lockout]", &format!("backends = {backends}\n[lockout]"));
        let site = Site::with(&settings);
        site.sql(
            "UPDATE auth_user SET email = 'a@example.org' WHERE username = 'alice'",
            [],
        );
        for (name, email, is_active) in &twins {
            add(&site, name, email, *is_active);
        }
        let friend = twins[0].0;
        let server = address(&site.server);
        assert_eq!(
            runtime().block_on(checked(server, guessed, friend)),
            5,
            "{backends} {twins:?}"
        );
        let alone = runtime().block_on(checked(server, "nobody", ""));
        assert_eq!(alone, 5, "as many as of a name that nobody has");
    }
}

/// Puts a twin beside alice that knows bob's password; `createuser` would refuse some of them.
fn add(site: &Site, name: &str, email: &str, is_active: bool) {
    let copy = "INSERT INTO auth_user (username, email, is_active, password, is_superuser, is_staff, first_name, \
                last_name, date_joined) SELECT ?, ?, ?, password, is_superuser, is_staff, first_name, last_name, \
                date_joined FROM auth_user WHERE username = 'bob'";
    assert_eq!(
        site.sql(copy, vec![name.into(), email.into(), is_active.into()]),
        1
    );
}

#[test]
fn two_processes_on_one_database_count_as_one() {
    let site = Site::with(SETTINGS);
    let other = site.folder.serve();
    runtime().block_on(attack(&[address(&site.server), address(&other)]));
}
