//! What starts answers a login and the request after it, whatever the settings are.
//!
//! A few keys are drawn at random, and for each of them one of its values: usual ones, odd ones and extreme ones. More
//! cases than the usual ones are run with `PROPTEST_CASES=10000`.

use std::net::SocketAddr;
use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use doorward::django::secret::Secret;
use doorward::django::urls::Scheme;
use doorward::settings::{AuthenticatorName, Settings, TokenClass};
use doorward::stores::NewUser;
use doorward::{Doorward, endpoints};
use http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use http::{HeaderName, Request, StatusCode};
use http_body_util::BodyExt;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::Case;

const PASSWORD: &str = "correct horse battery staple";

/// Keys, and what is drawn for them.
const POOL: &[(&str, &[&str])] = &[
    ("debug", &["true", "false"]),
    (
        "allowed_hosts",
        &[
            "[\"*\"]",
            "[\".example.com\"]",
            "[\"EXAMPLE.com\"]",
            "[\"[::1]\"]",
            "[\"xn--bcher-kva.example\"]",
            "[\"a_b.example\"]",
            "[\"bücher.example\"]",
            "[\"a.example:80\"]",
        ],
    ),
    ("append_slash", &["false"]),
    ("database.max_connections", &["2", "10000", "1", "4294967296"]),
    ("database.pool_timeout", &["\"1ms\"", "\"365d\"", "\"0s\""]),
    ("database.lock_timeout", &["\"1ms\"", "\"365d\""]),
    ("database.max_lifetime", &["\"1ms\"", "\"365d\""]),
    ("database.prepared_statements", &["true", "false"]),
    ("secret_key_fallbacks", &["[]", "[\"x\"]", "[\"\"]"]),
    ("token.keyword", &["\"Bearer\"", "\"T~\"", "\"a b\""]),
    ("token.max_age", &["\"1s\"", "\"365000d\"", "\"1ms\""]),
    (
        "passwords.queue",
        &["0", "1", "1000000000", "9223372036854775807"],
    ),
    ("passwords.workers", &["1", "1024", "0", "4000000000"]),
    (
        "passwords.backends",
        &[
            "[\"EmailBackend\", \"ModelBackend\"]",
            "[\"CaseInsensitiveModelBackend\"]",
            "[\"AllowAllUsersModelBackend\"]",
        ],
    ),
    ("passwords.validators", &["[]"]),
    ("passwords.reset_timeout", &["\"1s\"", "\"365000d\"", "\"0s\""]),
    ("passwords.revoke_tokens_on_change", &["true"]),
    (
        "session.cookie_name",
        &[
            "\"a\"",
            "\"!#$%&'*+-.^_`|~\"",
            "\"__Host-sid\"",
            "\"a b\"",
            "\"\"",
            "\"csrftoken\"",
        ],
    ),
    (
        "session.cookie_age",
        &[
            "\"1s\"",
            "\"365000d\"",
            "\"2919000d\"",
            "\"18446744073709551615ms\"",
            "\"1ms\"",
            "\"400d\"",
        ],
    ),
    (
        "session.engine",
        &["\"signed_cookies\"", "\"cache\"", "\"cached_db\"", "\"file\""],
    ),
    (
        "session.cache.url",
        &[
            "\"memcached://127.0.0.1:11211\"",
            "\"locmem://\"",
            "\"redis://\"",
            "\"\"",
        ],
    ),
    ("session.cache.key_prefix", &["\"shop\"", "\"a\\u0000\""]),
    ("session.cache.version", &["0", "-1", "9223372036854775807"]),
    ("session.cache.serializer", &["\"json\"", "\"msgpack\""]),
    ("session.cache.compressor", &["\"zlib\"", "\"gzip\"", "\"lzma\""]),
    ("session.cache.timeout", &["\"1ms\"", "\"0s\"", "\"3000000d\""]),
    ("session.save_every_request", &["true"]),
    ("session.expire_at_browser_close", &["true"]),
    ("session.cookie_secure", &["true"]),
    ("session.cookie_httponly", &["false"]),
    ("session.cookie_samesite", &["\"Strict\"", "\"None\""]),
    (
        "session.cookie_domain",
        &["\"example.com\"", "\"\"", "\".example.com\"", "\"a;b\""],
    ),
    ("session.cookie_path", &["\"/app\"", "\"\"", "\"/a b\""]),
    ("csrf.cookie_name", &["\"x\"", "\"__Secure-x\"", "\"sessionid\""]),
    ("csrf.cookie_age", &["\"1s\"", "\"365000d\"", "\"365001d\""]),
    ("csrf.cookie_secure", &["true"]),
    ("csrf.cookie_httponly", &["true"]),
    ("csrf.cookie_samesite", &["\"Strict\"", "\"None\""]),
    ("csrf.cookie_domain", &["\"example.com\"", "\"exa mple\""]),
    (
        "csrf.header_name",
        &[
            "\"X-XSRF-Token\"",
            "\"HTTP_X_XSRF_TOKEN\"",
            "\"HTTP_HOST\"",
            "\"x:y\"",
        ],
    ),
    (
        "csrf.trusted_origins",
        &[
            "[\"https://a.example:443\"]",
            "[\"https://*.a.example\"]",
            "[\"a\"]",
        ],
    ),
    (
        "cors.allowed_origins",
        &[
            "[\"https://a.example:443\", \"null\"]",
            "[\"HTTPS://A.example\"]",
            "[\"*\"]",
        ],
    ),
    (
        "cors.allowed_origin_regexes",
        &["['^https://.*\\.a\\.example$']", "['^($']", "['a']"],
    ),
    ("cors.allow_all_origins", &["true"]),
    ("cors.allow_credentials", &["true"]),
    (
        "cors.preflight_max_age",
        &["0", "31536000000", "9223372036854775807"],
    ),
    ("throttle.algorithm", &["\"gcra\""]),
    ("throttle.num_proxies", &["0", "1", "4294967295"]),
    (
        "throttle.trusted_proxies",
        &["[\"127.0.0.0/8\"]", "[\"::/0\"]", "[\"10.1.2.3/8\"]"],
    ),
    ("throttle.ipv6_prefix", &["1", "128", "0", "255"]),
    ("throttle.nodes", &["4294967295", "0"]),
    ("throttle.headers", &["true"]),
    (
        "throttle.rates",
        &[
            "{ anon = \"100/min\", user = \"100/day\" }",
            "{ anon = \"none\" }",
            "{ user = \"4294967295/s\" }",
            "{ anon = \"99999999999999999999/s\" }",
        ],
    ),
    (
        "throttle.before_authentication",
        &["[\"user\"]", "[\"anon\", \"user\"]"],
    ),
    ("rest.throttle", &["[\"anon\", \"user\", \"scoped\"]"]),
    (
        "rest.authentication",
        &[
            "[\"jwt\"]",
            "[\"session\"]",
            "[\"jwt-stateless\", \"session\"]",
            "[\"token\", \"jwt\", \"session\", \"basic\", \"remote-user\"]",
        ],
    ),
    (
        "rest.permission",
        &[
            "\"AllowAny\"",
            "\"IsAuthenticatedOrReadOnly\"",
            "\"IsAdminUser\"",
            "[\"IsAuthenticated\", \"IsAdminUser\"]",
            "[]",
        ],
    ),
    ("rest.exception_handler", &["\"default\"", "\"problem_details\""]),
    ("lockout.failures", &["1", "1000", "0", "4294967295"]),
    ("lockout.address_failures", &["1", "1001"]),
    ("lockout.window", &["\"1s\"", "\"365000d\"", "\"106751991167d\""]),
    ("lockout.cool_off", &["\"1s\"", "\"1d\""]),
    ("lockout.cool_off_max", &["\"1s\"", "\"365000d\""]),
    ("lockout.known_for", &["\"1s\"", "\"365000d\"", "\"365001d\""]),
    (
        "lockout.by",
        &["[\"account\"]", "[\"address\"]", "[\"account+address\"]", "[]"],
    ),
    ("lockout.reset_on_success", &["false"]),
    (
        "jwt.access_token_lifetime",
        &[
            "\"1s\"",
            "\"365000d\"",
            "\"2919000d\"",
            "\"1ms\"",
            "\"0s\"",
            "\"1500ms\"",
        ],
    ),
    (
        "jwt.refresh_token_lifetime",
        &["\"1s\"", "\"365000d\"", "\"213503982334d\""],
    ),
    ("jwt.rotate_refresh_tokens", &["true"]),
    ("jwt.blacklist_after_rotation", &["true"]),
    ("jwt.update_last_login", &["true"]),
    (
        "jwt.algorithm",
        &["\"HS384\"", "\"HS512\"", "\"RS256\"", "\"none\""],
    ),
    (
        "jwt.signing_key",
        &[
            "\"a-signing-key-of-its-own-that-is-long-enough-for-any-of-the-algorithms-0123456789\"",
            "\"short\"",
            "\"\"",
        ],
    ),
    ("jwt.audience", &["\"a\"", "[\"a\", \"b\"]", "[]", "\"\""]),
    ("jwt.issuer", &["\"https://a.example\"", "\"\""]),
    ("jwt.leeway", &["\"1d\"", "\"365000d\"", "\"365001d\"", "\"1ms\""]),
    (
        "jwt.auth_header_types",
        &["[\"JWT\", \"Bearer\"]", "[\"a b\"]", "[]"],
    ),
    (
        "jwt.auth_header_name",
        &[
            "\"HTTP_X_ACCESS_TOKEN\"",
            "\"X-Access-Token\"",
            "\"HTTP_COOKIE\"",
            "\"HTTP_\"",
        ],
    ),
    (
        "jwt.user_id_field",
        &["\"username\"", "\"email\"", "\"pk\"", "\"phone\""],
    ),
    ("jwt.user_id_claim", &["\"sub\"", "\"\"", "\"exp\"", "\"größe\""]),
    ("jwt.token_type_claim", &["\"\"", "\"kind\""]),
    ("jwt.jti_claim", &["\"\"", "\"tid\"", "\"user_id\""]),
    ("jwt.check_revoke_token", &["true"]),
    ("jwt.check_user_is_active", &["false"]),
    ("jwt.reuse_grace", &["\"0s\"", "\"365000d\""]),
    ("jwt.reuse_detection", &["false"]),
    (
        "jwt.refresh_token_max_lifetime",
        &["\"1s\"", "\"365000d\"", "\"365001d\""],
    ),
    ("jwt.store_tokens", &["\"digest\""]),
    (
        "jwt.claims",
        &[
            "{ groups = \"user.groups\", beta = true }",
            "{ exp = 1 }",
            "{ sub = \"user.id\" }",
        ],
    ),
    (
        "jwt.cookie",
        &[
            "{ refresh_name = \"refresh\" }",
            "{ refresh_name = \"r\", access_name = \"a\" }",
            "{ access_name = \"a\" }",
        ],
    ),
    ("cache.enabled", &["false"]),
    ("cache.max_staleness", &["\"0s\"", "\"365d\""]),
    ("cache.max_age", &["\"1ms\"", "\"365d\""]),
    ("cache.feed", &["\"off\"", "\"on\""]),
    ("cache.capacity", &["1", "100000000"]),
    ("cache.max_memory", &["1048576", "1099511627776"]),
    (
        "security.hsts_seconds",
        &["1", "31536000000", "9223372036854775807"],
    ),
    ("security.hsts_preload", &["true"]),
    ("security.ssl_redirect", &["true"]),
    ("security.ssl_host", &["\"a.example\"", "\"a b\""]),
    ("security.redirect_exempt", &["[\"^api\"]", "[\"(\"]"]),
    (
        "security.proxy_ssl_header",
        &["\"HTTP_X_FORWARDED_PROTO: https\"", "\"X-Forwarded-Proto\""],
    ),
    ("security.use_x_forwarded_host", &["true"]),
    ("security.content_security_policy", &["\"\"", "\"a\\nb\""]),
    (
        "security.referrer_policy",
        &["\"\"", "\"no-referrer, origin\"", "\"ü\""],
    ),
    ("security.x_frame_options", &["\"\"", "\"sameorigin\""]),
    (
        "server.max_body",
        &["1024", "1099511627776", "1", "9223372036854775807"],
    ),
    ("server.handler_timeout", &["\"0s\"", "\"365d\""]),
    (
        "urls",
        &[
            "{ profile = \"/me/\" }",
            "{ login = \"/in/{a}/\" }",
            "{ login = \"/api/token/\" }",
            "{ profile = \"//me/\" }",
            "{ token_obtain_pair = \"/t\" }",
            "{ login = false }",
            "{ start = \"/x y/\" }",
        ],
    ),
];

