//! Credentials that are remembered, on a store of tokens that counts its look-ups.

mod crowds;
mod live;
mod size;

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use doorward_django::secret::Secret;
use futures_util::FutureExt;
use tokio::sync::Semaphore;

use super::*;
use crate::cache::coherence::Coherence;
use crate::clock::ManualClock;
use crate::exceptions::ApiException;
use crate::settings::FeedUse;
use crate::stores::{AuthToken, AuthTokenStore, NoStores, Outage};
use crate::user::{FurtherColumns, UserRow};

/// Tokens, whose store answers when it may.
#[derive(Debug)]
struct Tokens {
    rows: Mutex<HashMap<String, TokenOwner>>,
    look_ups: AtomicUsize,
    open: Semaphore,
    is_away: AtomicBool,
}

impl AuthTokenStore for Tokens {
    fn by_key<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<TokenOwner>> {
        Answer::pending(async move {
            self.look_ups.fetch_add(1, Ordering::SeqCst);
            let found = self.rows.lock().unwrap().get(key).cloned();
            let _open = self.open.acquire().await;
            match self.is_away.load(Ordering::SeqCst) {
                true => Err(StoreError::new("Away.", Outage::Passing, "a test")),
                false => Ok(found),
            }
        })
    }

    fn get_or_create(&self, new: AuthToken) -> StoreAnswer<'_, AuthToken> {
        Answer::ready(Ok(new))
    }

    fn renew<'a>(&'a self, _: &'a AuthToken, new: AuthToken) -> StoreAnswer<'a, AuthToken> {
        Answer::ready(Ok(new))
    }

    fn replace(&self, _: AuthToken) -> StoreAnswer<'_, ()> {
        Answer::ready(Ok(()))
    }

    fn delete<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, bool> {
        Answer::pending(async move {
            let _open = self.open.acquire().await;
            self.rows
                .lock()
                .unwrap()
                .retain(|_, (_, owner)| owner.id != *user);
            Ok(true)
        })
    }
}

struct Site {
    tokens: Arc<Tokens>,
    clock: Arc<ManualClock>,
    stores: Stores,
    principals: Principals,
}

const BOUND: Duration = Duration::from_millis(100);

impl Site {
    /// With that many users, each with a token that is its number.
    fn new(users: i64, max_staleness: Duration) -> Self {
        let row = |id: i64| (id.to_string(), (Arc::new(token(id)), Arc::new(user(id))));
        let tokens = Arc::new(Tokens {
            rows: Mutex::new((0..users).map(row).collect()),
            look_ups: AtomicUsize::new(0),
            open: Semaphore::new(Semaphore::MAX_PERMITS),
            is_away: AtomicBool::new(false),
        });
        let stores = Stores {
            auth_tokens: Arc::clone(&tokens) as _,
            ..NoStores::stores()
        };
        let rules = CacheRules {
            max_staleness,
            max_age: Duration::from_secs(60),
            room: 64 << 20,
            capacity: 1_000_000,
            feed: FeedUse::Off,
        };
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(0)));
        let Source { stores, principals } =
            Source::new(stores, Some(&rules), &(Arc::clone(&clock) as _), None);
        Self {
            tokens,
            clock,
            stores,
            principals,
        }
    }

    async fn knows(&self, key: &str) -> bool {
        self.principals.token(key).await.unwrap().is_some()
    }

    fn look_ups(&self) -> usize {
        self.tokens.look_ups.load(Ordering::SeqCst)
    }

    /// Takes a token away behind the back of this process.
    fn remove(&self, key: &str) {
        self.tokens.rows.lock().unwrap().remove(key);
    }

    fn coherence(&self) -> &Coherence {
        &self.principals.kept.as_ref().unwrap().coherence
    }
}

fn token(id: i64) -> AuthToken {
    AuthToken {
        key: Secret::new(id.to_string()),
        user: UserId::Int(id),
        created: Timestamp::from_secs(0),
    }
}

fn user(id: i64) -> UserRow {
    UserRow {
        id: UserId::Int(id),
        username: format!("user{id}"),
        password: Secret::new(String::new()),
        email: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        is_active: true,
        is_staff: false,
        is_superuser: false,
        last_login: None,
        date_joined: Timestamp::from_secs(0),
        further: FurtherColumns::default(),
    }
}

