//! `POST /api/token/blacklist/`: a refresh token is taken back.

use axum::Json;
use axum::routing::post;
use doorward_core::context::Context;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::extract::RequestContext;
use doorward_core::parsers::Data;
use doorward_core::policy::{GuardedRoute, RouteExt};
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use doorward_django::secret::Secret;
use serde_json::{Value, json};

use super::answers::policy;
use crate::jwt::cookies::{self, Carrier, Presented};
use crate::jwt::{blacklist, revocation};

/// `{}` once the refresh token is taken back (`TokenBlacklistView`). With a token from its cookie, refresh or sliding, it
/// is the logout: the cookies are removed, also those that are worth nothing.
#[must_use]
pub fn token_blacklist() -> GuardedRoute {
    post(answer)
        .policy(policy())
        .describe(
            "Token Blacklist",
            "Takes a token and blacklists it. Must be used with the\n\
         `rest_framework_simplejwt.token_blacklist` app installed.",
        )
        .takes(cookies::serializer("refresh"))
        .max_body(MAX_CREDENTIALS_BODY)
}

async fn answer(request: RequestContext, data: Data) -> Result<Json<Value>> {
    let cx = request.context();
    let Presented { token, carrier } = cookies::present_at_logout(&cx, data, "refresh")?;
    match carrier {
        Carrier::Body => blacklist::blacklist(cx.door(), &token).await?,
        Carrier::Cookie => log_out(&cx, &token).await?,
    }
    Ok(Json(json!({})))
}

/// The cookie is needed once more where the token could not be taken back. One that was worth nothing goes.
async fn log_out(cx: &Context<'_>, token: &Secret<String>) -> Result {
    let done = revocation::log_out(cx.door(), token).await;
    let is_to_be_tried_again = |refused: &ApiException| refused.status().is_server_error();
    if !done.as_ref().is_err_and(is_to_be_tried_again) {
        cookies::delete(cx);
    }
    done
}
