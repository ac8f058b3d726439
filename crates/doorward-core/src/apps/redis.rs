//! `[redis]`: an address that can be one. It may hold a password and is never repeated.

use crate::app::{App, Check, Rule, Site};
use crate::settings::validate::periods::{Least, waits};
use crate::settings::{Findings, RedisSettings, SettingsErrors};

const KEY: &str = "redis.url";
const ALLOWED: &str = "allowed: `redis://[user:password@]host[:port][/number]`, or `rediss://…` for TLS";
const SCHEMES: [&str; 4] = ["redis", "rediss", "valkey", "valkeys"];
/// The longest prefix; it stands before each key.
const LONGEST_PREFIX: usize = 64;

const CHECKS: [Rule; 1] = [Rule {
    id: "doorward.W013",
    fails: |s| s.redis.url.is_some() && s.throttle.nodes == 1,
    message: "`redis.url` is set and `throttle.nodes` is 1: while Redis is away, several nodes allow several times \
              the rates that guard passwords",
    hint: "set `throttle.nodes` to the number of processes that share this Redis",
}];

/// What several nodes share.
pub(crate) struct Redis;

impl App for Redis {
    type Settings = RedisSettings;
    type State = ();

    fn checks() -> Vec<Check> {
        vec![Rule::check(&CHECKS)]
    }

    fn resolve(settings: RedisSettings, _: &Site<'_>) -> Result<(), SettingsErrors> {
        Findings::of(|found| {
            let shortest = Least::Millisecond("would never wait for an answer");
            waits([("redis.timeout", settings.timeout, shortest)], found);
            check(&settings, found);
            Some(())
        })
    }
}

fn check(settings: &RedisSettings, found: &mut Findings) {
    let RedisSettings { url, prefix, .. } = settings;
    if let Some(problem) = url.as_ref().and_then(|url| problem(url.expose())) {
        found.require(false, KEY, || format!("{problem}; {ALLOWED}"));
    }
    let is_plain = prefix.chars().all(|c| c.is_ascii_graphic() && !"{}".contains(c));
    found.require(is_plain && prefix.len() <= LONGEST_PREFIX, "redis.prefix", || {
        let prefix = prefix.escape_debug();
        format!(
            "`{prefix}` is no prefix; allowed: at most {LONGEST_PREFIX} visible characters of ASCII, without braces"
        )
    });
}

fn problem(url: &str) -> Option<&'static str> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    if !SCHEMES.contains(&scheme) {
        return Some("this is no address of a Redis server");
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let (host, port) = host_and_port(place);
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    match () {
        () if !is_host(host) => Some("names no host"),
        () if !is_port => Some("the port is none"),
        () if !path.is_empty() && path.parse::<u32>().is_err() => {
            Some("what stands after the slash is no number of a database")
        }
        () => None,
    }
}

fn host_and_port(place: &str) -> (&str, Option<&str>) {
    match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (place, None),
    }
}

fn is_host(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken() {
        for url in [
            "redis://localhost",
            "redis://127.0.0.1:6379",
            "rediss://user:pa%40ss@cache-1.example:6380/2",
            "redis://:secret@[::1]:6379/0",
            "redis://[::1]",
            "valkey://cache.example/",
        ] {
            assert_eq!(problem(url), None, "{url}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_and_never_repeated() {
        for url in [
            "",
            "localhost:6379",
            "http://hunter2@localhost",
            "redis://",
            "redis://:hunter2@",
            "redis://:hunter2@host:99999",
            "redis://:hunter2@host:0",
            "redis://:hunter2@host:port",
            "redis://:hunter2@ho st",
            "redis://:hunter2@host/first",
            "redis://:hunter2@host/0?protocol=9",
            "rediss://:hunter2@host/0#insecure",
            "rediss://:hunter2@host#insecure",
        ] {
            assert!(
                problem(url).is_some_and(|problem| !problem.contains("hunter2")),
                "{url}"
            );
        }
    }
}
