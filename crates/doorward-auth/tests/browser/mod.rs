//! A site in memory, and a browser that visits it.

#![expect(dead_code, reason = "each test file uses a part of it")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

pub(crate) mod log;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::routing::get;
use axum::{Json, response::IntoResponse};
use doorward_auth::schemes::SessionAuthentication;
use doorward_core::assembly::DoorBuilder;
use doorward_core::clock::ManualClock;
use doorward_core::entropy::SystemEntropy;
use doorward_core::parsers::Data;
use doorward_core::permissions::{AllowAny, IsAuthenticated};
use doorward_core::service::DoorService;
use doorward_core::sessions::Session;
use doorward_core::settings::Settings;
use doorward_core::stores::Stores;
use doorward_core::user::UserRow;
use doorward_core::{Door, Policy, Result, RouteExt, Router, User, UserId};
use doorward_django::passwords::{Algorithm, Hashers};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_django::urls::Scheme;
use doorward_testing::TestDatabase;
use http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

pub(crate) const NOW: i64 = 1_700_000_000;
pub(crate) const PASSWORD: &str = "wonderland-42";
pub(crate) const SECRET_KEY: &str = "a-secret-key-for-tests-only-0123456789-abcdefghijklmnop";

/// A site on a database in memory, with a clock of its own.
pub(crate) struct Site {
    pub(crate) door: Door,
    pub(crate) memory: TestDatabase,
    pub(crate) clock: Arc<ManualClock>,
    service: DoorService,
}

/// Settings that hash fast.
pub(crate) fn settings() -> Settings {
    let mut settings = Settings::default().with_apps(&doorward_auth::apps());
    settings.cache.max_staleness = doorward_core::settings::Period::from_secs(0);
    settings.secret_key = Secret::new(SECRET_KEY.to_owned());
    settings.passwords.hashers = vec!["md5".to_owned(), "pbkdf2_sha256".to_owned()];
    settings
}

/// A user of that name with the usual password.
pub(crate) fn user(id: i64, username: &str) -> UserRow {
    UserRow {
        id: UserId::Int(id),
        username: username.to_owned(),
        password: Secret::new(encoded(PASSWORD)),
        email: format!("{username}@example.com"),
        first_name: String::new(),
        last_name: String::new(),
        is_active: true,
        is_staff: false,
        is_superuser: false,
        last_login: None,
        date_joined: Timestamp::from_secs(NOW),
        further: doorward_core::user::FurtherColumns::default(),
    }
}

pub(crate) fn encoded(password: &str) -> String {
    let hashers = Hashers::new(vec![Algorithm::Md5]).unwrap();
    hashers.make_password(password, &[7; 88]).unwrap()
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(settings())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let memory = TestDatabase::new();
        let stores = memory.stores();
        Self::on(settings, memory, stores, |router| router)
    }

    /// A site with stores of one's own, and more routes.
    pub(crate) fn on(
        settings: Settings,
        memory: TestDatabase,
        stores: Stores,
        more: impl FnOnce(Router) -> Router,
    ) -> Self {
        Self::built(settings, memory, stores, |builder| builder, more)
    }

    /// A site whose door is given more before it opens.
    pub(crate) fn built(
        settings: Settings,
        memory: TestDatabase,
        stores: Stores,
        with: impl FnOnce(DoorBuilder) -> DoorBuilder,
        more: impl FnOnce(Router) -> Router,
    ) -> Self {
        for (id, name) in [(1, "root"), (2, "alice"), (3, "bob")] {
            memory.add_user(user(id, name));
        }
        memory.add_user(UserRow {
            is_active: false,
            ..user(4, "carol")
        });
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(NOW)));
        let builder = Door::builder(settings, stores).clock(Arc::clone(&clock) as _);
        let door = with(builder.entropy(Arc::new(SystemEntropy))).build().unwrap();
        let router = more(routes(&door));
        Self {
            service: router.into_service().unwrap(),
            door,
            memory,
            clock,
        }
    }

    /// A site on a database in memory whose door is given more before it opens.
    pub(crate) fn given(settings: Settings, with: impl FnOnce(DoorBuilder) -> DoorBuilder) -> Self {
        let memory = TestDatabase::new();
        let stores = memory.stores();
        Self::built(settings, memory, stores, with, |router| router)
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser {
            site: self,
            cookies: BTreeMap::new(),
            scheme: Scheme::Http,
        }
    }

    /// A browser that `name` logged in with.
    pub(crate) async fn logged_in(&self, name: &str) -> Browser<'_> {
        let mut browser = self.browser();
        assert_eq!(browser.log_in(name, PASSWORD).await.status, StatusCode::FOUND);
        browser
    }
}

