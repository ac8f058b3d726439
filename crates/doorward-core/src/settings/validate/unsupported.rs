//! Settings whose feature does not exist yet: their defaults are fine, anything else is told.

use super::{Checked, Settings, SettingsError};
use crate::settings::{CacheSettings, CorsSettings, ServerSettings, ThrottleSettings, UserSettings};

pub(super) fn check(settings: &Settings) -> Checked {
    let set = [
        ("redis.url", settings.redis.url.is_some()),
        ("jwt.jwk_url", settings.jwt.jwk_url.is_some()),
    ];
    refuse(set)?;
    user(&settings.user)?;
    cors(&settings.cors)?;
    throttle(&settings.throttle)?;
    cache(&settings.cache)?;
    server(&settings.server)
}

fn refuse<const N: usize>(set: [(&str, bool); N]) -> Checked {
    match set.into_iter().find(|(_, set)| *set) {
        None => Ok(()),
        Some((key, _)) => {
            let problem = "not supported yet; take it out of the settings";
            Err(SettingsError::new(key, problem))
        }
    }
}

fn user(user: &UserSettings) -> Checked {
    let usual = UserSettings::default();
    refuse([
        ("user.table", user.table != usual.table),
        ("user.id", user.id != usual.id),
        ("user.username_field", user.username_field != usual.username_field),
    ])
}

fn cors(cors: &CorsSettings) -> Checked {
    let usual = CorsSettings::default();
    refuse([
        ("cors.allowed_origins", !cors.allowed_origins.is_empty()),
        (
            "cors.allowed_origin_regexes",
            !cors.allowed_origin_regexes.is_empty(),
        ),
        ("cors.allow_all_origins", cors.allow_all_origins),
        ("cors.allow_credentials", cors.allow_credentials),
        ("cors.allow_headers", cors.allow_headers.is_some()),
        ("cors.expose_headers", !cors.expose_headers.is_empty()),
        (
            "cors.preflight_max_age",
            cors.preflight_max_age != usual.preflight_max_age,
        ),
    ])
}

fn throttle(throttle: &ThrottleSettings) -> Checked {
    refuse([
        ("throttle.rates", !throttle.rates.is_empty()),
        ("throttle.num_proxies", throttle.num_proxies.is_some()),
        ("throttle.trusted_proxies", !throttle.trusted_proxies.is_empty()),
    ])
}

/// Without a cache everything is fresh: any `max_staleness` is kept.
fn cache(cache: &CacheSettings) -> Checked {
    let usual = CacheSettings::default();
    refuse([
        ("cache.max_age", cache.max_age != usual.max_age),
        ("cache.feed", cache.feed != usual.feed),
        ("cache.capacity", cache.capacity != usual.capacity),
    ])
}

fn server(server: &ServerSettings) -> Checked {
    refuse([
        ("server.tls_cert", server.tls_cert.is_some()),
        ("server.tls_key", server.tls_key.is_some()),
    ])
}
