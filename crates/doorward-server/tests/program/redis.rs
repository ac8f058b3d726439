//! Two servers that count together, and what they do while Redis is away.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use crate::redis_process::RedisProcess;
use crate::support::{CONFIGURED, Folder, Running};

/// Each round is another client of a proxy that is believed; an address that nobody gave is refused with 400 by the
/// endpoint, and with 429 by the throttle before it.
const THROTTLED: &str = "[rest]\nthrottle = [\"anon\"]\n[throttle]\nnum_proxies = 1\n\
                         rates = { anon = \"3/min\" }\n";

fn folder(redis: &str) -> Folder {
    let settings =
        format!("{CONFIGURED}[redis]\n{redis}\n{THROTTLED}[metrics]\nallowed_networks = [\"127.0.0.1\"]\n");
    let folder = Folder::new().with("doorward.toml", &settings);
    folder.succeeds(&["migrate"]);
    folder
}

/// The statuses of forty requests at once, on connections that are open already.
fn forty_at_once(servers: &[Running], client: &str) -> Vec<String> {
    let together = Barrier::new(40);
    thread::scope(|scope| {
        let requests: Vec<_> = (0..40)
            .map(|place| {
                let (server, together) = (&servers[place % servers.len()], &together);
                scope.spawn(move || {
                    let mut stream = server.connect();
                    together.wait();
                    status(&mut stream, server, client)
                })
            })
            .collect();
        requests
            .into_iter()
            .map(|request| request.join().unwrap())
            .collect()
    })
}

fn status(stream: &mut TcpStream, server: &Running, client: &str) -> String {
    let headers = format!("X-Forwarded-For: {client}\r\nContent-Type: application/json\r\n");
    let request = server.request("POST", "/api/token/", &headers, "{}");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}

fn passed(statuses: &[String]) -> usize {
    assert!(
        statuses.iter().all(|status| status == "400" || status == "429"),
        "{statuses:?}"
    );
    statuses.iter().filter(|status| *status == "400").count()
}

fn assert_three_of_forty(servers: &[Running], rounds: usize) {
    for round in 0..rounds {
        let statuses = forty_at_once(servers, &format!("203.0.{round}.7"));
        assert_eq!(passed(&statuses), 3, "round {round}: {statuses:?}");
    }
}

#[test]
fn of_forty_at_once_on_one_server_three_pass() {
    let folder = folder("");
    assert_three_of_forty(&[folder.serve()], 100);
}

#[test]
fn of_forty_at_once_on_two_servers_with_redis_three_pass() {
    let Some(redis) = RedisProcess::start() else {
        return;
    };
    let folder = folder(&format!("url = \"{}\"\ntimeout = \"10s\"", redis.url()));
    let servers = [folder.serve(), folder.serve()];
    assert_three_of_forty(&servers, 100);
    assert!(
        redis
            .command("KEYS doorward:throttle:*")
            .is_some_and(|keys| !keys.starts_with("*0"))
    );
}

#[test]
fn a_server_starts_and_serves_while_redis_is_away_and_joins_it_later() {
    let Some(mut redis) = RedisProcess::start() else {
        return;
    };
    redis.kill();
    // A busy machine may not answer within the usual 50 ms; who does not is counted alone, and that is not the question.
    let folder = folder(&format!("url = \"{}\"\ntimeout = \"10s\"", redis.url()));
    let servers = [folder.serve()];
    assert!(servers[0].log().contains("Redis is away"), "{}", servers[0].log());
    assert_eq!(passed(&forty_at_once(&servers, "203.0.113.1")), 3);
    let told = |line: &str| servers[0].get("/metrics").lines().any(|told| told == line);
    assert!(
        told("doorward_redis_breaker_open 1"),
        "{}",
        servers[0].get("/metrics")
    );
    redis.start_again();
    let joined = (0..1_000).any(|_| {
        thread::sleep(Duration::from_millis(20));
        told("doorward_redis_breaker_open 0")
    });
    assert!(joined, "{}", servers[0].log());
    assert_eq!(passed(&forty_at_once(&servers, "203.0.113.2")), 3);
    let log = servers[0].log();
    assert_eq!(
        (
            log.matches("Redis is away").count(),
            log.matches("Redis is back").count()
        ),
        (1, 1),
        "{log}"
    );
}

#[test]
fn alone_a_server_allows_its_share_of_a_strict_scope() {
    let address = format!("redis://127.0.0.1:{}", crate::redis_process::free_port());
    let settings = format!(
        "{CONFIGURED}[redis]\nurl = \"{address}\"\n[rest]\nthrottle = [\"anon\"]\n[throttle]\n\
         strict = [\"anon\"]\nnodes = 3\nnum_proxies = 1\nrates = {{ anon = \"6/min\" }}\n"
    );
    let folder = Folder::new().with("doorward.toml", &settings);
    folder.succeeds(&["migrate"]);
    let statuses = forty_at_once(&[folder.serve()], "203.0.113.3");
    assert_eq!(passed(&statuses), 2, "{statuses:?}");
}

#[test]
fn an_impossible_address_ends_with_2_and_its_password_is_not_repeated() {
    for url in [
        "redis://:hunter2@",
        "postgres://app:hunter2@db",
        "redis://:hunter2@localhost:0",
        "redis://:hunter2@localhost/hunter2",
    ] {
        let settings = format!("{CONFIGURED}[redis]\nurl = \"{url}\"\n");
        let told = Folder::new()
            .with("doorward.toml", &settings)
            .fails(&["check"], 2);
        assert!(told.contains("redis.url") && told.contains("rediss://"), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}
