//! How many look-ups a request costs. Each is one statement.

use doorward_core::settings::Period;

use crate::site::Site;

#[tokio::test]
async fn an_opaque_token_is_looked_up_once_within_the_bound() {
    let site = Site::new().await;
    let client = site.site.token(&site.alice).await;
    assert_eq!(site.cost(&client, "/me/").await, (1, 200));
    for _ in 0..10 {
        assert_eq!(site.cost(&client, "/me/").await, (0, 200));
    }
    site.pass();
    assert_eq!(site.cost(&client, "/me/").await, (1, 200));
    assert_eq!(site.cost(&client, "/me/").await, (0, 200));
}

#[tokio::test]
async fn the_user_of_a_json_web_token_is_looked_up_once_within_the_bound() {
    let site = Site::new().await;
    let client = site.site.jwt(&site.alice).await;
    assert_eq!(site.cost(&client, "/me/").await, (1, 200));
    assert_eq!(site.cost(&client, "/me/").await, (0, 200));
    site.pass();
    assert_eq!(site.cost(&client, "/me/").await, (1, 200));
    let other = site.site.jwt(&site.alice).await;
    assert_eq!(
        site.cost(&other, "/me/").await,
        (0, 200),
        "another token of the same user"
    );
}

#[tokio::test]
async fn a_session_and_its_user_are_looked_up_once_within_the_bound() {
    let site = Site::new().await;
    let client = site.site.session(&site.alice).await;
    assert_eq!(site.cost(&client, "/me/").await, (2, 200));
    assert_eq!(site.cost(&client, "/me/").await, (0, 200));
    site.pass();
    assert_eq!(site.cost(&client, "/me/").await, (2, 200));
    assert_eq!(site.cost(&client, "/me/").await, (0, 200));
}

#[tokio::test]
async fn the_data_of_a_session_is_loaded_where_it_is_touched() {
    let site = Site::new().await;
    let client = site.site.session(&site.alice).await;
    assert_eq!(
        site.cost(&client, "/visits/").await,
        (2, 200),
        "who reads the row keeps its data"
    );
    assert_eq!(client.get("/visits/").await.text(), "2");
    assert_eq!(
        site.cost(&client, "/me/").await,
        (1, 200),
        "the session was written"
    );
    assert_eq!(site.cost(&client, "/visits/").await, (1, 200));
    assert_eq!(client.get("/visits/").await.text(), "4");
}

#[tokio::test]
async fn permissions_and_groups_are_looked_up_once_within_the_bound() {
    let site = Site::new().await;
    site.database.grant(site.alice.id(), "shop.view_product");
    site.database.grant(site.alice.id(), "shop.add_product");
    site.database.add_to_group(site.alice.id(), "staff");
    let client = site.site.token(&site.alice).await;
    assert_eq!(site.cost(&client, "/may/").await, (3, 200));
    assert_eq!(site.cost(&client, "/may/").await, (0, 200));
    assert_eq!(
        client.get("/may/").await.text(),
        r#"{"may":true,"groups":["staff"]}"#
    );
    site.pass();
    assert_eq!(site.cost(&client, "/may/").await, (3, 200));
}

#[tokio::test]
async fn each_request_looks_without_staleness_or_without_a_cache() {
    for enabled in [true, false] {
        let site = Site::with(|settings| {
            settings.cache.enabled = enabled;
            settings.cache.max_staleness = Period::from_secs(0);
        })
        .await;
        let token = site.site.token(&site.alice).await;
        let session = site.site.session(&site.alice).await;
        for _ in 0..3 {
            assert_eq!(site.cost(&token, "/me/").await, (1, 200));
            assert_eq!(site.cost(&session, "/me/").await, (2, 200));
        }
        assert_eq!(site.door.principals().status().is_some(), enabled);
    }
}

#[tokio::test]
async fn a_wrong_credential_is_looked_up_each_time() {
    let site = Site::new().await;
    let client = site
        .site
        .authorization("Token 0123456789012345678901234567890123456789");
    for _ in 0..3 {
        assert_eq!(site.cost(&client, "/me/").await, (1, 401));
    }
}
