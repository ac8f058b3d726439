//! Who is calling: Basic credentials, sessions, and the word of the server in front of us.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../doorward-auth/tests/browser/mod.rs"]
mod browser;

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use browser::{PASSWORD, Site, settings};
use doorward_auth::schemes::{
    Authenticator, BasicAuthentication, RemoteUser, RemoteUserAuthentication, RemoteUserSettings,
    SessionAuthentication,
};
use doorward_core::permissions::{AllowAny, IsAuthenticated};
use doorward_core::settings::Settings;
use doorward_core::{
    Answer, ApiException, Auth, Context, Door, Identity, Policy, Result, RouteExt, Router, User,
};
use doorward_django::crypto::constant_time_eq;
use doorward_testing::TestDatabase;
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
    let memory = TestDatabase::new();
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
    let memory = TestDatabase::new();
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

/// What a caller with that header is answered who comes from that address.
async fn remotely(settings: Settings, peer: Option<&str>, names: &[&str]) -> (StatusCode, String) {
    let memory = TestDatabase::new();
    let stores = memory.stores();
    let site = Site::on(settings, memory, stores, |router| router);
    let service = routes(site.door.router()).into_service().unwrap();
    let mut request = Request::builder().uri("/remote/").header("host", "localhost");
    for name in names {
        request = request.header("x-remote-user", *name);
    }
    let mut request = request.body(axum::body::Body::empty()).unwrap();
    if let Some(peer) = peer {
        let address: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(address));
    }
    let response = service.oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn behind_a_proxy() -> Settings {
    let mut settings = settings();
    settings.section_mut::<RemoteUserSettings>().header = Some("X-Remote-User".to_owned());
    settings.section_mut::<RemoteUserSettings>().trusted_peers =
        vec!["10.0.0.0/8".to_owned(), "::1".to_owned()];
    settings
}

#[tokio::test]
async fn a_header_is_believed_from_a_trusted_peer_only() {
    for peer in ["10.1.2.3:80", "[::1]:80", "[::ffff:10.1.2.3]:80"] {
        let answered = remotely(behind_a_proxy(), Some(peer), &["alice"]).await;
        assert_eq!(answered, (StatusCode::OK, "alice None".to_owned()), "{peer}");
    }
    for peer in [None, Some("11.0.0.1:80"), Some("[::2]:80")] {
        let (status, _) = remotely(behind_a_proxy(), peer, &["alice"]).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{peer:?}");
    }
    // One of two headers may be the client's own.
    for names in [
        &["alice", "bob"][..],
        &["", "alice"],
        &["alice", "alice"],
        &[""],
        &[" "],
        &["carol"],
        &["dora"],
    ] {
        let (status, _) = remotely(behind_a_proxy(), Some("10.1.2.3:80"), names).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{names:?}");
    }
    let mut nobody_trusted = behind_a_proxy();
    nobody_trusted
        .section_mut::<RemoteUserSettings>()
        .trusted_peers
        .clear();
    let (status, _) = remotely(nobody_trusted, Some("10.1.2.3:80"), &["alice"]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn unknown_remote_users_are_made_where_the_settings_say_so() {
    let mut settings = behind_a_proxy();
    settings.section_mut::<RemoteUserSettings>().create_unknown_user = true;
    let answered = remotely(settings.clone(), Some("10.1.2.3:80"), &["dora"]).await;
    assert_eq!(answered, (StatusCode::OK, "dora None".to_owned()));
    for refused in ["carol", &"x".repeat(151)] {
        let (status, _) = remotely(settings.clone(), Some("10.1.2.3:80"), &[refused]).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{refused}");
    }
    let (status, _) = remotely(settings, Some("11.0.0.1:80"), &["dora"]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[test]
fn impossible_remote_users_stop_the_start() {
    for (header, peer, key) in [
        ("X Remote", "::1", "remote_user.header"),
        ("X-Remote-User", "10.0.0.0/33", "remote_user.trusted_peers"),
        ("X-Remote-User", "localhost", "remote_user.trusted_peers"),
    ] {
        let mut settings = settings();
        settings.section_mut::<RemoteUserSettings>().header = Some(header.to_owned());
        settings.section_mut::<RemoteUserSettings>().trusted_peers = vec![peer.to_owned()];
        let error = Door::new(settings, TestDatabase::new().stores()).unwrap_err();
        assert_eq!(error.key(), key);
    }
}

/// One's own scheme, as the guide has it: a key in a header.
#[derive(Debug)]
struct JobAuthentication;

impl Authenticator for JobAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let Some(key) = cx.headers().get("x-job-key") else {
            return Answer::ready(Ok(None));
        };
        if !constant_time_eq(key.as_bytes(), b"key of the nightly job") {
            return Answer::ready(Err(ApiException::authentication_failed("Wrong job key.")));
        }
        Answer::pending(async move {
            let user = cx.door().stores().users.by_username("alice").await?;
            let auth = Auth::Other("JobKey");
            Ok(user.map(|user| Identity {
                user: user.into(),
                auth,
            }))
        })
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        Some(HeaderValue::from_static("Job"))
    }
}

#[tokio::test]
async fn a_scheme_of_ones_own_is_a_scheme_like_the_others() {
    let memory = TestDatabase::new();
    let stores = memory.stores();
    let site = Site::on(settings(), memory, stores, |router| {
        let policy = Policy::from(IsAuthenticated)
            .authenticate(JobAuthentication)
            .authenticate(BasicAuthentication);
        router.route("/job/", get(name).policy(policy))
    });
    let basic = basic("bob", PASSWORD);
    for (headers, status, text) in [
        (
            vec![("x-job-key", "key of the nightly job")],
            StatusCode::OK,
            "alice Some(\"JobKey\")",
        ),
        (
            vec![("authorization", basic.as_str())],
            StatusCode::OK,
            "bob None",
        ),
        (
            vec![("x-job-key", "guessed")],
            StatusCode::UNAUTHORIZED,
            "Wrong job key.",
        ),
        (
            vec![],
            StatusCode::UNAUTHORIZED,
            "Authentication credentials were not provided.",
        ),
    ] {
        let page = site.browser().send("GET", "/job/", &headers, "").await;
        assert_eq!(page.status, status);
        assert!(page.text.contains(text), "{}", page.text);
        let challenge = if status == StatusCode::OK { "" } else { "Job" };
        assert_eq!(page.header("www-authenticate"), challenge);
    }
}
