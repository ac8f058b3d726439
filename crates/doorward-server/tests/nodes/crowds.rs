//! What must happen once, or so many times and no more, whichever process is asked: with two and with four of them.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use crate::cluster::{Answer, Cluster, crowd, databases, log_in, refresh, with_status};
use crate::redis_process::RedisProcess;
use crate::support::{Running, field};

const SETTINGS: &str = "[jwt]\nrotate_refresh_tokens = true\nblacklist_after_rotation = true\n\
    [lockout]\nfailures = 5\naddress_failures = 1000\n\
    [mail]\nurl = \"file:letters\"\nreset_url = \"https://app.example.com/reset/{uid}/{token}/\"\n";
const ROUNDS: usize = 5;
const CLIENTS: usize = 24;
/// So often a token that was rotated gets its successor again, a second and more after that (`ReuseRule`).
const REPLAYS: usize = 8;
const BURST: Duration = Duration::from_millis(1_100);

/// Runs a test on each kind of database, with two of its processes, then with all four.
fn everywhere(test: impl Fn(&Cluster, &[Running])) {
    for database in databases() {
        let cluster = Cluster::on(database, 4, SETTINGS);
        for nodes in [&cluster.nodes[..2], &cluster.nodes[..]] {
            test(&cluster, nodes);
        }
        cluster.end();
    }
}

fn all(answers: Vec<Option<Answer>>) -> Vec<Answer> {
    answers
        .into_iter()
        .map(|answer| answer.expect("it is answered"))
        .collect()
}

fn token(node: &Running) -> String {
    let answer = log_in(node, "alice").expect("it is answered");
    assert_eq!(answer.status(), 200, "{answer:?}");
    field(&answer.0, "refresh")
}

fn successors(answers: &[Answer]) -> BTreeSet<String> {
    let rotated = answers.iter().filter(|answer| answer.status() == 200);
    rotated.map(|answer| field(&answer.0, "refresh")).collect()
}

#[test]
fn a_refresh_token_has_one_successor() {
    everywhere(|cluster, nodes| {
        for _ in 0..ROUNDS {
            cluster.sql("DELETE FROM token_blacklist_blacklistedtoken", []);
            cluster.sql("DELETE FROM token_blacklist_outstandingtoken", []);
            let old = token(&nodes[0]);
            let answers = all(crowd(nodes, CLIENTS, |client, _| refresh(client, &old)));
            assert_eq!(with_status(&answers, 200), CLIENTS, "{answers:?}");
            assert_eq!(successors(&answers).len(), 1, "{answers:?}");
            assert_eq!(
                cluster.count("SELECT count(*) FROM token_blacklist_outstandingtoken"),
                2
            );
            assert_eq!(
                cluster.count("SELECT count(*) FROM token_blacklist_blacklistedtoken"),
                1
            );
        }
    });
}

#[test]
fn a_token_that_is_shown_too_often_ends_its_family_everywhere() {
    everywhere(|_, nodes| {
        let old = token(&nodes[0]);
        let rotated = all(crowd(nodes, 1, |client, _| refresh(client, &old)));
        let successor = successors(&rotated).pop_first().expect("one");
        thread::sleep(BURST);
        let answers = all(crowd(nodes, CLIENTS, |client, _| refresh(client, &old)));
        assert_eq!(with_status(&answers, 200), REPLAYS, "{answers:?}");
        assert_eq!(with_status(&answers, 401), CLIENTS - REPLAYS, "{answers:?}");
        assert_eq!(
            successors(&answers),
            BTreeSet::from([successor.clone()]),
            "the same one"
        );
        let answers = all(crowd(nodes, 4, |client, _| refresh(client, &successor)));
        assert_eq!(with_status(&answers, 401), 4, "the family has ended: {answers:?}");
    });
}

