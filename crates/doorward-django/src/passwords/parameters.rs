//! What a hash costs: the parameters of new hashes, and the most that a stored one may ask for.

use super::hashers::HashersError;
use super::{Algorithm, algorithms};

/// The parameters of new hashes; the defaults are Django 5.2's.
///
/// ```
/// use doorward_django::passwords::Parameters;
///
/// assert_eq!(Parameters::default().pbkdf2_sha256, 1_000_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Iterations of PBKDF2 with SHA-256 (`PBKDF2PasswordHasher.iterations`).
    pub pbkdf2_sha256: u32,
    /// Iterations of PBKDF2 with SHA-1 (`PBKDF2SHA1PasswordHasher.iterations`).
    pub pbkdf2_sha1: u32,
    /// Argon2's three.
    pub argon2: Argon2Parameters,
    /// The binary logarithm of bcrypt's rounds (`BCryptSHA256PasswordHasher.rounds`), from 4 to 31.
    pub bcrypt: u32,
    /// scrypt's three.
    pub scrypt: ScryptParameters,
}

/// The parameters of Argon2 (RFC 9106 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Parameters {
    /// `m`: memory, in KiB (`Argon2PasswordHasher.memory_cost`).
    pub memory: u32,
    /// `t`: passes over the memory (`time_cost`).
    pub time: u32,
    /// `p`: lanes (`parallelism`).
    pub parallelism: u32,
}

/// The parameters of scrypt (RFC 7914 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScryptParameters {
    /// `N`: a power of two above 1 (`ScryptPasswordHasher.work_factor`).
    pub work_factor: u64,
    /// `r`, in units of 128 bytes (`block_size`).
    pub block_size: u32,
    /// `p` (`parallelism`).
    pub parallelism: u32,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            pbkdf2_sha256: 1_000_000,
            pbkdf2_sha1: 1_000_000,
            argon2: Argon2Parameters {
                memory: 102_400,
                time: 2,
                parallelism: 8,
            },
            bcrypt: 12,
            scrypt: ScryptParameters {
                work_factor: 1 << 14,
                block_size: 8,
                parallelism: 5,
            },
        }
    }
}

impl Parameters {
    /// Refuses what its algorithm does not allow.
    pub(super) fn check(&self) -> Result<(), HashersError> {
        let impossible = [
            (Algorithm::Pbkdf2Sha256, self.pbkdf2_sha256 == 0),
            (Algorithm::Pbkdf2Sha1, self.pbkdf2_sha1 == 0),
            (Algorithm::Argon2, !algorithms::is_possible(&self.argon2)),
            (Algorithm::Bcrypt, !(4..=31).contains(&self.bcrypt)),
            (Algorithm::Scrypt, !self.scrypt.is_possible()),
        ];
        match impossible.into_iter().find(|(_, wrong)| *wrong) {
            Some((algorithm, _)) => Err(HashersError::Parameters(algorithm)),
            None => Ok(()),
        }
    }
}

impl ScryptParameters {
    /// Whether scrypt is defined for them (RFC 7914 §2).
    pub(super) fn is_possible(&self) -> bool {
        let product = u64::from(self.block_size) * u64::from(self.parallelism);
        self.work_factor.is_power_of_two() && self.work_factor > 1 && product > 0 && product < 1 << 30
    }

    /// The bytes of its large table, `128·N·r`.
    pub(super) fn memory(&self) -> u64 {
        self.work_factor
            .saturating_mul(u64::from(self.block_size))
            .saturating_mul(128)
    }

    /// The bytes of its lanes, `128·p·r`.
    pub(super) fn lanes(&self) -> u64 {
        u64::from(self.parallelism)
            .saturating_mul(u64::from(self.block_size))
            .saturating_mul(128)
    }
}

/// The most that a hash found in the database may cost; past it, it matches no password.
///
/// Whoever can write one row of the user table could otherwise stop the server with one login. The
/// parameters of new hashes are always allowed, whatever the caps. Django has no such caps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// PBKDF2's iterations, with either digest.
    pub pbkdf2: u32,
    /// Each of Argon2's parameters by itself; memory in KiB.
    pub argon2: Argon2Parameters,
    /// bcrypt's binary logarithm of rounds.
    pub bcrypt: u32,
    /// scrypt's `128·N·r`, in bytes.
    pub scrypt_memory: u64,
    /// scrypt's `p`.
    pub scrypt_parallelism: u32,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            pbkdf2: 5_000_000,
            argon2: Argon2Parameters {
                memory: 256 * 1024,
                time: 16,
                parallelism: 16,
            },
            bcrypt: 16,
            scrypt_memory: 128 * 1024 * 1024,
            scrypt_parallelism: 16,
        }
    }
}

impl Caps {
    /// The same caps, raised to where new hashes are within them.
    pub(super) fn raised_to(&self, own: &Parameters) -> Self {
        Self {
            pbkdf2: self.pbkdf2.max(own.pbkdf2_sha256).max(own.pbkdf2_sha1),
            argon2: Argon2Parameters {
                memory: self.argon2.memory.max(own.argon2.memory),
                time: self.argon2.time.max(own.argon2.time),
                parallelism: self.argon2.parallelism.max(own.argon2.parallelism),
            },
            bcrypt: self.bcrypt.max(own.bcrypt),
            scrypt_memory: self
                .scrypt_memory
                .max(own.scrypt.memory())
                .max(own.scrypt.lanes()),
            scrypt_parallelism: self.scrypt_parallelism.max(own.scrypt.parallelism),
        }
    }
}
