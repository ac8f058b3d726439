//! The end of an exchange: its session is saved, and its answer gets what it is given besides.

use axum::response::{IntoResponse, Response};

use crate::context::RequestState;
use crate::exceptions::Result;
use crate::sessions;

/// Saves the session and sets the cookies that the exchange asks for.
pub(super) async fn finish(state: &RequestState, mut response: Response) -> Response {
    match settle(state, &mut response).await {
        Ok(()) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn settle(state: &RequestState, response: &mut Response) -> Result {
    if let Some(csrf) = state.csrf_to_write() {
        csrf.write(response.headers_mut());
    }
    if !response.status().is_server_error() {
        state.outgoing.write(response.headers_mut());
    }
    match state.session_to_end() {
        Some(session) => sessions::end(session, response).await,
        None => Ok(()),
    }
}
