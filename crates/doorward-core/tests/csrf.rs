//! The CSRF cookie and check, with a browser that is logged in.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../doorward-auth/tests/browser/mod.rs"]
mod browser;

use browser::{PASSWORD, Site, settings};
use doorward_core::extract::RequestContext;
use doorward_core::{Policy, RouteExt};
use doorward_django::csrf::CsrfSecret;
use doorward_django::urls::Scheme;
use doorward_testing::TestDatabase;
use http::StatusCode;
use serde_json::json;

const SECRET: &str = "abcdefghijklmnopqrstuvwxyzABCDEF";
const OTHER: &str = "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ";
const FORM: &str = "application/x-www-form-urlencoded";

/// What a refused request is told.
fn refused(page: &browser::Page) -> String {
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text);
    page.detail().strip_prefix("CSRF Failed: ").unwrap().to_owned()
}

/// A browser of Alice's whose CSRF secret is known.
async fn alice(site: &Site) -> browser::Browser<'_> {
    let mut alice = site.logged_in("alice").await;
    alice.cookies.insert("csrftoken".to_owned(), SECRET.to_owned());
    alice
}

#[tokio::test]
async fn methods_that_change_something_need_the_token() {
    let site = Site::new();
    let mut alice = alice(&site).await;
    for method in ["GET", "HEAD", "OPTIONS"] {
        assert_eq!(
            alice.send(method, "/dashboard/", &[], "").await.status,
            StatusCode::OK
        );
    }
    for method in ["POST", "PUT", "DELETE"] {
        let page = alice.send(method, "/dashboard/", &[], "").await;
        assert_eq!(refused(&page), "CSRF token missing.");
        let page = alice
            .send(method, "/dashboard/", &[("x-csrftoken", OTHER)], "")
            .await;
        assert_eq!(
            refused(&page),
            "CSRF token from the 'X-Csrftoken' HTTP header incorrect."
        );
        let page = alice
            .send(method, "/dashboard/", &[("x-csrftoken", SECRET)], "")
            .await;
        assert_eq!(page.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn each_bad_token_is_told_why() {
    let site = Site::new();
    let mut alice = alice(&site).await;
    let header = "CSRF token from the 'X-Csrftoken' HTTP header";
    for (token, expected) in [
        ("", format!("{header} has incorrect length.")),
        ("short", format!("{header} has incorrect length.")),
        (
            "-bcdefghijklmnopqrstuvwxyzABCDEF",
            format!("{header} has invalid characters."),
        ),
        (
            "ébcdefghijklmnopqrstuvwxyzABCDEF",
            format!("{header} has incorrect length."),
        ),
    ] {
        let page = alice
            .send("POST", "/dashboard/", &[("x-csrftoken", token)], "")
            .await;
        assert_eq!(refused(&page), expected, "{token}");
    }
    for (token, expected) in [
        ("short", "CSRF token from POST has incorrect length."),
        (
            "-bcdefghijklmnopqrstuvwxyzABCDEF",
            "CSRF token from POST has invalid characters.",
        ),
        (OTHER, "CSRF token from POST incorrect."),
    ] {
        let page = alice
            .submit("/dashboard/", &[("csrfmiddlewaretoken", token)])
            .await;
        assert_eq!(refused(&page), expected);
    }
}

#[tokio::test]
async fn any_mask_of_the_secret_will_do() {
    let site = Site::new();
    let mut alice = alice(&site).await;
    let secret = CsrfSecret::parse(SECRET).unwrap();
    for seed in 0..20 {
        let token = secret.mask(&[seed; 128]);
        let page = alice
            .send("POST", "/dashboard/", &[("x-csrftoken", &token)], "")
            .await;
        assert_eq!(page.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn the_cookie_may_be_one_that_django_before_4_masked() {
    let site = Site::new();
    let mut alice = alice(&site).await;
    let masked = CsrfSecret::parse(SECRET).unwrap().mask(&[9; 128]);
    alice.cookies.insert("csrftoken".to_owned(), masked);
    let page = alice
        .send("POST", "/dashboard/", &[("x-csrftoken", SECRET)], "")
        .await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn a_cookie_that_can_hold_no_secret_is_refused_and_replaced() {
    let site = Site::new();
    for (cookie, expected) in [
        ("short", "CSRF cookie has incorrect length."),
        (
            "-bcdefghijklmnopqrstuvwxyzABCDEF",
            "CSRF cookie has invalid characters.",
        ),
    ] {
        let mut alice = alice(&site).await;
        alice.cookies.insert("csrftoken".to_owned(), cookie.to_owned());
        let page = alice
            .send("POST", "/dashboard/", &[("x-csrftoken", SECRET)], "")
            .await;
        assert_eq!(refused(&page), expected);
        assert_eq!(alice.csrf().len(), 32);
        let page = alice.post("/dashboard/", &json!({})).await;
        assert_eq!(page.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn without_the_cookie_no_token_helps() {
    let site = Site::new();
    let mut alice = alice(&site).await;
    alice.cookies.remove("csrftoken");
    let page = alice
        .send("POST", "/dashboard/", &[("x-csrftoken", SECRET)], "")
        .await;
    assert_eq!(refused(&page), "CSRF cookie not set.");
    let page = alice
        .submit("/dashboard/", &[("csrfmiddlewaretoken", SECRET)])
        .await;
    assert_eq!(refused(&page), "CSRF cookie not set.");
}

#[tokio::test]
async fn of_two_cookies_the_last_one_counts() {
    let site = Site::new();
    let session = site.logged_in("alice").await.session().unwrap().to_owned();
    for (cookies, status) in [
        (format!("csrftoken={OTHER}; csrftoken={SECRET}"), StatusCode::OK),
        (
            format!("csrftoken={SECRET}; csrftoken={OTHER}"),
            StatusCode::FORBIDDEN,
        ),
    ] {
        let cookie = format!("sessionid={session}; {cookies}");
        let headers = [("cookie", cookie.as_str()), ("x-csrftoken", SECRET)];
        let page = site.browser().send("POST", "/dashboard/", &headers, "").await;
        assert_eq!(page.status, status);
    }
}

#[tokio::test]
async fn a_form_may_carry_the_token_and_the_handler_still_gets_it() {
    let site = Site::new();
    let mut alice = alice(&site).await;
    let fields = [("csrfmiddlewaretoken", SECRET), ("name", "value")];
    let page = alice.submit("/dashboard/", &fields).await;
    assert_eq!(
        page.json(),
        json!({"csrfmiddlewaretoken": SECRET, "name": "value"})
    );

    let multipart = format!(
        "--x\r\nContent-Disposition: form-data; name=\"csrfmiddlewaretoken\"\r\n\r\n{SECRET}\r\n--x--\r\n"
    );
    let headers = [("content-type", "multipart/form-data; boundary=x")];
    let page = alice.send("POST", "/dashboard/", &headers, multipart).await;
    assert_eq!(page.json(), json!({"csrfmiddlewaretoken": SECRET}));
}

/// REST framework's `SessionAuthentication` parses any body: what no parser of the view reads is 400 or 415 there.
#[tokio::test]
async fn only_a_form_is_parsed_for_its_token() {
    let site = Site::new();
    let mut browser = alice(&site).await;
    let token = browser.csrf();
    for (content_type, body, status) in [
        ("application/json", "{\"a\": 1}", 200),
        ("application/json", "{", 200),
        ("image/png", "x", 200),
        ("multipart/form-data", "x", 400),
        ("multipart/form-data; boundary=b", "x", 400),
    ] {
        let headers = [("content-type", content_type), ("x-csrftoken", token.as_str())];
        let page = browser.send("POST", "/whoami/", &headers, body).await;
        assert_eq!(page.status, status, "{content_type} {body}: {}", page.text);
    }
    // Without a secret that it could repeat no token is looked for.
    for cookie in ["short", ""] {
        browser.cookies.insert("csrftoken".to_owned(), cookie.to_owned());
        let headers = [("content-type", "multipart/form-data")];
        let page = browser.send("POST", "/whoami/", &headers, "x").await;
        assert_eq!(page.status, 403, "{}", page.text);
    }
}

#[tokio::test]
async fn the_token_counts_in_a_posted_form_only() {
    let site = Site::new();
    let mut alice = alice(&site).await;
    let form = format!("csrfmiddlewaretoken={SECRET}");
    let page = alice
        .send("PUT", "/dashboard/", &[("content-type", FORM)], form.clone())
        .await;
    assert_eq!(refused(&page), "CSRF token missing.");
    let json = json!({"csrfmiddlewaretoken": SECRET}).to_string();
    let headers = [("content-type", "application/json")];
    let page = alice.send("POST", "/dashboard/", &headers, json).await;
    assert_eq!(refused(&page), "CSRF token missing.");
    let page = alice.send("POST", &format!("/dashboard/?{form}"), &[], "").await;
    assert_eq!(refused(&page), "CSRF token missing.");
    // An empty field counts as none, and the header is asked.
    let headers = [("content-type", FORM), ("x-csrftoken", SECRET)];
    let page = alice
        .send("POST", "/dashboard/", &headers, "csrfmiddlewaretoken=")
        .await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn the_origin_must_be_this_site_or_a_trusted_one() {
    let mut settings = settings();
    settings.csrf.trusted_origins = vec![
        "https://trusted.example".to_owned(),
        "https://*.wild.example".to_owned(),
    ];
    let site = Site::with(settings);
    let mut alice = alice(&site).await;
    for origin in [
        "http://localhost",
        "https://trusted.example",
        "https://a.wild.example",
        "https://a.b.wild.example",
    ] {
        let headers = [("origin", origin), ("x-csrftoken", SECRET)];
        let page = alice.send("POST", "/dashboard/", &headers, "").await;
        assert_eq!(page.status, StatusCode::OK, "{origin}");
    }
    for origin in [
        "null",
        "https://localhost",
        "http://localhost:81",
        "http://trusted.example",
        "https://trusted.example:444",
        "https://evilwild.example",
        "https://other.example",
    ] {
        let headers = [("origin", origin), ("x-csrftoken", SECRET)];
        let page = alice.send("POST", "/dashboard/", &headers, "").await;
        let expected = format!("Origin checking failed - {origin} does not match any trusted origins.");
        assert_eq!(refused(&page), expected);
    }
}

#[tokio::test]
async fn over_tls_the_referer_is_asked_where_there_is_no_origin() {
    let site = Site::new();
    let mut alice = alice(&site).await;
    alice.scheme = Scheme::Https;
    let failed = "Referer checking failed - ";
    for (referer, expected) in [
        (None, Some("no Referer.")),
        (Some("no address"), Some("Referer is malformed.")),
        (
            Some("http://localhost/"),
            Some("Referer is insecure while host is secure."),
        ),
        (
            Some("https://evil.example/a"),
            Some("https://evil.example/a does not match any trusted origins."),
        ),
        (Some("https://localhost/page/"), None),
    ] {
        let mut headers = vec![("x-csrftoken", SECRET)];
        headers.extend(referer.map(|referer| ("referer", referer)));
        let page = alice.send("POST", "/dashboard/", &headers, "").await;
        match expected {
            Some(reason) => assert_eq!(refused(&page), format!("{failed}{reason}")),
            None => assert_eq!(page.status, StatusCode::OK),
        }
    }
    let headers = [("x-csrftoken", SECRET), ("origin", "https://localhost")];
    assert_eq!(
        alice.send("POST", "/dashboard/", &headers, "").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_page_of_another_site_opens_no_websocket() {
    let site = Site::new();
    let mut alice = alice(&site).await;
    for (upgrade, origin, status) in [
        ("websocket", "https://evil.example", 403),
        ("h2c, WebSocket", "null", 403),
        ("websocket", "http://localhost", 200),
        ("h2c", "https://evil.example", 200),
    ] {
        let headers = [("upgrade", upgrade), ("origin", origin)];
        let page = alice.send("GET", "/dashboard/", &headers, "").await;
        assert_eq!(page.status, status, "{upgrade} {origin}");
    }
    let page = alice
        .send("GET", "/dashboard/", &[("upgrade", "websocket")], "")
        .await;
    assert_eq!(page.status, StatusCode::OK, "who tells no origin is no browser");
}

#[tokio::test]
async fn the_anonymous_are_not_asked() {
    let site = Site::new();
    let page = site.browser().send("POST", "/whoami/", &[], "").await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn in_debug_a_page_tells_the_reason() {
    let mut settings = settings();
    settings.debug = true;
    let site = Site::with(settings);
    let page = site
        .browser()
        .submit("/api-auth/login/", &[("username", "<alice>")])
        .await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.text
            .contains("Reason given for failure: CSRF cookie not set."),
        "{}",
        page.text
    );
    let foreign = [("origin", "https://<b>.example")];
    let page = site
        .browser()
        .send("POST", "/api-auth/login/", &foreign, "")
        .await;
    assert!(
        page.text.contains("Origin checking failed - https://&"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("<b>.example"), "{}", page.text);
}

#[tokio::test]
async fn login_and_logout_are_protected_from_the_first_request() {
    let site = Site::new();
    for path in ["/api-auth/login/", "/api-auth/logout/"] {
        let fields = [("username", "alice"), ("password", PASSWORD)];
        let page = site.browser().submit(path, &fields).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.is_html() && page.text.contains("CSRF verification failed. Request aborted."));
        assert!(page.cookie("sessionid").is_none());
        let page = site
            .browser()
            .post(path, &json!({"username": "alice", "password": PASSWORD}))
            .await;
        assert_eq!(refused(&page), "CSRF cookie not set.");
    }
}

#[tokio::test]
async fn a_login_renews_the_secret() {
    let site = Site::new();
    let mut alice = site.browser();
    alice.get("/api-auth/login/").await;
    let before = alice.csrf();
    alice.log_in("alice", PASSWORD).await;
    assert_ne!(alice.csrf(), before);
    let page = alice
        .send("POST", "/dashboard/", &[("x-csrftoken", &before)], "")
        .await;
    assert_eq!(
        refused(&page),
        "CSRF token from the 'X-Csrftoken' HTTP header incorrect."
    );
}

#[tokio::test]
async fn asking_for_a_token_sets_the_cookie() {
    let memory = TestDatabase::new();
    let stores = memory.stores();
    let site = Site::on(settings(), memory, stores, |router| {
        let handler = |request: RequestContext| async move {
            let cx = request.context();
            format!("{} {}", cx.csrf().token(), cx.csrf().token())
        };
        router.route("/token/", axum::routing::get(handler).policy(Policy::open()))
    });
    let mut visitor = site.browser();
    let page = visitor.get("/token/").await;
    let secret = visitor.csrf();
    assert_eq!(
        page.cookie("csrftoken").unwrap(),
        format!(
            "csrftoken={secret}; expires=Tue, 12 Nov 2024 22:13:20 GMT; Max-Age=31449600; Path=/; SameSite=Lax"
        )
    );
    assert_eq!(page.header("vary"), "Cookie, origin");
    let (first, second) = page.text.split_once(' ').unwrap();
    assert_ne!(first, second);
    for token in [first, second] {
        assert_eq!(
            CsrfSecret::parse(&secret).unwrap().does_token_match(token),
            Ok(true)
        );
    }
    // A secret that is there already is kept.
    visitor.get("/token/").await;
    assert_eq!(visitor.csrf(), secret);
    assert!(visitor.get("/plain/").await.cookie("csrftoken").is_none());
}

#[test]
fn origins_without_a_scheme_stop_the_start() {
    let mut settings = settings();
    settings.csrf.trusted_origins = vec!["example.com".to_owned()];
    let stores = TestDatabase::new().stores();
    let error = doorward_core::Door::new(settings, stores).unwrap_err();
    assert_eq!(error.key(), "csrf.trusted_origins");
}
