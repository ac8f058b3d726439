//! Opaque tokens: `obtain_auth_token` and `TokenAuthentication`.

use axum::extract::Request;
use doorward_auth::authtoken::TokenSettings;
use doorward_core::UserId;
use doorward_core::stores::AuthToken;
use serde_json::json;

use super::site::{ALICE, CAROL, Site, credentials};

const PATH: &str = "/whoami/token/";
const ALICE_SEEN: &str = r#"{"id":2,"user":"alice","is_staff":false,"auth":"Token"}"#;
const ANONYMOUS: &str = r#"{"id":null,"user":null,"is_staff":false,"auth":null}"#;

/// Gives a user the token that is forty times that digit.
async fn give(site: &Site, user: i64, digit: &str) -> String {
    let key = digit.repeat(40);
    let token = AuthToken {
        key: key.clone().into(),
        user: UserId::Int(user),
        created: site.door.now(),
    };
    site.memory.stores().auth_tokens.replace(token).await.unwrap();
    key
}

#[tokio::test]
async fn the_first_call_makes_the_token_and_later_ones_tell_it() {
    let site = Site::new();
    let first = site
        .post("/api-token-auth/", credentials(" alice ", "wonderland-42"))
        .await;
    assert_eq!(first.header("cache-control"), Some("no-store"));
    let key = first.text("token");
    assert!(
        key.len() == 40 && key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
        "{key}"
    );
    let again = site
        .post("/api-token-auth/", credentials("alice", "wonderland-42"))
        .await;
    assert_eq!(first.body, again.body);
    site.get(PATH, format!("Token {key}")).await.is(200, ALICE_SEEN);
}

#[tokio::test]
async fn bad_credentials_are_a_400() {
    let site = Site::new();
    let body = r#"{"non_field_errors":["Unable to log in with provided credentials."]}"#;
    for (username, password) in [
        ("alice", "wrong"),
        ("alice", " wonderland-42 "),
        ("nobody", "x"),
        ("carol", "inactive-7"),
    ] {
        site.post("/api-token-auth/", credentials(username, password))
            .await
            .is(400, body);
    }
    let required = r#"{"username":["This field is required."],"password":["This field is required."]}"#;
    site.post("/api-token-auth/", json!({})).await.is(400, required);
    let blank = r#"{"username":["This field may not be blank."]}"#;
    site.post("/api-token-auth/", credentials(" ", " "))
        .await
        .is(400, blank);
}

#[tokio::test]
async fn the_default_authenticators_judge_its_headers() {
    let site = Site::new();
    let request = Request::post("/api-token-auth/").header("content-type", "application/json");
    let request = request.header("authorization", "Token unknown");
    let answer = site
        .send(request, credentials("alice", "wonderland-42").to_string())
        .await;
    answer.is(401, r#"{"detail":"Invalid token."}"#);
    let answer = site.send(Request::get("/api-token-auth/"), String::new()).await;
    answer.is(405, r#"{"detail":"Method \"GET\" not allowed."}"#);
    let answer = site
        .send(Request::options("/api-token-auth/"), String::new())
        .await;
    assert!(
        answer.body.starts_with(r#"{"name":"Obtain Auth Token""#),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn headers_have_a_shape() {
    let site = Site::new();
    let key = give(&site, ALICE, "a").await;
    for (header, status, body) in [
        (format!("Token {key}"), 200, ALICE_SEEN),
        (format!("tOKEN\t {key} "), 200, ALICE_SEEN),
        (format!("Bearer {key}"), 200, ANONYMOUS),
        (format!("Tokens {key}"), 200, ANONYMOUS),
        (String::new(), 200, ANONYMOUS),
        (
            "Token".to_owned(),
            401,
            r#"{"detail":"Invalid token header. No credentials provided."}"#,
        ),
        (
            format!("Token {key} x"),
            401,
            r#"{"detail":"Invalid token header. Token string should not contain spaces."}"#,
        ),
        (
            "Token \u{fc}n\u{ef}code".to_owned(),
            401,
            r#"{"detail":"Invalid token."}"#,
        ),
        (
            format!("Token {}", "f".repeat(40)),
            401,
            r#"{"detail":"Invalid token."}"#,
        ),
        (
            format!("Token {}", "f".repeat(60_000)),
            401,
            r#"{"detail":"Invalid token."}"#,
        ),
    ] {
        site.get(PATH, &header).await.is(status, body);
    }
    let answer = site.get(PATH, b"Token \xff\xfe").await;
    answer.is(
        401,
        r#"{"detail":"Invalid token header. Token string should not contain invalid characters."}"#,
    );
    assert_eq!(answer.header("www-authenticate"), Some("Token"));
}

#[tokio::test]
async fn the_keyword_can_be_another() {
    let site = Site::with(|settings| settings.section_mut::<TokenSettings>().keyword = "Key".to_owned());
    let key = give(&site, ALICE, "a").await;
    site.get(PATH, format!("Key {key}")).await.is(200, ALICE_SEEN);
    site.get(PATH, format!("Token {key}")).await.is(200, ANONYMOUS);
    site.get("/whoami/bearer-token/", format!("bearer {key}"))
        .await
        .is(200, ALICE_SEEN);
    assert_eq!(
        site.get(PATH, "Key").await.header("www-authenticate"),
        Some("Key")
    );
    let answer = site.get("/whoami/bearer-token/", "Bearer").await;
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
}

#[tokio::test]
async fn inactive_and_deleted_users_are_refused() {
    let site = Site::new();
    let key = give(&site, CAROL, "c").await;
    let answer = site.get(PATH, format!("Token {key}")).await;
    answer.is(401, r#"{"detail":"User inactive or deleted."}"#);
    let key = give(&site, ALICE, "a").await;
    site.memory.remove_user(&UserId::Int(ALICE));
    site.get(PATH, format!("Token {key}"))
        .await
        .is(401, r#"{"detail":"Invalid token."}"#);
}

#[tokio::test]
async fn a_token_can_have_an_age() {
    let site =
        Site::with(|settings| settings.section_mut::<TokenSettings>().max_age = Some("1h".parse().unwrap()));
    let key = give(&site, ALICE, "a").await;
    site.advance(3_599);
    site.get(PATH, format!("Token {key}")).await.is(200, ALICE_SEEN);
    site.advance(1);
    site.get(PATH, format!("Token {key}"))
        .await
        .is(401, r#"{"detail":"Invalid token."}"#);
    let fresh = site
        .post("/api-token-auth/", credentials("alice", "wonderland-42"))
        .await
        .text("token");
    assert_ne!(fresh, key);
    site.get(PATH, format!("Token {fresh}")).await.is(200, ALICE_SEEN);
}
