use doorward::django::crypto::sha256_hex;
use doorward::django::secret::Secret;
use doorward_testing::TestResponse;
use serde_json::json;
use tokio::task::JoinSet;

use crate::stage::{Stage, id_of, stage};

const SECRET: &str = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6";

/// A key with a slow hash, as it was made years ago.
async fn with_old_key(stage: &Stage, prefix: &str) {
    let secret = Secret::new(SECRET.to_owned());
    let slow = stage
        .door
        .passwords()
        .make(&secret, stage.door.random())
        .await
        .unwrap();
    let insert = "INSERT INTO keys_apikey (prefix, hashed_key, user_id, revoked) VALUES (?, ?, ?, ?)";
    let values = [prefix.into(), (&slow).into(), id_of(&stage.alice), false.into()];
    stage.run(insert, values).await;
}

async fn get(stage: &Stage, key: &str) -> TestResponse {
    stage
        .site
        .authorization(&format!("Api-Key {key}"))
        .get("/api-key/")
        .await
}

async fn hash(stage: &Stage) -> String {
    stage.text("SELECT hashed_key FROM keys_apikey").await.unwrap()
}

#[tokio::test]
async fn an_old_key_is_upgraded_when_it_is_used() {
    let stage = stage().await;
    with_old_key(&stage, "abc").await;
    let old = hash(&stage).await;
    get(&stage, "abc.wrong").await.assert_status(401);
    assert_eq!(hash(&stage).await, old, "a wrong key upgrades nothing");
    let good = get(&stage, &format!("abc.{SECRET}")).await;
    good.assert_status(200)
        .assert_json(json!({ "user": "alice", "auth": "ApiKey" }));
    let new = format!("sha256${}", sha256_hex(SECRET.as_bytes()));
    assert_eq!(hash(&stage).await, new);
    get(&stage, &format!("abc.{SECRET}")).await.assert_status(200);
    get(&stage, "abc.wrong").await.assert_status(401);
}

#[tokio::test]
async fn wrong_keys_are_refused_alike() {
    let stage = stage().await;
    with_old_key(&stage, "abc").await;
    let good = format!("abc.{SECRET}");
    let (stored, long) = (
        format!("abc.{}", hash(&stage).await),
        format!("abc.{}", "x".repeat(50_000)),
    );
    for key in [
        "abc",
        ".",
        "abc.",
        "xyz.secret",
        "ABC.",
        &stored,
        &long,
        &format!("{good}.x"),
        &good.to_lowercase(),
    ] {
        let refused = get(&stage, key).await;
        refused
            .assert_status(401)
            .assert_detail("Invalid API key.")
            .assert_header("www-authenticate", "Api-Key");
    }
    let two = [
        ("authorization", &*format!("Api-Key {good}")),
        ("authorization", &*format!("Api-Key {good}")),
    ];
    assert_eq!(stage.raw("GET", "/api-key/", &two).await, 401);
}

#[tokio::test]
async fn a_key_of_an_inactive_user_and_a_revoked_one_are_refused() {
    let stage = stage().await;
    with_old_key(&stage, "abc").await;
    let good = format!("abc.{SECRET}");
    stage.door.change_user(&stage.alice, |row| row.is_active = false);
    get(&stage, &good)
        .await
        .assert_status(401)
        .assert_detail("User inactive or deleted.");
    stage.door.change_user(&stage.alice, |row| row.is_active = true);
    stage
        .run("UPDATE keys_apikey SET revoked = ?", [true.into()])
        .await;
    get(&stage, &good)
        .await
        .assert_status(401)
        .assert_detail("Invalid API key.");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_upgrades_at_once_all_pass_and_the_new_hash_stays() {
    let stage = stage().await;
    with_old_key(&stage, "abc").await;
    let mut requests = JoinSet::new();
    for _ in 0..16 {
        let client = stage.site.authorization(&format!("Api-Key abc.{SECRET}"));
        requests.spawn(async move { client.get("/api-key/").await.status().as_u16() });
    }
    let statuses = requests.join_all().await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!(
        hash(&stage).await,
        format!("sha256${}", sha256_hex(SECRET.as_bytes()))
    );
}
