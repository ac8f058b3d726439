//! [`Names`]: what facts are kept under.

use sha2::{Digest as _, Sha256};

use crate::entropy::{self, SystemEntropy};

/// A digest that only this process can make. No credential can be told from it, nor one that has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; 16]);

/// Makes digests, under a key that is chance.
pub(crate) struct Names(Sha256);

impl Names {
    pub(crate) fn new() -> Self {
        // A whole block of SHA-256, which is done with once.
        let key: [u8; 64] = entropy::bytes(&SystemEntropy);
        Self(Sha256::new().chain_update(key))
    }

    /// The digest of a credential, an id or a name, among those of its kind.
    pub(crate) fn with(&self, kind: u64, name: &[u8]) -> Digest {
        let digest = self.0.clone().chain_update(kind.to_le_bytes()).chain_update(name);
        let whole: [u8; 32] = digest.finalize().into();
        Digest(std::array::from_fn(|place| {
            whole.get(place).copied().unwrap_or_default()
        }))
    }
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Names")
    }
}
