//! [`Floor`]: how long a refusal takes at least, so that its time does not tell how an account's password is hashed.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use doorward_django::passwords::identify;

/// No refusal waits for longer than this.
const LONGEST: Duration = Duration::from_secs(3);
/// So many kinds of hash are told apart.
const MOST: usize = 64;

/// What a hash of each kind costs here, learnt from those that were computed.
///
/// The stored hashes of a site may be of several kinds: of Django's older defaults, or brought along from elsewhere. A
/// wrong password for a slow one takes longer than for a name that nobody has. So every refusal takes as long as the
/// slowest kind does, and an eighth more, within which the slowest one itself varies.
#[derive(Debug, Default)]
pub(super) struct Floor(Mutex<BTreeMap<String, Duration>>);

impl Floor {
    /// A hash of that kind took so long. The estimate follows at once where it took longer, slowly where it was quicker:
    /// a kind may be of hashes that do not cost all the same.
    pub(super) fn learn(&self, kind: String, took: Duration) {
        let mut costs = self.costs();
        let is_full = costs.len() >= MOST;
        match costs.get_mut(&kind) {
            Some(cost) if took > *cost => *cost += (took - *cost) / 2,
            Some(cost) => *cost -= (*cost - took) / 32,
            None if is_full => {}
            None => drop(costs.insert(kind, took)),
        }
    }

    /// How long a refusal has still to wait, whose hashes took so long.
    pub(super) fn rest(&self, took: Duration) -> Duration {
        let slowest = self.costs().values().max().copied().unwrap_or_default();
        let least = slowest.saturating_add(slowest / 8).min(LONGEST);
        least.saturating_sub(took)
    }

    fn costs(&self) -> MutexGuard<'_, BTreeMap<String, Duration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What tells the cost of a stored hash: its algorithm and parameters, without salt and hash.
pub(super) fn kind(encoded: &str) -> String {
    let Some(algorithm) = identify(encoded) else {
        return String::new();
    };
    let parts = match algorithm.name() {
        "bcrypt" | "bcrypt_sha256" | "argon2" => 4,
        "pbkdf2_sha256" | "pbkdf2_sha1" | "scrypt" => 2,
        _ => 1,
    };
    let parts: Vec<&str> = encoded.split('$').take(parts).collect();
    parts.join("$")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn every_refusal_takes_as_long_as_the_slowest_kind() {
        let floor = Floor::default();
        assert_eq!(floor.rest(ms(0)), ms(0), "nothing is known yet");
        floor.learn("quick".to_owned(), ms(100));
        floor.learn("slow".to_owned(), ms(400));
        for took in [0, 100, 400, 450] {
            assert_eq!(floor.rest(ms(took)), ms(450 - took));
        }
        assert_eq!(floor.rest(ms(500)), ms(0));
        for _ in 0..10_000 {
            floor.learn("quick".to_owned(), ms(100));
        }
        assert_eq!(
            floor.rest(ms(100)),
            ms(350),
            "however seldom the slow one is seen"
        );
    }

    #[test]
    fn it_follows_a_machine_that_slows_down_and_recovers() {
        let floor = Floor::default();
        for (took, times) in [(100, 1), (200, 20), (100, 1_000)] {
            for _ in 0..times {
                floor.learn("kind".to_owned(), ms(took));
            }
            let least = floor.rest(ms(0)).as_secs_f64();
            let wanted = ms(took * 9 / 8).as_secs_f64();
            assert!((least / wanted - 1.0).abs() < 0.01, "{least}");
        }
    }

    #[test]
    fn nobody_waits_for_ever() {
        let floor = Floor::default();
        floor.learn("a".to_owned(), Duration::MAX);
        assert_eq!(floor.rest(ms(0)), LONGEST);
        for number in 0..1_000 {
            floor.learn(number.to_string(), ms(1));
        }
        assert_eq!(floor.costs().len(), MOST);
    }

    #[test]
    fn kinds_hold_no_salt_and_no_hash() {
        for (encoded, wanted) in [
            ("pbkdf2_sha256$1000000$salt$hash", "pbkdf2_sha256$1000000"),
            ("bcrypt_sha256$$2b$12$saltandhash", "bcrypt_sha256$$2b$12"),
            (
                "argon2$argon2id$v=19$m=102400,t=2,p=8$salt$hash",
                "argon2$argon2id$v=19$m=102400,t=2,p=8",
            ),
            ("md5$salt$hash", "md5"),
            ("!unusable", ""),
            ("", ""),
        ] {
            assert_eq!(kind(encoded), wanted);
        }
    }
}
