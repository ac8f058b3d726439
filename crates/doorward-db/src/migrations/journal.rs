//! The journal of a run, where a statement that makes a table is committed by itself (`doorward_migration_step`).
//!
//! Such a run can be interrupted between any two statements. Before it makes anything, it writes down what it is going to
//! do, and behind each statement that this one is done, which is committed with the next at the latest. The next run goes on
//! with the statement that is not known to be done: it may be done all the same, and then what it makes is there already.
//! The last migration is recorded together with the end of the run.

use doorward_django::timestamp::Timestamp;

use super::apply::{make_models, record, render};
use super::plan::{FeedWork, Plan, Step};
use super::{MigrateError, own};
use crate::database::{DatabaseError, Result, Row, Transaction, Value};
use crate::feed::{self, FeedProblem};
use crate::schema::Names;

pub(super) const TABLE: &str = "doorward_migration_step";
/// What of a run that was interrupted is known to be done.
pub(super) const BEGUN: &str = "SELECT app, name, statements FROM doorward_migration_step";

/// A step of a run that was interrupted.
#[derive(Clone, Debug)]
pub(super) struct Begun {
    pub(super) app: String,
    name: String,
    /// How many of its statements are done for certain.
    statements: usize,
}

impl Begun {
    pub(super) fn read(row: &Row) -> Result<Self> {
        let statements: i64 = row.read(2)?;
        Ok(Self {
            app: row.read(0)?,
            name: row.read(1)?,
            statements: usize::try_from(statements).unwrap_or_default(),
        })
    }
}

pub(super) async fn run(
    plan: &Plan,
    names: &Names,
    transaction: &mut Transaction,
    now: Timestamp,
) -> Result<(), MigrateError> {
    let (first, steps) = match plan.steps() {
        [first, steps @ ..] if own::is_first(first) => (Some(first), steps),
        steps => (None, steps),
    };
    // Also where somebody has dropped the journal since.
    for statement in own::FIRST.on(names.dialect) {
        transaction.execute(*statement, []).await?;
    }
    if let Some(first) = first {
        record(first, names, transaction, now).await?;
    }
    begin(steps, transaction).await?;
    let last = steps.len().saturating_sub(1);
    for (number, step) in steps.iter().enumerate() {
        make(step, plan, names, transaction).await?;
        if number == last {
            make_models(plan, names, transaction).await?;
            transaction
                .execute("DELETE FROM doorward_migration_step", [])
                .await?;
        }
        record(step, names, transaction, now).await?;
    }
    if plan.feed == FeedWork::Install && !steps.iter().any(Step::installs_feed) {
        install_feed(names, transaction).await?;
    }
    Ok(())
}

/// Nobody has to have the feed: a server that keeps this user from making triggers goes without, and so does one beside which
/// others write.
async fn install_feed(names: &Names, transaction: &mut Transaction) -> Result<(), MigrateError> {
    let reason = match feed::mariadb_lets_make_triggers(transaction).await? {
        false => "this server keeps a binary log, and lets only a user with SUPER make triggers",
        true => match feed::install_in(transaction, names.dialect, &names.user.schema).await {
            Err(FeedProblem::SeveralWriters(reason)) => reason,
            done => return Ok(done?),
        },
    };
    tracing::warn!(reason, "the change feed is not installed");
    Ok(())
}

async fn begin(steps: &[Step], transaction: &mut Transaction) -> Result<()> {
    let sql = "INSERT IGNORE INTO doorward_migration_step (app, name, statements) VALUES (?, ?, 0)";
    for step in steps {
        transaction.execute(sql, key(step)).await?;
    }
    Ok(())
}

/// Runs the statements of a step that are not known to be done.
async fn make(
    step: &Step,
    plan: &Plan,
    names: &Names,
    transaction: &mut Transaction,
) -> Result<(), MigrateError> {
    // Done by halves, it is done again from its beginning.
    if step.installs_feed() {
        return install_feed(names, transaction).await;
    }
    let begun = plan.begun.iter();
    let mut begun = begun.filter(|begun| begun.app == step.app() && begun.name == step.name());
    let begun = begun.next().map(|begun| begun.statements);
    for (number, statement) in step.statements().enumerate().skip(begun.unwrap_or_default()) {
        match transaction.execute(render(statement, names), []).await {
            Err(DatabaseError::Exists(_)) if begun == Some(number) => {}
            done => drop(done?),
        }
        let [app, name] = key(step);
        let done = Value::Int(i64::try_from(number).unwrap_or(i64::MAX).saturating_add(1));
        let sql = "UPDATE doorward_migration_step SET statements = ? WHERE app = ? AND name = ?";
        transaction.execute(sql, [done, app, name]).await?;
    }
    Ok(())
}

fn key(step: &Step) -> [Value; 2] {
    [step.app().into(), step.name().into()]
}
