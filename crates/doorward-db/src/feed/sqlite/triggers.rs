//! The triggers of one database.
//!
//! `REPLACE` deletes rows for which no trigger of deletion fires (<https://sqlite.org/lang_conflict.html>): whatever inserts, or
//! changes what is unique, notes the rows that it may displace. The body of a trigger names no other table of Django's: SQLite
//! would refuse to rename a table while one is gone that some trigger names, which is how Django remakes tables.

use crate::database::Source;
use crate::dialect::Dialect;
use crate::feed::key::{MODULUS, SUMMED, weight};
use crate::feed::problem::{FeedProblem, Sensor, SensorFlaw};
use crate::feed::watched::{Counted, Kind, Watched};

/// A trigger that writes into the feed.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(super) name: String,
    /// As SQLite keeps it.
    pub(super) sql: String,
    table: String,
}

impl Trigger {
    pub(super) fn sensor(&self, flaw: SensorFlaw) -> Sensor {
        Sensor {
            table: self.table.clone(),
            name: self.name.clone(),
            flaw,
        }
    }
}

const KIND: &str = "SELECT type FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?";
/// The columns of each unique index, and of the primary key.
const UNIQUE: &str = "SELECT l.name, i.name FROM pragma_index_list(?1) l INNER JOIN pragma_index_info(l.name) i \
    WHERE l.\"unique\" AND NOT l.partial AND i.name IS NOT NULL AND l.origin <> 'pk' \
    UNION ALL SELECT '', c.name FROM pragma_table_info(?1) c WHERE c.pk > 0 ORDER BY 1, 2";

/// The triggers for those tables as they are now.
pub(in crate::feed) async fn read(
    source: &mut Source<'_>,
    tables: &[Watched],
) -> Result<Vec<Trigger>, FeedProblem> {
    let mut triggers = Vec::new();
    for watched in tables {
        demand_table(source, &watched.table).await?;
        let keys = keys(source, &watched.table).await?;
        triggers.extend(Table { watched, keys }.triggers());
    }
    Ok(triggers)
}

async fn demand_table(source: &mut Source<'_>, table: &str) -> Result<(), FeedProblem> {
    let kind = source.fetch_all(KIND, [table.into()]).await?;
    let kind: Option<String> = kind.first().map(|row| row.read(0)).transpose()?;
    let reason = match kind.as_deref() {
        Some("table") => return Ok(()),
        Some(_) => "it is a view",
        None => "it is not there; run `doorward migrate` first",
    };
    let table = table.to_owned();
    Err(FeedProblem::Unwatchable { table, reason })
}

/// The sets of columns of which no two rows have the same values; the primary key's first.
async fn keys(source: &mut Source<'_>, table: &str) -> Result<Vec<Vec<String>>, FeedProblem> {
    let mut keys: Vec<(String, Vec<String>)> = Vec::new();
    for row in source.fetch_all(UNIQUE, [table.into()]).await? {
        let (index, column) = (row.read(0)?, row.read(1)?);
        match keys.last_mut() {
            Some((last, columns)) if *last == index => columns.push(column),
            _ => keys.push((index, vec![column])),
        }
    }
    Ok(keys.into_iter().map(|(_, columns)| columns).collect())
}

/// A table that is watched, and what is unique in it.
struct Table<'w> {
    watched: &'w Watched,
    keys: Vec<Vec<String>>,
}

