//! `[passwords]`: how passwords are hashed and which are refused.

use serde::Deserialize;

/// `[passwords]`: Django's `PASSWORD_HASHERS` and `AUTH_PASSWORD_VALIDATORS`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PasswordSettings {
    /// The hashers by Django's short names; the first one hashes, all verify.
    pub hashers: Vec<String>,
    /// What a new password is checked with.
    pub validators: Vec<ValidatorName>,
    /// How many hashes are computed at once; one per processor unless set.
    pub workers: Option<usize>,
    /// How many logins may wait for their hash; more are answered 503.
    pub queue: usize,
}

impl Default for PasswordSettings {
    fn default() -> Self {
        let hashers = [
            "pbkdf2_sha256",
            "pbkdf2_sha1",
            "argon2",
            "bcrypt_sha256",
            "scrypt",
        ];
        let validators = vec![
            ValidatorName::UserAttributeSimilarityValidator,
            ValidatorName::MinimumLengthValidator,
            ValidatorName::CommonPasswordValidator,
            ValidatorName::NumericPasswordValidator,
        ];
        Self {
            hashers: hashers.map(str::to_owned).into(),
            validators,
            workers: None,
            queue: 1_000,
        }
    }
}

/// A validator by its name in `django.contrib.auth.password_validation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are Django's")]
pub enum ValidatorName {
    UserAttributeSimilarityValidator,
    MinimumLengthValidator,
    CommonPasswordValidator,
    NumericPasswordValidator,
}
