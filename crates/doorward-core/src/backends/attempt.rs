use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use doorward_django::passwords::{Refusal, Verdict};
use doorward_django::secret::Secret;

use super::{LoginName, Outcome};
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::user::{UserId, UserRow};

/// One attempt to log in: a name, a password, and what it has cost so far.
pub struct Attempt<'a> {
    name: &'a LoginName,
    password: &'a Secret<String>,
    /// Whether a hash was computed.
    spent: AtomicBool,
    /// How long hashes took, in microseconds.
    took: AtomicU64,
    /// Whether a backend took the password to judge it by itself.
    was_read: AtomicBool,
    /// Whether a backend said that the credentials are not good.
    was_answered: AtomicBool,
    /// Whose password it is known not to be.
    refuted: Mutex<Vec<UserId>>,
}

impl<'a> Attempt<'a> {
    /// An attempt with that password, which has cost nothing yet.
    #[must_use]
    pub fn new(name: &'a LoginName, password: &'a Secret<String>) -> Self {
        Self {
            name,
            password,
            spent: AtomicBool::new(false),
            took: AtomicU64::new(0),
            was_read: AtomicBool::new(false),
            was_answered: AtomicBool::new(false),
            refuted: Mutex::default(),
        }
    }

    /// The door: its stores, its settings.
    #[must_use]
    pub fn door(&self) -> &'a Door {
        self.name.door()
    }

    /// The name that was sent; it may hold anything but NUL, which no database takes.
    #[must_use]
    pub fn username(&self) -> &'a str {
        self.name.text()
    }

    /// The name that was sent, and whom it names.
    #[must_use]
    pub fn name(&self) -> &'a LoginName {
        self.name
    }

    /// The password that was sent. A backend that reads it and refuses is taken to have found it wrong.
    #[must_use]
    pub fn password(&self) -> &'a Secret<String> {
        self.was_read.store(true, Ordering::Relaxed);
        self.password
    }

    /// The user, if the password is its own.
    ///
    /// A hash that is not as a new one would be is replaced, unless somebody replaced it meanwhile (difference 20);
    /// where that cannot be written the password is right all the same.
    ///
    /// # Errors
    /// 503 where too many wait for their hash, or the store is away.
    pub async fn verify(&self, user: Arc<UserRow>) -> Result<Option<Arc<UserRow>>> {
        if self.refuted().contains(&user.id) {
            return Ok(None);
        }
        let id = user.id.clone();
        let (verified, took) = verify(self.door(), user, self.password).await?;
        self.spend_time(took);
        if verified.is_none() {
            self.name.refute(id.clone());
            self.refuted().push(id);
        }
        Ok(verified)
    }

    /// What comes of it where that is the user of the name, if there is one.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub async fn verify_any(&self, user: Option<Arc<UserRow>>) -> Result<Outcome> {
        match user {
            None => Ok(Outcome::NotMine),
            Some(user) => Ok(self.verify(user).await?.into()),
        }
    }

    /// One backend said no.
    pub(super) fn was_answered(&self) {
        self.was_answered.store(true, Ordering::Relaxed);
    }

    /// No backend is left: the cost of one hash is due.
    pub(super) async fn end(&self) -> Result {
        self.spend().await.map_err(|error| match self.was_read() {
            true => error.after_refusal(),
            false => error,
        })
    }

    /// A backend failed. What one before it found wrong is an attempt that failed; a name that nobody has costs as much,
    /// and counts as much, as one that somebody has.
    pub(super) async fn broken_off(&self, error: ApiException) -> ApiException {
        let was_answered = self.was_answered.load(Ordering::Relaxed);
        match was_answered && (self.spend().await.is_ok() || self.was_read()) {
            true => error.after_refusal(),
            false => error,
        }
    }

    /// The cost of one hash, unless it was paid.
    async fn spend(&self) -> Result {
        if !self.spent.load(Ordering::Relaxed) {
            self.spend_time(self.door().passwords().dummy(self.password).await?);
        }
        Ok(())
    }

    fn spend_time(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.took.fetch_add(micros, Ordering::Relaxed);
        self.spent.store(true, Ordering::Relaxed);
    }

    /// Nobody is let in: it takes as long as any refusal does.
    pub(super) async fn rest(&self) {
        let took = Duration::from_micros(self.took.load(Ordering::Relaxed));
        self.door().passwords().rest(took).await;
    }

    /// Whether a backend judged the password by itself, which cost no hash here.
    fn was_read(&self) -> bool {
        self.was_read.load(Ordering::Relaxed)
    }

    fn refuted(&self) -> std::sync::MutexGuard<'_, Vec<UserId>> {
        self.refuted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attempt(…)")
    }
}

/// The user as it stands after the check, whose hash may be a new one; and how long the hash took.
async fn verify(
    door: &Door,
    user: Arc<UserRow>,
    password: &Secret<String>,
) -> Result<(Option<Arc<UserRow>>, Duration)> {
    let passwords = door.passwords();
    let checked = passwords
        .check_or_upgrade(password, &user.password, door.random())
        .await?;
    let user = match (checked.verdict, checked.upgrade) {
        (Verdict::Wrong { reason }, _) => {
            report(&user, reason);
            None
        }
        (Verdict::Correct { .. }, None) => Some(user),
        (Verdict::Correct { .. }, Some(encoded)) => upgrade(door, user, password, encoded).await?,
    };
    Ok((user, checked.took))
}

async fn upgrade(
    door: &Door,
    user: Arc<UserRow>,
    password: &Secret<String>,
    encoded: Secret<String>,
) -> Result<Option<Arc<UserRow>>> {
    let users = &door.stores().users;
    let written = users
        .upgrade_password(&user.id, &user.password, encoded.clone())
        .await;
    match written {
        Ok(true) => Ok(Some(Arc::new(user.with_password(encoded)))),
        Ok(false) => verify_again(door, &user, password).await,
        Err(error) => {
            tracing::warn!(user.id = %user.id, error.cause = %error, "the password hash could not be upgraded");
            Ok(Some(user))
        }
    }
}

/// Somebody wrote another hash between the look-up and the upgrade: it decides.
///
/// It may be the upgrade of another login of the same moment, or another password.
async fn verify_again(
    door: &Door,
    user: &UserRow,
    password: &Secret<String>,
) -> Result<Option<Arc<UserRow>>> {
    let Some(user) = door.stores().users.by_id(&user.id).await? else {
        return Ok(None);
    };
    let verdict = door.passwords().check(password, &user.password).await?;
    Ok(verdict.is_correct().then_some(user))
}

/// A hash that cannot be used is a matter for whoever runs the site.
fn report(user: &UserRow, reason: Refusal) {
    if matches!(reason, Refusal::Malformed | Refusal::PastCap | Refusal::Unknown) {
        tracing::warn!(user.id = %user.id, ?reason, "the stored password hash cannot be used; the login was refused");
    }
}
