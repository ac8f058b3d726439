//! The cache that sessions are kept in (`[session.cache]`).

use doorward_core::assembly::DoorBuilder;
use doorward_core::settings::{RedisSettings, SessionSettings};

use crate::Result;

/// A door with the cache of its sessions, where the settings want one.
#[cfg(feature = "redis")]
pub(crate) async fn give(
    session: &SessionSettings,
    redis: &RedisSettings,
    builder: DoorBuilder,
) -> Result<DoorBuilder> {
    use std::sync::Arc;

    use doorward_core::settings::SettingsError;
    use doorward_core::stores::SessionCache;
    use doorward_redis::{Redis, RedisSessionCache};

    if !session.engine.has_cache() {
        return Ok(builder);
    }
    let opened = Redis::open_for_django(&server(session, redis)).await;
    let cache = opened.map_err(|error| match &session.cache.url {
        Some(_) => SettingsError::new("session.cache.url", error.problem()),
        None => error,
    })?;
    Ok(match cache {
        Some(cache) => builder.give::<Arc<dyn SessionCache>>(Arc::new(RedisSessionCache::new(&cache))),
        None => builder,
    })
}

/// Without the feature there is none, and the door says so where it wants one.
#[cfg(not(feature = "redis"))]
pub(crate) async fn give(
    _: &SessionSettings,
    _: &RedisSettings,
    builder: DoorBuilder,
) -> Result<DoorBuilder> {
    Ok(builder)
}

/// The server of `session.cache.url`, or that of `[redis]`.
#[cfg(feature = "redis")]
fn server(session: &SessionSettings, redis: &RedisSettings) -> RedisSettings {
    let mut server = match &session.cache.url {
        None => redis.clone(),
        Some(url) => {
            let mut other = RedisSettings::default();
            other.url = Some(url.clone());
            other.tls_ca.clone_from(&redis.tls_ca);
            other
        }
    };
    server.timeout = session.cache.timeout;
    server
}
