//! Behind a PgBouncer that lends a session for each transaction.

use std::time::Duration;

use doorward_db::{Database, DatabaseError, Opening, PoolSettings, Sql};
use tokio::time::timeout;

use crate::process::{PgBouncer, PostgresProcess};

/// Few connections to the server, so that each transaction gets another one than the last.
const LENT: u8 = 3;
const TASKS: i64 = 24;
const ROUNDS: i64 = 20;

struct Pooled {
    bouncer: PgBouncer,
    server: PostgresProcess,
}

impl Pooled {
    fn start(more: &str) -> Option<Self> {
        let server = PostgresProcess::start()?;
        let bouncer = PgBouncer::start(&server, LENT, more)?;
        Some(Self { bouncer, server })
    }

    async fn open(&self, rest: &str) -> Result<Database, DatabaseError> {
        Database::open(&format!("{}/postgres{rest}", self.bouncer.url())).await
    }

    async fn with_table(&self) -> Database {
        let database = self.open("").await.unwrap();
        let sql = "CREATE TABLE t (id integer PRIMARY KEY, n bigint NOT NULL, name varchar(20))";
        database.execute(sql, []).await.unwrap();
        database
            .execute("INSERT INTO t VALUES (1, 0, 'x')", [])
            .await
            .unwrap();
        database
    }
}

/// A statement of another text for each number, as a program has many.
fn another(number: i64) -> Sql {
    Sql::rendered(format!("SELECT ? + {number}, name FROM t WHERE id = ?"))
}

async fn read_and_write(database: Database, task: i64) {
    for round in 0..ROUNDS {
        let number = task * ROUNDS + round;
        let rows = database
            .fetch_all(another(number), [1_000_000.into(), 1.into()])
            .await
            .unwrap();
        assert_eq!(
            rows[0].read::<i64>(0).unwrap(),
            1_000_000 + number,
            "the answer to another statement"
        );
        let mut transaction = database.transaction().await.unwrap();
        transaction.exclusive(&["n"]).await.unwrap();
        let row = transaction
            .fetch_optional("SELECT n FROM t WHERE id = ?", [1.into()])
            .await
            .unwrap();
        let n: i64 = row.unwrap().read(0).unwrap();
        transaction
            .execute("UPDATE t SET n = ? WHERE id = ?", [(n + 1).into(), 1.into()])
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_gets_its_own_answer() {
    let Some(pooled) = Pooled::start("") else {
        return;
    };
    let database = pooled.with_table().await;
    let other = pooled.open("").await.unwrap();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            tokio::spawn(read_and_write(
                if task % 2 == 0 {
                    database.clone()
                } else {
                    other.clone()
                },
                task,
            ))
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let row = database
        .fetch_optional("SELECT n FROM t", [])
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        row.read::<i64>(0).unwrap(),
        TASKS * ROUNDS,
        "nobody wrote over another"
    );
    nothing_stays(&database).await;
}

/// Each session has nothing prepared but the question itself.
async fn nothing_stays(database: &Database) {
    for _ in 0..10 {
        let rows = database
            .fetch_all("SELECT statement FROM pg_prepared_statements", [])
            .await
            .unwrap();
        let prepared: Vec<String> = rows.iter().map(|row| row.read(0).unwrap()).collect();
        assert_eq!(prepared.len(), 1, "{prepared:?}");
    }
}

#[tokio::test]
async fn who_leaves_in_the_middle_leaves_nothing_behind() {
    let Some(pooled) = Pooled::start("") else {
        return;
    };
    let database = pooled.with_table().await;
    for wait in 0..30 {
        let slow = database.fetch_all("SELECT pg_sleep(0.03), name FROM t WHERE id = ?", [1.into()]);
        let _ = timeout(Duration::from_millis(wait), slow).await;
        let mut transaction = database.transaction().await.unwrap();
        let slow = transaction.execute(
            "UPDATE t SET n = n + 1 FROM pg_sleep(0.03) WHERE id = ?",
            [1.into()],
        );
        let _ = timeout(Duration::from_millis(wait), slow).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let row = database
        .fetch_optional("SELECT n FROM t", [])
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.read::<i64>(0).unwrap(), 0, "nothing was committed");
    nothing_stays(&database).await;
}

#[tokio::test]
async fn what_fails_is_told_as_it_is_without_one() {
    let Some(pooled) = Pooled::start("") else {
        return;
    };
    let database = pooled.with_table().await;
    let twice = database
        .execute("INSERT INTO t VALUES (?, 0, NULL)", [1.into()])
        .await;
    assert!(matches!(twice, Err(DatabaseError::Unique(_))), "{twice:?}");
    let wrong = database.fetch_all("SELECT nothing FROM t", []).await;
    assert!(matches!(wrong, Err(DatabaseError::Statement(_))), "{wrong:?}");
    nothing_stays(&database).await;
    let pool = PoolSettings {
        prepared_statements: Some(false),
        ..PoolSettings::default()
    };
    let url = format!("{}/postgres", pooled.server.url());
    let direct = Database::open_with(&url, Opening::Existing, &pool).await.unwrap();
    assert_eq!(
        direct
            .fetch_all("SELECT 1 FROM t WHERE id = ?", [1.into()])
            .await
            .unwrap()
            .len(),
        1
    );
    nothing_stays(&direct).await;
}

#[tokio::test]
async fn what_the_address_asks_for_and_does_not_get_stops_the_start() {
    for more in ["", "ignore_startup_parameters=options"] {
        let Some(pooled) = Pooled::start(more) else {
            return;
        };
        pooled.open("").await.unwrap();
        let error = pooled
            .open("?options=-c%20search_path%3Dshop")
            .await
            .expect_err(more);
        assert!(error.to_string().contains("ALTER ROLE"), "{more}: {error}");
    }
}
