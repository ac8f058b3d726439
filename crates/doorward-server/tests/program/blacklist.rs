//! Two servers that know together which tokens were taken back, and what they do while Redis is away.

use std::thread;
use std::time::Duration;

use crate::redis_process::RedisProcess;
use crate::support::{CONFIGURED, Folder, Running, field};

const LOGIN: &str = "{\"username\": \"alice\", \"password\": \"sesame-17\"}";

fn folder(redis: &RedisProcess) -> Folder {
    let url = redis.url();
    let settings = format!(
        "{CONFIGURED}[redis]\nurl = \"{url}\"\ntimeout = \"10s\"\n[jwt]\nblacklist = \"redis\"\n[metrics]\n\
         allowed_networks = [\"127.0.0.1\"]\n"
    );
    let folder = Folder::new().with("doorward.toml", &settings);
    folder.succeeds(&["migrate"]);
    let options = ["createuser", "--username", "alice", "--password-stdin"];
    assert!(folder.input(&options, "sesame-17\n").status.success());
    folder
}

fn refresh_token(server: &Running) -> String {
    field(&server.post("/api/token/", LOGIN), "refresh")
}

fn take_back(server: &Running, token: &str) {
    let answer = server.post("/api/token/blacklist/", &format!("{{\"refresh\": \"{token}\"}}"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

fn is_good(server: &Running, token: &str) -> bool {
    let answer = server.post("/api/token/refresh/", &format!("{{\"refresh\": \"{token}\"}}"));
    assert!(
        answer.starts_with("HTTP/1.1 200") || answer.contains("blacklisted"),
        "{answer}"
    );
    answer.starts_with("HTTP/1.1 200")
}

/// How often a server was answered so when it asked Redis.
fn lookups(server: &Running, answer: &str) -> u32 {
    let name = format!("doorward_redis_blacklist_lookups_total{{answer=\"{answer}\"}} ");
    let metrics = server.get("/metrics");
    let count = metrics.lines().find_map(|line| line.strip_prefix(&name));
    count.map_or(0, |count| count.parse().unwrap())
}

fn until_told(server: &Running, line: &str) {
    let told = (0..1_000).any(|_| {
        thread::sleep(Duration::from_millis(20));
        server.get("/metrics").lines().any(|told| told == line)
    });
    assert!(told, "{line}: {}", server.log());
}

#[test]
fn what_one_server_takes_back_the_other_refuses_with_redis_and_without() {
    let Some(mut redis) = RedisProcess::start() else {
        return;
    };
    let folder = folder(&redis);
    let [one, other] = [folder.serve(), folder.serve()];
    let [first, second, good] = [(); 3].map(|()| refresh_token(&one));
    take_back(&one, &first);
    assert!(!is_good(&other, &first) && is_good(&other, &good));
    assert_eq!((lookups(&other, "hit"), lookups(&other, "absent")), (1, 1));
    redis.kill();
    take_back(&one, &second);
    assert!(!is_good(&other, &first) && !is_good(&other, &second) && is_good(&other, &good));
    assert_eq!((lookups(&other, "hit"), lookups(&other, "away")), (1, 3));
    until_told(&other, "doorward_redis_breaker_open 1");
    let refused = folder.fails(&["rebuild-blacklist"], 1);
    assert!(refused.contains("Redis is away"), "{refused}");
    // It has forgotten everything.
    redis.start_again();
    until_told(&other, "doorward_redis_breaker_open 0");
    assert!(!is_good(&other, &first) && is_good(&other, &good));
    assert_eq!(lookups(&other, "hit"), 1);
    let told = folder.succeeds(&["rebuild-blacklist", "--json"]);
    assert_eq!(told.lines().last(), Some("{\"removed\":0,\"written\":2}"));
    assert!(!is_good(&other, &first) && !is_good(&other, &second) && is_good(&other, &good));
    assert_eq!(lookups(&other, "hit"), 3);
    let log = other.log();
    let told = (
        log.matches("Redis is away").count(),
        log.matches("Redis is back").count(),
    );
    assert_eq!(told, (1, 1), "{log}");
}

#[test]
fn the_tokens_of_a_user_are_copied_by_a_command() {
    let Some(redis) = RedisProcess::start() else {
        return;
    };
    let folder = folder(&redis);
    let server = folder.serve();
    let tokens = [(); 3].map(|()| refresh_token(&server));
    folder.succeeds(&["revoke", "alice"]);
    let keys = redis.command("KEYS doorward:blacklist:*").unwrap();
    assert!(keys.starts_with("*3\r\n"), "{keys}");
    assert!(tokens.iter().all(|token| !is_good(&server, token)));
    assert_eq!(lookups(&server, "hit"), 3);
}

#[test]
fn a_blacklist_in_redis_needs_a_server() {
    let settings = format!("{CONFIGURED}[jwt]\nblacklist = \"redis\"\n");
    let told = Folder::new()
        .with("doorward.toml", &settings)
        .fails(&["check"], 2);
    assert!(
        told.contains("jwt.blacklist") && told.contains("redis.url"),
        "{told}"
    );
    let told = Folder::migrated().fails(&["rebuild-blacklist"], 2);
    assert!(
        told.contains("jwt.blacklist") && told.contains("`redis`"),
        "{told}"
    );
}
