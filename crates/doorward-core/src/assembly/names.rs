//! What the names of the settings stand for: authenticators, permissions, throttles, backends.

use std::sync::Arc;

use crate::authentication::Authenticator;
use crate::backends::{self, CredentialsBackend};
use crate::permissions::{self, Permission};
use crate::schemes;
use crate::settings::{AuthenticatorName, BackendName, PermissionName, ThrottleName};
use crate::throttling::{self, Throttle};

pub(super) fn authenticator(name: AuthenticatorName) -> Arc<dyn Authenticator> {
    match name {
        AuthenticatorName::Basic => Arc::new(schemes::BasicAuthentication),
        AuthenticatorName::Session => Arc::new(schemes::SessionAuthentication),
        AuthenticatorName::Token => Arc::new(schemes::TokenAuthentication::default()),
        AuthenticatorName::Jwt => Arc::new(schemes::JwtAuthentication),
        AuthenticatorName::RemoteUser => Arc::new(schemes::RemoteUserAuthentication),
        AuthenticatorName::JwtStateless => Arc::new(schemes::JwtStatelessUserAuthentication),
        AuthenticatorName::Introspection => Arc::new(schemes::TokenIntrospection),
    }
}

pub(super) fn permission(name: PermissionName) -> Arc<dyn Permission> {
    match name {
        PermissionName::AllowAny => Arc::new(permissions::AllowAny),
        PermissionName::IsAuthenticated => Arc::new(permissions::IsAuthenticated),
        PermissionName::IsAdminUser => Arc::new(permissions::IsAdminUser),
        PermissionName::IsAuthenticatedOrReadOnly => Arc::new(permissions::IsAuthenticatedOrReadOnly),
    }
}

pub(super) fn throttle(name: ThrottleName) -> Arc<dyn Throttle> {
    match name {
        ThrottleName::Anon => Arc::new(throttling::AnonRateThrottle::default()),
        ThrottleName::User => Arc::new(throttling::UserRateThrottle::default()),
        ThrottleName::Scoped => Arc::new(throttling::ScopedRateThrottle),
    }
}

pub(super) fn backend(name: BackendName) -> Arc<dyn CredentialsBackend> {
    match name {
        BackendName::ModelBackend => Arc::new(backends::ModelBackend),
        BackendName::AllowAllUsersModelBackend => Arc::new(backends::AllowAllUsersModelBackend),
        BackendName::EmailBackend => Arc::new(backends::EmailBackend),
        BackendName::CaseInsensitiveModelBackend => Arc::new(backends::CaseInsensitiveModelBackend),
    }
}
