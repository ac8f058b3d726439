//! Claims of one's own: in the refresh token, in each access token, and in what reads them.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Json;
use axum::routing::get;
use doorward_auth::jwt::JwtBuilderExt;
use doorward_auth::jwt::TokenClaims;
use doorward_auth::schemes::{JwtAuthentication, JwtStatelessUserAuthentication};
use doorward_core::clock::{Clock, SystemClock};
use doorward_core::extract::Claims;
use doorward_core::permissions::{HasClaim, HasScope};
use doorward_core::settings::Settings;
use doorward_core::user::UserRow;
use doorward_core::{Answer, ApiException, Door, Policy, RouteExt, Router, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::site::{ALICE, SECRET_KEY, Site, credentials, settings};

fn template(settings: &mut Settings, name: &str, value: Value) {
    let value = value.try_into().unwrap();
    settings.jwt.claims.insert(name.to_owned(), value);
}

fn templates(settings: &mut Settings) {
    template(settings, "groups", json!("user.groups"));
    template(settings, "permissions", json!("user.permissions"));
    template(settings, "email", json!("user.email"));
    template(settings, "username", json!("user.username"));
    template(settings, "name", json!("user.full_name"));
    template(settings, "sub", json!("user.id"));
    template(settings, "is_staff", json!("user.is_staff"));
    template(settings, "scope", json!({ "value": "news:read" }));
    template(settings, "levels", json!([1, 2]));
}

fn with_groups(change: impl FnOnce(&mut Settings)) -> Site {
    in_groups(Site::with(change))
}

fn in_groups(site: Site) -> Site {
    let alice = UserId::Int(ALICE);
    site.memory.add_to_group(&alice, "writers");
    site.memory.add_to_group(&alice, "editors");
    site.memory.grant(&alice, "news.add_article");
    site.memory.change_user(&alice, |alice| {
        alice.first_name = "Alice".to_owned();
        alice.last_name = "Liddell".to_owned();
    });
    site
}

fn expected() -> Value {
    json!({
        "groups": ["editors", "writers"], "permissions": ["news.add_article"], "email": "alice@example.com",
        "username": "alice", "name": "Alice Liddell", "sub": "2", "is_staff": false, "scope": "news:read",
        "levels": [1, 2],
    })
}

#[track_caller]
fn says(claims: &Value, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&claims[name], value, "{name}");
    }
}

async fn refreshed(site: &Site, refresh: &str) -> super::site::Answer {
    site.post("/api/token/refresh/", json!({ "refresh": refresh }))
        .await
}

#[tokio::test]
async fn templates_stand_in_both_tokens_and_survive_rotation() {
    let site = with_groups(|settings| {
        templates(settings);
        settings.jwt.rotate_refresh_tokens = true;
        settings.jwt.blacklist_after_rotation = true;
    });
    let (refresh, access) = site.pair().await;
    says(&site.claims(&refresh), &expected());
    says(&site.claims(&access), &expected());
    site.memory.add_to_group(&UserId::Int(ALICE), "admirals");
    let answer = refreshed(&site, &refresh).await;
    says(&site.claims(&answer.text("access")), &expected());
    says(&site.claims(&answer.text("refresh")), &expected());
    let again = refreshed(&site, &refresh).await;
    assert_eq!(
        again.text("refresh"),
        answer.text("refresh"),
        "rebuilt within the grace"
    );
}

#[tokio::test]
async fn without_templates_tokens_are_simple_jwt_s() {
    let site = Site::new();
    let (refresh, _) = site.pair().await;
    let claims = site.claims(&refresh);
    let names: Vec<_> = claims.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["token_type", "exp", "iat", "jti", "user_id"]);
}

#[tokio::test]
async fn sliding_tokens_say_them_too() {
    let site = with_groups(templates);
    let body = credentials("alice", "wonderland-42");
    let token = doorward_auth::jwt::sliding::obtain(&site.door, &row(&site).await)
        .await
        .unwrap();
    says(&site.claims(token.expose()), &expected());
    let renewed = doorward_auth::jwt::sliding::refresh(&site.door, &token)
        .await
        .unwrap();
    says(&site.claims(renewed.expose()), &expected());
    assert_eq!(site.post("/api/token/", body).await.status, 200);
}

async fn row(site: &Site) -> UserRow {
    let user = site.door.stores().users.by_username("alice").await.unwrap();
    UserRow::clone(&user.unwrap())
}

#[derive(Serialize)]
struct Tier {
    tier: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    beta: Option<bool>,
}

fn tier(user: &UserRow) -> Tier {
    Tier {
        tier: if user.is_staff { "gold" } else { "tin" },
        beta: user.is_staff.then_some(true),
    }
}

/// `scope`, as the groups have it; nobody in `banned` gets a token.
struct Scopes;

