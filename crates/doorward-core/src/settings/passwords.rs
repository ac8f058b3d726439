//! `[passwords]`: how passwords are hashed and which are refused.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::names::names;
use super::{PasswordCosts, Period, ValidatorName, ValidatorSettings};

/// `[passwords]`: Django's `PASSWORD_HASHERS`, `AUTH_PASSWORD_VALIDATORS`, `AUTHENTICATION_BACKENDS` and
/// `PASSWORD_RESET_TIMEOUT`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PasswordSettings {
    /// The hashers by Django's short names, also `bcrypt` and `md5` (`PASSWORD_HASHERS`); the first one hashes, all
    /// verify.
    pub hashers: Vec<String>,
    /// What a new hash costs.
    pub costs: PasswordCosts,
    /// What a new password is checked with (`AUTH_PASSWORD_VALIDATORS`).
    pub validators: Vec<ValidatorSettings>,
    /// How many hashes are computed at once, 1 to 1024; one per processor unless set.
    pub workers: Option<usize>,
    /// How many logins may wait for their hash; more are answered 503.
    pub queue: usize,
    /// Who knows names and passwords, in the order of asking (`AUTHENTICATION_BACKENDS`).
    pub backends: Vec<BackendName>,
    /// Whether the user's opaque token falls with a password that is changed.
    pub revoke_tokens_on_change: bool,
    /// Whether all of the user's tokens fall with a password that is reset by a link: who forgot it, or lost it to
    /// somebody else, cannot tell who has one.
    pub revoke_tokens_on_reset: bool,
    /// How long a link for resetting a password works (`PASSWORD_RESET_TIMEOUT`).
    pub reset_timeout: Period,
}

super::of_field!(PasswordSettings, passwords);

impl Default for PasswordSettings {
    fn default() -> Self {
        let hashers = [
            "pbkdf2_sha256",
            "pbkdf2_sha1",
            "argon2",
            "bcrypt_sha256",
            "scrypt",
        ];
        let validators = [
            ValidatorName::UserAttributeSimilarityValidator,
            ValidatorName::MinimumLengthValidator,
            ValidatorName::CommonPasswordValidator,
            ValidatorName::NumericPasswordValidator,
        ];
        let validators = validators.into_iter().map(ValidatorSettings::from);
        Self {
            hashers: hashers.map(str::to_owned).into(),
            costs: PasswordCosts::default(),
            validators: validators.collect(),
            workers: None,
            queue: 100,
            backends: vec![BackendName::ModelBackend],
            revoke_tokens_on_change: false,
            revoke_tokens_on_reset: true,
            reset_timeout: Period::from_secs(259_200),
        }
    }
}

names! {
    /// A backend by its name in `django.contrib.auth.backends`, or in
    /// [`backends`](crate::backends).
    BackendName {
        /// `ModelBackend`
        ModelBackend = "ModelBackend",
        /// `AllowAllUsersModelBackend`
        AllowAllUsersModelBackend = "AllowAllUsersModelBackend",
        /// `EmailBackend`
        EmailBackend = "EmailBackend",
        /// `CaseInsensitiveModelBackend`
        CaseInsensitiveModelBackend = "CaseInsensitiveModelBackend",
    }
}
