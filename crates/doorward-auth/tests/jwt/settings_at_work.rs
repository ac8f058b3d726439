//! SimpleJWT's settings at their defaults and away from them, in the tokens that are issued and judged. Those of
//! rotation, users and headers are held beside what they change.

use doorward_auth::jwt::sliding;
use doorward_core::settings::{Audience, Settings};
use doorward_django::jwt::TokenType;
use serde_json::{Value, json};

use super::site::{NOW, Site};

fn names(claims: &Value) -> Vec<&str> {
    claims.as_object().unwrap().keys().map(String::as_str).collect()
}

async fn sliding_token(site: &Site) -> Value {
    let user = site.door.stores().users.by_username("alice").await.unwrap();
    let token = sliding::obtain(&site.door, &user.unwrap()).await.unwrap();
    site.claims(token.expose())
}

async fn opens(site: &Site, access: &str) -> bool {
    site.get("/whoami/jwt/", format!("Bearer {access}")).await.status == 200
}

async fn refreshes(site: &Site, refresh: &str) -> bool {
    let answer = site
        .post("/api/token/refresh/", json!({ "refresh": refresh }))
        .await;
    answer.status == 200 && opens(site, &answer.text("access")).await
}

async fn works(site: &Site) -> (Value, Value) {
    let (refresh, access) = site.pair().await;
    assert!(opens(site, &access).await && refreshes(site, &refresh).await);
    (site.claims(&refresh), site.claims(&access))
}

#[tokio::test]
async fn claims_have_their_names() {
    let site = Site::new();
    let (refresh, access) = works(&site).await;
    assert_eq!(names(&refresh), ["token_type", "exp", "iat", "jti", "user_id"]);
    assert_eq!(names(&access), names(&refresh));
    assert_eq!(
        (&refresh["token_type"], &access["token_type"]),
        (&json!("refresh"), &json!("access"))
    );
    let sliding = sliding_token(&site).await;
    assert_eq!(
        names(&sliding),
        ["token_type", "exp", "iat", "jti", "refresh_exp", "user_id"]
    );

    let site = Site::with(|settings| {
        settings.jwt.token_type_claim = Some("kind".to_owned());
        settings.jwt.jti_claim = Some("tid".to_owned());
        settings.jwt.user_id_claim = "uid".to_owned();
        settings.jwt.sliding_token_refresh_exp_claim = "rexp".to_owned();
        settings.jwt.check_revoke_token = true;
        settings.jwt.revoke_token_claim = "hash".to_owned();
    });
    let (refresh, access) = works(&site).await;
    assert_eq!(names(&refresh), ["kind", "exp", "iat", "tid", "uid", "hash"]);
    assert_eq!(names(&access), names(&refresh));
    let sliding = sliding_token(&site).await;
    assert_eq!(
        names(&sliding),
        ["kind", "exp", "iat", "tid", "rexp", "uid", "hash"]
    );
}

#[tokio::test]
async fn claims_may_have_no_names() {
    let site = Site::with(|settings| {
        settings.jwt.token_type_claim = None;
        settings.jwt.jti_claim = None;
    });
    let (refresh, access) = works(&site).await;
    assert_eq!(names(&refresh), ["exp", "iat", "user_id"]);
    assert_eq!(names(&access), names(&refresh));
}

#[tokio::test]
async fn lifetimes_are_as_they_are_set() {
    let lives = |claims: &Value, claim: &str| claims[claim].as_i64().unwrap() - NOW;
    let site = Site::new();
    let (refresh, access) = works(&site).await;
    assert_eq!((lives(&refresh, "exp"), lives(&access, "exp")), (86_400, 300));
    let sliding = sliding_token(&site).await;
    assert_eq!(
        (lives(&sliding, "exp"), lives(&sliding, "refresh_exp")),
        (300, 86_400)
    );

    let site = Site::with(|settings| {
        settings.jwt.access_token_lifetime = "10s".parse().unwrap();
        settings.jwt.refresh_token_lifetime = "20s".parse().unwrap();
        settings.jwt.sliding_token_lifetime = "30s".parse().unwrap();
        settings.jwt.sliding_token_refresh_lifetime = "40s".parse().unwrap();
    });
    let (refresh, access) = works(&site).await;
    assert_eq!((lives(&refresh, "exp"), lives(&access, "exp")), (20, 10));
    let sliding = sliding_token(&site).await;
    assert_eq!((lives(&sliding, "exp"), lives(&sliding, "refresh_exp")), (30, 40));
}

#[tokio::test]
async fn a_leeway_prolongs_every_token() {
    for (leeway, is_good) in [("0s", false), ("9s", false), ("10s", true)] {
        let site = Site::with(|settings| settings.jwt.leeway = leeway.parse().unwrap());
        let (refresh, access) = site.pair().await;
        site.advance(309);
        assert_eq!(opens(&site, &access).await, is_good, "{leeway}");
        assert!(refreshes(&site, &refresh).await);
        site.advance(86_400 - 300);
        assert_eq!(refreshes(&site, &refresh).await, is_good, "{leeway}");
    }
}

fn named(settings: &mut Settings) {
    settings.jwt.audience = Some(Audience::Many(vec!["shop".to_owned(), "till".to_owned()]));
    settings.jwt.issuer = Some("https://issuer.example".to_owned());
}

#[tokio::test]
async fn audience_and_issuer_are_written_and_demanded_where_they_are_set() {
    let (plain, named) = (Site::new(), Site::with(named));
    let (_, access) = works(&plain).await;
    assert!(access.get("aud").is_none() && access.get("iss").is_none());
    let (_, access) = works(&named).await;
    assert_eq!(
        (&access["aud"], &access["iss"]),
        (&json!(["shop", "till"]), &json!("https://issuer.example"))
    );

    let (_, of_plain) = plain.pair().await;
    let (_, of_named) = named.pair().await;
    assert!(opens(&plain, &of_named).await, "nobody asks for them");
    assert!(!opens(&named, &of_plain).await, "the key is the same");
    for (aud, iss, is_good) in [
        (json!("till"), "https://issuer.example", true),
        (json!("bank"), "https://issuer.example", false),
        (json!("till"), "https://other.example", false),
    ] {
        // Signed where nothing is set, so that nothing is written over.
        let token = plain.forge(TokenType::Access, |claims| {
            claims.insert("aud", aud.clone());
            claims.insert("iss", iss);
        });
        assert_eq!(opens(&named, &token).await, is_good, "{aud} {iss}");
    }
}
