//! A door that only verifies: with public keys, keys fetched elsewhere, or another's word.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::Request as AxumRequest;
use axum::routing::get;
use bytes::Bytes;
use doorward_core::assembly::DoorBuilder;
use doorward_core::clock::ManualClock;
use doorward_core::http_client::{HttpClient, HttpError};
use doorward_core::service::DoorService;
use doorward_core::settings::{AuthenticatorName, Period, Settings};
use doorward_core::stores::{Outage, SessionRow};
use doorward_core::{Answer, Door, User};
use doorward_django::jwt::{self, Algorithm, Claims, Keyring, RingKey};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::site::NOW;

/// Another service: it says what it was told to say, then the same again.
#[derive(Debug, Default)]
struct Other {
    answers: Mutex<VecDeque<Option<(u16, String)>>>,
    asked: AtomicUsize,
    requests: Mutex<Vec<Request<Bytes>>>,
}

impl Other {
    fn says(&self, status: u16, body: &Value) {
        *self.answers.lock().unwrap() = VecDeque::from([Some((status, body.to_string()))]);
    }

    fn is_down(&self) {
        *self.answers.lock().unwrap() = VecDeque::from([None]);
    }

    /// It takes the question, and never answers.
    fn is_silent(&self) {
        self.answers.lock().unwrap().clear();
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl HttpClient for Other {
    fn send(&self, request: Request<Bytes>) -> Answer<'_, Result<Response<Bytes>, HttpError>> {
        Answer::pending(async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            self.requests.lock().unwrap().push(request);
            tokio::task::yield_now().await;
            let answer = self.answers.lock().unwrap().front().cloned();
            let Some(answer) = answer else {
                return std::future::pending().await;
            };
            let (status, body) = answer.ok_or("nobody answers")?;
            Ok(Response::builder().status(status).body(Bytes::from(body))?)
        })
    }
}

fn key(kid: &str) -> RingKey {
    let pem = jwt::generate_pem(Algorithm::Es256).unwrap();
    RingKey::new(Algorithm::Es256, pem.expose().as_bytes(), b"")
        .unwrap()
        .named(kid)
}

fn moment(seconds: u64) -> Timestamp {
    Timestamp::from_secs(NOW).saturating_add(Duration::from_secs(seconds))
}

fn claims() -> Claims {
    let claims = Claims::new()
        .with("token_type", "access")
        .with("exp", NOW + 900_000);
    claims
        .with("jti", "a")
        .with("user_id", "auth0|7")
        .with("username", "ada")
}

fn token(keyring: &Keyring) -> String {
    keyring
        .encode(&claims(), &jwt::Rules::default(), moment(0))
        .unwrap()
}

struct Service {
    door: Door,
    clock: Arc<ManualClock>,
    other: Arc<Other>,
    service: DoorService,
}

impl Service {
    fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::default().with_apps(&doorward_auth::apps());
        change(&mut settings);
        let clock = Arc::new(ManualClock::new(moment(0)));
        let other = Arc::new(Other::default());
        let door = DoorBuilder::stateless(settings)
            .clock(clock.clone())
            .http_client(other.clone())
            .build()
            .unwrap();
        let router = door
            .router()
            .route("/hello/", get(hello).post(hello))
            .merge(door.endpoints());
        Self {
            service: router.into_service().unwrap(),
            door,
            clock,
            other,
        }
    }

    fn fetching() -> Self {
        Self::new(|settings| {
            settings.jwt.algorithm = "ES256".to_owned();
            settings.jwt.jwk_url = Some("https://id.example/jwks.json".to_owned());
        })
    }

    fn asking(change: impl FnOnce(&mut Settings)) -> Self {
        Self::new(|settings| {
            settings.jwt.introspection.url = Some("https://id.example/introspect/".to_owned());
            change(settings);
        })
    }

    async fn hello(&self, authorization: &str) -> (StatusCode, String) {
        self.ask("GET", &[("authorization", authorization)]).await
    }

    async fn ask(&self, method: &str, headers: &[(&str, &str)]) -> (StatusCode, String) {
        let mut request = AxumRequest::builder().method(method).uri("/hello/");
        request = request.header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let Ok(response) = self.service.clone().oneshot(request).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    fn last_request(&self) -> String {
        let requests = self.other.requests.lock().unwrap();
        String::from_utf8(requests.last().unwrap().body().to_vec()).unwrap()
    }

    async fn status(&self, token: &str) -> u16 {
        self.hello(&format!("Bearer {token}")).await.0.as_u16()
    }
}