#[test]
fn a_user_s_opaque_token_is_made_once() {
    let login = "{\"username\": \"alice\", \"password\": \"wonderland-42\"}";
    everywhere(|cluster, nodes| {
        for _ in 0..ROUNDS {
            cluster.sql("DELETE FROM authtoken_token", []);
            let answers = all(crowd(nodes, CLIENTS, |client, _| {
                client.post("/api-token-auth/", login)
            }));
            assert_eq!(with_status(&answers, 200), CLIENTS, "{answers:?}");
            let keys: BTreeSet<_> = answers.iter().map(|answer| field(&answer.0, "token")).collect();
            assert_eq!(keys.len(), 1, "{answers:?}");
            assert_eq!(cluster.count("SELECT count(*) FROM authtoken_token"), 1);
        }
    });
}

#[test]
fn so_many_wrong_passwords_are_checked_and_no_more() {
    everywhere(|_, nodes| {
        for round in 0..ROUNDS {
            let body = format!(
                "{{\"username\": \"nobody{round}of{}\", \"password\": \"wrong\"}}",
                nodes.len()
            );
            let answers = all(crowd(nodes, 40, |client, _| client.post("/api/token/", &body)));
            assert_eq!(with_status(&answers, 401), 5, "{answers:?}");
            assert_eq!(with_status(&answers, 429), 35, "{answers:?}");
        }
    });
}

#[test]
fn a_link_for_a_new_password_works_once() {
    everywhere(|cluster, nodes| {
        let (uid, token) = link(cluster, &nodes[0]);
        let answers = all(crowd(nodes, 16, |client, number| {
            let password = format!("another-password-{number}");
            let body =
                format!("{{\"uid\": \"{uid}\", \"token\": \"{token}\", \"new_password\": \"{password}\"}}");
            client.post("/api/password/reset/confirm/", &body)
        }));
        assert_eq!(with_status(&answers, 200), 1, "{answers:?}");
        assert_eq!(with_status(&answers, 400), 15, "{answers:?}");
        let winner = answers
            .iter()
            .position(|answer| answer.status() == 200)
            .expect("one");
        let body = format!("{{\"username\": \"alice\", \"password\": \"another-password-{winner}\"}}");
        for node in nodes {
            let answer = node.post("/api/token/", &body);
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
    });
}

/// What the letter's link holds.
fn link(cluster: &Cluster, node: &Running) -> (String, String) {
    cluster.folder.shell("rm -rf letters/*.eml");
    let answer = node.post("/api/password/reset/", "{\"email\": \"alice@example.com\"}");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    for _ in 0..1_000 {
        let letters = cluster.folder.shell("cat letters/*.eml 2> /dev/null").stdout;
        let letters = String::from_utf8_lossy(&letters).replace("=\r\n", "");
        if let Some((_, rest)) = letters.split_once("https://app.example.com/reset/") {
            let mut parts = rest.split_whitespace().next().expect("a path").split('/');
            let mut part = || parts.next().expect("a part").to_owned();
            return (part(), part());
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("no letter came");
}

#[test]
fn a_rate_that_redis_counts_is_that_of_all_processes() {
    let Some(redis) = RedisProcess::start() else {
        return;
    };
    let settings = format!(
        "[redis]\nurl = \"{}\"\ntimeout = \"10s\"\n[rest]\nthrottle = [\"anon\"]\n[throttle]\nnum_proxies = 1\n\
         rates = {{ anon = \"7/min\" }}\n",
        redis.url()
    );
    let cluster = Cluster::on(doorward_testing::FreshDatabase::sqlite(), 4, &settings);
    for nodes in [&cluster.nodes[..2], &cluster.nodes[..]] {
        for round in 0..20 {
            let headers = format!(
                "X-Forwarded-For: 203.0.{round}.{}\r\nContent-Type: application/json\r\n",
                nodes.len()
            );
            let answers = all(crowd(nodes, 40, |client, _| {
                client.send("POST", "/api/token/", &headers, "{}")
            }));
            assert_eq!(with_status(&answers, 400), 7, "{answers:?}");
            assert_eq!(with_status(&answers, 429), 33, "{answers:?}");
        }
    }
    cluster.end();
}
