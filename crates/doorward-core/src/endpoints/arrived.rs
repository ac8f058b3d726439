use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;

use crate::context::RequestState;

/// A request that the guard let pass, as a handler of ours sees it.
pub(super) struct Arrived(Arc<RequestState>);

impl Deref for Arrived {
    type Target = RequestState;

    fn deref(&self) -> &RequestState {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Arrived {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let state = parts.extensions.get::<Arc<RequestState>>().cloned();
        state.map(Self).ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
