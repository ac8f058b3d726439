//! `/api-auth/login/`: a password becomes a session (`django.contrib.auth.views.LoginView`).

use axum::response::{IntoResponse, Response};
use axum::routing::get;
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::json;

use super::answers;
use super::login_page::LoginPage;
use crate::accounts::{self, credentials::Credentials};
use crate::context::Context;
use crate::exceptions::Result;
use crate::extract::RequestContext;
use crate::fields::{self, CharField};
use crate::parsers::{Data, FormData, MediaType};
use crate::policy::{GuardedRoute, RouteExt};
use crate::renderers::Json;

/// A form for browsers; with a JSON body it answers 200 `{"username", "email"}`, or 400 with what is wrong.
///
/// Either way a CSRF token is needed, and the session comes as a cookie.
#[must_use]
pub fn login() -> GuardedRoute {
    get(show).post(submit).page().max_body(MAX_CREDENTIALS_BODY)
}

async fn show(request: RequestContext) -> Result<Response> {
    LoginPage::default().show(&request.context())
}

async fn submit(request: RequestContext, data: Result<Data>) -> Result<Response> {
    let cx = request.context();
    let data = match data {
        Err(refusal) if refusal.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE => no_fields(),
        read => read?,
    };
    match is_json(&cx) {
        true => log_in(&cx, data).await,
        false => LoginPage::default().submit(&cx, data).await,
    }
}

/// What Django's `request.POST` is where the body is no form.
fn no_fields() -> Data {
    Data::Form(FormData::default())
}

/// Whether a script speaks, which wants no page.
pub(super) fn is_json(cx: &Context<'_>) -> bool {
    let content_type = cx.headers().get(CONTENT_TYPE);
    content_type
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| MediaType::parse(text).is_json())
}

async fn log_in(cx: &Context<'_>, data: Data) -> Result<Response> {
    let credentials = Credentials::read(
        data,
        CharField::trimmed("username"),
        CharField::verbatim("password"),
    )?;
    let found = accounts::authenticate_request(cx, &credentials.username, &credentials.password).await?;
    let found = found.filter(|found| found.user.is_active);
    let found =
        found.ok_or_else(|| fields::non_field_error("Unable to log in with provided credentials."))?;
    let user = &found.user;
    let profile = Json(json!({ "username": user.username, "email": user.email }));
    let answer = answers::never_cached(profile.into_response(), cx.now());
    accounts::login_with_backend(cx.session(), cx.csrf(), &found).await?;
    accounts::remember_device(cx);
    Ok(answer)
}
