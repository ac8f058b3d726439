//! Whether a secret is strong enough to start a server with: [`check_strength`].

use super::strict_json::parse_object;
use super::{Algorithm, KeyError};

/// Refuses a signing key that is too short for HMAC, or whose text is another kind of key.
///
/// Verifying does not ask this; a server asks it once, at its start. 256 bits are asked for with every HMAC.
/// Key pairs that are too weak are refused by [`Keys::new`](super::Keys::new) itself.
/// Source: RFC 7518 §3.2, `jwt.algorithms.HMACAlgorithm.prepare_key`.
///
/// # Errors
/// [`KeyError::Weak`] below 32 bytes, [`KeyError::NotASecret`] for a PEM, SSH or JWK key.
///
/// ```
/// use doorward_django::jwt::{Algorithm, check_strength};
///
/// assert!(check_strength(Algorithm::Hs256, b"short").is_err());
/// assert!(check_strength(Algorithm::Hs256, &[b'x'; 32]).is_ok());
/// ```
pub fn check_strength(algorithm: Algorithm, signing_key: &[u8]) -> Result<(), KeyError> {
    if !algorithm.is_hmac() {
        return Ok(());
    }
    check_secret(signing_key)
}

/// The least length of a secret in bytes.
const MINIMUM: usize = 32;

fn check_secret(secret: &[u8]) -> Result<(), KeyError> {
    if secret.len() < MINIMUM {
        return Err(KeyError::Weak {
            bytes: secret.len(),
            minimum: MINIMUM,
        });
    }
    if is_pem(secret) || is_ssh(secret) || is_jwk(secret) {
        return Err(KeyError::NotASecret);
    }
    Ok(())
}

/// Between its markers PEM is what RFC 7468 says; one marker is enough to tell that this is no secret.
fn is_pem(key: &[u8]) -> bool {
    [b"----BEGIN ".as_slice(), b"---- BEGIN "]
        .iter()
        .any(|marker| key.windows(marker.len()).any(|window| window == *marker))
}

fn is_ssh(key: &[u8]) -> bool {
    [
        b"ssh-ed25519".as_slice(),
        b"ssh-rsa",
        b"ssh-dss",
        b"ecdsa-sha2-nistp",
    ]
    .iter()
    .any(|prefix| key.starts_with(prefix))
}

fn is_jwk(key: &[u8]) -> bool {
    parse_object(key).is_some_and(|object| object.contains_key("kty") || object.contains_key("keys"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_secrets_are_weak() {
        for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
            let weak = KeyError::Weak {
                bytes: 31,
                minimum: 32,
            };
            assert_eq!(check_strength(algorithm, &[b'x'; 31]), Err(weak));
            assert_eq!(check_strength(algorithm, &[b'x'; 32]), Ok(()));
        }
    }

    #[test]
    fn other_keys_are_no_secrets() {
        for text in [
            "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD",
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA and more of it",
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ",
            r#"{"kty":"oct","k":"c2VjcmV0IHNlY3JldCBzZWNyZXQ"}"#,
        ] {
            let refused = check_strength(Algorithm::Hs256, text.as_bytes());
            assert_eq!(refused, Err(KeyError::NotASecret), "{text}");
        }
    }
}
