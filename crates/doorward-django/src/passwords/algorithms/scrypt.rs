//! scrypt: `scrypt$N$salt$r$p$hash`, of 64 bytes (RFC 7914).
//!
//! Source: `django.contrib.auth.hashers.ScryptPasswordHasher`.

use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scrypt::Params;

use super::hashers::Update;
use super::reading::{decimal, decimal_u32, is_same};
use super::stored::Stored;
use super::{Caps, Parameters, ScryptParameters};

/// Makes a hash of `password`; None for parameters that scrypt does not have.
pub(super) fn encode(password: &[u8], salt: &str, own: &ScryptParameters) -> Option<String> {
    let hash = digest(password, salt, own)?;
    let ScryptParameters {
        work_factor,
        block_size,
        parallelism,
    } = own;
    Some(format!(
        "scrypt${work_factor}${salt}${block_size}${parallelism}${hash}"
    ))
}

/// A scrypt hash that was read.
pub(super) struct Scrypt<'a> {
    encoded: &'a str,
    salt: &'a str,
    parameters: ScryptParameters,
}

impl<'a> Scrypt<'a> {
    /// Reads the six parts. The last one is compared, and never read.
    pub(super) fn parse(encoded: &'a str) -> Option<Self> {
        let parts: Vec<_> = encoded.split('$').collect();
        let [_, work_factor, salt, block_size, parallelism, _hash] = parts.as_slice() else {
            return None;
        };
        let parameters = ScryptParameters {
            work_factor: decimal(work_factor)?,
            block_size: decimal_u32(block_size)?,
            parallelism: decimal_u32(parallelism)?,
        };
        let stored = Self {
            encoded,
            salt,
            parameters,
        };
        (parameters.is_possible() && !salt.is_empty()).then_some(stored)
    }
}

impl Stored for Scrypt<'_> {
    fn is_within(&self, caps: &Caps) -> bool {
        self.parameters.memory() <= caps.scrypt_memory
            && self.parameters.lanes() <= caps.scrypt_memory
            && self.parameters.parallelism <= caps.scrypt_parallelism
    }

    /// The parameters alone are looked at, as in Django: a short salt stays.
    fn must_update(&self, own: &Parameters) -> Update {
        if self.parameters == own.scrypt {
            return Update::None;
        }
        Update::Needed
    }

    fn verify(&self, password: &[u8]) -> bool {
        encode(password, self.salt, &self.parameters).is_some_and(|again| is_same(self.encoded, &again))
    }

    /// Django does nothing here, so that a weak hash answers fast; this spends a whole new one.
    fn harden(&self, password: &[u8], own: &Parameters) {
        if work(&self.parameters) < work(&own.scrypt) {
            black_box(digest(password, self.salt, &own.scrypt));
        }
    }
}

fn work(parameters: &ScryptParameters) -> u64 {
    parameters
        .memory()
        .saturating_mul(u64::from(parameters.parallelism))
}

/// The key derived from `password`, in padded base64.
fn digest(password: &[u8], salt: &str, parameters: &ScryptParameters) -> Option<String> {
    if !parameters.is_possible() {
        return None;
    }
    let log_n = u8::try_from(parameters.work_factor.trailing_zeros()).ok()?;
    let params = Params::new(log_n, parameters.block_size, parameters.parallelism).ok()?;
    let mut key = [0; 64];
    scrypt::scrypt(password, salt.as_bytes(), &params, &mut key).ok()?;
    Some(STANDARD.encode(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn django_s_known_answer() {
        let encoded = encode(b"pw", "saltsaltsaltsaltsaltsa", &Parameters::default().scrypt);
        assert_eq!(
            encoded.as_deref(),
            Some(
                "scrypt$16384$saltsaltsaltsaltsaltsa$8$5$+itgCtN/7kxFnsxsKgjRANF+mxbNsKq41HrxslVC0hahqFXX\
                 +LAy5uHHu9Jv6UJRn4lu45KyerO7CznTyowJ5g=="
            )
        );
    }

    #[test]
    fn what_makes_no_sense_is_not_read() {
        for rest in [
            "16384$salt$8$5",
            "16384$salt$8$5$hash$",
            "0$salt$8$5$hash",
            "1$salt$8$5$hash",
            "3$salt$8$5$hash",
            "-2$salt$8$5$hash",
            "2$$8$5$hash",
            "2$salt$0$5$hash",
            "2$salt$8$0$hash",
            "2$salt$65536$65536$hash",
            "2$salt$4294967295$4294967295$hash",
            "18446744073709551616$salt$8$5$hash",
        ] {
            assert!(Scrypt::parse(&format!("scrypt${rest}")).is_none(), "{rest}");
        }
    }

    #[test]
    fn memory_is_capped_by_either_table() {
        for rest in [
            "1073741824$s$8$1$h",
            "2$s$524289$1$h",
            "2$s$524288$16$h",
            "2$s$1$17$h",
        ] {
            let encoded = format!("scrypt${rest}");
            assert!(
                !Scrypt::parse(&encoded).unwrap().is_within(&Caps::default()),
                "{rest}"
            );
        }
        let greatest = Scrypt::parse("scrypt$131072$s$8$16$h").unwrap();
        assert!(greatest.is_within(&Caps::default()));
    }
}
