use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex};

use doorward_django::timestamp::Timestamp;

use super::lock;
use super::users::MemoryUsers;
use crate::answer::Answer;
use crate::stores::{Replaced, SessionLogin, SessionPlace, SessionRow, SessionStore, StoreAnswer};

/// The session table, by key.
#[derive(Default)]
pub(super) struct MemorySessions(Mutex<Rows>, Arc<MemoryUsers>);

type Rows = HashMap<String, SessionRow>;

impl MemorySessions {
    pub(super) fn new(users: Arc<MemoryUsers>) -> Self {
        Self(Mutex::default(), users)
    }
}

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
        Answer::ready(Ok(update(&mut lock(&self.0), row)))
    }

    fn replace<'a>(&'a self, old: &'a str, row: SessionRow) -> StoreAnswer<'a, Replaced> {
        Answer::ready(Ok(replace(&mut lock(&self.0), old, row)))
    }

    fn log_in<'a>(&'a self, login: SessionLogin<'a>) -> StoreAnswer<'a, Replaced> {
        let mut rows = lock(&self.0);
        let written = match login.place {
            SessionPlace::Of(old) => replace(&mut rows, old, login.row),
            SessionPlace::New => match insert(&mut rows, login.row) {
                true => Replaced::Done,
                false => Replaced::Taken,
            },
            SessionPlace::Same => match update(&mut rows, login.row) {
                true => Replaced::Done,
                false => Replaced::Gone,
            },
        };
        if written == Replaced::Done {
            self.1.change(login.user, |user| user.last_login = Some(login.at));
        }
        Answer::ready(Ok(written))
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

fn update(rows: &mut Rows, row: SessionRow) -> bool {
    let Some(place) = rows.get_mut(row.key.expose()) else {
        return false;
    };
    *place = row;
    true
}

fn replace(rows: &mut Rows, old: &str, row: SessionRow) -> Replaced {
    match (rows.contains_key(old), rows.contains_key(row.key.expose())) {
        (false, _) => Replaced::Gone,
        (true, true) => Replaced::Taken,
        (true, false) => {
            rows.remove(old);
            rows.insert(row.key.expose().clone(), row);
            Replaced::Done
        }
    }
}

fn insert(rows: &mut Rows, row: SessionRow) -> bool {
    match rows.entry(row.key.expose().clone()) {
        Entry::Occupied(_) => false,
        Entry::Vacant(place) => {
            place.insert(row);
            true
        }
    }
}
