//! `/api/token/refresh/`: a refresh token becomes an access token, and its own successor.

use doorward_auth::jwt::JwtDoorExt;
use doorward_core::UserId;
use doorward_core::settings::Settings;
use doorward_django::jwt::{Claims, TokenType};
use doorward_django::secret::Secret;
use serde_json::{Value, json};

use super::site::{ALICE, Answer, NOW, Site, without};

const PATH: &str = "/api/token/refresh/";
const NO_ACCOUNT: &str = r#"{"detail":"No active account found for the given token."}"#;

async fn refresh(site: &Site, token: &str) -> Answer {
    site.post(PATH, json!({ "refresh": token })).await
}

fn rotating(settings: &mut Settings) {
    settings.jwt.rotate_refresh_tokens = true;
    settings.jwt.blacklist_after_rotation = true;
    settings.jwt.reuse_grace = "0s".parse().unwrap();
    settings.jwt.reuse_detection = false;
}

#[tokio::test]
async fn a_refresh_gives_a_new_access_token() {
    let site = Site::new();
    let (token, access) = site.pair().await;
    site.advance(100);
    let answer = refresh(&site, &token).await;
    assert!(answer.body.starts_with(r#"{"access":""#) && !answer.body.contains("refresh"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let claims = site.claims(&answer.text("access"));
    assert_eq!(
        (&claims["exp"], &claims["iat"]),
        (&json!(NOW + 400), &json!(NOW + 100))
    );
    assert_ne!(claims["jti"], site.claims(&access)["jti"]);
    assert_eq!(refresh(&site, &token).await.status, 200);
}

#[tokio::test]
async fn claims_of_one_s_own_flow_into_the_access_token() {
    let site = Site::new();
    let token = site.forge(TokenType::Refresh, |claims| claims.insert("tier", "gold"));
    let answer = refresh(&site, &token).await;
    assert_eq!(site.claims(&answer.text("access"))["tier"], "gold");
}

#[tokio::test]
async fn bad_tokens_are_refused_in_simple_jwt_s_words() {
    let site = Site::new();
    let late = |claims: &mut Claims| claims.insert("exp", NOW - 10);
    let full = site.door.jwt().clone();
    let usual = Claims::new_token(TokenType::Refresh, [1; 16], site.door.now(), &full).for_user("2", &full);
    for (token, sentence) in [
        ("garbage".to_owned(), "Token is invalid"),
        ("a.b.c".to_owned(), "Token is invalid"),
        (site.forge(TokenType::Access, |_| {}), "Token has wrong type"),
        (site.forge(TokenType::Refresh, late), "Token is expired"),
        (site.sign(&without(&usual, "exp")), "Token has no 'exp' claim"),
        (site.sign(&without(&usual, "jti")), "Token has no id"),
        (site.sign(&without(&usual, "token_type")), "Token has no type"),
        (
            site.forge(TokenType::Refresh, |claims| claims.insert("exp", "1799999999x")),
            "Token is invalid",
        ),
        (
            site.forge(TokenType::Refresh, |claims| claims.insert("jti", "j".repeat(300))),
            "Token is invalid",
        ),
        (
            site.forge(TokenType::Refresh, |claims| claims.insert("jti", 7)),
            "Token is invalid",
        ),
        (
            site.forge(TokenType::Refresh, |claims| claims.insert("user_id", true)),
            "Token is invalid",
        ),
        (
            site.forge(TokenType::Refresh, |claims| claims.insert("user_id", "02")),
            "Token is invalid",
        ),
    ] {
        refresh(&site, &token).await.refuses_token(sentence);
    }
    site.post(PATH, json!({}))
        .await
        .is(400, r#"{"refresh":["This field is required."]}"#);
    site.post(PATH, json!({"refresh": ""}))
        .await
        .is(400, r#"{"refresh":["This field may not be blank."]}"#);
}

#[tokio::test]
async fn users_who_are_gone_read_as_inactive_ones() {
    let site = Site::new();
    for id in [
        json!("4"),
        json!(4),
        json!("99"),
        json!("abc"),
        json!([2]),
        json!({"a": 1}),
        json!("2\0"),
        json!(-1),
    ] {
        let token = site.forge(TokenType::Refresh, |claims| claims.insert("user_id", id.clone()));
        let answer = refresh(&site, &token).await;
        answer.is(401, NO_ACCOUNT);
        assert_eq!(
            answer.header("www-authenticate"),
            Some(r#"Bearer realm="api""#),
            "{id}"
        );
    }
}

#[tokio::test]
async fn where_no_user_is_named_none_is_looked_up() {
    let site = Site::new();
    for id in [json!(""), json!(null), json!(0), json!([])] {
        let token = site.forge(TokenType::Refresh, |claims| claims.insert("user_id", id.clone()));
        assert_eq!(refresh(&site, &token).await.status, 200, "{id}");
    }
    let rules = site.door.jwt();
    let nobody = Claims::new_token(TokenType::Refresh, [1; 16], site.door.now(), rules);
    assert_eq!(refresh(&site, &site.sign(&nobody)).await.status, 200);
}

#[tokio::test]
async fn inactive_users_may_refresh_where_nobody_asks() {
    let site = Site::with(|settings| settings.jwt.check_user_is_active = false);
    let token = site.forge(TokenType::Refresh, |claims| claims.insert("user_id", "4"));
    assert_eq!(refresh(&site, &token).await.status, 200);
}

#[tokio::test]
async fn rotation_retires_the_old_token() {
    let site = Site::with(rotating);
    let (first, _) = site.pair().await;
    site.advance(10);
    let answer = refresh(&site, &first).await;
    assert!(answer.body.starts_with(r#"{"access":"ey"#), "{}", answer.body);
    let second = answer.text("refresh");
    let claims = site.claims(&second);
    assert_eq!(
        (&claims["exp"], &claims["iat"]),
        (&json!(NOW + 86_410), &json!(NOW + 10))
    );
    refresh(&site, &first).await.refuses_token("Token is blacklisted");
    assert_eq!(refresh(&site, &second).await.status, 200);
}

#[tokio::test]
async fn rotation_alone_leaves_the_old_token_good() {
    let site = Site::with(|settings| {
        rotating(settings);
        settings.jwt.blacklist_after_rotation = false;
    });
    let (first, _) = site.pair().await;
    let second = refresh(&site, &first).await.text("refresh");
    assert_ne!(first, second);
    assert_eq!(refresh(&site, &first).await.status, 200);
}

#[tokio::test]
async fn a_password_change_ends_refreshing() {
    let site = Site::with(|settings| settings.jwt.check_revoke_token = true);
    let (token, access) = site.pair().await;
    assert_eq!(refresh(&site, &token).await.status, 200);
    change_password(&site);
    refresh(&site, &token).await.is(
        401,
        r#"{"detail":"The user's password has been changed.","code":"password_changed"}"#,
    );
    refresh(&site, &token).await.refuses_token("Token is blacklisted");
    site.get("/whoami/jwt/", format!("Bearer {access}")).await.is(
        401,
        r#"{"detail":"The user's password has been changed.","code":"password_changed"}"#,
    );
}

#[tokio::test]
async fn a_sliding_token_falls_with_the_password_too() {
    let site = Site::with(|settings| settings.jwt.check_revoke_token = true);
    let credentials = super::site::credentials("alice", "wonderland-42");
    let token = site.post("/api/token/sliding/", credentials).await.text("token");
    change_password(&site);
    let body: Value = json!({ "token": token });
    let answer = site.post("/api/token/sliding/refresh/", body).await;
    assert!(answer.body.contains("password_changed"), "{}", answer.body);
}

fn change_password(site: &Site) {
    site.memory.change_user(&UserId::Int(ALICE), |alice| {
        alice.password = Secret::new("md5$other$hash".to_owned());
    });
}
