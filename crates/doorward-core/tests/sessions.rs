//! Sessions, as a browser and the table see them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../doorward-auth/tests/browser/mod.rs"]
mod browser;

use std::time::Duration;

use axum::Json;
use axum::routing::get;
use browser::log::Log;
use browser::{NOW, PASSWORD, SECRET_KEY, Site, encoded, settings};
use doorward_core::extract::RequestContext;
use doorward_core::sessions::Session;
use doorward_core::settings::{Period, SameSite};
use doorward_core::stores::SessionRow;
use doorward_core::{Policy, Result, RouteExt, UserId};
use doorward_django::secret::{Secret, SecretKey};
use doorward_django::sessions::{
    BACKEND_SESSION_KEY, HASH_SESSION_KEY, MODEL_BACKEND, SESSION_KEY, SessionData, SessionExpiry, encode,
    session_auth_hash,
};
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::StatusCode;
use serde_json::{Value, json};

const KEY: &str = "0123456789abcdefghijklmnopqrstuv";

/// What a handler of these tests answers.
fn ok<T>(value: T) -> Result<T> {
    Ok(value)
}

fn now() -> Timestamp {
    Timestamp::from_secs(NOW)
}

fn data_of(user: i64, secret: &str) -> SessionData {
    let hash = session_auth_hash(&encoded(PASSWORD), &SecretKey::new(secret));
    SessionData::from_iter([
        (SESSION_KEY.to_owned(), json!(user.to_string())),
        (BACKEND_SESSION_KEY.to_owned(), json!(MODEL_BACKEND)),
        (HASH_SESSION_KEY.to_owned(), json!(hash)),
    ])
}

impl Site {
    /// Puts a row into the session table.
    async fn store(&self, text: String, expire_date: Timestamp) {
        let row = SessionRow {
            key: Secret::new(KEY.to_owned()),
            data: Secret::new(text),
            expire_date,
        };
        assert!(self.door.stores().sessions.create(row).await.unwrap());
    }

    /// A browser with a session of that data.
    async fn with_session(&self, data: &SessionData, secret: &str) -> browser::Browser<'_> {
        let text = encode(data, now(), &SecretKey::new(secret));
        self.store(text, Timestamp::from_secs(NOW + 100)).await;
        self.with_key(KEY)
    }

    fn with_key(&self, key: &str) -> browser::Browser<'_> {
        let mut browser = self.browser();
        browser.cookies.insert("sessionid".to_owned(), key.to_owned());
        browser
    }

    async fn row(&self, key: &str) -> Option<SessionRow> {
        let sessions = &self.door.stores().sessions;
        sessions.load(key, now()).await.unwrap()
    }
}

#[tokio::test]
async fn a_login_leaves_django_s_row_and_cookie() {
    let site = Site::new();
    let mut alice = site.browser();
    let page = alice.log_in("alice", PASSWORD).await;
    let key = alice.session().unwrap().to_owned();
    assert_eq!(
        page.cookie("sessionid").unwrap(),
        format!(
            "sessionid={key}; expires=Tue, 28 Nov 2023 22:13:20 GMT; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax"
        )
    );
    let row = site.row(&key).await.unwrap();
    assert_eq!(row.expire_date, Timestamp::from_secs(NOW + 1_209_600));
    let data = doorward_django::sessions::decode(row.data.expose(), site.door.secret_keys()).unwrap();
    assert_eq!(data, data_of(2, SECRET_KEY));
    assert_eq!(
        data.keys().collect::<Vec<_>>(),
        [SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY]
    );
}

#[tokio::test]
async fn a_session_that_is_only_read_is_not_written() {
    let site = Site::new();
    let mut alice = site.logged_in("alice").await;
    site.clock.advance(Duration::from_secs(60));
    let page = alice.get("/dashboard/").await;
    assert_eq!((page.status, page.text.as_str()), (StatusCode::OK, "alice"));
    assert_eq!(page.header("vary"), "Cookie, origin");
    assert!(page.cookie("sessionid").is_none());
    let row = site.row(alice.session().unwrap()).await.unwrap();
    assert_eq!(row.expire_date, Timestamp::from_secs(NOW + 1_209_600));
}

