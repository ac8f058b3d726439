//! A failure at the n-th step of a request: a call of a store, or of the hook that adds claims.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use doorward::jwt::TokenClaims;
use doorward::lockout::{
    Counter, CounterName, Limits, Lock, LoginAttempt, LoginAttemptStore, LoginAttempts, Reserved, Reset,
    Settlement,
};
use doorward::stores::{
    AuthToken, AuthTokenStore, BlacklistedToken, Blacklisting, Created, NewPassword, NewUser, Outage,
    OutstandingToken, OutstandingTokenStore, PermissionStore, Predecessor, Replaced, ReuseEvent,
    RevocationStore, Revoke, RevokedTokens, Rotation, SessionLogin, SessionRow, SessionStore, StoreAnswer,
    StoreError, Stores, TokenHolder, UserField, UserStore,
};
use doorward::throttling::{MemoryThrottleHistory, ThrottleHistory};
use doorward::user::{UserId, UserRow};
use doorward::{Answer, ApiException, Door};
use doorward_django::secret::Secret;
use doorward_django::sliding_window::{Limit, Verdict};
use doorward_django::throttle_key::ThrottleKey;
use doorward_django::timestamp::Timestamp;
use serde_json::{Map, Value, json};

/// Which step fails, and how; until it is armed none does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// How many steps are left before the one that fails; `None` where none does.
    left: Option<usize>,
    outage: Option<Outage>,
    failed: Option<&'static str>,
    /// Whether tokens get more claims than a cookie can hold.
    is_large: bool,
}

impl Plan {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Lets the step fail that comes after so many others.
    pub(crate) fn fail_after(&self, steps: usize, outage: Outage) {
        *self.state() = State {
            left: Some(steps),
            outage: Some(outage),
            ..State::default()
        };
    }

    pub(crate) fn give_large_tokens(&self) {
        self.state().is_large = true;
    }

    /// Lets nothing fail any more; tells which step has failed.
    pub(crate) fn lift(&self) -> Option<&'static str> {
        std::mem::take(&mut *self.state()).failed
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.state().failed.is_some()
    }

    fn fails(&self, step: &'static str) -> Option<Outage> {
        let mut state = self.state();
        let left = state.left.as_mut()?;
        if *left > 0 {
            *left -= 1;
            return None;
        }
        state.left = None;
        state.failed = Some(step);
        state.outage
    }

    fn step<'a, T>(
        &self,
        step: &'static str,
        ask: impl FnOnce() -> StoreAnswer<'a, T>,
    ) -> StoreAnswer<'a, T> {
        match self.fails(step) {
            Some(outage) => Answer::ready(Err(planted(outage))),
            None => ask(),
        }
    }

    /// Those stores, each call of which is a step.
    pub(crate) fn over(&self, stores: Stores) -> Stores {
        Stores {
            users: Arc::new(Planted(self.clone(), stores.users)),
            permissions: Arc::new(Planted(self.clone(), stores.permissions)),
            sessions: Arc::new(Planted(self.clone(), stores.sessions)),
            auth_tokens: Arc::new(Planted(self.clone(), stores.auth_tokens)),
            outstanding_tokens: Arc::new(Planted(self.clone(), stores.outstanding_tokens)),
            revocations: Arc::new(Planted(self.clone(), stores.revocations)),
        }
    }
}

impl Plan {
    /// What throttles count, each call of which is a step.
    pub(crate) fn throttle_history(&self) -> Arc<dyn ThrottleHistory> {
        let history: Arc<dyn ThrottleHistory> = Arc::new(MemoryThrottleHistory::default());
        Arc::new(Planted(self.clone(), history))
    }

    /// The same for what is kept of failed logins.
    pub(crate) fn over_attempts(&self, attempts: LoginAttempts) -> LoginAttempts {
        LoginAttempts(Arc::new(Planted(self.clone(), attempts.0)))
    }
}

fn planted(outage: Outage) -> StoreError {
    StoreError::new("planted", outage, "planted")
}

/// The hook that adds claims is a step too.
impl TokenClaims for Plan {
    fn claims<'a>(
        &'a self,
        _: &'a Door,
        _: &'a UserRow,
    ) -> Answer<'a, doorward::Result<Map<String, Value>, ApiException>> {
        if let Some(outage) = self.fails("claims") {
            return Answer::ready(Err(planted(outage).into()));
        }
        let length = if self.state().is_large { 5_000 } else { 5 };
        let claims = [("filling".to_owned(), json!("x".repeat(length)))];
        Answer::ready(Ok(Map::from_iter(claims)))
    }
}

