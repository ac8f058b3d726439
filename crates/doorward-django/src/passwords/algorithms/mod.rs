//! The algorithms themselves, which bring a dozen crates along: the feature `passwords`.

mod argon2;
mod bcrypt;
mod legacy;
mod pbkdf2;
mod pbkdf2_sha256;
mod reading;
mod scrypt;

use super::stored::Stored;
use super::{
    Algorithm, Argon2Parameters, Caps, Parameters, RANDOM_STRING_CHARS, SALT_BYTES, ScryptParameters,
    hashers, stored,
};
use crate::crypto::random_string;

/// Whether passwords can be hashed at all.
pub(super) const ARE_BUILT: bool = true;

/// Whether Argon2 is defined for them.
pub(super) fn is_possible(parameters: &Argon2Parameters) -> bool {
    argon2::is_possible(parameters)
}

/// Reads a hash that claims to be of `algorithm`; None where it is malformed.
pub(super) fn parse<'a>(encoded: &'a str, algorithm: Algorithm) -> Option<Box<dyn Stored + 'a>> {
    Some(match algorithm {
        Algorithm::Pbkdf2Sha256 | Algorithm::Pbkdf2Sha1 => {
            Box::new(pbkdf2::Pbkdf2::parse(encoded, algorithm)?)
        }
        Algorithm::Argon2 => Box::new(argon2::Argon2::parse(encoded)?),
        Algorithm::BcryptSha256 | Algorithm::Bcrypt => Box::new(bcrypt::Bcrypt::parse(encoded, algorithm)?),
        Algorithm::Scrypt => Box::new(scrypt::Scrypt::parse(encoded)?),
        Algorithm::Md5 => Box::new(legacy::Md5::parse(encoded)?),
    })
}

/// Makes a hash by `algorithm`; None where its memory is not to be had.
pub(super) fn encode(
    password: &[u8],
    random: &[u8; SALT_BYTES],
    own: &Parameters,
    algorithm: Algorithm,
) -> Option<String> {
    let salt = random_string(random, RANDOM_STRING_CHARS);
    match algorithm {
        Algorithm::Pbkdf2Sha256 | Algorithm::Pbkdf2Sha1 => {
            Some(pbkdf2::encode(password, &salt, own.pbkdf2(algorithm), algorithm))
        }
        Algorithm::Argon2 => argon2::encode(password, &salt, &own.argon2),
        Algorithm::BcryptSha256 | Algorithm::Bcrypt => {
            bcrypt::encode(password, *random.first_chunk()?, own.bcrypt, algorithm)
        }
        Algorithm::Scrypt => scrypt::encode(password, &salt, &own.scrypt),
        Algorithm::Md5 => Some(legacy::encode(password, &salt)),
    }
}