async fn hello(user: User) -> Json<Value> {
    Json(json!({ "id": user.id().clone(), "username": user.username() }))
}

#[tokio::test]
async fn a_public_key_is_enough() {
    let pem = jwt::generate_pem(Algorithm::Es256).unwrap();
    let ring = RingKey::new(Algorithm::Es256, pem.expose().as_bytes(), b"").unwrap();
    let keyring = Keyring::new([ring]).unwrap();
    let service = Service::new(|settings| {
        settings.jwt.algorithm = "ES256".to_owned();
        settings.jwt.signing_key = Some(Secret::new(pem.expose().clone()));
    });
    let (status, body) = service.hello(&format!("Bearer {}", token(&keyring))).await;
    assert_eq!(
        (status.as_u16(), body.as_str()),
        (200, r#"{"id":"auth0|7","username":"ada"}"#)
    );
    assert_eq!(service.hello("").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        service.status(&token(&Keyring::new([key("x")]).unwrap())).await,
        401
    );
    let paths: Vec<_> = service
        .door
        .endpoints()
        .routes()
        .into_iter()
        .map(|route| route.path)
        .collect();
    assert_eq!(
        paths,
        ["/.well-known/jwks.json", "/api/profile/", "/api/token/verify/"]
    );
}

#[tokio::test]
async fn a_service_without_stores_finds_nobody_and_keeps_nothing() {
    let service = Service::fetching();
    let stores = service.door.stores();
    assert!(stores.users.is_empty().await.unwrap());
    assert!(stores.users.by_username("alice").await.unwrap().is_none());
    assert!(stores.auth_tokens.by_key("key").await.unwrap().is_none());
    assert!(!stores.outstanding_tokens.is_blacklisted("id").await.unwrap());
    assert!(stores.sessions.load("key", moment(0)).await.unwrap().is_none());
    let row = SessionRow {
        key: Secret::new("key".to_owned()),
        data: Secret::new(String::new()),
        expire_date: moment(60),
    };
    let refused = stores.sessions.create(row).await.unwrap_err();
    assert_eq!(refused.outage(), Outage::Lasting);
    assert_eq!(refused.to_string(), "This door keeps nothing.");
    assert!(stores.sessions.load("key", moment(0)).await.unwrap().is_none());
}

#[test]
fn a_service_that_could_verify_nothing_does_not_start() {
    let refused = |change: &dyn Fn(&mut Settings)| {
        let mut settings = Settings::default().with_apps(&doorward_auth::apps());
        change(&mut settings);
        Door::stateless(settings).unwrap_err().key().to_owned()
    };
    assert_eq!(refused(&|_| {}), "jwt.verifying_key");
    assert_eq!(
        refused(&|s| s.jwt.verifying_key = "x".to_owned().into()),
        "jwt.verifying_key"
    );
    assert_eq!(
        refused(&|s| s.jwt.jwk_url = Some("https://a.example".to_owned())),
        "jwt.jwk_url"
    );
    let with = |url: &'static str| {
        move |s: &mut Settings| {
            s.jwt.algorithm = "RS256".to_owned();
            s.jwt.jwk_url = Some(url.to_owned());
        }
    };
    assert_eq!(refused(&with("http://a.example/")), "jwt.jwk_url");
    assert_eq!(
        refused(&with("https://a.example/")),
        "jwt.jwk_url",
        "there is no client"
    );
    assert_eq!(
        refused(&|s| {
            s.jwt.introspection.url = Some("https://a.example/".to_owned());
            s.rest.authentication = vec![AuthenticatorName::Session];
        }),
        "rest.authentication"
    );
}

