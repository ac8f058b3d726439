//! Hashed keys with a prefix, upgraded when they are used: `Authorization: Api-Key PREFIX.SECRET`.
//!
//! The prefix finds the row. Old rows have a slow hash, as passwords have; a key is random, so that SHA-256 is enough, and
//! whoever uses an old one gets the new hash.

use axum::http::HeaderValue;
use doorward::Door;
use doorward::authentication::Authenticator;
use doorward::django::crypto::{constant_time_eq, sha256_hex};
use doorward::django::passwords::Verdict;
use doorward::django::secret::Secret;
use doorward::prelude::*;
use doorward::stores::UserField;

#[derive(Debug)]
struct ApiKeyAuthentication;

impl Authenticator for ApiKeyAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        Answer::pending(async move {
            let Some(key) = cx.authorization("Api-Key")? else {
                return Ok(None);
            };
            let (prefix, secret) = key.split_once('.').ok_or_else(invalid)?;
            let sql = "SELECT hashed_key, user_id FROM keys_apikey WHERE prefix = ? AND revoked = ?";
            let found = cx
                .door()
                .database()?
                .fetch_optional(sql, [prefix.into(), false.into()])
                .await?;
            let row = found.ok_or_else(invalid)?;
            check(cx.door(), prefix, secret, &Secret::new(row.read("hashed_key")?)).await?;
            let user = cx
                .active_user(UserField::Id, &row.read::<i64>("user_id")?.to_string())
                .await?;
            Ok(Some(Identity {
                user,
                auth: Auth::Other("ApiKey"),
            }))
        })
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        Some(HeaderValue::from_static("Api-Key"))
    }
}

/// The secret by the hash that is stored, in constant time. A slow one is computed on the pool for passwords, which is bounded.
async fn check(door: &Door, prefix: &str, secret: &str, stored: &Secret<String>) -> Result {
    let new = format!("sha256${}", sha256_hex(secret.as_bytes()));
    if stored.expose().starts_with("sha256$") {
        return match constant_time_eq(new.as_bytes(), stored.expose().as_bytes()) {
            true => Ok(()),
            false => Err(invalid()),
        };
    }
    match door
        .passwords()
        .check(&Secret::new(secret.to_owned()), stored)
        .await?
    {
        Verdict::Correct { .. } => upgrade(door, prefix, stored, &new).await,
        Verdict::Wrong { .. } => Err(invalid()),
    }
}

/// Only the hash that was checked gives way: of two requests at once one writes, and a key that was exchanged meanwhile stays.
async fn upgrade(door: &Door, prefix: &str, old: &Secret<String>, new: &str) -> Result {
    let sql = "UPDATE keys_apikey SET hashed_key = ? WHERE prefix = ? AND hashed_key = ?";
    door.database()?
        .execute(sql, [new.into(), prefix.into(), old.into()])
        .await?;
    Ok(())
}

fn invalid() -> ApiException {
    ApiException::authentication_failed("Invalid API key.")
}

pub(crate) fn policy() -> Policy {
    Policy::new().authenticate(ApiKeyAuthentication)
}
