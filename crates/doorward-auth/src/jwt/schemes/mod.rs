//! The authenticators of bearer tokens (`rest_framework_simplejwt.authentication`).

mod introspection;
mod issuer;
mod jwt;
mod presented;

pub(crate) use introspection::IntrospectionClient;
pub use introspection::TokenIntrospection;
pub use issuer::{Issuer, IssuerAuthentication};
pub use jwt::{JwtAuthentication, JwtStatelessUserAuthentication};
