//! What a throttle counts under: [`ThrottleKey`] (`rest_framework.throttling.SimpleRateThrottle.get_cache_key`).

use std::fmt::{self, Display, Write};

use sha2::{Digest, Sha256};

/// A digest of a scope and of who is counted in it. It tells neither, and both have their own place in it, so that no
/// name reads as another scope's.
///
/// DRF's key is the text `throttle_<scope>_<ident>`; counters are not shared with Django.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ThrottleKey([u8; 16]);

impl ThrottleKey {
    /// The key of `ident`, which is one of that `kind` (a user, an address), in `scope`.
    #[must_use]
    pub fn new(scope: &str, kind: &str, ident: &dyn Display) -> Self {
        let mut digest = Writer(Sha256::new());
        // Writing to a digest cannot fail, and an ident that fails to show itself is cut where it failed.
        let _ = write!(digest, "{}:{scope}{}:{kind}{ident}", scope.len(), kind.len());
        let [left, _] = halves(digest.0.finalize().into());
        Self(left)
    }

    /// The digest.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

fn halves(digest: [u8; 32]) -> [[u8; 16]; 2] {
    let mut halves = [[0; 16]; 2];
    let bytes = halves.iter_mut().flatten();
    bytes.zip(digest).for_each(|(place, byte)| *place = byte);
    halves
}

/// Lets a digest be written to, so that no text is built.
struct Writer(Sha256);

impl Write for Writer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_digests() {
        let wanted = Sha256::digest("4:user2:id7");
        assert_eq!(ThrottleKey::new("user", "id", &7).as_bytes()[..], wanted[..16]);
    }

    #[test]
    fn scope_kind_and_ident_are_kept_apart() {
        let keys = [
            ThrottleKey::new("a", "b", &"c"),
            ThrottleKey::new("ab", "", &"c"),
            ThrottleKey::new("", "ab", &"c"),
            ThrottleKey::new("a", "bc", &""),
            ThrottleKey::new("a", "b", &"1:c"),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "{index}");
        }
    }
}
