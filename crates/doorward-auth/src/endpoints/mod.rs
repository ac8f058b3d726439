//! The endpoints that come with the door (`rest_framework.authtoken.views`, `rest_framework_simplejwt.views`,
//! `django.contrib.auth.views`).
//!
//! Each one is a function that makes a route with its own policy, to be mounted anywhere:
//!
//! ```
//! use doorward_auth::endpoints;
//! use doorward_core::{Door, Router};
//!
//! fn routes(door: &Door) -> Router {
//!     door.router()
//!         .route("/login/", endpoints::token_obtain_pair())
//!         .route("/auth/token/", endpoints::obtain_auth_token())
//! }
//! ```
//!
//! [`Door::endpoints`](doorward_core::Door::endpoints) mounts all of them at their usual places, unless `[urls]` moves one or switches it off; the
//! keys there are the functions' names.

pub use crate::authtoken::endpoint as obtain_auth_token;
pub use crate::jwt::endpoints::{
    jwks, token_blacklist, token_introspect, token_obtain_pair, token_obtain_sliding, token_refresh,
    token_refresh_sliding, token_revoke, token_revoke_all, token_verify,
};
pub use crate::logins::{Audience, LoginPage, login, logout};
pub use crate::users::{password_change, password_reset, password_reset_confirm, profile};

/// The same for an endpoint of the API, as it is served (`rest.trailing_slash`).
pub use doorward_core::app::api_path;
/// The path of the endpoint of that name: its usual one unless `[urls]` moved it; `None` where it is switched off.
pub use doorward_core::app::path;

pub use doorward_core::pages::PAGE_STYLE;
