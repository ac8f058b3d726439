//! Names that this site has signed, as Django's `TimestampSigner` signs.

use std::time::Duration;

use axum::http::HeaderValue;
use doorward::django::signing::{sign_with_timestamp, unsign_with_timestamp};
use doorward::prelude::*;

/// Keeps these signatures apart from others by the same key.
const SALT: &str = "name-tag";

const MAX_AGE: Duration = Duration::from_secs(60);

/// The user's name, signed now.
pub(crate) fn issue(cx: &Context, user: &User) -> String {
    let key = &cx.door().secret_keys().current;
    sign_with_timestamp(user.username(), cx.now(), SALT, key)
}

/// The name, if it was signed here and not too long ago.
pub(crate) fn username<'t>(cx: &Context, tag: &'t HeaderValue) -> Option<&'t str> {
    let signed = unsign_with_timestamp(tag.to_str().ok()?, SALT, cx.door().secret_keys()).ok()?;
    signed.within(MAX_AGE, cx.now()).ok()
}
