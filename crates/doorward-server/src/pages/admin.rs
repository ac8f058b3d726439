//! `/admin/`: the login page for staff, then who is logged in (`django.contrib.admin.sites.AdminSite`).

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use axum::routing::get;
use doorward::Context;
use doorward::accounts::session_user;
use doorward::django::bounds::MAX_CREDENTIALS_BODY;
use doorward::endpoints::{self, Audience, LoginPage};
use doorward::exceptions::Result;
use doorward::extract::RequestContext;
use doorward::parsers::Data;
use doorward::policy::{GuardedRoute, RouteExt};
use doorward::user::UserRow;

use super::page;

/// After the login the browser comes back to this very page.
const LOGIN: LoginPage = LoginPage {
    title: "Administration",
    redirect: Some("./"),
    audience: Audience::Staff,
};

/// The form for those who are not staff, a greeting for those who are.
pub(super) fn admin() -> GuardedRoute {
    get(show).post(submit).page().max_body(MAX_CREDENTIALS_BODY)
}

async fn show(request: RequestContext) -> Result<Response> {
    let cx = request.context();
    match session_user(cx.session()).await?.filter(|user| user.is_staff) {
        Some(user) => index(&cx, &user),
        None => LOGIN.show(&cx),
    }
}

async fn submit(request: RequestContext, form: Data) -> Result<Response> {
    LOGIN.submit(&request.context(), form).await
}

fn index(cx: &Context<'_>, user: &Arc<UserRow>) -> Result<Response> {
    let settings = cx.door().settings();
    page(&AdminTemplate {
        username: &user.username,
        email: &user.email,
        rank: if user.is_superuser { "superuser" } else { "staff" },
        last_login: user.last_login.map(|time| time.to_iso()),
        logout: endpoints::path(&settings.urls, "logout", "/api-auth/logout/"),
        here: cx.uri().path(),
        token: cx.csrf().token(),
    })
}

#[derive(Template)]
#[template(path = "admin.html")]
struct AdminTemplate<'a> {
    username: &'a str,
    email: &'a str,
    rank: &'a str,
    last_login: Option<String>,
    logout: Option<&'a str>,
    here: &'a str,
    token: String,
}
