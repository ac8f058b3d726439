//! [`SeededEntropy`]: chance that repeats itself.

use std::sync::atomic::{AtomicU64, Ordering};

use doorward_core::entropy::Entropy;

/// The increment of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
const INCREMENT: u64 = 0x9e37_79b9_7f4a_7c15;

/// The same bytes in every run, for tests that compare whole tokens. Everybody can guess them.
///
/// ```
/// use doorward_core::entropy;
/// use doorward_testing::SeededEntropy;
///
/// let first: [u8; 4] = entropy::bytes(&SeededEntropy::new(7));
/// let again: [u8; 4] = entropy::bytes(&SeededEntropy::new(7));
/// assert_eq!(first, again);
/// ```
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// The sequence of that seed, from its beginning.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    fn next(&self) -> u64 {
        let state = self
            .0
            .fetch_add(INCREMENT, Ordering::SeqCst)
            .wrapping_add(INCREMENT);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let random = self.next().to_le_bytes();
            chunk.iter_mut().zip(random).for_each(|(byte, new)| *byte = new);
        }
    }
}
