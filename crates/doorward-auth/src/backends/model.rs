use std::sync::Arc;

use doorward_core::answer::Answer;
use doorward_core::exceptions::Result;
use doorward_core::user::UserRow;

use super::{Attempt, CredentialsBackend, LoginName, Outcome};

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

    fn candidates<'a>(&'a self, name: &'a LoginName) -> Answer<'a, Result<Vec<Arc<UserRow>>>> {
        Answer::pending(candidates(name))
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

    fn candidates<'a>(&'a self, name: &'a LoginName) -> Answer<'a, Result<Vec<Arc<UserRow>>>> {
        Answer::pending(candidates(name))
    }

    fn user_can_authenticate(&self, _: &UserRow) -> bool {
        true
    }
}

async fn by_username(attempt: &Attempt<'_>) -> Result<Outcome> {
    attempt.verify_any(attempt.name().by_username().await?).await
}

async fn candidates(name: &LoginName) -> Result<Vec<Arc<UserRow>>> {
    Ok(name.by_username().await?.into_iter().collect())
}
