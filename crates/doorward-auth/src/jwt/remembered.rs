//! [`Remembered`]: tokens whose signature was found genuine.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use doorward_django::crypto::constant_time_eq;
use doorward_django::jwt::{Claims, Keyring};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Weighter};

/// What a token takes beside its text and its claims, in bytes.
const PLACE: u64 = 256;

/// What a token takes, about: how many places there are at first follows from it.
const USUAL: u64 = 2048;

/// What the claims of a token take, beside its text: they are about as long, and each is a value of its own.
const CLAIMS: usize = 4;

/// The claims of tokens that were verified, for the next request with the same one. Whether they have expired is judged each time.
///
/// A token is found by a hash that nobody can foresee, and compared as a whole. What was verified by keys that are not ours any
/// more counts no longer.
pub(super) struct Remembered {
    hashes: RandomState,
    kept: Cache<u64, Arc<Genuine>, Weight>,
}

/// A token, the keys that verified it, and what it says.
struct Genuine {
    token: Secret<Vec<u8>>,
    keyring: Arc<Keyring>,
    until: Option<Timestamp>,
    claims: Arc<Claims>,
}

impl Remembered {
    /// With room for so many bytes.
    pub(super) fn new(room: u64) -> Self {
        let places = usize::try_from(room / USUAL).unwrap_or(usize::MAX).max(1);
        let (hasher, lifecycle) = (DefaultHashBuilder::default(), DefaultLifecycle::default());
        Self {
            hashes: RandomState::new(),
            kept: Cache::with(places, room, Weight, hasher, lifecycle),
        }
    }

    /// The claims of a token that those keys verified.
    pub(super) fn find(&self, token: &[u8], keyring: &Arc<Keyring>, now: Timestamp) -> Option<Arc<Claims>> {
        let genuine = self.kept.get(&self.hashes.hash_one(token))?;
        let is_current = Arc::ptr_eq(&genuine.keyring, keyring) && genuine.until.is_none_or(|end| now < end);
        (is_current && constant_time_eq(genuine.token.expose(), token)).then(|| Arc::clone(&genuine.claims))
    }

    /// Keeps the claims of a token that those keys have just verified.
    pub(super) fn keep(&self, token: &[u8], keyring: &Arc<Keyring>, claims: &Arc<Claims>, now: Timestamp) {
        let genuine = Genuine {
            token: Secret::new(token.to_vec()),
            until: keyring.unchanged_until(now),
            keyring: Arc::clone(keyring),
            claims: Arc::clone(claims),
        };
        self.kept.insert(self.hashes.hash_one(token), Arc::new(genuine));
    }
}

/// About how many bytes are kept.
#[derive(Clone, Copy)]
struct Weight;

impl Weighter<u64, Arc<Genuine>> for Weight {
    fn weight(&self, _: &u64, genuine: &Arc<Genuine>) -> u64 {
        let text = genuine.token.expose().len();
        u64::try_from(text.saturating_mul(CLAIMS))
            .unwrap_or(u64::MAX)
            .saturating_add(PLACE)
    }
}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remembered({})", self.kept.len())
    }
}

#[cfg(test)]
mod tests {
    use doorward_django::jwt::{Algorithm, RingKey};

    use super::*;

    fn keyring(end: Option<i64>) -> Arc<Keyring> {
        let secret = b"a secret of at least thirty-two bytes";
        let key = RingKey::new(Algorithm::Hs256, secret, secret).unwrap();
        let key = match end {
            Some(end) => key.verifies_until(Timestamp::from_secs(end)),
            None => key,
        };
        Arc::new(Keyring::new([key]).unwrap())
    }

    #[test]
    fn a_token_counts_with_its_keys_and_as_a_whole() {
        let (kept, ours, others) = (Remembered::new(10_000), keyring(Some(9)), keyring(None));
        let at = Timestamp::from_secs;
        kept.keep(b"a.b.c", &ours, &Arc::default(), at(1));
        assert!(kept.find(b"a.b.c", &ours, at(8)).is_some());
        assert!(
            kept.find(b"a.b.c", &ours, at(9)).is_none(),
            "the key has ceased to verify"
        );
        assert!(
            kept.find(b"a.b.c", &others, at(1)).is_none(),
            "the keys were changed"
        );
        assert!(kept.find(b"a.b.d", &ours, at(1)).is_none());
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let (kept, keys) = (Remembered::new(100_000), keyring(None));
        for number in 0..10_000_u32 {
            kept.keep(
                &number.to_le_bytes().repeat(100),
                &keys,
                &Arc::default(),
                Timestamp::from_secs(1),
            );
        }
        let weight = kept.kept.weight();
        assert!((50_000..=100_000).contains(&weight), "{weight}");
    }
}
