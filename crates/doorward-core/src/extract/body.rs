//! [`Body`]: a body as a value of a type.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::taken;
use crate::exceptions::{ApiException, Result};
use crate::serializers::{Completeness, HasSerializer};

/// A request's body, read into a type of one's own: JSON, a form, or `multipart/form-data`.
///
/// What does not parse is refused as [`Data`](crate::parsers::Data) has it: 400, 413, 415. What does not fit the type is 400 with
/// DRF's sentence under the name of the field, such as `{"age": ["A valid integer is required."]}`. serde stops at the first
/// field that does not fit, and so one is told at a time.
///
/// Where the type has a [`Serializer`](struct@crate::serializers::Serializer) in place of `Deserialize`, that one reads the body: with all
/// its rules, and all that is wrong is told at once. A type that has both does not compile here, for it would not be clear by
/// which rules it is read: take [`Data`](crate::parsers::Data), and call [`HasSerializer::read`].
///
/// By serde no rule is asked besides the type: a `String` may be blank, and of any length that the body may have. In a form an empty
/// field is `None` for an `Option`, and a name that stands more than once fills a `Vec`.
///
/// ```
/// use doorward_core::extract::Body;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct NewNote {
///     title: String,
///     #[serde(default)]
///     stars: u8,
/// }
///
/// async fn create(Body(note): Body<NewNote>) -> String {
///     format!("{} has {} stars", note.title, note.stars)
/// }
/// # let _: axum::routing::MethodRouter = axum::routing::post(create);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Body<T>(pub T);

/// Says that a [`Body`] or a [`Query`](super::Query) was read by the [`Serializer`](struct@crate::serializers::Serializer) of its type.
#[derive(Clone, Copy, Debug)]
pub enum BySerializer {}

impl<S, T> FromRequest<S, BySerializer> for Body<T>
where
    S: Send + Sync,
    T: HasSerializer + Send + 'static,
{
    type Rejection = ApiException;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        taken(|data| T::read(&data, Completeness::Whole).map(Self), request).await?
    }
}

impl<S, T> FromRequest<S> for Body<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send + 'static,
{
    type Rejection = ApiException;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        taken(|data| data.deserialize().map(Self), request).await?
    }
}
