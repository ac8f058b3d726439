use serde_json::json;

use crate::stage::{id_of, stage};

#[tokio::test]
async fn a_logout_everywhere_ends_tokens_at_once() {
    let stage = stage().await;
    let old = stage.site.jwt(&stage.alice).await;
    old.get("/version/")
        .await
        .assert_status(200)
        .assert_json(json!({ "user": "alice", "auth": "AccessToken" }));
    stage
        .run(
            "INSERT INTO keys_version (user_id, version) VALUES (?, 1)",
            [id_of(&stage.alice)],
        )
        .await;
    let refused = old.get("/version/").await;
    refused
        .assert_status(401)
        .assert_detail("Token is from before the last logout.");
    refused.assert_header("www-authenticate", "Bearer realm=\"api\"");
    stage
        .site
        .jwt(&stage.alice)
        .await
        .get("/version/")
        .await
        .assert_status(200);
}

#[tokio::test]
async fn a_check_is_asked_of_those_only_whom_the_authenticator_knows() {
    let stage = stage().await;
    let detail = "Authentication credentials were not provided.";
    stage
        .site
        .anonymous()
        .get("/version/")
        .await
        .assert_status(401)
        .assert_detail(detail);
    stage
        .site
        .authorization("Bearer a.b.c")
        .get("/version/")
        .await
        .assert_status(401);
    let token = stage.site.jwt(&stage.alice).await;
    stage.door.change_user(&stage.alice, |row| row.is_active = false);
    token
        .get("/version/")
        .await
        .assert_status(401)
        .assert_detail("User is inactive");
}

#[tokio::test]
async fn a_device_is_its_users_and_not_lost() {
    let stage = stage().await;
    let bob = stage.door.user("bob").create().await;
    let insert =
        "INSERT INTO keys_device (id, secret, user_id, is_active, last_request) VALUES (?, '', ?, ?, 0)";
    for (device, user, is_active) in [
        ("phone", &stage.alice, true),
        ("lost", &stage.alice, false),
        ("bobs", &bob, true),
    ] {
        stage
            .run(insert, [device.into(), id_of(user), is_active.into()])
            .await;
    }
    let client = stage.site.token(&stage.alice).await;
    client
        .get("/device/")
        .header("x-device", "phone")
        .await
        .assert_status(200);
    for device in [
        "lost",
        "bobs",
        "",
        "phone,phone",
        "' OR 1=1 --",
        &"p".repeat(50_000),
    ] {
        let refused = client.get("/device/").header("x-device", device).await;
        refused.assert_status(401).assert_detail("Unknown device.");
    }
    client
        .get("/device/")
        .await
        .assert_status(401)
        .assert_detail("Unknown device.");
}

#[tokio::test]
async fn a_session_wants_its_second_factor() {
    let stage = stage().await;
    let browser = stage.site.session(&stage.alice).await;
    let refused = browser.get("/second-factor/").await;
    refused
        .assert_status(403)
        .assert_detail("Two-factor authentication required.");
    browser.post("/verify/").await.assert_status(200);
    browser.get("/second-factor/").await.assert_status(200);
    browser
        .without_csrf()
        .post("/second-factor/")
        .await
        .assert_status(403);
}
