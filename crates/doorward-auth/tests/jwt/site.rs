//! A site in memory, with a clock that stands still.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::routing::get;
use doorward_auth::jwt::JwtDoorExt;
use doorward_auth::schemes::{JwtAuthentication, JwtStatelessUserAuthentication, TokenAuthentication};
use doorward_core::assembly::DoorBuilder;
use doorward_core::clock::ManualClock;
use doorward_core::entropy::SystemEntropy;
use doorward_core::permissions::AllowAny;
use doorward_core::service::DoorService;
use doorward_core::settings::{Blacklist, Settings};
use doorward_core::stores::{SharedBlacklist, Stores};
use doorward_core::user::UserRow;
use doorward_core::{Auth, Door, Policy, RouteExt, Router, User, UserId};
use doorward_django::jwt::{Claims, TokenType};
use doorward_django::passwords::{Algorithm, Hashers, SALT_BYTES};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

/// When it is, at first.
pub(crate) const NOW: i64 = 1_700_000_000;

pub(crate) const SECRET_KEY: &str = "a-secret-key-for-tests-only-0123456789-abcdefghij";

/// Two users who may enter, and one who may not.
pub(crate) const ALICE: i64 = 2;
pub(crate) const BOB: i64 = 3;
pub(crate) const CAROL: i64 = 4;

pub(crate) struct Site {
    pub(crate) door: Door,
    pub(crate) memory: TestDatabase,
    pub(crate) clock: Arc<ManualClock>,
    service: DoorService,
}

