//! JSON web tokens in HttpOnly cookies.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Request;
use axum::routing::get;
use doorward_auth::jwt::cookies;
use doorward_auth::jwt::{JwtBuilderExt, JwtDoorExt};
use doorward_auth::schemes::JwtStatelessUserAuthentication;
use doorward_core::extract::RequestContext;
use doorward_core::permissions::AllowAny;
use doorward_core::settings::{SameSite, Settings};
use doorward_core::{Door, Policy, Result, RouteExt, Router, User, UserId};
use doorward_django::jwt::{Claims, TokenType};
use doorward_django::timestamp::Timestamp;
use http::header::SET_COOKIE;
use serde_json::{Map, Value, json};
use tower::ServiceExt;

use super::site::{ALICE, Answer, NOW, SECRET_KEY, Site, credentials, settings};

const OBTAIN: &str = "/api/token/";
const REFRESH: &str = "/api/token/refresh/";
const VERIFY: &str = "/api/token/verify/";
const LOGOUT: &str = "/api/token/blacklist/";
const EVERYTHING: &str = "/api/token/revoke-all/";

const MISSING: &str = r#"{"detail":"CSRF Failed: CSRF token missing."}"#;
const NO_TOKEN: &str = r#"{"detail":"No valid refresh token found.","code":"token_not_valid"}"#;
const NOT_AUTHENTICATED: &str = r#"{"detail":"Authentication credentials were not provided."}"#;
const NOBODY: &str = r#"{"id":null,"user":null,"is_staff":false,"auth":null}"#;
const ALICE_BY_JWT: &str = r#"{"id":2,"user":"alice","is_staff":false,"auth":"AccessToken"}"#;

/// The refresh token in a cookie, the access token in the body.
fn refresh_only(settings: &mut Settings) {
    settings.jwt.cookie.refresh_name = Some("refresh".to_owned());
    settings.jwt.rotate_refresh_tokens = true;
    settings.jwt.blacklist_after_rotation = true;
}

/// Both in cookies.
fn both(settings: &mut Settings) {
    refresh_only(settings);
    settings.jwt.cookie.access_name = Some("access".to_owned());
}

/// A browser that keeps cookies, and whose page repeats the CSRF token.
struct Browser<'s> {
    site: &'s Site,
    jar: BTreeMap<String, String>,
}

impl<'s> Browser<'s> {
    fn new(site: &'s Site) -> Self {
        let jar = BTreeMap::new();
        Self { site, jar }
    }

    /// Alice's, once she has logged in.
    async fn of_alice(site: &'s Site) -> Self {
        let mut browser = Self::new(site);
        let answer = browser.log_in().await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        browser
    }

    async fn log_in(&mut self) -> Answer {
        let body = credentials("alice", "wonderland-42").to_string();
        self.send("POST", OBTAIN, &[], body).await
    }

    /// A POST of this site's own page.
    async fn post(&mut self, path: &str) -> Answer {
        let csrf = self.jar.get("csrftoken").cloned().unwrap_or_default();
        self.send("POST", path, &[("x-csrftoken", &csrf)], "{}").await
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<String>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        for (name, value) in &self.jar {
            request = request.header("cookie", format!("{name}={value}"));
        }
        let answer = self.site.send(request, body.into()).await;
        self.remember(&answer);
        answer
    }

    fn remember(&mut self, answer: &Answer) {
        for cookie in set_cookies(answer) {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            match cookie.contains("Max-Age=0;") {
                true => drop(self.jar.remove(name)),
                false => drop(self.jar.insert(name.to_owned(), value.to_owned())),
            }
        }
    }

    fn has(&self, name: &str) -> bool {
        self.jar.contains_key(name)
    }

    fn put(&mut self, name: &str, value: impl Into<String>) {
        self.jar.insert(name.to_owned(), value.into());
    }
}

