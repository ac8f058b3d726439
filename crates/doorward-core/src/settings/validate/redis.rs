//! `[redis]`: an address that can be one. It may hold a password and is never repeated.

use super::{Checked, Settings, require};
use crate::settings::RedisSettings;

const KEY: &str = "redis.url";
const ALLOWED: &str = "allowed: `redis://[user:password@]host[:port][/number]`, or `rediss://…` for TLS";
const SCHEMES: [&str; 4] = ["redis", "rediss", "valkey", "valkeys"];
/// The longest prefix; it stands before each key.
const LONGEST_PREFIX: usize = 64;

pub(super) fn check(settings: &Settings) -> Checked {
    let RedisSettings { url, prefix, timeout } = &settings.redis;
    if let Some(url) = url {
        address(url.expose())?;
    }
    let is_plain = prefix.chars().all(|c| c.is_ascii_graphic() && !"{}".contains(c));
    require(is_plain && prefix.len() <= LONGEST_PREFIX, "redis.prefix", || {
        let prefix = prefix.escape_debug();
        format!(
            "`{prefix}` is no prefix; allowed: at most {LONGEST_PREFIX} visible characters of ASCII, without braces"
        )
    })?;
    require(!timeout.duration().is_zero(), "redis.timeout", || {
        format!("{timeout} would never wait for an answer")
    })
}

fn address(url: &str) -> Checked {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    require(SCHEMES.contains(&scheme), KEY, || {
        format!("this is no address of a Redis server; {ALLOWED}")
    })?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let (host, port) = host_and_port(place);
    require(is_host(host), KEY, || format!("names no host; {ALLOWED}"))?;
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    require(is_port, KEY, || format!("the port is none; {ALLOWED}"))?;
    let is_number = path.is_empty() || path.parse::<u32>().is_ok();
    require(is_number, KEY, || {
        format!("what stands after the slash is no number of a database; {ALLOWED}")
    })
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
            assert_eq!(address(url), Ok(()), "{url}");
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
            let error = address(url).expect_err(url);
            assert_eq!(error.key(), KEY);
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
