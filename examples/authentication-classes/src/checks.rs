//! A check after success, where DRF's class calls `super().authenticate(request)`: a version in the token, a device that may be
//! lost, a second factor.

use doorward::Door;
use doorward::authentication::Authenticator;
use doorward::jwt::TokenClaims;
use doorward::prelude::*;
use doorward::user::UserRow;
use serde_json::{Map, Value, json};

/// "Log out everywhere" counts the user's version up: access tokens that say an older one are refused at once.
pub(crate) fn current_version() -> impl Authenticator {
    JwtAuthentication.checked(|cx, identity| {
        Answer::pending(async move {
            let Auth::Jwt(_, claims) = &identity.auth else {
                return Err(ApiException::not_authenticated());
            };
            let said = claims.get("version").and_then(|version| version.as_i64());
            match said == Some(version(cx.door(), identity.user.id()).await?) {
                true => Ok(()),
                false => Err(ApiException::authentication_failed(
                    "Token is from before the last logout.",
                )),
            }
        })
    })
}

/// The claim `version`, which new tokens get: `door.token_claims(Version)`.
#[derive(Debug)]
pub struct Version;

impl TokenClaims for Version {
    fn claims<'a>(&'a self, door: &'a Door, user: &'a UserRow) -> Answer<'a, Result<Map<String, Value>>> {
        Answer::pending(async move {
            let version = version(door, &user.id).await?;
            Ok(Map::from_iter([("version".to_owned(), json!(version))]))
        })
    }
}

async fn version(door: &Door, user: &UserId) -> Result<i64> {
    let sql = "SELECT version FROM keys_version WHERE user_id = ?";
    let row = door.database()?.fetch_optional(sql, [user.into()]).await?;
    Ok(row
        .map(|row| row.read("version"))
        .transpose()?
        .unwrap_or_default())
}

/// The header `X-Device` names a device of this user that nobody has reported as lost.
pub(crate) fn known_device() -> impl Authenticator {
    TokenAuthentication::default().checked(|cx, identity| {
        Answer::pending(async move {
            let device = cx.header("x-device").unwrap_or_default();
            let sql = "SELECT id FROM keys_device WHERE id = ? AND user_id = ? AND is_active = ?";
            let values = [(&*device).into(), identity.user.id().into(), true.into()];
            match cx.door().database()?.fetch_optional(sql, values).await? {
                Some(_) => Ok(()),
                None => Err(ApiException::authentication_failed("Unknown device.")),
            }
        })
    })
}

/// The session has passed a second factor, as django-otp's `login` notes it.
pub(crate) fn second_factor() -> impl Authenticator {
    SessionAuthentication.checked(|cx, _| {
        Answer::pending(async move {
            match cx.session().get("otp_device_id").await? {
                Some(_) => Ok(()),
                None => {
                    Err(ApiException::permission_denied().with_detail("Two-factor authentication required."))
                }
            }
        })
    })
}
