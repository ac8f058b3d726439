//! `[redis]`: addresses that can be some, and what they are told by. They may hold passwords and are never repeated.

mod address;

use doorward_django::secret::Secret;

use crate::app::{App, Check, Rule, Site};
use crate::settings::validate::periods::{Least, waits};
use crate::settings::{Findings, RedisSettings, SettingsError, SettingsErrors};
use address::{Form, is_tls, problem};

const KEY: &str = "redis.url";
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
            prefix(&settings.prefix, found);
            addresses(&settings, found);
            needs_an_address(&settings, found);
            tls(&settings, found);
            Some(())
        })
    }
}

fn prefix(prefix: &str, found: &mut Findings) {
    let is_plain = prefix.chars().all(|c| c.is_ascii_graphic() && !"{}".contains(c));
    found.require(is_plain && prefix.len() <= LONGEST_PREFIX, "redis.prefix", || {
        let prefix = prefix.escape_debug();
        format!(
            "`{prefix}` is no prefix; allowed: at most {LONGEST_PREFIX} visible characters of ASCII, without braces"
        )
    });
}

/// Each address by itself.
fn addresses(settings: &RedisSettings, found: &mut Findings) {
    let form = match (settings.sentinels.is_empty(), settings.cluster) {
        (true, false) => Form::Server,
        (true, true) => Form::Cluster,
        (false, _) => Form::Service,
    };
    if let Some(problem) = settings.url.as_ref().and_then(|url| problem(url.expose(), form)) {
        found.require(false, KEY, || format!("{problem}; allowed: {}", form.allowed()));
    }
    for (item, url) in settings.sentinels.iter().enumerate() {
        if let Some(problem) = problem(url.expose(), Form::Sentinel) {
            let problem = format!("{problem}; allowed: {}", Form::Sentinel.allowed());
            found.add(SettingsError::new("redis.sentinels", problem).of_item(item));
        }
    }
    let both = settings.cluster && !settings.sentinels.is_empty();
    found.require(!both, "redis.cluster", || {
        "a cluster finds its primaries by itself, and `redis.sentinels` are set; take one of them out"
            .to_owned()
    });
}

/// What says how a server is reached says nothing where there is none.
fn needs_an_address(settings: &RedisSettings, found: &mut Findings) {
    let RedisSettings {
        sentinels, cluster, ..
    } = settings;
    for (key, is_set) in [
        ("redis.sentinels", !sentinels.is_empty()),
        ("redis.cluster", *cluster),
    ] {
        found.require(settings.url.is_some() || !is_set, key, || {
            "it is set, and `redis.url` is not; set that too, with the user, the password and the scheme of the servers"
                .to_owned()
        });
    }
}

/// Certificates are for TLS; and one of a client is of no use without its key.
fn tls(settings: &RedisSettings, found: &mut Findings) {
    let RedisSettings {
        tls_ca,
        tls_cert,
        tls_key,
        ..
    } = settings;
    let addresses = settings.url.iter().chain(&settings.sentinels).map(Secret::expose);
    let has_tls = addresses.into_iter().any(|url| is_tls(url));
    for (key, file) in [
        ("redis.tls_ca", tls_ca),
        ("redis.tls_cert", tls_cert),
        ("redis.tls_key", tls_key),
    ] {
        found.require(has_tls || file.is_none(), key, || {
            "it is set, and no address begins with `rediss://`: nothing would be encrypted".to_owned()
        });
        let is_path = |file: &String| !file.contains("-----BEGIN") && !file.contains(char::is_control);
        found.require(file.as_ref().is_none_or(is_path), key, || {
            "this is no name of a file; name the file that holds it".to_owned()
        });
    }
    found.require(tls_key.is_none() || tls_cert.is_some(), "redis.tls_cert", || {
        "it is missing, and `redis.tls_key` is set; name the file with the key's certificate, as PEM"
            .to_owned()
    });
    found.require(tls_cert.is_none() || tls_key.is_some(), "redis.tls_key", || {
        "it is missing, and `redis.tls_cert` is set; name the file with the certificate's key, as PEM"
            .to_owned()
    });
}
