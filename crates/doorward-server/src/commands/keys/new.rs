//! Where a key comes from: chance, or a file.

use std::path::Path;

use doorward::command::Failure;
use doorward::django::crypto::random_string;
use doorward::django::jwt::{Algorithm, KeyFile, generate_pem};
use doorward::django::secret::Secret;
use doorward::entropy::{self, SystemEntropy};

/// A new key for that algorithm.
pub(super) fn made(algorithm: Algorithm) -> Result<KeyFile, Failure> {
    let key = match algorithm.is_hmac() {
        true => Some(secret()),
        false => generate_pem(algorithm),
    };
    let key = key.ok_or_else(|| Failure::command(format!("no key could be made for {algorithm}")))?;
    Ok(KeyFile {
        algorithm: Some(algorithm),
        ..KeyFile::new(key)
    })
}

/// 86 characters of 64: more than the 512 bits that HS512 can use.
fn secret() -> Secret<String> {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    Secret::new(random_string(&entropy::bytes::<344>(&SystemEntropy), ALPHABET))
}

/// A key that somebody has: in PEM, or as a key file of another directory.
pub(super) fn taken_from(path: &Path) -> Result<KeyFile, Failure> {
    let text = doorward::keys::secret_file(path).map_err(Failure::command)?;
    KeyFile::parse(text.expose()).map_err(|error| Failure::command(format!("{}: {error}", path.display())))
}
