//! `POST /api/token/blacklist/`: a refresh token is taken back.

use axum::Json;
use axum::routing::post;
use serde_json::{Value, json};

use super::token_answers::policy;
use crate::exceptions::Result;
use crate::extract::RequestContext;
use crate::metadata::FieldInfo;
use crate::parsers::Data;
use crate::policy::{GuardedRoute, RouteExt};
use crate::tokens::blacklist;
use crate::tokens::cookies::{self, Carried, Carrier};

const FIELDS: [FieldInfo; 1] = [FieldInfo::required("refresh", "Refresh")];

/// `{}` once the refresh token is taken back (`TokenBlacklistView`). With a token from its cookie it is the logout: the
/// cookies are removed.
#[must_use]
pub fn token_blacklist() -> GuardedRoute {
    post(answer)
        .policy(policy())
        .describe(
            "Token Blacklist",
            "Takes a token and blacklists it. Must be used with the\n\
         `rest_framework_simplejwt.token_blacklist` app installed.",
        )
        .takes(&FIELDS)
}

async fn answer(request: RequestContext, data: Data) -> Result<Json<Value>> {
    let cx = request.context();
    let presented = cookies::present(&cx, &data, "refresh", &[Carried::Refresh])?;
    let done = blacklist::blacklist(cx.door(), &presented.token).await;
    if presented.carrier == Carrier::Cookie && !is_to_be_tried_again(&done) {
        cookies::delete(&cx);
    }
    done.map(|()| Json(json!({})))
}

/// The cookie is needed once more where the token could not be taken back. One that was worth nothing goes.
fn is_to_be_tried_again(done: &Result) -> bool {
    done.as_ref()
        .is_err_and(|refused| refused.status().is_server_error())
}
