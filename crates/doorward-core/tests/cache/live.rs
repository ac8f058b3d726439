//! With a change feed, on the machine's own clock.

use std::time::Duration;

use doorward_auth::accounts::{NewAccount, create_user};
use doorward_core::Door;
use doorward_core::settings::{FeedUse, Period, Settings};
use doorward_core::user::User;
use doorward_django::secret::Secret;
use doorward_testing::{TestClient, TestDatabase, TestSite, TestUser, test_settings};
use tokio::time::{Instant, sleep};

use crate::counted::{self, LookUps};

const BOUND: Duration = Duration::from_millis(200);

struct Live {
    door: Door,
    database: TestDatabase,
    look_ups: LookUps,
    alice: TestUser,
    site: TestSite,
}

impl Live {
    async fn new() -> Self {
        let mut settings = Settings::default();
        settings.cache.max_staleness = Period::from_millis(200);
        settings.cache.feed = FeedUse::On;
        let (database, look_ups) = (TestDatabase::new(), LookUps::default());
        let stores = counted::stores(database.stores(), &look_ups);
        let builder = Door::builder(test_settings(settings), stores).database(database.database());
        let door = builder.build().unwrap();
        let password = "correct horse battery".to_owned();
        let account = NewAccount {
            username: "alice".to_owned(),
            password: Some(Secret::new(password.clone())),
            ..NewAccount::default()
        };
        let alice = TestUser::known(&create_user(&door, account).await.unwrap(), &password);
        let me = async |user: User| user.username().to_owned();
        let site = TestSite::new(&door, door.router().route("/me/", axum::routing::get(me)));
        Self {
            door,
            database,
            look_ups,
            alice,
            site,
        }
    }

    /// Asks until the feed is live, and what is asked for has been read since.
    async fn warm(&self, client: &TestClient) {
        let begun = Instant::now();
        let feed = || self.door.principals().status().unwrap().confirmed_age;
        client.get("/me/").await.assert_status(200);
        while feed().is_none() {
            assert!(
                begun.elapsed() < Duration::from_secs(10),
                "the feed does not come up"
            );
            sleep(Duration::from_millis(5)).await;
        }
        client.get("/me/").await.assert_status(200);
        self.look_ups.take();
    }
}

#[tokio::test]
async fn no_request_asks_the_database_while_nothing_changes() {
    let live = Live::new().await;
    let clients = [
        live.site.token(&live.alice).await,
        live.site.jwt(&live.alice).await,
        live.site.session(&live.alice).await,
    ];
    for client in &clients {
        live.warm(client).await;
    }
    let begun = Instant::now();
    while begun.elapsed() < 5 * BOUND {
        for client in &clients {
            client.get("/me/").await.assert_status(200);
        }
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(live.look_ups.take(), 0, "{:?}", live.door.principals().status());
}

#[tokio::test]
async fn what_another_writes_is_seen_within_the_bound() {
    let live = Live::new().await;
    let client = live.site.token(&live.alice).await;
    live.warm(&client).await;
    live.database
        .change_user(live.alice.id(), |row| row.is_active = false);
    let committed = Instant::now();
    while client.get("/me/").await.status().as_u16() == 200 {
        assert!(committed.elapsed() < BOUND, "it is seen too late");
        sleep(Duration::from_millis(1)).await;
    }
    assert!(live.look_ups.take() <= 2);
}
