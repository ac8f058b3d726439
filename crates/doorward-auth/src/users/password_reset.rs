//! `POST /api/password/reset/`, `/api/password/reset/confirm/`: for who has forgotten a password
//! (`django.contrib.auth.views.PasswordResetView`, `PasswordResetConfirmView`).

use std::sync::LazyLock;
use std::time::Duration;

use axum::response::Response;
use axum::routing::post;
use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::extract::RequestContext;
use doorward_core::parsers::Data;
use doorward_core::policy::{GuardedRoute, Policy, RouteExt};
use doorward_core::serializers::{CharField, Completeness, Serializer, Trim};
use doorward_core::throttling::{Allowance, ClientRateThrottle, simple_rate};
use doorward_django::bounds::{self, MAX_CREDENTIALS_BODY, MAX_EMAIL};
use doorward_django::emails::validate_email;
use doorward_django::usernames::unicode_ci_fold;
use serde_json::json;

use super::password_change::refused;
use crate::accounts::{self, PasswordReset, credentials};
use crate::mail::{Outbox, outbox};

/// The scope that counts who asks, and who tries links, by address.
const BY_CLIENT: &str = "password_reset";
/// The scope that counts the e-mails that are asked for one e-mail address.
const BY_EMAIL: &str = "password_reset_email";

const SENT: &str = "Password reset e-mail has been sent.";
const INVALID_LINK: &str = "The password reset link was invalid, possibly because it has already been used. Please \
                            request a new password reset.";
const DONE: &str = "Password has been reset with the new password.";

/// Sends a link to who has that address: `{"email"}`.
///
/// The answer, and the time it takes, is the same whether anybody has it: who does is found out afterwards. Two scopes
/// have rates of their own unless the settings name others: `password_reset` counts addresses of clients, and
/// `password_reset_email` the e-mail addresses they name, whether anybody has them or not.
#[must_use]
pub fn password_reset() -> GuardedRoute {
    post(request)
        .policy(Policy::open())
        .throttle_before_authentication(ClientRateThrottle::scope(BY_CLIENT))
        .describe("Password Reset", "Sends a link for choosing a new password.")
        .max_body(MAX_CREDENTIALS_BODY)
}

async fn request(request: RequestContext, data: Data) -> Result<Response> {
    let email = email(data)?;
    validate_email(&email).map_err(|errors| refused("email", &errors))?;
    let cx = request.context();
    if let Allowance::Throttled { wait } = simple_rate(&cx, BY_EMAIL, &unicode_ci_fold(&email)).await? {
        return Err(ApiException::throttled(wait));
    }
    send_later(cx.door(), email)?;
    Ok(credentials::answer(json!({ "detail": SENT })))
}

/// `{"email"}`; the form of the address is judged within its bounds, by `validate_email`.
static EMAIL: LazyLock<Serializer> = LazyLock::new(|| Serializer::new().field("email", CharField::new()));

/// The address, and nothing else of the data. Of what is too long to be one not even its form is looked at.
fn email(data: Data) -> Result<String> {
    let mut validated = EMAIL.run(&data, Completeness::Whole)?;
    drop(data);
    let email = validated.take_text("email").unwrap_or_default();
    match bounds::has_at_most(&email, MAX_EMAIL) {
        true => Ok(email),
        false => Err(ApiException::validation_error(
            json!({ "email": [too_long(&email)] }),
        )),
    }
}

/// `django.core.validators.MaxLengthValidator`.
fn too_long(email: &str) -> String {
    let length = email.chars().count();
    format!("Ensure this value has at most {MAX_EMAIL} characters (it has {length}).")
}

/// Nobody waits for the e-mail; where too many are on their way, everybody is told so.
fn send_later(door: &Door, email: String) -> Result {
    let Some(place) = outbox(door).and_then(Outbox::place) else {
        return Err(ApiException::service_unavailable(Duration::from_secs(5)));
    };
    let door = door.clone();
    tokio::spawn(async move {
        if let Err(error) = accounts::send_password_reset(&door, &email).await {
            tracing::error!(error.cause = %error, "a password reset was asked for and not sent");
        }
        drop(place);
    });
    Ok(())
}

/// Sets a new password by the link's two parts: `{"uid", "token", "new_password"}`.
#[must_use]
pub fn password_reset_confirm() -> GuardedRoute {
    post(confirm)
        .policy(Policy::open())
        .throttle_before_authentication(ClientRateThrottle::scope(BY_CLIENT))
        .describe(
            "Password Reset Confirm",
            "Sets a new password by a link that was sent.",
        )
        .max_body(MAX_CREDENTIALS_BODY)
}

/// `{"uid", "token", "new_password"}`
static LINK: LazyLock<Serializer> = LazyLock::new(|| {
    Serializer::new()
        .field("uid", CharField::new())
        .field("token", CharField::new())
        .field("new_password", CharField::new().trim_whitespace(Trim::No))
});

/// The two parts of a link and a new password, and nothing else of the data.
fn link(data: Data) -> Result<[String; 3]> {
    let mut validated = LINK.run(&data, Completeness::Whole)?;
    drop(data);
    Ok(["uid", "token", "new_password"].map(|name| validated.take_text(name).unwrap_or_default()))
}

async fn confirm(request: RequestContext, data: Data) -> Result<Response> {
    let [uid, token, password] = link(data)?;
    let door = request.context().door();
    match accounts::reset_password(door, &uid, &token, &credentials::password(password)).await? {
        PasswordReset::Done(_) => Ok(credentials::answer(json!({ "detail": DONE }))),
        PasswordReset::InvalidLink => Err(ApiException::validation_error(json!({ "token": [INVALID_LINK] }))),
        PasswordReset::Refused(errors) => Err(refused("new_password", &errors)),
    }
}
