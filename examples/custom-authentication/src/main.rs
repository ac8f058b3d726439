//! A scheme of one's own: `ExampleAuthentication` of the DRF documentation, made safe.
//! `cargo run -p custom-authentication`, with `DOORWARD_SECRET_KEY` set.
//!
//! There the header `X-Username` is believed whatever it says. Here it holds a name that this site signed, as
//! Django's `TimestampSigner` signs, within the last minute.
//!
//! ```text
//! # A name tag, for a password
//! curl -u root:toor http://127.0.0.1:8000/name-tag/
//!
//! # The name tag opens the example for a minute
//! curl http://127.0.0.1:8000/example/ -H 'X-Username: <NAME_TAG>'
//!
//! # Anybody can write a name into a header
//! curl -i http://127.0.0.1:8000/example/ -H 'X-Username: root'
//! ```

mod name_tag;

use axum::Json;
use axum::http::HeaderValue;
use axum::routing::get;
use doorward::Door;
use doorward::authentication::Authenticator;
use doorward::extract::RequestContext;
use doorward::prelude::*;
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> doorward::Result {
    let door = Doorward::open("doorward.toml").await?;
    door.serve(routes(&door)).await
}

fn routes(door: &Door) -> Router {
    let with_password = Policy::from(IsAuthenticated).authenticate(BasicAuthentication);
    let with_name_tag = Policy::from(IsAuthenticated).authenticate(ExampleAuthentication);
    door.router()
        .route("/name-tag/", get(hand_out).policy(with_password))
        .route("/example/", get(example).policy(with_name_tag))
}

/// `authenticate()` and `authenticate_header()`; without a challenge a 401 becomes a 403.
#[derive(Debug)]
struct ExampleAuthentication;

impl Authenticator for ExampleAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let Some(tag) = cx.headers().get("x-username") else {
            return Answer::ready(Ok(None)); // not my scheme
        };
        let Some(username) = name_tag::username(cx, tag) else {
            return Answer::ready(Err(ApiException::authentication_failed("Invalid name tag.")));
        };
        Answer::pending(async move {
            let user = cx.door().stores().users.by_username(username).await?;
            let user = user.filter(|user| user.is_active);
            let user = user.ok_or_else(|| ApiException::authentication_failed("No such user"))?;
            let (user, auth) = (user.into(), Auth::RemoteUser);
            Ok(Some(Identity { user, auth }))
        })
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

async fn hand_out(request: RequestContext, user: User) -> Json<Value> {
    Json(json!({ "X-Username": name_tag::issue(&request.context(), &user) }))
}

/// `ExampleView`.
async fn example(user: User, auth: Auth) -> Json<Value> {
    Json(json!({ "user": user.username(), "auth": auth.class_name().unwrap_or("None") }))
}

#[cfg(test)]
mod tests;
