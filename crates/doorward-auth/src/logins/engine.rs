//! `session.engine`, `[session.cache]`: a place where sessions can be kept.

use doorward_core::settings::validate::periods::{Least, waits};
use doorward_core::settings::{Findings, SessionCacheSettings, SessionSettings};

const URL: &str = "session.cache.url";
const ALLOWED: &str = "allowed: `redis://[user:password@]host[:port][/number]`, or `rediss://…` for TLS";
const SCHEMES: [&str; 4] = ["redis", "rediss", "valkey", "valkeys"];

/// `other_url` says whether there is an address in `[redis]`.
pub(super) fn check(session: &SessionSettings, other_url: bool, found: &mut Findings) {
    let SessionCacheSettings {
        url,
        key_prefix,
        timeout,
        ..
    } = &session.cache;
    let has_address = url.is_some() || other_url;
    found.require(
        has_address || !session.engine.has_cache(),
        "session.engine",
        || "keeps sessions in a cache: set `session.cache.url`, or `redis.url`".to_owned(),
    );
    if let Some(problem) = url.as_ref().and_then(|url| problem(url.expose())) {
        found.require(false, URL, || format!("{problem}; {ALLOWED}"));
    }
    let is_plain = !key_prefix.chars().any(char::is_control);
    found.require(is_plain, "session.cache.key_prefix", || {
        "holds a control character; write `KEY_PREFIX` of the cache as it is".to_owned()
    });
    let shortest = Least::Millisecond("would never wait for an answer");
    waits([("session.cache.timeout", *timeout, shortest)], found);
}

/// Why an address is no cache that is shared with Django; it may hold a password and is not repeated.
fn problem(url: &str) -> Option<&'static str> {
    let (scheme, _) = url.split_once("://").unwrap_or_default();
    match scheme {
        scheme if SCHEMES.contains(&scheme) => None,
        "memcached" | "memcache" | "pymemcache" | "pymemcached" | "pylibmc" => Some(
            "memcached is not spoken here: let Django keep its sessions in Redis, or in the table with `session.engine = \
             \"db\"`",
        ),
        "locmem" | "locmemcache" => Some(
            "a cache in the memory of one process is that process's alone: no other can read its sessions; let Django \
             keep them in Redis or in the table",
        ),
        "file" | "filecache" | "db" | "dbcache" | "dummy" | "dummycache" => Some(
            "such a cache is not read here: let Django keep its sessions in Redis, or in the table with \
             `session.engine = \"db\"`",
        ),
        _ => Some("this is no address of a Redis server"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caches_that_cannot_be_shared_are_refused_with_the_reason() {
        for (url, reason) in [
            ("memcached://hunter2@host", "memcached"),
            ("locmem://", "one process"),
            ("file:///var/tmp/cache", "not read here"),
            ("http://hunter2@host", "no address"),
            ("", "no address"),
        ] {
            let problem = problem(url).unwrap_or_default();
            assert!(
                problem.contains(reason) && !problem.contains("hunter2"),
                "{url}: {problem}"
            );
        }
        for url in ["redis://host", "rediss://:hunter2@host:6380/1", "valkey://host/2"] {
            assert_eq!(problem(url), None, "{url}");
        }
    }
}
