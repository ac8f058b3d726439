//! [`Shelf`]: all facts that are kept, whatever their kind, within so many bytes.

use std::any::Any;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::{Cache, DefaultLifecycle};

use super::digest::Digest;

/// What a place takes beside the fact in it, in bytes: name, pointer and what `quick_cache` knows of it, in a list that grows by
/// doubling.
const PLACE: usize = 128;

/// What a principal takes with a password hash and a name, about: how many places there are at first follows from it.
const USUAL: u64 = 1024;

/// A fact of any kind.
pub(crate) trait AnyFact: Any + Send + Sync {
    /// How much memory it takes, in bytes.
    fn bytes(&self) -> usize;
}

type Kept = Cache<Digest, Arc<dyn AnyFact>, Weight, BuildHasherDefault<AsItIs>>;

/// Facts of all kinds. Where there is no more room, those go that are used least, and what comes for the first time goes first: a
/// stranger who brings much drives out nobody who is in use.
pub(crate) struct Shelf {
    kept: Kept,
}

impl Shelf {
    /// With room for so many bytes, and so many facts.
    pub(crate) fn new(room: u64, capacity: u64) -> Self {
        let (hasher, lifecycle) = (BuildHasherDefault::default(), DefaultLifecycle::default());
        let places = usize::try_from(room / USUAL).unwrap_or(usize::MAX).max(1);
        let weight = Weight {
            least: room / capacity.max(1),
        };
        Self {
            kept: Cache::with(places, room, weight, hasher, lifecycle),
        }
    }

    /// The fact of that name.
    pub(crate) fn find<F: AnyFact>(&self, name: Digest) -> Option<Arc<F>> {
        let fact: Arc<dyn Any + Send + Sync> = self.kept.get(&name)?;
        fact.downcast().ok()
    }

    /// Keeps a fact under that name, if there can be room for it.
    pub(crate) fn keep(&self, name: Digest, fact: Arc<dyn AnyFact>) {
        self.kept.insert(name, fact);
    }

    /// How many bytes are kept.
    pub(crate) fn bytes(&self) -> u64 {
        self.kept.weight()
    }

    /// How many bytes there is room for.
    pub(crate) fn room(&self) -> u64 {
        self.kept.capacity()
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shelf({} of {} bytes)", self.bytes(), self.room())
    }
}

/// What a fact takes of the room; a light one counts as its share of it, so that there are never more than may be.
#[derive(Clone, Copy)]
struct Weight {
    least: u64,
}

impl Weighter<Digest, Arc<dyn AnyFact>> for Weight {
    fn weight(&self, _: &Digest, fact: &Arc<dyn AnyFact>) -> u64 {
        let bytes = u64::try_from(fact.bytes().saturating_add(PLACE)).unwrap_or(u64::MAX);
        bytes.max(self.least)
    }
}

/// A digest is a hash already.
#[derive(Clone, Copy, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        let word = |hash: u64, word: &[u8; 8]| hash.rotate_left(32) ^ u64::from_le_bytes(*word);
        let hash = words.iter().fold(self.0, word);
        self.0 = rest
            .iter()
            .fold(hash, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::digest::Names;

    struct Light;

    impl AnyFact for Light {
        fn bytes(&self) -> usize {
            1
        }
    }

    /// How many of so many facts are kept.
    fn kept_of(facts: u64, shelf: &Shelf) -> usize {
        let names = Names::new();
        let name = |number: u64| names.with(number, b"a fact");
        for number in 0..facts {
            shelf.keep(name(number), Arc::new(Light));
        }
        let kept = (0..facts).filter(|number| shelf.find::<Light>(name(*number)).is_some());
        kept.count()
    }

    #[test]
    fn there_are_never_more_than_may_be() {
        let kept = kept_of(10_000, &Shelf::new(64 << 20, 500));
        assert!((250..=500).contains(&kept), "{kept}");
        assert_eq!(kept_of(10_000, &Shelf::new(64 << 20, 1_000_000)), 10_000);
    }
}