/// A few keys, each with a value of its own.
fn drawn(draws: &[(Index, Index)]) -> String {
    let mut lines: Vec<(&str, &str)> = draws
        .iter()
        .map(|(key, value)| {
            let (key, values) = key.get(POOL);
            (*key, *value.get(values))
        })
        .collect();
    lines.sort_unstable();
    lines.dedup_by_key(|(key, _)| *key);
    lines
        .iter()
        .map(|(key, value)| format!("{key} = {value}\n"))
        .collect()
}

static RUNTIME: LazyLock<tokio::runtime::Runtime> =
    LazyLock::new(|| tokio::runtime::Runtime::new().expect("a runtime"));

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_starts_answers_a_login_and_the_request_after_it(
        draws in prop::collection::vec(any::<(Index, Index)>(), 1..6)
    ) {
        let text = drawn(&draws);
        let outcome = RUNTIME.block_on(lives(&text));
        prop_assert!(outcome.is_ok(), "{text}{}", outcome.unwrap_err());
    }
}

/// As many as take a few seconds, unless the environment says otherwise.
#[expect(clippy::disallowed_methods, reason = "proptest reads that variable too")]
fn cases() -> u32 {
    let cases = std::env::var("PROPTEST_CASES").ok();
    cases.and_then(|cases| cases.parse().ok()).unwrap_or(96)
}

