//! The end of an exchange: the session is saved, the cookies are set
//! (`django.contrib.sessions.middleware.SessionMiddleware.process_response`).

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use doorward_django::sessions::SessionExpiry;
use http::HeaderMap;

use super::cookie::{self, Attributes, Lifetime, SetCookie};
use super::handle::Session;
use super::state::{State, Unsaved};
use crate::context::RequestState;
use crate::exceptions::{ApiException, Result};

/// Saves the session and sets the cookies that the exchange asks for.
pub(crate) async fn finish(request: &Arc<RequestState>, mut response: Response) -> Response {
    match settle(request, &mut response).await {
        Ok(()) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn settle(request: &RequestState, response: &mut Response) -> Result {
    let is_given = !response.status().is_server_error();
    let (door, headers) = (&request.door, response.headers_mut());
    request.csrf.write(headers);
    if is_given {
        request.device_cookie.write(door, headers);
        request.token_cookies.write(door, headers);
    }
    end(&request.session, response).await
}

async fn end(session: &Session, response: &mut Response) -> Result {
    let status = response.status();
    let headers = response.headers_mut();
    let save_always = session.door().settings().session.save_every_request;
    let mut state = session.state().await;
    if save_always && state.data.is_none() && !state.is_empty() && !status.is_server_error() {
        drop(state);
        state = match session.load().await {
            Ok(state) => state,
            Err(error) => return unless_passing(error),
        };
    }
    if session.had_cookie() && state.is_empty() {
        remove_cookie(session, headers);
        return Ok(());
    }
    if state.accessed {
        cookie::vary_on(headers, "Cookie");
    }
    let must_save = (state.modified || save_always) && !state.is_empty() && !status.is_server_error();
    if !must_save {
        return Ok(());
    }
    if (state.unsaved != Unsaved::Nothing || save_always) && !state.is_saved() {
        match (session.write(&mut state).await, state.unsaved) {
            (Err(error), Unsaved::Change) => return Err(error),
            (Err(error), Unsaved::Renewal | Unsaved::Nothing) => return unless_passing(error),
            (Ok(()), _) => {}
        }
    }
    set_cookie(session, &state, headers);
    Ok(())
}

/// A session that says what it said before is as good as it was: that it could not be written is no reason to take back
/// an answer whose work is done.
fn unless_passing(error: ApiException) -> Result {
    if !error.status().is_server_error() {
        return Err(error);
    }
    tracing::warn!("a session could not be prolonged; it ends when it would have ended");
    Ok(())
}

fn remove_cookie(session: &Session, headers: &mut HeaderMap) {
    let settings = &session.door().settings().session;
    let cookie = SetCookie {
        name: &settings.cookie_name,
        value: "",
        lifetime: Lifetime::Over,
        attributes: Attributes::of_session(settings).for_removal(&settings.cookie_name),
    };
    cookie.append_to(headers);
    cookie::vary_on(headers, "Cookie");
}

fn set_cookie(session: &Session, state: &State, headers: &mut HeaderMap) {
    let settings = &session.door().settings().session;
    let Some(key) = state.key.stored() else {
        return;
    };
    let cookie = SetCookie {
        name: &settings.cookie_name,
        value: key.as_str(),
        lifetime: lifetime(session, state),
        attributes: Attributes::of_session(settings),
    };
    cookie.append_to(headers);
    cookie::vary_on(headers, "Cookie");
}

fn lifetime(session: &Session, state: &State) -> Lifetime {
    let settings = &session.door().settings().session;
    let expiry = state
        .data
        .as_ref()
        .map_or(SessionExpiry::Policy, SessionExpiry::of);
    if expiry
        .at_browser_close()
        .unwrap_or(settings.expire_at_browser_close)
    {
        return Lifetime::Browser;
    }
    let now = session.door().now();
    Lifetime::Seconds(expiry.age(settings.cookie_age.duration(), now), now)
}
