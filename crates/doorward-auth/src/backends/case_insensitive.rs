use std::sync::Arc;

use doorward_core::answer::Answer;
use doorward_core::exceptions::Result;
use doorward_core::stores::UserField;
use doorward_core::user::UserRow;

use super::{Attempt, CredentialsBackend, LoginName, Outcome};

/// The active user of that name in whatever case: `Alice` logs in as `alice`.
///
/// Where several users have names that differ in case alone, each logs in by its exact name. Another spelling names the
/// only active one of them, or nobody, which is told in the log. New users get no such name
/// ([`create_user`](crate::accounts::create_user)).
#[derive(Clone, Copy, Debug, Default)]
pub struct CaseInsensitiveModelBackend;

impl CredentialsBackend for CaseInsensitiveModelBackend {
    fn path(&self) -> &'static str {
        "doorward.backends.CaseInsensitiveModelBackend"
    }

    fn authenticate<'a>(&'a self, attempt: &'a Attempt<'a>) -> Answer<'a, Result<Outcome>> {
        Answer::pending(async move {
            attempt
                .verify_any(attempt.name().by_username_ignoring_case().await?)
                .await
        })
    }

    fn candidates<'a>(&'a self, name: &'a LoginName) -> Answer<'a, Result<Vec<Arc<UserRow>>>> {
        Answer::pending(async move { Ok(name.by_username_ignoring_case().await?.into_iter().collect()) })
    }

    fn unique_field(&self) -> Option<UserField> {
        Some(UserField::Username)
    }
}
