//! The feed on SQLite.
//!
//! Triggers write what changed; `PRAGMA data_version` tells that somebody committed, whoever it was. What triggers could miss is
//! seen otherwise: a table that is remade or a file whose pages were moved changes `schema_version`, a file that was restored is
//! another one.

mod poll;
mod triggers;

pub(super) use poll::{Position, begin, poll};
pub(super) use triggers::{Trigger, read};

use crate::database::{Source, Sql};
use crate::feed::problem::{FeedProblem, Sensor, SensorFlaw};

/// The table of changes.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS \"doorward_change\" \
    (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \"kind\" varchar(20) NOT NULL, \"key\" text NULL)";

const HAS_TABLE: &str = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'doorward_change'";
const TRIGGERS: &str = "SELECT name, coalesce(sql, '') FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'doorward!_%' ESCAPE '!'";

/// What makes the feed, over one of an earlier release too.
pub(super) async fn install(
    source: &mut Source<'_>,
    triggers: &[Trigger],
) -> Result<Vec<String>, FeedProblem> {
    let mut statements = drops(source).await?;
    statements.push(TABLE.to_owned());
    statements.extend(triggers.iter().map(|trigger| trigger.sql.clone()));
    Ok(statements)
}

/// What takes the feed away: first what writes into the table.
pub(super) async fn uninstall(source: &mut Source<'_>) -> Result<Vec<String>, FeedProblem> {
    let mut statements = drops(source).await?;
    statements.push("DROP TABLE IF EXISTS \"doorward_change\"".to_owned());
    Ok(statements)
}

async fn drops(source: &mut Source<'_>) -> Result<Vec<String>, FeedProblem> {
    let mut drops = Vec::new();
    for row in source.fetch_all(TRIGGERS, []).await? {
        let name: String = row.read(0)?;
        drops.push(format!("DROP TRIGGER \"{}\"", name.replace('"', "\"\"")));
    }
    Ok(drops)
}

/// What is wrong with the triggers that are there.
pub(super) async fn flaws(source: &mut Source<'_>, triggers: &[Trigger]) -> Result<Vec<Sensor>, FeedProblem> {
    if source.fetch_all(HAS_TABLE, []).await?.is_empty() {
        return Err(FeedProblem::NotInstalled);
    }
    let mut found = Vec::new();
    for row in source.fetch_all(Sql::from(TRIGGERS), []).await? {
        found.push((row.read::<String>(0)?, row.read::<String>(1)?));
    }
    let flaw = |trigger: &Trigger| match found.iter().find(|(name, _)| *name == trigger.name) {
        None => Some(SensorFlaw::Missing),
        Some((_, sql)) if *sql != trigger.sql => Some(SensorFlaw::Different),
        Some(_) => None,
    };
    let flawed = triggers
        .iter()
        .filter_map(|trigger| Some((trigger, flaw(trigger)?)));
    Ok(flawed.map(|(trigger, flaw)| trigger.sensor(flaw)).collect())
}