fn set_cookies(answer: &Answer) -> impl Iterator<Item = &str> {
    let cookies = answer.headers.get_all(SET_COOKIE).iter();
    cookies.map(|cookie| cookie.to_str().unwrap())
}

/// The `Set-Cookie` header of that name, its value left out.
fn attributes<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let prefix = format!("{name}=");
    let cookie = set_cookies(answer).find(|cookie| cookie.starts_with(&prefix))?;
    cookie.split_once(';').map(|(_, attributes)| attributes.trim())
}

fn keys(answer: &Answer) -> Vec<String> {
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body.as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn unless_they_are_named_there_are_none() {
    let site = Site::new();
    let mut browser = Browser::new(&site);
    let answer = browser.log_in().await;
    assert_eq!(set_cookies(&answer).count(), 0);
    assert_eq!(keys(&answer), ["refresh", "access"]);
    browser.put("access", answer.text("access"));
    browser.put("refresh", answer.text("refresh"));
    browser.get("/whoami/jwt/").await.is(200, NOBODY);
    let required = r#"{"refresh":["This field is required."]}"#;
    browser.post(REFRESH).await.is(400, required);
}

#[tokio::test]
async fn a_login_hands_the_refresh_token_to_the_cookie_alone() {
    let site = Site::with(refresh_only);
    let mut browser = Browser::new(&site);
    browser.put("csrftoken", "p".repeat(32));
    let answer = browser.log_in().await;
    assert_eq!(
        attributes(&answer, "refresh"),
        Some(
            "expires=Wed, 15 Nov 2023 22:13:20 GMT; HttpOnly; Max-Age=86400; Path=/api/token/; SameSite=Lax; Secure"
        )
    );
    assert_eq!(keys(&answer), ["access"]);
    assert_eq!(site.claims(&browser.jar["refresh"])["token_type"], "refresh");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("vary"), Some("Cookie, origin"));
    assert!(attributes(&answer, "csrftoken").is_some());
    assert_ne!(
        browser.jar["csrftoken"],
        "p".repeat(32),
        "what was planted is replaced"
    );
}

#[tokio::test]
async fn the_access_token_too_where_its_cookie_has_a_name() {
    let site = Site::with(|settings| {
        both(settings);
        settings.jwt.cookie.secure = false;
        settings.jwt.cookie.samesite = SameSite::Strict;
        settings.jwt.cookie.domain = Some("example.com".to_owned());
        settings.jwt.cookie.path = "/api/".to_owned();
        settings.jwt.cookie.refresh_path = Some("/api/token/refresh/".to_owned());
    });
    let answer = Browser::new(&site).log_in().await;
    answer.is(200, "{}");
    assert_eq!(
        attributes(&answer, "access"),
        Some(
            "Domain=example.com; expires=Tue, 14 Nov 2023 22:18:20 GMT; HttpOnly; Max-Age=300; Path=/api/; SameSite=Strict"
        )
    );
    let refresh = attributes(&answer, "refresh").unwrap();
    assert!(refresh.ends_with("Max-Age=86400; Path=/api/token/refresh/; SameSite=Strict"));
}

/// A login of one's own, by a link, that forgot about caches.
async fn by_link(
    request: RequestContext,
) -> Result<([(&'static str, &'static str); 1], Json<Map<String, Value>>)> {
    let cx = request.context();
    let row = cx
        .door()
        .stores()
        .users
        .by_id(&UserId::Int(ALICE))
        .await?
        .unwrap();
    Ok((
        [("cache-control", "public, max-age=60")],
        Json(cookies::hand_out(&cx, &row).await?),
    ))
}

