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
        if self.coherence.confirmed_age().is_none() {
            self.told.store(false, Ordering::Relaxed);
            tracing::info!("the change feed is live");
        }
        self.coherence.confirm(since);
    }

    fn down(&self, problem: &FeedProblem) {
        self.coherence.down();
        let advice = problem.advice();
        let is_missing = matches!((self.wanted, problem), (FeedUse::Auto, FeedProblem::NotInstalled));
        match (self.wanted, problem) {
            _ if !is_missing && self.told.swap(true, Ordering::Relaxed) => {}
            (FeedUse::On, _) => {
                tracing::error!(error.cause = %problem, advice, "the change feed is down; `cache.feed` is `on`");
            }
            (_, FeedProblem::NotInstalled) => tracing::debug!("the change feed is not installed"),
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
