//! The cookie that tells a device from strangers: which account it was used with, signed
//! (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
//!
//! It lets nobody in. It names a counter of its own, so that strangers' failures do not lock its owner out.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use doorward_core::cookies::{Attributes, Lifetime, SetCookie};
use doorward_core::{Context, Door};
use doorward_django::bounds::MAX_COOKIE;
use doorward_django::crypto::random_string;
use doorward_django::secret::Secret;
use doorward_django::signing::{sign_with_timestamp, unsign_with_timestamp};
use doorward_django::timestamp::Timestamp;

use super::rules::Lockout;

/// The cookie's name.
pub(super) const DEVICE_COOKIE: &str = "doorward_device";
const SALT: &str = "doorward.lockout.device";
/// How many characters of the account's key it holds.
const KEY: usize = 32;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The key of the account that a password of this request let in.
#[derive(Debug, Default)]
pub(super) struct LetIn(Mutex<Option<String>>);

impl LetIn {
    /// The account of that key was let in.
    pub(super) fn note(&self, account: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(account.to_owned());
    }

    fn account(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Makes the device that this request came from known to the account that was let in.
pub(super) fn remember(cx: &Context<'_>, rules: &Lockout) {
    let Some(account) = cx.noted().and_then(LetIn::account) else {
        return;
    };
    let value = signed(cx, rules, &account);
    let seconds = i64::try_from(rules.known_for().as_secs()).unwrap_or(i64::MAX);
    cx.set_cookie(SetCookie {
        name: DEVICE_COOKIE,
        value: value.expose(),
        lifetime: Lifetime::Seconds(seconds, cx.door().now()),
        attributes: Attributes::of_device(&cx.door().settings().session),
    });
}

/// What the cookie says; a device that the account knows already keeps its name.
fn signed(cx: &Context<'_>, rules: &Lockout, account: &str) -> Secret<String> {
    let known = received(cx).and_then(|text| nonce(&text, account, rules.known_for(), cx.door()));
    let nonce = known
        .map(|(nonce, _)| nonce)
        .unwrap_or_else(|| random_string(&cx.door().random::<88>(), ALPHABET));
    let value = format!("{nonce}.{}", short(account));
    let keys = cx.door().secret_keys();
    Secret::new(sign_with_timestamp(&value, cx.now(), SALT, &keys.current))
}

/// The cookie as it came; of several the last one counts.
pub(super) fn received(cx: &Context<'_>) -> Option<String> {
    cx.cookie(DEVICE_COOKIE).filter(|text| text.len() <= MAX_COOKIE)
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
