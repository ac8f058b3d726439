use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use doorward_django::passwords::{Refusal, Verdict};
use doorward_django::secret::Secret;

use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::stores::UserField;
use crate::user::{UserId, UserRow};

/// One attempt to log in: a name, a password, and what it has cost so far.
pub struct Attempt<'a> {
    door: &'a Door,
    username: &'a str,
    password: &'a Secret<String>,
    /// Whether a hash was computed.
    spent: AtomicBool,
    /// Whether a backend took the password to judge it by itself.
    was_read: AtomicBool,
    /// Whether a backend said that the credentials are not good.
    was_answered: AtomicBool,
    /// Whose password it is known not to be.
    refuted: Mutex<Vec<UserId>>,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(door: &'a Door, username: &'a str, password: &'a Secret<String>) -> Self {
        Self {
            door,
            username,
            password,
            spent: AtomicBool::new(false),
            was_read: AtomicBool::new(false),
            was_answered: AtomicBool::new(false),
            refuted: Mutex::default(),
        }
    }

    /// The door: its stores, its settings.
    #[must_use]
    pub fn door(&self) -> &'a Door {
        self.door
    }

    /// The name that was sent; it may hold anything but NUL, which no database takes.
    #[must_use]
    pub fn username(&self) -> &'a str {
        self.username
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
        let verified = verify(self.door, user, self.password).await?;
        self.spent.store(true, Ordering::Relaxed);
        if verified.is_none() {
            self.refuted().push(id);
        }
        Ok(verified)
    }

    /// The one user whose column is the name that was sent, but for case, and that `fits`; of several, none.
    pub(super) async fn matching(
        &self,
        field: UserField,
        fits: impl Fn(&UserRow) -> bool + Send,
    ) -> Result<Option<Arc<UserRow>>> {
        let users = &self.door.stores().users;
        let mut found = users.by_field_ignoring_case(field, self.username).await?;
        found.retain(|user| fits(user));
        match found.len() {
            1 => Ok(found.pop()),
            _ => Ok(None),
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
            self.door.passwords().dummy(self.password).await?;
            self.spent.store(true, Ordering::Relaxed);
        }
        Ok(())
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

/// The user as it stands after the check: its hash may be a new one.
async fn verify(door: &Door, user: Arc<UserRow>, password: &Secret<String>) -> Result<Option<Arc<UserRow>>> {
    let checked = door
        .passwords()
        .check_or_upgrade(password, &user.password, door.random())
        .await?;
    match (checked.verdict, checked.upgrade) {
        (Verdict::Wrong { reason }, _) => {
            report(&user, reason);
            Ok(None)
        }
        (Verdict::Correct { .. }, None) => Ok(Some(user)),
        (Verdict::Correct { .. }, Some(encoded)) => upgrade(door, user, password, encoded).await,
    }
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
