//! Sessions in the table, with a cache that is asked first (`django.contrib.sessions.backends.cached_db`).
//!
//! The table is the truth. Where the cache is away, it is asked instead, and what is saved is saved there; but no key is
//! taken away that the cache may still know.

use std::error::Error;

use doorward_django::sessions::SessionKey;
use doorward_django::timestamp::Timestamp;
use tracing::field::display;

use super::cache::Cache;
use super::saving::to_its_end;
use super::{Kept, Writing, db};
use crate::door::Door;
use crate::exceptions::Result;
use crate::stores::{CachedSession, Replaced, SessionPlace, SessionRow, Unless};

pub(super) async fn load(cache: &Cache, door: &Door, key: &SessionKey, now: Timestamp) -> Result<Kept> {
    match cache.load(door, key).await {
        Ok(Kept::Session(data)) => Ok(Kept::Session(data)),
        Ok(Kept::Nothing | Kept::Foreign) => load_row(cache, door, key, now).await,
        Err(_) => db::load(door, key, now).await,
    }
}

/// The session of the table, which the cache knows from then on.
async fn load_row(cache: &Cache, door: &Door, key: &SessionKey, now: Timestamp) -> Result<Kept> {
    let Some(row) = db::row(door, key, now).await? else {
        return Ok(Kept::Nothing);
    };
    let found = row.clone();
    let data = db::decode(door, row).await?;
    if let Ok(session) = cache.session_until(&data, found.expire_date, now) {
        remember(cache, door, key, (&found, session)).await?;
    }
    Ok(Kept::Session(data))
}

/// Puts what was read into the cache, unless somebody put something newer there. Whoever changed or deleted the row meanwhile
/// may have been there before: so the row is looked for once more, also where it is not known whether the cache took it.
async fn remember(
    cache: &Cache,
    door: &Door,
    key: &SessionKey,
    (found, session): (&SessionRow, CachedSession),
) -> Result {
    let (cache, door, key, found) = (cache.clone(), door.clone(), key.clone(), found.clone());
    to_its_end(async move {
        let is_left = matches!(cache.set(&key, session, Unless::There).await, Ok(false));
        if !is_left && !is_still(&door, &key, &found).await {
            cache.delete(&key).await?;
        }
        Ok(())
    })
    .await
}

async fn is_still(door: &Door, key: &SessionKey, found: &SessionRow) -> bool {
    let row = db::row(door, key, door.now()).await;
    row.is_ok_and(|row| row.is_some_and(|row| row.data.expose() == found.data.expose()))
}

/// From the cache first: nothing is done where that fails. And once more, for who read the row meanwhile.
pub(super) async fn delete(cache: &Cache, door: &Door, key: &SessionKey) -> Result {
    let (cache, door, key) = (cache.clone(), door.clone(), key.clone());
    to_its_end(async move {
        cache.delete(&key).await?;
        db::delete(&door, &key).await?;
        cache.delete(&key).await
    })
    .await
}

/// The key that goes is taken from the cache before it is taken from the table: nothing is done where that fails.
pub(super) async fn put(cache: &Cache, door: &Door, writing: Writing<'_>) -> Result<Replaced> {
    let session = cache.session(door, writing.data, writing.at)?;
    let (old, unless) = match writing.place {
        SessionPlace::Of(old) => (SessionKey::parse(old), Unless::Never),
        SessionPlace::New => (None, Unless::Never),
        // What is not there any more may have been deleted meanwhile.
        SessionPlace::Same => (None, Unless::Gone),
    };
    if let Some(old) = &old {
        cache.forget(old).await?;
    }
    let replaced = db::put(door, writing).await?;
    if replaced == Replaced::Done {
        tell(cache, writing.key, session, unless).await;
    }
    if let Some(old) = &old {
        // Somebody may have read its row meanwhile.
        let _ = cache.forget(old).await;
    }
    Ok(replaced)
}

/// What is saved in the table is saved, whatever the cache says (`cached_db.SessionStore.save`).
async fn tell(cache: &Cache, key: &SessionKey, session: CachedSession, unless: Unless) {
    if let Err(error) = cache.set(key, session, unless).await {
        let cause = error.source().map(display);
        tracing::error!(
            error.cause = cause,
            "a session was saved in the table and not in the cache, which may hold an older one"
        );
    }
}
