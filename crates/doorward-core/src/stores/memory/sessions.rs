use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Mutex;

use doorward_django::timestamp::Timestamp;

use super::lock;
use crate::answer::Answer;
use crate::stores::{Replaced, SessionRow, SessionStore, StoreAnswer};

/// The session table, by key.
#[derive(Default)]
pub(super) struct MemorySessions(Mutex<HashMap<String, SessionRow>>);

impl std::fmt::Debug for MemorySessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemorySessions")
    }
}

impl SessionStore for MemorySessions {
    fn load<'a>(&'a self, key: &'a str, now: Timestamp) -> StoreAnswer<'a, Option<SessionRow>> {
        let row = lock(&self.0)
            .get(key)
            .filter(|row| row.expire_date > now)
            .cloned();
        Answer::ready(Ok(row))
    }

    fn create(&self, row: SessionRow) -> StoreAnswer<'_, bool> {
        Answer::ready(Ok(insert(&mut lock(&self.0), row)))
    }

    fn update(&self, row: SessionRow) -> StoreAnswer<'_, bool> {
        let mut rows = lock(&self.0);
        let Some(place) = rows.get_mut(row.key.expose()) else {
            return Answer::ready(Ok(false));
        };
        *place = row;
        Answer::ready(Ok(true))
    }

    fn replace<'a>(&'a self, old: &'a str, row: SessionRow) -> StoreAnswer<'a, Replaced> {
        let mut rows = lock(&self.0);
        let replaced = match (rows.contains_key(old), rows.contains_key(row.key.expose())) {
            (false, _) => Replaced::Gone,
            (true, true) => Replaced::Taken,
            (true, false) => {
                rows.remove(old);
                rows.insert(row.key.expose().clone(), row);
                Replaced::Done
            }
        };
        Answer::ready(Ok(replaced))
    }

    fn delete<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, ()> {
        lock(&self.0).remove(key);
        Answer::ready(Ok(()))
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64> {
        let mut deleted = 0;
        lock(&self.0).retain(|_, row| {
            let delete = deleted < u64::from(limit) && row.expire_date < now;
            deleted += u64::from(delete);
            !delete
        });
        Answer::ready(Ok(deleted))
    }
}

fn insert(rows: &mut HashMap<String, SessionRow>, row: SessionRow) -> bool {
    match rows.entry(row.key.expose().clone()) {
        Entry::Occupied(_) => false,
        Entry::Vacant(place) => {
            place.insert(row);
            true
        }
    }
}
