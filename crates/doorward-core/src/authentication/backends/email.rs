use doorward_django::usernames::unicode_ci_eq;

use super::{Attempt, CredentialsBackend, Outcome};
use crate::answer::Answer;
use crate::exceptions::Result;
use crate::stores::UserField;

/// The active user of that e-mail address in whatever case, if there is one only.
///
/// Django lets several users have the same address; such an address names nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmailBackend;

impl CredentialsBackend for EmailBackend {
    fn path(&self) -> &'static str {
        "doorward.backends.EmailBackend"
    }

    fn authenticate<'a>(&'a self, attempt: &'a Attempt<'a>) -> Answer<'a, Result<Outcome>> {
        if !attempt.username().contains('@') {
            return Answer::ready(Ok(Outcome::NotMine));
        }
        Answer::pending(async move {
            let found = attempt
                .matching(UserField::Email, |user| {
                    unicode_ci_eq(&user.email, attempt.username())
                })
                .await?;
            match found {
                None => Ok(Outcome::NotMine),
                Some(user) => Ok(attempt.verify(user).await?.into()),
            }
        })
    }
}
