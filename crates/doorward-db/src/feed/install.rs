//! Installing the feed, taking it away, and how it stands.

use super::objects::{self, Objects};
use super::problem::FeedProblem;
use crate::database::{Database, DatabaseError, Result, Source, Sql, Transaction};
use crate::dialect::Dialect;
use crate::schema::UserSchema;

/// Installs the feed in one transaction, or again where it is there: on a database that Django made too. Tables that others use
/// are waited for, but not for long.
///
/// # Errors
/// [`FeedProblem::Rights`] where this user may not; nothing was changed then, as after every other error.
pub async fn install(database: &Database, user: &UserSchema) -> Result<(), FeedProblem> {
    let mut transaction = database.transaction().await?;
    transaction.exclusive(&["migrate"]).await?;
    install_in(&mut transaction, database.dialect(), user).await?;
    Ok(transaction.commit().await?)
}

/// The same, as a part of a transaction.
pub(crate) async fn install_in(
    transaction: &mut Transaction,
    dialect: Dialect,
    user: &UserSchema,
) -> Result<(), FeedProblem> {
    let objects = Objects::read(&mut Source::Transaction(transaction), dialect, user).await?;
    let statements = objects.install(&mut Source::Transaction(transaction)).await?;
    run(transaction, statements).await
}

/// Takes the feed away in one transaction: what it added is gone, and nothing else. Does nothing where it is not there.
///
/// # Errors
/// When the database is away, or this user may not.
pub async fn uninstall(database: &Database) -> Result<(), FeedProblem> {
    let mut transaction = database.transaction().await?;
    transaction.exclusive(&["migrate"]).await?;
    let mut source = Source::Transaction(&mut transaction);
    let statements = objects::uninstall(&mut source, database.dialect()).await?;
    run(&mut transaction, statements).await?;
    Ok(transaction.commit().await?)
}

/// The statements of [`install`], for somebody else who may run them.
///
/// # Errors
/// When the database is away.
pub async fn install_sql(database: &Database, user: &UserSchema) -> Result<Vec<String>, FeedProblem> {
    let mut source = Source::Database(database);
    let objects = Objects::read(&mut source, database.dialect(), user).await?;
    objects.print(&mut source).await
}

/// Whether the feed sees every change.
///
/// # Errors
/// What keeps it from that.
pub async fn status(database: &Database, user: &UserSchema) -> Result<Status, FeedProblem> {
    let mut source = Source::Database(database);
    let objects = Objects::read(&mut source, database.dialect(), user).await?;
    let flaws = objects.flaws(&mut source).await?;
    if !flaws.is_empty() {
        return Err(FeedProblem::Blind(flaws));
    }
    let row = database
        .fetch_optional("SELECT count(*) FROM doorward_change", [])
        .await?;
    let nothing = || DatabaseError::Statement("it gave no row".into());
    let rows = row.ok_or_else(nothing)?.read(0)?;
    Ok(Status { rows })
}

/// A feed that sees every change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// How many rows it holds that are not deleted yet.
    pub rows: i64,
}

async fn run(transaction: &mut Transaction, statements: Vec<String>) -> Result<(), FeedProblem> {
    for statement in statements {
        transaction.execute(Sql::rendered(statement), []).await?;
    }
    Ok(())
}
