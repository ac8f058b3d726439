//! [`MigrateError`].

use super::problem::Problem;
use crate::database::DatabaseError;
use crate::feed::FeedProblem;

/// Why nothing was migrated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// The database cannot be read or written.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The change feed cannot be installed; nothing was changed.
    #[error(transparent)]
    Feed(#[from] FeedProblem),
    /// The database is in a state that no known migration leaves; it was left as it is.
    #[error("the database is in a state that Doorward does not know; nothing was changed:{}", list(.0))]
    Refused(Vec<Problem>),
}

fn list(problems: &[Problem]) -> String {
    let line = |problem: &Problem| format!("\n- {problem}; {}", problem.advice());
    problems.iter().map(line).collect()
}