#[tokio::test]
async fn a_route_that_looks_at_no_session_varies_with_no_cookie() {
    let site = Site::new();
    let mut alice = site.logged_in("alice").await;
    assert_eq!(alice.get("/plain/").await.header("vary"), "origin");
}

#[tokio::test]
async fn a_visitor_s_session_survives_the_login_under_another_key() {
    let site = Site::new();
    let mut visitor = site.browser();
    assert_eq!(
        visitor.post("/cart/", &json!({"a": 1})).await.status,
        StatusCode::NO_CONTENT
    );
    let before = visitor.session().unwrap().to_owned();
    visitor.log_in("alice", PASSWORD).await;
    assert_ne!(visitor.session().unwrap(), before);
    assert_eq!(visitor.get("/cart/").await.json(), json!({"a": 1}));
    assert!(site.row(&before).await.is_none());
    let mut attacker = site.with_key(&before);
    assert_eq!(attacker.get("/whoami/").await.json(), Value::Null);
}

#[tokio::test]
async fn a_key_that_somebody_planted_is_never_used() {
    let site = Site::new();
    let mut victim = site.with_key(KEY);
    victim.log_in("alice", PASSWORD).await;
    assert_ne!(victim.session().unwrap(), KEY);
    assert_eq!(site.with_key(KEY).get("/whoami/").await.json(), Value::Null);
}

