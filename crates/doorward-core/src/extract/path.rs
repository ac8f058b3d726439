//! [`Path`]: the parameters of a path, as a value of a type.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::context::path_of;
use crate::exceptions::{ApiException, Result};

/// What the path holds in its braces: one value, or a tuple or struct of several.
///
/// A path that does not fit is 404, as with Django's converters: nothing is there. A number is written in digits only, so that
/// each object has one address (negative ones have a `-`). A type that no such path would fit, such as a pair where there is
/// one parameter, is 500, and the log says why.
///
/// ```
/// use doorward_core::extract::Path;
///
/// async fn page(Path((book, page)): Path<(String, u32)>) -> String {
///     format!("page {page} of {book}")
/// }
/// # let _: axum::routing::MethodRouter = axum::routing::get(page);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<S, T> FromRequestParts<S> for Path<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        path_of(parts).await.map(Self)
    }
}
