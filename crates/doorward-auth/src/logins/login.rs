//! `/api-auth/login/`: a password becomes a session (`django.contrib.auth.views.LoginView`).

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use axum::routing::get;
use doorward_core::context::Context;
use doorward_core::exceptions::Result;
use doorward_core::extract::RequestContext;
use doorward_core::parsers::{self, Data, FormData};
use doorward_core::policy::{GuardedRoute, RouteExt};
use doorward_core::renderers::Json;
use doorward_core::serializers::{Serializer, Trim, non_field_error};
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use http::StatusCode;
use serde_json::json;

use super::answers;
use super::login_page::LoginPage;
use crate::accounts;
use crate::accounts::credentials::{self, Credentials};

/// `{"username", "password"}`
static LOGIN: LazyLock<Serializer> = LazyLock::new(|| credentials::serializer("username", Trim::No));

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
    parsers::is_json(cx.headers())
}

async fn log_in(cx: &Context<'_>, data: Data) -> Result<Response> {
    let credentials = Credentials::read(data, "username", &LOGIN)?;
    let found = accounts::authenticate_request(cx, &credentials.username, &credentials.password).await?;
    let found = found.filter(|found| found.user.is_active);
    let found = found.ok_or_else(|| non_field_error("Unable to log in with provided credentials."))?;
    let user = &found.user;
    let profile = Json(json!({ "username": user.username, "email": user.email }));
    let answer = answers::never_cached(profile.into_response(), cx.now());
    accounts::login_with_backend(cx.session(), cx.csrf(), &found).await?;
    accounts::remember_device(cx);
    Ok(answer)
}
