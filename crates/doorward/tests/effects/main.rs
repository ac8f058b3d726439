//! First what can fail, then what cannot be undone: nothing is spent and nothing is written for an answer that was not
//! given.
//!
//! Each endpoint is asked with a failure at its first step, at its second, and so on, until none is left to fail. After
//! each answer that was not given every table is as before, and the same request with the same credentials is answered
//! once the failure is lifted. What is otherwise is listed with its reason, and the list is exact.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod passwords;
mod planted;
mod sessions;
mod site;
mod tokens;

/// The paths that the tests of this folder ask; whoever adds an endpoint adds its test.
const ASKED: [&str; 17] = [
    "/.well-known/jwks.json",
    "/api-auth/login/",
    "/api-auth/logout/",
    "/api-token-auth/",
    "/api/password/change/",
    "/api/password/reset/",
    "/api/password/reset/confirm/",
    "/api/profile/",
    "/api/token/",
    "/api/token/blacklist/",
    "/api/token/introspect/",
    "/api/token/refresh/",
    "/api/token/revoke-all/",
    "/api/token/revoke/",
    "/api/token/sliding/",
    "/api/token/sliding/refresh/",
    "/api/token/verify/",
];

#[tokio::test]
async fn every_endpoint_is_asked() {
    let site = site::Site::new(|_| {}).await;
    let routes = site.door.endpoints().routes();
    let mut paths: Vec<_> = routes.into_iter().map(|route| route.path).collect();
    paths.sort();
    assert_eq!(paths, ASKED);
}
