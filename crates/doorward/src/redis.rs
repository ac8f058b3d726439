//! What `[redis]` puts onto a server that several nodes share.

#[cfg(feature = "database")]
use doorward_core::assembly::DoorBuilder;
#[cfg(feature = "database")]
use doorward_core::settings::Blacklist;
use doorward_core::settings::{RedisSettings, SettingsError};
#[cfg(feature = "database")]
use doorward_core::stores::Stores;

use crate::Result;

const KEY: &str = "redis.url";

/// The server of the settings, where they name one. One that is away is waited for in the background.
#[cfg(all(feature = "redis", feature = "database"))]
pub(crate) struct Shared(Option<doorward_redis::Redis>);

#[cfg(all(feature = "redis", feature = "database"))]
impl Shared {
    pub(crate) async fn open(settings: &RedisSettings) -> Result<Self> {
        own_key(settings)?;
        Ok(Self(doorward_redis::Redis::open(settings).await?))
    }

    /// A door on those stores, whose throttles count on the server; tokens that were taken back are told there too, where
    /// `blacklist` says so.
    pub(crate) fn put_into(
        self,
        blacklist: Blacklist,
        stores: Stores,
        builder: impl FnOnce(Stores) -> DoorBuilder,
    ) -> DoorBuilder {
        use std::sync::Arc;

        use doorward_core::stores::SharedBlacklist;
        use doorward_core::throttling::ThrottleHistory;
        use doorward_redis::{RedisBlacklist, RedisThrottleHistory};

        let Some(redis) = self.0 else {
            return builder(stores);
        };
        let history = Arc::new(RedisThrottleHistory::new(&redis));
        let builder = match blacklist {
            Blacklist::Redis => {
                let shared: Arc<dyn SharedBlacklist> = Arc::new(RedisBlacklist::new(&redis));
                builder(stores.with_shared_blacklist(Arc::clone(&shared))).give(shared)
            }
            _ => builder(stores),
        };
        builder.give::<Arc<dyn ThrottleHistory>>(history)
    }
}

/// A private key that others may read is refused, as all are.
#[cfg(all(feature = "redis", feature = "database"))]
fn own_key(settings: &RedisSettings) -> Result {
    let Some(path) = &settings.tls_key else {
        return Ok(());
    };
    match crate::keys::secret_file(path.as_ref()) {
        Ok(_) => Ok(()),
        Err(problem) => Err(SettingsError::new("redis.tls_key", problem).into()),
    }
}

/// Without the feature nothing is shared, and settings that ask for it are refused.
#[cfg(all(not(feature = "redis"), feature = "database"))]
pub(crate) struct Shared;

#[cfg(all(not(feature = "redis"), feature = "database"))]
impl Shared {
    pub(crate) async fn open(settings: &RedisSettings) -> Result<Self> {
        let reason = "this program was built without the feature `redis` of `doorward`";
        refuse(settings, reason).map(|()| Self)
    }

    pub(crate) fn put_into(
        self,
        _: Blacklist,
        stores: Stores,
        builder: impl FnOnce(Stores) -> DoorBuilder,
    ) -> DoorBuilder {
        builder(stores)
    }
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
