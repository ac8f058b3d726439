//! Keys as files, as PEM and as JWK Sets.

#![no_main]

use doorward_django::jwt::{Algorithm, KeyFile, Keyring, PrivateKey, PublicKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        let _ = PrivateKey::from_pem(algorithm, bytes).map_err(|error| error.to_string());
        let _ = PublicKey::from_pem(algorithm, bytes).map_err(|error| error.to_string());
        let _ = Keyring::from_jwks(algorithm, bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(file) = KeyFile::parse(text) {
        let _ = file.ring_key(Algorithm::Hs256);
        assert!(
            KeyFile::parse(file.to_text().expose()).is_ok(),
            "what was read can be written"
        );
    }
});
