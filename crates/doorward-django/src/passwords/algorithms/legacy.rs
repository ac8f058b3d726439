//! Salted MD5: `md5$salt$hex`, for tests and for hashes that await their upgrade.
//!
//! Source: `django.contrib.auth.hashers.MD5PasswordHasher`.

use md5::Digest;

use super::hashers::Update;
use super::reading::{is_same, update_if};
use super::stored::Stored;
use super::{Caps, Parameters};

/// Makes a hash of `password`.
pub(super) fn encode(password: &[u8], salt: &str) -> String {
    let digest = md5::Md5::new()
        .chain_update(salt)
        .chain_update(password)
        .finalize();
    format!("md5${salt}${}", crate::hex::encode(&digest))
}

/// An MD5 hash that was read.
pub(super) struct Md5<'a> {
    encoded: &'a str,
    salt: &'a str,
}

impl<'a> Md5<'a> {
    /// Reads the three parts; the salt must not be empty. The hash is compared, and never read.
    pub(super) fn parse(encoded: &'a str) -> Option<Self> {
        let mut parts = encoded.splitn(3, '$').skip(1);
        let (salt, _hash) = (parts.next()?, parts.next()?);
        (!salt.is_empty()).then_some(Self { encoded, salt })
    }
}

impl Stored for Md5<'_> {
    fn is_within(&self, _caps: &Caps) -> bool {
        true
    }

    fn must_update(&self, _own: &Parameters) -> Update {
        update_if(false, self.salt.chars().count())
    }

    fn verify(&self, password: &[u8]) -> bool {
        is_same(self.encoded, &encode(password, self.salt))
    }

    fn harden(&self, _password: &[u8], _own: &Parameters) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn django_s_known_answer() {
        assert_eq!(encode(b"pw", "salt"), "md5$salt$963e2232fa95666443f1ee9ffcdceda0");
    }

    #[test]
    fn what_makes_no_sense_is_not_read() {
        for encoded in ["md5", "md5$", "md5$salt", "md5$$963e2232fa95666443f1ee9ffcdceda0"] {
            assert!(Md5::parse(encoded).is_none(), "{encoded}");
        }
    }
}
