//! The life of a pair of tokens, and what it opens.

use std::time::Duration;

use doorward_testing::{TestClient, TestDoor, TestResponse, TestSite};
use serde_json::{Value, json};

async fn site() -> (TestDoor, TestSite) {
    let door = TestDoor::new();
    door.user("root").password("toor").create().await;
    let site = door.site(super::routes(&door));
    (door, site)
}

async fn post(client: &TestClient, path: &str, field: (&str, &str)) -> TestResponse {
    client.post(path).form(&[field]).await
}

#[tokio::test]
async fn the_login_opens_the_products() {
    let (_, site) = site().await;
    site.anonymous().get("/products/").await.assert_status(401);
    let form = [("username", "root"), ("password", "toor")];
    let access = site.anonymous().post("/login/").form(&form).await.field("access");
    let client = site.authorization(&format!("Bearer {access}"));
    client
        .get("/products/")
        .await
        .assert_status(200)
        .assert_json(json!([]));

    for (name, category) in [("Oolong", "tea"), ("Mocha", "coffee")] {
        let product = json!({ "name": name, "category": category });
        client.post("/products/").json(&product).await.assert_status(201);
    }
    let oolong = json!([{ "id": 1, "name": "Oolong", "category": "tea" }]);
    client.get("/products/?category=tea").await.assert_json(oolong);
    client
        .get("/products/?category=tea&name=Mocha")
        .await
        .assert_json(json!([]));
    let all = client.get("/products/?page=1").await.json();
    assert_eq!(all.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_product_needs_its_fields() {
    let (door, site) = site().await;
    let client = site.jwt(&door.user("alice").create().await).await;
    let refused = client.post("/products/").json(&json!({ "name": " " })).await;
    refused.assert_status(400).assert_json(json!({
        "name": ["This field may not be blank."],
        "category": ["This field is required."],
    }));
    client.get("/products/").await.assert_json(json!([]));
}

#[tokio::test]
async fn a_pair_lives_until_it_is_blacklisted() {
    let (door, site) = site().await;
    let alice = door.user("alice").create().await;
    let (pair, anonymous) = (site.obtain_token_pair(&alice).await, site.anonymous());
    let verified = post(&anonymous, "/verify_token/", ("token", &pair.access)).await;
    verified.assert_status(200).assert_json(json!({}));

    door.advance(Duration::from_secs(300));
    let expired = post(&anonymous, "/verify_token/", ("token", &pair.access)).await;
    expired.assert_status(401).assert_detail("Token is expired");
    let fresh = post(&anonymous, "/refresh_token/", ("refresh", &pair.refresh)).await;
    let client = site.authorization(&format!("Bearer {}", fresh.field("access")));
    client.get("/products/").await.assert_status(200);

    let out = post(&anonymous, "/blacklist_token/", ("refresh", &pair.refresh)).await;
    out.assert_status(200)
        .assert_json(Value::Object([].into_iter().collect()));
    let refused = post(&anonymous, "/refresh_token/", ("refresh", &pair.refresh)).await;
    refused.assert_status(401).assert_detail("Token is blacklisted");
}

#[tokio::test]
async fn only_the_endpoints_for_tokens_are_open() {
    let (_, site) = site().await;
    let open = [
        "/login/",
        "/refresh_token/",
        "/verify_token/",
        "/blacklist_token/",
        "/auth/token/",
    ];
    site.assert_anonymous_denied(open).await;
}
