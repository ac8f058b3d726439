//! `POST /api/token/refresh/`, `/api/token/sliding/refresh/`: a token becomes a newer one.

use axum::response::Response;
use axum::routing::post;
use doorward_core::exceptions::Result;
use doorward_core::extract::RequestContext;
use doorward_core::parsers::Data;
use doorward_core::policy::{GuardedRoute, RouteExt};
use doorward_core::serializers::CharField;
use doorward_django::bounds::MAX_CREDENTIALS_BODY;

use super::answers::policy;
use crate::accounts::credentials;
use crate::jwt::cookies::{self, Carried, Field, Outgoing, Presented};
use crate::jwt::{Client, rotation, sliding};

/// An access token, and with rotation a new refresh token, for a refresh token (`TokenRefreshView`).
#[must_use]
pub fn token_refresh() -> GuardedRoute {
    post(refresh)
        .policy(policy())
        .describe(
            "Token Refresh",
            "Takes a refresh type JSON web token and returns an access type JSON web\n\
         token if the refresh token is valid.",
        )
        .takes(cookies::serializer("refresh").field("access", CharField::new().read_only()))
        .max_body(MAX_CREDENTIALS_BODY)
}

async fn refresh(request: RequestContext, data: Data) -> Result<Response> {
    let cx = request.context();
    let Presented { token, carrier } = cookies::present(&cx, data, "refresh", &[Carried::Refresh])?;
    let client = Client::of(&cx);
    let outgoing = rotation::refresh_for(cx.door(), &token, &client, |access, refresh| {
        Outgoing::of_refresh(&cx, carrier, access, refresh)
    });
    Ok(credentials::answer(outgoing.await?.renew(&cx)))
}

/// A sliding token with a new expiry for a sliding token (`TokenRefreshSlidingView`).
#[must_use]
pub fn token_refresh_sliding() -> GuardedRoute {
    post(refresh_sliding)
        .policy(policy())
        .describe(
            "Token Refresh Sliding",
            "Takes a sliding JSON web token and returns a new, refreshed version if the\n\
         token's refresh period has not expired.",
        )
        .takes(cookies::serializer("token"))
        .max_body(MAX_CREDENTIALS_BODY)
}

async fn refresh_sliding(request: RequestContext, data: Data) -> Result<Response> {
    let cx = request.context();
    let Presented { token, carrier } = cookies::present(&cx, data, "token", &[Carried::Access])?;
    let token = sliding::renew(cx.door(), &token).await?;
    let outgoing = Outgoing::new(&cx, carrier, &[(Field::SLIDING, &token)])?;
    Ok(credentials::answer(outgoing.renew(&cx)))
}
