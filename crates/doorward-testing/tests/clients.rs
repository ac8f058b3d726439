//! Each kind of caller, through the real endpoints and the real guard.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Json;
use axum::routing::get;
use doorward_auth::authtoken::TokenSettings;
use doorward_auth::schemes::{
    BasicAuthentication, JwtAuthentication, SessionAuthentication, TokenAuthentication,
};
use doorward_core::permissions::{DjangoModelPermissions, IsAdminUser, IsAuthenticated};
use doorward_core::settings::TokenClass;
use doorward_core::signals::Event;
use doorward_core::{Auth, Door, Policy, RouteExt, Router, User};
use doorward_testing::{TestDoor, TestSite};
use serde_json::{Value, json};

const NOT_PROVIDED: &str = "Authentication credentials were not provided.";

async fn who(user: User, auth: Auth) -> Json<Value> {
    let by = match auth {
        Auth::Basic => "basic",
        Auth::Session => "session",
        _ => auth.class_name().unwrap_or("?"),
    };
    Json(json!({ "user": user.username(), "by": by }))
}

fn routes(door: &Door) -> Router {
    let by = |policy: Policy| get(who).post(who).policy(policy.permit(IsAuthenticated));
    door.router()
        .route("/", get(who).post(who))
        .route("/staff/", get(who).policy(IsAdminUser))
        .route("/basic/", by(Policy::new().authenticate(BasicAuthentication)))
        .route("/session/", by(Policy::new().authenticate(SessionAuthentication)))
        .route(
            "/token/",
            by(Policy::new().authenticate(TokenAuthentication::default())),
        )
        .route("/jwt/", by(Policy::new().authenticate(JwtAuthentication)))
}

fn site(door: &TestDoor) -> TestSite {
    door.site(routes(door))
}

#[tokio::test]
async fn each_kind_is_known_by_its_own_scheme_and_by_no_other() {
    let door = TestDoor::new();
    let alice = door.user("alice").create().await;
    let site = site(&door);
    let clients = [
        ("/basic/", "basic", site.basic(&alice)),
        ("/session/", "session", site.session(&alice).await),
        ("/token/", "Token", site.token(&alice).await),
        ("/jwt/", "AccessToken", site.jwt(&alice).await),
    ];
    for (own, by, client) in &clients {
        for (path, ..) in &clients {
            let answer = client.get(path).await;
            match path == own {
                true => answer
                    .assert_status(200)
                    .assert_json(json!({ "user": "alice", "by": by })),
                false => answer.assert_detail(NOT_PROVIDED),
            };
        }
        client.post("/").json(&json!({ "a": 1 })).await.assert_status(200);
    }
    site.anonymous()
        .get("/")
        .await
        .assert_status(401)
        .assert_detail(NOT_PROVIDED);
}

#[tokio::test]
async fn users_are_of_the_kind_that_was_asked_for() {
    let door = TestDoor::new();
    let site = site(&door);
    let plain = door.user("plain").create().await;
    let staff = door.user("staff").staff().create().await;
    let root = door.user("root").superuser().create().await;
    for (user, status) in [(&plain, 403), (&staff, 200), (&root, 200)] {
        site.basic(user).get("/staff/").await.assert_status(status);
    }
    let gone = door.user("gone").inactive().create().await;
    let answer = site.basic(&gone).get("/").await;
    answer
        .assert_status(401)
        .assert_detail("Invalid username/password.");
    let row = door.stores().users.by_id(root.id()).await.unwrap().unwrap();
    assert!(row.is_superuser && row.is_staff && row.is_active);
    assert_eq!(row.email, "root@example.com");
}

#[tokio::test]
async fn groups_and_permissions_are_held() {
    let door = TestDoor::new();
    let alice = door
        .user("alice")
        .group("premium")
        .permission("catalog.view_item")
        .create()
        .await;
    let permissions = &door.stores().permissions;
    assert!(permissions.groups(alice.id()).await.unwrap().contains("premium"));
    assert!(
        permissions
            .permissions(alice.id())
            .await
            .unwrap()
            .contains("catalog.view_item")
    );
    let policy = Policy::from(DjangoModelPermissions::of("catalog", "item"));
    let site = door.site(door.router().route("/", get(who).post(who).policy(policy)));
    site.basic(&alice).post("/").await.assert_status(403);
}

#[tokio::test]
async fn a_browser_sends_the_csrf_token_unless_told_otherwise() {
    let door = TestDoor::new();
    let alice = door.user("alice").create().await;
    let browser = site(&door).session(&alice).await;
    assert!(browser.cookie("sessionid").is_some() && browser.cookie("csrftoken").is_some());
    browser.post("/session/").await.assert_status(200);
    let refused = browser.without_csrf().post("/session/").await;
    refused
        .assert_status(403)
        .assert_detail("CSRF Failed: CSRF token missing.");
}

