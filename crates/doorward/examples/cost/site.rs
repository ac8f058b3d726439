//! The door that is measured, its one route, its one user and that user's credentials.

use std::sync::Arc;

use axum::Json;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::response::Response;
use axum::routing::get;
use doorward::accounts::{self, NewAccount};
use doorward::django::secret::Secret;
use doorward::extract::RequestContext;
use doorward::serve::Limits;
use doorward::settings::{Period, Settings};
use doorward::user::UserRow;
use doorward::{Door, Doorward, Policy, RouteExt, Router, User, jwt};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Failure, called};

/// The route that is asked for.
pub(crate) const PATH: &str = "/api/hello/";

const LOGIN: &str = "/login/";

/// What the default settings send with an answer.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS")),
    (header::VARY, HeaderValue::from_static("Cookie, origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// The header that proves who calls.
pub(crate) type Credential = (HeaderName, HeaderValue);

/// Longer than anything is measured, also under valgrind: what is remembered stays good.
const LONG: Period = Period::from_secs(24 * 3600);

/// A door with the default settings but for how long it remembers, on a database in memory, and one user.
pub(crate) async fn open() -> Result<(Door, Arc<UserRow>), Failure> {
    let mut settings = Settings::default();
    settings.secret_key = "a-key-for-measuring-that-is-long-enough-0123456789"
        .to_owned()
        .into();
    settings.allowed_hosts = vec!["localhost".to_owned()];
    settings.database.url = Secret::new("sqlite::memory:".to_owned());
    settings.cache.max_staleness = LONG;
    settings.cache.max_age = LONG;
    let door = Doorward::from_settings(settings).await?;
    door.migrator().apply(door.now()).await?;
    let account = NewAccount {
        username: "alice".to_owned(),
        ..NewAccount::default()
    };
    let user = accounts::create_user(&door, account).await?;
    Ok((Door::clone(&door), user))
}

/// The route that is measured, and one that logs in.
pub(crate) fn routes(door: &Door, user: &Arc<UserRow>) -> Router {
    let user = Arc::clone(user);
    let log_in = async move |cx: RequestContext| {
        let cx = cx.context();
        accounts::login(cx.session(), cx.csrf(), &user).await
    };
    door.router()
        .route(PATH, get(hello))
        .route(LOGIN, get(log_in).policy(Policy::open()))
}

/// The same answers from axum alone.
pub(crate) fn bare() -> axum::Router {
    let hello = async || (HEADERS, greeting("alice"));
    axum::Router::new().route(PATH, get(hello))
}

async fn hello(user: User) -> Json<Value> {
    greeting(user.username())
}

fn greeting(name: &str) -> Json<Value> {
    Json(json!({ "hello": name }))
}

/// The header of that kind of caller.
pub(crate) async fn credential(
    caller: &str,
    door: &Door,
    user: &UserRow,
    service: &Limits,
) -> Result<Credential, Failure> {
    Ok(match caller {
        "token" => {
            let token = accounts::obtain_auth_token(door, user).await?;
            (
                header::AUTHORIZATION,
                format!("Token {}", token.key.expose()).try_into()?,
            )
        }
        "jwt" => {
            let pair = jwt::pair::obtain(door, user).await?;
            (
                header::AUTHORIZATION,
                format!("Bearer {}", pair.access.expose()).try_into()?,
            )
        }
        "session" => (header::COOKIE, session_cookie(service).await?),
        other => return Err(format!("`{other}` is no kind of caller").into()),
    })
}

async fn session_cookie(service: &Limits) -> Result<HeaderValue, Failure> {
    let Ok(response) = service.clone().oneshot(called::request(LOGIN, None)?).await;
    let cookies = response.headers().get_all(header::SET_COOKIE);
    let session = cookies
        .iter()
        .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
        .find(|cookie| cookie.starts_with("sessionid="));
    Ok(session.ok_or("no session was begun")?.try_into()?)
}

/// Refuses to measure anything but a success.
pub(crate) fn check(response: &Response) -> Result<(), Failure> {
    match response.status().as_u16() {
        200 => Ok(()),
        status => Err(format!("{PATH} was answered {status}").into()),
    }
}
