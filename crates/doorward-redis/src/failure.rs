//! [`Failure`]: why a server gave no answer.

use redis::{ErrorKind, RedisError};

/// Why a server gave no answer. None of it holds a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// It had been away before it was to be asked.
    #[error("Redis is away")]
    Away,
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
    /// None of the Sentinels tells where the primary is.
    #[error("no Sentinel tells where the primary of `{service}` is: {cause}")]
    NoPrimary {
        /// The name of the service.
        service: String,
        /// Why the last one that was asked did not.
        cause: String,
    },
    /// What a Sentinel named the primary is none.
    #[error("{0} is no primary")]
    NotPrimary(String),
    /// A file that the settings name for TLS cannot be used.
    #[error("{0}")]
    Certificates(String),
}

impl Failure {
    /// Its kind, for metrics.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Timeout => "timeout",
            Self::Connection(_) | Self::NoPrimary { .. } | Self::NotPrimary(_) | Self::Certificates(_) => {
                "connection"
            }
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
