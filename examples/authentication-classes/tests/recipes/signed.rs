use std::time::Duration;

use doorward::django::crypto::{hmac_sha256, sha256_hex};
use doorward::django::hex;
use doorward_testing::TestResponse;
use serde_json::json;

use crate::stage::{Stage, id_of, stage};

const SECRET: &str = "the secret that only meter 7 has";
const BODY: &str = r#"{"celsius":21}"#;

async fn with_device(stage: &Stage) -> i64 {
    let insert =
        "INSERT INTO keys_device (id, secret, user_id, is_active, last_request) VALUES (?, ?, ?, ?, 0)";
    stage
        .run(
            insert,
            ["meter-7".into(), SECRET.into(), id_of(&stage.alice), true.into()],
        )
        .await;
    stage.door.now().as_secs() * 1_000
}

fn sign(secret: &str, path: &str, time: i64, body: &str) -> String {
    let signed = format!("POST\n{path}\n{time}\n{}", sha256_hex(body.as_bytes()));
    hex::encode(&hmac_sha256(secret.as_bytes(), signed.as_bytes()))
}

async fn post(
    stage: &Stage,
    path: &str,
    device: &str,
    time: &str,
    signature: &str,
    body: &str,
) -> TestResponse {
    let anonymous = stage.site.anonymous();
    let request = anonymous.post(path).body("application/json", body.to_owned());
    let request = request.header("x-device", device).header("x-timestamp", time);
    request.header("x-signature", signature).await
}

#[tokio::test]
async fn a_device_signs_its_requests_and_is_no_user() {
    let stage = stage().await;
    let time = with_device(&stage).await;
    let good = sign(SECRET, "/readings/", time, BODY);
    let taken = post(&stage, "/readings/", "meter-7", &time.to_string(), &good, BODY).await;
    taken
        .assert_status(200)
        .assert_json(json!({ "device": "meter-7", "reading": { "celsius": 21 } }));
    let again = post(&stage, "/readings/", "meter-7", &time.to_string(), &good, BODY).await;
    again
        .assert_status(401)
        .assert_detail("Request is too old, or came before.");
    let token = stage.site.token(&stage.alice).await;
    token.post("/readings/").await.assert_status(401);
}

#[tokio::test]
async fn what_was_not_signed_so_is_refused() {
    let stage = stage().await;
    let time = with_device(&stage).await;
    let good = sign(SECRET, "/readings/", time, BODY);
    let (text, other) = (time.to_string(), sign("another secret", "/readings/", time, BODY));
    let later = (time + 1).to_string();
    for (path, device, time, signature, body) in [
        ("/readings/", "meter-7", text.as_str(), other.as_str(), BODY),
        ("/readings/", "meter-7", &text, &good, "{}"),
        ("/readings/?a=b", "meter-7", &text, &good, BODY),
        ("/readings/", "meter-7", &later, &good, BODY),
        ("/readings/", "meter-8", &text, &good, BODY),
        ("/readings/", "", &text, &good, BODY),
        ("/readings/", "meter-7", "", &good, BODY),
        ("/readings/", "meter-7", "1e9", &good, BODY),
        ("/readings/", "meter-7", &text, "", BODY),
        ("/readings/", "meter-7", &text, &good.to_uppercase(), BODY),
        ("/readings/", "meter-7", &text, &"0".repeat(50_000), BODY),
    ] {
        let refused = post(&stage, path, device, time, signature, body).await;
        refused.assert_status(401).assert_detail("Invalid signature.");
    }
    let headers = [
        ("x-device", "meter-7"),
        ("x-timestamp", text.as_str()),
        ("x-signature", &good),
        ("x-signature", &good),
    ];
    assert_eq!(stage.raw("POST", "/readings/", &headers).await, 401);
    let taken = post(&stage, "/readings/", "meter-7", &text, &good, BODY).await;
    taken.assert_status(200);
}

#[tokio::test]
async fn a_request_is_good_for_minutes_and_a_device_until_it_is_switched_off() {
    let stage = stage().await;
    let time = with_device(&stage).await;
    stage.door.advance(Duration::from_secs(301));
    let good = sign(SECRET, "/readings/", time, BODY);
    let late = post(&stage, "/readings/", "meter-7", &time.to_string(), &good, BODY).await;
    late.assert_status(401)
        .assert_detail("Request is too old, or came before.");
    let ahead = time + 700_000;
    let early = sign(SECRET, "/readings/", ahead, BODY);
    post(&stage, "/readings/", "meter-7", &ahead.to_string(), &early, BODY)
        .await
        .assert_status(401);
    stage
        .run("UPDATE keys_device SET is_active = ?", [false.into()])
        .await;
    let time = stage.door.now().as_secs() * 1_000;
    let good = sign(SECRET, "/readings/", time, BODY);
    let off = post(&stage, "/readings/", "meter-7", &time.to_string(), &good, BODY).await;
    off.assert_status(401).assert_detail("Invalid signature.");
}

#[tokio::test]
async fn a_body_beyond_the_routes_limit_is_not_read() {
    let stage = stage().await;
    let time = with_device(&stage).await;
    let body = format!("\"{}\"", "x".repeat(20_000));
    let signature = sign(SECRET, "/readings/", time, &body);
    post(
        &stage,
        "/readings/",
        "meter-7",
        &time.to_string(),
        &signature,
        &body,
    )
    .await
    .assert_status(413);
}

#[tokio::test]
async fn a_link_opens_its_file_for_an_hour() {
    let stage = stage().await;
    let link = stage
        .site
        .token(&stage.alice)
        .await
        .get("/files/a%20b.pdf/link/")
        .await
        .field("link");
    let anonymous = stage.site.anonymous();
    assert_eq!(
        anonymous.get(&link).await.assert_status(200).text(),
        "what is at /files/a%20b.pdf/"
    );
    let (path, signature) = link.split_once("?signature=").unwrap();
    for forged in [
        path.to_owned(),
        format!("/files/other.pdf/?signature={signature}"),
        format!("{link}x"),
        format!("{link}&signature={signature}"),
        format!("{path}?size=1&signature={signature}"),
        format!("{path}?signature="),
        format!("{path}?signature={}", signature.to_uppercase()),
        format!("{path}?signature={}", "x".repeat(8_000)),
    ] {
        anonymous.get(&forged).await.assert_status(403);
    }
    anonymous.post(&link).await.assert_status(403);
    stage
        .site
        .token(&stage.alice)
        .await
        .get(path)
        .await
        .assert_status(403);
    stage.door.advance(Duration::from_secs(3_600));
    anonymous.get(&link).await.assert_status(200);
    stage.door.advance(Duration::from_secs(1));
    anonymous
        .get(&link)
        .await
        .assert_status(403)
        .assert_detail("Invalid or expired link.");
}
