//! The end of an exchange: its session is saved, and its answer gets what it is given besides.

use axum::response::{IntoResponse, Response};

use crate::context::RequestState;
use crate::cookies::vary_on;
use crate::exceptions::Result;
use crate::sessions;

/// Saves the session and sets the cookies that the exchange asks for.
pub(super) async fn finish(state: &RequestState, response: &mut Response) {
    if let Err(refusal) = settle(state, response).await {
        *response = refusal.into_response();
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
        // Boxed, so that it adds nothing to the others.
        Some(session) => Box::pin(sessions::end(session, response)).await,
        None => {
            if state.missed_session() {
                vary_on(response.headers_mut(), "Cookie");
            }
            Ok(())
        }
    }
}