#[tokio::test]
async fn no_cache_keeps_an_answer_that_sets_them() {
    let route = |routes: Router| routes.route("/by-link/", get(by_link).policy(Policy::open()));
    let site = Site::of(both, |door| door, route);
    let mut browser = Browser::new(&site);
    let answer = browser.get("/by-link/").await;
    answer.is(200, "{}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    browser.get("/whoami/jwt/").await.is(200, ALICE_BY_JWT);
    let answer = browser.post(LOGOUT).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_token_that_browsers_would_drop_is_an_error() {
    let site = |letters: usize| {
        Site::built(both, move |door| {
            door.claims(move |_| json!({ "text": "x".repeat(letters) }))
        })
    };
    let answer = Browser::new(&site(2_600)).log_in().await;
    answer.is(200, "{}");
    let longest = set_cookies(&answer).map(|cookie| cookie.split(';').next().unwrap().len());
    assert!(longest.max() > Some(3_500));
    let answer = Browser::new(&site(3_000)).log_in().await;
    assert_eq!((answer.status.as_u16(), set_cookies(&answer).count()), (500, 0));
    assert_eq!(answer.text("detail"), "A server error occurred.");
}

#[tokio::test]
async fn a_refused_login_sets_nothing() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    let jar = browser.jar.clone();
    let wrong = credentials("alice", "wrong").to_string();
    let answer = browser.send("POST", OBTAIN, &[], wrong).await;
    assert_eq!((answer.status.as_u16(), set_cookies(&answer).count()), (401, 0));
    assert_eq!(browser.jar, jar);
}

#[tokio::test]
async fn another_site_s_page_logs_nobody_in() {
    let site = Site::with(both);
    let body = || credentials("alice", "wonderland-42").to_string();
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://localhost.evil.example"),
    ] {
        let mut browser = Browser::new(&site);
        let answer = browser.send("POST", OBTAIN, &[(name, value)], body()).await;
        let detail = "CSRF Failed: Origin checking failed - ";
        assert_eq!(answer.status, 403);
        assert!(answer.text("detail").starts_with(detail), "{}", answer.body);
        assert_eq!(set_cookies(&answer).count(), 0);
    }
    let mut browser = Browser::new(&site);
    let own = [
        ("origin", "http://localhost"),
        ("referer", "http://localhost/login"),
    ];
    browser.send("POST", OBTAIN, &own, body()).await.is(200, "{}");
}

#[tokio::test]
async fn a_refresh_by_cookie_is_answered_in_the_cookie() {
    let site = Site::with(refresh_only);
    let mut browser = Browser::of_alice(&site).await;
    let first = browser.jar["refresh"].clone();
    site.advance(60);
    let answer = browser.post(REFRESH).await;
    assert_eq!(
        (answer.status.as_u16(), keys(&answer)),
        (200, vec!["access".to_owned()])
    );
    assert_eq!(site.claims(&answer.text("access"))["iat"], NOW + 60);
    assert_ne!(browser.jar["refresh"], first);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("vary"), Some("Cookie, origin"));
    let csrf = attributes(&answer, "csrftoken").unwrap();
    assert!(csrf.contains("Max-Age=31449600"), "it lasts as long as the login");
    site.advance(60);
    browser.put("refresh", first);
    browser.post(REFRESH).await.refuses_token("Token is blacklisted");
}

#[tokio::test]
async fn without_rotation_the_cookie_stays() {
    let site = Site::with(|settings| settings.jwt.cookie.refresh_name = Some("refresh".to_owned()));
    let mut browser = Browser::of_alice(&site).await;
    let answer = browser.post(REFRESH).await;
    assert_eq!(keys(&answer), ["access"]);
    assert_eq!(attributes(&answer, "refresh"), None);
}

#[tokio::test]
async fn both_cookies_are_renewed() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    let before = browser.jar.clone();
    site.advance(1);
    browser.post(REFRESH).await.is(200, "{}");
    assert_ne!(browser.jar["access"], before["access"]);
    assert_ne!(browser.jar["refresh"], before["refresh"]);
    browser.get("/whoami/jwt/").await.is(200, ALICE_BY_JWT);
}

