//! [`Chores`]: what a server does beside its requests, started in one place.
//!
//! Key files are read again when they change, what has expired is deleted, and every chore of an app gets its turn; at the end
//! the e-mails that wait are tried once more.

#[cfg(feature = "database")]
use std::sync::Arc;
use std::time::Duration;

use doorward_auth::mail::MailDoorExt;
use doorward_core::Door;
use doorward_core::app::Chore;
use doorward_django::timestamp::Timestamp;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::keys::{self, KeyWatch};
#[cfg(feature = "database")]
use crate::node::Node;
use crate::{Result, with_causes};

/// The longest wait before the first turn: a server that is restarted often has to get round to it too.
const SOON: Duration = Duration::from_secs(60);

/// A time of day that gets so far away from the time that passed was set; nobody knows yet whether rightly.
const JUMP_S: u64 = 3_600;

/// How long e-mails may take when everything else has ended.
const LAST_EMAILS: Duration = Duration::from_secs(5);

/// What is done beside the requests of a door, until it is dropped.
#[derive(Debug)]
#[must_use = "nothing is done beside the requests unless this is kept"]
pub struct Chores {
    door: Door,
    _keys: KeyWatch,
    turns: Turns,
    #[cfg(feature = "database")]
    node: Arc<Node>,
}

impl Chores {
    /// Begins: keys are watched, and apps' chores get their turns: what has expired is deleted every `jwt.flush_interval` and
    /// `session.flush_interval`. [`Doorward::serve`](crate::Doorward::serve) calls this.
    ///
    /// Each begins within a minute. What fails is told in the log and done again at the next turn. Where the time of day jumped by
    /// an hour or more a turn is left out with a warning, so that a clock set forward by mistake can be set right before
    /// anything is lost.
    ///
    /// # Errors
    /// Signals that cannot be listened to.
    pub fn start(door: &Door) -> Result<Self> {
        #[cfg(feature = "database")]
        let node = Node::new(door);
        #[cfg(feature = "database")]
        let of_node = [node.chore(door)];
        #[cfg(not(feature = "database"))]
        let of_node: [Chore; 0] = [];
        Ok(Self {
            door: door.clone(),
            _keys: keys::watch(door)?,
            turns: Turns::start(door, door.chores().iter().chain(&of_node)),
            #[cfg(feature = "database")]
            node,
        })
    }

    /// Ends: no chore goes on, and the e-mails that wait for their mail server are tried once more, for a few seconds and
    /// never longer than `server.shutdown_grace`. For when the last request has been answered.
    pub async fn finish(self) {
        drop(self.turns);
        let door = self.door;
        let grace = door.settings().server.shutdown_grace.duration();
        let emails = door.finish_emails();
        if tokio::time::timeout(LAST_EMAILS.min(grace), emails)
            .await
            .is_err()
        {
            tracing::warn!("e-mails were still on their way at the end, and are lost");
        }
        #[cfg(feature = "database")]
        self.node.leave(&door).await;
    }
}

/// Chores that take their turns until this is dropped.
#[derive(Debug)]
pub(crate) struct Turns(Vec<JoinHandle<()>>);

impl Drop for Turns {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

impl Turns {
    /// Begins with those that have a time at all.
    pub(crate) fn start<'c>(door: &Door, chores: impl Iterator<Item = &'c Chore>) -> Self {
        let chores = chores.filter(|chore| !chore.every().is_zero()).cloned();
        Self(
            chores
                .map(|chore| tokio::spawn(again_and_again(door.clone(), chore)))
                .collect(),
        )
    }
}

async fn again_and_again(door: Door, chore: Chore) {
    let mut clocks = Clocks::read(&door);
    sleep(chore.every().min(SOON).mul_f64(share(&door))).await;
    loop {
        turn(&door, &chore, &mut clocks).await;
        sleep(chore.every()).await;
    }
}

/// The time of day and the time that passed, read at one moment.
struct Clocks {
    day: Timestamp,
    passed: Timestamp,
}

impl Clocks {
    fn read(door: &Door) -> Self {
        Self {
            day: door.now(),
            passed: door.monotonic(),
        }
    }

    /// Reads them again; by how many seconds the time of day was set since the last time.
    fn read_again(&mut self, door: &Door) -> i64 {
        let before = std::mem::replace(self, Self::read(door));
        let moved = self.day.as_secs().saturating_sub(before.day.as_secs());
        moved.saturating_sub(self.passed.as_secs() - before.passed.as_secs())
    }
}

/// One turn, unless the clock has just jumped.
async fn turn(door: &Door, chore: &Chore, clocks: &mut Clocks) {
    let jump_s = clocks.read_again(door);
    let name = chore.name();
    if jump_s.unsigned_abs() >= JUMP_S {
        tracing::warn!(
            jump_s,
            kind = name,
            "the time of day jumped; what seems to have expired is left until the next round"
        );
    } else if let Err(error) = chore.run(door).await {
        tracing::warn!(
            error.cause = with_causes(&*error),
            kind = name,
            "a chore could not be done"
        );
    }
}

/// Between nothing and all: servers that start together do not all begin at once.
fn share(door: &Door) -> f64 {
    f64::from(u32::from_le_bytes(door.random())) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use doorward_core::clock::ManualClock;
    use doorward_core::settings::Settings;
    use doorward_core::stores::SessionRow;
    use doorward_django::secret::Secret;
    use doorward_testing::TestDatabase;

    use super::*;

    const NOW: i64 = 1_700_000_000;

    async fn is_there(door: &Door) -> bool {
        let long_ago = Timestamp::from_secs(0);
        let found = door.stores().sessions.load("key", long_ago).await;
        found.unwrap().is_some()
    }

    #[tokio::test]
    async fn what_a_clock_set_forward_ends_is_kept_for_one_turn() {
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(NOW)));
        let mut settings = Settings::default().with_apps(&crate::own_apps());
        settings.secret_key = Secret::new("a-key-for-tests-that-is-long-enough-0123456789".to_owned());
        let door = Door::builder(settings, TestDatabase::new().stores());
        let door = door.clock(Arc::clone(&clock) as _).build().unwrap();
        let row = SessionRow {
            key: Secret::new("key".to_owned()),
            data: Secret::new(String::new()),
            expire_date: Timestamp::from_secs(NOW + 5_000),
        };
        door.stores().sessions.create(row).await.unwrap();
        let mut chores = door.chores().iter();
        let sessions = chores.find(|chore| chore.name() == "sessions").unwrap();
        let mut clocks = Clocks::read(&door);
        for day in [NOW + 86_400, NOW] {
            clock.set(Timestamp::from_secs(day));
            turn(&door, sessions, &mut clocks).await;
            assert!(is_there(&door).await, "{day}");
        }
        // Time that passes is no jump.
        clock.advance(Duration::from_secs(5_001));
        turn(&door, sessions, &mut clocks).await;
        assert!(!is_there(&door).await);
    }
}
