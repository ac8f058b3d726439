//! A fresh database of each kind, and stores on it.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use doorward_auth::lockout::LoginAttempts;
use doorward_db::migrations::Migrator;
use doorward_db::{Database, Schema, Sql};
use doorward_django::timestamp::Timestamp;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

/// A fresh database, and stores on it.
pub(crate) struct Bench {
    pub(crate) database: Database,
    pub(crate) stores: LoginAttempts,
    /// Stores on the same database over connections of their own, as another process has them.
    pub(crate) others: LoginAttempts,
}

/// What a bench stands on, and what is done with it in the end.
pub(crate) enum Keep {
    Nothing,
    Folder(TempDir),
    /// A database of a server, beside the one to drop it from.
    OnServer {
        server: Database,
        name: String,
    },
}

impl Keep {
    pub(crate) async fn end(self, bench: &Bench) {
        match self {
            Self::Nothing => {}
            Self::Folder(folder) => folder.close().unwrap(),
            Self::OnServer { server, name } => {
                bench.database.close().await;
                let sql = format!("DROP DATABASE {name} WITH (FORCE)");
                server.execute(Sql::rendered(sql), []).await.unwrap();
                server.close().await;
            }
        }
    }
}

impl Bench {
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

pub(crate) async fn sqlite() -> Option<(Bench, Keep)> {
    on_file(tempfile::tempdir().expect("a folder")).await
}

/// A file with a rollback journal, as Django makes it: readers and the writer shut each other out for moments.
pub(crate) async fn sqlite_with_journal() -> Option<(Bench, Keep)> {
    let folder = tempfile::tempdir().expect("a folder");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path().join("test.sqlite3"))
        .create_if_missing(true);
    let mut connection = options.connect().await.expect("made");
    let statements = sqlx::raw_sql("CREATE TABLE t (id); DROP TABLE t");
    statements.execute(&mut connection).await.expect("a file");
    connection.close().await.expect("closed");
    let (bench, keep) = on_file(folder).await?;
    let mode = bench.database.fetch_optional("PRAGMA journal_mode", []).await;
    let mode: String = mode.expect("a mode").expect("a row").read(0).expect("a text");
    assert_eq!(mode, "delete");
    Some((bench, keep))
}

async fn on_file(folder: TempDir) -> Option<(Bench, Keep)> {
    let url = format!("sqlite://{}/test.sqlite3", folder.path().display());
    Some((over(&url).await, Keep::Folder(folder)))
}

/// A database of its own on the server that `POSTGRES_FOR_TESTS` names; `None` where there is no such server.
#[expect(clippy::disallowed_methods, reason = "how a test is told something")]
pub(crate) async fn postgres() -> Option<(Bench, Keep)> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let url = std::env::var("POSTGRES_FOR_TESTS").ok()?;
    let server = Database::open(&format!("{url}/postgres"))
        .await
        .expect("the server");
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("lockout_{}_{number}", std::process::id());
    let make = Sql::rendered(format!("CREATE DATABASE {name}"));
    server.execute(make, []).await.expect("made");
    let bench = over(&format!("{url}/{name}")).await;
    Some((bench, Keep::OnServer { server, name }))
}

/// The bench on the database of that address.
async fn over(url: &str) -> Bench {
    let database = Database::open(url).await.expect("opened");
    migrate(&database).await;
    let other = Database::open(url).await.expect("opened again");
    Bench {
        stores: LoginAttempts::on(&database),
        others: LoginAttempts::on(&other),
        database,
    }
}

pub(crate) async fn memory() -> Option<(Bench, Keep)> {
    let database = Database::open("sqlite::memory:").await.expect("opened");
    migrate(&database).await;
    let stores = LoginAttempts::on(&database);
    let others = stores.clone();
    let bench = Bench {
        database,
        stores,
        others,
    };
    Some((bench, Keep::Nothing))
}

/// A moment with a fraction.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000 + 250)
}
