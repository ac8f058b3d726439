//! What is wrong with an address of `[redis]`, said without a word of it.

const SCHEMES: [&str; 4] = ["redis", "rediss", "valkey", "valkeys"];

/// What an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One server.
    Server,
    /// A service, by the name that Sentinels know it by.
    Service,
    /// One of the Sentinels.
    Sentinel,
    /// Nodes of a cluster.
    Cluster,
}

impl Form {
    /// What is allowed, for the message.
    pub(super) fn allowed(self) -> &'static str {
        match self {
            Self::Server => "`redis://[user:password@]host[:port][/number]`, or `rediss://…` for TLS",
            Self::Service => {
                "`redis://[user:password@]service[/number]`, or `rediss://…` for TLS: with `redis.sentinels` the host is \
                 the name of the service, and has no port"
            }
            Self::Sentinel => "`redis://[user:password@]host:port`, or `rediss://…` for TLS",
            Self::Cluster => {
                "`redis://[user:password@]host[:port],…`, or `rediss://…` for TLS: a cluster has no database but 0"
            }
        }
    }
}

/// What is wrong with an address, if anything is.
pub(super) fn problem(url: &str, form: Form) -> Option<&'static str> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    if !SCHEMES.contains(&scheme) {
        return Some("this is no address of a Redis server");
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let places = authority.rsplit_once('@').map_or(authority, |(_, places)| places);
    if places.contains(',') && form != Form::Cluster {
        return Some("several hosts are for a cluster (`redis.cluster`)");
    }
    places
        .split(',')
        .find_map(|place| problem_of_place(place, form))
        .or_else(|| problem_of_path(path, form))
}

/// Whether an address asks for TLS.
pub(super) fn is_tls(url: &str) -> bool {
    url.starts_with("rediss://") || url.starts_with("valkeys://")
}

fn problem_of_place(place: &str, form: Form) -> Option<&'static str> {
    let (host, port) = host_and_port(place);
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    match () {
        () if !is_host(host) => Some("names no host"),
        () if !is_port => Some("the port is none"),
        () if form == Form::Service && port.is_some() => Some("a service that Sentinels know has no port"),
        () if form == Form::Sentinel && port.is_none() => Some("a Sentinel's port is missing, often 26379"),
        () => None,
    }
}

fn problem_of_path(path: &str, form: Form) -> Option<&'static str> {
    let has_numbers = matches!(form, Form::Server | Form::Service);
    match path.parse::<u32>() {
        _ if path.is_empty() => None,
        Err(_) => Some("what stands after the slash is no number of a database"),
        Ok(0) => None,
        Ok(_) if has_numbers => None,
        Ok(_) => Some("there is no database of another number than 0"),
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
        for (url, form) in [
            ("redis://localhost", Form::Server),
            ("redis://127.0.0.1:6379", Form::Server),
            ("rediss://user:pa%40ss@cache-1.example:6380/2", Form::Server),
            ("redis://:secret@[::1]:6379/0", Form::Server),
            ("redis://[::1]", Form::Server),
            ("valkey://cache.example/", Form::Server),
            ("rediss://user:secret@mymaster/1", Form::Service),
            ("redis://my-master_1", Form::Service),
            ("redis://:secret@s1.example:26379", Form::Sentinel),
            ("rediss://[::1]:26379/0", Form::Sentinel),
            ("redis://a", Form::Cluster),
            ("redis://user:pa,ss@a:6379,[::1]:6380,c/0", Form::Cluster),
        ] {
            assert_eq!(problem(url, form), None, "{url}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_and_never_repeated() {
        for (url, form) in [
            ("", Form::Server),
            ("localhost:6379", Form::Server),
            ("http://hunter2@localhost", Form::Server),
            ("redis+sentinel://:hunter2@localhost", Form::Server),
            ("redis://", Form::Server),
            ("redis://:hunter2@", Form::Server),
            ("redis://:hunter2@host:99999", Form::Server),
            ("redis://:hunter2@host:0", Form::Server),
            ("redis://:hunter2@host:port", Form::Server),
            ("redis://:hunter2@ho st", Form::Server),
            ("redis://:hunter2@host/first", Form::Server),
            ("redis://:hunter2@host/0?protocol=9", Form::Server),
            ("rediss://:hunter2@host/0#insecure", Form::Server),
            ("rediss://:hunter2@host#insecure", Form::Server),
            ("redis://:hunter2@a:1,b:2", Form::Server),
            ("redis://:hunter2@mymaster:26379", Form::Service),
            ("redis://:hunter2@a,b", Form::Service),
            ("redis://:hunter2@s1.example", Form::Sentinel),
            ("redis://:hunter2@s1.example:26379/1", Form::Sentinel),
            (
                "redis://:hunter2@s1.example:26379,s2.example:26379",
                Form::Sentinel,
            ),
            ("redis://:hunter2@a:1,:2", Form::Cluster),
            ("redis://:hunter2@a:1,", Form::Cluster),
            ("redis://:hunter2@a:1,b:port", Form::Cluster),
            ("redis://:hunter2@a:1,b:2/1", Form::Cluster),
        ] {
            let told = problem(url, form);
            assert!(told.is_some_and(|problem| !problem.contains("hunter2")), "{url}");
            assert!(!form.allowed().contains("hunter2"));
        }
    }
}
