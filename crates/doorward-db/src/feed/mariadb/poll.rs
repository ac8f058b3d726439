//! What changed since the last time.

use std::ops::RangeInclusive;
use std::time::Duration;

use tokio::time::Instant;

use super::Trigger;
use super::gaps::Gaps;
use super::sensors::{self, Sensors};
use crate::database::{DatabaseError, Reader, Result, Row, Source, Sql, Value};
use crate::feed::changes::{LIMIT, Polled, kind_and_key};
use crate::feed::problem::FeedProblem;

/// How far the feed was read.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    /// The highest number that was seen.
    high: i64,
    /// Each number up to that one that was not seen and may come yet.
    gaps: Gaps,
    /// Which server it was, and whether it may be written.
    server: String,
    triggers: Vec<Trigger>,
    /// The triggers, as they were looked at, and when.
    sensors: Sensors,
    looked: Instant,
    sql: Statements,
}

#[derive(Clone, Debug)]
struct Statements {
    since: Sql,
    late: Sql,
    standing: Sql,
}

/// So often what the triggers do is compared word by word, and when the table of changes was made.
const LOOK_AFTER: Duration = Duration::from_secs(1);
/// So many ranges are asked for at once.
const RANGES: usize = 16;
/// Where more stands in the ranges that are asked for, they are kept as they are.
const STANDING: usize = 10_000;
/// Rows that are there at the beginning are known to be: so many times [`LIMIT`].
const PASSES: usize = 16;

/// Which server it is, whether others give numbers beside it, and which triggers there are since when: one that was dropped, if
/// only for a moment, is seen by the very poll that begins after it. That is about a millisecond of the server's; the bound is
/// worth it.
const SERVER: &str = "CONCAT_WS(' ', @@hostname, @@port, @@server_id, @@read_only, @@global.auto_increment_increment, \
    (SELECT SUM(CRC32(CONCAT_WS(' ', t.trigger_name, t.event_object_table, t.created, t.action_statement))) \
    FROM information_schema.triggers t \
    WHERE t.event_object_schema = DATABASE() AND t.trigger_name LIKE 'doorward!_%' ESCAPE '!'))";
/// What is not committed is shown too, in the session that reads. It is never told: only which numbers may come yet.
const DIRTY: [&str; 2] = [
    "SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
];

/// The highest number, the server, and whether it is a standby.
fn beginning() -> Sql {
    Sql::rendered(format!(
        "SELECT COALESCE(MAX(id), 0), {SERVER}, CONCAT(@@read_only) NOT IN ('0', 'OFF') \
         FROM doorward_change"
    ))
}

impl Statements {
    fn new() -> Self {
        let kind_and_key = kind_and_key("c.`key`", "CAST(c.`key` AS SIGNED)");
        let ranges = vec!["c.id BETWEEN ? AND ?"; RANGES].join(" OR ");
        Self {
            // One row at least, with the server.
            since: Sql::rendered(format!(
                "SELECT {kind_and_key}, c.id, s.server, s.top \
                 FROM (SELECT {SERVER} AS server, (SELECT COALESCE(MAX(id), 0) FROM doorward_change) AS top) s \
                 LEFT JOIN doorward_change c ON c.id > ? ORDER BY c.id LIMIT {LIMIT}"
            )),
            late: Sql::rendered(format!(
                "SELECT {kind_and_key}, c.id FROM doorward_change c WHERE {ranges} ORDER BY c.id LIMIT {LIMIT}"
            )),
            standing: Sql::rendered(format!(
                "SELECT c.id FROM doorward_change c WHERE {ranges} ORDER BY c.id LIMIT {STANDING}"
            )),
        }
    }
}

/// The ends of ranges, and of some in which nothing is.
fn ends(ranges: &[RangeInclusive<i64>]) -> Vec<Value> {
    let ends = ranges.iter().flat_map(|range| [*range.start(), *range.end()]);
    let mut ends: Vec<Value> = ends.map(Value::from).collect();
    ends.resize(2 * RANGES, (-1).into());
    ends
}

