//! [`Error`]: why a door did not open, or a server did not run.

use std::fmt;
use std::io;

use doorward_core::router::RouteError;
use doorward_core::settings::SettingsError;

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
    Load(#[from] crate::settings::LoadError),
    /// The settings are wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The database cannot be opened.
    #[cfg(feature = "sqlite")]
    #[error("{}", with_causes(.0))]
    Database(#[from] doorward_sqlx::DatabaseError),
    /// The tables cannot be made, or are not as they should be.
    #[cfg(feature = "sqlite")]
    #[error("{}", with_causes(.0))]
    Migrate(#[from] doorward_sqlx::migrations::MigrateError),
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
            Self::Settings(_) => true,
            #[cfg(feature = "sqlite")]
            Self::Database(error) => names_no_database(error),
            _ => false,
        }
    }
}

/// Whether it is the address that is wrong, and not the database that is away.
#[cfg(feature = "sqlite")]
fn names_no_database(error: &doorward_sqlx::DatabaseError) -> bool {
    use doorward_sqlx::DatabaseError as E;
    matches!(
        error,
        E::UnknownScheme | E::NoFile | E::NotSupported(_) | E::Unusable { .. }
    )
}

/// An error and all that caused it, in one line.
#[cfg(feature = "sqlite")]
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
