//! Why a token is refused: [`TokenError`].

use thiserror::Error;

/// Why a token is refused; shown, it is the sentence a client of SimpleJWT reads.
///
/// It names no cause beyond that sentence: whoever holds a bad token learns nothing from us.
/// Source: `rest_framework_simplejwt.tokens` and `.backends`.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// Malformed, signed otherwise, not yet valid, or with a registered claim of the wrong kind.
    #[error("Token is invalid")]
    Invalid,
    /// Its `exp` has passed.
    #[error("Token is expired")]
    Expired,
    /// It lacks the id claim.
    #[error("Token has no id")]
    NoId,
    /// It lacks the type claim.
    #[error("Token has no type")]
    NoType,
    /// It is of another type than the one asked for.
    #[error("Token has wrong type")]
    WrongType,
    /// It lacks a claim that holds an expiry.
    #[error("Token has no '{0}' claim")]
    NoClaim(String),
    /// An expiry other than the one `decode` looks at has passed.
    #[error("Token '{0}' claim has expired")]
    ClaimExpired(String),
    /// It has been taken back. Never found here, but by who keeps the list.
    #[error("Token is blacklisted")]
    Blacklisted,
}
