//! [`Query`]: what follows the question mark of an address, as a value of a type.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::exceptions::{ApiException, Result};
use crate::parsers::FormData;

/// The query of the address, read into a type of one's own (`request.query_params`).
///
/// What does not fit is 400 with DRF's sentence under the name of the field, such as
/// `{"page": ["A valid integer is required."]}`. An empty text is `None` for an `Option`; a name that stands more than once
/// fills a `Vec`, and of any other type its last text counts. Names that the type does not know are left alone.
///
/// ```
/// use doorward_core::extract::Query;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Filter {
///     search: Option<String>,
///     #[serde(default)]
///     tag: Vec<String>,
/// }
///
/// async fn list(Query(filter): Query<Filter>) -> String {
///     format!("{:?} in {:?}", filter.search, filter.tag)
/// }
/// # let _: axum::routing::MethodRouter = axum::routing::get(list);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query<T>(pub T);

impl<S, T> FromRequestParts<S> for Query<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let query = parts.uri.query().unwrap_or_default();
        FormData::of_query(query)?.deserialize().map(Self)
    }
}
