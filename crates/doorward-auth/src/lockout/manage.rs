//! What is held, for people to look at and to forget.

use std::net::IpAddr;
use std::sync::Arc;

use doorward_core::Door;
use doorward_core::stores::{StoreError, UserField};
use doorward_core::user::UserRow;
use doorward_django::timestamp::Timestamp;

use super::counters::{CounterName, Limits, Reset};
use super::settings::LockoutSettings;
use super::store::LoginAttempts;

/// Counters that are reset in one step.
const CHUNK: u32 = 500;

/// What holds failures that count, or a lock.
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

/// What holds something now, what is locked longest first, of at most `limit` counters. Counters of a name and of its
/// account are told as one.
///
/// # Errors
/// What the store says.
pub async fn held(door: &Door, limit: u32) -> Result<Vec<Held>, StoreError> {
    let (limits, now) = (
        Limits::new(&door.settings().section::<LockoutSettings>()),
        door.now(),
    );
    let rows = LoginAttempts::of(door)?.list(limit).await?;
    let mut all: Vec<Held> = Vec::new();
    for (name, mut counter) in rows {
        counter.tidy(&limits, now);
        let held = Held {
            failures: counter.failures(),
            locked_until: counter.locked_until(now),
            name,
        };
        if held.failures > 0 || held.locked_until.is_some() {
            add(&mut all, held);
        }
    }
    Ok(all)
}

/// Of two that people could not tell apart the one that is locked longer, or holds more.
fn add(all: &mut Vec<Held>, held: Held) {
    let weight = |held: &Held| (held.locked_until, held.failures);
    let same = all
        .iter_mut()
        .find(|other| other.name.shown() == held.name.shown());
    match same {
        None => all.push(held),
        Some(other) if weight(other) < weight(&held) => *other = held,
        Some(_) => {}
    }
}

/// Forgets failures and locks; tells how many held some, as [`held`] tells them. Origins stay known.
///
/// # Errors
/// What the store says; what was reset before stays so.
pub async fn reset(door: &Door, which: &Reset) -> Result<u64, StoreError> {
    let mut total = 0;
    loop {
        let count = LoginAttempts::of(door)?.reset(which, CHUNK).await?;
        total += count;
        if count == 0 {
            return Ok(total);
        }
    }
}

/// As [`reset`], for the users of that name or address in any case, and for the name itself in any spelling.
///
/// # Errors
/// As [`reset`].
pub async fn reset_account(door: &Door, username: &str) -> Result<u64, StoreError> {
    // Each failure was counted for the name, and for the user who has it.
    let mut total = reset(door, &Reset::account(username)).await?;
    for user in users(door, username).await? {
        total = total.max(reset(door, &Reset::user(&user)).await?);
    }
    Ok(total)
}

async fn users(door: &Door, username: &str) -> Result<Vec<Arc<UserRow>>, StoreError> {
    if username.contains('\0') {
        return Ok(Vec::new());
    }
    let store = &door.stores().users;
    let mut users = store
        .by_field_ignoring_case(UserField::Username, username)
        .await?;
    users.extend(store.by_field_ignoring_case(UserField::Email, username).await?);
    users.extend(store.by_username(username).await?);
    Ok(users)
}

impl Reset {
    /// Those of that address, or of the network that it is counted as.
    #[must_use]
    pub fn address(door: &Door, address: IpAddr) -> Self {
        Self::Address(door.client_of(address).to_string())
    }
}
