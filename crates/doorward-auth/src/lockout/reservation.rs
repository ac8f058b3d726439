//! [`Reservation`]: a place for one attempt, from before its password is checked until what came of it is written.

use std::future::Future;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use doorward_core::login_limit::{Passed, PasswordCheck, Waited, locked_out};
use doorward_core::signals::Event;
use doorward_core::{ApiException, Door, Result};
use doorward_django::hex;
use tokio::runtime::Handle;
use tokio::time::timeout;
use tracing::Instrument;

use super::accounts::Accounts;
use super::counters::{Counter, Lock, LoginAttempt, Reserved, Settlement};
use super::origin::Origin;
use super::rules::Lockout;
use super::store::LoginAttempts;

/// How long an attempt waits for its turn.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it looks whether another process has settled one.
const POLL: Duration = Duration::from_millis(250);
/// How long a check may take; well within the lease of its reservation.
const LONGEST_CHECK: Duration = Duration::from_secs(60);
const _: () = assert!(LONGEST_CHECK.as_secs() < Counter::LEASE.as_secs());

const RETRY_AFTER: Duration = Duration::from_secs(1);

/// An attempt that may hold a place. Dropped before it is settled, it is settled all the same.
pub(super) struct Reservation {
    door: Door,
    rules: Arc<Lockout>,
    attempt: Arc<LoginAttempt>,
    accounts: Arc<Accounts>,
    stage: Stage,
}

/// How far an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It holds nothing.
    Idle,
    /// It may hold a place, which only the store knows.
    Asking,
    /// Its password is being checked.
    Checking,
}

impl Reservation {
    pub(super) fn new(rules: &Arc<Lockout>, origin: &Origin<'_>, accounts: Accounts) -> Self {
        let id = hex::encode(&origin.door.random::<16>());
        Self {
            door: origin.door.clone(),
            attempt: Arc::new(rules.attempt(id, origin, &accounts)),
            rules: Arc::clone(rules),
            accounts: Arc::new(accounts),
            stage: Stage::Idle,
        }
    }

    /// Reserves, checks, settles.
    ///
    /// The last two are a task of their own, which a client that hangs up does not stop: so a wrong password counts, and
    /// a right one does not, whether or not anybody waited to hear.
    pub(super) async fn check(mut self, check: PasswordCheck<'_>) -> Result<Option<Passed>> {
        // A flood that cannot be checked costs the store nothing.
        self.door.passwords().has_room()?;
        let waited = self.reserve().await?;
        self.stage = Stage::Checking;
        let task = tokio::spawn(self.check_and_settle(check(waited)).in_current_span());
        task.await.unwrap_or_else(|ended| match ended.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(cancelled) => Err(ApiException::server_error(cancelled)),
        })
    }

    async fn check_and_settle(
        mut self,
        check: impl Future<Output = Result<Option<Passed>>> + Send,
    ) -> Result<Option<Passed>> {
        let checked = timeout(LONGEST_CHECK, check).await;
        // Who waits so long may have a wrong password all the same.
        let late = || Err(ApiException::service_unavailable(RETRY_AFTER).after_refusal());
        let checked = checked.unwrap_or_else(|_| late());
        let settlement = settlement(&checked, &self.accounts);
        self.stage = Stage::Idle;
        let settled = self.settlement(settlement).await;
        match (checked, settled) {
            // What cannot be written down is not told either: it would not count.
            (Ok(None), Err(error)) => Err(error),
            (checked, Err(error)) => {
                tracing::warn!(error.cause = %error, "a login could not be settled; its place lapses by itself");
                checked
            }
            (checked, Ok(())) => checked,
        }
    }

    /// Writes down what came of it, whoever holds it meanwhile.
    fn settlement(&self, settlement: Settlement) -> impl Future<Output = Result> + Send + 'static {
        let (door, rules) = (self.door.clone(), Arc::clone(&self.rules));
        let (attempt, accounts) = (Arc::clone(&self.attempt), Arc::clone(&self.accounts));
        async move {
            let store = LoginAttempts::of(&door)?;
            let locks = store.settle(&attempt, settlement, door.now()).await?;
            let keys = accounts.all.iter().map(|account| &account.key);
            keys.for_each(|key| rules.turns.of(key).notify_waiters());
            for lock in locks {
                tell(&door, lock).await;
            }
            Ok(())
        }
    }

    /// A place, now or as soon as one is free; refused where the account or the address is locked.
    async fn reserve(&mut self) -> Result<Waited> {
        let rules = Arc::clone(&self.rules);
        let begin = self.door.monotonic();
        let mut waited = Waited::No;
        loop {
            // Whoever settles from here on wakes us.
            let mut turn = pin!(rules.turns.of(self.turn()).notified());
            turn.as_mut().enable();
            self.stage = Stage::Asking;
            let now = self.door.now();
            let store = LoginAttempts::of(&self.door)?;
            let reserved = store.reserve(&self.attempt, now).await?;
            match reserved {
                Reserved::Granted => return Ok(waited),
                Reserved::Locked(until) => {
                    self.stage = Stage::Idle;
                    return Err(locked_out(until.since(now)));
                }
                Reserved::Full => self.stage = Stage::Idle,
            }
            if self.door.monotonic().since(begin) >= PATIENCE {
                tracing::warn!(
                    "too many passwords of one account are being checked; a login was answered 503"
                );
                return Err(ApiException::service_unavailable(RETRY_AFTER));
            }
            let _ = timeout(POLL, turn).await;
            waited = Waited::InLine;
        }
    }

    /// The account whose turns it waits for; who is kept waiting by another of them looks every now and then.
    fn turn(&self) -> &str {
        let first = self.attempt.accounts.first();
        first.map_or("", |account| account.account.as_str())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let settlement = match self.stage {
            Stage::Idle => return,
            Stage::Asking => Settlement::Released,
            // The check panicked: nothing is gained by that.
            Stage::Checking => Settlement::Failed,
        };
        // Without a runtime the process ends, and the reservation lapses.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let settlement = self.settlement(settlement);
        runtime.spawn(async move {
            if let Err(error) = settlement.await {
                tracing::warn!(error.cause = %error, "a login that was broken off could not be settled");
            }
        });
    }
}

fn settlement(checked: &Result<Option<Passed>>, accounts: &Accounts) -> Settlement {
    match checked {
        Ok(Some(passed)) => Settlement::Succeeded(accounts.success(passed)),
        Ok(None) => Settlement::Failed,
        Err(error) if error.is_after_refusal() => Settlement::Failed,
        Err(_) => Settlement::Released,
    }
}

async fn tell(door: &Door, lock: Lock) {
    let account = lock.name.account.map(|account| account.label);
    tracing::warn!(
        lockout.kind = lock.name.kind.name(),
        account.name = account.as_deref(),
        client.address = lock.name.address.as_deref(),
        until = lock.until.to_iso(),
        "locked: too many logins failed"
    );
    let event = Event::LockedOut {
        account,
        address: lock.name.address,
        until: lock.until,
    };
    door.emit(&event).await;
}