#[tokio::test]
async fn fetched_keys_are_kept_and_fetched_again_in_time() {
    let service = Service::fetching();
    let ring = Keyring::new([key("one")]).unwrap();
    service.other.says(200, &ring.to_jwks(moment(0)));
    let token = token(&ring);
    for _ in 0..3 {
        assert_eq!(service.status(&token).await, 200);
    }
    assert_eq!(service.other.asked(), 1);
    service.clock.advance(Duration::from_secs(299));
    assert_eq!((service.status(&token).await, service.other.asked()), (200, 1));
    service.clock.advance(Duration::from_secs(1));
    assert_eq!((service.status(&token).await, service.other.asked()), (200, 2));
}

#[tokio::test]
async fn many_at_once_fetch_once() {
    let service = Service::fetching();
    let ring = Keyring::new([key("one")]).unwrap();
    service.other.says(200, &ring.to_jwks(moment(0)));
    let token = token(&ring);
    let statuses = futures_util::future::join_all((0..32).map(|_| service.status(&token))).await;
    assert_eq!(statuses, [200; 32]);
    assert_eq!(service.other.asked(), 1);
}

#[tokio::test]
async fn a_new_key_is_found_before_its_time() {
    let service = Service::fetching();
    let (old, new) = (key("old"), key("new"));
    let before = Keyring::new([old.clone()]).unwrap();
    service.other.says(200, &before.to_jwks(moment(0)));
    assert_eq!(service.status(&token(&before)).await, 200);
    let after = Keyring::new([new, old]).unwrap();
    service.other.says(200, &after.to_jwks(moment(0)));
    assert_eq!(
        service.status(&token(&after)).await,
        401,
        "it was fetched just now"
    );
    service.clock.advance(Duration::from_secs(10));
    assert_eq!(
        (service.status(&token(&after)).await, service.other.asked()),
        (200, 2)
    );
    let stranger = token(&Keyring::new([key("stranger")]).unwrap());
    for _ in 0..20 {
        assert_eq!(service.status(&stranger).await, 401);
    }
    assert_eq!(service.other.asked(), 2, "strangers make nobody ask");
}

#[tokio::test]
async fn keys_outlive_an_outage_but_not_for_ever() {
    let service = Service::fetching();
    let ring = Keyring::new([key("one")]).unwrap();
    let token = token(&ring);
    service.other.says(200, &ring.to_jwks(moment(0)));
    assert_eq!(service.status(&token).await, 200);
    service.other.is_down();
    service.clock.advance(Duration::from_secs(300));
    for _ in 0..5 {
        assert_eq!(service.status(&token).await, 200);
    }
    assert_eq!(service.other.asked(), 2, "it waits before it asks again");
    service.clock.advance(Duration::from_secs(1));
    assert_eq!((service.status(&token).await, service.other.asked()), (200, 3));
    service.clock.advance(Duration::from_secs(24 * 3600));
    assert_eq!(service.status(&token).await, 503);
    service.other.says(200, &ring.to_jwks(moment(0)));
    service.clock.advance(Duration::from_secs(60));
    assert_eq!(service.status(&token).await, 200);
}

#[tokio::test]
async fn without_any_keys_nobody_is_refused_for_good() {
    let service = Service::fetching();
    let ring = Keyring::new([key("one")]).unwrap();
    for answer in [None, Some((500, json!({}))), Some((200, json!({ "keys": [] })))] {
        match answer {
            None => service.other.is_down(),
            Some((status, body)) => service.other.says(status, &body),
        }
        service.clock.advance(Duration::from_secs(60));
        assert_eq!(service.status(&token(&ring)).await, 503);
    }
}

