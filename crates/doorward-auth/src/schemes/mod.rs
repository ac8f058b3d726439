//! The authenticators that come with the door: one file per scheme (`rest_framework.authentication`,
//! `rest_framework_simplejwt.authentication`).
//!
//! What an authenticator is, and how they are asked, is [`authentication`](doorward_core::authentication)'s; who knows names and
//! passwords is [`backends`]'s. Both are passed on here.

pub use crate::authtoken::TokenAuthentication;
pub use crate::backends;
pub use crate::jwt::schemes::{
    Issuer, IssuerAuthentication, JwtAuthentication, JwtStatelessUserAuthentication, TokenIntrospection,
};
pub use crate::logins::{CsrfExemptSessionAuthentication, SessionAuthentication};
pub use crate::remote_user::{RemoteUser, RemoteUserAuthentication, RemoteUserSettings};
pub use crate::users::BasicAuthentication;
pub use doorward_core::authentication::{Authenticator, AuthenticatorExt, Challenged, Checked, OrAnonymous};
