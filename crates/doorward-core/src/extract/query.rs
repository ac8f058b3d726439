//! [`Query`]: what follows the question mark of an address, as a value of a type.

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::BySerializer;
use crate::exceptions::{ApiException, Result};
use crate::parsers::{Data, FormData};
use crate::serializers::{Completeness, HasSerializer};

/// The query of the address, read into a type of one's own (`request.query_params`).
///
/// What does not fit is 400 with DRF's sentence under the name of the field, such as
/// `{"page": ["A valid integer is required."]}`. An empty text is `None` for an `Option`; a name that stands more than once
/// fills a `Vec`, and of any other type its last text counts. Names that the type does not know are left alone.
///
/// Where the type has a [`Serializer`](struct@crate::serializers::Serializer) in place of `Deserialize`, that one reads the query: with all
/// its rules, and all that is wrong is told at once. Then it is the handler's last argument, as a [`Body`](super::Body) is; where
/// there is a body too, [`Query::read`] reads it.
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
        form(parts.uri.query())?.deserialize().map(Self)
    }
}

impl<S, T> FromRequest<S, BySerializer> for Query<T>
where
    S: Send + Sync,
    T: HasSerializer + Send + 'static,
{
    type Rejection = ApiException;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        Self::read(request.uri().query().unwrap_or_default())
    }
}

impl<T: HasSerializer> Query<T> {
    /// What a query says, read by the serializer of the type.
    ///
    /// # Errors
    /// 400 with all that is wrong, by field.
    pub fn read(query: &str) -> Result<Self> {
        let data = Data::Form(form(Some(query))?);
        T::read(&data, Completeness::Whole).map(Self)
    }
}

fn form(query: Option<&str>) -> Result<FormData> {
    FormData::of_query(query.unwrap_or_default())
}
