//! The hashers of a site, in order, and what they say of a password.

use std::hint::black_box;

use super::stored::{SALT_CHARS, Stored};
use super::{Algorithm, Caps, DJANGO_DEFAULT, Parameters, algorithms, identify, is_password_usable};

/// How many random bytes a new hash wants for its salt: four for each of 22 characters.
pub const SALT_BYTES: usize = 4 * SALT_CHARS;

/// The algorithms that are believed, their parameters, and what a stored hash may cost.
///
/// The first algorithm makes new hashes. The default is Django 5.2's, with Doorward's [`Caps`].
/// Source: `PASSWORD_HASHERS`, `django.contrib.auth.hashers.get_hashers`.
#[derive(Clone, Debug)]
pub struct Hashers {
    preferred: Algorithm,
    order: Vec<Algorithm>,
    parameters: Parameters,
    caps: Caps,
}

/// Settings that no password could be hashed by, or a hash that could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HashersError {
    /// The order names no algorithm.
    #[error("at least one password hasher is needed")]
    Empty,
    /// The algorithm is not defined for the parameters that were set.
    #[error("impossible parameters for the password hasher {0}")]
    Parameters(Algorithm),
    /// The hash could not be made, for want of memory.
    #[error("no memory for the password hasher {0}")]
    Memory(Algorithm),
}

/// What came of checking a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// The password is right.
    Correct {
        /// Whether the hash should be replaced by a new one now that the password is at hand.
        must_update: Update,
    },
    /// It is not, or could not be compared. The client is never told why.
    Wrong {
        /// Why, for the log.
        reason: Refusal,
    },
}

impl Verdict {
    /// Whether the password is right.
    #[must_use]
    pub const fn is_correct(self) -> bool {
        matches!(self, Self::Correct { .. })
    }
}

/// Whether a hash should be replaced by a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// It is of another algorithm than the first, of other parameters, or its salt is short.
    Needed,
    /// It is as a new one would be.
    None,
}

/// Why a check refused. All but [`Refusal::Mismatch`] tell of the hash, not of the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The hash is of another password.
    Mismatch,
    /// The user has no password: the hash begins with `!`.
    Unusable,
    /// The hash is of an algorithm that is not among the hashers, or of none.
    Unknown,
    /// The hash is not of its algorithm's form, or its parameters are impossible.
    Malformed,
    /// The hash would cost more than the [`Caps`] allow.
    PastCap,
}

impl Default for Hashers {
    fn default() -> Self {
        let [preferred, ..] = DJANGO_DEFAULT;
        Self {
            preferred,
            order: DJANGO_DEFAULT.to_vec(),
            parameters: Parameters::default(),
            caps: Caps::default(),
        }
    }
}

impl Hashers {
    /// Hashers in this order, with Django's parameters.
    ///
    /// # Errors
    ///
    /// [`HashersError::Empty`] for an empty order.
    pub fn new(order: Vec<Algorithm>) -> Result<Self, HashersError> {
        let preferred = *order.first().ok_or(HashersError::Empty)?;
        Ok(Self {
            preferred,
            order,
            ..Self::default()
        })
    }

    /// The same hashers, making new hashes with other parameters.
    ///
    /// # Errors
    ///
    /// [`HashersError::Parameters`] for parameters that an algorithm is not defined for.
    pub fn with_parameters(self, parameters: Parameters) -> Result<Self, HashersError> {
        parameters.check()?;
        Ok(Self { parameters, ..self })
    }

    /// The same hashers, with other limits for stored hashes.
    #[must_use]
    pub fn with_caps(self, caps: Caps) -> Self {
        Self { caps, ..self }
    }

    /// The algorithms that are believed, the preferred one first.
    #[must_use]
    pub fn order(&self) -> &[Algorithm] {
        &self.order
    }

    /// The algorithm of new hashes.
    #[must_use]
    pub const fn preferred(&self) -> Algorithm {
        self.preferred
    }

    /// The parameters of new hashes.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// What a stored hash may cost; the parameters of new hashes are within it whatever it says.
    #[must_use]
    pub const fn caps(&self) -> &Caps {
        &self.caps
    }

    /// Makes a hash of `password` by the first algorithm, with a salt from random bytes.
    ///
    /// # Errors
    ///
    /// [`HashersError::Memory`] where the algorithm's memory could not be had.
    pub fn make_password(
        &self,
        password: &str,
        salt_bytes: &[u8; SALT_BYTES],
    ) -> Result<String, HashersError> {
        self.encode(password.as_bytes(), salt_bytes)
            .ok_or(HashersError::Memory(self.preferred))
    }

    /// Checks `password` against a stored hash, spending the time of a hash whatever comes of it.
    ///
    /// Like Django's it closes the gap to a hash of lesser cost; unlike Django's also for a hash of another
    /// algorithm, and for one that is malformed. Source: `django.contrib.auth.hashers.verify_password`.
    pub fn check_password(&self, password: &str, encoded: &str) -> Verdict {
        match self.read(encoded) {
            Ok((stored, algorithm)) => self.judge(password, stored.as_ref(), algorithm),
            Err(reason) => {
                self.dummy(password);
                Verdict::Wrong { reason }
            }
        }
    }

    /// Spends the time of one hash, for a user that does not exist.
    pub fn dummy(&self, password: &str) {
        black_box(self.encode(black_box(password.as_bytes()), &[0; SALT_BYTES]));
    }

    /// Whether a hash that could be verified should be replaced by a new one; others are left alone.
    #[must_use]
    pub fn must_update(&self, encoded: &str) -> Update {
        match self.read(encoded) {
            Ok((stored, algorithm)) => self.update(stored.as_ref(), algorithm),
            Err(_) => Update::None,
        }
    }

    fn read<'a>(&self, encoded: &'a str) -> Result<(Box<dyn Stored + 'a>, Algorithm), Refusal> {
        if !is_password_usable(encoded) {
            return Err(Refusal::Unusable);
        }
        let known = identify(encoded).filter(|algorithm| self.order.contains(algorithm));
        let algorithm = known.ok_or(Refusal::Unknown)?;
        let stored = algorithms::parse(encoded, algorithm).ok_or(Refusal::Malformed)?;
        if !stored.is_within(&self.caps.raised_to(&self.parameters)) {
            return Err(Refusal::PastCap);
        }
        Ok((stored, algorithm))
    }

    fn judge(&self, password: &str, stored: &dyn Stored, algorithm: Algorithm) -> Verdict {
        if stored.verify(password.as_bytes()) {
            let must_update = self.update(stored, algorithm);
            return Verdict::Correct { must_update };
        }
        self.spend_the_rest(password, stored, algorithm);
        Verdict::Wrong {
            reason: Refusal::Mismatch,
        }
    }

    fn update(&self, stored: &dyn Stored, algorithm: Algorithm) -> Update {
        if algorithm != self.preferred {
            return Update::Needed;
        }
        stored.must_update(&self.parameters)
    }

    /// After a wrong password, what a right one would have cost, its upgrade included.
    fn spend_the_rest(&self, password: &str, stored: &dyn Stored, algorithm: Algorithm) {
        if algorithm == self.preferred {
            return stored.harden(password.as_bytes(), &self.parameters);
        }
        self.dummy(password);
    }

    fn encode(&self, password: &[u8], random: &[u8; SALT_BYTES]) -> Option<String> {
        algorithms::encode(password, random, &self.parameters, self.preferred)
    }
}
