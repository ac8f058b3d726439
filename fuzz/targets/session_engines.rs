//! What stands in a cache of Django's, and in a signed cookie.
#![no_main]

use std::time::Duration;

use doorward_django::pickle;
use doorward_django::secret::{SecretKey, SecretKeys};
use doorward_django::sessions::{CacheFormat, Compressor, Serializer, decode_cookie};
use doorward_django::timestamp::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(value) = pickle::loads(bytes) {
        let _ = pickle::loads(&pickle::dumps(&value));
    }
    for serializer in [Serializer::Pickle, Serializer::Json] {
        for compressor in [Compressor::None, Compressor::Zlib, Compressor::Gzip] {
            let format = CacheFormat {
                key_prefix: String::new(),
                version: 1,
                serializer,
                compressor,
            };
            let _ = format.decode(bytes);
        }
    }
    let keys = SecretKeys::new(SecretKey::new("a key for fuzzing"));
    let age = Duration::from_secs(1_209_600);
    let cookie = String::from_utf8_lossy(bytes);
    assert!(decode_cookie(&cookie, age, None, Timestamp::from_secs(1_700_000_000), &keys).is_err());
});
