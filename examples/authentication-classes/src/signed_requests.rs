//! Signed requests of devices, who are no users.
//!
//! `X-Signature` is HMAC-SHA256 over the method, the path, the time and the body, by the secret that only the device and we have.

use std::time::Duration;

use axum::Json;
use axum::http::HeaderValue;
use doorward::Door;
use doorward::authentication::Authenticator;
use doorward::django::crypto::{constant_time_eq, hmac_sha256, sha256_hex};
use doorward::django::hex;
use doorward::django::timestamp::Timestamp;
use doorward::permissions::IsPrincipal;
use doorward::prelude::*;
use doorward::user::PrincipalKind;
use serde_json::{Value, json};

const DEVICE: PrincipalKind = PrincipalKind::new("Device");

/// How far the clocks may be apart.
const TOLERANCE: Duration = Duration::from_secs(300);

#[derive(Debug)]
struct DeviceAuthentication;

impl Authenticator for DeviceAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        Answer::pending(async move {
            let Some(device) = cx.header("x-device") else {
                return Ok(None);
            };
            let header = |name| cx.header(name).ok_or_else(invalid);
            let (time, signature) = (header("x-timestamp")?, header("x-signature")?);
            let time: i64 = time.parse().map_err(|_| invalid())?;
            let expected = sign(cx, time, &secret(cx.door(), &device).await?).await?;
            if !constant_time_eq(expected.as_bytes(), signature.as_bytes()) {
                return Err(invalid());
            }
            spend(cx, &device, time).await?;
            Ok(Some(Identity {
                user: DEVICE.principal(device),
                auth: Auth::Other("Device"),
            }))
        })
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        Some(HeaderValue::from_static("Signature"))
    }
}

async fn secret(door: &Door, device: &str) -> Result<String> {
    let sql = "SELECT secret FROM keys_device WHERE id = ? AND is_active = ?";
    let row = door
        .database()?
        .fetch_optional(sql, [device.into(), true.into()])
        .await?;
    Ok(row.ok_or_else(invalid)?.read("secret")?)
}

/// The body is kept for the handler; the route says how large it may be.
async fn sign(cx: &Context<'_>, time: i64, secret: &str) -> Result<String> {
    let path = cx.uri().path_and_query().map_or("/", |path| path.as_str());
    let signed = format!(
        "{}\n{path}\n{time}\n{}",
        cx.method(),
        sha256_hex(&cx.body().await?)
    );
    Ok(hex::encode(&hmac_sha256(secret.as_bytes(), signed.as_bytes())))
}

/// Each request of a device is later than the one before, in milliseconds: what was sent once is refused when it comes again,
/// on whichever node.
async fn spend(cx: &Context<'_>, device: &str, time: i64) -> Result {
    let at = Timestamp::from_micros(time.saturating_mul(1_000));
    let apart = cx.now().since(at).max(at.since(cx.now()));
    let sql = "UPDATE keys_device SET last_request = ? WHERE id = ? AND last_request < ?";
    let values = [time.into(), device.into(), time.into()];
    if apart > TOLERANCE || cx.door().database()?.execute(sql, values).await? == 0 {
        return Err(ApiException::authentication_failed(
            "Request is too old, or came before.",
        ));
    }
    Ok(())
}

fn invalid() -> ApiException {
    ApiException::authentication_failed("Invalid signature.")
}

pub(crate) fn policy() -> Policy {
    Policy::from(IsPrincipal(DEVICE)).authenticate(DeviceAuthentication)
}

/// The device's name, and what it measured.
pub(crate) async fn take_reading(device: User, reading: Json<Value>) -> Json<Value> {
    Json(json!({ "device": device.principal_name(DEVICE), "reading": reading.0 }))
}
