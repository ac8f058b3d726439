//! What changed since the last time.

use super::{Trigger, flaws};
use crate::database::{DatabaseError, Reader, Result, Source, Sql};
use crate::feed::changes::{LIMIT, Polled, kind_and_key};
use crate::feed::problem::FeedProblem;

/// How far the feed was read.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    since: Sql,
    /// Changes with every commit of another connection; means something on this connection only.
    data_version: i64,
    /// Changes with every table or trigger that is made or dropped.
    schema_version: i64,
    /// The last row.
    id: i64,
}

const DATA_VERSION: &str = "PRAGMA data_version";
const BEGINNING: &str = "SELECT schema_version, (SELECT coalesce(max(id), 0) FROM doorward_change) \
    FROM pragma_schema_version";

/// One row at least, with the number of the schema.
fn since() -> Sql {
    let kind_and_key = kind_and_key("c.key", "CAST(c.key AS integer)");
    Sql::rendered(format!(
        "SELECT {kind_and_key}, s.schema_version, c.id FROM pragma_schema_version s \
         LEFT JOIN doorward_change c ON c.id > ?1 ORDER BY c.id LIMIT ?2"
    ))
}

/// Where to begin, if every trigger is as it should be. All of it is read at one moment.
pub(in crate::feed) async fn begin(
    reader: &mut Reader,
    triggers: &[Trigger],
) -> Result<Position, FeedProblem> {
    let data_version = number(reader, DATA_VERSION).await?;
    reader.fetch_all("BEGIN", []).await?;
    let flaws = flaws(&mut Source::Reader(reader), triggers).await?;
    if !flaws.is_empty() {
        return Err(FeedProblem::Blind(flaws));
    }
    let rows = reader.fetch_all(BEGINNING, []).await?;
    let row = rows.first().ok_or_else(nothing)?;
    let position = Position {
        since: since(),
        data_version,
        schema_version: row.read(0)?,
        id: row.read(1)?,
    };
    reader.fetch_all("COMMIT", []).await?;
    Ok(position)
}

/// What was committed since: one statement where nothing was.
pub(in crate::feed) async fn poll(reader: &mut Reader, position: &mut Position) -> Result<Polled> {
    let data_version = number(reader, DATA_VERSION).await?;
    if data_version == position.data_version {
        return Ok(Polled::Rows(Vec::new()));
    }
    let rows = reader
        .fetch_all(&position.since, [position.id.into(), LIMIT.into()])
        .await?;
    let first = rows.first().ok_or_else(nothing)?;
    if first.read::<i64>(2)? != position.schema_version {
        return Ok(Polled::Suspect);
    }
    // Of a commit between the two statements the rows are here already, and the next poll looks once more.
    if rows.len() < LIMIT as usize {
        position.data_version = data_version;
    }
    let last = rows.last().map(|row| row.read::<Option<i64>>(3)).transpose()?;
    position.id = last.flatten().unwrap_or(position.id);
    Ok(Polled::Rows(rows))
}

async fn number(reader: &mut Reader, sql: &'static str) -> Result<i64> {
    let rows = reader.fetch_all(sql, []).await?;
    rows.first().ok_or_else(nothing)?.read(0)
}

fn nothing() -> DatabaseError {
    DatabaseError::Statement("it gave no row".into())
}
