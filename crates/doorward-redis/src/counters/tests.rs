//! The scripts beside the histories in the process: the same hits, the same verdicts, quotas and waits.

use doorward_core::settings::RedisSettings;
use doorward_core::throttling::{MemoryThrottleHistory, ThrottleHistory};
use doorward_django::timestamp::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::runtime::Runtime;

use super::*;
use crate::server::Server;

#[path = "../../tests/redis/process.rs"]
#[expect(dead_code, reason = "nothing is stopped here")]
mod process;

const START: i64 = 1_700_000_000_000_000;

/// Scripts on a clock of the test's, and a runtime to ask them in.
struct Site {
    runtime: Runtime,
    connection: Connection,
    counters: Counters,
    _process: process::RedisProcess,
}

impl Site {
    fn new() -> Option<Self> {
        let process = process::RedisProcess::start()?;
        let runtime = Runtime::new().unwrap();
        let server = Server::new(&RedisSettings::default(), &process.url().into()).unwrap();
        let connection = runtime.block_on(server.connect()).unwrap();
        let counters = Counters {
            prefix: "test:".to_owned(),
            scripts: Scripts::on_a_given_clock(),
        };
        Some(Self {
            runtime,
            connection,
            counters,
            _process: process,
        })
    }

    fn hit(&self, key: ThrottleKey, limit: &Limit, micros: i64) -> Verdict {
        let call = self.counters.call(&key, limit);
        let script = self.counters.scripts.of(limit.algorithm);
        let answer = script.run_at(&self.connection, &call, micros);
        verdict(limit, &self.runtime.block_on(answer).unwrap()).unwrap()
    }

    fn ask(&self, command: &str, key: &str) -> Value {
        let command = redis::cmd(command).arg(key).clone();
        self.runtime.block_on(self.connection.ask(key, &command)).unwrap()
    }

    /// Whether every key of a caller has an end, or is not there.
    fn all_end(&self, key: &ThrottleKey, limit: &Limit) -> bool {
        let ends = |(name, _): (String, _)| {
            let left = self.ask("PTTL", &name);
            left != Value::Int(-1)
        };
        self.counters.call(key, limit).into_iter().all(ends)
    }

    fn alone(&self, memory: &MemoryThrottleHistory, key: ThrottleKey, limit: &Limit, micros: i64) -> Verdict {
        let verdict = memory.hit(key, limit, Timestamp::from_micros(micros));
        self.runtime.block_on(async { verdict.await }).unwrap()
    }
}

fn limit(rates: &str, algorithm: Algorithm) -> Limit {
    Limit {
        rates: rates.parse().unwrap(),
        algorithm,
    }
}

fn algorithms() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(vec![Algorithm::SlidingWindow, Algorithm::Gcra])
}

fn rates() -> impl Strategy<Value = &'static str> {
    let rates = vec![
        "1/s",
        "3/min",
        "7/min",
        "2/s,5/min",
        "5/min,2/s",
        "3/m,3/m",
        "5/m,3/m,4/h",
        "1000000/s",
        "2/366d",
    ];
    prop::sample::select(rates)
}

fn steps() -> impl Strategy<Value = Vec<i64>> {
    let step = prop_oneof![Just(0), 0_i64..3, 0_i64..3_000_000, 0_i64..90_000_000];
    prop::collection::vec(step, 1..60)
}

/// Each case counts for somebody of its own.
fn runner() -> TestRunner {
    TestRunner::new(ProptestConfig::with_cases(200))
}

#[test]
fn the_same_hits_have_the_same_verdicts_quotas_and_waits() {
    let Some(site) = Site::new() else { return };
    let case = std::cell::Cell::new(0);
    let compared = runner().run(&(algorithms(), rates(), steps()), |(algorithm, rates, steps)| {
        let (limit, memory) = (limit(rates, algorithm), MemoryThrottleHistory::default());
        case.set(case.get() + 1);
        let key = ThrottleKey::new("same", "case", &case.get());
        let mut now = START;
        for step in steps {
            now += step;
            let wanted = site.alone(&memory, key, &limit, now);
            prop_assert_eq!(site.hit(key, &limit, now), wanted);
        }
        Ok(())
    });
    compared.unwrap();
}

