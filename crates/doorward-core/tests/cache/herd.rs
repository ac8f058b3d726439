//! More who come at once than the database answers.

use std::sync::Arc;

use doorward_core::settings::{Period, Settings};
use doorward_core::stores::{AuthToken, AuthTokenStore, StoreAnswer, Stores};
use doorward_core::user::{UserId, UserRow};
use doorward_core::{Answer, Door};
use doorward_db::Sql;
use doorward_testing::{TestDatabase, TestSite, test_settings};
use futures_util::stream::{self, FuturesUnordered, StreamExt};

use crate::site::routes;

/// A store that never answers.
#[derive(Debug)]
struct Stuck;

impl AuthTokenStore for Stuck {
    fn by_key<'a>(&'a self, _: &'a str) -> StoreAnswer<'a, Option<(Arc<AuthToken>, Arc<UserRow>)>> {
        Answer::pending(std::future::pending())
    }

    fn get_or_create(&self, new: AuthToken) -> StoreAnswer<'_, AuthToken> {
        Answer::ready(Ok(new))
    }

    fn renew<'a>(&'a self, _: &'a AuthToken, new: AuthToken) -> StoreAnswer<'a, AuthToken> {
        Answer::ready(Ok(new))
    }

    fn replace(&self, _: AuthToken) -> StoreAnswer<'_, ()> {
        Answer::ready(Ok(()))
    }

    fn delete<'a>(&'a self, _: &'a UserId) -> StoreAnswer<'a, bool> {
        Answer::ready(Ok(false))
    }
}

/// How many are looked up or wait to be, at most: `cache/misses.rs`, `cache/batches.rs`.
const ROOM: usize = 256 + 16_384;
const TOO_MANY: usize = 100;

#[tokio::test]
async fn too_many_at_once_are_told_to_come_again_and_none_that_it_is_nobody() {
    let database = TestDatabase::new();
    let stores = Stores {
        auth_tokens: Arc::new(Stuck),
        ..database.stores()
    };
    let door = Door::builder(test_settings(Settings::default()), stores)
        .build()
        .unwrap();
    let site = TestSite::new(&door, routes(&door));
    let clients: Vec<_> = (0..ROOM + TOO_MANY)
        .map(|number| site.authorization(&format!("Token {number:040x}")))
        .collect();
    let requests = clients
        .iter()
        .map(|client| async move { client.get("/me/").await });
    let mut requests: FuturesUnordered<_> = requests.collect();
    for _ in 0..TOO_MANY {
        let answer = requests.next().await.unwrap();
        answer.assert_status(503);
        assert!(answer.header("retry-after").is_some());
    }
    let status = door.principals().status().unwrap();
    assert!(
        status.refused >= TOO_MANY && status.waiting <= 16_384,
        "{status:?}"
    );
    drop(requests);
    assert_eq!(door.principals().status().unwrap().waiting, 0);
}

#[tokio::test]
async fn ten_thousand_cold_tokens_cost_one_look_up_each_at_most() {
    const HERD: usize = 10_000;
    let database = TestDatabase::new();
    let mut settings = Settings::default();
    settings.cache.max_staleness = Period::from_secs(3600);
    settings.cache.max_age = Period::from_secs(3600);
    let door = Door::builder(test_settings(settings), database.stores())
        .build()
        .unwrap();
    fill(&database, HERD).await;
    let site = TestSite::new(&door, routes(&door));
    let clients: Vec<_> = (0..2 * HERD)
        .map(|number| site.authorization(&format!("Token {:040x}", number % HERD)))
        .collect();
    let before = database.database().statements().asked;
    // Not all in one moment: a busy machine would not come round to the first of them before they have waited too long.
    let requests = clients
        .iter()
        .map(|client| async move { client.get("/me/").await.status().as_u16() });
    let answers: Vec<_> = stream::iter(requests).buffer_unordered(1_000).collect().await;
    assert!(answers.iter().all(|status| *status == 200));
    let statements = database.database().statements().asked - before;
    let tokens = door.principals().status().unwrap().kinds;
    let tokens = tokens.iter().find(|kind| kind.kind == "token").unwrap();
    assert_eq!(
        (tokens.misses, tokens.fills),
        (10_000, 10_000),
        "of twenty thousand requests"
    );
    // How many share a statement depends on how fast the database answers.
    assert!(statements <= HERD as u64, "{statements}");
}

async fn fill(database: &TestDatabase, count: usize) {
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)";
    let users = "INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, \
                 is_active, date_joined) SELECT 1000 + i, '!', 0, 'user' || i, '', '', '', 0, 1, '2020-01-01 00:00:00' FROM n";
    let tokens = "INSERT INTO authtoken_token (\"key\", created, user_id) SELECT printf('%040x', i), '2020-01-01 00:00:00', \
                  1000 + i FROM n";
    for insert in [users, tokens] {
        let sql = Sql::rendered(format!("{numbers} {insert}"));
        let count = i64::try_from(count).unwrap();
        database.database().execute(sql, [count.into()]).await.unwrap();
    }
}
