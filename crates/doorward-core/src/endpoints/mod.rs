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
pub(crate) use urls::check;
pub use urls::{check_places, path};

/// The style sheet of the pages that come with Doorward. It stands inside of them, and `security.content_security_policy`
/// names it by its hash.
pub const PAGE_STYLE: &str = include_str!("../../templates/page.css");

use crate::door::Door;
use crate::policy::GuardedRoute;
use crate::router::Router;
use crate::tokens::cookies::{TOKEN_BLACKLIST, TOKEN_REFRESH};

/// An endpoint.
struct Endpoint {
    /// Its key in `[urls]`.
    name: &'static str,
    /// Its usual path.
    usual: &'static str,
    route: fn() -> GuardedRoute,
    needs: Needs,
}

/// What a door must have to serve an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// Keys: any door has them.
    Keys,
    /// Users, and what is kept of them.
    Stores,
    /// Stores, and a way to send letters: without them no password can be reset.
    Letters,
}

const fn endpoint(
    name: &'static str,
    usual: &'static str,
    route: fn() -> GuardedRoute,
    needs: Needs,
) -> Endpoint {
    Endpoint {
        name,
        usual,
        route,
        needs,
    }
}

#[rustfmt::skip]
const ENDPOINTS: &[Endpoint] = &[
    endpoint("obtain_auth_token", "/api-token-auth/", obtain_auth_token, Needs::Stores),
    endpoint("token_obtain_pair", "/api/token/", token_obtain_pair, Needs::Stores),
    endpoint(TOKEN_REFRESH.0, TOKEN_REFRESH.1, token_refresh, Needs::Stores),
    endpoint("token_verify", "/api/token/verify/", token_verify, Needs::Keys),
    endpoint(TOKEN_BLACKLIST.0, TOKEN_BLACKLIST.1, token_blacklist, Needs::Stores),
    endpoint("token_revoke_all", "/api/token/revoke-all/", token_revoke_all, Needs::Stores),
    endpoint("token_obtain_sliding", "/api/token/sliding/", token_obtain_sliding, Needs::Stores),
    endpoint("token_refresh_sliding", "/api/token/sliding/refresh/", token_refresh_sliding, Needs::Stores),
    endpoint("profile", "/api/profile/", profile, Needs::Keys),
    endpoint("password_change", "/api/password/change/", password_change, Needs::Stores),
    endpoint("password_reset", "/api/password/reset/", password_reset, Needs::Letters),
    endpoint("password_reset_confirm", "/api/password/reset/confirm/", password_reset_confirm, Needs::Letters),
    endpoint("login", "/api-auth/login/", login, Needs::Stores),
    endpoint("logout", "/api-auth/logout/", logout, Needs::Stores),
    endpoint("jwks", "/.well-known/jwks.json", jwks, Needs::Keys),
];

/// Endpoints for other services: each is off unless `[urls]` switches it on or names a path.
#[rustfmt::skip]
const FOR_SERVICES: &[Endpoint] = &[
    endpoint("token_revoke", "/api/token/revoke/", token_revoke, Needs::Stores),
    endpoint("token_introspect", "/api/token/introspect/", token_introspect, Needs::Stores),
];

impl Door {
    /// The endpoints of the settings: obtain, refresh, verify, blacklist, login, logout; then those of apps.
    #[must_use]
    pub fn endpoints(&self) -> Router {
        let urls = &self.settings().urls;
        let own = urls::placed(urls)
            .filter(|(endpoint, _)| can_serve(self, endpoint.needs))
            .fold(self.router(), |router, (endpoint, path)| {
                router.route(path, (endpoint.route)())
            });
        let of_apps = self.installed_endpoints().iter();
        of_apps.fold(own, |router, endpoint| {
            match path(urls, endpoint.name, endpoint.usual) {
                Some(path) => router.route(path, (endpoint.route)()),
                None => router,
            }
        })
    }
}

fn can_serve(door: &Door, needs: Needs) -> bool {
    match needs {
        Needs::Keys => true,
        Needs::Stores => !door.is_stateless(),
        Needs::Letters => {
            let office = door.post_office();
            let sends = office.mailer().is_some() && office.reset_url().is_some();
            !door.is_stateless() && sends
        }
    }
}
