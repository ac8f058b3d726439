use std::time::Duration;

use super::{SigningError, sign, unsign};
use crate::baseconv::{base62_decode, base62_encode};
use crate::secret::{SecretKey, SecretKeys};
use crate::timestamp::Timestamp;

/// What a valid signature vouches for, and when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<T> {
    /// What was signed.
    pub value: T,
    /// The whole second of the signature.
    pub signed_at: Timestamp,
}

impl<T> Signed<T> {
    /// The value, if at `now` it was signed no longer than `max_age` ago.
    ///
    /// A signature from the future is young, as in Django.
    ///
    /// # Errors
    ///
    /// [`SigningError::SignatureExpired`] where it is older.
    pub fn within(self, max_age: Duration, now: Timestamp) -> Result<T, SigningError> {
        if now.since(self.signed_at) > max_age {
            return Err(SigningError::SignatureExpired);
        }
        Ok(self.value)
    }
}

/// `value`, the second of `now` in base 62, and a signature over both: `TimestampSigner(salt=…).sign(value)`.
#[must_use]
pub fn sign_with_timestamp(value: &str, now: Timestamp, salt: &str, key: &SecretKey) -> String {
    sign(&format!("{value}:{}", base62_encode(now.as_secs())), salt, key)
}

/// The value inside `signed` and its time, if one of `keys` signed it: `TimestampSigner(salt=…).unsign(signed)`.
///
/// Ask [`Signed::within`] for Django's `max_age`.
///
/// # Errors
///
/// [`SigningError::BadSignature`] where no key signed it; [`SigningError::Malformed`] where one did, but not
/// a timestamp.
pub fn unsign_with_timestamp<'value>(
    signed: &'value str,
    salt: &str,
    keys: &SecretKeys,
) -> Result<Signed<&'value str>, SigningError> {
    let timestamped = unsign(signed, salt, keys)?;
    let (value, second) = timestamped.rsplit_once(':').ok_or(SigningError::Malformed)?;
    let second = base62_decode(second).ok_or(SigningError::Malformed)?;
    Ok(Signed {
        value,
        signed_at: Timestamp::from_secs(second),
    })
}
