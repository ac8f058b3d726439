//! A refresh beside what takes tokens back, on a real file: whoever was told that a token is gone never sees a usable
//! one that came after (row 114).
#![cfg(feature = "sqlite")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use axum::body::{Body, to_bytes};
use axum::http::Request;
use doorward::database::Value as Sql;
use doorward::django::secret::Secret;
use doorward::settings::Settings;
use doorward::stores::{Created, NewUser};
use doorward::user::UserRow;
use doorward::{Doorward, accounts, jwt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

const ROUNDS: usize = 40;

struct Site {
    door: Doorward,
    user: UserRow,
    _folder: TempDir,
}

impl Site {
    async fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.secret_key = Secret::new("a-key-for-tests-that-is-long-enough-0123456789".to_owned());
        let path = folder.path().join("site.sqlite3");
        settings.database.url = Secret::new(format!("sqlite://{}", path.display()));
        settings.passwords.hashers = vec!["md5".to_owned()];
        settings.jwt.rotate_refresh_tokens = true;
        settings.jwt.blacklist_after_rotation = true;
        change(&mut settings);
        let door = Doorward::from_settings(settings).await.unwrap();
        door.migrator().apply(door.now()).await.unwrap();
        let user = NewUser {
            username: "alice".to_owned(),
            password: Secret::new("!".to_owned()),
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
            user: UserRow::clone(&user),
            door,
            _folder: folder,
        }
    }

    async fn pair(&self) -> String {
        let user = self
            .door
            .stores()
            .users
            .by_username("alice")
            .await
            .unwrap()
            .unwrap();
        let pair = jwt::pair::obtain(&self.door, &user).await.unwrap();
        pair.refresh.expose().clone()
    }

    async fn post(&self, path: &str, token: &str) -> (u16, Value) {
        let service = self.door.endpoints().into_service().unwrap();
        let request = Request::post(path)
            .header("host", "localhost")
            .header("content-type", "application/json")
            .body(Body::from(json!({ "refresh": token }).to_string()));
        let Ok(answer) = tokio::spawn(service.oneshot(request.unwrap())).await.unwrap();
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    async fn refresh(&self, token: &str) -> Option<String> {
        let (status, body) = self.post("/api/token/refresh/", token).await;
        assert!(status == 200 || status == 401, "{status} {body}");
        (status == 200).then(|| body["refresh"].as_str().unwrap().to_owned())
    }

    async fn activate(&self, is_active: bool) {
        let sql = "UPDATE auth_user SET is_active = ?";
        self.door
            .database()
            .execute(sql, [Sql::from(is_active)])
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_refresh_and_a_blacklisting_one_succeeds() {
    let site = Site::new(|_| {}).await;
    let mut refreshed = 0;
    for round in 0..ROUNDS {
        let token = site.pair().await;
        let refresh = site.refresh(&token);
        let blacklist = site.post("/api/token/blacklist/", &token);
        let (successor, (status, _)) = if round % 2 == 0 {
            tokio::join!(refresh, blacklist)
        } else {
            let (blacklisted, successor) = tokio::join!(blacklist, refresh);
            (successor, blacklisted)
        };
        refreshed += usize::from(successor.is_some());
        assert_ne!(
            successor.is_some(),
            status == 200,
            "either it was rotated or it was taken back"
        );
    }
    assert!(refreshed <= ROUNDS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_a_closed_account_got_is_good() {
    let site = Site::new(|_| {}).await;
    for _ in 0..ROUNDS {
        site.activate(true).await;
        let token = site.pair().await;
        let (successor, ()) = tokio::join!(site.refresh(&token), site.activate(false));
        for token in successor.into_iter().chain([token]) {
            assert_eq!(site.refresh(&token).await, None);
        }
    }
}

async fn passwords(change: impl FnOnce(&mut Settings)) {
    let site = Site::new(change).await;
    for round in 0..ROUNDS {
        let token = site.pair().await;
        let password = Secret::new(format!("a new password, number {round}"));
        let set = accounts::set_password(&site.door, &site.user, &password);
        let (successor, set) = tokio::join!(site.refresh(&token), set);
        set.unwrap();
        for token in successor.into_iter().chain([token]) {
            assert_eq!(site.refresh(&token).await, None, "round {round}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_an_older_password_is_good_where_tokens_tell_it() {
    passwords(|settings| settings.jwt.check_revoke_token = true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_an_older_password_is_good_where_it_revokes() {
    passwords(|settings| settings.jwt.revoke_on_password_change = true).await;
}
