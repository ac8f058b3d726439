//! Password hashes as Django stores them: to make, to check and to judge them.
//!
//! [`Hashers`] stands for the setting `PASSWORD_HASHERS`: its first algorithm makes new hashes, all of them
//! are believed. A check spends its time by itself: whatever is wrong (the password, the hash, or that
//! there is none) costs about what one hash by the first algorithm costs, so that the time of a failed
//! login tells nothing.
//!
//! A check says why it refused, for the log alone; what a client sees must be the same in every case.
//! Source: `django.contrib.auth.hashers`.
//!
//! Whether Django reads what is written here is checked from outside: `doorward createuser` and
//! `doorward changepassword` write the hash, Django's `check_password` reads it.
//!
//! ```
//! # #[cfg(feature = "passwords")] {
//! use doorward_django::passwords::{Algorithm, Hashers, Parameters, Update, Verdict};
//!
//! let parameters = Parameters { pbkdf2_sha256: 1_000, ..Parameters::default() };
//! let hashers = Hashers::new(vec![Algorithm::Pbkdf2Sha256])?.with_parameters(parameters)?;
//!
//! let encoded = hashers.make_password("correct horse", &[7; 88])?; // 88 random bytes
//! assert!(encoded.starts_with("pbkdf2_sha256$1000$"));
//! let verdict = hashers.check_password("correct horse", &encoded);
//! assert_eq!(verdict, Verdict::Correct { must_update: Update::None });
//! # }
//! # Ok::<(), doorward_django::passwords::HashersError>(())
//! ```

#[cfg(feature = "passwords")]
mod algorithms;
#[cfg(not(feature = "passwords"))]
#[path = "no_algorithms.rs"]
mod algorithms;
mod hashers;
mod parameters;
mod stored;
pub mod validators;

use std::fmt;
use std::str::FromStr;

pub use self::hashers::{Hashers, HashersError, Refusal, SALT_BYTES, Update, Verdict};
pub use self::parameters::{Argon2Parameters, Caps, Parameters, ScryptParameters};
use crate::crypto::random_string;

/// The algorithms of Django 5.2's `PASSWORD_HASHERS`, in its order; the first one hashes.
/// Source: `django.conf.global_settings`.
pub const DJANGO_DEFAULT: [Algorithm; 5] = [
    Algorithm::Pbkdf2Sha256,
    Algorithm::Pbkdf2Sha1,
    Algorithm::Argon2,
    Algorithm::BcryptSha256,
    Algorithm::Scrypt,
];

/// Whether this build can hash passwords: without the feature `passwords` no hash is made, and no password is right.
pub const CAN_HASH: bool = algorithms::ARE_BUILT;

/// How many random bytes [`make_unusable`] wants.
pub const UNUSABLE_BYTES: usize = 160;

const UNUSABLE_PREFIX: char = '!';

/// `django.utils.crypto.RANDOM_STRING_CHARS`.
const RANDOM_STRING_CHARS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A password hashing algorithm that Django has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// `PBKDF2PasswordHasher`: PBKDF2 with HMAC-SHA-256, the default.
    Pbkdf2Sha256,
    /// `PBKDF2SHA1PasswordHasher`: PBKDF2 with HMAC-SHA-1.
    Pbkdf2Sha1,
    /// `Argon2PasswordHasher`: Argon2id; verifies Argon2i and Argon2d too.
    Argon2,
    /// `BCryptSHA256PasswordHasher`: bcrypt of the SHA-256 of the password.
    BcryptSha256,
    /// `BCryptPasswordHasher`: bcrypt of the first 72 bytes of the password.
    Bcrypt,
    /// `ScryptPasswordHasher`.
    Scrypt,
    /// `MD5PasswordHasher`: salted MD5, only for tests and for hashes to be upgraded.
    Md5,
}

impl Algorithm {
    /// Every algorithm, Django's defaults first.
    pub const ALL: [Self; 7] = [
        Self::Pbkdf2Sha256,
        Self::Pbkdf2Sha1,
        Self::Argon2,
        Self::BcryptSha256,
        Self::Scrypt,
        Self::Bcrypt,
        Self::Md5,
    ];

    /// Django's name for it, with which its hashes begin.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pbkdf2Sha256 => "pbkdf2_sha256",
            Self::Pbkdf2Sha1 => "pbkdf2_sha1",
            Self::Argon2 => "argon2",
            Self::BcryptSha256 => "bcrypt_sha256",
            Self::Bcrypt => "bcrypt",
            Self::Scrypt => "scrypt",
            Self::Md5 => "md5",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// No algorithm of Django's has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown password hashing algorithm {0:?}")]
pub struct UnknownAlgorithm(pub String);

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|algorithm| algorithm.name() == name);
        found.ok_or_else(|| UnknownAlgorithm(name.to_owned()))
    }
}

/// Whether a hash was not made by [`make_unusable`]; says nothing of its form otherwise.
/// Source: `django.contrib.auth.hashers.is_password_usable`.
#[must_use]
pub fn is_password_usable(encoded: &str) -> bool {
    !encoded.starts_with(UNUSABLE_PREFIX)
}

/// A value for the password column that no password matches: `!` and 40 random characters.
///
/// They are random so that reset links and sessions made before end with it.
/// Source: `django.contrib.auth.hashers.make_password(None)`.
#[must_use]
pub fn make_unusable(random: &[u8; UNUSABLE_BYTES]) -> String {
    format!("{UNUSABLE_PREFIX}{}", random_string(random, RANDOM_STRING_CHARS))
}

/// The algorithm that a hash claims to be of, whether or not the rest of it makes sense.
///
/// None for what is of no algorithm, and for the unsalted hashes of ancient Django, which 5.1 dropped.
/// Source: `django.contrib.auth.hashers.identify_hasher`.
#[must_use]
pub fn identify(encoded: &str) -> Option<Algorithm> {
    // `md5$$` with an empty salt: Django's `unsalted_md5`, which is no longer shipped.
    if encoded.starts_with("md5$$") && encoded.chars().count() == 37 {
        return None;
    }
    let (name, _) = encoded.split_once('$')?;
    name.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
        }
        assert_eq!(
            "PBKDF2".parse::<Algorithm>(),
            Err(UnknownAlgorithm("PBKDF2".into()))
        );
    }

    #[test]
    fn an_unusable_password_is_a_mark_and_forty_characters() {
        let unusable = make_unusable(&[5; UNUSABLE_BYTES]);
        assert_eq!(unusable.len(), 41);
        assert!(
            unusable.starts_with('!') && unusable.bytes().skip(1).all(|byte| byte.is_ascii_alphanumeric())
        );
        assert!(!is_password_usable(&unusable));
        assert!(is_password_usable("") && is_password_usable("md5$a$b"));
    }

    #[test]
    fn what_no_algorithm_made_is_not_identified() {
        for encoded in [
            "",
            "!",
            "plain",
            "md5",
            "sha1$a$b",
            "$argon2id$v=19",
            "0123456789abcdef0123456789abcdef",
        ] {
            assert_eq!(identify(encoded), None, "{encoded}");
        }
        assert_eq!(identify("md5$$0123456789abcdef0123456789abcdef"), None);
        assert_eq!(identify("md5$s$x"), Some(Algorithm::Md5));
        assert_eq!(identify("bcrypt_sha256$$2b$12$"), Some(Algorithm::BcryptSha256));
    }
}
