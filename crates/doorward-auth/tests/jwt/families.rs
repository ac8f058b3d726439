//! A rotated refresh token gives its one successor again within the grace; used after that it ends its family.

use doorward_core::settings::{ReuseBinding, Settings, TokenStorage};
use doorward_core::stores::{ReuseEvent, ReuseKind};
use doorward_core::user::UserId;
use doorward_django::jwt::TokenType;
use http::Request;
use serde_json::json;

use super::site::{ALICE, Answer, NOW, Site};

const PATH: &str = "/api/token/refresh/";

fn rotating(settings: &mut Settings) {
    settings.jwt.rotate_refresh_tokens = true;
    settings.jwt.blacklist_after_rotation = true;
}

async fn refresh_as(site: &Site, token: &str, agent: Option<&str>) -> Answer {
    let mut request = Request::post(PATH).header("content-type", "application/json");
    if let Some(agent) = agent {
        request = request.header("user-agent", agent);
    }
    site.send(request, json!({ "refresh": token }).to_string()).await
}

async fn refresh(site: &Site, token: &str) -> Answer {
    refresh_as(site, token, Some("browser/1")).await
}

async fn successor(site: &Site, token: &str) -> String {
    let answer = refresh(site, token).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.text("refresh")
}

async fn is_refused(site: &Site, token: &str) {
    refresh(site, token).await.refuses_token("Token is blacklisted");
}

async fn events(site: &Site) -> Vec<ReuseEvent> {
    site.door
        .stores()
        .outstanding_tokens
        .reuse_events(100)
        .await
        .unwrap()
}

#[tokio::test]
async fn within_the_grace_the_same_successor_is_answered_again() {
    let site = Site::with(rotating);
    let (first, _) = site.pair().await;
    let second = successor(&site, &first).await;
    site.advance(9);
    let again = refresh(&site, &first).await;
    assert_eq!(again.text("refresh"), second, "byte for byte");
    let access = site.claims(&again.text("access"));
    assert_eq!(access["iat"], NOW + 9);
    assert_eq!(
        site.get("/whoami/jwt/", format!("Bearer {}", again.text("access")))
            .await
            .status,
        200
    );
    let events = events(&site).await;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (events[0].kind, events[0].at),
        (ReuseKind::Replayed, site.door.now())
    );
    assert_eq!(successor(&site, &second).await.len(), second.len());
}

#[tokio::test]
async fn odd_claims_come_back_to_the_byte() {
    let site = Site::with(|settings| {
        rotating(settings);
        settings.jwt.store_tokens = TokenStorage::Digest;
        settings.jwt.issuer = Some("https://issuer.example".to_owned());
    });
    let token = site.forge(TokenType::Refresh, |claims| {
        claims.insert("ratio", 0.1);
        claims.insert("large", json!(1e22));
        claims.insert("many", u64::MAX);
        claims.insert("text", "ä\u{0}\u{1F600}\"\\/\n");
        claims.insert("deep", json!({"z": [1, 2.50, null, true], "a": {"b": -0.0}}));
        claims.insert("iss", "https://issuer.example");
    });
    let second = successor(&site, &token).await;
    assert_eq!(successor(&site, &token).await, second);
}

#[tokio::test]
async fn after_the_grace_the_family_is_revoked() {
    let site = Site::with(rotating);
    let (first, _) = site.pair().await;
    let (other, _) = site.pair().await;
    let second = successor(&site, &first).await;
    site.advance(10);
    is_refused(&site, &first).await;
    is_refused(&site, &second).await;
    assert_eq!(events(&site).await[0].kind, ReuseKind::Reused);
    assert_eq!(refresh(&site, &other).await.status, 200, "another login goes on");
}

#[tokio::test]
async fn a_used_successor_ends_the_grace() {
    let site = Site::with(rotating);
    let (first, _) = site.pair().await;
    let second = successor(&site, &first).await;
    let third = successor(&site, &second).await;
    is_refused(&site, &first).await;
    is_refused(&site, &third).await;
}

#[tokio::test]
async fn the_ninth_replay_is_reuse() {
    let site = Site::with(rotating);
    let (first, _) = site.pair().await;
    let second = successor(&site, &first).await;
    for _ in 0..20 {
        assert_eq!(successor(&site, &first).await, second, "a burst is not counted");
    }
    site.advance(1);
    for _ in 0..8 {
        assert_eq!(successor(&site, &first).await, second);
    }
    is_refused(&site, &first).await;
    is_refused(&site, &second).await;
}

/// Whoever of the two rotates first, the thief or the owner: when the other comes, nobody has a good token any more.
#[tokio::test]
async fn another_client_is_refused_within_the_grace() {
    for agent in [Some("browser/2"), Some(""), None] {
        let site = Site::with(rotating);
        let (first, _) = site.pair().await;
        let (other, _) = site.pair().await;
        let second = successor(&site, &first).await;
        let answer = refresh_as(&site, &first, agent).await;
        answer.refuses_token("Token is blacklisted");
        let events = events(&site).await;
        assert_eq!((events.len(), events[0].kind), (1, ReuseKind::OtherClient));
        assert!(!events[0].client.contains("browser"));
        is_refused(&site, &second).await;
        is_refused(&site, &first).await;
        assert_eq!(refresh(&site, &other).await.status, 200, "another login goes on");
    }
}

