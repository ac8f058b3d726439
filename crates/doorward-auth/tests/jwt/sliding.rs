//! Sliding tokens.

use doorward_auth::jwt::JwtDoorExt;
use doorward_core::settings::TokenClass;
use doorward_core::user::UserId;
use doorward_django::jwt::{Claims, TokenType};
use serde_json::json;

use super::site::{ALICE, CAROL, NOW, Site, credentials, without};

const PATH: &str = "/api/token/sliding/refresh/";

#[tokio::test]
async fn a_sliding_token_renews_itself() {
    let site = Site::new();
    let first = site
        .post("/api/token/sliding/", credentials("alice", "wonderland-42"))
        .await
        .text("token");
    let before = site.claims(&first);
    let names: Vec<_> = before.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        names,
        ["token_type", "exp", "iat", "jti", "refresh_exp", "user_id"]
    );
    site.advance(100);
    let answer = site.post(PATH, json!({ "token": first })).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let after = site.claims(&answer.text("token"));
    assert_eq!(
        (&after["exp"], &after["iat"]),
        (&json!(NOW + 400), &json!(NOW + 100))
    );
    assert_eq!(
        (&after["jti"], &after["refresh_exp"]),
        (&before["jti"], &before["refresh_exp"])
    );
}

#[tokio::test]
async fn renewing_has_an_end() {
    let site = Site::new();
    let rules = site.door.jwt();
    let usual = Claims::new_token(TokenType::Sliding, [1; 16], site.door.now(), rules);
    for (token, sentence) in [
        (
            usual.clone().with("refresh_exp", NOW - 5),
            "Token 'refresh_exp' claim has expired",
        ),
        (usual.clone().with("exp", NOW - 5), "Token is expired"),
        (without(&usual, "refresh_exp"), "Token has no 'refresh_exp' claim"),
        (usual.clone().with("refresh_exp", "soon"), "Token is invalid"),
        (usual.with("token_type", "access"), "Token has wrong type"),
    ] {
        site.post(PATH, json!({ "token": site.sign(&token) }))
            .await
            .refuses_token(sentence);
    }
}

#[tokio::test]
async fn it_opens_the_api_where_it_is_let() {
    let site = Site::new();
    let token = site.forge(TokenType::Sliding, |_| {});
    assert_eq!(
        site.get("/whoami/jwt/", format!("Bearer {token}")).await.status,
        401
    );

    let site = Site::with(|settings| {
        settings.jwt.auth_token_classes = vec![TokenClass::Access, TokenClass::Sliding];
    });
    let token = site.forge(TokenType::Sliding, |_| {});
    let answer = site.get("/whoami/jwt/", format!("Bearer {token}")).await;
    answer.is(
        200,
        r#"{"id":2,"user":"alice","is_staff":false,"auth":"SlidingToken"}"#,
    );
    site.get("/whoami/jwt/", "Bearer garbage").await.is(
        401,
        concat!(
            r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":["#,
            r#"{"token_class":"AccessToken","token_type":"access","message":"Token is invalid"},"#,
            r#"{"token_class":"SlidingToken","token_type":"sliding","message":"Token is invalid"}]}"#
        ),
    );
}

#[tokio::test]
async fn a_sliding_token_that_was_taken_back_opens_nothing() {
    let site = Site::with(|settings| settings.jwt.auth_token_classes = vec![TokenClass::Sliding]);
    let token = site
        .post("/api/token/sliding/", credentials("alice", "wonderland-42"))
        .await
        .text("token");
    let row = doorward_core::stores::OutstandingToken {
        jti: site.claims(&token)["jti"].as_str().unwrap().to_owned(),
        token: token.clone().into(),
        user: None,
        created_at: None,
        expires_at: site.door.now(),
    };
    let stores = site.memory.stores();
    stores
        .outstanding_tokens
        .blacklist(row, site.door.now())
        .await
        .unwrap();
    let answer = site.get("/whoami/jwt/", format!("Bearer {token}")).await;
    assert!(answer.body.contains("Token is blacklisted"), "{}", answer.body);
    site.post(PATH, json!({ "token": token }))
        .await
        .refuses_token("Token is blacklisted");
}

/// As a refresh token: it would open nothing.
#[tokio::test]
async fn nobody_s_token_is_renewed() {
    let site = Site::new();
    let of = |user: &str| site.forge(TokenType::Sliding, |claims| claims.insert("user_id", user));
    for user in [CAROL.to_string(), "99".to_owned()] {
        let answer = site.post(PATH, json!({ "token": of(&user) })).await;
        answer.is(
            401,
            r#"{"detail":"No active account found for the given token."}"#,
        );
    }
    let token = of(&ALICE.to_string());
    assert_eq!(site.post(PATH, json!({ "token": token })).await.status, 200);
    site.memory.remove_user(&UserId::Int(ALICE));
    assert_eq!(site.post(PATH, json!({ "token": token })).await.status, 401);

    let site = Site::with(|settings| settings.jwt.check_user_is_active = false);
    let carol = site.forge(TokenType::Sliding, |claims| {
        claims.insert("user_id", CAROL.to_string());
    });
    assert_eq!(site.post(PATH, json!({ "token": carol })).await.status, 200);
}
