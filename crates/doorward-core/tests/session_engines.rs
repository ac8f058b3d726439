//! Sessions as each engine keeps them (`SESSION_ENGINE`): what a browser sees is the same.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../doorward-auth/tests/browser/mod.rs"]
mod browser;
#[path = "session_engines/cache.rs"]
mod cache;
#[path = "session_engines/hang_up.rs"]
mod hang_up;

use std::sync::Arc;
use std::time::Duration;

use axum::routing::post;
use browser::log::Log;
use browser::{NOW, PASSWORD, Site, settings};
use cache::MemoryCache;
use doorward_core::sessions::Session;
use doorward_core::settings::SessionEngine::{self, Cache, CachedDb, Db, SignedCookies};
use doorward_core::settings::{Period, SessionSerializer, Settings};
use doorward_core::stores::SessionCache;
use doorward_core::{Door, Policy, Result, RouteExt, UserId, sessions};
use doorward_django::secret::Secret;
use doorward_django::sessions::{SESSION_KEY, SessionData, decode_cookie, encode_cookie};
use doorward_django::timestamp::Timestamp;
use doorward_django::{json, pickle};
use doorward_testing::TestDatabase;
use http::StatusCode;
use serde_json::{Value, json};

const ENGINES: [SessionEngine; 4] = [Db, Cache, CachedDb, SignedCookies];
const KEY: &str = "0123456789abcdefghijklmnopqrstuv";

/// A site whose sessions that engine keeps, and its cache.
fn site(engine: SessionEngine) -> (Site, Arc<MemoryCache>) {
    site_with(engine, |_| ())
}

fn site_with(engine: SessionEngine, configure: impl FnOnce(&mut Settings)) -> (Site, Arc<MemoryCache>) {
    let mut settings = settings();
    settings.session.engine = engine;
    settings.redis.url = Some(Secret::new("redis://cache.example".to_owned()));
    configure(&mut settings);
    let cache = Arc::new(MemoryCache::default());
    let given: Arc<dyn SessionCache> = Arc::clone(&cache) as _;
    let memory = TestDatabase::new();
    let stores = memory.stores();
    let meanwhile = Arc::clone(&cache);
    let site = Site::built(
        settings,
        memory,
        stores,
        |builder| builder.give(given),
        |router| {
            let late = post(move |session| changed_while_deleted(session, Arc::clone(&meanwhile)));
            router.route("/cart/deleted-meanwhile/", late.policy(Policy::open()))
        },
    );
    (site, cache)
}

/// What a handler does whose visitor logs out meanwhile.
async fn changed_while_deleted(session: Session, cache: Arc<MemoryCache>) -> Result<StatusCode> {
    session.insert("cart", 7).await?;
    let key = session.key().await.unwrap();
    session.door().stores().sessions.delete(key.as_str()).await?;
    cache.clear();
    Ok(StatusCode::NO_CONTENT)
}

impl Site {
    async fn row(&self, key: &str) -> Option<SessionData> {
        let row = self
            .door
            .stores()
            .sessions
            .load(key, self.door.now())
            .await
            .unwrap();
        row.map(|row| doorward_django::sessions::decode(row.data.expose(), self.door.secret_keys()).unwrap())
    }

    fn with_session(&self, cookie: &str) -> browser::Browser<'_> {
        let mut browser = self.browser();
        browser.cookies.insert("sessionid".to_owned(), cookie.to_owned());
        browser
    }

    /// What a cookie says that is the session itself.
    fn signed(&self, cookie: &str) -> SessionData {
        let age = self.door.settings().session.cookie_age.duration();
        decode_cookie(cookie, age, None, self.door.now(), self.door.secret_keys()).unwrap()
    }

    fn sign(&self, data: &SessionData) -> String {
        encode_cookie(data, self.door.now(), &self.door.secret_keys().current)
    }
}

