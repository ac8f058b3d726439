//! Whether every trigger is there, as it should be, and the server one on which numbers can be followed.

use super::triggers::Trigger;
use crate::database::{Result, Row, Source};
use crate::feed::problem::{FeedProblem, Sensor, SensorFlaw};

/// The table of changes; one that was made anew has another date.
const TABLE: &str = "SELECT CAST(create_time AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE() \
    AND table_name = 'doorward_change'";
/// A user who lacks the right `TRIGGER` is shown none, or not what it does. One that was made again has another date.
const TRIGGERS: &str = "SELECT trigger_name, event_object_table, action_timing, event_manipulation, action_statement, \
    CAST(created AS CHAR) FROM information_schema.triggers \
    WHERE event_object_schema = DATABASE() AND trigger_name LIKE 'doorward!_%' ESCAPE '!' ORDER BY trigger_name";
/// Whether this user has the right to see the triggers of a table.
const MAY_LOOK: &str = "SELECT CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''') IN (\
    SELECT grantee FROM information_schema.user_privileges WHERE privilege_type = 'TRIGGER' UNION ALL \
    SELECT grantee FROM information_schema.schema_privileges WHERE privilege_type = 'TRIGGER' \
    AND DATABASE() LIKE table_schema UNION ALL \
    SELECT grantee FROM information_schema.table_privileges WHERE privilege_type = 'TRIGGER' \
    AND table_schema = DATABASE() AND table_name = ?)";

/// Where several servers write, each gives numbers of its own, and tells of the others' transactions late.
const WRITERS: &str = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'auto_increment_increment')";

/// Refuses a server beside which others write.
pub(super) async fn demand_one_writer(source: &mut Source<'_>) -> Result<(), FeedProblem> {
    for row in source.fetch_all(WRITERS, []).await? {
        let (name, value): (String, String) = (row.read(0)?, row.read(1)?);
        let reason = match (name.as_str(), value.as_str()) {
            ("wsrep_on", "ON" | "1") => "it is a node of a Galera cluster (wsrep_on)",
            ("auto_increment_increment", value) if value != "1" => {
                "it shares its numbers with other servers (auto_increment_increment)"
            }
            _ => continue,
        };
        return Err(FeedProblem::SeveralWriters(reason));
    }
    Ok(())
}

/// The table of changes and the triggers, as the catalogue shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sensors {
    /// Nothing where there is no table.
    table: Option<Option<String>>,
    triggers: Vec<[Option<String>; 6]>,
}

impl Sensors {
    pub(super) async fn read(source: &mut Source<'_>) -> Result<Self> {
        let table = source.fetch_all(TABLE, []).await?;
        let triggers = source.fetch_all(TRIGGERS, []).await?;
        Ok(Self {
            table: table.first().map(|row| row.read(0)).transpose()?,
            triggers: triggers.iter().map(texts).collect::<Result<_>>()?,
        })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.triggers.iter().filter_map(|[name, ..]| name.as_deref())
    }

    fn flaw(&self, trigger: &Trigger) -> Option<SensorFlaw> {
        let named = |[name, ..]: &&[Option<String>; 6]| name.as_deref() == Some(trigger.name.as_str());
        let Some(found) = self.triggers.iter().find(named) else {
            return Some(SensorFlaw::Missing);
        };
        let wanted = trigger.texts();
        let is_other = |(found, wanted): (&Option<String>, &&str)| found.as_deref() != Some(wanted);
        match found {
            [.., None, _] => Some(SensorFlaw::Hidden),
            found => found
                .iter()
                .zip(&wanted)
                .any(is_other)
                .then_some(SensorFlaw::Different),
        }
    }
}

fn texts(row: &Row) -> Result<[Option<String>; 6]> {
    let mut texts = [const { None }; 6];
    for (index, text) in texts.iter_mut().enumerate() {
        *text = row.read(index)?;
    }
    Ok(texts)
}

/// What is wrong with the triggers that are there.
pub(in crate::feed) async fn flaws(
    source: &mut Source<'_>,
    triggers: &[Trigger],
) -> Result<Vec<Sensor>, FeedProblem> {
    Ok(look(source, triggers).await?.1)
}

/// The same, with what was looked at.
pub(super) async fn look(
    source: &mut Source<'_>,
    triggers: &[Trigger],
) -> Result<(Sensors, Vec<Sensor>), FeedProblem> {
    let sensors = Sensors::read(source).await?;
    if sensors.table.is_none() {
        return Err(FeedProblem::NotInstalled);
    }
    let mut flaws = Vec::new();
    for trigger in triggers {
        match sensors.flaw(trigger) {
            Some(SensorFlaw::Missing) if !may_look(source, &trigger.table).await? => {
                flaws.push(trigger.sensor(SensorFlaw::Hidden));
            }
            Some(flaw) => flaws.push(trigger.sensor(flaw)),
            None => {}
        }
    }
    Ok((sensors, flaws))
}

async fn may_look(source: &mut Source<'_>, table: &str) -> Result<bool> {
    let rows = source.fetch_all(MAY_LOOK, [table.into()]).await?;
    rows.first().map_or(Ok(true), |row| row.read(0))
}
