//! What `[redis]` puts onto a server that several nodes share.

#[cfg(feature = "database")]
use doorward_core::assembly::DoorBuilder;
use doorward_core::settings::{RedisSettings, SettingsError};

use crate::Result;

const KEY: &str = "redis.url";

/// A door whose throttles' counts are shared where the settings name a server. One that is away is waited for in the
/// background.
#[cfg(all(feature = "redis", feature = "database"))]
pub(crate) async fn share(settings: &RedisSettings, builder: DoorBuilder) -> Result<DoorBuilder> {
    use std::sync::Arc;

    use doorward_core::throttling::ThrottleHistory;
    use doorward_redis::RedisThrottleHistory;

    let Some(url) = &settings.url else {
        return Ok(builder);
    };
    let history = RedisThrottleHistory::open(url, &settings.prefix, settings.timeout.duration()).await;
    let history = history.map_err(|error| SettingsError::new(KEY, error.to_string()))?;
    Ok(builder.give::<Arc<dyn ThrottleHistory>>(Arc::new(history)))
}

/// Without the feature nothing is shared, and settings that ask for it are refused.
#[cfg(all(not(feature = "redis"), feature = "database"))]
pub(crate) async fn share(settings: &RedisSettings, builder: DoorBuilder) -> Result<DoorBuilder> {
    refuse(
        settings,
        "this program was built without the feature `redis` of `doorward`",
    )?;
    Ok(builder)
}

/// Refuses a server that nothing would use.
pub(crate) fn refuse(settings: &RedisSettings, reason: &str) -> Result {
    match &settings.url {
        None => Ok(()),
        Some(_) => {
            let problem = format!("{reason}; take it out of the settings");
            Err(SettingsError::new(KEY, problem).into())
        }
    }
}
