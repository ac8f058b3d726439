//! `[passwords.costs]`: the work that hashes of passwords are made with.

use doorward_django::passwords::{Argon2Parameters, Parameters, ScryptParameters};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[passwords.costs]`: what a new hash costs, as the attributes of Django's hashers say it; unless set, what Django 5.2's do.
///
/// A hash of other costs is made anew when its user logs in, which ends that user's other sessions: Django and Doorward on
/// one database have the same.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PasswordCosts {
    /// Iterations of PBKDF2 with SHA-256 (`PBKDF2PasswordHasher.iterations`).
    pub pbkdf2_sha256: u32,
    /// Iterations of PBKDF2 with SHA-1 (`PBKDF2SHA1PasswordHasher.iterations`).
    pub pbkdf2_sha1: u32,
    /// Argon2's passes over its memory (`Argon2PasswordHasher.time_cost`).
    pub argon2_time: u32,
    /// Argon2's memory, in KiB (`Argon2PasswordHasher.memory_cost`).
    pub argon2_memory: u32,
    /// Argon2's lanes (`Argon2PasswordHasher.parallelism`).
    pub argon2_parallelism: u32,
    /// The binary logarithm of bcrypt's rounds, 4 to 31 (`BCryptSHA256PasswordHasher.rounds`).
    pub bcrypt: u32,
    /// scrypt's `N`, a power of two (`ScryptPasswordHasher.work_factor`).
    pub scrypt_work_factor: u64,
    /// scrypt's `r` (`ScryptPasswordHasher.block_size`).
    pub scrypt_block_size: u32,
    /// scrypt's `p` (`ScryptPasswordHasher.parallelism`).
    pub scrypt_parallelism: u32,
}

impl Default for PasswordCosts {
    fn default() -> Self {
        let Parameters {
            pbkdf2_sha256,
            pbkdf2_sha1,
            argon2,
            bcrypt,
            scrypt,
        } = Parameters::default();
        Self {
            pbkdf2_sha256,
            pbkdf2_sha1,
            argon2_time: argon2.time,
            argon2_memory: argon2.memory,
            argon2_parallelism: argon2.parallelism,
            bcrypt,
            scrypt_work_factor: scrypt.work_factor,
            scrypt_block_size: scrypt.block_size,
            scrypt_parallelism: scrypt.parallelism,
        }
    }
}

impl PasswordCosts {
    /// The same, as the hashers take them.
    #[must_use]
    pub const fn parameters(&self) -> Parameters {
        Parameters {
            pbkdf2_sha256: self.pbkdf2_sha256,
            pbkdf2_sha1: self.pbkdf2_sha1,
            argon2: Argon2Parameters {
                memory: self.argon2_memory,
                time: self.argon2_time,
                parallelism: self.argon2_parallelism,
            },
            bcrypt: self.bcrypt,
            scrypt: ScryptParameters {
                work_factor: self.scrypt_work_factor,
                block_size: self.scrypt_block_size,
                parallelism: self.scrypt_parallelism,
            },
        }
    }
}