#[tokio::test]
async fn a_login_opens_a_session_and_a_logout_ends_it() {
    for engine in ENGINES {
        let (site, _) = site(engine);
        let mut alice = site.logged_in("alice").await;
        assert_eq!(alice.get("/whoami/").await.json(), json!("alice"), "{engine:?}");
        let user = site
            .door
            .stores()
            .users
            .by_id(&UserId::Int(2))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(user.last_login, Some(site.door.now()), "{engine:?}");
        let answer = alice.post("/api-auth/logout/", &json!({})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{engine:?}");
        assert_eq!(alice.session(), None, "{engine:?}");
        assert_eq!(alice.get("/whoami/").await.json(), Value::Null, "{engine:?}");
    }
}

#[tokio::test]
async fn after_a_logout_a_copied_key_is_worth_nothing_but_where_nothing_is_kept() {
    for engine in ENGINES {
        let (site, _) = site(engine);
        let mut alice = site.logged_in("alice").await;
        let mut copy = alice.clone();
        alice.post("/api-auth/logout/", &json!({})).await;
        let still = match engine {
            SignedCookies => json!("alice"),
            _ => Value::Null,
        };
        assert_eq!(copy.get("/whoami/").await.json(), still, "{engine:?}");
    }
}

#[tokio::test]
async fn a_new_password_ends_every_session() {
    for engine in ENGINES {
        let (site, _) = site(engine);
        let mut alice = site.logged_in("alice").await;
        let encoded = Secret::new(browser::encoded("looking-glass-43"));
        site.door
            .stores()
            .users
            .set_password(&UserId::Int(2), encoded)
            .await
            .unwrap();
        assert_eq!(alice.get("/whoami/").await.json(), Value::Null, "{engine:?}");
        assert_eq!(alice.session(), None, "{engine:?}");
    }
}

#[tokio::test]
async fn a_visitor_s_session_survives_the_login_and_its_key_does_not() {
    for engine in ENGINES {
        let (site, _) = site(engine);
        let mut visitor = site.browser();
        visitor.post("/cart/", &json!({"a": [1, 2.5, null, "é"]})).await;
        let before = visitor.session().unwrap().to_owned();
        visitor.log_in("alice", PASSWORD).await;
        assert_ne!(visitor.session().unwrap(), before, "{engine:?}");
        assert_eq!(
            visitor.get("/cart/").await.json(),
            json!({"a": [1, 2.5, null, "é"]}),
            "{engine:?}"
        );
        assert_eq!(
            site.with_session(&before).get("/whoami/").await.json(),
            Value::Null,
            "{engine:?}"
        );
    }
}

#[tokio::test]
async fn another_user_s_session_is_begun_anew() {
    for engine in ENGINES {
        let (site, _) = site(engine);
        let mut browser = site.logged_in("alice").await;
        browser.post("/cart/", &json!(7)).await;
        let before = browser.session().unwrap().to_owned();
        browser.log_in("bob", PASSWORD).await;
        assert_eq!(browser.get("/whoami/").await.json(), json!("bob"), "{engine:?}");
        assert_eq!(browser.get("/cart/").await.json(), Value::Null, "{engine:?}");
        let old = site.with_session(&before).get("/whoami/").await.json();
        assert_eq!(old.is_null(), engine != SignedCookies, "{engine:?}");
    }
}

#[tokio::test]
async fn a_key_that_somebody_planted_is_never_used() {
    for engine in ENGINES {
        let (site, _) = site(engine);
        let mut victim = site.with_session(KEY);
        victim.log_in("alice", PASSWORD).await;
        assert_ne!(victim.session(), Some(KEY), "{engine:?}");
        assert_eq!(
            site.with_session(KEY).get("/whoami/").await.json(),
            Value::Null,
            "{engine:?}"
        );
    }
}

#[tokio::test]
async fn a_session_ends_with_its_age() {
    for engine in [Db, CachedDb, SignedCookies] {
        let (site, cache) = site(engine);
        let mut alice = site.logged_in("alice").await;
        // As a cache does by itself.
        cache.clear();
        site.clock.advance(Duration::from_secs(1_209_601));
        assert_eq!(alice.get("/whoami/").await.json(), Value::Null, "{engine:?}");
    }
}

#[tokio::test]
async fn a_session_that_is_deleted_meanwhile_is_not_brought_back() {
    for engine in [Db, Cache, CachedDb] {
        let (site, cache) = site(engine);
        let alice = site.logged_in("alice").await;
        let stored = alice.session().unwrap().to_owned();
        let mut slow = alice.clone();
        let answer = slow.post("/cart/deleted-meanwhile/", &json!(7)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{engine:?}");
        assert!(site.row(&stored).await.is_none(), "{engine:?}");
        assert!(cache.is_empty(), "{engine:?}");
    }
}

#[tokio::test]
async fn expired_sessions_are_deleted_where_there_is_a_table() {
    for (engine, deleted) in [(Db, 1), (CachedDb, 1), (Cache, 0), (SignedCookies, 0)] {
        let (site, _) = site(engine);
        let _alice = site.logged_in("alice").await;
        let later = Timestamp::from_secs(NOW + 1_209_601);
        let done = sessions::delete_expired(&site.door, later, 100).await.unwrap();
        assert_eq!(done, deleted, "{engine:?}");
    }
}

mod signed_cookies {
    use super::*;

    #[tokio::test]
    async fn the_cookie_is_the_session_and_nothing_is_kept() {
        let (site, cache) = site(SignedCookies);
        let alice = site.logged_in("alice").await;
        let cookie = alice.session().unwrap();
        assert_eq!(site.signed(cookie)[SESSION_KEY], "2");
        assert!(cache.is_empty());
        let rows = site
            .door
            .stores()
            .sessions
            .delete_expired(Timestamp::from_secs(i64::from(u32::MAX)), 10);
        assert_eq!(rows.await.unwrap(), 0);
    }

    #[tokio::test]
    async fn unknown_members_are_kept_as_they_are() {
        let (site, _) = site(SignedCookies);
        let text = r#"{"theirs": {"a": [1.50, 18446744073709551616, null]}, "cart": 1}"#;
        let data = json::loads(text).unwrap().as_object().unwrap().clone();
        let mut browser = site.with_session(&site.sign(&data));
        browser.post("/cart/", &json!(2)).await;
        let written = site.signed(browser.session().unwrap());
        assert_eq!(written["theirs"], data["theirs"]);
        assert_eq!(written["cart"], 2);
    }

    #[tokio::test]
    async fn a_cookie_of_nobody_s_is_taken_away() {
        let (site, _) = site(SignedCookies);
        let other = doorward_django::secret::SecretKey::new("another key");
        let data = SessionData::from_iter([("cart", 7)]);
        for cookie in [
            encode_cookie(&data, site.door.now(), &other),
            "x".repeat(5000),
            "a:b:c:d:e".to_owned(),
        ] {
            let mut browser = site.with_session(&cookie);
            assert_eq!(browser.get("/cart/").await.json(), Value::Null);
            assert_eq!(browser.session(), None, "{cookie}");
        }
    }

    #[tokio::test]
    async fn saving_every_request_signs_it_anew() {
        let (site, _) = site_with(SignedCookies, |settings| {
            settings.session.save_every_request = true;
        });
        let mut alice = site.logged_in("alice").await;
        for _ in 0..3 {
            site.clock.advance(Duration::from_secs(1_000_000));
            assert_eq!(alice.get("/whoami/").await.json(), json!("alice"));
        }
    }

    #[tokio::test]
    async fn a_session_that_no_browser_keeps_is_an_error() {
        let log = Log::start();
        let (site, _) = site(SignedCookies);
        let mut visitor = site.browser();
        let mut state = 1_u64;
        let mut letter = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(b'a' + (state >> 33) as u8 % 26)
        };
        let noise: String = (0..8000).map(|_| letter()).collect();
        let answer = visitor.post("/cart/", &json!(noise)).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(visitor.session(), None);
        assert!(
            log.lines()
                .join("\n")
                .contains("the session is too long for the cookie `sessionid`")
        );
    }

    #[tokio::test]
    async fn an_age_of_its_own_ends_it() {
        let (site, _) = site_with(SignedCookies, |settings| {
            settings.session.cookie_age = Period::from_secs(1000);
        });
        let data = SessionData::from_iter([("cart", 7), ("_session_expiry", 60)]);
        let mut browser = site.with_session(&site.sign(&data));
        assert_eq!(browser.get("/cart/").await.json(), json!(7));
        site.clock.advance(Duration::from_secs(61));
        assert_eq!(browser.get("/cart/").await.json(), Value::Null);
    }
}

mod in_a_cache {
    use super::*;

    /// Where Django looks for the session of that key.
    fn name(engine: SessionEngine, key: &str) -> String {
        match engine {
            Cache => format!(":1:django.contrib.sessions.cache{key}"),
            _ => format!(":1:django.contrib.sessions.cached_db{key}"),
        }
    }

    #[tokio::test]
    async fn a_login_leaves_what_django_looks_for() {
        for engine in [Cache, CachedDb] {
            let (site, cache) = site(engine);
            let alice = site.logged_in("alice").await;
            let key = alice.session().unwrap();
            let (kept, lifetime) = cache.entry(&name(engine, key)).unwrap();
            assert_eq!(pickle::loads(&kept).unwrap()[SESSION_KEY], "2", "{engine:?}");
            assert_eq!(lifetime, Duration::from_secs(1_209_600), "{engine:?}");
            assert_eq!(site.row(key).await.is_some(), engine == CachedDb);
        }
    }

    #[tokio::test]
    async fn the_settings_say_how_it_is_named_and_written() {
        let (site, cache) = site_with(Cache, |settings| {
            let cache = &mut settings.session.cache;
            cache.key_prefix = "shop".to_owned();
            cache.version = 3;
            cache.serializer = SessionSerializer::Json;
        });
        let alice = site.logged_in("alice").await;
        let name = format!("shop:3:django.contrib.sessions.cache{}", alice.session().unwrap());
        let (kept, _) = cache.entry(&name).unwrap();
        assert_eq!(
            json::loads(str::from_utf8(&kept).unwrap()).unwrap()[SESSION_KEY],
            "2"
        );
    }

    #[tokio::test]
    async fn a_session_that_only_django_reads_is_left_alone() {
        let (site, cache) = site(Cache);
        let log = Log::start();
        let foreign =
            b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00}\x8c\x01a\x8c\x08datetime\x8c\x08datetime\x93)Rs.";
        cache.put(&name(Cache, KEY), foreign);
        let mut visitor = site.with_session(KEY);
        assert_eq!(visitor.get("/cart/").await.json(), Value::Null);
        assert_eq!(visitor.session(), Some(KEY));
        let warnings = log.warnings();
        assert!(
            warnings.len() == 1 && warnings.join("").contains("`datetime.datetime`"),
            "{warnings:?}"
        );
        visitor.post("/cart/", &json!(7)).await;
        assert_ne!(visitor.session(), Some(KEY));
        assert_eq!(cache.entry(&name(Cache, KEY)).unwrap().0, foreign);
    }

    #[tokio::test]
    async fn the_table_stands_in_for_what_the_cache_lost() {
        let (site, cache) = site(CachedDb);
        let mut alice = site.logged_in("alice").await;
        let name = name(CachedDb, alice.session().unwrap());
        for lost in [None, Some(b"garbage")] {
            cache.clear();
            if let Some(lost) = lost {
                cache.put(&name, lost);
            }
            assert_eq!(alice.get("/whoami/").await.json(), json!("alice"), "{lost:?}");
        }
        cache.clear();
        site.clock.advance(Duration::from_secs(600));
        alice.get("/whoami/").await;
        assert_eq!(cache.entry(&name).unwrap().1, Duration::from_secs(1_209_000));
    }

    #[tokio::test]
    async fn the_cache_is_asked_before_the_table() {
        let (site, cache) = site(CachedDb);
        let alice = site.logged_in("alice").await;
        let key = alice.session().unwrap();
        let data = json::loads("{\"cart\": \"of the cache\"}").unwrap();
        cache.put(&name(CachedDb, key), &pickle::dumps(&data));
        assert_eq!(
            site.with_session(key).get("/cart/").await.json(),
            json!("of the cache")
        );
    }

    #[tokio::test]
    async fn where_the_cache_is_away_nobody_is_logged_out() {
        let (site, cache) = site(Cache);
        let mut alice = site.logged_in("alice").await;
        cache.is_away(true);
        assert_eq!(
            alice.get("/whoami/").await.status,
            StatusCode::SERVICE_UNAVAILABLE
        );
        let mut visitor = site.browser();
        let refused = visitor.log_in("bob", PASSWORD).await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        let bob = site
            .door
            .stores()
            .users
            .by_id(&UserId::Int(3))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(bob.last_login, None);
        cache.is_away(false);
        assert_eq!(alice.get("/whoami/").await.json(), json!("alice"));
    }

    #[tokio::test]
    async fn where_the_cache_is_away_the_table_is_asked() {
        let (site, cache) = site(CachedDb);
        let mut alice = site.logged_in("alice").await;
        cache.is_away(true);
        assert_eq!(alice.get("/whoami/").await.json(), json!("alice"));
        assert_eq!(
            site.logged_in("bob").await.get("/whoami/").await.json(),
            json!("bob")
        );
        // The cache may know her still.
        let answer = alice.post("/api-auth/logout/", &json!({})).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        cache.is_away(false);
        alice.post("/api-auth/logout/", &json!({})).await;
        assert_eq!(alice.get("/whoami/").await.json(), Value::Null);
    }

    #[tokio::test]
    async fn an_engine_without_its_cache_stops_the_start() {
        for engine in [Cache, CachedDb] {
            let mut settings = settings();
            settings.session.engine = engine;
            let refused = settings.clone().resolve().unwrap_err().to_string();
            assert!(refused.contains("session.engine"), "{refused}");
            settings.redis.url = Some(Secret::new("redis://cache.example".to_owned()));
            let door = Door::new(settings, TestDatabase::new().stores());
            let refused = door.unwrap_err().to_string();
            assert!(refused.contains("session.engine"), "{refused}");
        }
    }
}
