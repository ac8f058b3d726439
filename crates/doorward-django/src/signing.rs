//! Signed text that cannot be changed without the secret key: `django.core.signing`.
//!
//! [`sign`] and [`unsign`] are Django's `Signer`; [`sign_with_timestamp`] and [`unsign_with_timestamp`] its
//! `TimestampSigner`; [`dumps`] and [`loads`] carry JSON inside the latter. Every reader believes the
//! fallback keys too, every writer uses the current key.

mod objects;
mod timestamps;

pub(crate) use objects::dumps_text;
pub use objects::{Compression, MAX_INFLATED, dumps, loads};
pub use timestamps::{Signed, sign_with_timestamp, unsign_with_timestamp};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::crypto::{constant_time_eq, salted_hmac};
use crate::secret::{SecretKey, SecretKeys};

/// Why a signed text is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SigningError {
    /// No key that is believed has signed this (`BadSignature`).
    #[error("Signature does not match")]
    BadSignature,
    /// The signature is older than allowed (`SignatureExpired`).
    #[error("Signature age exceeds the maximum age")]
    SignatureExpired,
    /// The signature is right, but what was signed does not have the expected form.
    #[error("Signed data is malformed")]
    Malformed,
}

/// `value`, a colon, and its signature: `Signer(salt=…).sign(value)`.
///
/// ```
/// use doorward_django::{secret::{SecretKey, SecretKeys}, signing};
///
/// let keys = SecretKeys::new(SecretKey::new("secret"));
/// let signed = signing::sign("hello", "greeting", &keys.current);
/// assert_eq!(signing::unsign(&signed, "greeting", &keys), Ok("hello"));
/// assert!(signing::unsign(&signed, "other salt", &keys).is_err());
/// ```
#[must_use]
pub fn sign(value: &str, salt: &str, key: &SecretKey) -> String {
    format!("{value}:{}", signature(value, salt, key))
}

/// The value inside `signed`, if one of `keys` signed it: `Signer(salt=…).unsign(signed)`.
///
/// # Errors
///
/// [`SigningError::BadSignature`] where there is no colon, or no key gives this signature.
pub fn unsign<'value>(
    signed: &'value str,
    salt: &str,
    keys: &SecretKeys,
) -> Result<&'value str, SigningError> {
    let (value, found) = signed.rsplit_once(':').ok_or(SigningError::BadSignature)?;
    let is_signed_by =
        |key: &SecretKey| constant_time_eq(found.as_bytes(), signature(value, salt, key).as_bytes());
    if keys.iter().any(is_signed_by) {
        Ok(value)
    } else {
        Err(SigningError::BadSignature)
    }
}

/// Django appends `signer` to the salt, so that no other use of the salt gives the same key.
fn signature(value: &str, salt: &str, key: &SecretKey) -> String {
    URL_SAFE_NO_PAD.encode(salted_hmac(&format!("{salt}signer"), value.as_bytes(), key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use crate::golden::json;
    use crate::json::Value;
    use crate::timestamp::Timestamp;
    use proptest::prelude::*;
    use std::time::Duration;

    #[test]
    fn signatures_are_django_s() {
        for case in golden::cases("signatures") {
            let [salt, value, signed] = ["salt", "value", "signed"].map(|name| case[name].as_str().unwrap());
            let key = SecretKey::new(case["key"].as_str().unwrap());
            assert_eq!(sign(value, salt, &key), signed);
            assert_eq!(unsign(signed, salt, &golden::keys()), Ok(value));
            let timestamped = case["timestamped"].as_str().unwrap();
            assert_eq!(sign_with_timestamp(value, golden::now(), salt, &key), timestamped);
            let back = unsign_with_timestamp(timestamped, salt, &golden::keys());
            assert_eq!(
                back,
                Ok(Signed {
                    value,
                    signed_at: golden::now()
                })
            );
        }
    }

    #[test]
    fn the_issue_s_vectors_hold() {
        for (name, now) in [("signer", None), ("timestamp_signer", Some(golden::now()))] {
            for case in golden::formats(name).as_array().unwrap() {
                let [salt, value] = ["salt", "value"].map(|name| case[name].as_str().unwrap());
                let key = golden::format_keys().current;
                let signed = match now {
                    None => sign(value, salt, &key),
                    Some(now) => sign_with_timestamp(value, now, salt, &key),
                };
                assert_eq!(signed, case["signed"]);
            }
        }
    }

    #[test]
    fn refusals_are_django_s() {
        let now = golden::now().saturating_add(Duration::from_millis(750));
        for case in golden::cases("unsigned") {
            let signed = unsign_with_timestamp(case["text"].as_str().unwrap(), "s", &golden::keys());
            let value = match case["max_age"].as_u64() {
                Some(seconds) => signed.and_then(|signed| signed.within(Duration::from_secs(seconds), now)),
                None => signed.map(|signed| signed.value),
            };
            let found = match value {
                Ok(value) => json!({"ok": value}),
                Err(error) => json!({"error": format!("{error:?}")}),
            };
            assert_eq!(found, case["value"], "{case}");
        }
    }

    #[test]
    fn objects_are_django_s() {
        for case in golden::cases("objects") {
            let token = case["token"].as_str().unwrap();
            let keys = golden::keys();
            assert_eq!(loads(token, "o", &keys).unwrap().value, case["value"]);
            let compression = match case["compress"].as_bool().unwrap() {
                true => Compression::WhereShorter,
                false => Compression::Never,
            };
            let written = dumps(&case["value"], compression, golden::now(), "o", &keys.current);
            assert_eq!(written.starts_with('.'), token.starts_with('.'), "{case}");
            assert!(token.starts_with('.') || written == token, "{case}");
            assert_eq!(loads(&written, "o", &keys).unwrap().value, case["value"]);
        }
        for case in golden::formats("dumps").as_array().unwrap() {
            let [salt, token] = ["salt", "token"].map(|name| case[name].as_str().unwrap());
            assert_eq!(
                loads(token, salt, &golden::format_keys()).unwrap().value,
                case["obj"]
            );
        }
    }

    #[test]
    fn broken_objects_are_refused() {
        let cases = golden::cases("broken_objects");
        let (bomb, cases) = cases.split_last().unwrap();
        let load = |case: &Value| loads(case["token"].as_str().unwrap(), "o", &golden::keys());
        // Django inflates it.
        assert_eq!(load(bomb), Err(SigningError::Malformed));
        for case in cases {
            let value = load(case).map(|signed| signed.value);
            assert_eq!(value.as_ref().ok(), case["value"].get("ok"), "{case}");
        }
    }

    proptest! {
        #[test]
        fn any_value_reads_back(value: String, salt: String, seconds in -1_000_000_000_000_i64..1_000_000_000_000) {
            let keys = golden::keys();
            let now = Timestamp::from_secs(seconds);
            let signed = sign_with_timestamp(&value, now, &salt, &keys.current);
            let back = unsign_with_timestamp(&signed, &salt, &keys);
            prop_assert_eq!(back, Ok(Signed { value: value.as_str(), signed_at: now }));
        }

        #[test]
        fn any_text_is_refused(text: String) {
            prop_assert!(unsign(&text, "s", &golden::keys()).is_err());
            prop_assert!(loads(&text, "s", &golden::keys()).is_err());
        }
    }
}
