//! The tutorials' views: hello, home, dashboard, profile.

use axum::routing::get;
use doorward::Json;
use doorward::json::{Value, json};
use doorward::parsers::Data;
use doorward::prelude::*;

/// `GET /`: open to everyone.
pub(crate) fn hello_world() -> GuardedRoute {
    let hello = get(|| async { Json(json!({ "message": "Hello, world!" })) });
    hello.policy(AllowAny).describe("Hello World", "")
}

/// `/home/`: any of the default authenticators; a POST says back what it was sent.
pub(crate) fn home() -> GuardedRoute {
    async fn hello() -> Json<Value> {
        Json(json!({ "message": "Hello, world!" }))
    }
    async fn echo(data: Data) -> Json<Value> {
        Json(json!({ "message": "Got some data!", "data": data.into_value() }))
    }
    get(hello)
        .post(echo)
        .describe("Home", "drfauth101's /home/: any of the default authenticators.")
}

/// `/dashboard/`: for those who logged in with a session.
pub(crate) fn dashboard() -> GuardedRoute {
    async fn welcome(user: User) -> Json<Value> {
        Json(json!({ "message": format!("Hello {}, welcome to your dashboard", user.username()) }))
    }
    let policy = Policy::from(IsAuthenticated).authenticate(SessionAuthentication);
    get(welcome)
        .post(welcome)
        .policy(policy)
        .describe("Dashboard", "")
}

/// `/profile/`: the caller, by opaque token only.
pub(crate) fn token_profile() -> GuardedRoute {
    let policy = Policy::from(IsAuthenticated).authenticate(TokenAuthentication::default());
    doorward::endpoints::profile()
        .policy(policy)
        .describe("Token Profile", "")
}
