//! What stands in for the algorithms without the feature `passwords`: no hash is made, and none is right.

use super::stored::Stored;
use super::{Algorithm, Argon2Parameters, Parameters, SALT_BYTES};

/// Whether passwords can be hashed at all.
pub(super) const ARE_BUILT: bool = false;

pub(super) fn parse<'a>(_encoded: &'a str, _algorithm: Algorithm) -> Option<Box<dyn Stored + 'a>> {
    None
}

pub(super) fn encode(
    _password: &[u8],
    _random: &[u8; SALT_BYTES],
    _own: &Parameters,
    _algorithm: Algorithm,
) -> Option<String> {
    None
}

pub(super) fn is_possible(_parameters: &Argon2Parameters) -> bool {
    true
}
