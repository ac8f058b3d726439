//! The driver on a real MariaDB or MySQL.
//!
//! `MARIADB_FOR_TESTS` names a server, as `cargo xtask test` finds or starts one: an address without a database, whose user
//! may make some. Without it these tests do nothing.
#![cfg(feature = "mariadb")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

mod django;
mod faults;
mod interrupted;
mod keys;
mod migrations;
mod own_server;
mod own_users;
mod process;
mod restart;
mod times;
mod transactions;
mod values;

use doorward_db::{Database, DatabaseError, Opening, Sql};

/// A database of its own for a test.
struct Scratch {
    server: String,
    name: &'static str,
}

impl Scratch {
    /// An empty one of that name; `None` where there is no server.
    async fn new(name: &'static str) -> Option<Self> {
        let server = server()?;
        let admin = Database::open(&format!("{server}/mysql")).await.unwrap();
        for sql in [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"),
        ] {
            admin.execute(Sql::rendered(sql), []).await.unwrap();
        }
        admin.close().await;
        Some(Self { server, name })
    }

    fn url(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }

    async fn open(&self) -> Database {
        Database::open(&self.url()).await.unwrap()
    }

    async fn open_for(&self, opening: Opening) -> Result<Database, DatabaseError> {
        Database::open_for(&self.url(), opening).await
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is how a test run is told its server"
)]
fn server() -> Option<String> {
    std::env::var("MARIADB_FOR_TESTS").ok()
}

/// A database with a table of an integer and a text.
async fn with_table(name: &'static str) -> Option<(Scratch, Database)> {
    let scratch = Scratch::new(name).await?;
    let database = scratch.open().await;
    let sql = "CREATE TABLE t (id integer AUTO_INCREMENT PRIMARY KEY, n integer, name varchar(20) UNIQUE)";
    database.execute(sql, []).await.unwrap();
    Some((scratch, database))
}

async fn insert(database: &Database, name: &str) -> Result<u64, DatabaseError> {
    let sql = "INSERT INTO t (name) VALUES (?)";
    database.execute(sql, [name.into()]).await
}

async fn count(database: &Database) -> i64 {
    let row = database.fetch_optional("SELECT count(*) FROM t", []).await;
    row.unwrap().unwrap().read(0).unwrap()
}

/// No connection is in use any more.
async fn assert_idle(database: &Database) {
    for _ in 0..200 {
        let state = format!("{database:?}");
        if state.contains("readers: Pool { free: 8") && state.contains("writers: Pool { free: 8") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("connections are still in use: {database:?}");
}
