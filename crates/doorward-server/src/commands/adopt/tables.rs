//! The tables: each that is used is compared column by column, and what is missing is told.

use doorward::Doorward;
use doorward::command::Failure;

use super::trial::{Outcome, Trial};

pub(super) async fn trials(door: &Doorward) -> Result<Vec<Trial>, Failure> {
    let problems = door.migrator().problems().await?;
    let failed = problems.iter().map(|problem| {
        let outcome = match problem.stops() {
            true => Outcome::Failed,
            false => Outcome::Works,
        };
        Trial::new("tables", outcome, format!("{problem}: {}", problem.advice()))
    });
    let mut trials: Vec<_> = failed.collect();
    if trials.is_empty() {
        trials.push(Trial::new("tables", Outcome::Works, columns(door)));
    }
    if !trials.iter().any(|trial| trial.outcome == Outcome::Failed) {
        trials.extend(to_add(door).await?);
    }
    Ok(trials)
}

fn columns(door: &Doorward) -> String {
    let (kind, users) = (door.database().dialect().name(), &door.settings().user.table);
    format!("{kind}, users in {users}: all columns are as they should be")
}

/// What `doorward migrate` would add.
async fn to_add(door: &Doorward) -> Result<Option<Trial>, Failure> {
    let plan = door.migrator().plan().await?;
    let (count, apps) = (plan.steps().len(), plan.apps().join(", "));
    let found =
        format!("{count} migration(s) of {apps}: `doorward migrate` adds their tables, and alters none");
    Ok((count > 0).then(|| Trial::new("tables to add", Outcome::Untried, found)))
}
