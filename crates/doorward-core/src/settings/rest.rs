//! `[rest]`: the policies of routes that say nothing themselves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::names::names;

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
    /// The backends whose sessions count, by their dotted paths (`AUTHENTICATION_BACKENDS`), beside those of
    /// `passwords.backends`; a login here is written under the first of them that Django knows too.
    pub session_backends: Vec<String>,
}

super::of_field!(RestSettings, rest);

impl Default for RestSettings {
    fn default() -> Self {
        use AuthenticatorName::{Basic, Jwt, Session, Token};
        Self {
            authentication: vec![Basic, Session, Token, Jwt],
            permission: PermissionName::IsAuthenticated,
            throttle: Vec::new(),
            session_backends: Vec::new(),
        }
    }
}

names! {
    /// An authenticator by its short name.
    AuthenticatorName {
        /// `BasicAuthentication`
        Basic = "basic",
        /// `SessionAuthentication`
        Session = "session",
        /// `TokenAuthentication`
        Token = "token",
        /// `JwtAuthentication`
        Jwt = "jwt",
        /// `JwtStatelessUserAuthentication`
        JwtStateless = "jwt-stateless",
        /// `RemoteUserAuthentication`
        RemoteUser = "remote-user",
        /// `TokenIntrospection`
        Introspection = "introspection",
    }
}

names! {
    /// A permission by its name in DRF.
    PermissionName {
        /// [`AllowAny`](crate::permissions::AllowAny)
        AllowAny = "AllowAny",
        /// [`IsAuthenticated`](crate::permissions::IsAuthenticated)
        IsAuthenticated = "IsAuthenticated",
        /// [`IsAdminUser`](crate::permissions::IsAdminUser)
        IsAdminUser = "IsAdminUser",
        /// [`IsAuthenticatedOrReadOnly`](crate::permissions::IsAuthenticatedOrReadOnly)
        IsAuthenticatedOrReadOnly = "IsAuthenticatedOrReadOnly",
    }
}

names! {
    /// A throttle by its short name.
    ThrottleName {
        /// [`AnonRateThrottle`](crate::throttling::AnonRateThrottle)
        Anon = "anon",
        /// [`UserRateThrottle`](crate::throttling::UserRateThrottle)
        User = "user",
        /// [`ScopedRateThrottle`](crate::throttling::ScopedRateThrottle)
        Scoped = "scoped",
    }
}