/// Where to begin, if every trigger is as it should be.
pub(in crate::feed) async fn begin(
    reader: &mut Reader,
    triggers: &[Trigger],
) -> Result<Position, FeedProblem> {
    let sensors = sound(reader, triggers).await?;
    let rows = reader.fetch_all(beginning(), []).await?;
    let row = rows.first().ok_or_else(nothing)?;
    if row.read::<bool>(2)? {
        return Err(FeedProblem::Standby);
    }
    let (high, now) = (row.read(0)?, Instant::now());
    let mut position = Position {
        high,
        gaps: Gaps::up_to(high, now),
        server: row.read(1)?,
        triggers: triggers.to_vec(),
        sensors,
        looked: now,
        sql: Statements::new(),
    };
    position.skip(reader).await?;
    // What was looked at before the position is looked at again after it: nothing changed meanwhile that is not seen.
    match sound(reader, triggers).await? == position.sensors {
        true => Ok(position),
        false => Err(DatabaseError::Statement("its triggers were made anew meanwhile".into()).into()),
    }
}

/// The triggers, where all are as they should be.
async fn sound(reader: &mut Reader, triggers: &[Trigger]) -> Result<Sensors, FeedProblem> {
    let (sensors, flaws) = sensors::look(&mut Source::Reader(reader), triggers).await?;
    match flaws.is_empty() {
        true => Ok(sensors),
        false => Err(FeedProblem::Blind(flaws)),
    }
}

/// What was committed since: one statement where no number is missing.
pub(in crate::feed) async fn poll(reader: &mut Reader, position: &mut Position) -> Result<Polled> {
    let now = Instant::now();
    if now.saturating_duration_since(position.looked) >= LOOK_AFTER && !position.is_as_it_was(reader).await? {
        return Ok(Polled::Suspect);
    }
    let mut rows = reader
        .fetch_all(&position.sql.since, [position.high.into()])
        .await?;
    let first = rows.first().ok_or_else(nothing)?;
    let (server, top): (String, i64) = (first.read(3)?, first.read(4)?);
    // The highest row is never deleted: a table that ends lower was made anew, and its numbers say nothing.
    if top < position.high || server != position.server {
        return Ok(Polled::Suspect);
    }
    let seen = numbers(&rows)?.into_iter();
    position.high = position.gaps.pass(position.high, seen, Instant::now());
    position.give_up(reader).await?;
    rows.extend(position.late(reader).await?);
    Ok(Polled::Rows(rows))
}

impl Position {
    async fn is_as_it_was(&mut self, reader: &mut Reader) -> Result<bool> {
        let looked = Instant::now();
        let is_same = match sound(reader, &self.triggers).await {
            Ok(sensors) => sensors == self.sensors,
            Err(FeedProblem::Database(error)) => return Err(error),
            Err(_) => false,
        };
        self.looked = looked;
        Ok(is_same)
    }

    /// What is there already is no news.
    async fn skip(&mut self, reader: &mut Reader) -> Result<()> {
        for _ in 0..PASSES {
            if self.late(reader).await?.len() < LIMIT as usize {
                break;
            }
        }
        Ok(())
    }

    /// Rows whose numbers were missing and are there now.
    async fn late(&mut self, reader: &mut Reader) -> Result<Vec<Row>> {
        let mut late = Vec::new();
        for some in self.gaps.ranges().chunks(RANGES) {
            let rows = reader.fetch_all(&self.sql.late, ends(some)).await?;
            self.gaps.remove(&numbers(&rows)?);
            late.extend(rows);
        }
        Ok(late)
    }

    /// Of the numbers that are missing for long, keeps those at which something stands that is not committed yet.
    async fn give_up(&mut self, reader: &mut Reader) -> Result<()> {
        let now = Instant::now();
        let overdue = self.gaps.overdue(now);
        if overdue.is_empty() {
            return Ok(());
        }
        let [dirty, clean] = DIRTY;
        reader.fetch_all(dirty, []).await?;
        for some in overdue.chunks(RANGES) {
            let rows = reader.fetch_all(&self.sql.standing, ends(some)).await?;
            let standing = rows.iter().map(|row| row.read(0)).collect::<Result<Vec<i64>>>()?;
            match standing.len() < STANDING {
                true => self.gaps.settle(some, &standing, now),
                false => self.gaps.keep(some, now),
            }
        }
        reader.fetch_all(clean, []).await.map(drop)
    }
}

/// Those of the rows that are any.
fn numbers(rows: &[Row]) -> Result<Vec<i64>> {
    let numbers = rows.iter().map(|row| row.read::<Option<i64>>(2));
    Ok(numbers
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect())
}

fn nothing() -> DatabaseError {
    DatabaseError::Statement("it gave no row".into())
}
