//! What a hit costs; run by hand:
//! `cargo test -p doorward-redis --test redis latency -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use crate::process::RedisProcess;
use crate::{hit, limit, waiting};

const HITS: usize = 20_000;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, not a test"]
async fn a_hit_is_measured() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut times = Times::default();
    for _ in 0..HITS {
        let ping = redis::cmd("PING");
        times
            .take(ping.query_async::<String>(&mut connection))
            .await
            .unwrap();
    }
    times.print("PING");
    let store = waiting(&server.url(), Duration::from_secs(1)).await;
    for rates in ["1000/s", "10/s,1000/d"] {
        let limit = limit(rates);
        let mut times = Times::default();
        for number in 0..HITS {
            times
                .take(hit(&store, &format!("{}", number % 1_000), &limit))
                .await;
        }
        times.print(rates);
    }
}

#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    async fn take<T>(&mut self, future: impl Future<Output = T>) -> T {
        let start = Instant::now();
        let value = future.await;
        self.0.push(start.elapsed());
        value
    }

    #[expect(clippy::print_stdout, reason = "a measurement is printed")]
    fn print(mut self, what: &str) {
        self.0.sort_unstable();
        let (median, late) = (self.0[HITS / 2], self.0[HITS * 99 / 100]);
        println!("{what}: p50 {median:?}, p99 {late:?}");
    }
}
