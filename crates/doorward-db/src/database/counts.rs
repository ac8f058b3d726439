//! [`Statements`]: how many were sent to a database.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many statements a process sent to a database. What only frames others (`BEGIN`, `COMMIT`, what opens a session or asks
/// whether it is still there) is not counted; one that was run again, because its connection was cut, counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statements {
    /// Those of requests, commands and chores.
    pub asked: u64,
    /// Those of the change feed, which are sent whether or not there are requests.
    pub polls: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counts {
    asked: AtomicU64,
    polls: AtomicU64,
}

impl Counts {
    pub(super) fn one(&self) {
        self.asked.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn one_poll(&self) {
        self.polls.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn statements(&self) -> Statements {
        Statements {
            asked: self.asked.load(Ordering::Relaxed),
            polls: self.polls.load(Ordering::Relaxed),
        }
    }
}
