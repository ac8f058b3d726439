//! Lowercase hexadecimal, as Python's `hexdigest` and `bytes.hex` write it.

use std::fmt::Write;

/// Two lowercase hexadecimal digits for every byte.
///
/// ```
/// assert_eq!(doorward_django::hex::encode(&[0, 0xab]), "00ab");
/// ```
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
