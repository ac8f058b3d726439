//! What a hit costs; run by hand:
//! `cargo test -p doorward-redis --test redis latency -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use crate::process::RedisProcess;
use crate::{hit, limit, waiting};

const HITS: usize = 20_000;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, not a test"]
#[expect(clippy::print_stdout, reason = "a measurement is printed")]
async fn a_hit_is_measured() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let store = waiting(&server.url(), Duration::from_secs(1)).await;
    for rates in ["1000/s", "10/s,1000/d"] {
        let limit = limit(rates);
        let mut times = Vec::with_capacity(HITS);
        for number in 0..HITS {
            let ident = format!("{}", number % 1_000);
            let start = Instant::now();
            hit(&store, &ident, &limit).await;
            times.push(start.elapsed());
        }
        times.sort_unstable();
        println!(
            "{rates}: p50 {:?}, p99 {:?}",
            times[HITS / 2],
            times[HITS * 99 / 100]
        );
    }
}