fn active() -> Value {
    json!({ "active": true, "sub": "7", "username": "ada", "scope": "reports", "exp": NOW + 60 })
}

#[tokio::test]
async fn another_s_word_is_taken_for_a_while() {
    let service = Service::asking(|settings| {
        settings.jwt.introspection.client_id = Some("service one".to_owned());
        settings.jwt.introspection.client_secret = Some(Secret::new("s:e cret".to_owned()));
    });
    service.other.says(200, &active());
    for _ in 0..3 {
        let (status, body) = service.hello("Bearer any.token&at=all").await;
        assert_eq!(
            (status.as_u16(), body.as_str()),
            (200, r#"{"id":"7","username":"ada"}"#)
        );
    }
    assert_eq!(service.other.asked(), 1);
    {
        let requests = service.other.requests.lock().unwrap();
        assert_eq!(
            requests[0].body(),
            "token=any.token%26at%3Dall&token_type_hint=access_token"
        );
        let basic = base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            "service+one:s%3Ae+cret",
        );
        assert_eq!(
            requests[0].headers()["authorization"],
            format!("Basic {basic}").as_str()
        );
        assert!(
            !format!("{:?}", requests[0]).contains(&basic),
            "it is marked as sensitive"
        );
    }
    service.other.says(200, &json!({ "active": false }));
    service.clock.advance(Duration::from_secs(5));
    assert_eq!(service.status("any.token&at=all").await, 401);
}

#[tokio::test]
async fn what_is_not_plainly_active_opens_nothing() {
    for (answer, status) in [
        (json!({ "active": false }), 401),
        (json!({ "active": true }), 401),
        (json!({ "active": true, "sub": "" }), 401),
        (json!({ "active": true, "sub": "7", "exp": NOW }), 401),
        (json!({ "active": true, "sub": "7", "aud": "another" }), 401),
        (json!({ "active": true, "sub": "7" }), 401),
        (json!({ "active": "true", "sub": "7", "aud": "me" }), 503),
        (json!({ "active": 1, "sub": "7", "aud": "me" }), 503),
        (json!({ "sub": "7", "aud": "me" }), 503),
        (json!([]), 503),
        (json!({ "active": true, "sub": "7", "aud": "me" }), 200),
    ] {
        let service = Service::asking(|settings| {
            settings.jwt.introspection.cache = Period::from_secs(0);
            settings.jwt.audience = Some(doorward_core::settings::Audience::One("me".to_owned()));
        });
        service.other.says(200, &answer);
        assert_eq!(service.status("t").await, status, "{answer}");
    }
}

#[tokio::test]
async fn another_s_word_on_a_cookie_wants_a_csrf_token() {
    let service = Service::asking(|settings| {
        settings.jwt.cookie.refresh_name = Some("refresh".to_owned());
        settings.jwt.cookie.access_name = Some("access".to_owned());
    });
    let secret = "s".repeat(32);
    let cookies = format!("access=any.token; csrftoken={secret}");
    service.other.says(200, &active());
    for (method, csrf, status) in [
        ("GET", "", 200),
        ("POST", "", 403),
        ("POST", secret.as_str(), 200),
    ] {
        let headers = [("cookie", cookies.as_str()), ("x-csrftoken", csrf)];
        let (answer, body) = service.ask(method, &headers).await;
        assert_eq!(answer.as_u16(), status, "{method} {csrf}: {body}");
    }
    // The header decides where there is one, and wants none.
    let headers = [("cookie", cookies.as_str()), ("authorization", "Bearer other")];
    assert_eq!(service.ask("POST", &headers).await.0, StatusCode::OK);
    assert!(
        service.last_request().starts_with("token=other&"),
        "the cookie was not asked about"
    );
    service.other.says(200, &json!({ "active": false }));
    service.clock.advance(Duration::from_secs(5));
    let (answer, body) = service.ask("GET", &[("cookie", &cookies)]).await;
    assert_eq!(answer, StatusCode::UNAUTHORIZED);
    assert!(body.contains("were not provided"), "it is nobody's: {body}");
    service.other.is_down();
    service.clock.advance(Duration::from_secs(5));
    let (answer, _) = service.ask("GET", &[("cookie", &cookies)]).await;
    assert_eq!(answer, StatusCode::SERVICE_UNAVAILABLE, "nobody is logged out");
}