#[tokio::test]
async fn a_key_is_worth_nothing_after_logout() {
    let site = Site::new();
    let mut alice = site.logged_in("alice").await;
    let key = alice.session().unwrap().to_owned();
    let page = alice.post("/api-auth/logout/", &json!({})).await;
    assert_eq!(page.status, StatusCode::NO_CONTENT);
    assert_eq!(
        page.cookie("sessionid").unwrap(),
        "sessionid=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax"
    );
    assert!(site.row(&key).await.is_none());
    assert_eq!(
        site.with_key(&key).get("/dashboard/").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn another_password_ends_the_session() {
    let site = Site::new();
    let mut alice = site.logged_in("alice").await;
    let key = alice.session().unwrap().to_owned();
    site.memory.change_user(&UserId::Int(2), |row| {
        row.password = Secret::new(encoded("another"));
    });
    let page = alice.get("/dashboard/").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.cookie("sessionid").unwrap().contains("Max-Age=0"));
    assert!(site.row(&key).await.is_none());
}

#[tokio::test]
async fn accounts_that_are_closed_or_gone_have_no_session() {
    let site = Site::new();
    let mut alice = site.logged_in("alice").await;
    site.memory
        .change_user(&UserId::Int(2), |row| row.is_active = false);
    assert_eq!(alice.get("/dashboard/").await.status, StatusCode::FORBIDDEN);
    site.memory
        .change_user(&UserId::Int(2), |row| row.is_active = true);
    assert_eq!(alice.get("/dashboard/").await.status, StatusCode::OK);
    site.memory.remove_user(&UserId::Int(2));
    assert_eq!(alice.get("/dashboard/").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn sessions_that_are_not_ours_are_anonymous() {
    let site = Site::new();
    site.memory.change_user(&UserId::Int(1), |row| {
        row.password = Secret::new(encoded("root's own"));
    });
    let with = |name: &str, value: Value| {
        let mut data = data_of(2, SECRET_KEY);
        data.insert(name.to_owned(), value.into());
        data
    };
    for data in [
        with(SESSION_KEY, json!("1")),
        with(SESSION_KEY, json!("no number")),
        with(SESSION_KEY, json!(["2"])),
        with(SESSION_KEY, json!("999999999999999999999")),
        with(BACKEND_SESSION_KEY, json!("some.other.Backend")),
        with(BACKEND_SESSION_KEY, json!(null)),
        with(HASH_SESSION_KEY, json!("")),
        with(HASH_SESSION_KEY, json!(1)),
    ] {
        let mut browser = site.with_session(&data, SECRET_KEY).await;
        assert_eq!(browser.get("/whoami/").await.json(), Value::Null, "{data:?}");
        site.door.stores().sessions.delete(KEY).await.unwrap();
    }
    let mut browser = site.with_session(&with(SESSION_KEY, json!(2)), SECRET_KEY).await;
    assert_eq!(browser.get("/whoami/").await.json(), "alice");
}

#[tokio::test]
async fn data_that_cannot_be_read_is_an_empty_session() {
    for text in ["", "garbage", "a:b:c", ".eJw:1:x", "gAN9cQAu:1abc:zzz"] {
        let site = Site::new();
        site.store(text.to_owned(), Timestamp::from_secs(NOW + 100)).await;
        let log = Log::start();
        let page = site.with_key(KEY).get("/whoami/").await;
        assert_eq!(
            (page.status, page.json()),
            (StatusCode::OK, Value::Null),
            "{text}"
        );
        assert_eq!(log.warnings().len(), 1, "{:?}", log.lines());
        assert!(log.warnings()[0].contains("Session data corrupted"));
        assert!(page.cookie("sessionid").is_none());
    }
    let site = Site::new();
    let mut forged = site.with_session(&data_of(2, SECRET_KEY), "another secret").await;
    assert_eq!(forged.get("/whoami/").await.json(), Value::Null);
}

#[tokio::test]
async fn an_unknown_key_is_removed_when_somebody_looks() {
    let site = Site::new();
    for key in [KEY, "UPPER-CASE-KEY", "\"quoted-and-long\""] {
        let mut browser = site.with_key(key);
        assert!(
            browser.get("/plain/").await.cookie("sessionid").is_none(),
            "{key}"
        );
        let page = browser.get("/whoami/").await;
        assert!(page.cookie("sessionid").unwrap().contains("Max-Age=0"), "{key}");
        assert_eq!(page.header("vary"), "Cookie, origin");
    }
    // Django knows without looking that fewer than eight characters are no key.
    let page = site.with_key("short").get("/plain/").await;
    assert!(page.cookie("sessionid").unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn a_row_past_its_date_is_gone() {
    let site = Site::new();
    let mut alice = site.logged_in("alice").await;
    site.clock.advance(Duration::from_secs(1_209_599));
    assert_eq!(alice.get("/dashboard/").await.status, StatusCode::OK);
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(alice.get("/dashboard/").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn another_user_s_login_begins_an_empty_session() {
    let site = Site::new();
    let mut browser = site.logged_in("alice").await;
    browser.post("/cart/", &json!("alice's")).await;
    let key = browser.session().unwrap().to_owned();
    browser.log_in("bob", PASSWORD).await;
    assert_ne!(browser.session().unwrap(), key);
    assert!(site.row(&key).await.is_none());
    assert_eq!(browser.get("/cart/").await.json(), Value::Null);
    assert_eq!(browser.get("/dashboard/").await.text, "bob");
}

#[tokio::test]
async fn the_same_user_s_login_keeps_the_session() {
    let site = Site::new();
    let mut alice = site.logged_in("alice").await;
    alice.post("/cart/", &json!(7)).await;
    let key = alice.session().unwrap().to_owned();
    alice.log_in("alice", PASSWORD).await;
    assert_eq!(alice.session().unwrap(), key);
    assert_eq!(alice.get("/cart/").await.json(), 7);
}

#[tokio::test]
async fn a_session_of_an_older_secret_key_moves_to_the_current_one() {
    let mut settings = settings();
    settings.secret_key_fallbacks = vec![Secret::new("the old key".to_owned())];
    let site = Site::with(settings);
    let mut alice = site.with_session(&data_of(2, "the old key"), "the old key").await;
    assert_eq!(alice.get("/dashboard/").await.text, "alice");
    let key = alice.session().unwrap();
    assert_ne!(key, KEY);
    assert!(site.row(KEY).await.is_none());
    let row = site.row(key).await.unwrap();
    let current = doorward_django::secret::SecretKeys::new(SecretKey::new(SECRET_KEY));
    let data = doorward_django::sessions::decode(row.data.expose(), &current).unwrap();
    assert_eq!(data, data_of(2, SECRET_KEY));
}

#[tokio::test]
async fn a_session_deleted_meanwhile_is_never_brought_back() {
    let memory = TestDatabase::new();
    let stores = memory.stores();
    let sessions = stores.sessions.clone();
    let site = Site::on(settings(), memory, stores, |router| {
        let handler = move |session: Session| async move {
            session.insert("late", 1).await?;
            let key = session.key().await.unwrap();
            sessions.delete(key.as_str()).await?;
            ok("done")
        };
        router.route("/racing/", get(handler).policy(Policy::open()))
    });
    let mut alice = site.logged_in("alice").await;
    let key = alice.session().unwrap().to_owned();
    let page = alice.get("/racing/").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(
        page.detail()
            .starts_with("The request's session was deleted before the request completed.")
    );
    assert!(page.cookie("sessionid").is_none());
    assert!(site.row(&key).await.is_none());
}

#[tokio::test]
async fn an_answer_that_failed_saves_nothing() {
    let memory = TestDatabase::new();
    let stores = memory.stores();
    let site = Site::on(settings(), memory, stores, |router| {
        let handler = |session: Session| async move {
            session.insert("cart", 1).await?;
            ok(StatusCode::BAD_GATEWAY)
        };
        router.route("/failing/", get(handler).policy(Policy::open()))
    });
    let mut browser = site.browser();
    let page = browser.get("/failing/").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert!(page.cookie("sessionid").is_none());
    assert_eq!(page.header("vary"), "Cookie, origin");
}

#[tokio::test]
async fn sessions_slide_where_every_request_saves() {
    let mut settings = settings();
    settings.session.save_every_request = true;
    settings.session.cookie_age = Period::from_secs(4);
    let site = Site::with(settings);
    let mut alice = site.logged_in("alice").await;
    for _ in 0..3 {
        site.clock.advance(Duration::from_secs(3));
        let page = alice.get("/dashboard/").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.cookie("sessionid").unwrap().contains("Max-Age=4;"));
    }
    site.clock.advance(Duration::from_secs(4));
    assert_eq!(alice.get("/dashboard/").await.status, StatusCode::FORBIDDEN);
    assert!(alice.session().is_none());
    // A key that nobody knows is not turned into a row.
    assert!(
        site.with_key(KEY)
            .get("/plain/")
            .await
            .cookie("sessionid")
            .unwrap()
            .contains("Max-Age=0")
    );
}

#[tokio::test]
async fn the_cookie_is_as_the_settings_say() {
    let mut settings = settings();
    settings.session.cookie_name = "sid".to_owned();
    settings.session.expire_at_browser_close = true;
    settings.session.cookie_secure = true;
    settings.session.cookie_samesite = SameSite::Strict;
    settings.session.cookie_domain = Some("example.com".to_owned());
    settings.session.cookie_path = "/app/".to_owned();
    let site = Site::with(settings);
    let mut alice = site.browser();
    let page = alice.log_in("alice", PASSWORD).await;
    let cookie = page.cookie("sid").unwrap();
    let (_, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(
        attributes,
        "Domain=example.com; HttpOnly; Path=/app/; SameSite=Strict; Secure"
    );
}

#[tokio::test]
async fn a_session_may_say_itself_when_it_ends() {
    for (expiry, attributes, ends) in [
        (SessionExpiry::After(60_000_000), "Max-Age=60", NOW + 60),
        (SessionExpiry::BrowserClose, "", NOW + 1_209_600),
        (
            SessionExpiry::At(Timestamp::from_secs(NOW + 90)),
            "Max-Age=90",
            NOW + 90,
        ),
    ] {
        let memory = TestDatabase::new();
        let stores = memory.stores();
        let site = Site::on(settings(), memory, stores, |router| {
            let handler = move |session: Session| async move {
                session.set_expiry(expiry).await?;
                assert_eq!(session.expiry().await?, expiry);
                ok("done")
            };
            router.route("/expiry/", get(handler).policy(Policy::open()))
        });
        let mut browser = site.browser();
        let page = browser.get("/expiry/").await;
        let cookie = page.cookie("sessionid").unwrap();
        assert_eq!(cookie.contains("Max-Age"), !attributes.is_empty(), "{cookie}");
        assert!(cookie.contains(attributes), "{cookie}");
        let row = site.row(browser.session().unwrap()).await.unwrap();
        assert_eq!(row.expire_date, Timestamp::from_secs(ends));
    }
}

#[tokio::test]
async fn of_two_cookies_the_last_one_counts() {
    let site = Site::new();
    let key = site.logged_in("alice").await.session().unwrap().to_owned();
    for (header, expected) in [
        (
            format!("sessionid=garbage-of-length; sessionid={key}"),
            json!("alice"),
        ),
        (
            format!("sessionid={key}; sessionid=garbage-of-length"),
            Value::Null,
        ),
        (format!(";;=; sessionid = \"{key}\" ;x"), json!("alice")),
    ] {
        let page = site
            .browser()
            .send("GET", "/whoami/", &[("cookie", &header)], "")
            .await;
        assert_eq!(page.json(), expected, "{header}");
    }
}

#[tokio::test]
async fn writers_of_one_session_do_not_fail_each_other() {
    let site = Site::new();
    let alice = site.logged_in("alice").await;
    let writes = (0..16).map(|number| {
        let mut browser = alice.clone();
        async move { browser.post("/cart/", &json!(number)).await.status }
    });
    for status in futures_util::future::join_all(writes).await {
        assert_eq!(status, StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn a_removed_value_is_gone_and_an_absent_one_changes_nothing() {
    let memory = TestDatabase::new();
    let stores = memory.stores();
    let site = Site::on(settings(), memory, stores, |router| {
        let handler = |session: Session| async move {
            let removed = session.remove("cart").await?;
            ok(Json(json!([removed, session.is_empty().await])))
        };
        router.route("/empty/", get(handler).policy(Policy::open()))
    });
    let mut browser = site.browser();
    browser.post("/cart/", &json!("full")).await;
    let page = browser.get("/empty/").await;
    assert_eq!(page.json(), json!(["full", false]));
    assert!(page.cookie("sessionid").is_some());
    let page = browser.get("/empty/").await;
    assert_eq!(page.json(), json!([null, false]));
    assert!(page.cookie("sessionid").is_none());
}

#[tokio::test]
async fn debug_shows_nothing_of_a_session() {
    let memory = TestDatabase::new();
    let stores = memory.stores();
    let site = Site::on(settings(), memory, stores, |router| {
        let handler = |request: RequestContext| async move {
            request
                .context()
                .session()
                .insert("canary", "9f2c-canary")
                .await?;
            let _ = request.context().csrf().token();
            ok(format!(
                "{:?} {:?}",
                request.context().session(),
                request.context().csrf()
            ))
        };
        router.route("/debug/", get(handler).policy(Policy::open()))
    });
    let mut alice = site.logged_in("alice").await;
    let text = alice.get("/debug/").await.text;
    assert_eq!(text, "Session(…) CsrfCookie(…)");
}
