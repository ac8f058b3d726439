//! `JwtAuthentication`: a token in a header becomes a user.

use axum::extract::Request;
use doorward_auth::jwt::JwtDoorExt;
use doorward_core::UserId;
use doorward_django::jwt::{Claims, TokenType};
use serde_json::{Value, json};

use super::site::{ALICE, NOW, Site, without};

const PATH: &str = "/whoami/jwt/";
const ALICE_SEEN: &str = r#"{"id":2,"user":"alice","is_staff":false,"auth":"AccessToken"}"#;
const ANONYMOUS: &str = r#"{"id":null,"user":null,"is_staff":false,"auth":null}"#;
const BAD_HEADER: &str = r#"{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}"#;
const UNRECOGNIZABLE: &str =
    r#"{"detail":"Token contained no recognizable user identification","code":"token_not_valid"}"#;
const NOT_FOUND: &str = r#"{"detail":"User not found","code":"user_not_found"}"#;

fn invalid(sentence: &str) -> String {
    format!(
        "{}{}{}",
        r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":["#,
        r#"{"token_class":"AccessToken","token_type":"access","message":""#,
        format_args!(r#"{sentence}"}}]}}"#),
    )
}

async fn show(site: &Site, token: &str) -> super::site::Answer {
    site.get(PATH, format!("Bearer {token}")).await
}

#[tokio::test]
async fn headers_have_a_shape() {
    let site = Site::new();
    let token = site.forge(TokenType::Access, |_| {});
    for (header, status, body) in [
        (format!("Bearer {token}"), 200, ALICE_SEEN),
        (format!("bearer {token}"), 200, ALICE_SEEN),
        (format!("  BEARER \t {token} "), 200, ALICE_SEEN),
        ("Bearer".to_owned(), 401, BAD_HEADER),
        (format!("Bearer {token} more"), 401, BAD_HEADER),
        (format!("JWT {token}"), 200, ANONYMOUS),
        (String::new(), 200, ANONYMOUS),
        (format!("Bearer{token}"), 200, ANONYMOUS),
    ] {
        site.get(PATH, &header).await.is(status, body);
    }
    let answer = site.get(PATH, "Bearer").await;
    assert_eq!(answer.header("www-authenticate"), Some(r#"Bearer realm="api""#));
    site.get(PATH, b"Bearer \xff\xfe")
        .await
        .is(401, &invalid("Token is invalid"));
}

#[tokio::test]
async fn several_headers_are_judged_as_one() {
    let site = Site::new();
    let token = site.forge(TokenType::Access, |_| {});
    let request = Request::get(PATH)
        .header("authorization", format!("Bearer {token}"))
        .header("authorization", format!("Bearer {token}"));
    site.send(request, String::new()).await.is(401, BAD_HEADER);
    let request = Request::get(PATH)
        .header("authorization", format!("Bearer {token}"))
        .header("authorization", "x");
    site.send(request, String::new())
        .await
        .is(401, &invalid("Token is invalid"));
}

#[tokio::test]
async fn words_and_header_can_be_others() {
    let site = Site::with(|settings| {
        settings.jwt.auth_header_types = vec!["JWT".to_owned(), "Bearer".to_owned()];
        settings.jwt.auth_header_name = "HTTP_X_ACCESS_TOKEN".to_owned();
    });
    let token = site.forge(TokenType::Access, |_| {});
    for word in ["JWT", "Bearer"] {
        let request = Request::get(PATH).header("x-access-token", format!("{word} {token}"));
        site.send(request, String::new()).await.is(200, ALICE_SEEN);
    }
    site.get(PATH, format!("JWT {token}")).await.is(200, ANONYMOUS);
    let answer = site
        .send(Request::get(PATH).header("x-access-token", "JWT"), String::new())
        .await;
    assert_eq!(answer.header("www-authenticate"), Some(r#"JWT realm="api""#));
}

#[tokio::test]
async fn only_access_tokens_open_the_api() {
    let site = Site::new();
    for kind in [
        json!("refresh"),
        json!("sliding"),
        json!("untyped"),
        json!("Access"),
        json!(["access"]),
        json!(null),
    ] {
        let token = site.forge(TokenType::Access, |claims| {
            claims.insert("token_type", kind.clone());
        });
        show(&site, &token)
            .await
            .is(401, &invalid("Token has wrong type"));
    }
}

#[tokio::test]
async fn claims_are_asked_for() {
    let site = Site::new();
    let rules = site.door.jwt();
    let usual = Claims::new_token(TokenType::Access, [1; 16], site.door.now(), rules).for_user("2", rules);
    for (claim, sentence) in [
        ("exp", "Token has no 'exp' claim"),
        ("jti", "Token has no id"),
        ("token_type", "Token has no type"),
    ] {
        show(&site, &site.sign(&without(&usual, claim)))
            .await
            .is(401, &invalid(sentence));
    }
    show(&site, &site.sign(&without(&usual, "iat")))
        .await
        .is(200, ALICE_SEEN);
    show(&site, &site.sign(&without(&usual, "user_id")))
        .await
        .is(401, UNRECOGNIZABLE);
    let late = site.forge(TokenType::Access, |claims| claims.insert("exp", NOW));
    show(&site, &late).await.is(401, &invalid("Token is expired"));
}

#[tokio::test]
async fn user_ids_have_one_spelling() {
    let site = Site::new();
    let cases: [(Value, u16, &str); 24] = [
        (json!(2), 200, ALICE_SEEN),
        (json!("2"), 200, ALICE_SEEN),
        (json!("99"), 401, NOT_FOUND),
        (json!("abc"), 401, NOT_FOUND),
        (json!(""), 401, NOT_FOUND),
        (json!({}), 401, NOT_FOUND),
        (json!([]), 401, NOT_FOUND),
        (json!([2]), 401, NOT_FOUND),
        (json!(null), 401, NOT_FOUND),
        (json!("2\0"), 401, NOT_FOUND),
        (json!("1e0"), 401, NOT_FOUND),
        (json!("0x2"), 401, NOT_FOUND),
        (json!(1e30), 401, NOT_FOUND),
        (json!(-1), 401, NOT_FOUND),
        (json!("9223372036854775808"), 401, NOT_FOUND),
        (json!(u64::MAX), 401, NOT_FOUND),
        (json!(true), 401, UNRECOGNIZABLE),
        (json!(2.0), 401, UNRECOGNIZABLE),
        (json!("02"), 401, UNRECOGNIZABLE),
        (json!("+2"), 401, UNRECOGNIZABLE),
        (json!("2_0"), 401, UNRECOGNIZABLE),
        (json!(" 2 "), 401, UNRECOGNIZABLE),
        (json!("２"), 401, UNRECOGNIZABLE),
        (
            json!("4"),
            401,
            r#"{"detail":"User is inactive","code":"user_inactive"}"#,
        ),
    ];
    for (id, status, body) in cases {
        let token = site.forge(TokenType::Access, |claims| claims.insert("user_id", id.clone()));
        show(&site, &token).await.is(status, body);
    }
}

#[tokio::test]
async fn inactive_users_pass_where_nobody_asks() {
    let site = Site::with(|settings| settings.jwt.check_user_is_active = false);
    let token = site.forge(TokenType::Access, |claims| claims.insert("user_id", "4"));
    assert_eq!(show(&site, &token).await.status, 200);
}

#[tokio::test]
async fn tokens_without_the_digest_fall_with_check_revoke_token() {
    let site = Site::with(|settings| settings.jwt.check_revoke_token = true);
    let body = r#"{"detail":"The user's password has been changed.","code":"password_changed"}"#;
    for digest in [None, Some(json!("x")), Some(json!(7)), Some(json!(null))] {
        let token = site.forge(TokenType::Access, |claims| {
            if let Some(digest) = digest {
                claims.insert("hash_password", digest);
            }
        });
        show(&site, &token).await.is(401, body);
    }
    let (_, access) = site.pair().await;
    show(&site, &access).await.is(200, ALICE_SEEN);
}

#[tokio::test]
async fn a_user_is_looked_up_for_each_request() {
    let site = Site::new();
    let token = site.forge(TokenType::Access, |_| {});
    show(&site, &token).await.is(200, ALICE_SEEN);
    site.memory.remove_user(&UserId::Int(ALICE));
    show(&site, &token).await.is(401, NOT_FOUND);
}

#[tokio::test]
async fn the_profile_knows_every_default_scheme() {
    let site = Site::new();
    let token = site.forge(TokenType::Access, |_| {});
    let answer = site.get("/api/profile/", format!("Bearer {token}")).await;
    answer.is(200, r#"{"username":"alice","email":"alice@example.com"}"#);
    let answer = site.send(Request::get("/api/profile/"), String::new()).await;
    answer.is(
        401,
        r#"{"detail":"Authentication credentials were not provided."}"#,
    );
    assert_eq!(answer.header("www-authenticate"), Some(r#"Basic realm="api""#));
}

const EXPLANATION: &str = "x-doorward-explanation";

/// Which rule refused is for developers: in a header where `debug` is on, and never otherwise. No token is repeated.
#[tokio::test]
async fn a_refused_token_is_explained_to_developers_alone() {
    for debug in [true, false] {
        let site = Site::with(|settings| settings.debug = debug);
        let expired = site.forge(TokenType::Access, |claims| claims.insert("exp", NOW - 60));
        let early = site.forge(TokenType::Access, |claims| claims.insert("iat", NOW + 90));
        let refresh = site.forge(TokenType::Refresh, |_| {});
        let changed = format!("{}x", &refresh[..refresh.len() - 2]);
        for (token, told) in [
            (
                expired.as_str(),
                "Token is expired: it has expired, at 2023-11-14T22:12:20Z",
            ),
            (
                &early,
                "Token is invalid: its claim `iat` is 90 seconds in the future",
            ),
            (&refresh, "Token has wrong type"),
            (&changed, "Token is invalid: its signature fits no key here"),
            ("garbage", "Token is invalid: it is no JSON web token"),
        ] {
            let answer = site.get("/whoami/jwt/", format!("Bearer {token}")).await;
            let header = answer.header(EXPLANATION).unwrap_or_default();
            let expected = format!("JwtAuthentication refuses: {told}");
            assert_eq!(header.starts_with(&expected), debug, "{header}");
            assert!(
                !answer.body.contains("its ") && !header.contains(token),
                "{}",
                answer.body
            );
        }
        let body = json!({ "refresh": changed });
        let answer = site.post("/api/token/refresh/", body).await;
        answer.refuses_token("Token is invalid");
        let told = "the handler refuses: Token is invalid: its signature fits no key here";
        assert_eq!(answer.header(EXPLANATION), debug.then_some(told));
        let gone = site.forge(TokenType::Refresh, |claims| claims.insert("user_id", "99"));
        let answer = site.post("/api/token/refresh/", json!({ "refresh": gone })).await;
        let told = "the handler refuses: its user is gone";
        assert_eq!(answer.header(EXPLANATION), debug.then_some(told));
    }
}
