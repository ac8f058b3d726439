//! `POST /api/token/`, `/api/token/sliding/`: a password becomes JSON web tokens.

use std::sync::Arc;

use axum::response::Response;
use axum::routing::post;
use doorward_core::context::Context;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::extract::RequestContext;
use doorward_core::login_limit::Passed;
use doorward_core::parsers::Data;
use doorward_core::policy::{GuardedRoute, RouteExt};
use doorward_core::serializers::{Serializer, Trim, trimmed};
use doorward_core::settings::Settings;
use doorward_core::user::UserRow;
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use doorward_django::secret::Secret;

use super::answers::policy;
use crate::accounts::credentials::{self, Credentials};
use crate::accounts::{self, try_credentials};
use crate::backends::LoginName;
use crate::jwt::cookies::{self, Field, Outgoing};
use crate::jwt::{JwtDoorExt, sliding};

/// `TokenObtainSerializer`: the name stands under the field that users are named by (`user.username_field`).
fn serializer(settings: &Settings) -> Serializer {
    credentials::serializer(settings.user.username_field.clone(), Trim::UnlessBlank)
}

/// A refresh token and an access token for a user name and a password (`TokenObtainPairView`).
#[must_use]
pub fn token_obtain_pair() -> GuardedRoute {
    post(obtain_pair)
        .policy(policy())
        .describe(
            "Token Obtain Pair",
            "Takes a set of user credentials and returns an access and refresh JSON web\n\
         token pair to prove the authentication of those credentials.",
        )
        .takes_of(serializer)
        .max_body(MAX_CREDENTIALS_BODY)
}

async fn obtain_pair(request: RequestContext, data: Data) -> Result<Response> {
    let cx = request.context();
    cookies::admit_login(&cx)?;
    let user = authenticate(&cx, data).await?;
    Ok(credentials::answer(cookies::hand_out(&cx, &user).await?))
}

/// A sliding token for a user name and a password (`TokenObtainSlidingView`).
#[must_use]
pub fn token_obtain_sliding() -> GuardedRoute {
    post(obtain_sliding)
        .policy(policy())
        .describe(
            "Token Obtain Sliding",
            "Takes a set of user credentials and returns a sliding JSON web token to\n\
         prove the authentication of those credentials.",
        )
        .takes_of(serializer)
        .max_body(MAX_CREDENTIALS_BODY)
}

async fn obtain_sliding(request: RequestContext, data: Data) -> Result<Response> {
    let cx = request.context();
    cookies::admit_login(&cx)?;
    let user = authenticate(&cx, data).await?;
    let outgoing = sliding::obtain_for(cx.door(), &user, |token| {
        Outgoing::of_login(&cx, &[(Field::SLIDING, token)])
    });
    Ok(credentials::answer(outgoing.await?.log_in(&cx)))
}

/// The user of the credentials, active (`TokenObtainSerializer.validate`).
async fn authenticate(cx: &Context<'_>, data: Data) -> Result<Arc<UserRow>> {
    let door = cx.door();
    let settings = door.settings();
    let credentials = Credentials::read(data, &settings.user.username_field, &serializer(settings))?;
    let Credentials { username, password } = credentials;
    let found = accounts::attempt(cx, &username, |name| verify(name, password)).await?;
    let found = found.filter(|user| user.is_active || !door.tokens().checks_user_is_active());
    let user = found.ok_or_else(credentials::no_active_account)?;
    accounts::remember_device(cx);
    Ok(user)
}

/// The password as it was sent, and, where that fails, without the white space around it, which is how SimpleJWT
/// reads it (difference 6). It is one attempt all the same.
async fn verify(name: Arc<LoginName>, password: Secret<String>) -> Result<Option<Passed<Arc<UserRow>>>> {
    let short = Secret::new(trimmed(password.expose()).to_owned());
    let is_padded = short.expose() != password.expose();
    let mut found = try_credentials(Arc::clone(&name), password).await?;
    if found.is_none() && is_padded {
        let again = try_credentials(name, short).await;
        found = again.map_err(ApiException::after_refusal)?;
    }
    Ok(found.map(|found| found.map(|found| found.user)))
}
