//! Sessions in the table (`django.contrib.sessions.backends.db`).

use std::sync::Arc;

use doorward_django::secret::Secret;
use doorward_django::sessions::{self, SessionData, SessionKey};
use doorward_django::timestamp::Timestamp;

use super::{Kept, Writing, expire_date};
use crate::cache::{KnownSession, SessionOwner};
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::sessions::weight;
use crate::stores::{Outage, Replaced, SessionLogin, SessionPlace, SessionRow, StoreError};

pub(super) async fn load(door: &Door, key: &SessionKey, now: Timestamp) -> Result<Kept> {
    Ok(match row(door, key, now).await? {
        Some(row) => Kept::Session(decode(door, row).await?),
        None => Kept::Nothing,
    })
}

/// What is remembered of a session, and its data for who reads it.
pub(in crate::sessions) async fn known_session(
    door: &Door,
    key: &SessionKey,
    now: Timestamp,
    data: &mut Option<SessionData>,
) -> Result<Option<KnownSession>, StoreError> {
    let Some(row) = door.principals().session_row(key, now).await? else {
        return Ok(None);
    };
    let expire_date = row.expire_date;
    let decoded = data.insert(decode(door, row).await.map_err(undecoded)?);
    let owner = Arc::new(SessionOwner::of(decoded));
    Ok(Some(KnownSession { owner, expire_date }))
}

fn undecoded(error: ApiException) -> StoreError {
    StoreError::new("A session was not decoded.", Outage::Lasting, error)
}

/// The row of that key, if it has not expired at `now`.
pub(super) async fn row(door: &Door, key: &SessionKey, now: Timestamp) -> Result<Option<SessionRow>> {
    Ok(door.stores().sessions.load(key.as_str(), now).await?)
}

/// What cannot be read is an empty session (`SessionBase.decode`).
pub(super) async fn decode(door: &Door, row: SessionRow) -> Result<SessionData> {
    let keys = door.clone();
    let size = weight(row.data.expose());
    let work = move || sessions::decode(row.data.expose(), keys.secret_keys());
    let decoded = door.parser_rules().lane().run(size, work).await?;
    Ok(decoded.unwrap_or_else(|error| {
        tracing::warn!(error.cause = %error, "Session data corrupted");
        SessionData::new()
    }))
}

pub(super) async fn put(door: &Door, writing: Writing<'_>) -> Result<Replaced> {
    let Writing { place, at, .. } = writing;
    let sessions = &door.stores().sessions;
    let row = new_row(door, writing);
    if let Some(user) = writing.opened_for {
        let login = SessionLogin { user, at, row, place };
        return Ok(sessions.log_in(login).await?);
    }
    Ok(match place {
        SessionPlace::Of(old) => sessions.replace(old, row).await?,
        SessionPlace::Same => match sessions.update(row).await? {
            true => Replaced::Done,
            false => Replaced::Gone,
        },
        SessionPlace::New => match sessions.create(row).await? {
            true => Replaced::Done,
            false => Replaced::Taken,
        },
    })
}

pub(super) async fn delete(door: &Door, key: &SessionKey) -> Result {
    Ok(door.stores().sessions.delete(key.as_str()).await?)
}

fn new_row(door: &Door, writing: Writing<'_>) -> SessionRow {
    let Writing { key, data, at, .. } = writing;
    SessionRow {
        key: Secret::new(key.as_str().to_owned()),
        data: Secret::new(sessions::encode(data, at, &door.secret_keys().current)),
        expire_date: expire_date(door, data, at),
    }
}
