//! `[rest]` and `[token]`: the policies of routes that say nothing themselves, and opaque tokens.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Period;

/// `[rest]`: DRF's `DEFAULT_AUTHENTICATION_CLASSES`, `DEFAULT_PERMISSION_CLASSES`, `DEFAULT_THROTTLE_CLASSES`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RestSettings {
    /// The authenticators, in order (`DEFAULT_AUTHENTICATION_CLASSES`); the first one gives the challenge.
    pub authentication: Vec<AuthenticatorName>,
    /// The permission (`DEFAULT_PERMISSION_CLASSES`).
    pub permission: PermissionName,
    /// The throttles (`DEFAULT_THROTTLE_CLASSES`); none unless set.
    pub throttle: Vec<ThrottleName>,
}

impl Default for RestSettings {
    fn default() -> Self {
        use AuthenticatorName::{Basic, Jwt, Session, Token};
        Self {
            authentication: vec![Basic, Session, Token, Jwt],
            permission: PermissionName::IsAuthenticated,
            throttle: Vec::new(),
        }
    }
}

/// An authenticator by its short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AuthenticatorName {
    /// [`BasicAuthentication`](crate::schemes::BasicAuthentication)
    Basic,
    /// [`SessionAuthentication`](crate::schemes::SessionAuthentication)
    Session,
    /// [`TokenAuthentication`](crate::schemes::TokenAuthentication)
    Token,
    /// [`JwtAuthentication`](crate::schemes::JwtAuthentication)
    Jwt,
    /// [`JwtStatelessUserAuthentication`](crate::schemes::JwtStatelessUserAuthentication)
    JwtStateless,
    /// [`RemoteUserAuthentication`](crate::schemes::RemoteUserAuthentication)
    RemoteUser,
    /// [`TokenIntrospection`](crate::schemes::TokenIntrospection)
    Introspection,
}

/// A permission by its name in DRF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[non_exhaustive]
pub enum PermissionName {
    /// [`AllowAny`](crate::permissions::AllowAny)
    AllowAny,
    /// [`IsAuthenticated`](crate::permissions::IsAuthenticated)
    IsAuthenticated,
    /// [`IsAdminUser`](crate::permissions::IsAdminUser)
    IsAdminUser,
    /// [`IsAuthenticatedOrReadOnly`](crate::permissions::IsAuthenticatedOrReadOnly)
    IsAuthenticatedOrReadOnly,
}

/// A throttle by its short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ThrottleName {
    /// [`AnonRateThrottle`](crate::throttling::AnonRateThrottle)
    Anon,
    /// [`UserRateThrottle`](crate::throttling::UserRateThrottle)
    User,
    /// [`ScopedRateThrottle`](crate::throttling::ScopedRateThrottle)
    Scoped,
}

/// `[token]`: opaque tokens (`rest_framework.authtoken`).
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TokenSettings {
    /// The word before the key in the Authorization header (`TokenAuthentication.keyword`).
    pub keyword: String,
    /// Whether each user that a command makes gets a token, as the tutorials' signal does.
    pub auto_create: bool,
    /// How long a token is good for; for ever unless set.
    pub max_age: Option<Period>,
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self {
            keyword: "Token".to_owned(),
            auto_create: false,
            max_age: None,
        }
    }
}
