//! Who is calling: Basic credentials, sessions, and the word of the server in front of us.

mod browser;

use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use browser::{PASSWORD, Site, settings};
use doorward_core::authentication::{
    BasicAuthentication, RemoteUser, RemoteUserAuthentication, SessionAuthentication,
};
use doorward_core::permissions::{AllowAny, IsAuthenticated};
use doorward_core::stores::memory::MemoryStores;
use doorward_core::{Auth, Policy, RouteExt, Router, User};
use http::{HeaderValue, Request, StatusCode};
use tower::ServiceExt;

async fn name(user: Option<User>, auth: Option<Auth>) -> String {
    let name = user.map_or_else(|| "nobody".to_owned(), |user| user.username().to_owned());
    format!("{name} {:?}", auth.and_then(|auth| auth.class_name()))
}

fn routes(router: Router) -> Router {
    let basic = || Policy::new().authenticate(BasicAuthentication);
    let session_first = Policy::new()
        .authenticate(SessionAuthentication)
        .authenticate(BasicAuthentication);
    router
        .route(
            "/basic/",
            get(name).post(name).policy(basic().permit(IsAuthenticated)),
        )
        .route("/open/", get(name).policy(basic().permit(AllowAny)))
        .route(
            "/session-first/",
            get(name).policy(session_first.permit(IsAuthenticated)),
        )
        .route(
            "/remote/",
            get(name).policy(
                Policy::new()
                    .authenticate(RemoteUserAuthentication)
                    .permit(IsAuthenticated),
            ),
        )
}

fn site() -> Site {
    let memory = MemoryStores::new();
    let stores = memory.stores();
    Site::on(settings(), memory, stores, routes)
}

fn basic(username: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{username}:{password}")))
}

async fn ask(site: &Site, path: &str, authorization: &str) -> browser::Page {
    let headers = [("authorization", authorization)];
    site.browser().send("GET", path, &headers, "").await
}

#[tokio::test]
async fn basic_credentials_name_the_caller() {
    let site = site();
    for header in [
        basic("alice", PASSWORD),
        basic("alice", PASSWORD).replace("Basic", "bAsIc"),
    ] {
        let page = ask(&site, "/basic/", &header).await;
        assert_eq!((page.status, page.text.as_str()), (StatusCode::OK, "alice None"));
    }
    // No CSRF token is asked of those who send their password.
    let headers = [("authorization", basic("alice", PASSWORD))];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let page = site.browser().send("POST", "/basic/", &headers, "").await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn basic_refusals_are_drf_s() {
    let site = site();
    let wrong = "Invalid username/password.";
    let encoding = "Invalid basic header. Credentials not correctly base64 encoded.";
    for (header, expected) in [
        (
            "Basic".to_owned(),
            "Invalid basic header. No credentials provided.",
        ),
        (
            "Basic a b".to_owned(),
            "Invalid basic header. Credentials string should not contain spaces.",
        ),
        ("Basic %%%".to_owned(), encoding),
        (format!("Basic {}", STANDARD.encode("no colon")), encoding),
        (basic("alice", "wrong"), wrong),
        (basic("carol", PASSWORD), wrong),
        (basic("nobody", PASSWORD), wrong),
        (basic("a\0", PASSWORD), wrong),
        (basic("", ""), wrong),
    ] {
        for path in ["/basic/", "/open/"] {
            let page = ask(&site, path, &header).await;
            assert_eq!(
                (page.status, page.detail().as_str()),
                (StatusCode::UNAUTHORIZED, expected),
                "{header}"
            );
            assert_eq!(page.header("www-authenticate"), "Basic realm=\"api\"");
        }
    }
}

#[tokio::test]
async fn other_schemes_are_not_basic_s() {
    let site = site();
    for header in ["Token abc", "Bearer abc", "", "Basicabc"] {
        let page = ask(&site, "/basic/", header).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert_eq!(page.detail(), "Authentication credentials were not provided.");
        assert_eq!(ask(&site, "/open/", header).await.text, "nobody None");
    }
}

#[tokio::test]
async fn two_headers_are_judged_as_one() {
    let site = site();
    let (good, bad) = (basic("alice", PASSWORD), basic("bob", "wrong"));
    for headers in [[good.as_str(), bad.as_str()], [bad.as_str(), good.as_str()]] {
        let headers = headers.map(|value| ("authorization", value));
        let page = site.browser().send("GET", "/basic/", &headers, "").await;
        let expected = "Invalid basic header. Credentials string should not contain spaces.";
        assert_eq!(
            (page.status, page.detail().as_str()),
            (StatusCode::UNAUTHORIZED, expected)
        );
    }
}

#[tokio::test]
async fn where_sessions_stand_first_there_is_no_challenge() {
    let site = site();
    let page = ask(&site, "/session-first/", &basic("alice", "wrong")).await;
    assert_eq!(
        (page.status, page.detail().as_str()),
        (StatusCode::FORBIDDEN, "Invalid username/password.")
    );
    assert_eq!(page.header("www-authenticate"), "");
    let page = ask(&site, "/session-first/", &basic("alice", PASSWORD)).await;
    assert_eq!(page.text, "alice None");
}

#[tokio::test]
async fn the_first_authenticator_that_succeeds_decides() {
    let site = site();
    let mut bob = site.logged_in("bob").await;
    let header = basic("alice", PASSWORD);
    let page = bob
        .send("GET", "/session-first/", &[("authorization", &header)], "")
        .await;
    assert_eq!(page.text, "bob None");
}

#[tokio::test]
async fn only_this_process_can_vouch_for_a_remote_user() {
    let memory = MemoryStores::new();
    let stores = memory.stores();
    let site = Site::on(settings(), memory, stores, routes);
    let service = routes(site.door.router()).into_service().unwrap();
    let ask = async |vouched: Option<&str>| {
        let mut request = Request::builder()
            .uri("/remote/")
            .header("host", "localhost")
            .header("remote-user", HeaderValue::from_static("alice"))
            .header("x-remote-user", HeaderValue::from_static("alice"))
            .body(axum::body::Body::empty())
            .unwrap();
        if let Some(name) = vouched {
            request.extensions_mut().insert(RemoteUser(name.to_owned()));
        }
        service.clone().oneshot(request).await.unwrap().status()
    };
    assert_eq!(ask(Some("alice")).await, StatusCode::OK);
    for nobody in [
        None,
        Some(""),
        Some("nobody"),
        Some("carol"),
        Some("ALICE"),
        Some("a\0"),
    ] {
        assert_eq!(ask(nobody).await, StatusCode::FORBIDDEN, "{nobody:?}");
    }
}
