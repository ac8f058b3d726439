//! The endpoints that come with the door (`rest_framework.authtoken.views`, `rest_framework_simplejwt.views`,
//! `django.contrib.auth.views`).
//!
//! Each one is a function that makes a route with its own policy, to be mounted anywhere:
//!
//! ```
//! use doorward_core::{Door, Router, endpoints};
//!
//! fn routes(door: &Door) -> Router {
//!     door.router()
//!         .route("/login/", endpoints::token_obtain_pair())
//!         .route("/auth/token/", endpoints::obtain_auth_token())
//! }
//! ```
//!
//! [`Door::endpoints`] mounts all of them at their usual places, unless `[urls]` moves one or switches it off; the
//! keys there are the functions' names.

pub use crate::authtoken::endpoint as obtain_auth_token;
pub use crate::logins::{Audience, LoginPage, login, logout};
pub use crate::tokens::endpoints::{
    jwks, token_blacklist, token_introspect, token_obtain_pair, token_obtain_sliding, token_refresh,
    token_refresh_sliding, token_revoke, token_revoke_all, token_verify,
};

pub use crate::users::{password_change, password_reset, password_reset_confirm, profile};

/// The path of the endpoint of that name: its usual one unless `[urls]` moved it; `None` where it is switched off.
pub use crate::app::path;

/// The style sheet of the pages that come with Doorward. It stands inside of them, and `security.content_security_policy`
/// names it by its hash.
pub const PAGE_STYLE: &str = include_str!("../../templates/page.css");

use crate::app::Endpoint;
use crate::tokens::cookies::{TOKEN_BLACKLIST, TOKEN_REFRESH};

/// The endpoints of features that are no apps yet.
pub(crate) fn all() -> [Endpoint; 10] {
    [
        Endpoint::new("token_obtain_pair", "/api/token/", token_obtain_pair).with_stores(),
        Endpoint::new(TOKEN_REFRESH.0, TOKEN_REFRESH.1, token_refresh).with_stores(),
        Endpoint::new("token_verify", "/api/token/verify/", token_verify),
        Endpoint::new(TOKEN_BLACKLIST.0, TOKEN_BLACKLIST.1, token_blacklist).with_stores(),
        Endpoint::new("token_revoke_all", "/api/token/revoke-all/", token_revoke_all).with_stores(),
        Endpoint::new(
            "token_obtain_sliding",
            "/api/token/sliding/",
            token_obtain_sliding,
        )
        .with_stores(),
        Endpoint::new(
            "token_refresh_sliding",
            "/api/token/sliding/refresh/",
            token_refresh_sliding,
        )
        .with_stores(),
        Endpoint::new("jwks", "/.well-known/jwks.json", jwks),
        Endpoint::new("token_revoke", "/api/token/revoke/", token_revoke)
            .with_stores()
            .off(),
        Endpoint::new("token_introspect", "/api/token/introspect/", token_introspect)
            .with_stores()
            .off(),
    ]
}
