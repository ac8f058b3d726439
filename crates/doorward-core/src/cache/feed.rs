//! [`Poller`]: the change feed of a door, which tells [`Coherence`] what others write.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use doorward_db::feed::{self, Feed, FeedProblem, Key, Listener};
use doorward_db::{Database, UserSchema};
use doorward_django::timestamp::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use super::coherence::Coherence;
use crate::settings::FeedUse;

/// Polls as long as the door is there, from the first look-up on. Doors that nobody asks have none.
pub(crate) struct Poller {
    database: Database,
    user: UserSchema,
    wanted: FeedUse,
    task: OnceLock<Option<AbortHandle>>,
}

impl Poller {
    /// `None` where the feed is not to be used.
    pub(crate) fn new(database: &Database, user: &UserSchema, wanted: FeedUse) -> Option<Self> {
        (wanted != FeedUse::Off).then(|| Self {
            database: database.clone(),
            user: user.clone(),
            wanted,
            task: OnceLock::new(),
        })
    }

    /// Whether anybody has asked since the door opened.
    pub(crate) fn has_begun(&self) -> bool {
        self.task.get().is_some()
    }

    /// Begins to poll, once. Outside of a runtime nothing could be read either.
    pub(crate) fn begin(&self, coherence: &Arc<Coherence>) {
        self.task.get_or_init(|| {
            let feed = Feed::new(&self.database, &self.user);
            let telling = Telling {
                coherence: Arc::clone(coherence),
                wanted: self.wanted,
                told: AtomicBool::new(false),
            };
            let polls = async move { feed::run(feed, &telling).await };
            Handle::try_current()
                .ok()
                .map(|runtime| runtime.spawn(polls).abort_handle())
        });
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        if let Some(Some(task)) = self.task.get() {
            task.abort();
        }
    }
}

/// What hears of changes. Where polling ends, the feed is down.
struct Telling {
    coherence: Arc<Coherence>,
    wanted: FeedUse,
    /// Whether the log has been told that it is down.
    told: AtomicBool,
}

impl Drop for Telling {
    fn drop(&mut self) {
        self.coherence.down();
    }
}

impl Listener for Telling {
    fn now(&self) -> Timestamp {
        self.coherence.now()
    }

    fn bump(&self, key: Key) {
        self.coherence.bump(key);
    }

    /// Of a feed that is down nothing was believed.
    fn bump_everything(&self) {
        if self.coherence.confirmed_age().is_some() {
            self.coherence.bump_everything();
        }
    }

    fn confirm(&self, since: Timestamp) {
        let was_up = self.coherence.confirmed_age().is_some();
        match (was_up, self.told.swap(false, Ordering::Relaxed)) {
            (true, _) => {}
            (false, true) => {
                tracing::warn!("the change feed is live again; the database is asked less often");
            }
            (false, false) => tracing::info!("the change feed is live"),
        }
        self.coherence.confirm(since);
    }

    /// Told once, until it is live again. That a feed which nobody wants was never installed is no news.
    fn down(&self, problem: &FeedProblem) {
        let was_up = self.coherence.down();
        let is_wanted = was_up || self.wanted == FeedUse::On;
        let advice = problem.advice();
        match problem {
            FeedProblem::NotInstalled if !is_wanted => tracing::debug!("the change feed is not installed"),
            _ if self.told.swap(true, Ordering::Relaxed) => {}
            _ if self.wanted == FeedUse::On => {
                tracing::error!(error.cause = %problem, advice, "the change feed is down; `cache.feed` is `on`");
            }
            _ => {
                tracing::warn!(error.cause = %problem, advice, "the change feed is down; the database is asked more often");
            }
        }
    }

    fn last_asked(&self) -> Option<Timestamp> {
        self.coherence.last_asked()
    }

    fn wanted(&self) -> &Notify {
        self.coherence.wanted()
    }
}

impl fmt::Debug for Poller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Poller")
    }
}

#[cfg(test)]
#[path = "../../../doorward-auth/tests/browser/log.rs"]
mod log;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use doorward_db::Dialect;
    use doorward_db::feed::{Sensor, SensorFlaw};

    use super::log::Log;
    use super::*;
    use crate::cache::rules::CacheRules;
    use crate::clock::ManualClock;

    fn telling(wanted: FeedUse) -> Telling {
        let rules = CacheRules {
            max_staleness: Duration::from_millis(100),
            max_age: Duration::from_secs(60),
            room: 1 << 20,
            capacity: 1_000,
            feed: wanted,
        };
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(0)));
        Telling {
            coherence: Arc::new(Coherence::new(&rules, clock, Dialect::Sqlite)),
            wanted,
            told: AtomicBool::new(false),
        }
    }

    fn blind() -> FeedProblem {
        FeedProblem::Blind(vec![Sensor {
            table: "auth_user".to_owned(),
            name: "doorward_users_update".to_owned(),
            flaw: SensorFlaw::Missing,
        }])
    }

    fn now() -> Timestamp {
        Timestamp::from_secs(0)
    }

    #[test]
    fn a_feed_that_falls_back_is_told_once_and_once_that_it_is_back() {
        let (log, feed) = (Log::start(), telling(FeedUse::Auto));
        feed.confirm(now());
        feed.confirm(now());
        assert_eq!(log.warnings(), [""; 0], "that it is live at first is no warning");
        for _ in 0..2 {
            // Somebody takes a trigger away, and then the rest of it.
            for problem in [blind(), blind(), FeedProblem::NotInstalled] {
                feed.down(&problem);
            }
            feed.confirm(now());
            feed.confirm(now());
        }
        let told = log.warnings();
        let [down, up, down_again, up_again] = told.as_slice() else {
            panic!("{told:?}")
        };
        assert!(
            down.contains("the change feed is down") && down.contains("feed install"),
            "{down}"
        );
        assert!(up.contains("the change feed is live again"), "{up}");
        assert_eq!((down, up), (down_again, up_again));
        assert_eq!(feed.coherence.flaps_and_waiting().0, 2);
    }

    #[test]
    fn a_feed_that_is_taken_away_while_it_is_live_is_told() {
        let (log, feed) = (Log::start(), telling(FeedUse::Auto));
        feed.confirm(now());
        feed.down(&FeedProblem::NotInstalled);
        assert_eq!(log.warnings().len(), 1);
    }

    #[test]
    fn a_feed_that_was_never_there_is_told_to_who_wants_it() {
        for (wanted, told) in [(FeedUse::Auto, 0), (FeedUse::On, 1)] {
            let (log, feed) = (Log::start(), telling(wanted));
            feed.down(&FeedProblem::NotInstalled);
            feed.down(&FeedProblem::NotInstalled);
            let lines = log.lines();
            let loud = lines
                .iter()
                .filter(|line| line.starts_with("ERROR") || line.starts_with("WARN"));
            assert_eq!(loud.count(), told, "{lines:?}");
        }
    }
}