impl TokenClaims for Scopes {
    fn claims<'a>(
        &'a self,
        door: &'a Door,
        user: &'a UserRow,
    ) -> Answer<'a, doorward_core::exceptions::Result<Map<String, Value>>> {
        Answer::pending(async move {
            let groups = door.stores().permissions.groups(&user.id).await?;
            if groups.contains("banned") {
                return Err(ApiException::permission_denied());
            }
            let scope = groups.into_iter().map(|group| format!("{group}:read"));
            let scope = scope.collect::<Vec<_>>().join(" ");
            Ok(Map::from_iter([("scope".to_owned(), scope.into())]))
        })
    }
}

#[tokio::test]
async fn hooks_come_after_templates() {
    let site = in_groups(Site::built(templates, |door| {
        door.claims(tier).token_claims(Scopes)
    }));
    let (refresh, access) = site.pair().await;
    for token in [refresh, access] {
        let claims = site.claims(&token);
        assert_eq!(claims["tier"], "tin");
        assert_eq!(claims["scope"], "editors:read writers:read");
        assert_eq!(claims["email"], "alice@example.com");
    }
}

#[tokio::test]
async fn a_hook_may_refuse() {
    let site = Site::built(|_| {}, |door| door.token_claims(Scopes));
    site.memory.add_to_group(&UserId::Int(ALICE), "banned");
    let answer = site
        .post("/api/token/", credentials("alice", "wonderland-42"))
        .await;
    answer.is(
        403,
        r#"{"detail":"You do not have permission to perform this action."}"#,
    );
    let tokens = &site.memory.stores().outstanding_tokens;
    let ever = doorward_django::timestamp::Timestamp::from_secs(i64::MAX);
    assert_eq!(
        tokens.delete_expired(ever, 9).await.unwrap(),
        0,
        "none was recorded"
    );
}

/// Answers at the login, then fails in two ways, then answers again.
#[derive(Default)]
struct Moody(AtomicUsize);

impl TokenClaims for Moody {
    fn claims<'a>(
        &'a self,
        _: &'a Door,
        _: &'a UserRow,
    ) -> Answer<'a, doorward_core::Result<Map<String, Value>>> {
        Answer::pending(async move {
            match self.0.fetch_add(1, Ordering::SeqCst) {
                1 => Err(ApiException::service_unavailable(Duration::from_secs(1))),
                2 => panic!("a hook's own bug"),
                _ => Ok(Map::new()),
            }
        })
    }
}

#[tokio::test]
async fn a_hook_that_fails_at_a_refresh_costs_no_token() {
    let change = |settings: &mut Settings| {
        settings.jwt.rotate_refresh_tokens = true;
        settings.jwt.blacklist_after_rotation = true;
        settings.jwt.refresh_claims = true;
    };
    let site = Site::built(change, |door| door.token_claims(Moody::default()));
    let (refresh, _) = site.pair().await;
    for status in [503, 500, 200] {
        assert_eq!(refreshed(&site, &refresh).await.status, status);
    }
}

#[tokio::test]
async fn a_hook_cannot_set_what_the_door_writes() {
    for name in [
        "exp",
        "iat",
        "nbf",
        "jti",
        "aud",
        "iss",
        "token_type",
        "user_id",
        "refresh_exp",
        "hash_password",
        "",
    ] {
        let site = Site::built(
            |_| {},
            move |door| door.claims(move |_| json!({ name: 99_999_999_999_i64 })),
        );
        let answer = site
            .post("/api/token/", credentials("alice", "wonderland-42"))
            .await;
        assert_eq!(answer.status, 500, "{name}");
        assert!(!answer.body.contains("9999"), "{}", answer.body);
    }
    for misfit in [json!({ "sub": 7 }), json!([1]), json!("gold")] {
        let site = Site::built(|_| {}, move |door| door.claims(move |_| misfit.clone()));
        let answer = site
            .post("/api/token/", credentials("alice", "wonderland-42"))
            .await;
        assert_eq!(answer.status, 500);
    }
}

#[test]
fn a_template_cannot_set_what_the_door_writes() {
    let refused = |name: &str, value: Value| {
        let settings = settings(|settings| {
            settings.jwt.user_id_claim = "uid".to_owned();
            template(settings, name, value);
        });
        settings.validate().err().map(|error| error.key().to_owned())
    };
    for name in [
        "exp",
        "iat",
        "nbf",
        "jti",
        "aud",
        "iss",
        "token_type",
        "uid",
        "refresh_exp",
        "hash_password",
    ] {
        let key = format!("jwt.claims.{name}");
        assert_eq!(refused(name, json!("user.id")), Some(key));
    }
    assert_eq!(refused("sub", json!(7)).as_deref(), Some("jwt.claims.sub"));
    assert_eq!(
        refused("sub", json!("user.groups")).as_deref(),
        Some("jwt.claims.sub")
    );
    assert_eq!(refused("user_id", json!("user.id")), None);
    assert_eq!(refused("sub", json!("user.username")), None);
}

