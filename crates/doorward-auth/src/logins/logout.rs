//! `/api-auth/logout/`: the end of a session (`django.contrib.auth.views.LogoutView`).

use askama::Template;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use doorward_core::app::path;
use doorward_core::context::Context;
use doorward_core::exceptions::Result;
use doorward_core::extract::RequestContext;
use doorward_core::parsers::Data;
use doorward_core::policy::{GuardedRoute, RouteExt};
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use http::StatusCode;

use super::login::is_json;
use super::{Logins, answers};
use crate::accounts;

/// Logs out by POST, with a CSRF token: on to a safe `next` or to `session.logout_redirect`, or else a page; with a JSON
/// body 204. A browser that comes by GET is shown the button.
#[must_use]
pub fn logout() -> GuardedRoute {
    post(submit).page().inviting(ask).max_body(MAX_CREDENTIALS_BODY)
}

fn ask(cx: &Context<'_>) -> Result<Response> {
    let page = answers::page(
        "Log out",
        &LogOut {
            action: cx.uri().path(),
            token: &cx.csrf().token(),
            next: &answers::next(cx, None).unwrap_or_default(),
        },
    )?;
    Ok(answers::never_cached(page, cx.now()))
}

/// Nobody is kept from logging out by a body that makes no sense.
async fn submit(request: RequestContext, data: Result<Data>) -> Result<Response> {
    let cx = request.context();
    let next = answers::next(&cx, data.ok().as_ref());
    let response = match is_json(&cx) {
        true => StatusCode::NO_CONTENT.into_response(),
        false => leave(&cx, next)?,
    };
    accounts::logout(cx.session()).await?;
    Ok(answers::never_cached(response, cx.now()))
}

/// On to another address; the page where that would be this one.
fn leave(cx: &Context<'_>, next: Option<String>) -> Result<Response> {
    let here = cx.uri();
    let usual = cx.door().app::<Logins>().logout_redirect.as_deref();
    let target = next.unwrap_or_else(|| usual.unwrap_or(here.path()).to_owned());
    if here.path_and_query().is_none_or(|here| here.as_str() != target) {
        return answers::redirect(&target);
    }
    answers::page(
        "Logged out",
        &LoggedOut {
            login_url: path(&cx.door().settings().urls, "login", "/api-auth/login/"),
        },
    )
}

#[derive(Template)]
#[template(path = "log_out.html")]
struct LogOut<'a> {
    action: &'a str,
    token: &'a str,
    next: &'a str,
}

#[derive(Template)]
#[template(path = "logged_out.html")]
struct LoggedOut<'a> {
    login_url: Option<&'a str>,
}