impl Site {
    /// A site with the default settings, save for a hasher that is quick.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::built(change, |door| door)
    }

    /// A site whose door is given more before it opens.
    pub(crate) fn built(
        change: impl FnOnce(&mut Settings),
        with: impl FnOnce(DoorBuilder) -> DoorBuilder,
    ) -> Self {
        Self::of(change, with, |routes| routes)
    }

    /// A site that has more routes besides.
    pub(crate) fn of(
        change: impl FnOnce(&mut Settings),
        with: impl FnOnce(DoorBuilder) -> DoorBuilder,
        more: impl FnOnce(Router) -> Router,
    ) -> Self {
        Self::on(change, |stores| stores, with, more)
    }

    /// A site whose blacklist is shared, with what its settings need for that.
    pub(crate) fn sharing(
        shared: &Arc<impl SharedBlacklist + 'static>,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let shared: Arc<dyn SharedBlacklist> = Arc::clone(shared) as _;
        let set = |settings: &mut Settings| {
            settings.redis.url = Some("redis://127.0.0.1".to_owned().into());
            settings.jwt.blacklist = Blacklist::Redis;
            change(settings);
        };
        let beside = Arc::clone(&shared);
        Self::on(
            set,
            move |stores| stores.with_shared_blacklist(beside),
            |door| door.give(shared),
            |routes| routes,
        )
    }

    fn on(
        change: impl FnOnce(&mut Settings),
        stores: impl FnOnce(Stores) -> Stores,
        with: impl FnOnce(DoorBuilder) -> DoorBuilder,
        more: impl FnOnce(Router) -> Router,
    ) -> Self {
        let memory = TestDatabase::new();
        for (id, username, password) in [
            (ALICE, "alice", "wonderland-42"),
            (BOB, "bob", "builder-43"),
            (CAROL, "carol", "inactive-7"),
        ] {
            memory.add_user(user(id, username, password));
        }
        memory.change_user(&UserId::Int(CAROL), |carol| carol.is_active = false);
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(NOW)));
        let builder = Door::builder(settings(change), stores(memory.stores()))
            .clock(clock.clone())
            .entropy(Arc::new(SystemEntropy));
        let door = with(builder).build().expect("these settings are possible");
        let service = more(routes(&door))
            .into_service()
            .expect("no path is registered twice");
        Self {
            door,
            memory,
            clock,
            service,
        }
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        let request = Request::post(path).header("content-type", "application/json");
        self.send(request, body.to_string()).await
    }

    /// A GET with that Authorization header.
    pub(crate) async fn get(&self, path: &str, authorization: impl AsRef<[u8]>) -> Answer {
        let request = Request::get(path).header("authorization", authorization.as_ref());
        self.send(request, String::new()).await
    }

    pub(crate) async fn send(&self, request: http::request::Builder, body: String) -> Answer {
        let request = request
            .header("host", "localhost")
            .body(Body::from(body))
            .unwrap();
        let Ok(response) = self.service.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// A refresh and an access token of Alice's.
    pub(crate) async fn pair(&self) -> (String, String) {
        let answer = self
            .post("/api/token/", credentials("alice", "wonderland-42"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        (answer.text("refresh"), answer.text("access"))
    }

    /// A token with the usual claims, changed, and signed with our key.
    pub(crate) fn forge(&self, token_type: TokenType, change: impl FnOnce(&mut Claims)) -> String {
        let rules = self.door.jwt();
        let claims = Claims::new_token(token_type, self.door.random(), self.door.now(), rules);
        let mut claims = claims.for_user(&ALICE.to_string(), rules);
        change(&mut claims);
        self.sign(&claims)
    }

    pub(crate) fn sign(&self, claims: &Claims) -> String {
        self.door.tokens().encode(claims, self.door.now()).unwrap()
    }

    /// What a token says; it must be good.
    pub(crate) fn claims(&self, token: &str) -> Value {
        let claims = self
            .door
            .tokens()
            .keyring()
            .decode(token, self.door.jwt(), self.door.now());
        serde_json::to_value(claims.expect("our own token is good").as_object()).unwrap()
    }
}

pub(crate) fn settings(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = Settings::default().with_apps(&doorward_auth::apps());
    settings.cache.max_staleness = doorward_core::settings::Period::from_secs(0);
    settings.secret_key = Secret::new(SECRET_KEY.to_owned());
    settings.passwords.hashers = vec!["md5".to_owned()];
    change(&mut settings);
    settings
}

pub(crate) fn user(id: i64, username: &str, password: &str) -> UserRow {
    let hashers = Hashers::new(vec![Algorithm::Md5]).unwrap();
    let encoded = hashers.make_password(password, &[7; SALT_BYTES]).unwrap();
    UserRow {
        id: UserId::Int(id),
        username: username.to_owned(),
        password: Secret::new(encoded),
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

pub(crate) fn credentials(username: &str, password: &str) -> Value {
    json!({ "username": username, "password": password })
}

/// Without a claim: `Claims` itself only adds.
pub(crate) fn without(claims: &Claims, name: &str) -> Claims {
    let mut object = claims.as_object().clone();
    object.remove(name);
    object.into()
}

fn routes(door: &Door) -> Router {
    let by = |policy: Policy| get(who_am_i).policy(policy.permit(AllowAny));
    let token = TokenAuthentication::default();
    door.endpoints()
        .route("/whoami/jwt/", by(Policy::new().authenticate(JwtAuthentication)))
        .route(
            "/whoami/stateless/",
            by(Policy::new().authenticate(JwtStatelessUserAuthentication)),
        )
        .route("/whoami/token/", by(Policy::new().authenticate(token.clone())))
        .route(
            "/whoami/bearer-token/",
            by(Policy::new().authenticate(token.keyword("Bearer"))),
        )
}

async fn who_am_i(user: Option<User>, auth: Option<Auth>) -> Json<Value> {
    Json(json!({
        "id": user.as_ref().map(|user| user.id().clone()),
        "user": user.as_ref().map(|user| user.username().to_owned()),
        "is_staff": user.as_ref().is_some_and(User::is_staff),
        "auth": auth.as_ref().and_then(Auth::class_name),
    }))
}

/// What a client reads.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn text(&self, name: &str) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        body[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name} in {}", self.body))
            .to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Holds the answer to a status and a body, to the byte.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, body: &str) {
        assert_eq!((self.status.as_u16(), self.body.as_str()), (status, body));
    }

    /// Holds the answer to a refusal of SimpleJWT's token views.
    #[track_caller]
    pub(crate) fn refuses_token(&self, sentence: &str) {
        self.is(
            401,
            &format!(r#"{{"detail":"{sentence}","code":"token_not_valid"}}"#),
        );
        assert_eq!(self.header("www-authenticate"), Some(r#"Bearer realm="api""#));
    }
}
