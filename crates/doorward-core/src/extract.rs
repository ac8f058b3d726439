//! What handlers take as arguments: [`User`], `Option<User>`, [`Auth`], [`Claims`], [`Session`], [`RequestContext`].
//!
//! They are told by the guard and by nobody else: on a route that no door guards each of them is a 500, and a line
//! in the log that names the mistake.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts, Path};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::context::{Context, RequestState};
use crate::exceptions::{ApiException, Result};
use crate::identity::{Auth, Identity};
use crate::sessions::Session;
use crate::user::User;

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
        let mut parts = self.parts.clone();
        let path = <Path<D> as FromRequestParts<()>>::from_request_parts(&mut parts, &()).await;
        path.map(|Path(values)| values)
            .map_err(|_| ApiException::not_found())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestContext {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let state = Arc::clone(state(parts, "RequestContext")?);
        let parts = parts.clone();
        Ok(Self { parts, state })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        identity(parts, "User").map(|identity| identity.user.clone())
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for User {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>> {
        let identity = state(parts, "Option<User>")?.identity.get();
        Ok(identity.map(|identity| identity.user.clone()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Auth {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        identity(parts, "Auth").map(|identity| identity.auth.clone())
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Auth {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>> {
        let identity = state(parts, "Option<Auth>")?.identity.get();
        Ok(identity.map(|identity| identity.auth.clone()))
    }
}

/// The claims of the caller's JSON web token, read into a type of one's own.
///
/// A caller without such a token is refused, as is one whose claims do not fit the type: 403.
#[derive(Clone, Debug)]
pub struct Claims<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Claims<T> {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let Auth::Jwt(_, claims) = &identity(parts, "Claims")?.auth else {
            return Err(ApiException::permission_denied());
        };
        let claims = T::deserialize(serde_json::Value::Object(claims.as_object().clone()));
        claims.map(Self).map_err(|_| ApiException::permission_denied())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Session {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        state(parts, "Session").map(|state| state.session.clone())
    }
}

/// The extractor's route is not guarded.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` stands in a handler that no door guards; register its path with `door.router().route(..)`")]
struct NotGuarded(&'static str);

fn state<'p>(parts: &'p Parts, extractor: &'static str) -> Result<&'p Arc<RequestState>> {
    let state = parts.extensions.get();
    state.ok_or_else(|| ApiException::server_error(NotGuarded(extractor)))
}

/// Who calls; the anonymous are refused as a permission would refuse them.
fn identity<'p>(parts: &'p Parts, extractor: &'static str) -> Result<&'p Identity> {
    let state = state(parts, extractor)?;
    state
        .identity
        .get()
        .ok_or_else(|| match state.view.authenticators.is_empty() {
            true => ApiException::permission_denied(),
            false => ApiException::not_authenticated(),
        })
}
