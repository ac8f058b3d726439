//! [`Raised`]: the exception that a response was made of, kept while somebody wants to see it.

use std::sync::Arc;

use axum::response::Response;

use super::ApiException;
use crate::user::User;

tokio::task_local! {
    /// Set where an exception handler may word what fails: see [`keeping`].
    static KEEPING: ();
}

/// What a response was made of, for the site's exception handler; only there inside of [`keeping`].
#[derive(Clone, Debug)]
pub(crate) struct Raised {
    pub(crate) exception: Arc<ApiException>,
    /// The caller, where one is known.
    pub(crate) user: Option<User>,
}

/// Runs a future in which each response that is made from an [`ApiException`] keeps it.
pub(crate) fn keeping<F: Future>(future: F) -> impl Future<Output = F::Output> {
    KEEPING.scope((), future)
}

/// As [`keeping`], for what has nothing to wait for.
pub(crate) fn keeping_now<T>(make: impl FnOnce() -> T) -> T {
    KEEPING.sync_scope((), make)
}

/// Keeps the exception with its response, inside of [`keeping`].
pub(super) fn keep(exception: ApiException, response: &mut Response) {
    if KEEPING.try_with(|()| ()).is_ok() {
        let (exception, user) = (Arc::new(exception), None);
        response.extensions_mut().insert(Raised { exception, user });
    }
}

/// Keeps beside the exception of a response who called, where an exception handler is to word it.
pub(crate) fn note_user(response: &mut Response, user: Option<&User>) {
    if response.status().is_success() {
        return;
    }
    if let Some(raised) = response.extensions_mut().get_mut::<Raised>() {
        raised.user = user.cloned();
    }
}