impl Table<'_> {
    fn triggers(&self) -> Vec<Trigger> {
        let (was, became) = (self.values("OLD"), self.values("NEW"));
        let both = format!("SELECT {was} UNION SELECT {became}");
        match (&self.watched.counted, self.watched.kind) {
            (Counted::Beginnings, _) => vec![
                self.trigger("insert", "AFTER INSERT", "", &format!("SELECT {became}")),
                self.trigger("update", "AFTER UPDATE", "", &format!("SELECT {became}")),
            ],
            (Counted::All, Kind::Permissions) => vec![
                self.trigger("insert", "AFTER INSERT", "", &format!("SELECT {became}")),
                self.trigger("update", "AFTER UPDATE", "", &format!("SELECT {became}")),
                self.trigger("delete", "AFTER DELETE", "", &format!("SELECT {was}")),
            ],
            (Counted::All, _) => vec![
                self.displaced_by_insert(&format!("SELECT {became} UNION ")),
                self.trigger("update", "AFTER UPDATE", "", &both),
                self.trigger("delete", "AFTER DELETE", "", &format!("SELECT {was}")),
            ],
            (Counted::Endings(columns), _) => {
                self.endings(&format!(" WHEN {}", any_differs(columns)), "", &both)
            }
            (Counted::Sessions, _) => self.endings(SESSION_CHANGED, SESSION_COUNTS, &both),
        }
    }

    fn endings(&self, when_updated: &str, when_deleted: &str, both: &str) -> Vec<Trigger> {
        let was = format!("SELECT {}", self.values("OLD"));
        vec![
            self.displaced_by_insert(""),
            self.displaced_by_update(),
            self.trigger("update", "AFTER UPDATE", when_updated, both),
            self.trigger("delete", "AFTER DELETE", when_deleted, &was),
        ]
    }

    /// Notes the rows in whose place a new one may come.
    fn displaced_by_insert(&self, first: &str) -> Trigger {
        let displaced = format!("{first}{}", self.displaced());
        self.trigger("insert", "BEFORE INSERT", "", &displaced)
    }

    /// The same for `UPDATE OR REPLACE`.
    fn displaced_by_update(&self) -> Trigger {
        let mut columns: Vec<_> = self.keys.iter().flatten().map(|name| quote(name)).collect();
        columns.sort();
        columns.dedup();
        let event = format!("BEFORE UPDATE OF {}", columns.join(", "));
        let primary = self.keys.first().map(|columns| all_same(columns, "OLD"));
        let displaced = format!("{} AND NOT ({})", self.displaced(), primary.unwrap_or_default());
        self.trigger("displace", &event, "", &displaced)
    }

    fn displaced(&self) -> String {
        let same: Vec<_> = self
            .keys
            .iter()
            .map(|columns| format!("({})", all_same(columns, "NEW")))
            .collect();
        let (values, table) = (self.values("t"), quote(&self.watched.table));
        format!("SELECT {values} FROM {table} t WHERE ({})", same.join(" OR "))
    }

    /// Kind and key of a row.
    fn values(&self, row: &str) -> String {
        let column = format!("{row}.{}", quote(&self.watched.key));
        let name = self.watched.kind.name();
        match self.watched.kind {
            Kind::User | Kind::Jti => format!("'{name}', {column}"),
            Kind::Session => format!("'{name}', {}", checksum(&column)),
            Kind::Permissions => format!("'{name}', NULL"),
        }
    }

    fn trigger(&self, event: &str, when: &str, condition: &str, source: &str) -> Trigger {
        let name = format!("doorward_{}_{event}", self.watched.role);
        let table = quote(&self.watched.table);
        let sql = format!(
            "CREATE TRIGGER \"{name}\" {when} ON {table}{condition} \
             BEGIN INSERT INTO \"doorward_change\" (\"kind\", \"key\") {source}; END"
        );
        let table = self.watched.table.clone();
        Trigger { name, sql, table }
    }
}

/// Django signs a session anew whenever it is saved: what is signed stands before the first colon, and what follows has always
/// the same length.
const SESSION_CHANGED: &str = " WHEN OLD.\"session_key\" IS NOT NEW.\"session_key\" \
    OR NEW.\"expire_date\" < OLD.\"expire_date\" \
    OR length(NEW.\"session_data\") IS NOT length(OLD.\"session_data\") \
    OR (instr(NEW.\"session_data\", ':') = 0 AND NEW.\"session_data\" IS NOT OLD.\"session_data\") \
    OR substr(NEW.\"session_data\", 1, instr(NEW.\"session_data\", ':')) \
    IS NOT substr(OLD.\"session_data\", 1, instr(NEW.\"session_data\", ':'))";

/// What ended a while ago is relied on by nobody: clearing the table of it is no news. Clocks may differ, and with `USE_TZ = False`
/// it is a local time, at most 14 hours from UTC.
const SESSION_COUNTS: &str = " WHEN OLD.\"expire_date\" > datetime('now', '-15 hours')";

fn any_differs(columns: &[String]) -> String {
    let differs = |column: &String| format!("OLD.{0} IS NOT NEW.{0}", quote(column));
    columns.iter().map(differs).collect::<Vec<_>>().join(" OR ")
}

fn all_same(columns: &[String], row: &str) -> String {
    let same = |column: &String| format!("t.{0} = {row}.{0}", quote(column));
    columns.iter().map(same).collect::<Vec<_>>().join(" AND ")
}

/// As [`Key::session`](crate::feed::Key::session) makes it; `NULL` for a key that is too short.
fn checksum(column: &str) -> String {
    let summand = |place: u32| format!("unicode(substr({column}, {}, 1)) * {}", place + 1, weight(place));
    let sum = (0..SUMMED).map(summand).collect::<Vec<_>>().join(" + ");
    format!("({sum}) % {MODULUS}")
}

fn quote(name: &str) -> String {
    Dialect::Sqlite.quote(name)
}
