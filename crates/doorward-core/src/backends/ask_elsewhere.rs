use std::borrow::Cow;
use std::fmt;
use std::future::Future;

use doorward_django::secret::Secret;

use super::{Attempt, CredentialsBackend, Outcome};
use crate::answer::Answer;
use crate::door::Door;
use crate::exceptions::Result;

/// A backend that asks somebody else, such as a directory or another service: a closure over name and password.
///
/// ```
/// use doorward_auth::accounts;
/// use doorward_core::backends::{AskElsewhere, Outcome};
/// # async fn directory_knows(_: &str, _: &str) -> bool { false }
///
/// let directory = AskElsewhere::new("example.backends.DirectoryBackend", |door, username, password| async move {
///     if !directory_knows(&username, password.expose()).await {
///         return Ok(Outcome::NotMine);
///     }
///     let user = accounts::get_or_create_user(&door, &username).await?;
///     Ok(Outcome::User(user))
/// });
/// ```
///
/// Who takes long makes the login take long: give the question a time-out of its own.
pub struct AskElsewhere<F> {
    path: Cow<'static, str>,
    ask: F,
}

impl<F, Fut> AskElsewhere<F>
where
    F: Fn(Door, String, Secret<String>) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Outcome>> + Send + 'static,
{
    /// A backend of that dotted path that asks `ask`.
    pub fn new(path: impl Into<Cow<'static, str>>, ask: F) -> Self {
        Self {
            path: path.into(),
            ask,
        }
    }
}

impl<F, Fut> CredentialsBackend for AskElsewhere<F>
where
    F: Fn(Door, String, Secret<String>) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Outcome>> + Send + 'static,
{
    fn path(&self) -> &str {
        &self.path
    }

    fn authenticate<'a>(&'a self, attempt: &'a Attempt<'a>) -> Answer<'a, Result<Outcome>> {
        let asked = (self.ask)(
            attempt.door().clone(),
            attempt.username().to_owned(),
            attempt.password().clone(),
        );
        Answer::pending(asked)
    }
}

impl<F> fmt::Debug for AskElsewhere<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AskElsewhere({})", self.path)
    }
}
