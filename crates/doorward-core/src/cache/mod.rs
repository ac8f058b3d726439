//! The coherent cache: who a credential stands for, remembered, and never older than `cache.max_staleness`.
//!
//! [`Principals`] is the one way from a credential to a user, for authenticators and permissions. What it reads is kept in tables of
//! facts (`table`), which share so many bytes (`shelf`): rows, names and ids, never a verdict. Whether a user is active or a token has expired is judged at each hit.
//!
//! A kept fact is used while `coherence` calls it good: no change of what it was read from was told since before its read began, it
//! is younger than `cache.max_age`, and either its own read began less than `max_staleness` ago or a poll of the change feed did that
//! found no change of it. Writes of this process tell of themselves: the stores of a door are wrapped (`told`).
//!
//! What is not good is read again: once for all who ask for the same at once (`flights`), a bounded number at a time (`misses`),
//! and many in one statement where many wait (`batches`).
//! Nothing is kept of what is not there.

mod batches;
mod coherence;
mod digest;
mod feed;
mod flights;
mod misses;
mod principals;
mod reads;
mod rules;
mod sessions;
mod shelf;
mod status;
mod table;
mod told;
mod weigh;

pub use principals::Principals;
pub(crate) use principals::Source;
pub(crate) use rules::CacheRules;
pub(crate) use sessions::KnownSession;
pub use sessions::SessionOwner;
pub use status::{CacheStatus, FeedState, KindStatus};
