//! [`RequestContext`]: a whole request, as an argument of a handler.

use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts, RawPathParams};
use http::Request;
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::{Context, RequestState};
use crate::exceptions::{ApiException, Result};
use crate::parsers::{from_parameters, is_of_type};

/// A whole request, for handlers that need more than its caller: door, route, time, session, CSRF cookie.
#[derive(Clone, Debug)]
pub struct RequestContext {
    parts: Parts,
    state: Arc<RequestState>,
}

impl RequestContext {
    /// The request as authenticators and permissions see it.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        Context::new(&self.parts, &self.state)
    }

    /// What the path holds in its braces: one value, or a tuple or struct of several, as
    /// [`extract::Path`](crate::extract::Path) reads it.
    ///
    /// # Errors
    /// 404 where it does not parse: no object has such a name. 500 for a type that no such path would fit.
    pub async fn path<D: DeserializeOwned + Send>(&self) -> Result<D> {
        // Nothing else of it is read.
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.extensions = self.parts.extensions.clone();
        path_of(&mut parts).await
    }
}

impl<S: GuardedState> FromRequestParts<S> for RequestContext {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let state = Arc::clone(state_of(parts, "RequestContext")?);
        let parts = parts.clone();
        Ok(Self { parts, state })
    }
}

/// The state of a handler that may take what only the guard tells: a user, a session, the whole request.
///
/// Every state is one, but that of the handlers of [`Router::public`](crate::Router::public): there is no guard. An extractor
/// of one's own that asks for a [`User`](crate::User) passes the condition on:
///
/// ```
/// use axum::extract::FromRequestParts;
/// use doorward_core::extract::GuardedState;
/// use doorward_core::{ApiException, Result, User};
/// use http::request::Parts;
///
/// struct Name(String);
///
/// impl<S: GuardedState> FromRequestParts<S> for Name {
///     type Rejection = ApiException;
///
///     async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
///         let user = User::from_request_parts(parts, state).await?;
///         Ok(Self(user.username().to_owned()))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is the state of handlers that no guard stands before",
    label = "nobody knows a user here",
    note = "register the path with `Router::route`, with the policy `AllowAny` where everyone may come; \
            an extractor of one's own takes `S: GuardedState`"
)]
pub trait GuardedState: Send + Sync {}

/// What can be moved, which is all but `Public` (a state that cannot be moved is no use to anybody).
impl<S: Send + Sync + Unpin> GuardedState for S {}

/// The parameters of the path that was matched.
///
/// # Errors
/// 404 where they do not fit the type, 500 where none would.
pub(crate) async fn path_of<D: DeserializeOwned>(parts: &mut Parts) -> Result<D> {
    let parameters = match RawPathParams::from_request_parts(parts, &()).await {
        Ok(parameters) => Some(parameters),
        Err(RawPathParamsRejection::InvalidUtf8InPathParam(_)) => return Err(ApiException::not_found()),
        // The path has none.
        Err(_) => None,
    };
    let read = from_parameters(parameters.iter().flatten());
    read.map_err(|error| match is_of_type(&error) {
        true => ApiException::server_error(error),
        false => ApiException::not_found(),
    })
}

/// The extractor's route is not guarded.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` stands in a handler that no door guards; register its path with `door.router().route(..)`")]
struct NotGuarded(&'static str);

/// What the guard left in a request that it let pass.
///
/// # Errors
/// 500 on a route that no door guards.
pub(crate) fn state_of<'p>(parts: &'p Parts, extractor: &'static str) -> Result<&'p Arc<RequestState>> {
    let state = parts.extensions.get();
    state.ok_or_else(|| ApiException::server_error(NotGuarded(extractor)))
}
