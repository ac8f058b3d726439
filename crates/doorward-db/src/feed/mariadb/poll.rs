//! What changed since the last time.

use super::gaps::{Gaps, TooMany};
use super::{Trigger, flaws};
use crate::database::{DatabaseError, Reader, Result, Row, Source, Sql, Trouble};
use crate::feed::changes::{LIMIT, Polled, kind_and_key};
use crate::feed::problem::FeedProblem;

/// How far the feed was read.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    since: Sql,
    missing: Sql,
    /// The highest number that was seen.
    high: i64,
    gaps: Gaps,
    /// Which server it was, and whether it may be written.
    server: String,
    triggers: Vec<Trigger>,
    polls: u32,
}

/// What takes milliseconds here is done in one poll of so many, about once a second: what the triggers do is looked at, and
/// whether anybody still holds a number.
const SELDOM: u32 = 20;
/// How far back a transaction may have got its number that is open when the first poll is made.
const WINDOW: i64 = 100;

/// Which server it is, and which triggers there are since when: one that was dropped, if only for a moment, is seen by the very
/// poll that begins after it. That is about a millisecond of the server's; the bound is worth it.
const SERVER: &str = "CONCAT_WS(' ', @@hostname, @@port, @@server_id, @@read_only, \
    (SELECT SUM(CRC32(CONCAT_WS(' ', t.trigger_name, t.event_object_table, t.created, t.action_statement))) \
    FROM information_schema.triggers t \
    WHERE t.event_object_schema = DATABASE() AND t.trigger_name LIKE 'doorward!_%' ESCAPE '!'))";
const RECENT: &str = "SELECT id FROM doorward_change WHERE id > ? AND id <= ? ORDER BY id";
/// Waits for nobody: where a transaction is open that inserted the row, it says that it is locked.
const HELD: &str = "SELECT id FROM doorward_change WHERE id = ? /*M! LOCK IN SHARE MODE NOWAIT */ /*!80000 FOR SHARE NOWAIT */";

/// The highest number, the server, and whether it is a standby.
fn beginning() -> Sql {
    Sql::rendered(format!(
        "SELECT COALESCE(MAX(id), 0), {SERVER}, CONCAT(@@read_only) NOT IN ('0', 'OFF') \
         FROM doorward_change"
    ))
}

/// One row at least, with the server.
fn rows_where(condition: &str) -> Sql {
    let kind_and_key = kind_and_key("c.`key`", "CAST(c.`key` AS SIGNED)");
    Sql::rendered(format!(
        "SELECT {kind_and_key}, c.id, s.server, s.top \
         FROM (SELECT {SERVER} AS server, (SELECT MAX(id) FROM doorward_change) AS top) s \
         LEFT JOIN doorward_change c ON {condition} ORDER BY c.id LIMIT {LIMIT}"
    ))
}

/// Where to begin, if every trigger is as it should be.
pub(in crate::feed) async fn begin(
    reader: &mut Reader,
    triggers: &[Trigger],
) -> Result<Position, FeedProblem> {
    demand_sound(reader, triggers).await?;
    let rows = reader.fetch_all(beginning(), []).await?;
    let row = rows.first().ok_or_else(nothing)?;
    if row.read::<bool>(2)? {
        return Err(FeedProblem::Standby);
    }
    let mut position = Position {
        since: rows_where("c.id > ?"),
        missing: rows_where(&format!("c.id IN ({})", vec!["?"; MARKS].join(", "))),
        high: row.read(0)?,
        gaps: Gaps::default(),
        server: row.read(1)?,
        triggers: triggers.to_vec(),
        polls: 0,
    };
    position.look_back(reader).await?;
    // What was looked at before the position is looked at again after it: nothing changed meanwhile that is not seen.
    demand_sound(reader, triggers).await?;
    Ok(position)
}

/// So many numbers are asked for at once.
const MARKS: usize = 16;

