//! How much memory an entry takes.

use super::*;
use crate::cache::digest::Digest;
use crate::cache::table::Fact;

/// What the cache takes for a principal, beside its rows and their texts.
#[test]
fn an_entry_is_small() {
    /// What `quick_cache` says of itself: 21 bytes beside name and value, in a table that may be twice as large as it is full.
    const PLACE: usize = (size_of::<Digest>() + 2 * size_of::<usize>() + 21) * 3;
    /// The two counts of an `Arc`.
    const COUNTS: usize = 2 * size_of::<usize>();
    let facts = [
        size_of::<Fact<TokenOwner>>(),
        size_of::<Fact<KnownSession>>(),
        size_of::<Fact<TokenHolder>>(),
        size_of::<Fact<Held>>(),
        size_of::<Fact<()>>(),
    ];
    assert!(
        facts.into_iter().all(|fact| PLACE + COUNTS + fact <= 256),
        "{facts:?}"
    );
}
