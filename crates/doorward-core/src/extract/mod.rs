//! What handlers take as arguments: what the caller sent ([`Body`], [`Query`], [`Path`], [`Data`]), and who the caller is
//! ([`User`], `Option<User>`, [`Auth`], [`Claims`], [`Session`], [`RequestContext`]).
//!
//! The latter are told by the guard and by nobody else: a handler that takes one does not compile at a public path
//! ([`GuardedState`]); where the compiler cannot see it, each of them is a 500, and a line in the log that names the mistake.

mod body;
mod path;
mod query;

use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, Request};
use http::request::Parts;
use serde::de::DeserializeOwned;

pub use body::{Body, BySerializer};
pub use path::Path;
pub use query::Query;

pub use crate::context::{GuardedState, RequestContext};

use crate::context::{Callers, state_of};
use crate::exceptions::{ApiException, Result};
use crate::identity::{Auth, Identity};
use crate::parsers::{Data, ParserRules};
use crate::sessions::Session;
use crate::user::User;

impl<S: GuardedState> FromRequestParts<S> for User {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        identity(parts, "User").map(|identity| identity.user.clone())
    }
}

impl<S: GuardedState> OptionalFromRequestParts<S> for User {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>> {
        let identity = state_of(parts, "Option<User>")?.identity.get();
        Ok(identity.map(|identity| identity.user.clone()))
    }
}

impl<S: GuardedState> FromRequestParts<S> for Auth {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        identity(parts, "Auth").map(|identity| identity.auth.clone())
    }
}

impl<S: GuardedState> OptionalFromRequestParts<S> for Auth {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>> {
        let identity = state_of(parts, "Option<Auth>")?.identity.get();
        Ok(identity.map(|identity| identity.auth.clone()))
    }
}

/// The claims of the caller's JSON web token, read into a type of one's own.
///
/// A caller without such a token is refused, as is one whose claims do not fit the type: 403.
#[derive(Clone, Debug)]
pub struct Claims<T>(pub T);

impl<S: GuardedState, T: DeserializeOwned> FromRequestParts<S> for Claims<T> {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let Auth::Jwt(_, claims) = &identity(parts, "Claims")?.auth else {
            return Err(ApiException::permission_denied());
        };
        let claims = doorward_django::json::from_value(&claims.as_object().clone().into());
        claims.map(Self).map_err(|_| ApiException::permission_denied())
    }
}

impl<S: GuardedState> FromRequestParts<S> for Session {
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        state_of(parts, "Session").map(|state| state.session().clone())
    }
}

impl<S: Send + Sync> FromRequest<S> for Data {
    type Rejection = ApiException;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        taken(|data| data, request).await
    }
}

/// What is taken of the data of a request; the rest is dropped where it was parsed. A public path has the rules of its door
/// with it, and a router without a door has none.
async fn taken<T: Send + 'static>(
    take: impl FnOnce(Data) -> T + Send + 'static,
    request: Request,
) -> Result<T> {
    let (parts, body) = request.into_parts();
    match (state_of(&parts, "Data"), parts.extensions.get::<ParserRules>()) {
        (Ok(state), _) => {
            let (limit, rules) = (state.body.limit(), state.door.parser_rules());
            Data::read(take, &parts.headers, body, limit, rules).await
        }
        (Err(_), Some(rules)) => Data::read(take, &parts.headers, body, rules.max_body(), rules).await,
        (Err(_), None) => Data::read_unguarded(take, &parts.headers, body).await,
    }
}

/// Who calls; the anonymous are refused as a permission would refuse them.
fn identity<'p>(parts: &'p Parts, extractor: &'static str) -> Result<&'p Identity> {
    let state = state_of(parts, extractor)?;
    state.identity.get().ok_or_else(|| match state.view.callers {
        Callers::Anonymous => ApiException::permission_denied(),
        Callers::Identified => ApiException::not_authenticated(),
    })
}
