//! [`Error`]: why a server does not serve.

use std::fmt;
use std::io;

use doorward_core::settings::SettingsError;

/// The result of serving.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// Why a server does not serve.
///
/// Its `Debug` is its message: a `main` that returns it tells people what to do.
#[derive(thiserror::Error)]
pub enum Error {
    /// The settings are wrong, or a file that they name cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// The signals that end a server cannot be listened to.
    #[error("cannot listen to signals: {0}")]
    Signals(io::Error),
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(feature = "commands")]
impl From<Error> for doorward_core::command::Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Settings(_) => Self::settings(error.to_string()),
            Error::Bind { .. } | Error::Signals(_) => Self::command(error.to_string()),
        }
    }
}
