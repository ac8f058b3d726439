//! [`RequestContext`]: a whole request, as an argument of a handler.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use http::Request;
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::{Context, RequestState};
use crate::exceptions::{ApiException, Result};

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

    /// What the path holds in its braces: one value, or a tuple or struct of several, as [`axum::extract::Path`]
    /// reads it.
    ///
    /// # Errors
    /// 404 where it does not parse: no object has such a name.
    pub async fn path<D: DeserializeOwned + Send>(&self) -> Result<D> {
        // Nothing else of it is read.
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.extensions = self.parts.extensions.clone();
        let path = <Path<D> as FromRequestParts<()>>::from_request_parts(&mut parts, &()).await;
        path.map(|Path(values)| values)
            .map_err(|_| ApiException::not_found())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestContext {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let state = Arc::clone(state_of(parts, "RequestContext")?);
        let parts = parts.clone();
        Ok(Self { parts, state })
    }
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
