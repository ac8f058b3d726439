//! Tokens for resetting a password, and the user's id beside them in a link (`django.contrib.auth.tokens`).
//!
//! A token holds no secret of its own: it is a time and an HMAC over what a new password or a login changes, so that
//! it works once, and nothing is stored.
//!
//! Django counts in the time of `TIME_ZONE`, and keeps `last_login` as its `USE_TZ` says; both read each other's tokens
//! where `TIME_ZONE` is UTC, or off by its distance from UTC otherwise.
//!
//! ```
//! use std::time::Duration;
//! use doorward_django::reset_token::{ResetUser, check_token, make_token};
//! use doorward_django::secret::{SecretKey, SecretKeys};
//! use doorward_django::timestamp::Timestamp;
//!
//! let user = ResetUser { pk: "7", password: "!", last_login: None, email: "a@example.com" };
//! let keys = SecretKeys::new(SecretKey::new("a secret key"));
//! let now = Timestamp::from_secs(1_700_000_000);
//! let token = make_token(&user, now, &keys.current);
//! assert!(check_token(&token, &user, now, Duration::from_secs(259_200), &keys));
//! ```

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::baseconv::{base36_decode, base36_encode};
use crate::crypto::{constant_time_eq, salted_hmac};
use crate::hex;
use crate::secret::{SecretKey, SecretKeys};
use crate::timestamp::Timestamp;

/// `PasswordResetTokenGenerator.key_salt`.
const KEY_SALT: &str = "django.contrib.auth.tokens.PasswordResetTokenGenerator";

/// 2001-01-01, where the count of seconds begins, in Unix time.
const EPOCH: i64 = 978_307_200;

/// What a token is bound to: when any of it changes, the token is worth nothing.
#[derive(Clone, Copy, Debug)]
pub struct ResetUser<'a> {
    /// The primary key, as `str(pk)`.
    pub pk: &'a str,
    /// The encoded password.
    pub password: &'a str,
    /// The last login; its fraction of a second does not count.
    pub last_login: Option<Timestamp>,
    /// The e-mail address; may be empty.
    pub email: &'a str,
}

/// A token for that user (`PasswordResetTokenGenerator.make_token`).
#[must_use]
pub fn make_token(user: &ResetUser<'_>, now: Timestamp, key: &SecretKey) -> String {
    token_at(user, seconds(now), key)
}

/// Whether a token was made for that user as it stands, by a key that is believed, at most `timeout` ago
/// (`PasswordResetTokenGenerator.check_token`).
#[must_use]
pub fn check_token(
    token: &str,
    user: &ResetUser<'_>,
    now: Timestamp,
    timeout: Duration,
    keys: &SecretKeys,
) -> bool {
    let Some(made) = time_of(token) else {
        return false;
    };
    let is_ours = keys
        .iter()
        .any(|key| constant_time_eq(token_at(user, made, key).as_bytes(), token.as_bytes()));
    is_ours && seconds(now).saturating_sub(made) <= timeout.as_secs()
}

/// A primary key as it stands in a link (`urlsafe_base64_encode(force_bytes(user.pk))`).
#[must_use]
pub fn encode_uid(pk: &str) -> String {
    URL_SAFE_NO_PAD.encode(pk)
}

/// The primary key of a link, as `str(pk)`; `None` for text that [`encode_uid`] does not make.
#[must_use]
pub fn decode_uid(uid: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(uid).ok()?).ok()
}

/// What stands before the only hyphen.
fn time_of(token: &str) -> Option<u64> {
    let (time, digest) = token.split_once('-')?;
    (!digest.contains('-')).then(|| base36_decode(time))?
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_secs().saturating_sub(EPOCH)).unwrap_or(0)
}

fn token_at(user: &ResetUser<'_>, made: u64, key: &SecretKey) -> String {
    let ResetUser {
        pk,
        password,
        last_login,
        email,
    } = user;
    let login = last_login.map(whole_second).unwrap_or_default();
    let value = format!("{pk}{password}{login}{made}{email}");
    let digest = hex::encode(&salted_hmac(KEY_SALT, value.as_bytes(), key));
    let half: String = digest.chars().step_by(2).collect();
    format!("{}-{half}", base36_encode(made))
}

/// `YYYY-MM-DD HH:MM:SS`, as Python's `str(datetime)` has it.
fn whole_second(time: Timestamp) -> String {
    Timestamp::from_secs(time.as_secs()).to_sqlite()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use crate::json::Value;
    use proptest::prelude::*;

    const TIMEOUT: Duration = Duration::from_secs(259_200);

    fn user(case: &Value) -> ResetUser<'_> {
        ResetUser {
            pk: case["pk"].as_str().unwrap(),
            password: case["password"].as_str().unwrap(),
            last_login: case["last_login"].as_i64().map(Timestamp::from_micros),
            email: case["email"].as_str().unwrap(),
        }
    }

    fn at(case: &Value) -> Timestamp {
        Timestamp::from_micros(case["at"].as_i64().unwrap())
    }

    #[test]
    fn tokens_are_django_s() {
        for case in golden::cases("reset_tokens") {
            let key = SecretKey::new(case["key"].as_str().unwrap());
            assert_eq!(make_token(&user(&case), at(&case), &key), case["token"], "{case}");
            let uid = case["uid"].as_str().unwrap();
            assert_eq!(encode_uid(case["pk"].as_str().unwrap()), uid);
            assert_eq!(decode_uid(uid).as_deref(), case["pk"].as_str());
        }
    }

    #[test]
    fn verdicts_are_django_s() {
        for case in golden::cases("reset_checks") {
            let token = case["token"].as_str().unwrap();
            let good = check_token(token, &user(&case), at(&case), TIMEOUT, &golden::keys());
            assert_eq!(good, case["good"].as_bool().unwrap(), "{case}");
        }
    }

    #[test]
    fn a_uid_has_one_spelling() {
        for uid in ["MQ==", "MR", "M", "!", "MQ ", "_w"] {
            assert_eq!(decode_uid(uid), None, "{uid}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(token: String, micros: i64, login: Option<i64>, text: String) {
            let user = ResetUser {
                pk: &text,
                password: &text,
                last_login: login.map(Timestamp::from_micros),
                email: &text,
            };
            let now = Timestamp::from_micros(micros);
            prop_assert!(!check_token(&token, &user, now, TIMEOUT, &golden::keys()));
            let made = make_token(&user, now, &golden::keys().current);
            prop_assert!(check_token(&made, &user, now, TIMEOUT, &golden::keys()));
            let _ = decode_uid(&token);
            prop_assert_eq!(decode_uid(&encode_uid(&text)), Some(text));
        }
    }
}