#[derive(Debug)]
struct Planted<S: ?Sized>(Plan, Arc<S>);

/// Each method of a trait: a step, and what the store behind it says.
macro_rules! planted {
    ($a:lifetime $store:ident $steps:literal { $($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)* } $($rest:item)*) => {
        impl $store for Planted<dyn $store> {
            $(fn $name<$a>(&$a self, $($argument: $type),*) -> StoreAnswer<$a, $answer> {
                self.0.step(concat!($steps, ".", stringify!($name)), || self.1.$name($($argument),*))
            })*
            $($rest)*
        }
    };
}

planted! { 'a UserStore "users" {
    by_id(id: &'a UserId) -> Option<Arc<UserRow>>;
    by_username(username: &'a str) -> Option<Arc<UserRow>>;
    by_field(field: UserField, value: &'a str) -> Option<Arc<UserRow>>;
    by_field_ignoring_case(field: UserField, value: &'a str) -> Vec<Arc<UserRow>>;
    create(user: NewUser) -> Created;
    set_password(id: &'a UserId, encoded: Secret<String>) -> ();
    upgrade_password(id: &'a UserId, from: &'a Secret<String>, to: Secret<String>) -> bool;
    set_last_login(id: &'a UserId, at: Timestamp) -> ();
    is_empty() -> bool;
}
    fn parse_id(&self, text: &str) -> Option<UserId> {
        self.1.parse_id(text)
    }
}

planted! { 'a PermissionStore "permissions" {
    groups(user: &'a UserId) -> BTreeSet<String>;
    permissions(user: &'a UserId) -> BTreeSet<String>;
} }

planted! { 'a SessionStore "sessions" {
    load(key: &'a str, now: Timestamp) -> Option<SessionRow>;
    create(row: SessionRow) -> bool;
    update(row: SessionRow) -> bool;
    replace(old: &'a str, row: SessionRow) -> Replaced;
    log_in(login: SessionLogin<'a>) -> Replaced;
    delete(key: &'a str) -> ();
    delete_expired(now: Timestamp, limit: u32) -> u64;
} }

planted! { 'a AuthTokenStore "auth_tokens" {
    by_key(key: &'a str) -> Option<(Arc<AuthToken>, Arc<UserRow>)>;
    get_or_create(new: AuthToken) -> AuthToken;
    renew(old: &'a AuthToken, new: AuthToken) -> AuthToken;
    replace(new: AuthToken) -> ();
    delete(user: &'a UserId) -> bool;
} }

planted! { 'a OutstandingTokenStore "outstanding_tokens" {
    record(token: OutstandingToken) -> ();
    record_login(token: OutstandingToken, at: Timestamp) -> ();
    is_blacklisted(jti: &'a str) -> bool;
    blacklist(token: OutstandingToken, at: Timestamp) -> Blacklisting;
    rotate(old: OutstandingToken, new: OutstandingToken, predecessor: Predecessor, at: Timestamp) -> Rotation;
    family_began_at(jti: &'a str) -> Option<Timestamp>;
    revoke_family(token: OutstandingToken, at: Timestamp) -> u64;
    taken_back_at(user: &'a UserId, at: Timestamp, limit: u32) -> Vec<BlacklistedToken>;
    blacklist_page(after: i64, now: Timestamp, limit: u32) -> Vec<BlacklistedToken>;
    reuse_events(limit: u32) -> Vec<ReuseEvent>;
    delete_expired(now: Timestamp, limit: u32) -> u64;
} }

planted! { 'a RevocationStore "revocations" {
    holder(field: UserField, value: &'a str) -> Option<TokenHolder>;
    revoke_user(user: &'a UserId, what: Revoke, at: Timestamp) -> RevokedTokens;
    replace_password(user: &'a UserId, password: NewPassword, what: Revoke, at: Timestamp) -> Option<RevokedTokens>;
} }

planted! { 'a ThrottleHistory "throttle_history" {
    hit(key: ThrottleKey, limit: &'a Limit, now: Timestamp) -> Verdict;
} }

planted! { 'a LoginAttemptStore "login_attempts" {
    reserve(attempt: &'a LoginAttempt, now: Timestamp) -> Reserved;
    settle(attempt: &'a LoginAttempt, settlement: Settlement, now: Timestamp) -> Vec<Lock>;
    take_in(name: &'a CounterName, counter: &'a Counter, limits: &'a Limits) -> ();
    list(limit: u32) -> Vec<(CounterName, Counter)>;
    reset(which: &'a Reset, limit: u32) -> u64;
} }