#[tokio::test]
async fn a_cookie_lasts_no_longer_than_its_token() {
    let site = Site::with(|settings| {
        refresh_only(settings);
        settings.jwt.refresh_token_max_lifetime = Some("25h".parse().unwrap());
    });
    let mut browser = Browser::of_alice(&site).await;
    site.advance(86_000);
    let answer = browser.post(REFRESH).await;
    let attributes = attributes(&answer, "refresh").unwrap();
    assert!(attributes.contains("Max-Age=4000;"), "{attributes}");
}

#[tokio::test]
async fn what_a_cookie_proved_wants_a_csrf_token() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    let jar = browser.jar.clone();
    let csrf = jar["csrftoken"].clone();
    for path in [REFRESH, LOGOUT, VERIFY, EVERYTHING] {
        browser.send("POST", path, &[], "{}").await.is(403, MISSING);
        let other = [("x-csrftoken", "abcdefghijklmnopqrstuvwxyzABCDEF")];
        let answer = browser.send("POST", path, &other, "{}").await;
        assert_eq!(answer.status, 403, "{path}");
        let foreign = [("x-csrftoken", csrf.as_str()), ("origin", "https://evil.example")];
        let answer = browser.send("POST", path, &foreign, "{}").await;
        assert!(answer.text("detail").contains("Origin checking failed"), "{path}");
        browser.jar.remove("csrftoken");
        let answer = browser.send("POST", path, &[("x-csrftoken", &csrf)], "{}").await;
        answer.is(403, r#"{"detail":"CSRF Failed: CSRF cookie not set."}"#);
        browser.jar.clone_from(&jar);
    }
    assert_eq!(browser.jar, jar);
    browser.post(REFRESH).await.is(200, "{}");
}

#[tokio::test]
async fn a_form_may_carry_the_csrf_token() {
    let site = Site::with(refresh_only);
    let mut browser = Browser::of_alice(&site).await;
    let form = |csrf: &str| format!("csrfmiddlewaretoken={csrf}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let mut request = Request::post(LOGOUT).header(headers[0].0, headers[0].1);
    for (name, value) in &browser.jar {
        request = request.header("cookie", format!("{name}={value}"));
    }
    let answer = site.send(request, form(&browser.jar["csrftoken"])).await;
    answer.is(200, "{}");
    browser.remember(&answer);
    assert!(!browser.has("refresh"));
}

#[tokio::test]
async fn a_token_in_the_body_is_answered_in_the_body() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    let jar = browser.jar.clone();
    let own = site.forge(TokenType::Refresh, |_| {});
    let body = json!({ "refresh": own }).to_string();
    // Another site's page can do no more: it touches nobody's cookies.
    let foreign = [("origin", "https://evil.example")];
    let answer = browser.send("POST", REFRESH, &foreign, body).await;
    assert_eq!(
        (answer.status.as_u16(), keys(&answer)),
        (200, vec!["access".to_owned(), "refresh".to_owned()])
    );
    assert_eq!(set_cookies(&answer).count(), 0);
    let body = json!({ "refresh": answer.text("refresh") }).to_string();
    let answer = browser.send("POST", LOGOUT, &foreign, body).await;
    answer.is(200, "{}");
    assert_eq!(set_cookies(&answer).count(), 0);
    assert_eq!(browser.jar, jar);
    browser.post(REFRESH).await.is(200, "{}");
}

