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

mod answers;
mod credentials;
mod jwks;
mod login;
mod login_page;
mod logout;
mod obtain_auth_token;
mod password_change;
mod password_reset;
mod profile;
mod token_answers;
mod token_blacklist;
mod token_introspect;
mod token_obtain;
mod token_refresh;
mod token_revoke;
mod token_revoke_all;
mod token_verify;
mod urls;

pub use jwks::jwks;
pub use login::login;
pub use login_page::{Audience, LoginPage};
pub use logout::logout;
pub use obtain_auth_token::obtain_auth_token;
pub use password_change::password_change;
pub use password_reset::{password_reset, password_reset_confirm};
pub use profile::profile;
pub use token_blacklist::token_blacklist;
pub use token_introspect::token_introspect;
pub use token_obtain::{token_obtain_pair, token_obtain_sliding};
pub use token_refresh::{token_refresh, token_refresh_sliding};
pub use token_revoke::token_revoke;
pub use token_revoke_all::token_revoke_all;
pub use token_verify::token_verify;
pub use urls::path;
pub(crate) use urls::{check, place};

/// The style sheet of the pages that come with Doorward. It stands inside of them, and `security.content_security_policy`
/// names it by its hash.
pub const PAGE_STYLE: &str = include_str!("../../templates/page.css");

use crate::door::Door;
use crate::policy::GuardedRoute;
use crate::router::Router;

/// An endpoint: its key in `[urls]`, its usual path, and what makes its route.
type Endpoint = (&'static str, &'static str, fn() -> GuardedRoute);

const ENDPOINTS: &[Endpoint] = &[
    ("obtain_auth_token", "/api-token-auth/", obtain_auth_token),
    ("token_obtain_pair", "/api/token/", token_obtain_pair),
    ("token_refresh", "/api/token/refresh/", token_refresh),
    ("token_verify", "/api/token/verify/", token_verify),
    ("token_blacklist", "/api/token/blacklist/", token_blacklist),
    ("token_revoke_all", "/api/token/revoke-all/", token_revoke_all),
    (
        "token_obtain_sliding",
        "/api/token/sliding/",
        token_obtain_sliding,
    ),
    (
        "token_refresh_sliding",
        "/api/token/sliding/refresh/",
        token_refresh_sliding,
    ),
    ("profile", "/api/profile/", profile),
    ("password_change", "/api/password/change/", password_change),
    ("password_reset", "/api/password/reset/", password_reset),
    (
        "password_reset_confirm",
        "/api/password/reset/confirm/",
        password_reset_confirm,
    ),
    ("login", "/api-auth/login/", login),
    ("logout", "/api-auth/logout/", logout),
    ("jwks", "/.well-known/jwks.json", jwks),
];

/// Endpoints for other services: each is off unless `[urls]` switches it on or names a path.
const FOR_SERVICES: &[Endpoint] = &[
    ("token_revoke", "/api/token/revoke/", token_revoke),
    ("token_introspect", "/api/token/introspect/", token_introspect),
];

/// What a door that only verifies tokens has.
const WITHOUT_STORES: [&str; 3] = ["token_verify", "profile", "jwks"];

/// The endpoints, where the settings want them.
pub(crate) fn router(door: &Door) -> Router {
    let urls = &door.settings().urls;
    let usual = ENDPOINTS
        .iter()
        .filter(|(name, ..)| !door.is_stateless() || WITHOUT_STORES.contains(name))
        .filter(|(name, ..)| can_serve(door, name))
        .filter_map(|(name, usual, route)| Some((path(urls, name, usual)?, route)));
    let asked_for = FOR_SERVICES
        .iter()
        .filter(|_| !door.is_stateless())
        .filter_map(|(name, usual, route)| Some((urls::path_if_named(urls, name, usual)?, route)));
    usual
        .chain(asked_for)
        .fold(door.router(), |router, (path, route)| router.route(path, route()))
}

/// Without letters no password can be reset.
fn can_serve(door: &Door, name: &str) -> bool {
    let sends_letters = door.post_office().mailer().is_some() && door.settings().mail.reset_url.is_some();
    !name.starts_with("password_reset") || sends_letters
}
