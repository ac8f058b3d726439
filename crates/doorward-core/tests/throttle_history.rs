//! What is counted in the process: how much memory it takes, and that the count is exact.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use doorward_core::throttling::{MemoryThrottleHistory, ThrottleHistory};
use doorward_django::sliding_window::{Algorithm, Limit};
use doorward_django::throttle_key::ThrottleKey;
use doorward_django::timestamp::Timestamp;

fn limit(rates: &str, algorithm: Algorithm) -> Limit {
    Limit {
        rates: rates.parse().unwrap(),
        algorithm,
    }
}

async fn hit(store: &MemoryThrottleHistory, number: u32, limit: &Limit, now: Timestamp) -> bool {
    let key = ThrottleKey::new("user", "id", &number);
    store.hit(key, limit, now).await.unwrap().is_allowed()
}

#[cfg(target_os = "linux")]
fn resident_bytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_million_callers_take_less_than_64_mib_and_expired_ones_go() {
    let (store, limit) = (
        MemoryThrottleHistory::default(),
        limit("3/min", Algorithm::SlidingWindow),
    );
    let (before, start) = (resident_bytes(), Timestamp::from_secs(0));
    for number in 0..1_000_000 {
        assert!(hit(&store, number, &limit, start).await);
    }
    let taken = resident_bytes().saturating_sub(before);
    assert!(taken < 64 << 20, "{taken} bytes");
    assert_eq!(store.len(), 1_000_000);
    let later = Timestamp::from_secs(61);
    for number in 0..1_000 {
        assert!(hit(&store, number, &limit, later).await);
    }
    assert!(store.len() <= 1_000, "{} are left", store.len());
}

#[tokio::test]
async fn past_its_bound_a_store_drops_those_that_would_expire_next() {
    for algorithm in [Algorithm::SlidingWindow, Algorithm::Gcra] {
        let (store, limit) = (
            MemoryThrottleHistory::bounded(1 << 20),
            limit("2/h,3/d", algorithm),
        );
        for number in 0..200_000_u32 {
            let now = Timestamp::from_micros(i64::from(number));
            assert!(hit(&store, number, &limit, now).await);
        }
        assert!((5_000..40_000).contains(&store.len()), "{}", store.len());
        let now = Timestamp::from_secs(1);
        assert!(hit(&store, 199_999, &limit, now).await);
        assert!(
            !hit(&store, 199_999, &limit, now).await,
            "the latest are still counted"
        );
    }
}

#[tokio::test]
async fn a_log_that_outgrows_the_store_is_still_counted() {
    let (store, limit) = (
        MemoryThrottleHistory::bounded(1 << 10),
        limit("5000/d", Algorithm::SlidingWindow),
    );
    let mut passed = 0;
    for _ in 0..6_000 {
        passed += u32::from(hit(&store, 1, &limit, Timestamp::from_secs(1)).await);
    }
    assert_eq!(passed, 5_000);
}

#[tokio::test]
async fn limits_with_the_same_key_are_counted_apart() {
    let store = MemoryThrottleHistory::default();
    let now = Timestamp::from_secs(1);
    let (minute, hour) = (
        limit("1/min", Algorithm::SlidingWindow),
        limit("1/h", Algorithm::SlidingWindow),
    );
    assert!(hit(&store, 1, &minute, now).await);
    assert!(hit(&store, 1, &hour, now).await);
    assert!(!hit(&store, 1, &minute, now).await);
}
