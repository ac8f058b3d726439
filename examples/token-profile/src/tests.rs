//! The tutorials' steps: no token, a token, the profile.

use doorward_testing::{TestDoor, TestSite};
use serde_json::json;

async fn site() -> TestSite {
    let door = TestDoor::new();
    door.user("root").password("toor").create().await;
    door.site(super::routes(&door))
}

#[tokio::test]
async fn the_password_is_exchanged_for_the_token_that_shows_the_profile() {
    let site = site().await;
    let form = [("username", "root"), ("password", "toor")];
    let token = site
        .anonymous()
        .post("/api/token/")
        .form(&form)
        .await
        .field("token");
    let client = site.authorization(&format!("Token {token}"));
    let profile = client.get("/api/profile/").await;
    profile
        .assert_status(200)
        .assert_json(json!({ "username": "root", "email": "root@example.com" }));
}

#[tokio::test]
async fn the_bouncer_speaks_of_tokens_and_knows_no_other_way() {
    let site = site().await;
    let refused = site.anonymous().get("/api/profile/").await;
    refused
        .assert_status(401)
        .assert_header("www-authenticate", "Token")
        .assert_detail("Authentication credentials were not provided.");
    let wrong = site.authorization("Token 0000").get("/api/profile/").await;
    wrong.assert_status(401).assert_detail("Invalid token.");
    let basic = site
        .authorization("Basic cm9vdDp0b29y")
        .get("/api/profile/")
        .await;
    basic.assert_status(401);
    site.assert_anonymous_denied(["/api/token/"]).await;
}

#[tokio::test]
async fn a_wrong_password_gets_no_token() {
    let form = [("username", "root"), ("password", "root")];
    let refused = site().await.anonymous().post("/api/token/").form(&form).await;
    refused.assert_status(400).assert_json(json!({
        "non_field_errors": ["Unable to log in with provided credentials."]
    }));
}
