//! Pages of other sites, against credentials that browsers send by themselves.

mod browser;

use axum::routing::get;
use browser::{PASSWORD, Page, Site, settings};
use doorward_auth::schemes::{BasicAuthentication, RemoteUser, RemoteUserAuthentication};
use doorward_core::permissions::IsAuthenticated;
use doorward_core::settings::Settings;
use doorward_core::{Policy, RouteExt, User};
use doorward_testing::TestDatabase;
use http::StatusCode;

const EVIL: &str = "https://evil.example";

fn site(settings: Settings) -> Site {
    let memory = TestDatabase::new();
    let stores = memory.stores();
    Site::on(settings, memory, stores, |router| {
        let policy = Policy::new()
            .authenticate(BasicAuthentication)
            .authenticate(RemoteUserAuthentication)
            .permit(IsAuthenticated);
        let name = |user: User| async move { user.username().to_owned() };
        router.route(
            "/things/",
            get(name).post(name).put(name).delete(name).policy(policy),
        )
    })
}

/// Alice's browser, which knows her password.
async fn with_basic(site: &Site, method: &str, headers: &[(&str, &str)]) -> Page {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("alice:{PASSWORD}"));
    let basic = format!("Basic {encoded}");
    let headers = [&[("authorization", basic.as_str())], headers].concat();
    site.browser().send(method, "/things/", &headers, "").await
}

#[track_caller]
fn assert_forged(page: &Page) {
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text);
    assert!(page.detail().starts_with("CSRF Failed: "), "{}", page.text);
    assert!(page.headers.get("www-authenticate").is_none());
}

#[tokio::test]
async fn basic_does_not_ride_along_with_a_foreign_page() {
    let site = site(settings());
    for method in ["POST", "PUT", "DELETE"] {
        for headers in [
            &[("origin", EVIL)][..],
            &[("origin", "null")],
            &[("origin", "https://localhost")],
            &[("referer", "http://evil.example/a?b")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("referer", "http://localhost/")],
        ] {
            assert_forged(&with_basic(&site, method, headers).await);
        }
    }
}

#[tokio::test]
async fn programs_and_pages_of_this_site_use_basic_as_ever() {
    let site = site(settings());
    for headers in [
        &[][..],
        &[("origin", "http://localhost")],
        &[("referer", "http://localhost/page/")],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://localhost"), ("sec-fetch-site", "same-origin")],
    ] {
        assert_eq!(
            with_basic(&site, "POST", headers).await.text,
            "alice",
            "{headers:?}"
        );
    }
    let read = with_basic(
        &site,
        "GET",
        &[("origin", EVIL), ("sec-fetch-site", "cross-site")],
    )
    .await;
    assert_eq!(read.text, "alice", "what only reads is CORS's business");
}

#[tokio::test]
async fn a_wrong_password_is_no_matter_of_pages() {
    let site = site(settings());
    let headers = [("authorization", "Basic YWxpY2U6d3Jvbmc="), ("origin", EVIL)];
    let page = site.browser().send("POST", "/things/", &headers, "").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(page.detail(), "Invalid username/password.");
}

#[tokio::test]
async fn sites_that_the_settings_name_pass() {
    let mut named = settings();
    named.csrf.trusted_origins = vec!["https://*.trusted.example".to_owned()];
    named.cors.allowed_origins = vec!["https://app.example".to_owned(), "null".to_owned()];
    named.cors.allowed_origin_regexes = vec![r"^https://[a-z]+\.shops\.example$".to_owned()];
    let site = site(named);
    for origin in [
        "https://a.trusted.example",
        "https://app.example",
        "https://b.shops.example",
    ] {
        let headers = [("origin", origin), ("sec-fetch-site", "cross-site")];
        assert_eq!(
            with_basic(&site, "POST", &headers).await.text,
            "alice",
            "{origin}"
        );
    }
    for origin in [EVIL, "null", "https://app.example:8443"] {
        assert_forged(&with_basic(&site, "POST", &[("origin", origin)]).await);
    }
}

#[tokio::test]
async fn a_site_that_everybody_may_read_is_not_everybody_s_to_use() {
    let mut everybody = settings();
    everybody.cors.allow_all_origins = true;
    let mut pattern = settings();
    pattern.cors.allowed_origin_regexes = vec!["^https://.*$".to_owned()];
    for settings in [everybody, pattern] {
        assert_forged(&with_basic(&site(settings), "POST", &[("origin", EVIL)]).await);
    }
}

#[tokio::test]
async fn no_foreign_page_opens_a_websocket_with_basic() {
    let site = site(settings());
    let foreign = [("upgrade", "websocket"), ("origin", EVIL)];
    assert_forged(&with_basic(&site, "GET", &foreign).await);
    let own = [("upgrade", "websocket"), ("origin", "http://localhost")];
    assert_eq!(with_basic(&site, "GET", &own).await.text, "alice");
    assert_eq!(
        with_basic(&site, "GET", &[("upgrade", "websocket")]).await.text,
        "alice"
    );
}

#[tokio::test]
async fn a_vouched_for_name_does_not_ride_along_either() {
    use axum::body::Body;
    use tower::ServiceExt;

    let site = site(settings());
    let routes = site.door.router().route(
        "/remote/",
        axum::routing::post(|user: User| async move { user.username().to_owned() }).policy(
            Policy::new()
                .authenticate(RemoteUserAuthentication)
                .permit(IsAuthenticated),
        ),
    );
    let service = routes.into_service().unwrap();
    for (origin, status) in [(Some(EVIL), 403), (Some("http://localhost"), 200), (None, 200)] {
        let request = http::Request::post("/remote/").header("host", "localhost");
        let request = origin
            .into_iter()
            .fold(request, |request, origin| request.header("origin", origin));
        let request = request.extension(RemoteUser("alice".to_owned()));
        let answer = service
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{origin:?}");
    }
}

#[tokio::test]
async fn over_plain_http_the_referer_tells_a_foreign_login_page() {
    let mut settings = settings();
    settings.jwt.cookie.access_name = Some("access".to_owned());
    settings.jwt.cookie.refresh_name = Some("refresh".to_owned());
    let site = site(settings);
    let body = format!(r#"{{"username": "alice", "password": "{PASSWORD}"}}"#);
    for (header, status) in [
        (("referer", "http://evil.example/"), 403),
        (("sec-fetch-site", "cross-site"), 403),
        (("referer", "http://localhost/"), 200),
    ] {
        let headers = [("content-type", "application/json"), header];
        let page = site
            .browser()
            .send("POST", "/api/token/", &headers, body.clone())
            .await;
        assert_eq!(page.status, status, "{header:?} {}", page.text);
    }
}
