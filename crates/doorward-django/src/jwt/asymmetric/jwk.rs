//! Public keys as JSON (RFC 7517, RFC 7518 §6, RFC 8037 §2) and their thumbprints (RFC 7638).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::PublicKey;
use super::kind::{Curve, wrong_kind};
use super::numbers::Numbers;
use crate::jwt::{Algorithm, KeyError, KeyRole};

impl PublicKey {
    /// Reads a key in JSON.
    ///
    /// # Errors
    /// [`KeyError`] for a private key, one of another kind, algorithm or use, one that is weak or damaged.
    pub fn from_jwk(algorithm: Algorithm, jwk: &Value) -> Result<Self, KeyError> {
        let jwk = jwk.as_object().ok_or(KeyError::Malformed(ROLE))?;
        check_use(algorithm, jwk)?;
        check_kind(algorithm, jwk)?;
        let numbers = numbers(jwk).ok_or(KeyError::Malformed(ROLE))?;
        Self::new(algorithm, numbers, ROLE)
    }

    /// The JWK to publish; its `kid` is the [`thumbprint`](Self::thumbprint).
    #[must_use]
    pub fn to_jwk(&self) -> Value {
        let mut jwk = self.required_members();
        let also = [
            ("use", "sig".to_owned()),
            ("alg", self.algorithm().name().to_owned()),
            ("kid", self.thumbprint()),
        ];
        jwk.extend(also.map(|(name, value)| (name.to_owned(), Value::String(value))));
        Value::Object(jwk)
    }

    /// The RFC 7638 thumbprint with SHA-256, in base64url.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let members = Value::Object(self.required_members());
        URL_SAFE_NO_PAD.encode(Sha256::digest(members.to_string()))
    }

    /// What a thumbprint is made of, in its order: that of the names (RFC 7638 §3.2, RFC 8037 §2).
    fn required_members(&self) -> Map<String, Value> {
        let base64url = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let members = match self.numbers() {
            Numbers::Rsa { n, e } => json!({ "e": base64url(e), "kty": "RSA", "n": base64url(n) }),
            Numbers::Ec { point } => {
                let (x, y) = coordinates(point);
                let curve = Curve::of(self.algorithm()).map(Curve::name);
                json!({ "crv": curve, "kty": "EC", "x": base64url(x), "y": base64url(y) })
            }
            Numbers::Ed25519 { point } => json!({ "crv": "Ed25519", "kty": "OKP", "x": base64url(point) }),
        };
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }
}

const ROLE: KeyRole = KeyRole::Verifying;

/// The two halves of what follows the 4 of a point.
fn coordinates(point: &[u8]) -> (&[u8], &[u8]) {
    let both = point.get(1..).unwrap_or_default();
    both.split_at(both.len() / 2)
}

fn check_use(algorithm: Algorithm, jwk: &Map<String, Value>) -> Result<(), KeyError> {
    if jwk.contains_key("d") || jwk.contains_key("k") {
        return Err(KeyError::NotPublic);
    }
    let says = |name: &str, text: &str| jwk.get(name).is_none_or(|value| value == text);
    let operations = jwk.get("key_ops").map(|names| {
        names
            .as_array()
            .is_some_and(|names| names.contains(&json!("verify")))
    });
    if !says("alg", algorithm.name()) {
        return Err(wrong_kind(algorithm, ROLE, &"one of another algorithm (`alg`)"));
    }
    if !says("use", "sig") || operations == Some(false) {
        return Err(wrong_kind(
            algorithm,
            ROLE,
            &"not for signatures (`use`, `key_ops`)",
        ));
    }
    Ok(())
}

fn check_kind(algorithm: Algorithm, jwk: &Map<String, Value>) -> Result<(), KeyError> {
    let (key_type, curve) = match algorithm {
        Algorithm::EdDsa => ("OKP", Some("Ed25519")),
        _ => match Curve::of(algorithm) {
            Some(curve) => ("EC", Some(curve.name())),
            None => ("RSA", None),
        },
    };
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    if !algorithm.is_hmac() && text("kty") == Some(key_type) && text("crv") == curve {
        return Ok(());
    }
    Err(wrong_kind(algorithm, ROLE, &"of another `kty` or `crv`"))
}

fn numbers(jwk: &Map<String, Value>) -> Option<Numbers> {
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(jwk.get(name)?.as_str()?).ok();
    match jwk.get("kty")?.as_str()? {
        "RSA" => Some(Numbers::Rsa {
            n: without_zeros(&bytes("n")?),
            e: without_zeros(&bytes("e")?),
        }),
        "EC" => of_coordinates(&bytes("x")?, &bytes("y")?),
        _ => Some(Numbers::Ed25519 { point: bytes("x")? }),
    }
}

/// Some libraries write a zero before a modulus (RFC 7518 §6.3.1.1).
fn without_zeros(number: &[u8]) -> Vec<u8> {
    number.iter().copied().skip_while(|byte| *byte == 0).collect()
}

/// Both are of the full length, or the line between them could be moved (RFC 7518 §6.2.1.2).
fn of_coordinates(x: &[u8], y: &[u8]) -> Option<Numbers> {
    let point = [&[4], x, y].concat();
    (x.len() == y.len()).then_some(Numbers::Ec { point })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037 appendices A.4 and A.5, whose payload is no claims.
    #[test]
    fn the_rfc_s_signature_verifies() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": x });
        let key = PublicKey::from_jwk(Algorithm::EdDsa, &jwk).unwrap();
        let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature =
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert!(key.verifies(message, &signature));
        assert!(!key.verifies(b"another", &signature));
    }
}
