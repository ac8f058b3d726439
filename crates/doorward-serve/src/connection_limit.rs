//! [`ConnectionLimit`]: how many connections there may be.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use crate::activity::Activity;

/// How long a connection has to be idle before its permit may be given to another.
const IDLE: Duration = Duration::from_secs(1);

/// How many connections are asked for their permits at once.
const ASKED: usize = 16;

/// How often they are asked while somebody waits.
const ASK_AGAIN: Duration = Duration::from_millis(100);

/// How often it is logged that all permits are taken.
const LOGGED: Duration = Duration::from_secs(60);

/// What a process needs beside its connections: the database's files, letters, keys, other servers.
const LEAST_HEADROOM: usize = 32;
const MOST_HEADROOM: usize = 256;

/// How many files a process may have open where it cannot be asked.
const USUAL_DESCRIPTORS: usize = 1024;

/// As many connections as there may be.
#[derive(Debug)]
pub(crate) struct ConnectionLimit {
    free: Arc<Semaphore>,
    taken: Arc<Taken>,
    logged: Mutex<Option<Instant>>,
}

#[derive(Debug, Default)]
struct Taken(Mutex<(u64, HashMap<u64, Place>)>);

#[derive(Clone, Debug)]
struct Place {
    activity: Activity,
    wanted: Arc<Notify>,
}

/// Room for one connection.
#[derive(Debug)]
pub(crate) struct Room(#[expect(dead_code, reason = "it is free again when this goes")] OwnedSemaphorePermit);

/// A connection's place; it is free again when this goes.
#[derive(Debug)]
pub(crate) struct Permit {
    place: Place,
    number: u64,
    taken: Arc<Taken>,
    _room: Room,
}

impl ConnectionLimit {
    /// That many; or as many as the process may have files open, less some.
    pub(crate) fn new(wanted: Option<usize>) -> Self {
        let room = room(descriptors().unwrap_or(USUAL_DESCRIPTORS));
        if let Some(wanted) = wanted.filter(|wanted| *wanted > room) {
            tracing::warn!(
                server.max_connections = wanted,
                room,
                "the process may open too few files for so many connections; raise its limit (`ulimit -n`)"
            );
        }
        let permits = wanted.map_or(room, |wanted| wanted.min(room));
        Self {
            free: Arc::new(Semaphore::new(permits.min(Semaphore::MAX_PERMITS))),
            taken: Arc::default(),
            logged: Mutex::new(None),
        }
    }

    /// Waits until there is room for another connection. Those that have been idle for longest are asked for theirs.
    pub(crate) async fn room(&self) -> Room {
        loop {
            let permit = Arc::clone(&self.free).acquire_owned();
            match timeout(self.patience(), permit).await {
                Ok(Ok(permit)) => return Room(permit),
                Ok(Err(_)) | Err(_) => self.make_room(None),
            }
        }
    }

    /// Asks those for their permits that have been idle for longest.
    pub(crate) fn make_room(&self, error: Option<&io::Error>) {
        let mut idle: Vec<_> = self.taken.lock().1.values().filter_map(Place::idle).collect();
        idle.sort_unstable_by_key(|(since, _)| *since);
        idle.iter()
            .take(ASKED)
            .for_each(|(_, wanted)| wanted.notify_one());
        if self.is_worth_a_line() {
            let cause = error.map(tracing::field::display);
            tracing::error!(
                error.cause = cause,
                idle = idle.len(),
                "no room for another connection: more wait"
            );
        }
    }

    fn patience(&self) -> Duration {
        match self.free.available_permits() {
            0 => ASK_AGAIN,
            _ => Duration::MAX,
        }
    }

    /// The permit of a connection that came.
    pub(crate) fn permit(&self, room: Room) -> Permit {
        let place = Place {
            activity: Activity::new(),
            wanted: Arc::default(),
        };
        let mut taken = self.taken.lock();
        taken.0 += 1;
        let number = taken.0;
        taken.1.insert(number, place.clone());
        Permit {
            place,
            number,
            taken: Arc::clone(&self.taken),
            _room: room,
        }
    }

    fn is_worth_a_line(&self) -> bool {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = logged.is_none_or(|at| at.elapsed() >= LOGGED);
        if is_due {
            *logged = Some(Instant::now());
        }
        is_due
    }
}

impl Place {
    /// Since when it is idle, where that is long enough, and how to ask for it.
    fn idle(&self) -> Option<(Instant, Arc<Notify>)> {
        let since = self.activity.idle_since()?;
        (since.elapsed() >= IDLE).then(|| (since, Arc::clone(&self.wanted)))
    }
}

impl Taken {
    fn lock(&self) -> MutexGuard<'_, (u64, HashMap<u64, Place>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    pub(crate) fn activity(&self) -> &Activity {
        &self.place.activity
    }

    /// Waits until somebody else wants this permit.
    pub(crate) async fn wanted(&self) {
        self.place.wanted.notified().await;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.taken.lock().1.remove(&self.number);
    }
}

/// How many connections a process may have that may open so many files.
fn room(descriptors: usize) -> usize {
    let headroom = (descriptors / 4).clamp(LEAST_HEADROOM, MOST_HEADROOM);
    descriptors.saturating_sub(headroom).max(1)
}

/// How many files this process may have open, where the system has a file that says so.
fn descriptors() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_beside_the_connections() {
        assert_eq!(room(64), 32);
        assert_eq!(room(1024), 768);
        assert_eq!(room(1_048_576), 1_048_320);
        assert_eq!(room(8), 1);
    }
}
