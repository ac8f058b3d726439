//! JSON web tokens: pairs, rotation, blacklist, sliding tokens (`rest_framework_simplejwt.tokens` and
//! `.serializers`).
//!
//! Each endpoint of SimpleJWT is one function here, for views of one's own: [`pair::obtain`],
//! [`rotation::refresh`], [`verification::verify`], [`blacklist::blacklist`], [`sliding::obtain`],
//! [`sliding::refresh`]; what SimpleJWT lacks are [`revocation::revoke`], [`revocation::revoke_all`] and
//! [`introspection::introspect`]. They ask the door for its rules, its stores, the time and chance, and refuse with
//! SimpleJWT's status, code and sentence.

mod app;
mod bearer;
pub mod blacklist;
mod checks;
mod client;
#[cfg(feature = "commands")]
mod commands;
pub mod cookies;
pub(crate) mod endpoints;
mod events;
mod ext;
pub mod introspection;
mod issue;
mod judge;
mod own_claims;
mod owner;
pub mod pair;
mod refusal;
mod remembered;
mod remote_keys;
mod resolve;
mod resource_server;
pub mod revocation;
pub mod rotation;
mod rules;
pub(crate) mod schemes;
mod signed;
pub mod sliding;
mod validated;
pub mod verification;

#[cfg(feature = "commands")]
pub(crate) use app::EXPIRED;
pub use app::Jwt;
pub(crate) use bearer::{Bearer, bearer, is_misspelt, known_bearer};
pub use client::Client;
pub use ext::{JwtBuilderExt, JwtDoorExt};
pub(crate) use judge::{explained, judge};
pub use own_claims::TokenClaims;
pub(crate) use own_claims::{ClaimHooks, ClaimsOf, OwnClaims};
pub(crate) use owner::{is_current, is_revoked};
pub(crate) use refusal::{invalid_token, password_changed, refused};
pub use rules::{RotationRule, TokenRules};
pub(crate) use signed::Signed;
pub(crate) use validated::{unrecognizable, user, validated};
