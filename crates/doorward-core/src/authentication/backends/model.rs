use super::{Attempt, CredentialsBackend, Outcome};
use crate::answer::Answer;
use crate::exceptions::Result;
use crate::user::UserRow;

/// The active user of exactly that name (`django.contrib.auth.backends.ModelBackend`).
#[derive(Clone, Copy, Debug, Default)]
pub struct ModelBackend;

impl CredentialsBackend for ModelBackend {
    fn path(&self) -> &'static str {
        doorward_django::sessions::MODEL_BACKEND
    }

    fn authenticate<'a>(&'a self, attempt: &'a Attempt<'a>) -> Answer<'a, Result<Outcome>> {
        Answer::pending(by_username(attempt))
    }
}

/// As [`ModelBackend`], inactive users too (`django.contrib.auth.backends.AllowAllUsersModelBackend`).
///
/// It says whose the credentials are, not that the account may be used: authenticators and the login endpoints go on
/// refusing inactive users, with a sentence of their own.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllowAllUsersModelBackend;

impl CredentialsBackend for AllowAllUsersModelBackend {
    fn path(&self) -> &'static str {
        "django.contrib.auth.backends.AllowAllUsersModelBackend"
    }

    fn authenticate<'a>(&'a self, attempt: &'a Attempt<'a>) -> Answer<'a, Result<Outcome>> {
        Answer::pending(by_username(attempt))
    }

    fn user_can_authenticate(&self, _: &UserRow) -> bool {
        true
    }
}

async fn by_username(attempt: &Attempt<'_>) -> Result<Outcome> {
    let users = &attempt.door().stores().users;
    match users.by_username(attempt.username()).await? {
        None => Ok(Outcome::NotMine),
        Some(user) => Ok(attempt.verify(user).await?.into()),
    }
}
