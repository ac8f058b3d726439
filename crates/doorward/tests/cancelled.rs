//! Handlers that are dropped wherever they wait, as `server.handler_timeout` and clients that hang up do, on a real file:
//! nobody else is kept from writing, and nothing is written by halves.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use doorward::database::Database;
use doorward::django::secret::Secret;
use doorward::django::sessions::{self, SessionData};
use doorward::settings::Settings;
use doorward::stores::{Created, NewUser, SessionRow};
use doorward::user::UserRow;
use doorward::{Doorward, accounts, jwt};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::timeout;
use tower::ServiceExt;

const PASSWORD: &str = "correct horse battery";
const CSRF: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// The key of a session that a stranger made and planted.
const PLANTED: &str = "plantedplantedplantedplantedplan";
/// More awaits than any handler has.
const ENOUGH: usize = 400;

/// When a future is dropped: after as many polls, at once or when it would be polled again.
#[derive(Clone, Copy, Debug)]
enum Dropped {
    AtOnce(usize),
    WhenWoken(usize),
}

/// What `work` gives, unless it is dropped before.
async fn unless<T>(dropped: Dropped, work: impl Future<Output = T>) -> Option<T> {
    let mut work = Box::pin(work);
    let mut polls = 0;
    poll_fn(move |cx| {
        if matches!(dropped, Dropped::WhenWoken(most) if polls == most) {
            return Poll::Ready(None);
        }
        polls += 1;
        match (work.as_mut().poll(cx), dropped) {
            (Poll::Ready(done), _) => Poll::Ready(Some(done)),
            (Poll::Pending, Dropped::AtOnce(most)) if polls > most => Poll::Ready(None),
            (Poll::Pending, _) => Poll::Pending,
        }
    })
    .await
}

struct Site {
    door: Doorward,
    /// Connections of its own to the same file, as another process has them.
    other: Database,
    user: UserRow,
    _folder: TempDir,
}

impl Site {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("site.sqlite3").display());
        let door = Doorward::from_settings(settings(&url)).await.unwrap();
        door.migrator().apply(door.now()).await.unwrap();
        let password = Secret::new(PASSWORD.to_owned());
        let user = NewUser {
            username: "alice".to_owned(),
            password: door.passwords().make(&password, door.random()).await.unwrap(),
            email: String::new(),
            is_staff: false,
            is_superuser: false,
            date_joined: door.now(),
            further: Vec::new(),
        };
        let Created::User(user) = door.stores().users.create(user).await.unwrap() else {
            panic!("the database is new");
        };
        Self {
            other: Database::open(&url).await.unwrap(),
            user: UserRow::clone(&user),
            door,
            _folder: folder,
        }
    }

    async fn ask(&self, request: Request) -> Response {
        let Ok(answer) = self
            .door
            .endpoints()
            .into_service()
            .unwrap()
            .oneshot(request)
            .await;
        answer
    }

    async fn status(&self, request: Request) -> u16 {
        self.ask(request).await.status().as_u16()
    }

    async fn body(&self, request: Request) -> String {
        let body = self.ask(request).await.into_body();
        String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap()
    }

    /// Another process can write, and need not wait.
    async fn is_free(&self, dropped: Dropped) {
        let write = self.other.execute("UPDATE auth_user SET first_name = 'x'", []);
        let write = timeout(Duration::from_secs(1), write).await;
        write
            .unwrap_or_else(|_| panic!("the file is locked: {dropped:?}"))
            .unwrap();
    }

    async fn count(&self, table: &str) -> i64 {
        let sql = doorward::database::Sql::rendered(format!("SELECT count(*) FROM {table}"));
        let row = self.other.fetch_optional(sql, []).await.unwrap().unwrap();
        row.read(0).unwrap()
    }
}

fn settings(url: &str) -> Settings {
    let mut settings = Settings::default();
    settings.cache.max_staleness = doorward::settings::Period::from_secs(0);
    settings.secret_key = Secret::new("a-key-for-tests-that-is-long-enough-0123456789".to_owned());
    settings.database.url = Secret::new(url.to_owned());
    settings.passwords.hashers = vec!["md5".to_owned()];
    settings.passwords.revoke_tokens_on_change = true;
    settings.jwt.rotate_refresh_tokens = true;
    settings.jwt.blacklist_after_rotation = true;
    settings.jwt.revoke_on_password_change = true;
    settings.jwt.update_last_login = true;
    settings
}

