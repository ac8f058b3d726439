//! Argon2: `argon2` and a PHC string, `$argon2id$v=19$m=102400,t=2,p=8$salt$hash` (RFC 9106).
//!
//! The salt is base64 of the 22 characters, not of 16 bytes. Lanes are filled in turn, by one thread.
//! Source: `django.contrib.auth.hashers.Argon2PasswordHasher`.

use std::hint::black_box;

use argon2::{Algorithm as Variety, Argon2 as Hasher, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::hashers::Update;
use super::reading::{decimal_u32, update_if};
use super::stored::Stored;
use super::{Argon2Parameters, Caps, Parameters};
use crate::crypto::constant_time_eq;

/// The bytes of a new hash (`argon2.DEFAULT_HASH_LENGTH`).
const HASH_LENGTH: usize = 32;

/// Makes a hash of `password`; None where the memory is not to be had.
pub(super) fn encode(password: &[u8], salt: &str, own: &Argon2Parameters) -> Option<String> {
    let hash = digest(
        password,
        salt.as_bytes(),
        own,
        HASH_LENGTH,
        Variety::Argon2id,
        Version::V0x13,
    )?;
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    let Argon2Parameters {
        memory,
        time,
        parallelism,
    } = own;
    Some(format!(
        "argon2$argon2id$v=19$m={memory},t={time},p={parallelism}${salt}${hash}"
    ))
}

/// Whether Argon2 is defined for them (RFC 9106 §3.1).
pub(super) fn is_possible(parameters: &Argon2Parameters) -> bool {
    // First the lanes: `Params::new` multiplies by them.
    parameters.parallelism <= Params::MAX_P_COST && params(parameters, HASH_LENGTH).is_some()
}

/// An Argon2 hash that was read.
pub(super) struct Argon2 {
    variety: Variety,
    version: Version,
    parameters: Argon2Parameters,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Argon2 {
    /// Reads the PHC string; one without `v` is of the first version, 16.
    pub(super) fn parse(encoded: &str) -> Option<Self> {
        let mut parts = encoded.split('$').skip(1);
        let variety = variety(parts.next()?)?;
        let mut next = parts.next()?;
        let mut version = Version::V0x10;
        if let Some(number) = next.strip_prefix("v=") {
            version = Version::try_from(decimal_u32(number)?).ok()?;
            next = parts.next()?;
        }
        let stored = Self {
            variety,
            version,
            parameters: read_parameters(next)?,
            salt: STANDARD_NO_PAD.decode(parts.next()?).ok()?,
            hash: STANDARD_NO_PAD.decode(parts.next()?).ok()?,
        };
        (parts.next().is_none() && stored.is_possible()).then_some(stored)
    }

    fn is_possible(&self) -> bool {
        let lengths = self.salt.len() >= argon2::MIN_SALT_LEN && self.hash.len() >= Params::MIN_OUTPUT_LEN;
        lengths && is_possible(&self.parameters)
    }
}

impl Stored for Argon2 {
    fn is_within(&self, caps: &Caps) -> bool {
        self.parameters.memory <= caps.argon2.memory
            && self.parameters.time <= caps.argon2.time
            && self.parameters.parallelism <= caps.argon2.parallelism
    }

    fn must_update(&self, own: &Parameters) -> Update {
        let same = self.variety == Variety::Argon2id
            && self.version == Version::V0x13
            && self.parameters == own.argon2
            && self.hash.len() == HASH_LENGTH;
        update_if(!same, self.salt.len())
    }

    fn verify(&self, password: &[u8]) -> bool {
        let length = self.hash.len();
        digest(
            password,
            &self.salt,
            &self.parameters,
            length,
            self.variety,
            self.version,
        )
        .is_some_and(|again| constant_time_eq(&again, &self.hash))
    }

    /// Django does nothing here, so that a weak hash answers fast; this spends a whole new one.
    fn harden(&self, password: &[u8], own: &Parameters) {
        if work(&self.parameters) < work(&own.argon2) {
            let id = (Variety::Argon2id, Version::V0x13);
            black_box(digest(password, &self.salt, &own.argon2, HASH_LENGTH, id.0, id.1));
        }
    }
}

fn variety(name: &str) -> Option<Variety> {
    match name {
        "argon2id" => Some(Variety::Argon2id),
        "argon2i" => Some(Variety::Argon2i),
        "argon2d" => Some(Variety::Argon2d),
        _ => None,
    }
}

/// Reads `m=…,t=…,p=…`, in this order.
fn read_parameters(text: &str) -> Option<Argon2Parameters> {
    let mut pairs = text.split(',');
    let parameters = Argon2Parameters {
        memory: decimal_u32(pairs.next()?.strip_prefix("m=")?)?,
        time: decimal_u32(pairs.next()?.strip_prefix("t=")?)?,
        parallelism: decimal_u32(pairs.next()?.strip_prefix("p=")?)?,
    };
    pairs.next().is_none().then_some(parameters)
}

const fn work(parameters: &Argon2Parameters) -> u64 {
    (parameters.memory as u64).saturating_mul(parameters.time as u64)
}

fn params(parameters: &Argon2Parameters, length: usize) -> Option<Params> {
    Params::new(
        parameters.memory,
        parameters.time,
        parameters.parallelism,
        Some(length),
    )
    .ok()
}

fn digest(
    password: &[u8],
    salt: &[u8],
    parameters: &Argon2Parameters,
    length: usize,
    variety: Variety,
    version: Version,
) -> Option<Vec<u8>> {
    let mut hash = vec![0; length];
    let hasher = Hasher::new(variety, version, params(parameters, length)?);
    hasher.hash_password_into(password, salt, &mut hash).ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn django_s_known_answer() {
        let encoded = encode(b"pw", "saltsaltsaltsaltsaltsa", &Parameters::default().argon2);
        assert_eq!(
            encoded.as_deref(),
            Some(
                "argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYQ\
                 $kKppTPQDBsTMnaEugaZnR2zI4iLRkMbnum+J5b0mGMc"
            )
        );
    }

    #[test]
    fn what_makes_no_sense_is_not_read() {
        for rest in [
            "",
            "argon2id",
            "argon2x$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAA",
            "argon2id$v=17$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAA",
            "argon2id$v=19$m=64,t=1$c2FsdHNhbHRzYWx0$AAAAAA",
            "argon2id$v=19$t=1,m=64,p=1$c2FsdHNhbHRzYWx0$AAAAAA",
            "argon2id$v=19$m=64,t=1,p=1,x=1$c2FsdHNhbHRzYWx0$AAAAAA",
            "argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHRzYWx0$AAAAAA",
            "argon2id$v=19$m=64,t=1,p=0$c2FsdHNhbHRzYWx0$AAAAAA",
            "argon2id$v=19$m=64,t=1,p=4294967295$c2FsdHNhbHRzYWx0$AAAAAA",
            "argon2id$v=19$m=7,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAA",
            "argon2id$v=19$m=64,t=1,p=1$c2FsdA$AAAAAA",
            "argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$AA",
            "argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$AAAA=A",
            "argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAA$",
        ] {
            assert!(Argon2::parse(&format!("argon2${rest}")).is_none(), "{rest}");
        }
    }

    #[test]
    fn the_greatest_parameters_are_read_and_past_the_cap() {
        for parameters in [
            "m=4294967295,t=1,p=1",
            "m=64,t=2147483648,p=1",
            "m=4194304,t=1,p=17",
        ] {
            let encoded = format!("argon2$argon2id$v=19${parameters}$c2FsdHNhbHRzYWx0$AAAAAA");
            let stored = Argon2::parse(&encoded).unwrap();
            assert!(!stored.is_within(&Caps::default()), "{parameters}");
        }
    }
}
