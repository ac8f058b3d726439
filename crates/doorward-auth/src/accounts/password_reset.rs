//! [`send_password_reset`], [`reset_password`]: a new password for who has forgotten the old one
//! (`django.contrib.auth.forms.PasswordResetForm`, `.views.PasswordResetConfirmView`).

use std::sync::Arc;

use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::stores::UserField;
use doorward_core::user::UserRow;
use doorward_django::passwords::is_password_usable;
use doorward_django::passwords::validators::ValidationError;
use doorward_django::reset_token::{self, ResetUser, encode_uid};
use doorward_django::secret::Secret;
use doorward_django::usernames::unicode_ci_eq;

use super::passwords::{PasswordRules, replace_password};
use super::validate_password;
use crate::mail::{EmailMessage, Outbox, outbox};

/// Sends a link to every active user of that address who has a password; nothing, where there is none. It takes as
/// long as the e-mails do: whoever answers a client does not wait for it, or its time tells who has an account.
///
/// An e-mail that cannot be sent is tried again for some fifty minutes, while the process lives; then it is a line in the
/// log.
///
/// # Errors
/// What the store says.
pub async fn send_password_reset(door: &Door, email: &str) -> Result {
    let Some((outbox, mailer, template)) = outbox(door).and_then(Outbox::for_links) else {
        tracing::warn!("no password can be reset without mail.url and mail.reset_url");
        return Ok(());
    };
    for user in users(door, email).await? {
        let email = reset_email(&user, outbox.from(), template, &link(door, &user, template));
        outbox.send(mailer, &user.id, email).await;
    }
    Ok(())
}

/// The user whose password the link may reset; `None` for a link that was used, is too old, or was never made.
///
/// # Errors
/// What the store says.
pub async fn check_password_reset(door: &Door, uid: &str, token: &str) -> Result<Option<Arc<UserRow>>> {
    let users = &door.stores().users;
    let pk = reset_token::decode_uid(uid).filter(|pk| !pk.contains('\0'));
    let Some(id) = pk.and_then(|pk| users.parse_id(&pk)) else {
        return Ok(None);
    };
    let timeout = PasswordRules::of(door).reset_timeout;
    let user = users.by_id(&id).await?;
    Ok(user.filter(|user| {
        let pk = user.id.to_string();
        reset_token::check_token(
            token,
            &bound(door, user, &pk),
            door.now(),
            timeout,
            door.secret_keys(),
        )
    }))
}

/// What came of [`reset_password`].
#[derive(Clone, Debug)]
pub enum PasswordReset {
    /// The user as it is afterwards.
    Done(Arc<UserRow>),
    /// The link was used, is too old, or was never made.
    InvalidLink,
    /// What the validators have against the new password; the link is still good.
    Refused(Vec<ValidationError>),
}

/// Sets the password by a link, which then is worth nothing; of two uses at once one fails. The user's sessions end, and
/// with `passwords.revoke_tokens_on_reset` all its tokens, in one step with the password.
///
/// # Errors
/// 503 where too many passwords wait to be hashed, and what the stores say.
pub async fn reset_password(
    door: &Door,
    uid: &str,
    token: &str,
    password: &Secret<String>,
) -> Result<PasswordReset> {
    let Some(user) = check_password_reset(door, uid, token).await? else {
        return Ok(PasswordReset::InvalidLink);
    };
    if let Err(errors) = validate_password(password, (&*user).into(), door).await? {
        return Ok(PasswordReset::Refused(errors));
    }
    let replaced = replace_password(door, &user, password, PasswordRules::of(door).on_reset).await?;
    Ok(replaced.map_or(PasswordReset::InvalidLink, PasswordReset::Done))
}

/// Who may reset a password by that address (`PasswordResetForm.get_users`).
async fn users(door: &Door, email: &str) -> Result<Vec<Arc<UserRow>>> {
    if email.contains('\0') {
        return Ok(Vec::new());
    }
    let users = &door.stores().users;
    let mut found = users.by_field_ignoring_case(UserField::Email, email).await?;
    found.retain(|user| {
        user.is_active && is_password_usable(user.password.expose()) && unicode_ci_eq(&user.email, email)
    });
    Ok(found)
}

fn link(door: &Door, user: &UserRow, template: &str) -> String {
    let pk = user.id.to_string();
    let token = reset_token::make_token(&bound(door, user, &pk), door.now(), &door.secret_keys().current);
    template
        .replace("{uid}", &encode_uid(&pk))
        .replace("{token}", &token)
}

/// The last login is a part of the token as Django's table has it.
fn bound<'a>(door: &Door, user: &'a UserRow, pk: &'a str) -> ResetUser<'a> {
    let zone = door.times().zone();
    ResetUser {
        pk,
        password: user.password.expose(),
        last_login: user.last_login.map(|at| zone.map_or(at, |zone| zone.local(at))),
        email: &user.email,
    }
}

/// The site's name is the host of the page that the link leads to: what a client claims as its host is not believed.
/// Source: `registration/password_reset_email.html`.
fn reset_email(user: &UserRow, from: &str, template: &str, link: &str) -> EmailMessage {
    let site = template.split('/').nth(2).unwrap_or_default();
    let username = &user.username;
    EmailMessage {
        from: from.to_owned(),
        // The address of the user, not the one that was sent.
        to: user.email.clone(),
        subject: format!("Password reset on {site}"),
        body: Secret::new(format!(
            "You're receiving this email because you requested a password reset for your user account at {site}.\n\n\
             Please go to the following page and choose a new password:\n\n{link}\n\n\
             Your username, in case you’ve forgotten: {username}\n\n\
             Thanks for using our site!\n\nThe {site} team\n"
        )),
    }
}
