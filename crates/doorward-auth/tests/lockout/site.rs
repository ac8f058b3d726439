//! A site that counts how many passwords it checks, and clients at addresses of their own.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorward_auth::backends::{Attempt, CredentialsBackend, ModelBackend, Outcome};
use doorward_auth::jwt::JwtDoorExt;
use doorward_auth::lockout::{LockoutSettings, LoginAttemptStore, LoginAttempts};
use doorward_auth::schemes::BasicAuthentication;
use doorward_core::assembly::DoorBuilder;
use doorward_core::clock::ManualClock;
use doorward_core::permissions::IsAuthenticated;
use doorward_core::service::DoorService;
use doorward_core::settings::{AuthenticatorName, Period, Settings};
use doorward_core::signals::Event;
use doorward_core::user::UserRow;
use doorward_core::{Answer, ApiException, Door, Policy, Result, RouteExt, User, UserId};
use doorward_db::Database;
use doorward_django::jwt::{Claims, TokenType};
use doorward_django::passwords::{Algorithm, Hashers};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tower::ServiceExt;

pub(crate) const NOW: i64 = 1_700_000_000;
pub(crate) const PASSWORD: &str = "wonderland-42";
pub(crate) const LOCKED: &str =
    r#"{"detail":"Account locked: too many login attempts. Please try again later.","code":"locked_out"}"#;

/// Where Alice lives.
pub(crate) const HOME: &str = "192.0.2.7";

#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) door: Door,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) checker: Arc<Checker>,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
    service: DoorService,
    database: Database,
}

/// As `ModelBackend`, and counts; each check waits for a permit of the gate.
#[derive(Debug)]
pub(crate) struct Checker {
    pub(crate) checks: AtomicUsize,
    under_way: AtomicUsize,
    pub(crate) most_at_once: AtomicUsize,
    pub(crate) gate: Semaphore,
    pub(crate) is_broken: std::sync::atomic::AtomicBool,
}

impl Checker {
    fn new() -> Self {
        Self {
            checks: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            is_broken: false.into(),
        }
    }

    /// Holds every check that begins from now on.
    pub(crate) fn close(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    async fn check(&self, attempt: &Attempt<'_>) -> Result<Outcome> {
        self.checks.fetch_add(1, Ordering::SeqCst);
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(now, Ordering::SeqCst);
        self.gate.acquire().await.unwrap().forget();
        tokio::task::yield_now().await;
        let outcome = ModelBackend.authenticate(attempt).await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        match self.is_broken.load(Ordering::SeqCst) {
            true => Err(ApiException::server_error("broken")),
            false => outcome,
        }
    }
}

#[derive(Debug)]
struct Shared(Arc<Checker>);

impl CredentialsBackend for Shared {
    fn path(&self) -> &'static str {
        "tests.Checker"
    }

    fn authenticate<'a>(&'a self, attempt: &'a Attempt<'a>) -> Answer<'a, Result<Outcome>> {
        Answer::pending(self.0.check(attempt))
    }
}

/// Three wrong passwords lock for a minute.
pub(crate) fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.cache.max_staleness = Period::from_secs(0);
    settings.secret_key = Secret::new("a-secret-key-for-tests-only-0123456789-abcdefghij".to_owned());
    settings.passwords.hashers = vec!["md5".to_owned()];
    settings.section_mut::<LockoutSettings>().failures = Some(3);
    settings.section_mut::<LockoutSettings>().address_failures = Some(100);
    settings.section_mut::<LockoutSettings>().cool_off = Period::from_secs(60);
    settings.with_apps(&doorward_auth::apps())
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::build(change, &memory(), |door, checker| door.backends([checker]))
    }

    /// With another store for failed logins.
    pub(crate) fn on(change: impl FnOnce(&mut Settings), store: impl LoginAttemptStore + 'static) -> Self {
        let store = LoginAttempts(Arc::new(store));
        Self::build(change, &memory(), |door, checker| {
            door.backends([checker]).give(store)
        })
    }

    /// With one more backend, which is asked after the other.
    pub(crate) fn and_then(backend: impl CredentialsBackend + 'static) -> Self {
        Self::build(
            |_| {},
            &memory(),
            |door, checker| door.backends([checker, Arc::new(backend) as _]),
        )
    }

    /// With those backends and no other, and those users beside the usual ones.
    pub(crate) fn backed_by(backends: Vec<Arc<dyn CredentialsBackend>>, users: Vec<UserRow>) -> Self {
        let memory = memory();
        users.into_iter().for_each(|user| memory.add_user(user));
        Self::on_backends(&memory, backends)
    }

    pub(crate) fn on_backends(memory: &TestDatabase, backends: Vec<Arc<dyn CredentialsBackend>>) -> Self {
        Self::build(|_| {}, memory, |door, _| door.backends(backends))
    }

    /// With `ModelBackend`, whose own endpoints believe what a token says.
    pub(crate) fn stateless(memory: &TestDatabase) -> Self {
        let change = |settings: &mut Settings| {
            settings.rest.authentication = vec![AuthenticatorName::JwtStateless];
        };
        Self::build(change, memory, |door, _| {
            door.backends([Arc::new(ModelBackend) as _])
        })
    }

    /// An access token that names nothing but that user's id.
    pub(crate) fn access(&self, id: i64) -> String {
        let rules = self.door.jwt();
        let claims = Claims::new_token(TokenType::Access, self.door.random(), self.door.now(), rules);
        let claims = claims.for_user(&id.to_string(), rules);
        let token = self.door.tokens().encode(&claims, self.door.now());
        format!("Bearer {}", token.unwrap())
    }

    /// What it stands on.
    pub(crate) fn database(&self) -> Database {
        self.database.clone()
    }

    fn build(
        change: impl FnOnce(&mut Settings),
        memory: &TestDatabase,
        with: impl FnOnce(DoorBuilder, Arc<dyn CredentialsBackend>) -> DoorBuilder,
    ) -> Self {
        let mut settings = settings();
        change(&mut settings);
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(NOW)));
        let checker = Arc::new(Checker::new());
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        let backend: Arc<dyn CredentialsBackend> = Arc::new(Shared(Arc::clone(&checker)));
        let door = Door::builder(settings, memory.stores())
            .database(memory.database())
            .clock(Arc::clone(&clock) as _)
            .on(move |event| heard.lock().unwrap().push(event.clone()));
        let door = with(door, backend).build().unwrap();
        let basic = Policy::from(IsAuthenticated).authenticate(BasicAuthentication);
        let routes = door.router().route("/basic/", get(name).policy(basic));
        Self {
            service: routes.merge(door.endpoints()).into_service().unwrap(),
            database: memory.database().clone(),
            door,
            clock,
            checker,
            events,
        }
    }

    pub(crate) fn checks(&self) -> usize {
        self.checker.checks.load(Ordering::SeqCst)
    }

    /// A client at that address.
    pub(crate) fn at(&self, address: &str) -> Client {
        Client {
            site: self.clone(),
            peer: SocketAddr::new(address.parse().unwrap(), 4_711),
            cookie: None,
        }
    }

    /// So many wrong passwords, each from an address of its own.
    pub(crate) async fn strangers(&self, count: usize, username: &str) -> Vec<Page> {
        let mut pages = Vec::new();
        for number in 0..count {
            let address = format!("203.0.113.{}", number + 1);
            pages.push(self.at(&address).token(username, "wrong").await);
        }
        pages
    }
}

