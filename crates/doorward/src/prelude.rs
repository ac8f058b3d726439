//! What nearly every application wants: `use doorward::prelude::*`.

pub use doorward_auth::jwt::{JwtBuilderExt, JwtDoorExt};
pub use doorward_auth::mail::{MailBuilderExt, MailDoorExt};
pub use doorward_auth::schemes::{
    AuthenticatorExt, BasicAuthentication, CsrfExemptSessionAuthentication, IssuerAuthentication,
    JwtAuthentication, JwtStatelessUserAuthentication, RemoteUserAuthentication, SessionAuthentication,
    TokenAuthentication, TokenIntrospection,
};
pub use doorward_core::answer::Answer;
pub use doorward_core::context::{Context, View};
pub use doorward_core::exceptions::{ApiException, Result};
pub use doorward_core::extract::Claims;
pub use doorward_core::identity::{Auth, Identity};
pub use doorward_core::permissions::{
    AllowAny, DjangoModelPermissions, HasClaim, HasScope, IsAdminUser, IsAuthenticated,
    IsAuthenticatedOrReadOnly, LoadObject, ObjectPermission, Permission, PermissionExt, Permitted, Unchecked,
};
pub use doorward_core::policy::{GuardedRoute, Policy, RouteExt};
pub use doorward_core::router::Router;
pub use doorward_core::settings::Settings;
pub use doorward_core::throttling::{AnonRateThrottle, ScopedRateThrottle, Throttle, UserRateThrottle};
pub use doorward_core::user::{User, UserId};

#[cfg(feature = "database")]
pub use crate::Doorward;
pub use crate::ResourceServer;