/// Every value by itself, so that none waits to be drawn.
#[test]
fn every_value_alone_is_refused_or_works() {
    for (key, values) in POOL {
        for value in *values {
            let text = format!("{key} = {value}\n");
            RUNTIME
                .block_on(lives(&text))
                .unwrap_or_else(|problem| panic!("{text}{problem}"));
        }
    }
}

/// Refused with words, or alive.
async fn lives(text: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("db.sqlite3");
    std::fs::write(&database, TABLES.as_slice()).expect("a database");
    let url = format!("sqlite://{}", database.display());
    let file = format!("passwords.hashers = [\"md5\"]\ndatabase.url = \"{url}\"\n{text}");
    let settings = match Case::with_key(&file).load() {
        Ok(settings) => settings,
        Err(errors) => {
            let empty = errors.iter().any(|error| error.key().is_empty());
            return if empty { Err(errors.to_string()) } else { Ok(()) };
        }
    };
    let door = Doorward::from_settings(settings).await;
    let door = door.map_err(|error| format!("does not open: {error}"))?;
    let site = Site { door: &door };
    site.token_works().await?;
    site.session_works().await
}

/// A database with every table and one user.
static TABLES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("db.sqlite3");
    let make = async {
        let mut settings = Settings::default();
        settings.secret_key = Secret::new(super::KEY.to_owned());
        settings.passwords.hashers = vec!["md5".to_owned()];
        settings.database.url = Secret::new(format!("sqlite://{}", path.display()));
        let door = Doorward::from_settings(settings).await.expect("a door");
        door.migrator().apply(door.now()).await.expect("tables");
        make_user(&door).await;
        door.database().close().await;
    };
    std::thread::scope(|scope| scope.spawn(|| RUNTIME.block_on(make)).join()).expect("a database");
    std::fs::read(path).expect("a file")
});

