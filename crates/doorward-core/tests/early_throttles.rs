//! Throttles ahead of authentication: who floods the door is refused before a credential is looked at.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use doorward_auth::endpoints::LoginPage;
use doorward_auth::schemes::{Authenticator, BasicAuthentication};
use doorward_core::extract::RequestContext;
use doorward_core::identity::Identity;
use doorward_core::service::DoorService;
use doorward_core::settings::Settings;
use doorward_core::throttling::{AnonRateThrottle, ClientRateThrottle};
use doorward_core::{Answer, ApiException, Context, Door, Policy, Result, RouteExt, Router};
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, Request, Response, StatusCode};
use support::{assert_refused, door, header, request, send, settings};

async fn ok() -> &'static str {
    "ok"
}

fn rates(rates: &[(&str, &str)]) -> Settings {
    let mut settings = settings();
    let rates = rates
        .iter()
        .map(|(scope, rate)| ((*scope).to_owned(), (*rate).to_owned()));
    settings.throttle.rates = rates.collect();
    settings
}

/// Settings with a gate of that rate before every route.
fn gated(rate: &str) -> Settings {
    let mut settings = rates(&[("gate", rate), ("anon", "1/min")]);
    settings.throttle.before_authentication = vec!["gate".to_owned()];
    settings
}

fn serve(settings: Settings, routes: impl FnOnce(Router) -> Router) -> DoorService {
    routes(door(settings).router()).into_service().unwrap()
}

