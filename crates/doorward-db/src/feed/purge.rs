//! Deletes changes that everybody has read.
//!
//! A row is deleted when it was visible for [`KEPT`] or longer, and not when it is so old: a transaction may have written it long
//! before it committed. Who polls and was away for longer begins anew, with everything: so nobody has to tell which nodes there
//! are, and the table holds what changed in some minutes, not more.

use std::time::Duration;

use tokio::time::sleep;

use crate::database::{Database, DatabaseError, Result, Sql, Value};
use crate::dialect::Dialect;

/// For so long a row is kept after it was visible.
pub(super) const KEPT: Duration = Duration::from_secs(600);
/// Machines differ in how long a second is; nobody is trusted to be exact.
const SLACK: Duration = Duration::from_secs(60);
/// Rows in one transaction.
const CHUNK: u32 = 500;
/// Between two of them: longer than those wait who stand in line for SQLite's lock.
const PAUSE: Duration = Duration::from_millis(200);

/// Deletes again and again.
pub(super) async fn run(database: &Database) {
    loop {
        // A feed that is not installed has nothing to delete; whatever else fails is tried again.
        let seen = mark(database).await;
        sleep(KEPT + SLACK).await;
        if let Ok(seen) = seen {
            let _ = delete_until(database, &seen).await;
        }
    }
}

/// Which rows were visible at a moment.
#[derive(Debug)]
pub(super) enum Seen {
    /// All up to that number: on SQLite numbers follow commits.
    UpTo(Value),
    /// A snapshot of PostgreSQL's.
    Snapshot(Value),
    /// On MariaDB these alone, and of a lower number one may be committed later. The highest is not among them: it is never
    /// deleted, so that a table which lost its rows otherwise is told from one that was purged.
    Numbers(Vec<i64>),
}

/// More are not deleted at once, of any that were seen.
const MOST: usize = 500_000;
/// So many numbers are read at once.
const PAGE: usize = 5_000;

/// What is visible now.
async fn mark(database: &Database) -> Result<Seen> {
    let one = async |sql: &'static str| {
        let row = database.fetch_optional(sql, []).await?;
        row.ok_or_else(|| DatabaseError::Statement("it gave no row".into()))?
            .read(0)
    };
    Ok(match database.dialect() {
        Dialect::Sqlite => Seen::UpTo(one("SELECT coalesce(max(id), 0) FROM doorward_change").await?),
        Dialect::Postgres => Seen::Snapshot(
            one(
                "SELECT pg_catalog.pg_current_snapshot()::text FROM (SELECT count(*) FROM doorward_change) c",
            )
            .await?,
        ),
        Dialect::MariaDb => Seen::Numbers(numbers(database).await?),
    })
}

async fn numbers(database: &Database) -> Result<Vec<i64>> {
    let sql = Sql::rendered(format!(
        "SELECT id FROM doorward_change WHERE id > ? ORDER BY id LIMIT {PAGE}"
    ));
    let mut numbers = Vec::new();
    loop {
        let last: i64 = numbers.last().copied().unwrap_or_default();
        let rows = database.fetch_all(&sql, [last.into()]).await?;
        for row in &rows {
            numbers.push(row.read(0)?);
        }
        if rows.len() < PAGE || numbers.len() >= MOST {
            numbers.pop();
            return Ok(numbers);
        }
    }
}

/// Deletes what was visible then, in small transactions with pauses between them.
pub(super) async fn delete_until(database: &Database, seen: &Seen) -> Result<()> {
    match seen {
        Seen::UpTo(number) => delete_where(database, "id <= ?", number).await,
        // A number that was not given yet came with a dump of another cluster.
        Seen::Snapshot(snapshot) => {
            let condition = "(pg_catalog.pg_visible_in_snapshot(xact, ?::text::pg_snapshot) \
                             OR xact >= pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()))";
            delete_where(database, condition, snapshot).await
        }
        Seen::Numbers(numbers) => delete_numbers(database, numbers).await,
    }
}

async fn delete_where(database: &Database, condition: &str, value: &Value) -> Result<()> {
    let dialect = database.dialect();
    let sql = Sql::rendered(dialect.delete_some("doorward_change", "id", condition, "id"));
    while database.execute(&sql, [value.clone(), CHUNK.into()]).await? >= u64::from(CHUNK) {
        sleep(PAUSE).await;
    }
    Ok(())
}