#[tokio::test]
async fn the_body_decides_where_it_says_anything() {
    let site = Site::with(refresh_only);
    let mut browser = Browser::of_alice(&site).await;
    let csrf = browser.jar["csrftoken"].clone();
    for (body, status) in [
        (r#"{"refresh":"garbage"}"#, 401),
        (r#"{"refresh":""}"#, 400),
        (r#"{"refresh":null}"#, 400),
        (r#"{"refresh":[]}"#, 400),
        ("[]", 400),
        ("null", 400),
    ] {
        let headers = [("x-csrftoken", csrf.as_str())];
        let answer = browser.send("POST", REFRESH, &headers, body).await;
        assert_eq!(answer.status, status, "{body}");
        assert_eq!(set_cookies(&answer).count(), 0, "{body}");
    }
    let headers = [("x-csrftoken", csrf.as_str())];
    let empty = browser.send("POST", REFRESH, &headers, "").await;
    assert_eq!(empty.status, 200, "an empty body says nothing");
}

#[tokio::test]
async fn who_has_no_token_is_told_so() {
    let site = Site::with(both);
    let mut browser = Browser::new(&site);
    for path in [REFRESH, LOGOUT, VERIFY] {
        let answer = browser.post(path).await;
        answer.is(401, NO_TOKEN);
        assert_eq!(answer.header("www-authenticate"), Some(r#"Bearer realm="api""#));
        assert_eq!(answer.header("vary"), Some("Cookie, origin"));
    }
}

#[tokio::test]
async fn a_cookie_can_be_verified() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    browser.post(VERIFY).await.is(200, "{}");
    site.advance(300);
    browser.post(VERIFY).await.refuses_token("Token is expired");
    // A browser drops the access cookie with its token.
    browser.jar.remove("access");
    browser.post(VERIFY).await.is(200, "{}");
}

#[tokio::test]
async fn a_logout_takes_the_token_back_and_the_cookies_away() {
    let site = Site::with(|settings| {
        both(settings);
        settings.jwt.cookie.domain = Some("example.com".to_owned());
        settings.jwt.cookie.samesite = SameSite::None;
    });
    let mut browser = Browser::of_alice(&site).await;
    let jar = browser.jar.clone();
    let answer = browser.post(LOGOUT).await;
    answer.is(200, "{}");
    let removed = |path| {
        format!(
            "Domain=example.com; expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Max-Age=0; Path={path}; SameSite=None; Secure"
        )
    };
    assert_eq!(attributes(&answer, "access"), Some(&*removed("/")));
    assert_eq!(attributes(&answer, "refresh"), Some(&*removed("/api/token/")));
    assert!(!browser.has("access") && !browser.has("refresh"));
    browser.jar = jar;
    browser.post(REFRESH).await.refuses_token("Token is blacklisted");
}

#[tokio::test]
async fn tabs_that_refresh_at_once_share_the_next_token() {
    let site = Site::with(both);
    let mut one = Browser::of_alice(&site).await;
    let (mut other, csrf) = (Browser::new(&site), one.jar["csrftoken"].clone());
    other.jar.clone_from(&one.jar);
    let headers = [("x-csrftoken", csrf.as_str())];
    let (first, second) = tokio::join!(
        one.send("POST", REFRESH, &headers, "{}"),
        other.send("POST", REFRESH, &headers, "{}"),
    );
    first.is(200, "{}");
    second.is(200, "{}");
    assert_eq!(one.jar["refresh"], other.jar["refresh"]);
    for tab in [&mut one, &mut other] {
        tab.get("/whoami/jwt/").await.is(200, ALICE_BY_JWT);
    }
    site.advance(60);
    other.post(REFRESH).await.is(200, "{}");
}

#[tokio::test]
async fn a_logout_beside_a_refresh_ends_the_login_all_the_same() {
    let site = Site::with(both);
    let mut refreshing = Browser::of_alice(&site).await;
    let mut leaving = Browser::new(&site);
    leaving.jar.clone_from(&refreshing.jar);
    // The answer to one tab's refresh is under way while the other logs out with the cookie of before.
    refreshing.post(REFRESH).await.is(200, "{}");
    leaving.post(LOGOUT).await.refuses_token("Token is blacklisted");
    assert!(!leaving.has("refresh"));
    let late = refreshing.post(REFRESH).await;
    late.refuses_token("Token is blacklisted");
}

#[tokio::test]
async fn refresh_and_logout_need_no_access_token() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    site.advance(600);
    browser.get("/api/profile/").await.is(401, NOT_AUTHENTICATED);
    browser.post(REFRESH).await.is(200, "{}");
    browser.get("/whoami/jwt/").await.is(200, ALICE_BY_JWT);
    site.advance(600);
    browser.put("access", "garbage");
    browser.post(LOGOUT).await.is(200, "{}");
}

#[tokio::test]
async fn a_dead_refresh_cookie_stays_until_the_logout() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    browser.put("refresh", "garbage");
    let answer = browser.post(REFRESH).await;
    answer.refuses_token("Token is invalid");
    assert_eq!(
        set_cookies(&answer).count(),
        0,
        "another tab may have renewed it meanwhile"
    );
    browser.post(LOGOUT).await.refuses_token("Token is invalid");
    assert!(!browser.has("refresh") && !browser.has("access"));
}

#[tokio::test]
async fn the_access_cookie_opens_the_api() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    let answer = browser.get("/whoami/jwt/").await;
    answer.is(200, ALICE_BY_JWT);
    assert_eq!(answer.header("vary"), Some("Cookie, origin"));
    browser
        .get("/api/profile/")
        .await
        .is(200, r#"{"username":"alice","email":"alice@example.com"}"#);
    let answer = browser.get("/whoami/stateless/").await;
    assert!(answer.body.contains(r#""id":"2""#), "{}", answer.body);
    browser.send("HEAD", "/whoami/jwt/", &[], "").await.is(200, "");
}

#[tokio::test]
async fn it_opens_no_websocket_to_another_site_s_page() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    let foreign = [("upgrade", "websocket"), ("origin", "https://evil.example")];
    let answer = browser.send("GET", "/whoami/jwt/", &foreign, "").await;
    assert_eq!(answer.status, 403);
    assert!(answer.text("detail").contains("Origin checking failed"));
    let own = [("upgrade", "websocket"), ("origin", "http://localhost")];
    let answer = browser.send("GET", "/whoami/jwt/", &own, "").await;
    answer.is(200, ALICE_BY_JWT);
}

#[tokio::test]
async fn the_refresh_cookie_opens_nothing() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    let refresh = browser.jar["refresh"].clone();
    browser.put("access", refresh);
    browser.get("/whoami/jwt/").await.is(200, NOBODY);
}

#[tokio::test]
async fn a_header_beside_the_cookie_decides() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    let bob = site.forge(TokenType::Access, |claims| claims.insert("user_id", "3"));
    let header = |text: String| [("authorization", text)];
    for (text, status, name) in [
        (format!("Bearer {bob}"), 200, r#""user":"bob""#),
        ("Bearer garbage".to_owned(), 401, "token_not_valid"),
        ("Bearer".to_owned(), 401, "bad_authorization_header"),
        ("Bearer a b".to_owned(), 401, "bad_authorization_header"),
        ("Negotiate x".to_owned(), 200, r#""user":null"#),
        (String::new(), 200, r#""user":null"#),
    ] {
        let [(key, value)] = header(text);
        let answer = browser.send("GET", "/whoami/jwt/", &[(key, &value)], "").await;
        assert_eq!(answer.status, status, "{value}");
        assert!(answer.body.contains(name), "{value}: {}", answer.body);
    }
    // And no CSRF token is asked for.
    let value = format!("Bearer {bob}");
    let answer = browser
        .send("POST", EVERYTHING, &[("authorization", &value)], "{}")
        .await;
    answer.is(200, "{}");
}

#[tokio::test]
async fn a_bad_access_cookie_is_nobody_s() {
    let site = Site::with(both);
    let ghost = site.forge(TokenType::Access, |claims| claims.insert("user_id", "99"));
    let inactive = site.forge(TokenType::Access, |claims| claims.insert("user_id", "4"));
    let expired = site.forge(TokenType::Access, |claims| {
        claims.set_exp("exp", std::time::Duration::ZERO, Timestamp::from_secs(NOW - 1));
    });
    for bad in [
        "garbage",
        "a.b.c",
        "\"\"",
        "",
        ghost.as_str(),
        &inactive,
        &expired,
    ] {
        let mut browser = Browser::new(&site);
        browser.put("access", bad);
        browser.get("/whoami/jwt/").await.is(200, NOBODY);
        browser.get("/whoami/stateless/").await;
        let answer = browser.get("/api/profile/").await;
        answer.is(401, NOT_AUTHENTICATED);
        assert_eq!(set_cookies(&answer).count(), 0, "{bad}");
        browser.log_in().await.is(200, "{}");
        browser.get("/whoami/jwt/").await.is(200, ALICE_BY_JWT);
    }
}

#[tokio::test]
async fn two_cookies_of_one_name_count_as_none() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    let planted = site.forge(TokenType::Access, |claims| claims.insert("user_id", "3"));
    let planted = format!("access={planted}; refresh=garbage");
    let headers = [("cookie", planted.as_str())];
    browser
        .send("GET", "/whoami/jwt/", &headers, "")
        .await
        .is(200, NOBODY);
    let csrf = browser.jar["csrftoken"].clone();
    let headers = [("cookie", planted.as_str()), ("x-csrftoken", &csrf)];
    browser
        .send("POST", REFRESH, &headers, "{}")
        .await
        .is(401, NO_TOKEN);
    browser.post(REFRESH).await.is(200, "{}");
}

#[tokio::test]
async fn revoking_everything_removes_the_own_cookies() {
    let site = Site::with(both);
    let mut browser = Browser::of_alice(&site).await;
    browser.post(EVERYTHING).await.is(200, "{}");
    assert!(!browser.has("access") && !browser.has("refresh"));
}

#[tokio::test]
async fn a_password_change_removes_cookies_that_fall_with_it() {
    let body = r#"{"old_password":"wonderland-42","new_password":"looking-glass-43"}"#;
    for (falls, left) in [(true, false), (false, true)] {
        let site = Site::with(|settings| {
            both(settings);
            settings.jwt.revoke_on_password_change = falls;
        });
        let mut browser = Browser::of_alice(&site).await;
        let csrf = browser.jar["csrftoken"].clone();
        let headers = [("x-csrftoken", csrf.as_str())];
        let answer = browser
            .send("POST", "/api/password/change/", &headers, body)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!((browser.has("access"), browser.has("refresh")), (left, left));
        let still = browser.post(REFRESH).await.status == 200;
        assert_eq!(still, left);
    }
}

#[tokio::test]
async fn sliding_tokens_travel_in_the_access_cookie() {
    let site = Site::with(|settings| {
        both(settings);
        settings.jwt.auth_token_classes = vec![doorward_core::settings::TokenClass::Sliding];
    });
    let mut browser = Browser::new(&site);
    let body = credentials("alice", "wonderland-42").to_string();
    let answer = browser
        .send("POST", "/api/token/sliding/", &[], body.clone())
        .await;
    answer.is(200, "{}");
    assert!(browser.has("access") && !browser.has("refresh"));
    let first = browser.jar["access"].clone();
    site.advance(60);
    browser.post("/api/token/sliding/refresh/").await.is(200, "{}");
    assert_ne!(browser.jar["access"], first);
    let answer = browser.get("/whoami/jwt/").await;
    assert!(
        answer.body.contains(r#""auth":"SlidingToken""#),
        "{}",
        answer.body
    );
    browser
        .send("POST", "/api/token/sliding/refresh/", &[], "{}")
        .await
        .is(403, MISSING);

    let site = Site::with(refresh_only);
    let answer = Browser::new(&site)
        .send("POST", "/api/token/sliding/", &[], body)
        .await;
    assert_eq!(keys(&answer), ["token"], "it has no cookie there");
}

fn sliding(settings: &mut Settings) {
    both(settings);
    settings.jwt.auth_token_classes = vec![doorward_core::settings::TokenClass::Sliding];
}

async fn sliding_browser(site: &Site) -> Browser<'_> {
    let mut browser = Browser::new(site);
    let body = credentials("alice", "wonderland-42").to_string();
    let answer = browser.send("POST", "/api/token/sliding/", &[], body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    browser
}

#[tokio::test]
async fn a_sliding_token_is_logged_out() {
    let site = Site::with(sliding);
    let mut browser = sliding_browser(&site).await;
    let answer = browser.send("POST", LOGOUT, &[], "{}").await;
    answer.is(403, MISSING);
    assert!(browser.has("access"), "nobody is logged out by another's page");
    let jar = browser.jar.clone();
    browser.post(LOGOUT).await.is(200, "{}");
    assert!(!browser.has("access"));
    browser.jar = jar;
    browser.get("/whoami/jwt/").await.is(200, NOBODY);
    let answer = browser.post("/api/token/sliding/refresh/").await;
    answer.refuses_token("Token is blacklisted");
}

/// Expired, foreign, garbage, of another kind, twice: a logout removes what came, and says that there was nothing.
#[tokio::test]
async fn a_logout_removes_cookies_that_are_worth_nothing() {
    let site = Site::with(sliding);
    let expired = site.forge(TokenType::Sliding, |claims| claims.insert("exp", NOW - 1));
    let access = site.forge(TokenType::Access, |_| {});
    for worthless in ["garbage", "a.b.c", "", &expired, &access, "one; access=two"] {
        let mut browser = sliding_browser(&site).await;
        browser.put("access", worthless);
        let answer = browser.send("POST", LOGOUT, &[], "{}").await;
        assert_eq!(answer.status, 403, "{worthless}: {}", answer.body);
        assert!(browser.has("access"));
        let answer = browser.post(LOGOUT).await;
        assert_eq!(answer.status, 401, "{worthless}: {}", answer.body);
        assert!(!browser.has("access"), "{worthless}");
    }
}

#[tokio::test]
async fn a_door_without_users_reads_the_cookie_too() {
    let token = Site::with(both).forge(TokenType::Access, |_: &mut Claims| {});
    let door = Door::stateless(settings(|settings| {
        both(settings);
        settings.jwt.signing_key = Some(doorward_django::secret::Secret::new(SECRET_KEY.to_owned()));
        settings.jwt.access_token_lifetime = "3650d".parse().unwrap();
    }));
    let door = door.unwrap();
    let token = renewed(&door, &token);
    let who = |user: Option<User>| async move { user.map(|user| user.id().to_string()).unwrap_or_default() };
    let policy = Policy::new()
        .authenticate(JwtStatelessUserAuthentication)
        .permit(AllowAny);
    let service = door.router().route("/who/", get(who).post(who).policy(policy));
    let service = service.into_service().unwrap();
    for (method, csrf, status) in [("GET", "", 200), ("POST", "", 403), ("POST", "s", 200)] {
        let secret = "s".repeat(32);
        let mut request = Request::builder()
            .method(method)
            .uri("/who/")
            .header("host", "localhost");
        request = request.header("cookie", format!("access={token}; csrftoken={secret}"));
        if !csrf.is_empty() {
            request = request.header("x-csrftoken", secret);
        }
        let Ok(response) = service
            .clone()
            .oneshot(request.body(axum::body::Body::empty()).unwrap())
            .await;
        assert_eq!(response.status(), status, "{method} {csrf}");
    }
}

/// The token as that door's own clock finds it good.
fn renewed(door: &Door, token: &str) -> String {
    let now = Timestamp::from_secs(NOW);
    let claims = door.tokens().keyring().decode(token, door.jwt(), now).unwrap();
    let mut claims = claims;
    claims.set_exp(
        "exp",
        door.settings().jwt.access_token_lifetime.duration(),
        door.now(),
    );
    door.tokens().encode(&claims, door.now()).unwrap()
}
