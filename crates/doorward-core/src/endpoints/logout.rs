//! `/api-auth/logout/`: the end of a session (`django.contrib.auth.views.LogoutView`).

use askama::Template;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::StatusCode;

use super::login::is_json;
use super::{answers, urls};
use crate::accounts;
use crate::context::Context;
use crate::exceptions::Result;
use crate::extract::RequestContext;
use crate::parsers::Data;
use crate::policy::{GuardedRoute, RouteExt};

/// Logs out by POST, with a CSRF token: a page, or on to a safe `next`; with a JSON body 204.
#[must_use]
pub fn logout() -> GuardedRoute {
    post(submit).page()
}

/// Nobody is kept from logging out by a body that makes no sense.
async fn submit(request: RequestContext, data: Result<Data>) -> Result<Response> {
    let cx = request.context();
    accounts::logout(cx.session()).await?;
    let response = match is_json(&cx) {
        true => StatusCode::NO_CONTENT.into_response(),
        false => leave(&cx, data.ok().as_ref())?,
    };
    Ok(answers::never_cached(response, cx.now()))
}

/// On to another address; the page where that would be this one.
fn leave(cx: &Context<'_>, form: Option<&Data>) -> Result<Response> {
    let here = cx.uri();
    let target = answers::next(cx, form).unwrap_or_else(|| here.path().to_owned());
    if here.path_and_query().is_none_or(|here| here.as_str() != target) {
        return answers::redirect(&target);
    }
    answers::page(&LoggedOut {
        login_url: urls::path(&cx.door().settings().urls, "login", "/api-auth/login/"),
    })
}

#[derive(Template)]
#[template(path = "logged_out.html")]
struct LoggedOut<'a> {
    login_url: Option<&'a str>,
}
