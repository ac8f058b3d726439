//! Taking back everything of a caller, or one token for a service.

use doorward_auth::accounts::{self, PasswordReset};
use doorward_auth::authtoken;
use doorward_auth::jwt::JwtDoorExt;
use doorward_auth::jwt::revocation::{self, Revocation};
use doorward_auth::jwt::{pair, sliding};
use doorward_core::settings::{Settings, UrlSetting};
use doorward_core::user::UserId;
use doorward_django::jwt::{Claims, REVOCATION_CLAIM, TokenType};
use doorward_django::reset_token::{ResetUser, encode_uid, make_token};
use doorward_django::secret::{Secret, SecretKey};
use http::Request;
use serde_json::{Value, json};

use super::site::{ALICE, Answer, NOW, SECRET_KEY, Site, credentials, user, without};

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

/// A login in the second of a revocation is good, by its access token, its refreshes and what they give; what was there
/// before is worth nothing.
#[tokio::test]
async fn ties_within_a_second() {
    for rotates in [false, true] {
        let site = Site::with(|settings| {
            settings.jwt.rotate_refresh_tokens = rotates;
            settings.jwt.blacklist_after_rotation = rotates;
        });
        let mut older = site.pair().await;
        for _ in 0..3 {
            revocation::revoke_all(&site.door, &UserId::Int(ALICE))
                .await
                .unwrap();
            let (refresh, access) = site.pair().await;
            who(&site, &older.1).await.is(401, REVOKED);
            let answer = site.post(REFRESH, json!({ "refresh": older.0 })).await;
            answer.refuses_token("Token is blacklisted");
            assert_eq!(who(&site, &access).await.status, 200);
            let again = site.post(REFRESH, json!({ "refresh": refresh })).await;
            assert_eq!(who(&site, &again.text("access")).await.status, 200);
            let next = if rotates { again.text("refresh") } else { refresh };
            older = (next, again.text("access"));
        }
    }
}

/// Only who had tokens revoked has a claim more; it goes wherever the token's claims go.
#[tokio::test]
async fn a_token_tells_of_the_revocation_it_knows() {
    let site = Site::new();
    let (_, access) = site.pair().await;
    assert!(site.claims(&access).get(REVOCATION_CLAIM).is_none());
    revocation::revoke_all(&site.door, &UserId::Int(ALICE))
        .await
        .unwrap();
    let (refresh, access) = site.pair().await;
    for token in [&refresh, &access] {
        assert_eq!(site.claims(token)[REVOCATION_CLAIM], NOW * 1_000_000 + 1);
    }
    let bob = site.post("/api/token/", credentials("bob", "builder-43")).await;
    assert!(site.claims(&bob.text("access")).get(REVOCATION_CLAIM).is_none());
}

/// A token that Django issued tells of no revocation: its second decides, and a tie is refused, refresh tokens too.
#[tokio::test]
async fn what_tells_of_no_revocation_is_judged_by_its_second() {
    let site = Site::new();
    site.advance(1);
    revocation::revoke_all(&site.door, &UserId::Int(ALICE))
        .await
        .unwrap();
    site.advance(1);
    for (iat, is_good) in [(NOW, false), (NOW + 1, false), (NOW + 2, true)] {
        let of = |kind| site.forge(kind, |claims| claims.insert("iat", iat));
        let access = who(&site, &of(TokenType::Access)).await;
        assert_eq!(access.status == 200, is_good, "{iat}: {}", access.body);
        let refreshed = site
            .post(REFRESH, json!({ "refresh": of(TokenType::Refresh) }))
            .await;
        assert_eq!(refreshed.status == 200, is_good, "{iat}: {}", refreshed.body);
        if is_good {
            assert_eq!(who(&site, &refreshed.text("access")).await.status, 200);
        }
    }
}

#[tokio::test]
async fn nothing_but_the_latest_revocation_is_good_to_know_of() {
    let site = Site::new();
    revocation::revoke_all(&site.door, &UserId::Int(ALICE))
        .await
        .unwrap();
    let moment = NOW * 1_000_000 + 1;
    site.advance(5);
    for (known, is_good) in [
        (json!(moment), true),
        (json!(moment - 1), false),
        (json!(moment + 1), false),
        (json!(0), false),
        (json!(moment.to_string()), false),
        (json!(null), false),
        (json!([moment]), false),
        (json!(i64::MAX), false),
    ] {
        let access = site.forge(TokenType::Access, |claims| {
            claims.insert(REVOCATION_CLAIM, known.clone());
        });
        assert_eq!(who(&site, &access).await.status == 200, is_good, "{known}");
    }
}

/// A password that was checked, and changed with a revocation before the token was signed.
#[tokio::test]
async fn a_login_that_a_new_password_overtook_gets_no_token() {
    let site = Site::with(|settings| settings.jwt.revoke_on_password_change = true);
    let stores = site.memory.stores();
    let checked = stores.users.by_username("alice").await.unwrap().unwrap();
    let new = Secret::new("another-wonderland-43".to_owned());
    accounts::set_password(&site.door, &checked, &new).await.unwrap();
    let pair = pair::obtain(&site.door, &checked).await.unwrap_err();
    assert_eq!((pair.status().as_u16(), pair.code()), (401, "no_active_account"));
    let sliding = sliding::obtain(&site.door, &checked).await.unwrap_err();
    assert_eq!(sliding.status(), 401);
    let opaque = authtoken::obtain_auth_token(&site.door, &checked)
        .await
        .unwrap_err();
    assert_eq!(opaque.status(), 401);
    let present = stores.users.by_username("alice").await.unwrap().unwrap();
    assert!(pair::obtain(&site.door, &present).await.is_ok());
}

/// What a link for resetting a password takes back, and what the settings leave.
#[tokio::test]
async fn a_reset_password_takes_every_token_back() {
    for wanted in [true, false] {
        let site = Site::with(|settings| settings.passwords.revoke_tokens_on_reset = wanted);
        let login = credentials("alice", "wonderland-42");
        let (refresh, access) = site.pair().await;
        let opaque = site.post("/api-token-auth/", login).await.text("token");
        let (uid, token) = reset_link(&site).await;
        let new = Secret::new("another-wonderland-43".to_owned());
        let done = accounts::reset_password(&site.door, &uid, &token, &new)
            .await
            .unwrap();
        assert!(matches!(done, PasswordReset::Done(_)));
        assert_eq!(who(&site, &access).await.status == 401, wanted);
        let answer = site.post(REFRESH, json!({ "refresh": refresh })).await;
        assert_eq!(answer.status == 401, wanted);
        let answer = site.get("/whoami/token/", format!("Token {opaque}")).await;
        assert_eq!(answer.status == 401, wanted);
        // The login that follows is good at once.
        let login = credentials("alice", new.expose());
        let pair = site.post("/api/token/", login).await;
        assert_eq!(who(&site, &pair.text("access")).await.status, 200);
    }
}

async fn reset_link(site: &Site) -> (String, String) {
    let users = site.memory.stores().users;
    let alice = users.by_id(&UserId::Int(ALICE)).await.unwrap().unwrap();
    let pk = alice.id.to_string();
    let user = ResetUser {
        pk: &pk,
        password: alice.password.expose(),
        last_login: alice.last_login,
        email: &alice.email,
    };
    (
        encode_uid(&pk),
        make_token(&user, site.door.now(), &SecretKey::new(SECRET_KEY)),
    )
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
