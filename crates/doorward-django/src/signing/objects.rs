use std::io::Read;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::bufread::ZlibDecoder;
use flate2::read::ZlibEncoder;

use super::{Signed, SigningError, sign_with_timestamp, unsign_with_timestamp};
use crate::json::{self, Constants, Reader, Value};
use crate::secret::{SecretKey, SecretKeys};
use crate::timestamp::Timestamp;

/// The most bytes that compressed data may inflate to: 1 MiB.
///
/// [`dumps`] does not compress more than that, so that it can be read back.
pub const MAX_INFLATED: usize = 1024 * 1024;

/// Whether [`dumps`] may compress, Django's `compress` argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Never: `compress=False`.
    Never,
    /// Where zlib makes it shorter, marked by a leading dot: `compress=True`.
    WhereShorter,
}

/// `value` as JSON in base64url, timestamped and signed: `signing.dumps(value, salt=…, compress=…)`.
#[must_use]
pub fn dumps(value: &Value, compression: Compression, now: Timestamp, salt: &str, key: &SecretKey) -> String {
    dumps_text(&json::dumps(value), compression, now, salt, key)
}

/// The JSON value inside `signed` and its time, if one of `keys` signed it: `signing.loads(signed, salt=…)`.
///
/// # Errors
///
/// [`SigningError::BadSignature`] where no key signed it; [`SigningError::Malformed`] where one did, but not
/// JSON, or more than [`MAX_INFLATED`] bytes of it.
pub fn loads(signed: &str, salt: &str, keys: &SecretKeys) -> Result<Signed<Value>, SigningError> {
    let Signed { value, signed_at } = unsign_with_timestamp(signed, salt, keys)?;
    let value = unpack(value)
        .and_then(|bytes| parse(&bytes))
        .ok_or(SigningError::Malformed)?;
    Ok(Signed { value, signed_at })
}

/// What [`dumps`] does with a value that is JSON text already.
pub(crate) fn dumps_text(
    json: &str,
    compression: Compression,
    now: Timestamp,
    salt: &str,
    key: &SecretKey,
) -> String {
    sign_with_timestamp(&pack(json.as_bytes(), compression), now, salt, key)
}

fn pack(data: &[u8], compression: Compression) -> String {
    match compressed(data, compression) {
        Some(shorter) => format!(".{}", URL_SAFE_NO_PAD.encode(shorter)),
        None => URL_SAFE_NO_PAD.encode(data),
    }
}

/// The compressed form where it saves more than the dot that marks it.
fn compressed(data: &[u8], compression: Compression) -> Option<Vec<u8>> {
    if compression == Compression::Never || data.len() > MAX_INFLATED {
        return None;
    }
    let mut shorter = Vec::new();
    ZlibEncoder::new(data, flate2::Compression::default())
        .read_to_end(&mut shorter)
        .ok()?;
    (shorter.len() + 1 < data.len()).then_some(shorter)
}

fn unpack(text: &str) -> Option<Vec<u8>> {
    match text.strip_prefix('.') {
        Some(shorter) => inflate(&URL_SAFE_NO_PAD.decode(shorter).ok()?),
        None => URL_SAFE_NO_PAD.decode(text).ok(),
    }
}

fn inflate(shorter: &[u8]) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    ZlibDecoder::new(shorter)
        .take(MAX_INFLATED as u64 + 1)
        .read_to_end(&mut data)
        .ok()?;
    (data.len() <= MAX_INFLATED).then_some(data)
}

/// Django reads the bytes as Latin-1; its own writing is always ASCII. Floats that are no numbers are words of Python's.
fn parse(bytes: &[u8]) -> Option<Value> {
    let reader = Reader {
        constants: Constants::Read,
        ..Reader::default()
    };
    match std::str::from_utf8(bytes) {
        Ok(ascii) if ascii.is_ascii() => reader.read(ascii).ok(),
        _ => {
            let latin_1: String = bytes.iter().map(|byte| char::from(*byte)).collect();
            reader.read(&latin_1).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bomb_is_not_inflated() {
        let mut bomb = Vec::new();
        ZlibEncoder::new(&*vec![b' '; MAX_INFLATED + 1], flate2::Compression::best())
            .read_to_end(&mut bomb)
            .unwrap();
        assert!(bomb.len() < 2000);
        assert_eq!(inflate(&bomb), None);
    }

    #[test]
    fn what_is_too_long_to_inflate_is_not_compressed() {
        let data = vec![b'x'; MAX_INFLATED + 1];
        let packed = pack(&data, Compression::WhereShorter);
        assert!(!packed.starts_with('.'));
        assert_eq!(unpack(&packed), Some(data));
    }

    #[test]
    fn truncated_data_is_refused() {
        let mut shorter = compressed(&[b'x'; 100], Compression::WhereShorter).unwrap();
        assert_eq!(inflate(&shorter), Some(vec![b'x'; 100]));
        shorter.pop();
        assert_eq!(inflate(&shorter), None);
    }

    proptest! {
        #[test]
        fn packed_bytes_unpack(data: Vec<u8>) {
            for compression in [Compression::Never, Compression::WhereShorter] {
                prop_assert_eq!(unpack(&pack(&data, compression)), Some(data.clone()));
            }
        }

        #[test]
        fn any_text_unpacks_without_panic(text in "\\.?[A-Za-z0-9_-]*") {
            let _ = unpack(&text).and_then(|bytes| parse(&bytes));
        }

        #[test]
        fn any_bytes_inflate_without_panic(bytes: Vec<u8>) {
            let _ = inflate(&bytes);
            let _ = inflate(&[&[0x78, 0x9c], &*bytes].concat());
        }
    }
}
