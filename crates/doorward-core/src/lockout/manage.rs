//! What is held, for people to look at and to forget.

use doorward_django::timestamp::Timestamp;

use super::attempt::Settlement;
use super::counter::Limits;
use super::name::{AccountName, CounterName, Reset};
use super::origin::Origin;
use crate::door::Door;
use crate::stores::StoreError;
use crate::user::UserRow;

/// Counters that are reset in one step.
const CHUNK: u32 = 500;

/// A counter that holds failures that count, or a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Held {
    /// What is counted.
    pub name: CounterName,
    /// How many failures count; none of them once it is locked.
    pub failures: u32,
    /// Until when it is locked.
    pub locked_until: Option<Timestamp>,
}

/// At most `limit` counters that hold something now, what is locked longest first.
///
/// # Errors
/// What the store says.
pub async fn held(door: &Door, limit: u32) -> Result<Vec<Held>, StoreError> {
    let (limits, now) = (Limits::new(&door.settings().lockout), door.now());
    let rows = door.stores().login_attempts.list(limit).await?;
    let held = rows.into_iter().map(|(name, mut counter)| {
        counter.tidy(&limits, now);
        Held {
            name,
            failures: counter.failures(),
            locked_until: counter.locked_until(now),
        }
    });
    let counts = |held: &Held| held.failures > 0 || held.locked_until.is_some();
    Ok(held.filter(counts).collect())
}

/// Forgets failures and locks; tells how many counters held some. Origins stay known.
///
/// # Errors
/// What the store says; what was reset before stays so.
pub async fn reset(door: &Door, which: &Reset) -> Result<u64, StoreError> {
    let mut total = 0;
    loop {
        let count = door.stores().login_attempts.reset(which, CHUNK).await?;
        total += count;
        if count < u64::from(CHUNK) {
            return Ok(total);
        }
    }
}

/// No device and no network is known to that user any more, by user name and by e-mail address.
///
/// So it is when the password changes: whoever knew the old one could have made any number of devices known, and each
/// would have a counter of its own.
///
/// # Errors
/// What the store says.
pub(crate) async fn forget_origins(door: &Door, user: &UserRow) -> Result<(), StoreError> {
    let Some(rules) = door.lockout() else {
        return Ok(());
    };
    let names = [user.username.as_str(), user.email.as_str()];
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        let attempt = rules.attempt(String::new(), &Origin::unknown(door), &AccountName::new(name));
        let store = &door.stores().login_attempts;
        store
            .settle(&attempt, Settlement::OriginsForgotten, door.now())
            .await?;
    }
    Ok(())
}
