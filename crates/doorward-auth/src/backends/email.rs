use std::sync::Arc;

use doorward_core::answer::Answer;
use doorward_core::exceptions::Result;
use doorward_core::stores::UserField;
use doorward_core::user::UserRow;

use super::{Attempt, CredentialsBackend, LoginName, Outcome};

/// The active user of that e-mail address in whatever case.
///
/// Django lets several users have the same address. The one who has it in exactly the letters that were sent is named,
/// else the only active one; else nobody, which is told in the log. New users get no address that somebody has
/// ([`create_user`](crate::accounts::create_user)).
#[derive(Clone, Copy, Debug, Default)]
pub struct EmailBackend;

impl CredentialsBackend for EmailBackend {
    fn path(&self) -> &'static str {
        "doorward.backends.EmailBackend"
    }

    fn authenticate<'a>(&'a self, attempt: &'a Attempt<'a>) -> Answer<'a, Result<Outcome>> {
        Answer::pending(async move { attempt.verify_any(found(attempt.name()).await?).await })
    }

    fn candidates<'a>(&'a self, name: &'a LoginName) -> Answer<'a, Result<Vec<Arc<UserRow>>>> {
        Answer::pending(async move { Ok(found(name).await?.into_iter().collect()) })
    }

    fn unique_field(&self) -> Option<UserField> {
        Some(UserField::Email)
    }
}

async fn found(name: &LoginName) -> Result<Option<Arc<UserRow>>> {
    match name.text().contains('@') {
        true => name.by_email().await,
        false => Ok(None),
    }
}
