//! The cookie that tells a device from strangers: which account it was used with, signed
//! (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
//!
//! It lets nobody in. It names a counter of its own, so that strangers' failures do not lock its owner out.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use doorward_django::bounds::MAX_COOKIE;
use doorward_django::crypto::random_string;
use doorward_django::secret::Secret;
use doorward_django::signing::{sign_with_timestamp, unsign_with_timestamp};
use doorward_django::timestamp::Timestamp;
use http::HeaderMap;

use crate::context::Context;
use crate::cookies::{self, Attributes, Lifetime, SetCookie};
use crate::door::Door;

/// The cookie's name.
pub(crate) const DEVICE_COOKIE: &str = "doorward_device";
const SALT: &str = "doorward.lockout.device";
/// How many characters of the account's key it holds.
const KEY: usize = 32;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The device cookie that an exchange sets, if it sets one.
#[derive(Debug, Default)]
pub(crate) struct DeviceCookie {
    /// The key of the account that was let in.
    account: Mutex<Option<String>>,
    value: OnceLock<Secret<String>>,
}

impl DeviceCookie {
    /// The account of that key was let in.
    pub(super) fn let_in(&self, account: &str) {
        *self.account() = Some(account.to_owned());
    }

    fn account(&self) -> MutexGuard<'_, Option<String>> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the cookie to the answer of a login that succeeded.
    pub(crate) fn write(&self, door: &Door, headers: &mut HeaderMap) {
        let (Some(value), Some(rules)) = (self.value.get(), door.lockout()) else {
            return;
        };
        let seconds = i64::try_from(rules.known_for().as_secs()).unwrap_or(i64::MAX);
        let cookie = SetCookie {
            name: DEVICE_COOKIE,
            value: value.expose(),
            lifetime: Lifetime::Seconds(seconds, door.now()),
            attributes: Attributes::of_device(&door.settings().session),
        };
        cookie.append_to(headers);
    }
}

/// Makes the device that this request came from known to the account that a password of the request let in
/// ([`authenticate_request`](crate::accounts::authenticate_request)): the answer sets a cookie, where failed logins are
/// counted. Where nobody was let in it does nothing.
///
/// Every endpoint to which a password is sent does it once the login succeeded.
pub fn remember_device(cx: &Context<'_>) {
    let account = cx.device_cookie().account().clone();
    let (Some(rules), Some(account)) = (cx.door().lockout(), account) else {
        return;
    };
    let known = received(cx.headers()).and_then(|text| nonce(&text, &account, rules.known_for(), cx.door()));
    let nonce = known
        .map(|(nonce, _)| nonce)
        .unwrap_or_else(|| random_string(&cx.door().random::<88>(), ALPHABET));
    let value = format!("{nonce}.{}", short(&account));
    let keys = cx.door().secret_keys();
    let signed = sign_with_timestamp(&value, cx.now(), SALT, &keys.current);
    let _ = cx.device_cookie().value.set(Secret::new(signed));
}

/// The cookie as it came; of several the last one counts.
pub(super) fn received(headers: &HeaderMap) -> Option<String> {
    cookies::texts(headers, DEVICE_COOKIE)
        .pop()
        .filter(|text| text.len() <= MAX_COOKIE)
}

/// What tells the device from others, and the second of its last login, if the cookie is ours, not too old, and for the
/// account of that key.
pub(super) fn nonce(
    text: &str,
    account: &str,
    known_for: Duration,
    door: &Door,
) -> Option<(String, Timestamp)> {
    let signed = unsign_with_timestamp(text, SALT, door.secret_keys()).ok()?;
    let used_at = signed.signed_at;
    let (nonce, whose) = signed.within(known_for, door.now()).ok()?.split_once('.')?;
    (whose == short(account)).then(|| (nonce.to_owned(), used_at))
}

fn short(key: &str) -> &str {
    key.get(..KEY).unwrap_or_default()
}
