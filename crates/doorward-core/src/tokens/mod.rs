//! JSON web tokens: pairs, rotation, blacklist (`rest_framework_simplejwt.tokens`).

use doorward_django::jwt;

use crate::settings::{Settings, SettingsError};

/// The settings' rules and keys, resolved.
#[derive(Debug)]
pub struct TokenRules {
    rules: jwt::Rules,
}

impl TokenRules {
    /// The rules of the settings.
    ///
    /// # Errors
    /// [`SettingsError`] for an impossible algorithm or key.
    pub fn new(_: &Settings) -> Result<Self, SettingsError> {
        Err(SettingsError::new("jwt", "not written yet"))
    }

    /// The rules on claims.
    #[must_use]
    pub fn rules(&self) -> &jwt::Rules {
        &self.rules
    }
}
