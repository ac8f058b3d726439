//! The feed on PostgreSQL.
//!
//! Triggers write what changed, with the number of the transaction. A poll takes a snapshot and the rows that the one before
//! could not see: a transaction that commits late is never skipped. Every poll proves that the triggers are those that were
//! looked at, and the server the same.

mod functions;
mod poll;
mod relations;
mod triggers;

pub(super) use poll::{Position, begin, poll};
pub(super) use relations::read;

use crate::database::{Source, Sql};
use crate::dialect::Dialect;
use crate::feed::problem::{FeedProblem, Sensor, SensorFlaw};
use functions::Function;
use triggers::Trigger;

/// What watches the tables of one database.
#[derive(Clone, Debug)]
pub(crate) struct Objects {
    /// The schema of the feed's table and functions, in quotes.
    schema: String,
    functions: Vec<Function>,
    triggers: Vec<Trigger>,
    /// What this user may not do.
    lacking: Vec<String>,
}

/// How long Django's transactions may be waited for, while theirs wait for us.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '2s'";

/// Foreign keys that are judged at the end of a transaction keep its tables from being altered once a row was written: `migrate`
/// has written some when it comes to the feed.
const JUDGE_KEYS: &str = "SET CONSTRAINTS ALL IMMEDIATE";

/// Triggers that call one of our functions, whatever their table is called now.
const FOUND: &str = "SELECT t.tgname, t.tgrelid::pg_catalog.regclass::text FROM pg_catalog.pg_trigger t \
    INNER JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid \
    WHERE p.proname LIKE 'doorward!_note!_%' ESCAPE '!' AND NOT t.tgisinternal AND t.tgparentid = 0 \
    AND pg_catalog.pg_function_is_visible(p.oid) ORDER BY 2, 1";
const FOUND_FUNCTIONS: &str = "SELECT p.oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc p \
    WHERE p.proname LIKE 'doorward!_note!_%' ESCAPE '!' AND pg_catalog.pg_function_is_visible(p.oid) ORDER BY 1";

/// What makes the feed, over one of an earlier release too.
pub(super) fn install(objects: &Objects) -> Result<Vec<String>, FeedProblem> {
    if !objects.lacking.is_empty() {
        return Err(FeedProblem::Rights(objects.lacking.clone()));
    }
    Ok(statements(objects))
}

/// The same, for whoever has the rights. The user that the settings name reads the feed and deletes from it.
pub(super) async fn print(source: &mut Source<'_>, objects: &Objects) -> Result<Vec<String>, FeedProblem> {
    let rows = source.fetch_all("SELECT current_user::text", []).await?;
    let user: Option<String> = rows.first().map(|row| row.read(0)).transpose()?;
    let user = Dialect::Postgres.quote(&user.unwrap_or_default());
    let mut statements = statements(objects);
    let schema = &objects.schema;
    statements.push(format!(
        "GRANT SELECT, UPDATE, DELETE ON {schema}.\"doorward_change\" TO {user}"
    ));
    Ok(statements)
}

fn statements(objects: &Objects) -> Vec<String> {
    let mut statements = vec![LOCK_TIMEOUT.to_owned(), JUDGE_KEYS.to_owned()];
    statements.extend(table(&objects.schema));
    statements.extend(objects.functions.iter().flat_map(Function::statements));
    statements.extend(objects.triggers.iter().flat_map(Trigger::statements));
    statements
}

/// Everybody's writes go through the functions; nobody else needs the table but who reads it. It is not logged: what is in it when a
/// server falls is told to nobody, for every feed begins anew then; and a subscriber of logical replication writes rows of its own.
fn table(schema: &str) -> [String; 3] {
    [
        format!(
            "CREATE UNLOGGED TABLE IF NOT EXISTS {schema}.\"doorward_change\" \
             (\"id\" bigint NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY, \
             \"xact\" xid8 NOT NULL DEFAULT pg_catalog.pg_current_xact_id(), \"kind\" varchar(20) NOT NULL, \"key\" text NULL)"
        ),
        format!(
            "CREATE INDEX IF NOT EXISTS \"doorward_change_xact\" ON {schema}.\"doorward_change\" (\"xact\")"
        ),
        format!("REVOKE ALL ON {schema}.\"doorward_change\" FROM PUBLIC"),
    ]
}

/// What takes the feed away: first what writes into the table.
pub(super) async fn uninstall(source: &mut Source<'_>) -> Result<Vec<String>, FeedProblem> {
    let mut statements = vec![LOCK_TIMEOUT.to_owned()];
    for row in source.fetch_all(FOUND, []).await? {
        let (name, table): (String, String) = (row.read(0)?, row.read(1)?);
        statements.push(format!(
            "DROP TRIGGER {} ON {table}",
            Dialect::Postgres.quote(&name)
        ));
    }
    for row in source.fetch_all(FOUND_FUNCTIONS, []).await? {
        statements.push(format!("DROP FUNCTION {}", row.read::<String>(0)?));
    }
    statements.push("DROP TABLE IF EXISTS \"doorward_change\"".to_owned());
    Ok(statements)
}

/// What is wrong with the triggers that are there.
pub(super) async fn flaws(source: &mut Source<'_>, objects: &Objects) -> Result<Vec<Sensor>, FeedProblem> {
    let table = source
        .fetch_all(Dialect::Postgres.has_table(), ["doorward_change".into()])
        .await?;
    if table.is_empty() {
        return Err(FeedProblem::NotInstalled);
    }
    let mut flaws = Vec::new();
    for row in source
        .fetch_all(Sql::rendered(triggers::flawed(objects)), [])
        .await?
    {
        flaws.push(Sensor {
            table: row.read(0)?,
            name: row.read(1)?,
            flaw: match row.read::<String>(2)?.as_str() {
                "missing" => SensorFlaw::Missing,
                "disabled" => SensorFlaw::Disabled,
                _ => SensorFlaw::Different,
            },
        });
    }
    Ok(flaws)
}

/// A text, written into a statement.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
