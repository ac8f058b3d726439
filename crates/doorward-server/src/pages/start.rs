//! `/`: what this server is and where its doors are.

use askama::Template;
use axum::response::Response;
use axum::routing::get;
use doorward::accounts::session_user;
use doorward::endpoints;
use doorward::exceptions::Result;
use doorward::extract::RequestContext;
use doorward::policy::{GuardedRoute, RouteExt};
use doorward::user::UserRow;

use super::page;

/// A page that says who is logged in, with a link to each endpoint that is there.
pub(super) fn start() -> GuardedRoute {
    get(show).page()
}

async fn show(request: RequestContext) -> Result<Response> {
    let cx = request.context();
    let settings = cx.door().settings();
    let user = session_user(cx.session()).await?.filter(|user| user.is_active);
    let doors = DOORS.iter().filter_map(|(name, usual, method, text)| {
        let path = match NO_API.contains(name) {
            true => endpoints::path(&settings.urls, name, usual)?,
            false => endpoints::api_path(settings, name, usual)?,
        };
        Some(Door { path, method, text })
    });
    page(&StartTemplate {
        doors: doors.collect(),
        // Who is not logged in gets no cookie here.
        token: user.as_ref().map(|_| cx.csrf().token()).unwrap_or_default(),
        user: user.as_deref(),
        login: endpoints::path(&settings.urls, "login", "/api-auth/login/"),
        logout: endpoints::path(&settings.urls, "logout", "/api-auth/logout/"),
        here: cx.uri().path(),
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Pages and probes, which `rest.trailing_slash` leaves alone.
const NO_API: [&str; 3] = ["admin", "login", "readyz"];

/// The endpoints that people look for first: name, usual path, method, and what it does.
const DOORS: [(&str, &str, &str, &str); 9] = [
    ("admin", "/admin/", "GET", "The admin site, for staff."),
    (
        "login",
        "/api-auth/login/",
        "GET",
        "Log in with a form, and get a session.",
    ),
    (
        "profile",
        "/api/profile/",
        "GET",
        "Who is calling, under every authenticator.",
    ),
    (
        "obtain_auth_token",
        "/api-token-auth/",
        "POST",
        "A password becomes an opaque token.",
    ),
    (
        "token_obtain_pair",
        "/api/token/",
        "POST",
        "A password becomes two JSON web tokens.",
    ),
    (
        "token_refresh",
        "/api/token/refresh/",
        "POST",
        "A refresh token becomes an access token.",
    ),
    (
        "token_verify",
        "/api/token/verify/",
        "POST",
        "Whether a JSON web token is good.",
    ),
    (
        "token_blacklist",
        "/api/token/blacklist/",
        "POST",
        "Takes a refresh token back.",
    ),
    ("readyz", "/readyz", "GET", "Whether this server can answer."),
];

struct Door<'a> {
    path: &'a str,
    method: &'a str,
    text: &'a str,
}

#[derive(Template)]
#[template(path = "start.html")]
struct StartTemplate<'a> {
    doors: Vec<Door<'a>>,
    user: Option<&'a UserRow>,
    login: Option<&'a str>,
    logout: Option<&'a str>,
    here: &'a str,
    token: String,
    version: &'a str,
}
