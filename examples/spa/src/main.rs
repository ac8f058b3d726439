//! A single-page application: the access token in memory, the refresh token in an HttpOnly cookie, nothing in
//! localStorage. `cargo run -p spa`, with `DOORWARD_SECRET_KEY` set; then http://127.0.0.1:8000/.
//!
//! ```text
//! # A script logs in: the access token is in the answer, the refresh token in the cookie, and there is a CSRF token
//! curl -c jar http://127.0.0.1:8000/api/token/ -d "username=root&password=toor"
//! csrf=$(awk '$6 == "csrftoken" { print $7 }' jar)
//!
//! # On reload the access token is gone, and the cookie fetches the next one
//! curl -b jar -c jar -X POST -H "X-CSRFToken: $csrf" http://127.0.0.1:8000/api/token/refresh/
//!
//! # Another site's page cannot do that: 403
//! curl -b jar -X POST -H "Origin: https://evil.example" http://127.0.0.1:8000/api/token/refresh/
//!
//! # Logout: the refresh token is taken back, the cookie removed
//! curl -b jar -c jar -X POST -H "X-CSRFToken: $csrf" http://127.0.0.1:8000/api/token/blacklist/
//! ```
//!
//! What happens in the browser is in `page/app.js`.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use doorward::Door;
use doorward::prelude::*;
use doorward::router::Public;
use doorward::settings::{AuthenticatorName, Loader, SameSite};

/// Scripts, styles and requests of this site only; a script that was smuggled into the page does not run.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

#[tokio::main]
async fn main() -> doorward::Result {
    let mut settings = Loader::new().default_file("doorward.toml").load()?;
    in_cookies(&mut settings);
    let door = Doorward::from_settings(settings).await?;
    door.migrator().apply(door.now()).await?;
    door.serve(routes(&door)).await
}

/// The refresh token travels in a cookie, and each is good once. No `access_name`: the access token stays in the body.
fn in_cookies(settings: &mut Settings) {
    settings.jwt.cookie.refresh_name = Some("refresh".to_owned());
    settings.jwt.cookie.samesite = SameSite::Strict;
    settings.jwt.rotate_refresh_tokens = true;
    settings.jwt.blacklist_after_rotation = true;
    // The first one gives the challenge: at `Basic` browsers would open a password dialog of their own.
    settings.rest.authentication = vec![AuthenticatorName::Jwt];
}

/// The page is the same for everyone; what it shows it asks of the endpoints.
fn routes(door: &Door) -> Router {
    door.router()
        .public(
            "/",
            file("text/html; charset=utf-8", include_str!("page/index.html")),
        )
        .public("/app.js", file("text/javascript", include_str!("page/app.js")))
        .public("/style.css", file("text/css", include_str!("page/style.css")))
        .merge(door.endpoints())
}

fn file(content_type: &'static str, text: &'static str) -> MethodRouter<Public> {
    let headers = [(CONTENT_TYPE, content_type), (CONTENT_SECURITY_POLICY, POLICY)];
    get(move || async move { (headers, text).into_response() })
}

#[cfg(test)]
mod tests;
