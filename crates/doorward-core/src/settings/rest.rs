//! `[rest]`: the policies of routes that say nothing themselves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OneOrMore;
use super::names::names;

/// `[rest]`: DRF's `DEFAULT_AUTHENTICATION_CLASSES`, `DEFAULT_PERMISSION_CLASSES`, `DEFAULT_THROTTLE_CLASSES`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RestSettings {
    /// The authenticators, in order (`DEFAULT_AUTHENTICATION_CLASSES`); the first one gives the challenge.
    pub authentication: Vec<AuthenticatorName>,
    /// The permissions, which must all grant, in order (`DEFAULT_PERMISSION_CLASSES`).
    pub permission: OneOrMore<PermissionName>,
    /// The throttles (`DEFAULT_THROTTLE_CLASSES`); none unless set.
    pub throttle: Vec<ThrottleName>,
    /// The backends whose sessions count, by their dotted paths (`AUTHENTICATION_BACKENDS`), beside those of
    /// `passwords.backends`.
    pub session_backends: Vec<String>,
    /// The one of them under whose path logins here are written, where Django has none of `passwords.backends`. Django takes
    /// such a session for one that it opened itself: name none that asks for more than a password.
    pub session_backend: Option<String>,
    /// What words failures (`EXCEPTION_HANDLER`): `default` is DRF's, `problem_details` that of RFC 9457.
    pub exception_handler: ExceptionHandlerName,
    /// How paths of the API end (`trailing_slash` of DRF's routers); pages keep their slash.
    pub trailing_slash: TrailingSlash,
}

super::of_field!(RestSettings, rest);

impl Default for RestSettings {
    fn default() -> Self {
        use AuthenticatorName::{Basic, Jwt, Session, Token};
        Self {
            authentication: vec![Basic, Session, Token, Jwt],
            permission: PermissionName::IsAuthenticated.into(),
            throttle: Vec::new(),
            session_backends: Vec::new(),
            session_backend: None,
            exception_handler: ExceptionHandlerName::Default,
            trailing_slash: TrailingSlash::Required,
        }
    }
}

/// How paths of the API end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TrailingSlash {
    /// As they are registered; `append_slash` sends on who left a slash out.
    Required,
    /// With a slash or without one, as if it were the same: `/?$` in a pattern of Django.
    Optional,
    /// Without one, whatever is registered.
    None,
}

impl TrailingSlash {
    /// A path of the API as it is served.
    #[must_use]
    pub fn served(self, path: &str) -> &str {
        match self {
            Self::Required | Self::Optional => path,
            Self::None => path
                .strip_suffix('/')
                .filter(|rest| !rest.is_empty())
                .unwrap_or(path),
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
        /// [`DjangoModelPermissions`](crate::permissions::DjangoModelPermissions) on the model that a route names
        DjangoModelPermissions = "DjangoModelPermissions",
        /// [`DjangoModelPermissionsOrAnonReadOnly`](crate::permissions::DjangoModelPermissionsOrAnonReadOnly) likewise
        DjangoModelPermissionsOrAnonReadOnly = "DjangoModelPermissionsOrAnonReadOnly",
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

names! {
    /// An exception handler by its name.
    ExceptionHandlerName {
        /// [`exception_handler`](crate::exception_handler::exception_handler)
        Default = "default",
        /// `application/problem+json` (RFC 9457).
        ProblemDetails = "problem_details",
    }
}