#[tokio::test]
async fn a_credential_is_looked_up_once_within_the_bound() {
    let site = Site::new(2, BOUND);
    for _ in 0..1000 {
        assert!(site.knows("1").await);
    }
    assert_eq!(site.look_ups(), 1);
    site.clock.advance(BOUND - Duration::from_micros(1));
    assert!(
        matches!(site.principals.token("1"), Answer::Ready(Ok(Some(_)))),
        "at once, and unboxed"
    );
    site.clock.advance(Duration::from_micros(1));
    assert!(site.knows("1").await);
    assert_eq!(site.look_ups(), 2);
    assert!(site.knows("0").await, "each by itself");
    assert_eq!(site.look_ups(), 3);
}

#[tokio::test]
async fn what_another_changes_is_seen_within_the_bound() {
    let site = Site::new(1, BOUND);
    assert!(site.knows("0").await);
    site.remove("0");
    site.clock.advance(BOUND);
    assert!(!site.knows("0").await);
}

#[tokio::test]
async fn what_this_process_changes_is_seen_at_once() {
    let site = Site::new(1, Duration::from_secs(3600));
    assert!(site.knows("0").await);
    site.stores.auth_tokens.delete(&UserId::Int(0)).await.unwrap();
    assert!(!site.knows("0").await);
    site.principals.forget_everything();
    assert!(!site.knows("0").await);
}

#[tokio::test]
async fn a_write_that_nobody_waits_for_is_told_of() {
    let site = Site::new(1, Duration::from_secs(3600));
    assert!(site.knows("0").await);
    site.tokens.open.forget_permits(Semaphore::MAX_PERMITS);
    let (stores, user) = (site.stores.clone(), UserId::Int(0));
    let mut write = Box::pin(async move { stores.auth_tokens.delete(&user).await });
    assert!(write.as_mut().now_or_never().is_none());
    tokio::task::yield_now().await;
    drop(write);
    assert!(site.knows("0").await, "it is not done");
    site.tokens.open.add_permits(1000);
    while !site.tokens.rows.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    tokio::task::yield_now().await;
    assert!(!site.knows("0").await);
}

#[tokio::test]
async fn a_read_that_began_before_a_change_is_not_kept() {
    let site = Site::new(1, Duration::from_secs(3600));
    site.tokens.open.forget_permits(Semaphore::MAX_PERMITS);
    let mut slow = Box::pin(site.knows("0"));
    assert!(
        slow.as_mut().now_or_never().is_none(),
        "it has read, and not answered"
    );
    site.remove("0");
    site.principals.forget_user(&UserId::Int(0));
    site.tokens.open.add_permits(1000);
    assert!(slow.await, "it asked before the change");
    assert!(!site.knows("0").await);
}

#[tokio::test]
async fn nothing_is_kept_of_what_is_not_there() {
    let site = Site::new(0, BOUND);
    assert!(!site.knows("0").await);
    site.tokens
        .rows
        .lock()
        .unwrap()
        .insert("0".to_owned(), (Arc::new(token(0)), Arc::new(user(0))));
    assert!(site.knows("0").await);
}

#[tokio::test]
async fn an_outage_is_an_outage_and_no_bad_credential() {
    let site = Site::new(1, BOUND);
    site.tokens.is_away.store(true, Ordering::SeqCst);
    let failed = site.principals.token("0").await.map(drop).unwrap_err();
    let failed = ApiException::from(failed);
    assert_eq!(failed.status().as_u16(), 503);
    assert!(failed.retry_after().is_some());
    site.tokens.is_away.store(false, Ordering::SeqCst);
    assert!(site.knows("0").await);
}

/// A machine that slept, as `CLOCK_BOOTTIME` tells it, or whose time of day was set.
#[tokio::test]
async fn sleep_counts_and_the_time_of_day_does_not() {
    let site = Site::new(1, BOUND);
    assert!(site.knows("0").await);
    site.clock.set(Timestamp::from_secs(1_000_000));
    site.clock.set(Timestamp::from_secs(-1_000_000));
    assert!(site.knows("0").await);
    assert_eq!(site.look_ups(), 1);
    site.remove("0");
    site.clock.advance(Duration::from_secs(8 * 3600));
    assert!(!site.knows("0").await);
}

#[tokio::test]
async fn no_cache_remembers_nothing() {
    let site = Site::new(1, BOUND);
    let source = Source::new(site.stores.clone(), None, &(Arc::clone(&site.clock) as _), None);
    for _ in 0..3 {
        assert!(source.principals.token("0").await.unwrap().is_some());
    }
    assert_eq!(site.look_ups(), 3);
    assert_eq!(source.principals.status(), None);
}
