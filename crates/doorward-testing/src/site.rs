//! [`TestSite`]: an application behind its door, and who calls it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorward_auth::authtoken::TokenSettings;
use doorward_auth::endpoints;
use doorward_core::router::RouteInfo;
use doorward_core::service::DoorService;
use doorward_core::settings::TokenClass;
use doorward_core::{Door, Router};
use http::HeaderValue;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use crate::client::header_name;
use crate::failure::fail;
use crate::{TestClient, TestResponse, TestUser};

const LOGIN: &str = "/login/";
const TOKEN: &str = "/token/";
const PAIR: &str = "/pair/";
const SLIDING: &str = "/sliding/";

/// An application behind its door; it makes clients by kind of caller.
///
/// Where credentials are wanted, the library's own endpoints issue them for the user's password, whether the
/// application mounts these endpoints or not.
#[derive(Clone, Debug)]
pub struct TestSite {
    door: Door,
    pub(crate) service: DoorService,
    pub(crate) routes: Vec<RouteInfo>,
    /// The library's endpoints, where credentials come from.
    issuer: DoorService,
}

/// An access token and the refresh token that fetches the next one.
#[derive(Clone)]
pub struct TokenPair {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
}

impl fmt::Debug for TokenPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenPair")
    }
}

impl TestSite {
    /// Those routes on any door: a [`TestDoor`](crate::TestDoor), or one on a database.
    ///
    /// # Panics
    /// For a route that cannot be served, as `main` would end.
    #[must_use]
    #[track_caller]
    pub fn new(door: &Door, router: Router) -> Self {
        Self {
            door: door.clone(),
            routes: router.routes(),
            service: service(router),
            issuer: service(issuer(door)),
        }
    }

    /// A caller without credentials.
    #[must_use]
    pub fn anonymous(&self) -> TestClient {
        self.client("an anonymous caller")
    }

    /// A browser that nobody has logged in with yet.
    #[must_use]
    pub fn browser(&self) -> TestClient {
        self.client("a browser").with_cookies(self.door.settings())
    }

    /// A caller with that `Authorization` header, whatever it is worth.
    ///
    /// # Panics
    /// For what can be no header.
    #[must_use]
    #[track_caller]
    pub fn authorization(&self, value: &str) -> TestClient {
        self.client("a caller with an Authorization header")
            .with_credential(AUTHORIZATION, header_value(value))
    }

    /// The user, sending name and password each time (`BasicAuthentication`).
    #[must_use]
    pub fn basic(&self, user: &TestUser) -> TestClient {
        let credentials = format!("{}:{}", user.username(), user.password());
        let value = format!("Basic {}", STANDARD.encode(credentials));
        self.client(&format!("{}, Basic", user.username()))
            .with_credential(AUTHORIZATION, header_value(&value))
    }

    /// The user's browser, logged in, with the CSRF token in what it sends (`SessionAuthentication`).
    ///
    /// # Panics
    /// Where the login is refused: for an inactive user, say.
    pub async fn session(&self, user: &TestUser) -> TestClient {
        let browser = self
            .client(&format!("{}, session", user.username()))
            .with_cookies(self.door.settings())
            .at(&self.issuer);
        browser.get(LOGIN).await;
        let answer = browser.post(LOGIN).json(&credentials(user)).await;
        issued(&answer, "a session", user);
        browser.at(&self.service)
    }

    /// The user with an opaque token (`TokenAuthentication`).
    ///
    /// # Panics
    /// As [`TestSite::session`].
    pub async fn token(&self, user: &TestUser) -> TestClient {
        let keyword = &self.door.settings().section::<TokenSettings>().keyword;
        let value = format!("{keyword} {}", self.obtain_token(user).await);
        self.client(&format!("{}, {keyword}", user.username()))
            .with_credential(AUTHORIZATION, header_value(&value))
    }

    /// The user with an access token, or with a sliding one where only these open the API (`JWTAuthentication`).
    ///
    /// # Panics
    /// As [`TestSite::session`].
    pub async fn jwt(&self, user: &TestUser) -> TestClient {
        let token = match self.door.settings().jwt.auth_token_classes.as_slice() {
            [TokenClass::Sliding] => self.obtain(SLIDING, user).await.field("token"),
            _ => self.obtain_token_pair(user).await.access,
        };
        self.bearer(&token, user)
    }

    /// The user's opaque token, for a client of one's own.
    ///
    /// # Panics
    /// As [`TestSite::session`].
    pub async fn obtain_token(&self, user: &TestUser) -> String {
        self.obtain(TOKEN, user).await.field("token")
    }

    /// A new pair of JSON web tokens of the user.
    ///
    /// # Panics
    /// As [`TestSite::session`].
    pub async fn obtain_token_pair(&self, user: &TestUser) -> TokenPair {
        let answer = self.obtain(PAIR, user).await;
        TokenPair {
            access: answer.field("access"),
            refresh: answer.field("refresh"),
        }
    }

    fn bearer(&self, token: &str, user: &TestUser) -> TestClient {
        let jwt = &self.door.settings().jwt;
        let word = jwt.auth_header_types.first().map_or("Bearer", String::as_str);
        self.client(&format!("{}, JWT", user.username())).with_credential(
            header_name(&jwt.auth_header_name),
            header_value(&format!("{word} {token}")),
        )
    }

    async fn obtain(&self, path: &str, user: &TestUser) -> TestResponse {
        let client = self.client(user.username()).at(&self.issuer);
        let answer = client.post(path).json(&credentials(user)).await;
        issued(&answer, "a token", user);
        answer
    }

    pub(crate) fn door(&self) -> &Door {
        &self.door
    }

    fn client(&self, name: &str) -> TestClient {
        TestClient::new(&self.service, self.door.settings(), name)
    }
}

/// The endpoints that issue credentials, at paths that no setting moves.
fn issuer(door: &Door) -> Router {
    door.router()
        .route(LOGIN, endpoints::login())
        .route(TOKEN, endpoints::obtain_auth_token())
        .route(PAIR, endpoints::token_obtain_pair())
        .route(SLIDING, endpoints::token_obtain_sliding())
}

#[track_caller]
fn service(router: Router) -> DoorService {
    match router.into_service() {
        Ok(service) => service,
        Err(error) => fail(format_args!("these routes cannot be served: {error}")),
    }
}

fn credentials(user: &TestUser) -> Value {
    json!({ "username": user.username(), "password": user.password() })
}

fn issued(answer: &TestResponse, what: &str, user: &TestUser) {
    if !answer.status().is_success() {
        let name = user.username();
        fail(format_args!("{name} is not given {what}:\n{answer:?}"));
    }
}

#[track_caller]
fn header_value(text: &str) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| fail(format_args!("`{text}` cannot be a header's value")))
}
