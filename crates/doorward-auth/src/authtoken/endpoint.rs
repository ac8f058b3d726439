//! `POST /api-token-auth/`: a password becomes an opaque token (`rest_framework.authtoken.views`).

use std::sync::LazyLock;

use axum::response::Response;
use axum::routing::post;
use doorward_core::exceptions::Result;
use doorward_core::extract::RequestContext;
use doorward_core::parsers::Data;
use doorward_core::policy::{GuardedRoute, Policy, RouteExt};
use doorward_core::serializers::{CharField, Serializer, Trim, non_field_error};
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use serde_json::json;

use crate::accounts::credentials::Credentials;
use crate::accounts::{self, credentials};
use crate::authtoken;

/// `AuthTokenSerializer`
static AUTH_TOKEN: LazyLock<Serializer> = LazyLock::new(|| {
    credentials::serializer("username", Trim::No).field("token", CharField::new().read_only())
});

/// The user's opaque token, made on the first call (`ObtainAuthToken`).
///
/// `{"username", "password"}` gives `{"token"}`. Credentials in headers are judged by the default authenticators, as
/// in DRF: bad ones are refused here too.
#[must_use]
pub fn obtain_auth_token() -> GuardedRoute {
    // `parser_classes` of the view has forms first.
    post(answer)
        .policy(Policy::new().permissions([]).throttles([]))
        .describe("Obtain Auth Token", "")
        .takes(&*AUTH_TOKEN)
        .max_body(MAX_CREDENTIALS_BODY)
        .forms_first()
}

async fn answer(request: RequestContext, data: Data) -> Result<Response> {
    let cx = request.context();
    let credentials = Credentials::read(data, "username", &AUTH_TOKEN)?;
    let Credentials { username, password } = &credentials;
    let found = accounts::authenticate_request(&cx, username, password).await?;
    let found = found.ok_or_else(|| non_field_error("Unable to log in with provided credentials."))?;
    let token = authtoken::obtain_auth_token(cx.door(), &found.user).await?;
    accounts::remember_device(&cx);
    Ok(credentials::answer(json!({ "token": token.key.expose() })))
}
