//! The feed on MariaDB, and on MySQL, which speaks the same here.
//!
//! Triggers write what changed, under numbers that are given before a transaction ends: who reads up to the highest one may miss a
//! lower one that commits later. A poll remembers every number that it did not see, and asks for it again until it is certain that
//! nothing will ever stand there.
//! What it does not see: `TRUNCATE`, for which no trigger fires here.

mod gaps;
mod poll;
mod sensors;
mod triggers;

pub(super) use poll::{Position, begin, poll};
use sensors::Sensors;
pub(super) use sensors::flaws;
pub(super) use triggers::{Trigger, read};

use crate::database::{self, Source, Transaction};
use crate::feed::problem::FeedProblem;

/// The table of changes.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS `doorward_change` (`id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, \
    `kind` varchar(20) NOT NULL, `key` text NULL) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

const EVERYTHING: &str = "INSERT INTO `doorward_change` (`kind`, `key`) VALUES ('everything', NULL)";

/// With a binary log a server wants `SUPER` of whoever makes a trigger, unless it trusts all of them.
const MAY_MAKE_TRIGGERS: &str = "SELECT @@log_bin = 0 OR @@log_bin_trust_function_creators = 1 OR EXISTS (SELECT 1 \
    FROM information_schema.user_privileges WHERE privilege_type = 'SUPER' \
    AND grantee = CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), ''''))";

/// Whether the server lets this user make triggers, as far as its binary log goes.
pub(crate) async fn lets_make_triggers(transaction: &mut Transaction) -> database::Result<bool> {
    let row = transaction.fetch_optional(MAY_MAKE_TRIGGERS, []).await?;
    row.map_or(Ok(true), |row| row.read(0))
}

/// What makes the feed, over one of an earlier release too. Each statement commits by itself here: a feed that was installed by
/// halves is not used.
pub(super) async fn install(
    source: &mut Source<'_>,
    triggers: &[Trigger],
) -> Result<Vec<String>, FeedProblem> {
    let mut statements = drops(source).await?;
    statements.push(TABLE.to_owned());
    statements.extend(triggers.iter().map(Trigger::sql));
    // What was written while triggers were away was noted by nobody.
    statements.push(EVERYTHING.to_owned());
    Ok(statements)
}

/// What takes the feed away: first what writes into the table.
pub(super) async fn uninstall(source: &mut Source<'_>) -> Result<Vec<String>, FeedProblem> {
    let mut statements = drops(source).await?;
    statements.push("DROP TABLE IF EXISTS `doorward_change`".to_owned());
    Ok(statements)
}

async fn drops(source: &mut Source<'_>) -> Result<Vec<String>, FeedProblem> {
    let sensors = Sensors::read(source).await?;
    let drop = |name: &str| format!("DROP TRIGGER IF EXISTS `{}`", name.replace('`', "``"));
    Ok(sensors.names().map(drop).collect())
}
