//! [`SessionCache`]: a cache that Django keeps sessions in.

use std::fmt::Debug;
use std::time::Duration;

use doorward_django::secret::Secret;

use super::StoreAnswer;

/// A cache as `django.core.cache` has them: bytes under keys, which end by themselves. The engines `cache` and `cached_db`
/// of sessions write there what Django reads.
///
/// A key holds the key of a session: it is a secret, and stands in no log and no error.
pub trait SessionCache: Debug + Send + Sync {
    /// What is kept under that key.
    fn get<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<Secret<Vec<u8>>>>;

    /// Keeps a value for so long, if `unless` does not hold; `false` where it does.
    fn set<'a>(&'a self, key: &'a str, value: CachedSession, unless: Unless) -> StoreAnswer<'a, bool>;

    /// Forgets a key, if it is there; tells whether it was.
    fn delete<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, bool>;
}

/// What a cache keeps of a session.
#[derive(Clone, Debug)]
pub struct CachedSession {
    /// The bytes.
    pub value: Secret<Vec<u8>>,
    /// How long they are kept; more than nothing.
    pub lifetime: Duration,
}

/// When a value is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unless {
    /// It is kept whatever is there.
    Never,
    /// Something is there already (`cache.add`).
    There,
    /// Nothing is there.
    Gone,
}
