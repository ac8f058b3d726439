//! [`Nodes`]: the processes that serve from this database: `doorward_node`.
//!
//! Each writes one row, again and again. All times are the database's own, so that no two clocks have to agree.

use crate::Dialect;
use crate::database::{Database, Result, Row, Sql, Value};

/// A node that was not seen for so long is forgotten, in seconds: it ended without a word.
const FORGOTTEN_AFTER: i64 = 24 * 3600;

/// The table of nodes.
#[derive(Clone, Debug)]
pub struct Nodes {
    database: Database,
}

/// A process that serves, as it told of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NodeRow {
    /// Chance, made when the process began.
    pub id: String,
    /// What people call it: its machine and its number there.
    pub name: String,
    /// The version of Doorward.
    pub version: String,
    /// For how long it had served when it was asked for, in seconds.
    pub up_s: i64,
    /// How long ago it told of itself, in seconds.
    pub seen_s: i64,
    /// What it told, as JSON.
    pub state: String,
}

/// What a process tells of itself.
#[derive(Clone, Copy, Debug)]
pub struct Beat<'a> {
    /// Chance, the same as long as the process lives; 32 characters at most.
    pub id: &'a str,
    /// What people call it; 255 characters at most.
    pub name: &'a str,
    /// The version of Doorward; 50 characters at most.
    pub version: &'a str,
    /// What there is to tell, as JSON.
    pub state: &'a str,
}

impl Nodes {
    /// Of that database.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
        }
    }

    /// Whether there is such a table: a database that Django made has one once `doorward migrate` was run.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn are_told(&self) -> Result<bool> {
        let sql = self.database.dialect().has_table();
        let found = self
            .database
            .fetch_optional(sql, ["doorward_node".into()])
            .await?;
        Ok(found.is_some())
    }

    /// Writes what a process tells of itself, in place of what it told before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn tell(&self, beat: Beat<'_>) -> Result<()> {
        let dialect = self.database.dialect();
        let columns = ["id", "name", "version", "state", "began", "seen"];
        let upsert = dialect.upsert("doorward_node", &columns, "id", &["state", "seen"]);
        let now = now(dialect);
        let sql = upsert.replace("?, ?)", &format!("{now}, {now})"));
        let values = [beat.id, beat.name, beat.version, beat.state].map(Value::from);
        self.database.execute(Sql::rendered(sql), values).await?;
        Ok(())
    }

    /// The nodes, those that began first in front.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(&self) -> Result<Vec<NodeRow>> {
        let now = now(self.database.dialect());
        let sql = format!(
            "SELECT id, name, version, state, {now} - began, {now} - seen FROM doorward_node ORDER BY began, id"
        );
        let rows = self.database.fetch_all(Sql::rendered(sql), []).await?;
        rows.into_iter().map(read).collect()
    }

    /// Takes a node away that ends.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn leave(&self, id: &str) -> Result<()> {
        let sql = "DELETE FROM doorward_node WHERE id = ?";
        self.database.execute(sql, [id.into()]).await?;
        Ok(())
    }

    /// Takes those away that ended without a word, a day ago.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget(&self) -> Result<u64> {
        let now = now(self.database.dialect());
        let sql = format!("DELETE FROM doorward_node WHERE seen < {now} - {FORGOTTEN_AFTER}");
        self.database.execute(Sql::rendered(sql), []).await
    }
}

/// The time of the database, in whole seconds since 1970.
fn now(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "CAST(extract(epoch FROM statement_timestamp()) AS bigint)",
        Dialect::MariaDb => "CAST(UNIX_TIMESTAMP() AS SIGNED)",
        _ => "CAST(strftime('%s', 'now') AS integer)",
    }
}

fn read(mut row: Row) -> Result<NodeRow> {
    Ok(NodeRow {
        id: row.take(0)?,
        name: row.take(1)?,
        version: row.take(2)?,
        state: row.take(3)?,
        up_s: row.take(4)?,
        seen_s: row.take(5)?,
    })
}
