use doorward_django::usernames::unicode_ci_eq;

use super::{Attempt, CredentialsBackend, Outcome};
use crate::answer::Answer;
use crate::exceptions::Result;
use crate::stores::UserField;

/// The active user of that name in whatever case, if there is one only: `Alice` logs in as `alice`.
///
/// Where several users have names that differ in case alone nobody is named: put [`ModelBackend`](super::ModelBackend)
/// before this one, so that each may still log in by its exact name.
#[derive(Clone, Copy, Debug, Default)]
pub struct CaseInsensitiveModelBackend;

impl CredentialsBackend for CaseInsensitiveModelBackend {
    fn path(&self) -> &'static str {
        "doorward.backends.CaseInsensitiveModelBackend"
    }

    fn authenticate<'a>(&'a self, attempt: &'a Attempt<'a>) -> Answer<'a, Result<Outcome>> {
        Answer::pending(async move {
            let found = attempt
                .matching(UserField::Username, |user| {
                    unicode_ci_eq(&user.username, attempt.username())
                })
                .await?;
            match found {
                None => Ok(Outcome::NotMine),
                Some(user) => Ok(attempt.verify(user).await?.into()),
            }
        })
    }
}
