//! [`Failure`]: what a command ends with when it does not succeed.

use std::error::Error;
use std::io;

use doorward_db::DatabaseError;
use doorward_db::feed::FeedProblem;
use doorward_db::migrations::MigrateError;

use crate::causes::with_causes;
use crate::exceptions::ApiException;
use crate::settings::SettingsError;
use crate::settings::tree::LoadErrors;
use crate::stores::StoreError;

/// Why a command ends, and with which exit code its program does.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The command failed: 1.
    Command(String),
    /// The settings or the command line are wrong, in a way each line: 2.
    Settings(String),
    /// The command line asks for help, or cannot be read: 0 or 2.
    CommandLine(Box<clap::Error>),
    /// Everything was said, or nobody listens any more: 1.
    Quiet,
}

impl Failure {
    /// The command failed: the program tells why and ends with 1.
    pub fn command(message: impl Into<String>) -> Self {
        Self::Command(message.into())
    }

    /// The settings are wrong, in a way each line: the program tells them and ends with 2.
    pub fn settings(message: impl Into<String>) -> Self {
        Self::Settings(message.into())
    }
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        Self::CommandLine(Box::new(error))
    }
}

impl From<LoadErrors> for Failure {
    fn from(errors: LoadErrors) -> Self {
        Self::Settings(errors.to_string())
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error.to_string())
    }
}

impl From<MigrateError> for Failure {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Database(error) => error.into(),
            MigrateError::Feed(problem) => problem.into(),
            refused => Self::Command(with_causes(&refused)),
        }
    }
}

impl From<FeedProblem> for Failure {
    fn from(problem: FeedProblem) -> Self {
        let advice = problem.advice();
        match (problem, advice) {
            (FeedProblem::Database(error), _) => error.into(),
            (problem, Some(advice)) => Self::Command(format!("{problem}; {advice}")),
            (problem, None) => Self::Command(problem.to_string()),
        }
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self::Command(with_advice(&error))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Command(with_advice(&error))
    }
}

impl From<ApiException> for Failure {
    fn from(error: ApiException) -> Self {
        Self::Command(with_advice(&error))
    }
}

/// An error with its causes, and what to do about it where a database among them knows.
fn with_advice(error: &(dyn Error + 'static)) -> String {
    let told = with_causes(error);
    let causes = std::iter::successors(Some(error), |cause| Error::source(*cause));
    let databases = causes.filter_map(|cause| cause.downcast_ref::<DatabaseError>());
    match databases.filter_map(DatabaseError::advice).next() {
        Some(advice) => format!("{told}; {advice}"),
        None => told,
    }
}

/// Whoever reads our output may stop reading: that is no failure to tell.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Quiet,
            _ => Self::Command(error.to_string()),
        }
    }
}
