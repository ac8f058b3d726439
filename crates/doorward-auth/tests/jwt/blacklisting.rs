//! `/api/token/blacklist/`, `/api/token/verify/`.

use doorward_django::jwt::TokenType;
use serde_json::json;

use super::site::{NOW, Site};

#[tokio::test]
async fn a_token_is_taken_back_once() {
    let site = Site::new();
    let (refresh, access) = site.pair().await;
    let body = json!({ "refresh": refresh });
    site.post("/api/token/blacklist/", body.clone())
        .await
        .is(200, "{}");
    site.post("/api/token/blacklist/", body.clone())
        .await
        .refuses_token("Token is blacklisted");
    site.post("/api/token/refresh/", body)
        .await
        .refuses_token("Token is blacklisted");
    let answer = site.get("/whoami/jwt/", format!("Bearer {access}")).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn only_refresh_tokens_can_be_taken_back() {
    let site = Site::new();
    let (_, access) = site.pair().await;
    let answer = site
        .post("/api/token/blacklist/", json!({ "refresh": access }))
        .await;
    answer.refuses_token("Token has wrong type");
    site.post("/api/token/blacklist/", json!({}))
        .await
        .is(400, r#"{"refresh":["This field is required."]}"#);
}

#[tokio::test]
async fn tokens_that_were_not_issued_here_can_be_taken_back() {
    let site = Site::new();
    for id in [json!("99"), json!("abc"), json!(null), json!(true), json!("2")] {
        let token = site.forge(TokenType::Refresh, |claims| claims.insert("user_id", id.clone()));
        let body = json!({ "refresh": token });
        site.post("/api/token/blacklist/", body.clone())
            .await
            .is(200, "{}");
        site.post("/api/token/blacklist/", body)
            .await
            .refuses_token("Token is blacklisted");
    }
}

#[tokio::test]
async fn any_good_token_verifies() {
    let site = Site::new();
    for token_type in [TokenType::Access, TokenType::Refresh, TokenType::Sliding] {
        for id in ["2", "4", "99"] {
            let token = site.forge(token_type, |claims| claims.insert("user_id", id));
            site.post("/api/token/verify/", json!({ "token": token }))
                .await
                .is(200, "{}");
        }
        let late = site.forge(token_type, |claims| claims.insert("exp", NOW));
        site.post("/api/token/verify/", json!({ "token": late }))
            .await
            .refuses_token("Token is expired");
    }
    site.post("/api/token/verify/", json!({ "token": "x" }))
        .await
        .refuses_token("Token is invalid");
}

#[tokio::test]
async fn verify_asks_the_blacklist_only_with_rotation() {
    for (on, status, body) in [
        (false, 200, "{}"),
        (true, 400, r#"{"non_field_errors":["Token is blacklisted"]}"#),
    ] {
        let site = Site::with(|settings| settings.jwt.blacklist_after_rotation = on);
        let (refresh, _) = site.pair().await;
        site.post("/api/token/blacklist/", json!({ "refresh": refresh }))
            .await
            .is(200, "{}");
        site.post("/api/token/verify/", json!({ "token": refresh }))
            .await
            .is(status, body);
    }
}
