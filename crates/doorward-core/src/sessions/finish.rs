//! The end of an exchange: the session is saved, its cookie is set
//! (`django.contrib.sessions.middleware.SessionMiddleware.process_response`).

use std::error::Error;

use axum::response::Response;
use doorward_django::sessions::SessionExpiry;
use http::HeaderMap;
use tokio::sync::MutexGuard;
use tracing::field::display;

use super::handle::Session;
use super::state::{State, Unsaved};
use crate::cookies::{Attributes, Lifetime, SetCookie, vary_on};
use crate::exceptions::{ApiException, Result};

/// Saves the session where that is due, and sets its cookie, or removes it.
///
/// # Errors
/// 400 where its row was deleted meanwhile; 503 or 500 where the store fails.
pub(crate) async fn end(session: &Session, response: &mut Response) -> Result {
    let is_given = !response.status().is_server_error();
    let headers = response.headers_mut();
    let Some(mut state) = looked_at(session, is_given).await? else {
        return Ok(());
    };
    if session.had_cookie() && state.is_empty() {
        remove_cookie(session, headers);
        return Ok(());
    }
    if state.accessed {
        vary_on(headers, "Cookie");
    }
    let is_due = (state.modified || saves_always(session)) && !state.is_empty();
    if is_given && is_due && save(session, &mut state).await? == Saved::InFull {
        set_cookie(session, &state, headers);
    }
    Ok(())
}

fn saves_always(session: &Session) -> bool {
    session.door().settings().session.save_every_request
}

/// The session's state, loaded where it is to be prolonged; `None` where it cannot be.
async fn looked_at(session: &Session, is_given: bool) -> Result<Option<MutexGuard<'_, State>>> {
    let state = session.state().await;
    let is_known = state.data.is_some() || state.is_empty();
    if is_known || !is_given || !saves_always(session) {
        return Ok(Some(state));
    }
    drop(state);
    match session.load().await {
        Ok(state) => Ok(Some(state)),
        Err(error) => not_prolonged(error).map(|()| None),
    }
}

/// What became of the session's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Saved {
    /// It says what the session says.
    InFull,
    /// It is as it was, which is as good.
    NotProlonged,
}

async fn save(session: &Session, state: &mut State) -> Result<Saved> {
    if state.is_saved() || (state.unsaved == Unsaved::Nothing && !saves_always(session)) {
        return Ok(Saved::InFull);
    }
    match session.write(state).await {
        Ok(()) => Ok(Saved::InFull),
        Err(error) if state.unsaved == Unsaved::Change => Err(error),
        Err(error) => not_prolonged(error).map(|()| Saved::NotProlonged),
    }
}

/// A session that says what it said before is as good as it was: a store that is away is no reason to take back an answer
/// whose work is done.
fn not_prolonged(error: ApiException) -> Result {
    if !error.status().is_server_error() {
        return Err(error);
    }
    let cause = error.source().map(display);
    tracing::warn!(
        error.cause = cause,
        "a session could not be prolonged; it ends when it would have ended"
    );
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
    vary_on(headers, "Cookie");
}

fn set_cookie(session: &Session, state: &State, headers: &mut HeaderMap) {
    let settings = &session.door().settings().session;
    let Some(value) = state.key.cookie() else {
        return;
    };
    let cookie = SetCookie {
        name: &settings.cookie_name,
        value,
        lifetime: lifetime(session, state),
        attributes: Attributes::of_session(settings),
    };
    cookie.append_to(headers);
    vary_on(headers, "Cookie");
}

fn lifetime(session: &Session, state: &State) -> Lifetime {
    let settings = &session.door().settings().session;
    let expiry = state.data.as_ref().map_or(SessionExpiry::Policy, |data| {
        SessionExpiry::of_local(data, session.door().times().zone())
    });
    if expiry
        .at_browser_close()
        .unwrap_or(settings.expire_at_browser_close)
    {
        return Lifetime::Browser;
    }
    let now = session.door().now();
    Lifetime::Seconds(expiry.age(settings.cookie_age.duration(), now), now)
}