async fn name(user: User) -> String {
    user.username().to_owned()
}

pub(crate) fn memory() -> TestDatabase {
    let memory = TestDatabase::new();
    for (id, username) in [(1, "alice"), (2, "bob"), (3, "carol")] {
        memory.add_user(user(id, username));
    }
    memory
}

pub(crate) fn user(id: i64, username: &str) -> UserRow {
    let hashers = Hashers::new(vec![Algorithm::Md5]).unwrap();
    UserRow {
        id: UserId::Int(id),
        username: username.to_owned(),
        password: Secret::new(hashers.make_password(PASSWORD, &[7; 88]).unwrap()),
        email: String::new(),
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

#[derive(Clone)]
pub(crate) struct Client {
    site: Site,
    peer: SocketAddr,
    /// The device cookie.
    pub(crate) cookie: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn is_locked(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
    }

    pub(crate) fn wait(&self) -> Option<u64> {
        self.headers.get("retry-after")?.to_str().unwrap().parse().ok()
    }

    /// The `Set-Cookie` header of the device cookie.
    pub(crate) fn device(&self) -> Option<&str> {
        let mut cookies = self.headers.get_all(SET_COOKIE).iter();
        cookies.find_map(|value| {
            value
                .to_str()
                .ok()
                .filter(|text| text.starts_with("doorward_device="))
        })
    }
}

impl Client {
    /// With the device cookie that an answer set.
    pub(crate) fn with(mut self, page: &Page) -> Self {
        let pair = page.device().unwrap().split(';').next().unwrap();
        self.cookie = Some(pair.to_owned());
        self
    }

    pub(crate) async fn token(&self, username: &str, password: &str) -> Page {
        self.post("/api/token/", username, password).await
    }

    pub(crate) async fn post(&self, path: &str, username: &str, password: &str) -> Page {
        let body = json!({ "username": username, "password": password });
        self.send("POST", path, &[(CONTENT_TYPE.as_str(), "application/json")], body)
            .await
    }

    pub(crate) async fn basic(&self, username: &str, password: &str) -> Page {
        let credentials = format!("Basic {}", STANDARD.encode(format!("{username}:{password}")));
        self.send(
            "GET",
            "/basic/",
            &[(AUTHORIZATION.as_str(), &credentials)],
            Value::Null,
        )
        .await
    }

    /// The form or JSON of the login page, with the CSRF token that they need.
    pub(crate) async fn login(&self, content_type: &str, username: &str, password: &str) -> Page {
        let token = "c".repeat(32);
        let body = match content_type {
            "application/json" => json!({ "username": username, "password": password }).to_string(),
            _ => format!("username={username}&password={password}"),
        };
        let headers = [
            ("content-type", content_type),
            ("x-csrftoken", &token),
            ("cookie", &format!("csrftoken={token}")),
        ];
        self.raw("POST", "/api-auth/login/", &headers, body).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Value) -> Page {
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        self.raw(method, path, headers, body).await
    }

    async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let mut request = request.body(Body::from(body)).unwrap();
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let response = self.site.service.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Page {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}
