//! A site with every endpoint, and a route that takes any body.

use std::sync::{Arc, Mutex};

use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorward_auth::mail::MailBuilderExt;
use doorward_auth::mail::{EmailMessage, MailError, MailSettings, Mailer};
use doorward_core::answer::Answer;
use doorward_core::parsers::Data;
use doorward_core::service::DoorService;
use doorward_core::settings::{Settings, UrlSetting};
use doorward_core::user::{UserId, UserRow};
use doorward_core::{Door, Policy, RouteExt};
use doorward_django::passwords::{Algorithm, Hashers};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use axum::body::Body;

pub(crate) const SECRET_KEY: &str = "a secret key for tests only, long enough for everyone";
pub(crate) const PASSWORD: &str = "wonderland-42";
/// A route whose handler takes any data, and lets it go.
pub(crate) const ANY: &str = "/any/";

pub(crate) struct Site {
    pub(crate) service: DoorService,
    pub(crate) memory: TestDatabase,
    /// Every path that answers POST.
    pub(crate) paths: Vec<String>,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let memory = TestDatabase::new();
        memory.add_user(alice());
        let mut settings = settings();
        change(&mut settings);
        let builder = Door::builder(settings, memory.stores()).mailer(Letters::default());
        let door = builder.build().unwrap();
        let any = post(async |_: Data| StatusCode::NO_CONTENT).policy(Policy::open());
        let router = door.endpoints().route(ANY, any);
        let paths = router.routes().into_iter();
        let paths = paths
            .filter(|route| route.methods.contains(&Method::POST))
            .map(|route| route.path);
        Self {
            paths: paths.collect(),
            service: router.into_service().unwrap(),
            memory,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response<String> {
        let (parts, body) = self.service.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Response::from_parts(parts, String::from_utf8(bytes.into()).unwrap())
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        content_type: &str,
        body: impl Into<Body>,
    ) -> Response<String> {
        self.send(request(path, content_type, body)).await
    }
}

/// A POST with alice's credentials in its header.
pub(crate) fn request(path: &str, content_type: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path)
        .header("host", "localhost")
        .header("content-type", content_type)
        .body(body.into())
        .unwrap()
}

pub(crate) fn basic(username: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{username}:{password}")))
}

/// Every endpoint is there; hashes are quick.
fn settings() -> Settings {
    let mut settings = Settings::default().with_apps(&doorward_auth::apps());
    settings.cache.max_staleness = doorward_core::settings::Period::from_secs(0);
    settings.secret_key = Secret::new(SECRET_KEY.to_owned());
    settings.debug = true;
    settings.passwords.hashers = vec!["md5".to_owned()];
    settings.section_mut::<MailSettings>().reset_url =
        Some("https://example.org/reset/{uid}/{token}/".to_owned());
    for name in ["token_revoke", "token_introspect"] {
        settings.urls.0.insert(name.to_owned(), UrlSetting::Switch(true));
    }
    settings
}

fn alice() -> UserRow {
    let hashers = Hashers::new(vec![Algorithm::Md5]).unwrap();
    UserRow {
        id: UserId::Int(1),
        username: "alice".to_owned(),
        password: Secret::new(hashers.make_password(PASSWORD, &[7; 88]).unwrap()),
        email: "alice@example.org".to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        is_active: true,
        is_staff: true,
        is_superuser: false,
        last_login: None,
        date_joined: Timestamp::from_secs(0),
        further: doorward_core::user::FurtherColumns::default(),
    }
}

#[derive(Clone, Debug, Default)]
struct Letters(Arc<Mutex<Vec<EmailMessage>>>);

impl Mailer for Letters {
    fn send<'a>(&'a self, letter: &'a EmailMessage) -> Answer<'a, Result<(), MailError>> {
        self.0.lock().unwrap().push(letter.clone());
        Answer::ready(Ok(()))
    }
}
