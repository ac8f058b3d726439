//! A hash found in the database, read by its algorithm.

use super::hashers::Update;
use super::{Caps, Parameters};

/// The characters of a salt of 128 bits: `ceil(128 / log2(62))`.
pub(super) const SALT_CHARS: usize = 22;

/// A hash whose form and parameters make sense; what one may ask of it, cheapest first.
///
/// To add an algorithm: a file with a type that implements this, its `parse` and its `encode`, and a line
/// in `algorithms::parse` and in `algorithms::encode`.
pub(super) trait Stored {
    /// Whether it costs no more than `caps`; asked before anything is spent on it.
    fn is_within(&self, caps: &Caps) -> bool;

    /// Whether a hash with `own` parameters should take its place (`must_update`).
    fn must_update(&self, own: &Parameters) -> Update;

    /// Whether it is the hash of `password`. False too where there is not the memory to find out.
    fn verify(&self, password: &[u8]) -> bool;

    /// Spends what a hash with `own` parameters costs more than this one (`harden_runtime`).
    fn harden(&self, password: &[u8], own: &Parameters);
}
