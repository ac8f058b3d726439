//! Sessions that are their own cookies (`django.contrib.sessions.backends.signed_cookies`).
//!
//! Nothing is kept here, so nothing can be taken back: whoever copied such a cookie has the session until it is too old, or
//! its user gets another password.

use doorward_django::bounds::MAX_COOKIE;
use doorward_django::secret::Secret;
use doorward_django::sessions::{SessionData, decode_cookie, encode_cookie};
use doorward_django::timestamp::Timestamp;

use super::Kept;
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::sessions::weight;

/// What the cookie says, if it was signed here and is not too old; else it is as if there were none.
pub(super) async fn load(door: &Door, cookie: &Secret<String>, now: Timestamp) -> Result<Kept> {
    let (text, keys) = (cookie.clone(), door.clone());
    let age = door.settings().session.cookie_age.duration();
    let work = move || decode_cookie(text.expose(), age, keys.times().zone(), now, keys.secret_keys());
    let lane = door.parser_rules().lane();
    let decoded = lane.run(weight(cookie.expose()), work).await?;
    Ok(decoded.map_or(Kept::Nothing, Kept::Session))
}

/// The cookie that holds the session.
///
/// # Errors
/// 500 for one that browsers would not keep.
pub(in crate::sessions) fn sign(door: &Door, data: &SessionData, now: Timestamp) -> Result<Secret<String>> {
    let name = &door.settings().session.cookie_name;
    let text = Secret::new(encode_cookie(data, now, &door.secret_keys().current));
    match name.len().saturating_add(text.expose().len()) > MAX_COOKIE {
        true => Err(ApiException::server_error(TooLong(name.clone()))),
        false => Ok(text),
    }
}

/// A session that no browser keeps.
#[derive(Debug, thiserror::Error)]
#[error(
    "the session is too long for the cookie `{0}`: browsers drop one of more than {MAX_COOKIE} bytes; put less into it, or \
     set `session.engine` to one that keeps sessions here"
)]
struct TooLong(String);
