//! `POST /api/password/change/`: the old password and a new one (`django.contrib.auth.views.PasswordChangeView`).

use std::error::Error;
use std::sync::{Arc, LazyLock};

use axum::response::Response;
use axum::routing::post;
use doorward_core::context::Context;
use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::extract::RequestContext;
use doorward_core::identity::Auth;
use doorward_core::parsers::Data;
use doorward_core::permissions::IsAuthenticated;
use doorward_core::policy::{GuardedRoute, RouteExt};
use doorward_core::serializers::{CharField, Completeness, Serializer, Trim};
use doorward_core::user::{User, UserId, UserRow};
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use doorward_django::passwords::validators::ValidationError;
use doorward_django::secret::Secret;
use serde_json::{Map, Value, json};
use tracing::field::display;

use crate::accounts::credentials::{self, password};
use crate::accounts::{self, PasswordChange};
use crate::jwt::{JwtDoorExt, cookies};

const WRONG: &str = "Your old password was entered incorrectly. Please enter it again.";

/// Changes the caller's password: `{"old_password", "new_password"}`.
///
/// Every session of the user ends but the one that asks. Credentials are judged by the default authenticators.
#[must_use]
pub fn password_change() -> GuardedRoute {
    post(answer)
        .policy(IsAuthenticated)
        .describe("Password Change", "Changes the password of the caller.")
        .max_body(MAX_CREDENTIALS_BODY)
}

async fn answer(request: RequestContext, user: User, data: Data) -> Result<Response> {
    let cx = request.context();
    let [old, new] = passwords(data)?;
    let user = row(&cx, &user).await?;
    let judged = accounts::validate_password(&new, (&*user).into(), cx.door()).await?;
    judged.map_err(|errors| refused("new_password", &errors))?;
    let change = change(cx.door().clone(), user.id.clone(), old, new);
    let changed = accounts::count(&cx, &user, change).await?;
    let user = changed.ok_or_else(|| ApiException::validation_error(json!({ "old_password": [WRONG] })))?;
    accounts::remember_device(&cx);
    if matches!(cx.identity().map(|identity| &identity.auth), Some(Auth::Session)) {
        keep_session(&cx, &user).await;
    }
    if cx.door().tokens().fall_with_password() {
        cookies::delete(&cx);
    }
    Ok(credentials::answer(
        json!({ "detail": "New password has been saved." }),
    ))
}

/// The password is another one by now, whatever becomes of the session: where it cannot be kept, its user logs in again.
async fn keep_session(cx: &Context<'_>, user: &UserRow) {
    let Err(error) = accounts::update_session_auth_hash(cx.session(), user).await else {
        return;
    };
    cx.session().forget_changes().await;
    let cause = error.source().map(display);
    tracing::warn!(user.id = %user.id, error.cause = cause, "a session ends with the password that its user changed");
}

/// `{"old_password", "new_password"}`
static PASSWORDS: LazyLock<Serializer> = LazyLock::new(|| {
    let password = || CharField::new().trim_whitespace(Trim::No);
    Serializer::new()
        .field("old_password", password())
        .field("new_password", password())
});

/// The old password and the new one, and nothing else of the data.
fn passwords(data: Data) -> Result<[Secret<String>; 2]> {
    let mut validated = PASSWORDS.run(&data, Completeness::Whole)?;
    drop(data);
    let text = |name| validated.take_text(name).unwrap_or_default();
    Ok(["old_password", "new_password"].map(text).map(password))
}

/// The user as it is afterwards; `None` where the old password is wrong, which is an attempt that failed.
async fn change(
    door: Door,
    user: UserId,
    old: Secret<String>,
    new: Secret<String>,
) -> Result<Option<Arc<UserRow>>> {
    match accounts::change_password(&door, &user, &old, &new).await? {
        PasswordChange::Done(user) => Ok(Some(user)),
        PasswordChange::WrongPassword => Ok(None),
    }
}

/// The caller's row: what a stateless token says of its bearer is not what failed attempts are counted by, and who is no
/// row of the table has no password to change.
async fn row(cx: &Context<'_>, user: &User) -> Result<Arc<UserRow>> {
    let users = &cx.door().stores().users;
    let id = users.parse_id(&user.id().to_string());
    let id = id.ok_or_else(ApiException::permission_denied)?;
    let row = users.by_id(&id).await?;
    row.ok_or_else(ApiException::permission_denied)
}

/// 400 with every sentence for that field.
pub(super) fn refused(field: &str, errors: &[ValidationError]) -> ApiException {
    let sentences: Vec<Value> = errors.iter().map(|error| error.message.as_str().into()).collect();
    let fields = Map::from_iter([(field.to_owned(), sentences.into())]);
    ApiException::validation_error(fields)
}
