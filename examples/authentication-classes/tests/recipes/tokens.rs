use std::time::Duration;

use doorward::django::crypto::sha256_hex;
use doorward_testing::{TestResponse, TestUser};
use serde_json::json;
use tokio::task::JoinSet;

use crate::stage::{Stage, id_of, stage};

const INSERT: &str =
    "INSERT INTO keys_token (digest, user_id, expires_at, revoked, write_enabled) VALUES (?, ?, ?, ?, ?)";

async fn with_token(stage: &Stage, key: &str, user: &TestUser) {
    let end = stage.door.now().saturating_add(Duration::from_secs(7_200));
    let values = [
        sha256_hex(key.as_bytes()).into(),
        id_of(user),
        end.into(),
        false.into(),
        true.into(),
    ];
    stage.run(INSERT, values).await;
}

async fn get(stage: &Stage, key: &str) -> TestResponse {
    stage
        .site
        .authorization(&format!("Token {key}"))
        .get("/token/")
        .await
}

async fn last_used(stage: &Stage) -> Option<String> {
    stage.text("SELECT last_used FROM keys_token").await
}

#[tokio::test]
async fn a_token_ends_and_is_revoked() {
    let stage = stage().await;
    with_token(&stage, "good", &stage.alice).await;
    get(&stage, "good")
        .await
        .assert_status(200)
        .assert_json(json!({ "user": "alice", "auth": "ApiToken" }));
    stage
        .run("UPDATE keys_token SET revoked = ?", [true.into()])
        .await;
    get(&stage, "good")
        .await
        .assert_status(401)
        .assert_detail("Token has been revoked.");
    stage
        .run("UPDATE keys_token SET revoked = ?", [false.into()])
        .await;
    stage.door.advance(Duration::from_secs(7_200));
    get(&stage, "good")
        .await
        .assert_status(401)
        .assert_detail("Token has expired.");
}

#[tokio::test]
async fn what_is_no_token_is_refused_as_drf_does() {
    let stage = stage().await;
    with_token(&stage, "good", &stage.alice).await;
    let digest = sha256_hex(b"good");
    for key in ["wrong", "GOOD", &digest, &"x".repeat(50_000)] {
        let refused = get(&stage, key).await;
        refused
            .assert_status(401)
            .assert_detail("Invalid token.")
            .assert_header("www-authenticate", "Token");
    }
    for (header, detail) in [
        ("Token", "Invalid token header. No credentials provided."),
        (
            "Token good good",
            "Invalid token header. Token string should not contain spaces.",
        ),
        ("Basic good", "Authentication credentials were not provided."),
    ] {
        let refused = stage.site.authorization(header).get("/token/").await;
        refused.assert_status(401).assert_detail(detail);
    }
    for two in [
        ["Token good", "Token good"],
        ["Token good", "Basic x"],
        ["Basic x", "Token good"],
    ] {
        let headers = two.map(|value| ("authorization", value));
        assert_eq!(stage.raw("GET", "/token/", &headers).await, 401, "{two:?}");
    }
}

#[tokio::test]
async fn a_token_of_who_has_left_is_refused() {
    let stage = stage().await;
    with_token(&stage, "good", &stage.alice).await;
    stage.door.change_user(&stage.alice, |row| row.is_active = false);
    get(&stage, "good")
        .await
        .assert_status(401)
        .assert_detail("User inactive or deleted.");
    stage.door.memory().remove_user(stage.alice.id());
    get(&stage, "good")
        .await
        .assert_status(401)
        .assert_detail("User inactive or deleted.");
    assert_eq!(last_used(&stage).await, None, "what is refused is no use");
}

#[tokio::test]
async fn a_token_that_is_read_only_changes_nothing() {
    let stage = stage().await;
    with_token(&stage, "good", &stage.alice).await;
    let client = stage.site.authorization("Token good");
    client.post("/token/").await.assert_status(200);
    stage
        .run("UPDATE keys_token SET write_enabled = ?", [false.into()])
        .await;
    client.post("/token/").await.assert_status(403);
    client.get("/token/").await.assert_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_is_written_once_an_hour() {
    let stage = stage().await;
    with_token(&stage, "good", &stage.alice).await;
    let mut requests = JoinSet::new();
    for _ in 0..32 {
        let client = stage.site.authorization("Token good");
        requests.spawn(async move { client.get("/token/").await.status().as_u16() });
    }
    assert!(requests.join_all().await.iter().all(|status| *status == 200));
    let first = last_used(&stage).await;
    assert!(first.is_some());
    stage.door.advance(Duration::from_secs(3_599));
    get(&stage, "good").await.assert_status(200);
    assert_eq!(last_used(&stage).await, first);
    stage.door.advance(Duration::from_secs(1));
    get(&stage, "good").await.assert_status(200);
    assert_ne!(last_used(&stage).await, first);
}
