//! [`FreshDatabase`]: an empty database of each kind, for tests of what is stored.

use std::error::Error;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use doorward_core::causes::with_causes;
use doorward_sqlx::{Database, Dialect, Sql};
use tempfile::TempDir;

use crate::failure::fail;

/// Where SQLite keeps the versions that say whether a file has a log (`WAL`, 2) or a rollback journal (1).
const JOURNAL: std::ops::Range<usize> = 18..20;

/// An empty database of its own for one test, of which only the address is known; [`FreshDatabase::end`] throws it away.
///
/// ```
/// use doorward_testing::FreshDatabase;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let fresh = FreshDatabase::sqlite();
/// assert!(fresh.url().starts_with("sqlite://"));
/// fresh.end().await;
/// # });
/// ```
#[derive(Debug)]
#[must_use = "a database on a server stays there until `end`"]
pub struct FreshDatabase {
    url: String,
    place: Place,
}

/// What is thrown away in the end.
#[derive(Debug)]
enum Place {
    Folder(TempDir),
    /// A database of a server, beside the one to drop it from.
    Server {
        beside: Database,
        name: String,
    },
}

impl FreshDatabase {
    /// A SQLite file, which is not there yet.
    ///
    /// # Panics
    /// Where no folder can be made for it.
    #[track_caller]
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| refused("be made", error));
        Self {
            url: format!("sqlite://{}", file(&folder).display()),
            place: Place::Folder(folder),
        }
    }

    /// A SQLite file with a rollback journal, as Django makes it: readers and the writer shut each other out for moments.
    ///
    /// # Panics
    /// Where no such file can be made.
    pub async fn sqlite_with_journal() -> Self {
        let fresh = Self::sqlite();
        let database = opened(&fresh.url).await;
        run(&database, "CREATE TABLE t (id)").await;
        run(&database, "DROP TABLE t").await;
        database.close().await;
        if let Place::Folder(folder) = &fresh.place {
            let written = with_journal(&file(folder));
            written.unwrap_or_else(|error| refused("get its journal", error));
        }
        fresh
    }

    /// A database on that PostgreSQL: an address without a database, whose user may make some.
    ///
    /// # Panics
    /// Where there is no such server, or none can be made there.
    pub async fn postgres(server: &str) -> Self {
        Self::postgres_made(server, "").await
    }

    /// The same, of another encoding than UTF-8, such as `LATIN1`.
    ///
    /// # Panics
    /// As [`postgres`](Self::postgres).
    pub async fn postgres_encoded(server: &str, encoding: &str) -> Self {
        let how = format!(" ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        Self::postgres_made(server, &how).await
    }

    async fn postgres_made(server: &str, how: &str) -> Self {
        let beside = opened(&format!("{server}/postgres")).await;
        let name = unused_name();
        run(&beside, format!("CREATE DATABASE {name}{how}")).await;
        Self {
            url: format!("{server}/{name}"),
            place: Place::Server { beside, name },
        }
    }

    /// A database on that MariaDB: an address without a database, whose user may make some.
    ///
    /// # Panics
    /// Where there is no such server, or none can be made there.
    pub async fn mariadb(server: &str) -> Self {
        let beside = opened(&format!("{server}/mysql")).await;
        let name = unused_name();
        run(&beside, format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")).await;
        Self {
            url: format!("{server}/{name}"),
            place: Place::Server { beside, name },
        }
    }

    /// Its address, as `[database] url` has it. However often it is opened, it is the same one.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Throws it away, whoever is still connected.
    ///
    /// # Panics
    /// Where it cannot be thrown away.
    pub async fn end(self) {
        match self.place {
            Place::Folder(folder) => folder
                .close()
                .unwrap_or_else(|error| refused("be thrown away", error)),
            Place::Server { beside, name } => {
                let force = match beside.dialect() {
                    Dialect::Postgres => " WITH (FORCE)",
                    _ => "",
                };
                run(&beside, format!("DROP DATABASE {name}{force}")).await;
                beside.close().await;
            }
        }
    }
}

/// A name that no other test gives a database.
fn unused_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("doorward_test_{}_{number}", std::process::id())
}

fn file(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("test.sqlite3")
}

/// Has a file that nobody has open keep a rollback journal from now on (its header, SQLite's "Database File Format" §1.3.3).
fn with_journal(file: &Path) -> std::io::Result<()> {
    let mut bytes = std::fs::read(file)?;
    if let Some(versions) = bytes.get_mut(JOURNAL) {
        versions.fill(1);
    }
    std::fs::write(file, bytes)
}

async fn opened(url: &str) -> Database {
    let opened = Database::open(url).await;
    opened.unwrap_or_else(|error| refused("be opened", error))
}

async fn run(database: &Database, sql: impl Into<String>) {
    let done = database.execute(Sql::rendered(sql.into()), []).await;
    if let Err(error) = done {
        refused("be made or thrown away", error);
    }
}

#[track_caller]
fn refused(what: &str, error: impl Error + 'static) -> ! {
    let told = with_causes(&error);
    fail(format_args!("a fresh database cannot {what}: {told}"))
}
