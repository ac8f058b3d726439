//! A fresh database of each kind, and stores on it.

use std::future::Future;

use doorward_auth::lockout::LoginAttempts;
use doorward_db::migrations::Migrator;
use doorward_db::{Database, Schema};
use doorward_django::timestamp::Timestamp;
use doorward_testing::FreshDatabase;

/// A fresh database, and stores on it.
pub(crate) struct Bench {
    pub(crate) database: Database,
    pub(crate) stores: LoginAttempts,
    /// Stores on the same database over connections of their own, as another process has them.
    pub(crate) others: LoginAttempts,
    /// What is thrown away in the end.
    fresh: Option<FreshDatabase>,
}

impl Bench {
    pub(crate) async fn end(self) {
        self.database.close().await;
        if let Some(fresh) = self.fresh {
            fresh.end().await;
        }
    }

    /// Runs `work` in 64 tasks at once, half of them on the other stores.
    pub(crate) async fn crowd<T, F>(&self, work: impl Fn(LoginAttempts, usize) -> F) -> Vec<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let stores = |number| {
            if number % 2 == 0 {
                self.stores.clone()
            } else {
                self.others.clone()
            }
        };
        let tasks: Vec<_> = (0..64)
            .map(|number| tokio::spawn(work(stores(number), number)))
            .collect();
        let mut results = Vec::new();
        for task in tasks {
            results.push(task.await.expect("the task ended"));
        }
        results
    }
}

async fn migrate(database: &Database) {
    let migrator = Migrator::new(database, &Schema::default());
    let apps = doorward_auth::apps().tables().into_iter();
    let migrator = apps.fold(migrator, Migrator::app);
    migrator.apply(at(0)).await.expect("migrated");
    assert!(migrator.is_current().await.expect("read"));
}

pub(crate) async fn sqlite() -> Option<Bench> {
    Some(on(FreshDatabase::sqlite()).await)
}

/// As Django makes a file.
pub(crate) async fn sqlite_with_journal() -> Option<Bench> {
    let bench = on(FreshDatabase::sqlite_with_journal().await).await;
    let mode = bench.database.fetch_optional("PRAGMA journal_mode", []).await;
    let mode: String = mode.expect("a mode").expect("a row").read(0).expect("a text");
    assert_eq!(mode, "delete");
    Some(bench)
}

/// A database of its own on the server that `POSTGRES_FOR_TESTS` names; `None` where there is no such server.
#[expect(clippy::disallowed_methods, reason = "how a test is told something")]
pub(crate) async fn postgres() -> Option<Bench> {
    let server = std::env::var("POSTGRES_FOR_TESTS").ok()?;
    Some(on(FreshDatabase::postgres(&server).await).await)
}

/// The same on the server that `MARIADB_FOR_TESTS` names.
#[expect(clippy::disallowed_methods, reason = "how a test is told something")]
pub(crate) async fn mariadb() -> Option<Bench> {
    let server = std::env::var("MARIADB_FOR_TESTS").ok()?;
    Some(on(FreshDatabase::mariadb(&server).await).await)
}

async fn on(fresh: FreshDatabase) -> Bench {
    let database = Database::open(fresh.url()).await.expect("opened");
    migrate(&database).await;
    let other = Database::open(fresh.url()).await.expect("opened again");
    Bench {
        stores: LoginAttempts::on(&database),
        others: LoginAttempts::on(&other),
        database,
        fresh: Some(fresh),
    }
}

pub(crate) async fn memory() -> Option<Bench> {
    let database = Database::open("sqlite::memory:").await.expect("opened");
    migrate(&database).await;
    let stores = LoginAttempts::on(&database);
    let others = stores.clone();
    Some(Bench {
        database,
        stores,
        others,
        fresh: None,
    })
}

/// A moment with a fraction.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000 + 250)
}