async fn make_user(door: &Doorward) {
    let password = Secret::new(PASSWORD.to_owned());
    let password = door.passwords().make(&password, door.random()).await;
    let user = NewUser {
        username: "alice".to_owned(),
        password: password.expect("a hash"),
        email: "alice@example.com".to_owned(),
        is_staff: true,
        is_superuser: false,
        date_joined: door.now(),
        further: Vec::new(),
    };
    door.stores().users.create(user).await.expect("a user");
}

struct Site<'d> {
    door: &'d Doorward,
}

impl Site<'_> {
    fn settings(&self) -> &Settings {
        self.door.settings()
    }

    /// A pair of tokens, and what its access token opens.
    async fn token_works(&self) -> Result<(), String> {
        let settings = self.settings();
        let Some(path) = self.path("token_obtain_pair", "/api/token/") else {
            return Ok(());
        };
        let body = json!({ "username": "alice", "password": PASSWORD });
        let response = self.send(self.post(&path, &body)).await;
        let (status, said) = read(response).await;
        if status != StatusCode::OK {
            return Err(format!("a token: {status} {said}"));
        }
        let cookies = settings.jwt.cookie.access_name.is_some();
        let by_jwt = settings
            .rest
            .authentication
            .iter()
            .any(|name| matches!(name, AuthenticatorName::Jwt | AuthenticatorName::JwtStateless));
        if !by_jwt || cookies || !settings.jwt.auth_token_classes.contains(&TokenClass::Access) {
            return Ok(());
        }
        let word = settings.jwt.auth_header_types.first().expect("a word");
        let token = said
            .get("access")
            .and_then(Value::as_str)
            .ok_or_else(|| format!("no token: {said}"))?;
        let name = sent(&settings.jwt.auth_header_name);
        self.opens_profile("a token", &[(name, format!("{word} {token}"))])
            .await
    }

    /// A log-in by form's means, and what its session opens.
    async fn session_works(&self) -> Result<(), String> {
        let settings = self.settings();
        let Some(path) = self.path("login", "/api-auth/login/") else {
            return Ok(());
        };
        let page = self
            .send(self.request("GET", &path).body(Body::empty()).unwrap())
            .await;
        let csrf = cookie(&page, &settings.csrf.cookie_name).ok_or("the page sets no CSRF cookie")?;
        let body = json!({ "username": "alice", "password": PASSWORD });
        let mut request = self.post(&path, &body);
        let headers = request.headers_mut();
        let csrf_cookie = format!("{}={csrf}", settings.csrf.cookie_name);
        headers.insert(COOKIE, csrf_cookie.parse().unwrap());
        headers.insert(sent(&settings.csrf.header_name), csrf.parse().unwrap());
        headers.insert(ORIGIN, format!("https://{}", self.host()).parse().unwrap());
        let response = self.send(request).await;
        let session = cookie(&response, &settings.session.cookie_name);
        let (status, said) = read(response).await;
        let Some(session) = session.filter(|_| status == StatusCode::OK) else {
            return Err(format!("a log-in: {status} {said}"));
        };
        if !settings.rest.authentication.contains(&AuthenticatorName::Session) {
            return Ok(());
        }
        let session = format!("{}={session}", settings.session.cookie_name);
        self.opens_profile("a session", &[(COOKIE, session)]).await
    }

    async fn opens_profile(&self, what: &str, headers: &[(HeaderName, String)]) -> Result<(), String> {
        let Some(path) = self.path("profile", "/api/profile/") else {
            return Ok(());
        };
        let mut request = self.request("GET", &path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let (status, said) = read(self.send(request.body(Body::empty()).unwrap()).await).await;
        match status {
            StatusCode::OK if said.is_object() => Ok(()),
            _ => Err(format!("{what} does not open the profile: {status} {said}")),
        }
    }

    fn path(&self, name: &str, usual: &str) -> Option<String> {
        let path = endpoints::path(&self.settings().urls, name, usual)?;
        Some(path.replace("{a}", "x"))
    }

    /// A host that the settings allow.
    fn host(&self) -> String {
        let host = self
            .settings()
            .allowed_hosts
            .first()
            .map_or("localhost", String::as_str);
        match host {
            "*" => "any.example".to_owned(),
            host if host.starts_with('.') => format!("www{host}"),
            host => host.to_owned(),
        }
    }

    fn request(&self, method: &str, path: &str) -> http::request::Builder {
        let peer = SocketAddr::from(([127, 0, 0, 1], 50_000));
        Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.host())
            .extension(Scheme::Https)
            .extension(ConnectInfo(peer))
    }

    fn post(&self, path: &str, body: &Value) -> Request<Body> {
        let request = self
            .request("POST", path)
            .header(CONTENT_TYPE, "application/json");
        request.body(Body::from(body.to_string())).unwrap()
    }

    async fn send(&self, request: Request<Body>) -> Response {
        let service = self.door.endpoints().into_service().expect("routes");
        service.oneshot(request).await.expect("an answer")
    }
}

/// A header of the settings as a client sends it.
fn sent(setting: &str) -> HeaderName {
    let name = setting.strip_prefix("HTTP_").map(|name| name.replace('_', "-"));
    name.as_deref().unwrap_or(setting).parse().expect("a name")
}

/// What a browser keeps of a cookie: nothing, where it ends at once.
fn cookie(response: &Response, name: &str) -> Option<String> {
    let cookies = response.headers().get_all(SET_COOKIE).iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok());
    let cookie = cookies.find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('='))?;
    let ends = cookie.split("; ").any(|attribute| attribute == "Max-Age=0");
    let value = cookie.split(';').next()?;
    (!ends && !value.is_empty()).then(|| value.to_owned())
}

async fn read(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    let said = serde_json::from_slice(&body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into_owned()));
    (status, said)
}