async fn demand_sound(reader: &mut Reader, triggers: &[Trigger]) -> Result<(), FeedProblem> {
    let flaws = flaws(&mut Source::Reader(reader), triggers).await?;
    match flaws.is_empty() {
        true => Ok(()),
        false => Err(FeedProblem::Blind(flaws)),
    }
}

/// What was committed since: one statement where no number is missing.
pub(in crate::feed) async fn poll(reader: &mut Reader, position: &mut Position) -> Result<Polled> {
    position.polls = position.polls.wrapping_add(1);
    if position.polls.is_multiple_of(SELDOM) && !position.is_sound(reader).await? {
        return Ok(Polled::Suspect);
    }
    let mut rows = reader.fetch_all(&position.since, [position.high.into()]).await?;
    let first = rows.first().ok_or_else(nothing)?;
    let (server, top): (String, Option<i64>) = (first.read(3)?, first.read(4)?);
    // An empty table was purged; one that ends lower was made anew, and its numbers say nothing.
    let is_anew = top.is_some_and(|top| top < position.high);
    if is_anew || server != position.server || position.note(&rows)?.is_err() {
        return Ok(Polled::Suspect);
    }
    rows.extend(position.late(reader).await?);
    if position.polls.is_multiple_of(SELDOM) {
        position.give_up(reader).await?;
    }
    Ok(Polled::Rows(rows))
}

impl Position {
    async fn is_sound(&self, reader: &mut Reader) -> Result<bool> {
        match flaws(&mut Source::Reader(reader), &self.triggers).await {
            Ok(flaws) => Ok(flaws.is_empty()),
            Err(FeedProblem::Database(error)) => Err(error),
            Err(_) => Ok(false),
        }
    }

    /// Numbers below the first position that are missing may belong to transactions that are open. What was deleted is missing too,
    /// and is given up after a while.
    async fn look_back(&mut self, reader: &mut Reader) -> Result<(), FeedProblem> {
        let from = self.high.saturating_sub(WINDOW).max(0);
        let rows = reader.fetch_all(RECENT, [from.into(), self.high.into()]).await?;
        let seen = rows.iter().map(|row| row.read(0)).collect::<Result<Vec<i64>>>()?;
        // At most as many as the window is wide.
        let _ = self.gaps.add(from, seen.into_iter());
        Ok(())
    }

    /// Goes on to the last of these rows, and remembers what is missing between them.
    fn note(&mut self, rows: &[Row]) -> Result<Result<(), TooMany>> {
        let numbers = rows.iter().map(|row| row.read::<Option<i64>>(2));
        let numbers = numbers.collect::<Result<Vec<_>>>()?;
        Ok(self
            .gaps
            .add(self.high, numbers.into_iter().flatten())
            .map(|high| self.high = high))
    }

    /// Rows whose numbers were missing and are there now.
    async fn late(&mut self, reader: &mut Reader) -> Result<Vec<Row>> {
        let mut late = Vec::new();
        for some in self.gaps.numbers().chunks(MARKS) {
            let mut marks: Vec<_> = some.iter().map(|number| (*number).into()).collect();
            marks.resize(MARKS, (-1).into());
            for row in reader.fetch_all(&self.missing, marks).await? {
                if let Some(number) = row.read::<Option<i64>>(2)? {
                    self.gaps.remove(number);
                    late.push(row);
                }
            }
        }
        Ok(late)
    }

    /// Asks of each missing number whether a transaction that is open holds it.
    async fn give_up(&mut self, reader: &mut Reader) -> Result<()> {
        for number in self.gaps.numbers() {
            match reader.fetch_all(HELD, [number.into()]).await {
                Ok(rows) if rows.is_empty() => self.gaps.absent(number),
                // It came this very moment: the next poll reads it.
                Ok(_) => {}
                Err(error) if error.trouble() == Some(Trouble::Busy) => self.gaps.held(number),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn nothing() -> DatabaseError {
    DatabaseError::Statement("it gave no row".into())
}