#[test]
fn a_clock_that_jumps_locks_nobody_out_for_longer_than_a_period_and_opens_no_window() {
    let Some(site) = Site::new() else { return };
    let case = std::cell::Cell::new(0);
    let times = prop::collection::vec(START..START + 10_000_000_000, 1..40);
    let judged = runner().run(&(algorithms(), rates(), times), |(algorithm, rates, times)| {
        let limit = limit(rates, algorithm);
        case.set(case.get() + 1);
        let key = ThrottleKey::new("jump", "case", &case.get());
        for time in times {
            let verdict = site.hit(key, &limit, time);
            prop_assert!(site.all_end(&key, &limit));
            let Verdict::Denied { wait, .. } = verdict else {
                continue;
            };
            // Asked at once, a denial stays one; asked after the wait, it is over.
            prop_assert!(!site.hit(key, &limit, time).is_allowed());
            let wait = wait.unwrap_or_default();
            prop_assert!(wait <= limit.rates.longest_period());
            let then = time + i64::try_from(wait.as_micros()).unwrap();
            prop_assert!(site.hit(key, &limit, then).is_allowed());
        }
        Ok(())
    });
    judged.unwrap();
}

#[test]
fn a_list_never_holds_more_than_its_rate() {
    let Some(site) = Site::new() else { return };
    let limit = limit("3/s,5/min", Algorithm::SlidingWindow);
    let key = ThrottleKey::new("bounded", "case", &1);
    for step in 0..500 {
        site.hit(key, &limit, START + step * 100_000);
    }
    for ((name, _), rate) in site
        .counters
        .call(&key, &limit)
        .into_iter()
        .zip(limit.rates.iter())
    {
        let Value::Int(length) = site.ask("LLEN", &name) else {
            panic!("{name} is no list")
        };
        assert!(length <= i64::from(rate.requests()), "{name}: {length}");
    }
}

#[test]
fn answers_that_make_no_sense_are_none() {
    let limit = limit("3/s,5/min", Algorithm::SlidingWindow);
    let numbers = |numbers: &[i64]| Value::Array(numbers.iter().copied().map(Value::Int).collect());
    assert!(verdict(&limit, &numbers(&[1, 2, 3, 4])).is_some());
    for nonsense in [
        Value::Okay,
        Value::Nil,
        numbers(&[]),
        numbers(&[1, 2, 3]),
        numbers(&[1, 2, 3, 4, 5, 6]),
        numbers(&[1, -2, 3, 4]),
        Value::Array(vec![Value::Okay; 4]),
    ] {
        assert!(verdict(&limit, &nonsense).is_none(), "{nonsense:?}");
    }
}

#[test]
fn keys_are_digests_below_the_prefix_and_share_a_slot() {
    let counters = Counters::new("site:".to_owned());
    let key = ThrottleKey::new("anon", "client", &"203.0.113.7");
    for (algorithm, ends) in [
        (Algorithm::SlidingWindow, [":log:1", ":log:86400"]),
        (Algorithm::Gcra, [":gcra:10/s", ":gcra:1000/d"]),
    ] {
        let call = counters.call(&key, &limit("10/s,1000/d", algorithm));
        let (first, second) = (&call[0].0, &call[1].0);
        assert!(
            first.starts_with("site:throttle:{") && first.ends_with(ends[0]),
            "{first}"
        );
        assert!(second.ends_with(ends[1]), "{second}");
        assert_eq!(first.split('}').next(), second.split('}').next());
        assert!(!first.contains("anon") && !first.contains("203"));
    }
}