#[tokio::test]
async fn where_it_is_wanted_a_refresh_asks_again() {
    let site = in_groups(Site::built(
        |settings| {
            template(settings, "groups", json!("user.groups"));
            settings.jwt.refresh_claims = true;
            settings.jwt.rotate_refresh_tokens = true;
        },
        |door| door.claims(tier),
    ));
    let alice = UserId::Int(ALICE);
    site.memory.change_user(&alice, |alice| alice.is_staff = true);
    let (refresh, access) = site.pair().await;
    says(
        &site.claims(&access),
        &json!({ "tier": "gold", "beta": true, "groups": ["editors", "writers"] }),
    );

    site.memory.change_user(&alice, |alice| alice.is_staff = false);
    site.memory.add_to_group(&alice, "admirals");
    let answer = refreshed(&site, &refresh).await;
    for token in ["access", "refresh"] {
        let claims = site.claims(&answer.text(token));
        says(
            &claims,
            &json!({ "tier": "tin", "groups": ["admirals", "editors", "writers"] }),
        );
        assert_eq!(claims.get("beta"), None, "what is no longer said is gone");
        assert_eq!(claims["user_id"], "2");
    }
    assert_ne!(
        site.claims(&answer.text("refresh"))["jti"],
        site.claims(&refresh)["jti"]
    );

    let sliding = doorward_auth::jwt::sliding::obtain(&site.door, &row(&site).await)
        .await
        .unwrap();
    site.memory.change_user(&alice, |alice| alice.is_staff = true);
    let renewed = doorward_auth::jwt::sliding::refresh(&site.door, &sliding)
        .await
        .unwrap();
    assert_eq!(site.claims(renewed.expose())["tier"], "gold");
}

#[derive(Deserialize)]
struct Reader {
    name: String,
    groups: Vec<String>,
}

async fn hello(Claims(reader): Claims<Reader>) -> Json<Value> {
    Json(json!({ "name": reader.name, "groups": reader.groups.len() }))
}

#[tokio::test]
async fn handlers_and_permissions_read_them() {
    let by = || {
        Policy::new()
            .authenticate(JwtStatelessUserAuthentication)
            .permissions([])
    };
    let routes = move |router: Router| {
        router
            .route(
                "/hello/",
                get(hello).policy(Policy::new().authenticate(JwtAuthentication)),
            )
            .route(
                "/editors/",
                get(|| async { "in" }).policy(by().permit(HasClaim::new("groups", "editors"))),
            )
            .route(
                "/admirals/",
                get(|| async { "in" }).policy(by().permit(HasClaim::new("groups", "admirals"))),
            )
            .route(
                "/read/",
                get(|| async { "in" }).policy(by().permit(HasScope::new("news:read"))),
            )
            .route(
                "/write/",
                get(|| async { "in" }).policy(by().permit(HasScope::new("news:write"))),
            )
    };
    let site = in_groups(Site::of(templates, |door| door, routes));
    let (_, access) = site.pair().await;
    let bearer = format!("Bearer {access}");
    site.get("/hello/", &bearer)
        .await
        .is(200, r#"{"name":"Alice Liddell","groups":2}"#);
    for (path, status) in [
        ("/editors/", 200),
        ("/admirals/", 403),
        ("/read/", 200),
        ("/write/", 403),
    ] {
        assert_eq!(site.get(path, &bearer).await.status, status, "{path}");
    }
    let body = site.get("/whoami/stateless/", &bearer).await;
    assert_eq!(
        body.text("user"),
        "alice",
        "the stateless user is what the token says"
    );
}

const SIMPLE_JWT: &str = r#"
import json, sys
import django
from django.conf import settings
key, refresh, access = sys.stdin.read().split()
settings.configure(SECRET_KEY=key, INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"], USE_TZ=True)
django.setup()
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken
print(json.dumps([RefreshToken(refresh).payload, AccessToken(access).payload, RefreshToken(refresh).access_token.payload]))
"#;

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "how a test is told something")]
async fn simple_jwt_reads_and_copies_them() {
    let Some(python) = std::env::var_os("REFERENCE_PYTHON") else {
        return;
    };
    let site = with_groups(templates);
    site.clock.set(SystemClock.now());
    let (refresh, access) = site.pair().await;
    let mut child = Command::new(python)
        .args(["-c", SIMPLE_JWT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    write!(stdin, "{SECRET_KEY} {refresh} {access}").unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let payloads: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(payloads[..2], [site.claims(&refresh), site.claims(&access)]);
    for payload in &payloads {
        says(payload, &expected());
    }
}