#[tokio::test]
async fn without_detection_another_client_is_refused_and_nothing_more() {
    let site = Site::with(|settings| {
        rotating(settings);
        settings.jwt.reuse_detection = false;
    });
    let (first, _) = site.pair().await;
    let second = successor(&site, &first).await;
    let answer = refresh_as(&site, &first, Some("browser/2")).await;
    answer.refuses_token("Token is blacklisted");
    assert_eq!(events(&site).await[0].kind, ReuseKind::OtherClient);
    assert_eq!(refresh(&site, &second).await.status, 200);
}

#[tokio::test]
async fn without_a_binding_any_client_will_do() {
    let site = Site::with(|settings| {
        rotating(settings);
        settings.jwt.reuse_binding = ReuseBinding::None;
    });
    let (first, _) = site.pair().await;
    let second = successor(&site, &first).await;
    let other = refresh_as(&site, &first, Some("browser/2")).await;
    assert_eq!(other.text("refresh"), second);
}

#[tokio::test]
async fn without_detection_reuse_is_refused_and_nothing_more() {
    let site = Site::with(|settings| {
        rotating(settings);
        settings.jwt.reuse_detection = false;
    });
    let (first, _) = site.pair().await;
    let second = successor(&site, &first).await;
    site.advance(10);
    is_refused(&site, &first).await;
    assert_eq!(refresh(&site, &second).await.status, 200);
    assert!(events(&site).await.is_empty());
}

#[tokio::test]
async fn a_logout_is_no_reuse() {
    let site = Site::with(rotating);
    let (first, _) = site.pair().await;
    let second = successor(&site, &first).await;
    site.post("/api/token/blacklist/", json!({ "refresh": second }))
        .await;
    is_refused(&site, &second).await;
    assert!(events(&site).await.is_empty());
    is_refused(&site, &first).await;
}

#[tokio::test]
async fn where_nothing_is_blacklisted_there_are_no_families() {
    let site = Site::with(|settings| settings.jwt.rotate_refresh_tokens = true);
    let (first, _) = site.pair().await;
    let second = successor(&site, &first).await;
    assert_ne!(successor(&site, &first).await, second);
    site.advance(60);
    assert_eq!(refresh(&site, &first).await.status, 200);
    assert!(events(&site).await.is_empty());
}

#[tokio::test]
async fn an_inactive_user_gets_no_successor_again() {
    let site = Site::with(rotating);
    let (first, _) = site.pair().await;
    let second = successor(&site, &first).await;
    site.memory
        .change_user(&UserId::Int(ALICE), |alice| alice.is_active = false);
    is_refused(&site, &first).await;
    let no_account = r#"{"detail":"No active account found for the given token."}"#;
    assert!(
        refresh(&site, &second).await.body != no_account,
        "the family was revoked"
    );
}

#[tokio::test]
async fn a_family_has_an_end() {
    let site = Site::with(|settings| {
        rotating(settings);
        settings.jwt.refresh_token_lifetime = "1h".parse().unwrap();
        settings.jwt.refresh_token_max_lifetime = Some("2h".parse().unwrap());
    });
    let (mut token, _) = site.pair().await;
    for (minutes, ends) in [(50, 110), (50, 120), (15, 120)] {
        site.advance(minutes * 60);
        token = successor(&site, &token).await;
        assert_eq!(site.claims(&token)["exp"], NOW + ends * 60, "{minutes}");
    }
    site.advance(5 * 60);
    refresh(&site, &token).await.refuses_token("Token is expired");
}

#[tokio::test]
async fn a_first_token_ends_with_its_family_too() {
    let site = Site::with(|settings| {
        rotating(settings);
        settings.jwt.refresh_token_max_lifetime = Some("2h".parse().unwrap());
    });
    let (token, access) = site.pair().await;
    assert_eq!(site.claims(&token)["exp"], NOW + 7_200);
    assert_eq!(site.claims(&access)["exp"], NOW + 300);
    let old = site.forge(TokenType::Refresh, |claims| claims.insert("iat", NOW - 7_200));
    refresh(&site, &old).await.refuses_token("Token is expired");
}

/// Unless it is set, the end is 90 days after the login, or one refresh token's life; `0s` is without end.
#[tokio::test]
async fn a_family_has_an_end_by_default() {
    let day = 86_400;
    for (lifetime, limit, ends) in [
        ("30d", None, Some(90)),
        ("120d", None, Some(120)),
        ("30d", Some("0s"), None),
    ] {
        let site = Site::with(|settings| {
            rotating(settings);
            settings.jwt.refresh_token_lifetime = lifetime.parse().unwrap();
            settings.jwt.refresh_token_max_lifetime = limit.map(|limit| limit.parse().unwrap());
        });
        let (mut token, _) = site.pair().await;
        for _ in 0..4 {
            site.advance(20 * day);
            token = successor(&site, &token).await;
        }
        let usual = NOW + 80 * day as i64 + if lifetime == "30d" { 30 } else { 120 } * day as i64;
        let end = ends.map_or(usual, |days| NOW + days * day as i64);
        assert_eq!(site.claims(&token)["exp"], end, "{lifetime} {limit:?}");
    }
}

#[tokio::test]
async fn without_families_nothing_ends_that_simple_jwt_prolongs() {
    let site = Site::with(|settings| {
        settings.jwt.rotate_refresh_tokens = true;
        settings.jwt.refresh_token_max_lifetime = Some("0s".parse().unwrap());
    });
    let old = site.forge(TokenType::Refresh, |claims| {
        claims.insert("iat", NOW - 91 * 86_400);
    });
    assert_eq!(refresh(&site, &old).await.status, 200);
}
