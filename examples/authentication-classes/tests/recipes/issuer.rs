use std::sync::atomic::Ordering;
use std::time::Duration;

use doorward::django::jwt::{Algorithm, Keyring, RingKey, Rules};
use doorward_testing::TestResponse;
use serde_json::json;
use tokio::task::JoinSet;

use crate::stage::{Stage, new_key, stage};

async fn get(stage: &Stage, token: &str) -> TestResponse {
    stage
        .site
        .authorization(&format!("Bearer {token}"))
        .get("/issuer/")
        .await
}

#[tokio::test]
async fn an_unknown_user_is_made_of_the_claims() {
    let stage = stage().await;
    let known = get(&stage, &stage.issuer.token("bob")).await;
    known
        .assert_status(200)
        .assert_json(json!({ "user": "keycloak:bob", "auth": "UntypedToken" }));
    let users = &stage.door.stores().users;
    let bob = users.by_username("keycloak:bob").await.unwrap().unwrap();
    assert_eq!(
        (bob.email.as_str(), bob.first_name.as_str()),
        ("bob@example.com", "Bob")
    );
    assert!(bob.is_active && !bob.is_staff && bob.password.expose().starts_with('!'));
    let unsure = stage.issuer.claims("eve").with("email_verified", false);
    get(&stage, &stage.issuer.sign(&unsure)).await.assert_status(200);
    assert_eq!(
        users.by_username("keycloak:eve").await.unwrap().unwrap().email,
        ""
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_first_requests_one_makes_the_user() {
    let stage = stage().await;
    let token = stage.issuer.token("bob");
    let mut requests = JoinSet::new();
    for _ in 0..32 {
        let client = stage.site.authorization(&format!("Bearer {token}"));
        requests.spawn(async move { client.get("/issuer/").await.status().as_u16() });
    }
    let statuses = requests.join_all().await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    let rows = "SELECT CAST(COUNT(*) AS TEXT) FROM auth_user WHERE username = 'keycloak:bob'";
    assert_eq!(stage.text(rows).await.as_deref(), Some("1"));
    assert_eq!(stage.issuer.fetched(), 1);
}

#[tokio::test]
async fn what_was_not_made_for_this_service_is_refused() {
    let stage = stage().await;
    let (issuer, good) = (&stage.issuer, stage.issuer.claims("bob"));
    let seconds = stage.door.now().as_secs();
    let mut endless = good.clone().into_object();
    endless.remove("exp");
    for wrong in [
        good.clone().with("iss", "http://127.0.0.1:8080/realms/other"),
        good.clone().with("iss", "http://127.0.0.1:8080/realms/shop/"),
        good.clone().with("aud", "another-api"),
        good.clone().with("aud", ""),
        good.clone().with("exp", seconds),
        good.clone().with("nbf", seconds + 60),
        endless.into(),
        good.clone().with("sub", 7_i64),
        good.clone().with("sub", "a\0b"),
        good.clone().with("sub", "s".repeat(600)),
        good.clone().with("sub", "s".repeat(200)),
    ] {
        let refused = get(&stage, &issuer.sign(&wrong)).await;
        refused
            .assert_status(401)
            .assert_header("www-authenticate", "Bearer realm=\"api\"");
    }
    let rows = "SELECT CAST(COUNT(*) AS TEXT) FROM auth_user";
    assert_eq!(stage.text(rows).await.as_deref(), Some("1"), "nobody was made");
}

#[tokio::test]
async fn no_token_chooses_its_own_key_or_algorithm() {
    let stage = stage().await;
    let good = stage.issuer.token("bob");
    get(&stage, &good).await.assert_status(200);
    let claims = stage.issuer.claims("root");
    let secret = stage.issuer.public_keys();
    let confused = RingKey::new(Algorithm::Hs256, secret.as_bytes(), b"")
        .unwrap()
        .named("one");
    let confused = Keyring::new([confused]).unwrap();
    let (_, rest) = good.split_once('.').unwrap();
    let (payload, _) = rest.split_once('.').unwrap();
    for forged in [
        confused
            .encode(&claims, &Rules::default(), stage.door.now())
            .unwrap(),
        new_key("one")
            .encode(&claims, &Rules::default(), stage.door.now())
            .unwrap(),
        format!("eyJhbGciOiJub25lIn0.{payload}."),
        format!("{good}x"),
        "a.b.c".to_owned(),
        "x".repeat(100_000),
    ] {
        get(&stage, &forged).await.assert_status(401);
    }
    for two in [[&good, &good], [&good, &stage.issuer.token("eve")]] {
        let headers = two.map(|token| ("authorization", format!("Bearer {token}")));
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(stage.raw("GET", "/issuer/", &headers).await, 401);
    }
}

#[tokio::test]
async fn keys_are_rotated_and_a_flood_of_unknown_names_asks_seldom() {
    let stage = stage().await;
    let old = stage.issuer.token("bob");
    get(&stage, &old).await.assert_status(200);
    stage.issuer.rotate("two");
    let new = stage.issuer.token("bob");
    get(&stage, &new).await.assert_status(401);
    assert_eq!(stage.issuer.fetched(), 1, "the set is younger than ten seconds");
    stage.door.advance(Duration::from_secs(10));
    get(&stage, &new).await.assert_status(200);
    get(&stage, &old).await.assert_status(401);
    assert_eq!(stage.issuer.fetched(), 2);
    stage.door.advance(Duration::from_secs(10));
    for number in 0..100 {
        let stranger = new_key(&format!("stranger {number}"));
        let forged = stranger.encode(&stage.issuer.claims("bob"), &Rules::default(), stage.door.now());
        get(&stage, &forged.unwrap()).await.assert_status(401);
    }
    assert_eq!(stage.issuer.fetched(), 3);
    get(&stage, &new).await.assert_status(200);
}

#[tokio::test]
async fn an_issuer_that_is_away_is_our_failure_and_known_keys_go_on() {
    let stage = stage().await;
    stage.issuer.is_down.store(true, Ordering::SeqCst);
    let token = stage.issuer.token("bob");
    get(&stage, &token).await.assert_status(503);
    stage.issuer.is_down.store(false, Ordering::SeqCst);
    stage.door.advance(Duration::from_secs(2));
    get(&stage, &token).await.assert_status(200);
    stage.issuer.is_down.store(true, Ordering::SeqCst);
    stage.door.advance(Duration::from_secs(600));
    get(&stage, &token).await.assert_status(200);
}

#[tokio::test]
async fn a_foreign_user_who_has_left_is_refused() {
    let stage = stage().await;
    let token = stage.issuer.token("bob");
    get(&stage, &token).await.assert_status(200);
    let leave = "UPDATE auth_user SET is_active = ? WHERE username = 'keycloak:bob'";
    stage.run(leave, [false.into()]).await;
    get(&stage, &token)
        .await
        .assert_status(401)
        .assert_detail("User is inactive");
}
