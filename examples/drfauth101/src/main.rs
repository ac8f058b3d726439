//! Four ways to `/home/`: the tutorial *drfauth101*. `cargo run -p drfauth101`, with `DOORWARD_SECRET_KEY` set.
//!
//! ```text
//! # Basic
//! curl -X GET -u root:toor http://127.0.0.1:8000/home/
//!
//! # Session: log in at http://127.0.0.1:8000/admin/ and copy `sessionid` from DevTools > Application > Cookies
//! curl -X GET -b 'sessionid=<COOKIE_VALUE>' http://127.0.0.1:8000/home/
//!
//! # Token: generate the token, pass it as header
//! curl -X POST http://127.0.0.1:8000/api-token-auth/ -d "username=root&password=toor"
//! curl -X GET http://127.0.0.1:8000/home/ -H 'Authorization: Token <TOKEN>'
//!
//! # JWT: generate the tokens, pass the access token as header
//! curl -X POST http://127.0.0.1:8000/api/token/ -d "username=root&password=toor"
//! curl -X GET http://127.0.0.1:8000/home/ -H 'Authorization: Bearer <ACCESS_TOKEN>'
//! ```

use axum::response::Response;
use axum::routing::get;
use doorward::Door;
use doorward::Json;
use doorward::endpoints::{self, Audience, LoginPage};
use doorward::extract::RequestContext;
use doorward::json::{Value, json};
use doorward::parsers::Data;
use doorward::prelude::*;

#[tokio::main]
async fn main() -> doorward::Result {
    let door = Doorward::open("doorward.toml").await?;
    door.serve(routes(&door)).await
}

/// `tutorial/urls.py`.
fn routes(door: &Door) -> Router {
    let any_of_four = Policy::from(IsAuthenticated)
        .authenticate(BasicAuthentication)
        .authenticate(SessionAuthentication)
        .authenticate(TokenAuthentication::default())
        .authenticate(JwtAuthentication);
    door.router()
        .route("/home/", get(home).post(echo).policy(any_of_four))
        .route("/admin/", get(show_login).post(log_in).page())
        .route("/api-token-auth/", endpoints::obtain_auth_token())
        .route("/api/token/", endpoints::token_obtain_pair())
        .route("/api/token/refresh/", endpoints::token_refresh())
}

async fn home() -> Json<Value> {
    Json(json!({ "message": "Hello, world!" }))
}

async fn echo(data: Data) -> Json<Value> {
    Json(json!({ "message": "Got some data!", "data": data.into_value() }))
}

/// The form of Django's admin site; whoever is logged in goes on to `/home/`.
const LOGIN: LoginPage = LoginPage {
    title: "Administration",
    redirect: Some("/home/"),
    audience: Audience::Staff,
};

async fn show_login(request: RequestContext) -> Result<Response> {
    LOGIN.show(&request.context())
}

async fn log_in(request: RequestContext, form: Data) -> Result<Response> {
    LOGIN.submit(&request.context(), form).await
}

#[cfg(test)]
mod tests;