#[tokio::test]
async fn a_refresh_token_is_no_key_however_active_it_is() {
    for (name, word, status) in [
        ("token_type", "refresh", 401),
        ("typ", "Refresh", 401),
        ("token_use", "id", 401),
        ("token_use", "access", 200),
        ("token_type", "Bearer", 200),
    ] {
        let service = Service::asking(|_| {});
        let mut answer = active();
        answer[name] = json!(word);
        service.other.says(200, &answer);
        assert_eq!(service.status("t").await, status, "{answer}");
    }
}

#[tokio::test]
async fn a_bad_token_is_asked_about_once_in_a_while() {
    let service = Service::asking(|_| {});
    service.other.says(200, &json!({ "active": false }));
    for _ in 0..20 {
        assert_eq!(service.status("bad").await, 401);
    }
    assert_eq!(service.other.asked(), 1);
    assert_eq!(service.status("worse").await, 401);
    assert_eq!(service.other.asked(), 2, "another token is another question");
    service.other.says(200, &active());
    service.clock.advance(Duration::from_secs(5));
    assert_eq!(service.status("bad").await, 200);
}

#[tokio::test]
async fn many_at_once_with_one_token_ask_once() {
    let service = Service::asking(|_| {});
    for (answer, status) in [
        (Some(active()), 200),
        (Some(json!({ "active": false })), 401),
        (None, 503),
    ] {
        match &answer {
            Some(answer) => service.other.says(200, answer),
            None => service.other.is_down(),
        }
        let (before, token) = (service.other.asked(), format!("t{status}"));
        let statuses = futures_util::future::join_all((0..64).map(|_| service.status(&token))).await;
        assert_eq!(statuses, [status; 64]);
        assert_eq!(service.other.asked(), before + 1, "{status}");
    }
    let service = Service::asking(|settings| settings.jwt.introspection.cache = Period::from_secs(0));
    service.other.says(200, &active());
    futures_util::future::join_all((0..8).map(|_| service.status("t"))).await;
    assert_eq!(service.other.asked(), 8, "each wants to know what is true now");
}

/// However many tokens come, so many questions are under way; the rest wait.
#[tokio::test]
async fn questions_are_bounded_in_number() {
    let service = Service::asking(|_| {});
    service.other.is_silent();
    let tokens: Vec<String> = (0..100).map(|number| format!("t{number}")).collect();
    let all = futures_util::future::join_all(tokens.iter().map(|token| service.status(token)));
    let answered = tokio::time::timeout(Duration::from_millis(100), all).await;
    assert!(answered.is_err(), "nobody was answered");
    assert_eq!(service.other.asked(), 32);
    service.other.says(200, &active());
    assert_eq!(service.status("t0").await, 200, "the turns were given back");
}

#[tokio::test]
async fn what_is_too_large_is_neither_asked_about_nor_read() {
    let service = Service::asking(|_| {});
    let mut answer = active();
    answer["scope"] = json!("x".repeat(65_536));
    service.other.says(200, &answer);
    assert_eq!(service.status("t").await, 503);
    service.other.says(200, &active());
    assert_eq!(service.status(&"x".repeat(65_537)).await, 401);
    assert_eq!(service.other.asked(), 1);
}

#[tokio::test]
async fn an_outage_is_told_as_one() {
    let service = Service::asking(|_| {});
    service.other.is_down();
    assert_eq!(service.status("t").await, 503);
    service.other.says(401, &active());
    assert_eq!(service.status("t").await, 503, "our own credentials are wrong");
    assert_eq!(service.hello("Token t").await.0, StatusCode::UNAUTHORIZED);
}
