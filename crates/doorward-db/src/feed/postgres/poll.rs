//! What changed since the last time.

use super::{Objects, flaws, triggers};
use crate::database::{DatabaseError, Reader, Result, Row, Source, Sql, Value};
use crate::feed::changes::{LIMIT, Polled, kind_and_key};
use crate::feed::problem::FeedProblem;

/// How far the feed was read.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    sql: Sql,
    /// What the last poll could see (`pg_snapshot`).
    snapshot: String,
    /// Which server it was: since when it runs, and whether it is a standby.
    server: String,
    /// The triggers and functions, as they were looked at.
    sensors: Option<String>,
}

/// After a failover another server answers, which may have lost transactions that were answered and gives their numbers to
/// others. No two servers were started in the same microsecond.
const SERVER: &str =
    "pg_catalog.pg_postmaster_start_time()::text || ' ' || pg_catalog.pg_is_in_recovery()::text";

/// One row at least, with the snapshot in which all of it was read.
fn since(objects: &Objects) -> Sql {
    let sensors = triggers::fingerprint(objects);
    let (schema, kind_and_key) = (&objects.schema, kind_and_key("c.key", "c.key::bigint"));
    Sql::rendered(format!(
        "SELECT {kind_and_key}, n.snapshot, n.server, n.sensors \
         FROM (SELECT pg_catalog.pg_current_snapshot()::text AS snapshot, {SERVER} AS server, {sensors} AS sensors) n \
         LEFT JOIN {schema}.\"doorward_change\" c \
         ON c.xact >= pg_catalog.pg_snapshot_xmin(?1::text::pg_snapshot) \
         AND c.xact < pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()) \
         AND NOT pg_catalog.pg_visible_in_snapshot(c.xact, ?1::text::pg_snapshot) LIMIT ?2"
    ))
}

/// Where to begin, if every trigger is as it should be.
pub(in crate::feed) async fn begin(reader: &mut Reader, objects: &Objects) -> Result<Position, FeedProblem> {
    // Ahead of the poll, which needs the table.
    demand_sound(reader, objects).await?;
    let sql = since(objects);
    let rows = ask(reader, &sql, "1:1:", 1).await?;
    let found = Found::read(&rows)?;
    if found.server.ends_with("true") {
        return Err(FeedProblem::Standby);
    }
    // What was looked at before the position is looked at again after it: nothing changed meanwhile that is not seen.
    demand_sound(reader, objects).await?;
    Ok(Position {
        sql,
        snapshot: found.snapshot,
        server: found.server,
        sensors: found.sensors,
    })
}

async fn demand_sound(reader: &mut Reader, objects: &Objects) -> Result<(), FeedProblem> {
    let flaws = flaws(&mut Source::Reader(reader), objects).await?;
    match flaws.is_empty() {
        true => Ok(()),
        false => Err(FeedProblem::Blind(flaws)),
    }
}

/// What became visible since, in one statement.
pub(in crate::feed) async fn poll(reader: &mut Reader, position: &mut Position) -> Result<Polled> {
    let rows = ask(reader, &position.sql, &position.snapshot, LIMIT).await?;
    let found = Found::read(&rows)?;
    if found.server != position.server || found.sensors != position.sensors {
        return Ok(Polled::Suspect);
    }
    position.snapshot = found.snapshot;
    Ok(Polled::Rows(rows))
}

async fn ask(reader: &mut Reader, sql: &Sql, snapshot: &str, limit: u32) -> Result<Vec<Row>> {
    let values: [Value; 2] = [snapshot.into(), limit.into()];
    reader.fetch_all(sql, values).await
}

/// What each row says of the moment.
struct Found {
    snapshot: String,
    server: String,
    sensors: Option<String>,
}

impl Found {
    fn read(rows: &[Row]) -> Result<Self> {
        let row = rows
            .first()
            .ok_or_else(|| DatabaseError::Statement("it gave no row".into()))?;
        Ok(Self {
            snapshot: row.read(2)?,
            server: row.read(3)?,
            sensors: row.read(4)?,
        })
    }
}
