//! [`run`]: polls as long as it is let, and tells a [`Listener`].

use std::time::Duration;

use doorward_django::timestamp::Timestamp;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::changes::Changes;
use super::key::Key;
use super::live::Feed;
use super::pace::{self, Liveness};
use super::problem::FeedProblem;
use super::purge::{self, KEPT};

/// What keeps answers, and is told which of them count no more.
pub trait Listener: Send + Sync {
    /// A reading that never goes back, and goes on while the machine sleeps.
    fn now(&self) -> Timestamp;

    /// What depends on that key has changed.
    fn bump(&self, key: Key);

    /// Everything may have changed.
    fn bump_everything(&self);

    /// All that was committed before `since` has been told.
    fn confirm(&self, since: Timestamp);

    /// The feed tells nothing any more; [`bump_everything`](Self::bump_everything) was called before.
    fn down(&self, problem: &FeedProblem);

    /// When an answer was last asked for; `None` before the first one.
    fn last_asked(&self) -> Option<Timestamp>;

    /// Notified by who waits for the next poll.
    fn wanted(&self) -> &Notify;
}

/// Polls the feed, and deletes what everybody has read, until it is dropped: at most twenty times a second while answers are
/// asked for, seldom while they are not, and soon where somebody waits.
pub async fn run(feed: Feed, listener: &impl Listener) {
    let database = feed.database().clone();
    tokio::join!(polls(feed, listener), purge::run(&database));
}

async fn polls(mut feed: Feed, listener: &impl Listener) {
    let mut confirmed = None;
    loop {
        let began = listener.now();
        let liveness = match feed.poll().await {
            Ok(changes) => {
                // Rows are kept for a while only: who was away for longer may have missed some.
                let is_late = confirmed.is_some_and(|before| since(before, listener) > KEPT);
                tell(if is_late { Changes::Everything } else { changes }, listener);
                listener.confirm(began);
                confirmed = Some(began);
                Liveness::Live
            }
            Err(problem) => {
                listener.bump_everything();
                listener.down(&problem);
                Liveness::Down
            }
        };
        rest(listener, liveness).await;
    }
}

/// Until the next poll. Nobody gets one at once after another, and nobody wakes a feed that is down.
async fn rest(listener: &impl Listener, liveness: Liveness) {
    sleep(pace::LEAST).await;
    let asked = listener.last_asked().map(|at| since(at, listener));
    let left = pace::wait(asked, liveness).saturating_sub(pace::LEAST);
    match liveness {
        Liveness::Down => sleep(left).await,
        // Somebody who waits, or nobody did: both is fine.
        Liveness::Live => drop(timeout(left, listener.wanted().notified()).await),
    }
}

fn tell(changes: Changes, listener: &impl Listener) {
    match changes {
        Changes::Keys(keys) => keys.into_iter().for_each(|key| listener.bump(key)),
        Changes::Everything => listener.bump_everything(),
    }
}

fn since(before: Timestamp, listener: &impl Listener) -> Duration {
    listener.now().since(before)
}
