//! A site of all classes, a user, and a small issuer.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use authentication_classes::{Keys, KeysSettings, Version, keycloak, routes};
use axum::body::{Body, Bytes};
use axum::http::{Request, Response, StatusCode};
use axum::routing::post;
use doorward::database::Value;
use doorward::django::jwt::{Algorithm, Claims, Keyring, RingKey, Rules, generate_pem};
use doorward::django::timestamp::Timestamp;
use doorward::http_client::{HttpClient, HttpError};
use doorward::prelude::*;
use doorward::sessions::Session;
use doorward_testing::{TestDoor, TestSite, TestUser};
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;

pub(crate) struct Stage {
    pub(crate) door: TestDoor,
    pub(crate) site: TestSite,
    pub(crate) alice: TestUser,
    pub(crate) issuer: Arc<TestIssuer>,
    service: BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>,
}

pub(crate) async fn stage() -> Stage {
    let builder = TestDoor::builder().app::<Keys>();
    let door = builder.customize(|door| door.token_claims(Version)).build();
    let alice = door.user("alice").create().await;
    let issuer = Arc::new(TestIssuer::new("one"));
    let classes = keycloak(
        &door.settings().section::<KeysSettings>(),
        Arc::clone(&issuer) as _,
    );
    let classes = Arc::new(classes.unwrap());
    let service = routes(&door, &classes).into_service().unwrap();
    let site = door.site(routes(&door, &classes).route("/verify/", post(verify)));
    Stage {
        door,
        site,
        alice,
        issuer,
        service: BoxCloneSyncService::new(service),
    }
}

/// What the page notes that asks for a second factor.
async fn verify(session: Session) -> Result<()> {
    session
        .insert("otp_device_id", "otp_static.staticdevice/1")
        .await?;
    Ok(())
}

impl Stage {
    /// Runs a statement, as an administrator would behind the site's back.
    pub(crate) async fn run(&self, sql: &'static str, values: impl Into<Vec<Value>> + Send) {
        self.door.database().unwrap().execute(sql, values).await.unwrap();
    }

    /// The first column of the first row.
    pub(crate) async fn text(&self, sql: &'static str) -> Option<String> {
        let row = self
            .door
            .database()
            .unwrap()
            .fetch_optional(sql, [])
            .await
            .unwrap();
        row.unwrap().read(0_usize).unwrap()
    }

    /// What headers as they are, one after the other, are answered; clients set each once.
    pub(crate) async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> StatusCode {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let service = self.service.clone();
        let answer: Response<Body> = service
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        answer.status()
    }
}

/// An issuer with one key at a time, whose set is fetched over nothing.
#[derive(Debug)]
pub(crate) struct TestIssuer {
    keys: Mutex<Keyring>,
    pub(crate) fetches: AtomicUsize,
    pub(crate) is_down: AtomicBool,
    now: Timestamp,
}

impl TestIssuer {
    fn new(kid: &str) -> Self {
        Self {
            keys: Mutex::new(new_key(kid)),
            fetches: AtomicUsize::new(0),
            is_down: AtomicBool::new(false),
            now: Timestamp::from_secs(1_700_000_000),
        }
    }

    pub(crate) fn rotate(&self, kid: &str) {
        *self.keys.lock().unwrap() = new_key(kid);
    }

    pub(crate) fn public_keys(&self) -> String {
        self.keys.lock().unwrap().to_jwks(self.now).to_string()
    }

    /// Claims of `sub`, as the realm makes them, good for an hour.
    pub(crate) fn claims(&self, sub: &str) -> Claims {
        Claims::new()
            .with("iss", "http://127.0.0.1:8080/realms/shop")
            .with("aud", "shop-api")
            .with("sub", sub)
            .with("exp", self.now.as_secs() + 3_600)
            .with("email", format!("{sub}@example.com"))
            .with("email_verified", true)
            .with("given_name", "Bob")
    }

    pub(crate) fn sign(&self, claims: &Claims) -> String {
        self.keys
            .lock()
            .unwrap()
            .encode(claims, &Rules::default(), self.now)
            .unwrap()
    }

    pub(crate) fn token(&self, sub: &str) -> String {
        self.sign(&self.claims(sub))
    }

    pub(crate) fn fetched(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }
}

pub(crate) fn new_key(kid: &str) -> Keyring {
    let pem = generate_pem(Algorithm::Es256).unwrap();
    let key = RingKey::new(Algorithm::Es256, pem.expose().as_bytes(), b"").unwrap();
    Keyring::new([key.named(kid)]).unwrap()
}

impl HttpClient for TestIssuer {
    fn send(&self, request: Request<Bytes>) -> Answer<'_, Result<Response<Bytes>, HttpError>> {
        assert_eq!(request.uri().path(), "/realms/shop/protocol/openid-connect/certs");
        self.fetches.fetch_add(1, Ordering::SeqCst);
        Answer::ready(match self.is_down.load(Ordering::SeqCst) {
            true => Err("nobody answers".into()),
            false => Ok(Response::new(self.public_keys().into())),
        })
    }
}

/// The id of a user, as the tables of the app keep it.
pub(crate) fn id_of(user: &TestUser) -> Value {
    user.id().into()
}
