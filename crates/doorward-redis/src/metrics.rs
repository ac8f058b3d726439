//! What is told of a server, under the names that `docs/guide/src/metrics.md` lists.

use metrics::{counter, gauge};

use crate::failure::Failure;

/// A server answers, or is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Answers,
    Away,
}

pub(crate) fn reach(reach: Reach) {
    let open = match reach {
        Reach::Answers => 0,
        Reach::Away => 1,
    };
    gauge!("doorward_redis_breaker_open").set(open);
}

pub(crate) fn opened() {
    counter!("doorward_redis_breaker_openings_total").increment(1);
}

pub(crate) fn failed(failure: &Failure) {
    counter!("doorward_redis_failures_total", "kind" => failure.kind()).increment(1);
}

/// A hit was counted by this process alone.
pub(crate) fn counted_alone() {
    counter!("doorward_redis_local_hits_total").increment(1);
}

/// What came of asking whether a token is on the blacklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// It is: the table was not asked.
    Hit,
    /// It is not; the table was asked.
    Absent,
    /// The server did not say; the table was asked.
    Away,
}

pub(crate) fn looked_up(lookup: Lookup) {
    let answer = match lookup {
        Lookup::Hit => "hit",
        Lookup::Absent => "absent",
        Lookup::Away => "away",
    };
    counter!("doorward_redis_blacklist_lookups_total", "answer" => answer).increment(1);
}