fn from(peer: &str, request: http::request::Builder) -> Request<Body> {
    let mut request = request.body(Body::empty()).unwrap();
    let peer = SocketAddr::new(peer.parse().unwrap(), 1234);
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

async fn get_from(peer: &str, path: &str, service: &DoorService) -> Response<String> {
    send(service, from(peer, request("GET", path))).await
}

/// Refuses everybody, and counts how often it was asked.
#[derive(Clone, Debug, Default)]
struct Counting(Arc<AtomicUsize>);

impl Counting {
    fn asked(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Authenticator for Counting {
    fn authenticate<'a>(&'a self, _: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Answer::ready(Err(ApiException::authentication_failed("Invalid token.")))
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

#[tokio::test]
async fn past_the_gate_s_rate_no_authenticator_is_asked() {
    let counting = Counting::default();
    let policy = Policy::new().authenticate(counting.clone());
    let service = serve(gated("3/min"), |router| router.route("/", get(ok).policy(policy)));
    for _ in 0..3 {
        let response = get_from("192.0.2.7", "/", &service).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
    }
    for _ in 0..20 {
        let response = get_from("192.0.2.7", "/", &service).await;
        let detail = "Request was throttled. Expected available in 60 seconds.";
        assert_refused(&response, StatusCode::TOO_MANY_REQUESTS, detail);
        assert_eq!(header("retry-after", &response), Some("60"));
    }
    assert_eq!(counting.asked(), 3);
    get_from("192.0.2.8", "/", &service).await;
    assert_eq!(counting.asked(), 4, "another address has a count of its own");
}

#[tokio::test]
async fn a_flood_of_wrong_passwords_costs_no_hashes() {
    let mut settings = gated("1/min");
    settings.passwords.hashers = vec!["pbkdf2_sha256".to_owned()];
    let policy = Policy::new().authenticate(BasicAuthentication);
    let service = serve(settings, |router| router.route("/", get(ok).policy(policy)));
    let wrong = || request("GET", "/").header(AUTHORIZATION, "Basic YWxpY2U6d3Jvbmc=");
    let first = send(&service, from("192.0.2.7", wrong())).await;
    assert_refused(&first, StatusCode::UNAUTHORIZED, "Invalid username/password.");
    let flood = async {
        for _ in 0..1000 {
            let response = send(&service, from("192.0.2.7", wrong())).await;
            assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        }
    };
    // A thousand hashes take minutes, a thousand refusals milliseconds.
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, flood).await.unwrap();
}

#[tokio::test]
async fn of_forty_at_once_three_reach_the_authenticator() {
    let counting = Counting::default();
    let policy = Policy::new().authenticate(counting.clone());
    let service = serve(gated("3/min"), |router| router.route("/", get(ok).policy(policy)));
    for round in 1..=50 {
        let barrier = Arc::new(tokio::sync::Barrier::new(40));
        let requests = (0..40).map(|_| {
            let (service, barrier) = (service.clone(), Arc::clone(&barrier));
            tokio::spawn(async move {
                barrier.wait().await;
                get_from(&format!("192.0.{round}.7"), "/", &service).await;
            })
        });
        for request in requests.collect::<Vec<_>>() {
            request.await.unwrap();
        }
        assert_eq!(counting.asked(), 3 * round);
    }
}

#[tokio::test]
async fn one_count_stands_before_all_guarded_routes_and_no_public_one() {
    let service = serve(gated("2/min"), |router| {
        router
            .route("/a/", get(ok).policy(Policy::open()))
            .route("/b/", get(ok).policy(Policy::open()))
            .public("/public/", get(ok))
            .probe("/healthz", get(ok))
    });
    for path in ["/public/", "/healthz", "/a/", "/b/", "/public/", "/healthz"] {
        assert_eq!(
            get_from("192.0.2.7", path, &service).await.status(),
            StatusCode::OK,
            "{path}"
        );
    }
    for path in ["/a/", "/b/"] {
        let response = get_from("192.0.2.7", path, &service).await;
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
}

#[tokio::test]
async fn all_gates_are_asked_and_the_longest_wait_is_told() {
    let mut settings = rates(&[("gate", "1/min"), ("login", "1/h")]);
    settings.throttle.before_authentication = vec!["gate".to_owned()];
    settings.throttle.headers = true;
    let service = serve(settings, |router| {
        let login = || ClientRateThrottle::scope("login");
        let narrow = get(ok).throttle_before_authentication(login());
        router
            .route("/login/", narrow.policy(Policy::open()))
            .route("/", get(ok).policy(Policy::open()))
    });
    assert_eq!(
        get_from("192.0.2.7", "/login/", &service).await.status(),
        StatusCode::OK
    );
    let response = get_from("192.0.2.7", "/login/", &service).await;
    assert_eq!(header("retry-after", &response), Some("3600"));
    assert_eq!(
        header("ratelimit-policy", &response),
        Some("\"gate\";q=1;w=60, \"login\";q=1;w=3600")
    );
    let response = get_from("192.0.2.7", "/", &service).await;
    assert_eq!(header("retry-after", &response), Some("60"));
}

async fn form(request: RequestContext) -> Result<axum::response::Response> {
    LoginPage::default().show(&request.context())
}

#[tokio::test]
async fn pages_have_the_gate_before_their_csrf_check() {
    let service = serve(gated("1/min"), |router| {
        router.route("/login/", get(form).post(form).page())
    });
    let forged = || request("POST", "/login/").header(ACCEPT, "text/html");
    let response = send(&service, from("192.0.2.7", forged())).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let response = send(&service, from("192.0.2.7", forged())).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        header("content-type", &response),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(header("retry-after", &response), Some("60"));
    let script = request("POST", "/login/").header(ACCEPT, "application/json");
    let response = send(&service, from("192.0.2.7", script)).await;
    let detail = "Request was throttled. Expected available in 60 seconds.";
    assert_refused(&response, StatusCode::TOO_MANY_REQUESTS, detail);
}

#[tokio::test]
async fn what_passes_the_gate_meets_the_route_s_own_throttles() {
    let service = serve(gated("9/min"), |router| {
        let policy = Policy::open().throttle(AnonRateThrottle::default());
        router.route("/", post(ok).policy(policy))
    });
    let post = || from("192.0.2.7", request("POST", "/"));
    assert_eq!(send(&service, post()).await.status(), StatusCode::OK);
    assert_eq!(
        send(&service, post()).await.status(),
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[test]
fn a_gate_without_a_rate_stops_the_start() {
    let mut settings = settings();
    settings.throttle.before_authentication = vec!["anon".to_owned()];
    let error = settings.validate().expect_err("it has no rate");
    assert_eq!(error.key(), "throttle.before_authentication");
    assert!(error.problem().contains("`anon` has no rate"), "{error}");
    let gate = get(ok).throttle_before_authentication(ClientRateThrottle::scope("login"));
    let router = door(support::settings()).router().route("/x/", gate.page());
    let error = router.into_service().expect_err("it has no rate").to_string();
    assert_eq!(
        error,
        "the path `/x/` cannot be throttled: No default throttle rate set for 'login' scope"
    );
}

#[test]
fn gates_are_listed_before_the_other_throttles() {
    let router = door(gated("3/min")).router();
    let policy = Policy::open().throttle(AnonRateThrottle::default());
    let router = router
        .route("/", get(ok).policy(policy))
        .route("/page/", get(ok).page());
    let listed: Vec<_> = router.routes().into_iter().map(|route| route.throttles).collect();
    let gate = "ClientRateThrottle(gate)";
    assert_eq!(listed, [vec![gate, "AnonRateThrottle"], vec![gate]]);
}
