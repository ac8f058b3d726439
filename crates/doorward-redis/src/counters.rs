//! [`Counters`]: hits as a server counts them.

use std::time::Duration;

use doorward_django::hex;
use doorward_django::rate::Rate;
use doorward_django::sliding_window::{Algorithm, Limit, Verdict, interval};
use doorward_django::throttle_key::ThrottleKey;
use redis::Value;

use crate::connection::Connection;
use crate::failure::Failure;
use crate::script::{Call, Scripts};

/// Keys below a prefix, and the scripts that count in them.
#[derive(Debug)]
pub(crate) struct Counters {
    prefix: String,
    scripts: Scripts,
}

impl Counters {
    pub(crate) fn new(prefix: String) -> Self {
        let scripts = Scripts::default();
        Self { prefix, scripts }
    }

    /// What every key begins with.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// One hit, in one round trip.
    pub(crate) async fn hit(
        &self,
        connection: &Connection,
        key: &ThrottleKey,
        limit: &Limit,
    ) -> Result<Verdict, Failure> {
        let script = self.scripts.of(limit.algorithm);
        let answer = script.run(connection, &self.call(key, limit)).await?;
        verdict(limit, &answer).ok_or(Failure::Nonsense)
    }

    /// Asks the server of that name in braces whether it would count: by counting at a rate that nothing exceeds, so that
    /// each question writes.
    pub(crate) async fn probe(&self, connection: &Connection, tag: &str) -> Result<(), Failure> {
        let limit = Limit {
            rates: "1000000/s".parse().map_err(|_| Failure::Nonsense)?,
            algorithm: Algorithm::Gcra,
        };
        let call = self.call_of(&format!("probe:{{{tag}}}"), &limit);
        let answer = self.scripts.of(limit.algorithm).run(connection, &call).await?;
        verdict(&limit, &answer).map(drop).ok_or(Failure::Nonsense)
    }

    fn call(&self, key: &ThrottleKey, limit: &Limit) -> Call {
        // The braces keep the keys of one caller on one node of a cluster.
        self.call_of(&format!("throttle:{{{}}}", hex::encode(key.as_bytes())), limit)
    }

    fn call_of(&self, caller: &str, limit: &Limit) -> Call {
        let rates = limit.rates.iter();
        rates
            .map(|rate| {
                let (kind, numbers) = match limit.algorithm {
                    Algorithm::SlidingWindow => (
                        format!("log:{}", rate.period().as_secs()),
                        [u64::from(rate.requests()), micros(rate.period())],
                    ),
                    Algorithm::Gcra => (
                        format!("gcra:{rate}"),
                        [u64::from(rate.requests()), micros(interval(rate))],
                    ),
                };
                (format!("{}{caller}:{kind}", self.prefix), numbers)
            })
            .collect()
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// What a script found, judged; none where it is no answer of a script of ours.
fn verdict(limit: &Limit, answer: &Value) -> Option<Verdict> {
    let Value::Array(numbers) = answer else {
        return None;
    };
    let numbers: Vec<u64> = numbers.iter().map(number).collect::<Option<_>>()?;
    let (found, rest) = numbers.as_chunks::<2>();
    if found.len() != limit.rates.iter().count() || !rest.is_empty() {
        return None;
    }
    let of = |place: usize| found.get(place).copied().unwrap_or_default();
    Some(match limit.algorithm {
        Algorithm::SlidingWindow => Verdict::of_log(&limit.rates, |place| {
            let [count, age] = of(place);
            (
                u32::try_from(count).unwrap_or(u32::MAX),
                Duration::from_micros(age),
            )
        }),
        Algorithm::Gcra => Verdict::of_gcra(&limit.rates, |place| {
            let [_, used] = of(place);
            Duration::from_micros(used).min(burst(limit, place))
        }),
    })
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Int(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

/// The most that can be used up of a rate.
fn burst(limit: &Limit, place: usize) -> Duration {
    let rate = limit.rates.iter().nth(place);
    rate.map_or_else(Duration::default, |rate: Rate| interval(rate) * rate.requests())
}

#[cfg(test)]
mod tests;