fn routes(door: &Door) -> Router {
    let by_session = || Policy::new().authenticate(SessionAuthentication);
    door.router()
        .route(
            "/dashboard/",
            get(dashboard)
                .post(echo)
                .put(echo)
                .delete(echo)
                .policy(by_session().permit(IsAuthenticated)),
        )
        .route(
            "/whoami/",
            get(whoami).post(whoami).policy(by_session().permit(AllowAny)),
        )
        .route("/cart/", get(cart).post(put_into_cart).policy(Policy::open()))
        .route("/plain/", get(|| async { "plain" }).policy(Policy::open()))
        .merge(door.endpoints())
}

async fn dashboard(user: User) -> String {
    user.username().to_owned()
}

async fn echo(data: Data) -> Json<doorward_django::json::Value> {
    Json(data.into_value())
}

async fn whoami(user: Option<User>) -> Json<Value> {
    Json(json!(user.map(|user| user.username().to_owned())))
}

async fn cart(session: Session) -> Result<Json<Value>> {
    Ok(Json(json!(session.get("cart").await?)))
}

async fn put_into_cart(session: Session, data: Data) -> Result<impl IntoResponse> {
    session.insert("cart", data.into_value()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A client with a cookie jar.
#[derive(Clone)]
pub(crate) struct Browser<'s> {
    site: &'s Site,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) scheme: Scheme,
}

/// What a browser was answered.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Browser<'_> {
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, &[], "").await
    }

    /// Posts JSON with the CSRF token that the cookie holds.
    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Page {
        let token = self.csrf();
        let headers = [("content-type", "application/json"), ("x-csrftoken", &token)];
        self.send("POST", path, &headers, body.to_string()).await
    }

    pub(crate) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let form = "application/x-www-form-urlencoded";
        self.send("POST", path, &[("content-type", form)], body).await
    }

    /// Logs in as a person does: the form, then its fields.
    pub(crate) async fn log_in(&mut self, username: &str, password: &str) -> Page {
        self.get("/api-auth/login/").await;
        let token = self.csrf();
        let fields = [
            ("username", username),
            ("password", password),
            ("csrfmiddlewaretoken", &token),
        ];
        self.submit("/api-auth/login/", &fields).await
    }

    pub(crate) fn csrf(&self) -> String {
        self.cookies.get("csrftoken").cloned().unwrap_or_default()
    }

    pub(crate) fn session(&self) -> Option<&str> {
        self.cookies.get("sessionid").map(String::as_str)
    }

    pub(crate) async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "localhost")
            .extension(self.scheme);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
            request = request.header(COOKIE, pairs.collect::<Vec<_>>().join("; "));
        }
        let request = request.body(body.into()).unwrap();
        let response = self.site.service.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        self.remember(&parts.headers);
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Page {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    fn remember(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, rest) = text.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            match text.contains("Max-Age=0") {
                true => drop(self.cookies.remove(name)),
                false => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
    }
}

impl Page {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn detail(&self) -> String {
        let json = self.json();
        json["detail"].as_str().unwrap_or(&self.text).to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The `Set-Cookie` header of that cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let mut cookies = self.headers.get_all(SET_COOKIE).iter();
        let prefix = format!("{name}=");
        cookies.find_map(|value| value.to_str().ok().filter(|text| text.starts_with(&prefix)))
    }

    pub(crate) fn is_html(&self) -> bool {
        self.header(CONTENT_TYPE.as_str()) == "text/html; charset=utf-8"
    }
}
