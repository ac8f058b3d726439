//! What the cache counts by itself, told when somebody reads it.

use doorward::Door;
use doorward::cache::{CacheStatus, KindStatus};
use metrics::{counter, describe_counter, describe_gauge, gauge};

pub(super) fn describe() {
    describe_counter!(
        "doorward_cache_hits_total",
        "Facts that were remembered and good, by kind."
    );
    describe_counter!("doorward_cache_misses_total", "Facts that were read, by kind.");
    describe_counter!(
        "doorward_cache_fills_total",
        "Facts that were found and kept, by kind."
    );
    describe_gauge!("doorward_cache_entries", "Facts that are kept now, by kind.");
    describe_gauge!("doorward_cache_bytes", "How much memory they take, about.");
    describe_gauge!("doorward_cache_max_bytes", "How much they may take.");
    describe_counter!(
        "doorward_cache_refused_total",
        "Look-ups that were answered with 503, for too many waited."
    );
    describe_gauge!(
        "doorward_cache_waiting",
        "Requests that wait for a look-up or for the feed."
    );
    describe_gauge!(
        "doorward_cache_feed_up",
        "1 while the change feed is live, else 0."
    );
    describe_counter!(
        "doorward_cache_feed_flaps_total",
        "How often the change feed went down."
    );
    describe_gauge!(
        "doorward_cache_confirmed_age_seconds",
        "How long ago the last poll of the change feed began; while it is live."
    );
}

/// Brings the counts up to date; without a cache there are none.
pub(super) fn count(door: &Door) {
    let Some(status) = door.principals().status() else {
        return;
    };
    status.kinds.iter().for_each(of_kind);
    gauge!("doorward_cache_bytes").set(status.bytes as f64);
    gauge!("doorward_cache_max_bytes").set(status.max_bytes as f64);
    counter!("doorward_cache_refused_total").absolute(number(status.refused));
    gauge!("doorward_cache_waiting").set(status.waiting as f64);
    of_feed(&status);
}

fn of_kind(status: &KindStatus) {
    let kind = status.kind;
    counter!("doorward_cache_hits_total", "kind" => kind).absolute(status.hits);
    counter!("doorward_cache_misses_total", "kind" => kind).absolute(status.misses);
    counter!("doorward_cache_fills_total", "kind" => kind).absolute(status.fills);
    gauge!("doorward_cache_entries", "kind" => kind).set(status.entries as f64);
}

fn of_feed(status: &CacheStatus) {
    let is_up = if status.confirmed_age.is_some() { 1.0 } else { 0.0 };
    gauge!("doorward_cache_feed_up").set(is_up);
    counter!("doorward_cache_feed_flaps_total").absolute(status.flaps);
    let age = status.confirmed_age.map_or(0.0, |age| age.as_secs_f64());
    gauge!("doorward_cache_confirmed_age_seconds").set(age);
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