#[tokio::test]
async fn a_browser_keeps_and_forgets_its_session() {
    let door = TestDoor::new();
    let alice = door.user("alice").create().await;
    let site = door.site(routes(&door).merge(door.endpoints()));
    let browser = site.browser();
    browser.get("/api-auth/login/").await.assert_status(200);
    let form = [("username", "alice"), ("password", alice.password())];
    browser
        .post("/api-auth/login/")
        .form(&form)
        .await
        .assert_status(302);
    browser.get("/session/").await.assert_status(200);
    browser.post("/api-auth/logout/").await;
    assert_eq!(browser.cookie("sessionid"), None);
    browser.get("/session/").await.assert_status(403);
}

#[tokio::test]
async fn over_tls_a_session_works_as_well() {
    let door = TestDoor::builder()
        .configure(|settings| {
            settings.security.ssl_redirect = true;
            settings.session.cookie_secure = true;
            settings.allowed_hosts = vec![".example.com".to_owned(), "api.example.com".to_owned()];
        })
        .build();
    let alice = door.user("alice").create().await;
    let browser = site(&door).session(&alice).await;
    browser.post("/session/").await.assert_status(200);
}

#[tokio::test]
async fn words_and_headers_are_those_of_the_settings() {
    let door = TestDoor::builder()
        .configure(|settings| {
            settings.section_mut::<TokenSettings>().keyword = "Key".to_owned();
            settings.jwt.auth_header_types = vec!["JWT".to_owned()];
            settings.jwt.auth_header_name = "HTTP_X_ACCESS".to_owned();
            settings.jwt.auth_token_classes = vec![TokenClass::Sliding];
            settings.csrf.header_name = "HTTP_X_FORGERY".to_owned();
            settings.csrf.cookie_name = "forgery".to_owned();
        })
        .build();
    let alice = door.user("alice").create().await;
    let site = site(&door);
    site.token(&alice).await.get("/token/").await.assert_status(200);
    site.session(&alice)
        .await
        .post("/session/")
        .await
        .assert_status(200);
    let sliding = site.jwt(&alice).await.get("/jwt/").await;
    assert_eq!(sliding.assert_status(200).json()["by"], "SlidingToken");
}

#[tokio::test]
async fn time_passes_where_the_test_says_so() {
    let door = TestDoor::new();
    let alice = door.user("alice").create().await;
    let site = site(&door);
    let (access, session) = (site.jwt(&alice).await, site.session(&alice).await);
    door.advance(Duration::from_secs(299));
    access.get("/jwt/").await.assert_status(200);
    door.advance(Duration::from_secs(1));
    access.get("/jwt/").await.assert_status(401);
    session.get("/session/").await.assert_status(200);
    door.advance(Duration::from_secs(1_209_600));
    session.get("/session/").await.assert_status(403);
}

#[tokio::test]
async fn throttles_see_where_a_caller_comes_from() {
    let door = TestDoor::builder()
        .configure(|settings| {
            let rest = doorward_core::settings::ThrottleName::Anon;
            settings.rest.throttle = vec![rest];
            settings
                .throttle
                .rates
                .insert("anon".to_owned(), "1/min".to_owned());
        })
        .build();
    let open = Policy::from(doorward_core::permissions::AllowAny);
    let site = door.site(door.router().route("/", get(|| async { "hello" }).policy(open)));
    let here = site.anonymous();
    here.get("/").await.assert_status(200);
    here.get("/").await.assert_status(429);
    let there = here.from_address([192, 0, 2, 1].into());
    there.get("/").await.assert_status(200);
    door.advance(Duration::from_secs(60));
    here.get("/").await.assert_status(200);
}

#[tokio::test]
async fn a_seed_repeats_every_token() {
    let tokens = |seed| async move {
        let door = TestDoor::builder().seed(seed).build();
        let alice = door.user("alice").create().await;
        let site = site(&door);
        let pair = site.obtain_token_pair(&alice).await;
        (site.obtain_token(&alice).await, pair.access, pair.refresh)
    };
    assert_eq!(tokens(7).await, tokens(7).await);
    assert_ne!(tokens(7).await, tokens(8).await);
}

#[tokio::test]
async fn two_doors_know_nothing_of_each_other() {
    let (one, other) = (TestDoor::new(), TestDoor::new());
    let alice = one.user("alice").create().await;
    let token = site(&one).obtain_token(&alice).await;
    let stranger = site(&other).authorization(&format!("Token {token}"));
    stranger
        .get("/token/")
        .await
        .assert_status(401)
        .assert_detail("Invalid token.");
}

#[tokio::test]
async fn subscribers_hear_of_users_and_logins() {
    let heard = Arc::new(AtomicUsize::new(0));
    let ear = Arc::clone(&heard);
    let listen = move |_: &Event| {
        ear.fetch_add(1, Ordering::SeqCst);
    };
    let door = TestDoor::builder().customize(|door| door.on(listen)).build();
    let alice = door.user("alice").create().await;
    assert_eq!(heard.load(Ordering::SeqCst), 1);
    site(&door).session(&alice).await;
    assert!(heard.load(Ordering::SeqCst) > 1);
}
