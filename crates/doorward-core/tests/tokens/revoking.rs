//! Taking back everything of a caller, or one token for a service.

use doorward_core::settings::{Settings, UrlSetting};
use doorward_core::tokens::revocation::{self, Revocation};
use doorward_core::user::UserId;
use doorward_django::jwt::{Claims, TokenType};
use doorward_django::secret::Secret;
use http::Request;
use serde_json::{Value, json};

use super::site::{ALICE, Answer, NOW, Site, credentials, user, without};

const REVOKED: &str = r#"{"detail":"Token is revoked","code":"token_not_valid"}"#;
const REFRESH: &str = "/api/token/refresh/";
const ROOT: i64 = 9;

async fn post_as(site: &Site, path: &str, authorization: &str, body: Value) -> Answer {
    let request = Request::post(path)
        .header("content-type", "application/json")
        .header("authorization", authorization);
    site.send(request, body.to_string()).await
}

async fn revoke_all(site: &Site, authorization: &str) -> Answer {
    post_as(site, "/api/token/revoke-all/", authorization, json!({})).await
}

async fn who(site: &Site, access: &str) -> Answer {
    site.get("/whoami/jwt/", format!("Bearer {access}")).await
}

#[tokio::test]
async fn everything_of_the_caller_is_taken_back() {
    let site = Site::new();
    let (refresh, access) = site.pair().await;
    let (other, _) = site.pair().await;
    let opaque = site
        .post("/api-token-auth/", credentials("alice", "wonderland-42"))
        .await
        .text("token");
    let bob = site.post("/api/token/", credentials("bob", "builder-43")).await;
    site.advance(1);
    revoke_all(&site, &format!("Bearer {access}")).await.is(200, "{}");
    who(&site, &access).await.is(401, REVOKED);
    for token in [&refresh, &other] {
        let answer = site.post(REFRESH, json!({ "refresh": token })).await;
        answer.refuses_token("Token is blacklisted");
    }
    let answer = site.get("/whoami/token/", format!("Token {opaque}")).await;
    answer.is(401, r#"{"detail":"Invalid token."}"#);
    assert_eq!(
        who(&site, &bob.text("access")).await.status,
        200,
        "nobody else is touched"
    );
    site.advance(1);
    let (_, access) = site.pair().await;
    assert_eq!(who(&site, &access).await.status, 200, "a new login is good");
}

#[tokio::test]
async fn the_anonymous_have_nothing_to_take_back() {
    let site = Site::new();
    let answer = site.post("/api/token/revoke-all/", json!({})).await;
    assert_eq!(answer.status, 401);
    assert_eq!(site.get("/api/token/revoke-all/", "").await.status, 401);
}

/// `iat` has whole seconds. In the second of the revocation an access token is refused, older or not; a refresh token
/// is judged by the blacklist, which knows.
#[tokio::test]
async fn ties_within_a_second() {
    let site = Site::new();
    let (older, access) = site.pair().await;
    revocation::revoke_all(&site.door, &UserId::Int(ALICE))
        .await
        .unwrap();
    let (newer, tied) = site.pair().await;
    who(&site, &access).await.is(401, REVOKED);
    who(&site, &tied).await.is(401, REVOKED);
    let answer = site.post(REFRESH, json!({ "refresh": older })).await;
    answer.refuses_token("Token is blacklisted");
    let again = site.post(REFRESH, json!({ "refresh": newer })).await;
    assert_eq!(again.status, 200);
    who(&site, &again.text("access")).await.is(401, REVOKED);
    site.advance(1);
    let again = site.post(REFRESH, json!({ "refresh": newer })).await;
    assert_eq!(who(&site, &again.text("access")).await.status, 200);
}

#[tokio::test]
async fn tokens_that_nobody_recorded_fall_too() {
    let site = Site::new();
    let unrecorded = site.forge(TokenType::Refresh, |_| {});
    let rules = site.door.jwt().clone();
    let access = Claims::new_token(TokenType::Access, [3; 16], site.door.now(), &rules).for_user("2", &rules);
    let undated = site.sign(&without(&access, "iat"));
    assert_eq!(who(&site, &undated).await.status, 200);
    site.advance(1);
    revocation::revoke_all(&site.door, &UserId::Int(ALICE))
        .await
        .unwrap();
    who(&site, &undated).await.is(401, REVOKED);
    let answer = site.post(REFRESH, json!({ "refresh": unrecorded })).await;
    answer.refuses_token("Token is blacklisted");
}

#[tokio::test]
async fn sliding_tokens_fall_too() {
    let site = Site::with(|settings| {
        settings.jwt.auth_token_classes = serde_json::from_value(json!(["access", "sliding"])).unwrap();
    });
    let login = credentials("alice", "wonderland-42");
    let token = site.post("/api/token/sliding/", login).await.text("token");
    site.advance(1);
    revocation::revoke_all(&site.door, &UserId::Int(ALICE))
        .await
        .unwrap();
    assert_eq!(who(&site, &token).await.status, 401);
    let answer = site
        .post("/api/token/sliding/refresh/", json!({ "token": token }))
        .await;
    answer.refuses_token("Token is blacklisted");
}

#[tokio::test]
async fn a_new_password_revokes_where_that_is_wanted() {
    for wanted in [false, true] {
        let site = Site::with(|settings| settings.jwt.revoke_on_password_change = wanted);
        let (refresh, access) = site.pair().await;
        site.advance(1);
        revocation::password_changed(&site.door, &UserId::Int(ALICE))
            .await
            .unwrap();
        assert_eq!(who(&site, &access).await.status == 401, wanted);
        let answer = site.post(REFRESH, json!({ "refresh": refresh })).await;
        assert_eq!(answer.status == 401, wanted);
    }
}

fn for_services(settings: &mut Settings) {
    for name in ["token_revoke", "token_introspect"] {
        settings.urls.0.insert(name.to_owned(), UrlSetting::Switch(true));
    }
    settings.jwt.rotate_refresh_tokens = true;
    settings.jwt.blacklist_after_rotation = true;
}

/// A site with a member of the staff, and its credentials.
async fn staffed() -> (Site, String) {
    let site = Site::with(for_services);
    let mut root = user(ROOT, "root", "root-root-1");
    root.is_staff = true;
    site.memory.add_user(root);
    let token = site
        .post("/api-token-auth/", credentials("root", "root-root-1"))
        .await
        .text("token");
    (site, format!("Token {token}"))
}

#[tokio::test]
async fn services_stand_nowhere_unless_they_are_asked_for() {
    let site = Site::new();
    for path in ["/api/token/revoke/", "/api/token/introspect/"] {
        assert_eq!(
            site.post(path, json!({ "token": "x" })).await.status,
            404,
            "{path}"
        );
    }
}

#[tokio::test]
async fn services_are_for_the_staff() {
    let (site, _) = staffed().await;
    let (_, access) = site.pair().await;
    for path in ["/api/token/revoke/", "/api/token/introspect/"] {
        let body = json!({ "token": access });
        assert_eq!(site.post(path, body.clone()).await.status, 401, "{path}");
        let answer = post_as(&site, path, &format!("Bearer {access}"), body).await;
        assert_eq!(answer.status, 403, "{path}");
    }
}

#[tokio::test]
async fn a_service_takes_a_family_back() {
    let (site, staff) = staffed().await;
    let (first, access) = site.pair().await;
    let second = site
        .post(REFRESH, json!({ "refresh": first }))
        .await
        .text("refresh");
    let revoke =
        async |token: &str| post_as(&site, "/api/token/revoke/", &staff, json!({ "token": token })).await;
    revoke(&second).await.is(200, "");
    let answer = site.post(REFRESH, json!({ "refresh": second })).await;
    answer.refuses_token("Token is blacklisted");
    // A second time, and for what never was a token, it is the same.
    for token in [
        &second,
        "garbage",
        "a.b.c",
        "0000000000000000000000000000000000000000",
    ] {
        revoke(token).await.is(200, "");
    }
    revoke(&access)
        .await
        .is(400, r#"{"error":"unsupported_token_type"}"#);
    let answer = post_as(&site, "/api/token/revoke/", &staff, json!({})).await;
    assert!(
        answer.status == 400 && answer.body.contains("invalid_request"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn an_opaque_token_is_taken_back_by_its_key() {
    let site = Site::new();
    let login = credentials("alice", "wonderland-42");
    let token = Secret::new(site.post("/api-token-auth/", login).await.text("token"));
    let revoke = || revocation::revoke(&site.door, &token);
    assert_eq!(revoke().await.unwrap(), Revocation::Revoked(1));
    assert_eq!(revoke().await.unwrap(), Revocation::Nothing);
}

#[tokio::test]
async fn introspection_tells_of_good_tokens_only() {
    let (site, staff) = staffed().await;
    let (refresh, access) = site.pair().await;
    let login = credentials("bob", "builder-43");
    let opaque = site.post("/api-token-auth/", login).await.text("token");
    let ask = async |body: Value| post_as(&site, "/api/token/introspect/", &staff, body).await;

    let answer = ask(json!({ "token": access })).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    let jti = site.claims(&access)["jti"].clone();
    assert_eq!(
        told,
        json!({"active": true, "sub": "2", "username": "alice", "token_type": "Bearer", "exp": NOW + 300,
               "iat": NOW, "jti": jti, "user_id": "2"})
    );
    let told: Value = serde_json::from_str(&ask(json!({ "token": opaque })).await.body).unwrap();
    let expected = json!({"active": true, "sub": "3", "username": "bob", "token_type": "Token", "iat": NOW});
    assert_eq!(told, expected);
    let told = ask(json!({ "token": refresh, "token_type_hint": "refresh_token" })).await;
    assert!(
        told.body.contains(r#""active":true"#) && !told.body.contains("token_type"),
        "{}",
        told.body
    );

    let inactive = r#"{"active":false}"#;
    let late = site.forge(TokenType::Access, |claims| claims.insert("exp", NOW - 1));
    let of_nobody = site.forge(TokenType::Access, |claims| claims.insert("user_id", "99"));
    let of_carol = site.forge(TokenType::Access, |claims| claims.insert("user_id", "4"));
    for token in [&refresh, &late, &of_nobody, &of_carol, "garbage", "a.b.c"] {
        ask(json!({ "token": token })).await.is(200, inactive);
    }
    for token in [&access, &late, "garbage"] {
        ask(json!({ "token": token, "token_type_hint": "refresh_token" }))
            .await
            .is(200, inactive);
    }
    site.advance(1);
    revocation::revoke_all(&site.door, &UserId::Int(ALICE))
        .await
        .unwrap();
    for body in [
        json!({ "token": access }),
        json!({ "token": refresh, "token_type_hint": "refresh_token" }),
    ] {
        ask(body).await.is(200, inactive);
    }
}
