//! [`Error`]: why a door did not open, or a server did not run.

use std::fmt;
use std::io;
use std::path::PathBuf;

use doorward_core::causes::with_causes;
use doorward_core::exceptions::ApiException;
use doorward_core::router::RouteError;
use doorward_core::settings::{SettingsError, SettingsErrors};
use doorward_core::stores::StoreError;

/// The result of opening and serving.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// Why a door did not open, or a server did not run.
///
/// Its `Debug` is its message: a `main` that returns it tells people what to do.
#[non_exhaustive]
#[derive(thiserror::Error)]
pub enum Error {
    /// The settings are wrong.
    #[cfg(feature = "config")]
    #[error(transparent)]
    Load(#[from] crate::settings::LoadErrors),
    /// The settings are wrong.
    #[error(transparent)]
    Settings(#[from] SettingsErrors),
    /// The database cannot be opened.
    #[cfg(feature = "database")]
    #[error("{}", with_advice(.0, .0))]
    Database(#[from] doorward_sqlx::DatabaseError),
    /// The tables cannot be made, or are not as they should be.
    #[cfg(feature = "database")]
    #[error("{}", migrate(.0))]
    Migrate(#[from] doorward_sqlx::migrations::MigrateError),
    /// A store cannot do its work.
    #[error("{}", store(.0))]
    Store(#[from] StoreError),
    /// What stands around the stores cannot do its work: no password can be hashed, say.
    #[error("{}", with_causes(.0))]
    Api(#[from] ApiException),
    /// A file that holds a secret cannot be used, or not be made.
    #[error("{}: {problem}", path.display())]
    SecretFile {
        /// Where it is.
        path: PathBuf,
        /// What is wrong with it, and what to do about it.
        problem: String,
    },
    /// A route cannot be served.
    #[error(transparent)]
    Route(#[from] RouteError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// No HTTPS client could be made.
    #[cfg(feature = "jwks-client")]
    #[error("no HTTPS client could be made: {0}")]
    HttpClient(io::Error),
    /// The signals that end a server cannot be listened to.
    #[error("cannot listen to signals: {0}")]
    Signals(io::Error),
}

impl Error {
    /// Whether it is the settings that are wrong: a program ends with exit code 2 then.
    #[must_use]
    pub fn is_settings(&self) -> bool {
        match self {
            #[cfg(feature = "config")]
            Self::Load(_) => true,
            Self::Settings(_) | Self::SecretFile { .. } => true,
            #[cfg(feature = "database")]
            Self::Database(error) => names_no_database(error),
            _ => false,
        }
    }
}

#[cfg(feature = "commands")]
impl From<Error> for doorward_core::command::Failure {
    fn from(error: Error) -> Self {
        match error.is_settings() {
            true => Self::settings(error.to_string()),
            false => Self::command(error.to_string()),
        }
    }
}

/// For handlers: a database that is busy or away is 503, what is none of the database's is 500 with its cause in the log.
impl From<Error> for ApiException {
    fn from(error: Error) -> Self {
        match error {
            #[cfg(feature = "database")]
            Error::Database(error) => error.into(),
            Error::Store(error) => error.into(),
            Error::Api(error) => error,
            error => Self::server_error(error),
        }
    }
}

impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error.into())
    }
}

impl From<doorward_serve::Error> for Error {
    fn from(error: doorward_serve::Error) -> Self {
        match error {
            doorward_serve::Error::Settings(error) => error.into(),
            doorward_serve::Error::Bind { address, source } => Self::Bind { address, source },
            doorward_serve::Error::Signals(error) => Self::Signals(error),
        }
    }
}

/// Whether it is the address that is wrong, and not the database that is away.
#[cfg(feature = "database")]
fn names_no_database(error: &doorward_sqlx::DatabaseError) -> bool {
    use doorward_sqlx::DatabaseError as E;
    matches!(
        error,
        E::UnknownScheme | E::NoFile | E::NoDriver(_) | E::Address | E::Parameter(_) | E::Unusable { .. }
    )
}

#[cfg(feature = "database")]
fn migrate(error: &doorward_sqlx::migrations::MigrateError) -> String {
    match error {
        doorward_sqlx::migrations::MigrateError::Database(cause) => with_advice(error, cause),
        _ => with_causes(error),
    }
}

fn store(error: &StoreError) -> String {
    #[cfg(feature = "database")]
    if let Some(cause) = std::error::Error::source(error).and_then(|cause| cause.downcast_ref()) {
        return with_advice(error, cause);
    }
    with_causes(error)
}

/// An error, all that caused it, and what to do about it.
#[cfg(feature = "database")]
fn with_advice(error: &(dyn std::error::Error + 'static), database: &doorward_sqlx::DatabaseError) -> String {
    let told = with_causes(error);
    match database.advice() {
        Some(advice) => format!("{told}; {advice}"),
        None => told,
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
