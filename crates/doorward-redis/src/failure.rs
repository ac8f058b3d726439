//! [`Failure`]: why a server gave no verdict.

use redis::{ErrorKind, RedisError};

/// Why a server gave no verdict. None of it holds a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// It did not answer in time (`redis.timeout`).
    #[error("no answer in time")]
    Timeout,
    /// It cannot be reached, or the connection broke.
    #[error("{0}")]
    Connection(RedisError),
    /// It answered, and refused: out of memory, a replica, a wrong password.
    #[error("{0}")]
    Refused(RedisError),
    /// It answered what makes no sense.
    #[error("an answer that makes no sense")]
    Nonsense,
}

impl Failure {
    /// Its kind, for metrics.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Connection(_) => "connection",
            Self::Refused(_) => "refused",
            Self::Nonsense => "nonsense",
        }
    }
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        match error.kind() {
            _ if error.is_timeout() => Self::Timeout,
            ErrorKind::Parse | ErrorKind::UnexpectedReturnType => Self::Nonsense,
            ErrorKind::Server(_) | ErrorKind::Extension | ErrorKind::AuthenticationFailed => {
                Self::Refused(error)
            }
            _ => Self::Connection(error),
        }
    }
}
