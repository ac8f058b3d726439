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

/// What is visible now.
async fn mark(database: &Database) -> Result<Value> {
    let sql = match database.dialect() {
        Dialect::Sqlite | Dialect::MariaDb => "SELECT coalesce(max(id), 0) FROM doorward_change",
        Dialect::Postgres => {
            "SELECT pg_catalog.pg_current_snapshot()::text FROM (SELECT count(*) FROM doorward_change) c"
        }
    };
    let row = database.fetch_optional(sql, []).await?;
    row.ok_or_else(|| DatabaseError::Statement("it gave no row".into()))?
        .read(0)
}

/// Deletes what was visible then, in small transactions with pauses between them.
pub(super) async fn delete_until(database: &Database, seen: &Value) -> Result<()> {
    let condition = match database.dialect() {
        Dialect::Sqlite | Dialect::MariaDb => "id <= ?",
        // A number that was not given yet came with a dump of another cluster.
        Dialect::Postgres => {
            "(pg_catalog.pg_visible_in_snapshot(xact, ?::text::pg_snapshot) \
             OR xact >= pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()))"
        }
    };
    let dialect = database.dialect();
    let sql = Sql::rendered(dialect.delete_some("doorward_change", "id", condition, "id"));
    while database.execute(&sql, [seen.clone(), CHUNK.into()]).await? >= u64::from(CHUNK) {
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
