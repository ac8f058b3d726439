//! `[passwords.costs]`: the work that hashes of passwords are made with.

use doorward_django::passwords::{Argon2Parameters, Hashers, Parameters, ScryptParameters};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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
    /// The key of a cost that no hash can be made with, or that of the section where only several together are wrong.
    #[must_use]
    pub fn wrong_key(&self) -> String {
        const SECTION: &str = "passwords.costs";
        let Ok(Value::Object(costs)) = serde_json::to_value(self) else {
            return SECTION.to_owned();
        };
        let wrong = costs.into_iter().find(|(key, cost)| is_wrong_alone(key, cost));
        wrong.map_or(SECTION.to_owned(), |(key, _)| format!("{SECTION}.{key}"))
    }

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

/// Whether no hash can be made with that cost, where the others are Django's.
fn is_wrong_alone(key: &str, cost: &Value) -> bool {
    let alone = serde_json::from_value::<PasswordCosts>(json!({ key: cost }));
    alone.is_ok_and(|alone| Hashers::default().with_parameters(alone.parameters()).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cost_that_cannot_be_is_named() {
        let Ok(Value::Object(costs)) = serde_json::to_value(PasswordCosts::default()) else {
            panic!("a table");
        };
        for key in costs.keys() {
            let wrong: PasswordCosts = serde_json::from_value(json!({ key: 0 })).expect("a number");
            assert_eq!(wrong.wrong_key(), format!("passwords.costs.{key}"));
        }
        assert_eq!(PasswordCosts::default().wrong_key(), "passwords.costs");
    }
}
