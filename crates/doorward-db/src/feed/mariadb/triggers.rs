//! The triggers of one database. They run with the rights of who made them: where those are gone, the server refuses what would
//! have been noted, and nothing changes that is not.

use std::time::Duration;

use super::sensors;
use crate::database::Source;
use crate::dialect::Dialect;
use crate::feed::problem::{FeedProblem, Sensor, SensorFlaw};
use crate::feed::watched::{Counted, Kind, Watched};

/// A trigger that writes into the feed.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(super) name: String,
    pub(super) table: String,
    event: &'static str,
    body: String,
}

impl Trigger {
    pub(super) fn sensor(&self, flaw: SensorFlaw) -> Sensor {
        Sensor {
            table: self.table.clone(),
            name: self.name.clone(),
            flaw,
        }
    }

    pub(super) fn sql(&self) -> String {
        let Self {
            name,
            table,
            event,
            body,
        } = self;
        let table = quote(table);
        format!("CREATE TRIGGER `{name}` AFTER {event} ON {table} FOR EACH ROW {body}")
    }

    /// As the catalogue tells it: name, table, timing, event, statement.
    pub(super) fn texts(&self) -> [&str; 5] {
        [&self.name, &self.table, "AFTER", self.event, &self.body]
    }
}

/// Who stood still for so long between taking a number and writing its row takes another one, for nobody waits for the first any
/// more. A server that was started with `--sysdate-is-now` never finds that anybody did.
pub(super) const SLOWEST: Duration = Duration::from_secs(30);

/// What writes a row.
fn note(values: &str) -> String {
    format!(
        "REPEAT SET began = SYSDATE(6); INSERT INTO `doorward_change` (`kind`, `key`) VALUES ({values}); \
         UNTIL SYSDATE(6) < began + INTERVAL {} SECOND END REPEAT",
        SLOWEST.as_secs()
    )
}

/// Where a column is gone that a trigger names, everything may have changed, and nobody is kept from writing.
fn framed(what: &str) -> String {
    let everything = note("'everything', NULL");
    format!(
        "BEGIN DECLARE began datetime(6); \
         DECLARE EXIT HANDLER FOR 1054 BEGIN {everything}; END; {what}; END"
    )
}

const KIND: &str =
    "SELECT table_type FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?";

/// The triggers for those tables.
pub(in crate::feed) async fn read(
    source: &mut Source<'_>,
    tables: &[Watched],
) -> Result<Vec<Trigger>, FeedProblem> {
    sensors::demand_one_writer(source).await?;
    for watched in tables {
        demand_table(source, &watched.table).await?;
    }
    Ok(tables.iter().flat_map(triggers).collect())
}

async fn demand_table(source: &mut Source<'_>, table: &str) -> Result<(), FeedProblem> {
    let kind = source.fetch_all(KIND, [table.into()]).await?;
    let kind: Option<String> = kind.first().map(|row| row.read(0)).transpose()?;
    let reason = match kind.as_deref() {
        Some("BASE TABLE") => return Ok(()),
        Some(_) => "it is a view",
        None => "it is not there; run `doorward migrate` first",
    };
    let table = table.to_owned();
    Err(FeedProblem::Unwatchable { table, reason })
}

/// `REPLACE` fires the triggers of deletion and of insertion here. Rows are inserted one by one: of a `SELECT` nobody knows how many
/// it gives, and numbers are set aside for it that are never used.
fn triggers(watched: &Watched) -> Vec<Trigger> {
    let (ends, begins) = (note(&values(watched, "OLD")), note(&values(watched, "NEW")));
    let other_key = format!("IF NOT ({}) THEN {begins}; END IF", is_same(&watched.key));
    let both = match watched.kind {
        Kind::Permissions => begins.clone(),
        _ => format!("{ends}; {other_key}"),
    };
    let make = |event, what: String| Trigger {
        name: format!("doorward_{}_{}", watched.role, str::to_ascii_lowercase(event)),
        table: watched.table.clone(),
        event,
        body: framed(&what),
    };
    let unless = |unchanged: &str, what: &str| format!("IF NOT ({unchanged}) THEN {what}; END IF");
    match &watched.counted {
        Counted::Beginnings => vec![make("INSERT", begins.clone()), make("UPDATE", begins)],
        Counted::All => vec![make("INSERT", begins), make("UPDATE", both), make("DELETE", ends)],
        Counted::Endings(columns) => vec![
            make("UPDATE", unless(&all_same(columns), &both)),
            make("DELETE", ends),
        ],
        Counted::Sessions => vec![
            make("UPDATE", unless(SESSION_UNCHANGED, &both)),
            make("DELETE", unless(SESSION_ENDED, &ends)),
        ],
    }
}

/// Kind and key of a row.
fn values(watched: &Watched, row: &str) -> String {
    let column = format!("{row}.{}", quote(&watched.key));
    let name = watched.kind.name();
    match watched.kind {
        Kind::User | Kind::Jti => format!("'{name}', {column}"),
        Kind::Session => format!("'{name}', LEFT(SHA2({column}, 256), 16)"),
        Kind::Permissions => format!("'{name}', NULL"),
    }
}

fn all_same(columns: &[String]) -> String {
    let same = columns.iter().map(|column| is_same(column));
    same.collect::<Vec<_>>().join(" AND ")
}

/// Byte by byte: for the collation of a column two texts may be the same that are not.
fn is_same(column: &str) -> String {
    let column = quote(column);
    format!("CAST(OLD.{column} AS BINARY) <=> CAST(NEW.{column} AS BINARY)")
}

/// Django signs a session anew whenever it is saved: what is signed stands before the first colon, and what follows has always
/// the same length.
const SESSION_UNCHANGED: &str = "CAST(OLD.`session_key` AS BINARY) = CAST(NEW.`session_key` AS BINARY) \
    AND NEW.`expire_date` >= OLD.`expire_date` AND LENGTH(NEW.`session_data`) = LENGTH(OLD.`session_data`) \
    AND CAST(SUBSTRING_INDEX(NEW.`session_data`, ':', 1) AS BINARY) \
    = CAST(SUBSTRING_INDEX(OLD.`session_data`, ':', 1) AS BINARY)";

/// What ended a while ago is relied on by nobody: clearing the table of it is no news. Clocks may differ.
// With USE_TZ = False it is a local time, at most 14 hours from UTC.
const SESSION_ENDED: &str = "OLD.`expire_date` < UTC_TIMESTAMP() - INTERVAL 15 HOUR";

fn quote(name: &str) -> String {
    Dialect::MariaDb.quote(name)
}