async fn delete_numbers(database: &Database, numbers: &[i64]) -> Result<()> {
    let marks = vec!["?"; CHUNK as usize].join(", ");
    let sql = Sql::rendered(format!("DELETE FROM doorward_change WHERE id IN ({marks})"));
    for some in numbers.chunks(CHUNK as usize) {
        let mut values: Vec<Value> = some.iter().map(|number| (*number).into()).collect();
        values.resize(CHUNK as usize, Value::Null);
        database.execute(&sql, values).await?;
        sleep(PAUSE).await;
    }
    Ok(())
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;

    async fn count(database: &Database) -> i64 {
        let row = database
            .fetch_optional("SELECT count(*) FROM doorward_change", [])
            .await;
        row.expect("rows").expect("a row").read(0).expect("a number")
    }

    #[tokio::test]
    async fn what_everybody_has_seen_goes_and_the_rest_stays() {
        let database = Database::open("sqlite::memory:").await.expect("it opens");
        mark(&database).await.expect_err("there is no feed");
        let table =
            "CREATE TABLE doorward_change (id integer PRIMARY KEY AUTOINCREMENT, kind text, key text)";
        database.execute(table, []).await.expect("made");
        let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) \
                    INSERT INTO doorward_change (kind) SELECT 'permissions' FROM n";
        database.execute(many, []).await.expect("filled");
        let seen = mark(&database).await.expect("a mark");
        let later = "INSERT INTO doorward_change (kind) VALUES ('permissions')";
        database.execute(later, []).await.expect("one more");
        delete_until(&database, &seen).await.expect("deleted");
        assert_eq!(count(&database).await, 1);
        let seen = mark(&database).await.expect("a mark");
        delete_until(&database, &seen).await.expect("deleted");
        assert_eq!(count(&database).await, 0);
        database
            .execute(later, [])
            .await
            .expect("its number is a later one");
        let row = database
            .fetch_optional("SELECT id FROM doorward_change", [])
            .await;
        assert_eq!(
            row.expect("rows")
                .expect("a row")
                .read::<i64>(0)
                .expect("a number"),
            1202
        );
    }
}

#[cfg(all(test, feature = "mariadb"))]
mod tests_on_mariadb {
    use super::*;

    #[expect(
        clippy::disallowed_methods,
        reason = "this is how a test run is told its server"
    )]
    fn server() -> Option<String> {
        std::env::var("MARIADB_FOR_TESTS").ok()
    }

    async fn opened(server: &str) -> Database {
        let admin = Database::open(&format!("{server}/mysql"))
            .await
            .expect("a server");
        for sql in ["DROP DATABASE IF EXISTS feed_purge", "CREATE DATABASE feed_purge"] {
            admin.execute(sql, []).await.expect("it may");
        }
        let database = Database::open(&format!("{server}/feed_purge"))
            .await
            .expect("it opens");
        let table = "CREATE TABLE doorward_change (id bigint AUTO_INCREMENT PRIMARY KEY, kind varchar(20), `key` text)";
        database.execute(table, []).await.expect("made");
        database
    }

    /// It was not visible when the others were.
    #[tokio::test]
    async fn a_row_that_is_committed_late_is_kept_as_long_as_any_other() {
        let Some(server) = server() else {
            return;
        };
        let database = opened(&server).await;
        let sql = "INSERT INTO doorward_change (kind, `key`) VALUES ('user', ?)";
        database.execute(sql, ["early".into()]).await.expect("written");
        let mut late = database.transaction().await.expect("begun");
        late.execute(sql, ["late".into()]).await.expect("written");
        let many = "INSERT INTO doorward_change (kind, `key`) SELECT 'user', 'many' FROM seq_1_to_1200";
        database.execute(many, []).await.expect("written");
        database.execute(sql, ["highest".into()]).await.expect("written");
        let seen = mark(&database).await.expect("a mark");
        late.commit().await.expect("committed");
        delete_until(&database, &seen).await.expect("deleted");
        let rows = database
            .fetch_all("SELECT `key` FROM doorward_change ORDER BY id", [])
            .await;
        let left: Vec<String> = rows
            .expect("rows")
            .iter()
            .map(|row| row.read(0).expect("a text"))
            .collect();
        assert_eq!(left, ["late", "highest"]);
        let seen = mark(&database).await.expect("a mark");
        delete_until(&database, &seen).await.expect("deleted");
        let rows = database
            .fetch_all("SELECT id FROM doorward_change", [])
            .await
            .expect("rows");
        assert_eq!(rows.len(), 1, "the highest stays");
    }
}