fn post(path: &str, body: &serde_json::Value) -> Request {
    Request::post(path)
        .header("host", "localhost")
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

fn login() -> Request {
    let mut request = post(
        "/api-auth/login/",
        &json!({ "username": "alice", "password": PASSWORD }),
    );
    let cookies = format!("csrftoken={CSRF}; sessionid={PLANTED}");
    request.headers_mut().insert("cookie", cookies.parse().unwrap());
    request.headers_mut().insert("x-csrftoken", CSRF.parse().unwrap());
    request
}

fn profile(session: &str) -> Request {
    Request::get("/api/profile/")
        .header("host", "localhost")
        .header("cookie", format!("sessionid={session}"))
        .body(Body::empty())
        .unwrap()
}

/// Runs `round` with ever later drops, both ways, until it is told that nothing was left to drop.
async fn at_every_await(site: &Site, mut round: impl AsyncFnMut(Dropped) -> bool) {
    for kind in [Dropped::AtOnce as fn(usize) -> Dropped, Dropped::WhenWoken] {
        let mut ended = false;
        for polls in 0..ENOUGH {
            ended = round(kind(polls)).await;
            site.is_free(kind(polls)).await;
            if ended {
                assert!(polls > 0, "nothing was ever waited for");
                break;
            }
        }
        assert!(ended, "it never ended");
    }
}

/// Whoever knows the session's old key is never logged in (session fixation).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_leaves_no_planted_session_behind() {
    let site = Site::new().await;
    at_every_await(&site, async |dropped| {
        let now = site.door.now();
        let row = SessionRow {
            key: Secret::new(PLANTED.to_owned()),
            data: Secret::new(sessions::encode(
                &SessionData::new(),
                now,
                &site.door.secret_keys().current,
            )),
            expire_date: now.saturating_add(Duration::from_secs(3600)),
        };
        let sessions = &site.door.stores().sessions;
        sessions.delete(PLANTED).await.unwrap();
        assert!(sessions.create(row).await.unwrap());
        let answer = unless(dropped, site.status(login())).await;
        assert!(answer.is_none_or(|status| status == 200), "{answer:?}");
        assert_eq!(site.status(profile(PLANTED)).await, 401, "{dropped:?}");
        answer.is_some()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pair_is_obtained_or_not() {
    let site = Site::new().await;
    at_every_await(&site, async |dropped| {
        let credentials = json!({ "username": "alice", "password": PASSWORD });
        let answer = unless(dropped, site.status(post("/api/token/", &credentials))).await;
        assert!(answer.is_none_or(|status| status == 200), "{answer:?}");
        answer.is_some()
    })
    .await;
}

/// For each token that was rotated there is a successor, and for no other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_rotated_whole_or_not_at_all() {
    let site = Site::new().await;
    let mut pairs = 0;
    at_every_await(&site, async |dropped| {
        let pair = jwt::pair::obtain(&site.door, &site.user).await.unwrap();
        pairs += 1;
        let refresh = json!({ "refresh": pair.refresh.expose() });
        let answer = unless(dropped, site.status(post("/api/token/refresh/", &refresh))).await;
        assert!(answer.is_none_or(|status| status == 200), "{answer:?}");
        // A write that was begun is done when somebody else can write.
        site.is_free(dropped).await;
        let outstanding = site.count("token_blacklist_outstandingtoken").await;
        let blacklisted = site.count("token_blacklist_blacklistedtoken").await;
        assert_eq!(outstanding - blacklisted, pairs, "{dropped:?}");
        answer.is_some()
    })
    .await;
}

/// Once a new password is written, the old tokens go, though its client has hung up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_takes_the_old_tokens_with_it() {
    let site = Site::new().await;
    let mut number = 0;
    at_every_await(&site, async |dropped| {
        number += 1;
        let users = &site.door.stores().users;
        let user = users.by_id(&site.user.id).await.unwrap().unwrap();
        accounts::obtain_auth_token(&site.door, &user).await.unwrap();
        // What an earlier round had begun may have written its password until the token was there.
        let user = users.by_id(&site.user.id).await.unwrap().unwrap();
        let password = Secret::new(format!("a new password, number {number}"));
        let set = unless(dropped, accounts::set_password(&site.door, &user, &password)).await;
        for _ in 0..200 {
            let now = users.by_id(&user.id).await.unwrap().unwrap();
            let is_old = now.password.expose() == user.password.expose();
            if is_old || site.count("authtoken_token").await == 0 {
                return set.is_some();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the password is new and the token still there: {dropped:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opaque_tokens_and_revocations_lock_nobody_out() {
    let site = Site::new().await;
    let credentials = json!({ "username": "alice", "password": PASSWORD });
    at_every_await(&site, async |dropped| {
        let ask = site.body(post("/api-token-auth/", &credentials));
        unless(dropped, ask).await.is_some()
    })
    .await;
    at_every_await(&site, async |dropped| {
        let pair = jwt::pair::obtain(&site.door, &site.user).await.unwrap();
        let refresh = json!({ "refresh": pair.refresh.expose() });
        let ask = site.status(post("/api/token/blacklist/", &refresh));
        unless(dropped, ask).await.is_some()
    })
    .await;
    at_every_await(&site, async |dropped| {
        let revoke = jwt::revocation::revoke_all(&site.door, &site.user.id);
        unless(dropped, revoke).await.is_some()
    })
    .await;
}
