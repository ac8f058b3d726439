//! A door on a database in memory, callers who name themselves in a header, and answers to look at.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test takes what it needs, and some take all"
)]

use std::sync::Arc;

use axum::body::Body;
use doorward_core::authentication::Authenticator;
use doorward_core::clock::ManualClock;
use doorward_core::entropy::SystemEntropy;
use doorward_core::identity::Identity;
use doorward_core::service::DoorService;
use doorward_core::settings::Settings;
use doorward_core::user::{UserId, UserRow};
use doorward_core::{Answer, ApiException, Auth, Context, Door, Result, Router};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::header::HOST;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

pub(crate) fn settings() -> Settings {
    let mut settings = Settings::default().with_apps(&doorward_auth::apps());
    settings.cache.max_staleness = doorward_core::settings::Period::from_secs(0);
    settings.secret_key = Secret::new("a secret key for tests only, long enough for everyone".to_owned());
    settings
}

pub(crate) fn door(settings: Settings) -> Door {
    let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1_700_000_000)));
    let stores = TestDatabase::new().stores();
    Door::with_sources(settings, stores, clock, Arc::new(SystemEntropy)).unwrap()
}

/// The service of those routes, on a door with the settings of [`settings`].
pub(crate) fn serve(routes: impl FnOnce(Router) -> Router) -> DoorService {
    routes(door(settings()).router()).into_service().unwrap()
}

pub(crate) fn user(name: &str) -> UserRow {
    UserRow {
        id: UserId::Int(7),
        username: name.to_owned(),
        password: Secret::new("!".to_owned()),
        email: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        is_active: true,
        is_staff: name == "staff",
        is_superuser: false,
        last_login: None,
        date_joined: Timestamp::from_secs(0),
        further: doorward_core::user::FurtherColumns::default(),
    }
}

/// Believes the header `X-User`, refuses the name `nobody`, and challenges with its own name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named(pub(crate) Option<&'static str>);

impl Authenticator for Named {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let Some(name) = cx.headers().get("x-user") else {
            return Answer::ready(Ok(None));
        };
        Answer::ready(match name.to_str().unwrap() {
            "nobody" => Err(ApiException::authentication_failed("Invalid token.")),
            name => Ok(Some(Identity {
                user: user(name).into(),
                auth: Auth::Basic,
            })),
        })
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        self.0.map(HeaderValue::from_static)
    }
}

/// A request to this host, by method and path.
pub(crate) fn request(method: &str, path: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, "localhost")
}

pub(crate) async fn send(service: &DoorService, request: Request<Body>) -> Response<String> {
    let response = service.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Response::from_parts(parts, String::from_utf8(body.to_vec()).unwrap())
}

/// What a request without a body is answered.
pub(crate) async fn ask(service: &DoorService, request: http::request::Builder) -> Response<String> {
    send(service, request.body(Body::empty()).unwrap()).await
}

pub(crate) fn header<'r>(name: &str, response: &'r Response<String>) -> Option<&'r str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

pub(crate) fn json(response: &Response<String>) -> Value {
    serde_json::from_str(response.body()).unwrap()
}

/// Status and `detail` at once.
#[track_caller]
pub(crate) fn assert_refused(response: &Response<String>, status: StatusCode, detail: &str) {
    assert_eq!(response.status(), status, "{}", response.body());
    assert_eq!(json(response)["detail"], detail);
}
