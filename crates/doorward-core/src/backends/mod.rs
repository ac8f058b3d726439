//! Who knows names and passwords: Django's `AUTHENTICATION_BACKENDS` (`django.contrib.auth.backends`).
//!
//! A door has a chain of [`CredentialsBackend`]s, `ModelBackend` alone unless it is given others. They are asked in
//! their order; the first that names a user decides, and one that denies ends the chain. Whatever they do, a failed
//! login costs at least one hash (difference 14), and never two of the same one.
//!
//! To add one: implement [`CredentialsBackend`] for a type of yours, or wrap a closure in [`AskElsewhere`]; check
//! passwords of our users with [`Attempt::verify`] and nothing else.

mod ask_elsewhere;
mod attempt;
mod login_name;
mod twins;

use std::fmt::Debug;
use std::sync::Arc;

pub use ask_elsewhere::AskElsewhere;
pub use attempt::Attempt;
pub use login_name::LoginName;
pub(crate) use twins::Twins;

use crate::answer::Answer;
use crate::door::Door;
use crate::exceptions::Result;
use crate::stores::UserField;
use crate::user::UserRow;

/// Turns a name and a password into a user (`django.contrib.auth.backends.BaseBackend`).
pub trait CredentialsBackend: Debug + Send + Sync {
    /// The dotted path that a session keeps, so that Django knows the backend again.
    fn path(&self) -> &str;

    /// Whose credentials these are.
    ///
    /// # Errors
    /// What the stores say, or whoever is asked: the login is then answered with that, and no other backend is asked.
    fn authenticate<'a>(&'a self, attempt: &'a Attempt<'a>) -> Answer<'a, Result<Outcome>>;

    /// The users whose passwords [`authenticate`](Self::authenticate) would check for that name; nobody is let in by it.
    ///
    /// It is asked first, and lock-out counts these accounts. A backend that does not tell, as one that asks elsewhere
    /// cannot, has its attempts counted by the name as it was sent.
    ///
    /// # Errors
    /// As [`authenticate`](Self::authenticate).
    fn candidates<'a>(&'a self, name: &'a LoginName) -> Answer<'a, Result<Vec<Arc<UserRow>>>> {
        let _ = name;
        Answer::ready(Ok(Vec::new()))
    }

    /// The column in which it looks for a name whatever its case: no new user gets what somebody has there already.
    fn unique_field(&self) -> Option<UserField> {
        None
    }

    /// Whether a user whose credentials are right may come in, now and at later requests of the session.
    fn user_can_authenticate(&self, user: &UserRow) -> bool {
        user.is_active
    }
}

/// A door's chain of backends.
#[derive(Debug)]
pub(crate) struct Backends(pub(crate) Vec<Arc<dyn CredentialsBackend>>);

impl Door {
    /// Who knows names and passwords, in the order of asking (`AUTHENTICATION_BACKENDS`).
    #[must_use]
    pub fn backends(&self) -> &[Arc<dyn CredentialsBackend>] {
        &self.required_slot::<Backends>().0
    }
}

/// What a backend says of credentials.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// This is whose they are.
    User(Arc<UserRow>),
    /// Not known here; the next backend is asked (`None`).
    NotMine,
    /// Refused; no other backend is asked (`PermissionDenied`).
    Deny,
}

impl From<Option<Arc<UserRow>>> for Outcome {
    fn from(user: Option<Arc<UserRow>>) -> Self {
        user.map_or(Self::NotMine, Self::User)
    }
}

/// A user whose credentials were right, and the backend that said so.
#[derive(Clone, Debug)]
pub struct Authenticated {
    /// The user, as its row stands after the check.
    pub user: Arc<UserRow>,
    /// Who vouches for it.
    pub backend: Arc<dyn CredentialsBackend>,
}

/// Asks every backend in turn (`django.contrib.auth.authenticate`).
///
/// A refusal takes as long whoever is meant, that of an inactive user too, whom an endpoint may refuse later.
///
/// # Errors
/// What a backend says, or 503 where too many wait for their hash.
pub async fn authenticate(attempt: &Attempt<'_>) -> Result<Option<Authenticated>> {
    let found = ask(attempt).await?;
    if found.as_ref().is_none_or(|found| !found.user.is_active) {
        attempt.rest().await;
    }
    Ok(found)
}

async fn ask(attempt: &Attempt<'_>) -> Result<Option<Authenticated>> {
    for backend in asked(attempt.name()) {
        let asked = backend.authenticate(attempt).await;
        let outcome = match asked {
            Ok(outcome) => outcome,
            Err(error) => return Err(attempt.broken_off(error).await),
        };
        match outcome {
            Outcome::User(user) if backend.user_can_authenticate(&user) => {
                let backend = Arc::clone(backend);
                return Ok(Some(Authenticated { user, backend }));
            }
            Outcome::User(_) | Outcome::NotMine => attempt.was_answered(),
            Outcome::Deny => {
                attempt.was_answered();
                break;
            }
        }
    }
    attempt.end().await?;
    Ok(None)
}

/// Every user whose password [`authenticate`] would check.
///
/// # Errors
/// What a backend says.
pub async fn candidates(name: &LoginName) -> Result<Vec<Arc<UserRow>>> {
    let mut all: Vec<Arc<UserRow>> = Vec::new();
    for backend in asked(name) {
        for user in backend.candidates(name).await? {
            if all.iter().all(|other| other.id != user.id) {
                all.push(user);
            }
        }
    }
    Ok(all)
}

/// No database is asked for what none can hold: PostgreSQL refuses NUL in a text.
fn asked(name: &LoginName) -> &[Arc<dyn CredentialsBackend>] {
    match name.text().contains('\0') {
        true => &[],
        false => name.door().backends(),
    }
}
