use doorward_django::jwt::{self, TokenType};
use http::{HeaderName, HeaderValue};

use super::resolve;
use crate::settings::{Settings, SettingsError};
use crate::stores::UserField;

/// The settings' rules and keys, resolved (`rest_framework_simplejwt.settings.api_settings`).
#[derive(Debug)]
pub struct TokenRules {
    claims: jwt::Rules,
    keys: jwt::Keys,
    header_name: HeaderName,
    header_types: Vec<String>,
    challenge: HeaderValue,
    classes: Vec<TokenType>,
    user_id_field: UserField,
    rotation: RotationRule,
    check_revoke_token: bool,
    check_user_is_active: bool,
    update_last_login: bool,
}

/// What a refresh does with the refresh token it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationRule {
    /// It stays, and no other one is issued.
    Off,
    /// A successor is issued, and it stays as good (`ROTATE_REFRESH_TOKENS`).
    Rotate,
    /// A successor is issued, and it is taken back (`BLACKLIST_AFTER_ROTATION` too).
    RotateAndBlacklist,
}

impl TokenRules {
    /// The rules of the settings.
    ///
    /// # Errors
    /// [`SettingsError`] for a value that is impossible or not supported yet, such as a weak key or an
    /// unknown algorithm.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let jwt = &settings.jwt;
        resolve::check_supported(jwt)?;
        Ok(Self {
            claims: resolve::claims(jwt),
            keys: resolve::keys(settings)?,
            header_name: resolve::header_name(&jwt.auth_header_name)?,
            header_types: jwt.auth_header_types.clone(),
            challenge: resolve::challenge(jwt)?,
            classes: resolve::classes(jwt),
            user_id_field: resolve::user_id_field(jwt)?,
            rotation: resolve::rotation(jwt),
            check_revoke_token: jwt.check_revoke_token,
            check_user_is_active: jwt.check_user_is_active,
            update_last_login: jwt.update_last_login,
        })
    }

    /// The rules on claims.
    #[must_use]
    pub fn rules(&self) -> &jwt::Rules {
        &self.claims
    }

    /// The keys that sign and verify.
    #[must_use]
    pub fn keys(&self) -> &jwt::Keys {
        &self.keys
    }

    /// The header that carries the token (`AUTH_HEADER_NAME`).
    #[must_use]
    pub fn header_name(&self) -> &HeaderName {
        &self.header_name
    }

    /// The words accepted before it (`AUTH_HEADER_TYPES`), in any case.
    #[must_use]
    pub fn header_types(&self) -> &[String] {
        &self.header_types
    }

    /// The challenge of a 401: `Bearer realm="api"`, with the first of the words.
    #[must_use]
    pub fn challenge(&self) -> &HeaderValue {
        &self.challenge
    }

    /// The kinds of token that open the API (`AUTH_TOKEN_CLASSES`).
    #[must_use]
    pub fn classes(&self) -> &[TokenType] {
        &self.classes
    }

    /// The column that identifies a user (`USER_ID_FIELD`).
    #[must_use]
    pub fn user_id_field(&self) -> UserField {
        self.user_id_field
    }

    /// What a refresh does with its token.
    #[must_use]
    pub fn rotation(&self) -> RotationRule {
        self.rotation
    }

    /// Whether tokens fall with the password (`CHECK_REVOKE_TOKEN`).
    #[must_use]
    pub fn checks_revoke_token(&self) -> bool {
        self.check_revoke_token
    }

    /// Whether inactive users are refused (`CHECK_USER_IS_ACTIVE`).
    #[must_use]
    pub fn checks_user_is_active(&self) -> bool {
        self.check_user_is_active
    }

    /// Whether obtaining a token counts as a login (`UPDATE_LAST_LOGIN`).
    #[must_use]
    pub fn updates_last_login(&self) -> bool {
        self.update_last_login
    }
}
