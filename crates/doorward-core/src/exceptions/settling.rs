//! What the guard, who knows the route, makes of a response that was made from an exception.

use axum::response::Response;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};

/// Says that a response was made from an [`ApiException`](super::ApiException); the guard settles the rest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unsettled;

/// Gives a 401 made from an [`ApiException`](super::ApiException) its challenge; without one it becomes a 403
/// (`rest_framework.views.APIView.handle_exception`).
pub(crate) fn challenge(response: &mut Response, challenge: Option<&HeaderValue>) {
    if !was_refused(response) || response.status() != StatusCode::UNAUTHORIZED {
        return;
    }
    match challenge {
        Some(value) => drop(response.headers_mut().insert(WWW_AUTHENTICATE, value.clone())),
        None => *response.status_mut() = StatusCode::FORBIDDEN,
    }
}

/// Whether a response was made from an [`ApiException`](super::ApiException) and nobody has asked yet.
pub(crate) fn was_refused(response: &mut Response) -> bool {
    response.extensions_mut().remove::<Unsettled>().is_some()
}
