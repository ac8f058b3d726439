//! Project Wycheproof's JSON web signatures: each comes out as the file says, but for those that are named here.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::sign::{base64url, verified_payload};
use super::{Algorithm, Keyring, RingKey, check_strength};

const SIGNATURES: &str = include_str!("../../../../interop/vectors/wycheproof/json_web_signature_test.json");
const CRYPTO: &str = include_str!("../../../../interop/vectors/wycheproof/json_web_crypto_test.json");
const KEYS: &str = include_str!("../../../../interop/vectors/wycheproof/json_web_key_test.json");

/// What a file says of a token, and what we say.
#[derive(Debug, PartialEq, Eq)]
struct Verdicts {
    is_valid: bool,
    verifies: bool,
}

/// Every test of a file that is about signatures, by its number.
fn judge(file: &str) -> BTreeMap<u64, Verdicts> {
    let file: Value = serde_json::from_str(file).unwrap();
    let groups = file["testGroups"].as_array().unwrap().iter();
    let tests = groups.flat_map(|group| {
        let key = group.get("public").unwrap_or(&group["private"]);
        group["tests"]
            .as_array()
            .unwrap()
            .iter()
            .map(move |test| (key, test))
    });
    let signed = tests.filter_map(|(key, test)| Some((key, test, test["jws"].as_str()?)));
    let judged = signed.map(|(key, test, jws)| {
        let verdicts = Verdicts {
            is_valid: test["result"] == "valid",
            verifies: verifies(key, jws),
        };
        (test["tcId"].as_u64().unwrap(), verdicts)
    });
    judged.collect()
}

/// Whether a server that is configured for the key's algorithm, or else for the token's, takes the token under it.
fn verifies(jwk: &Value, jws: &str) -> bool {
    let set = jwk.get("keys").and_then(Value::as_array);
    let jwks = set.map_or(std::slice::from_ref(jwk), Vec::as_slice);
    let Ok(keyring) = Keyring::new(jwks.iter().filter_map(|jwk| import(jwk, jws))) else {
        return false;
    };
    let verifies = |key: &RingKey| verified_payload(jws.as_bytes(), &key.keys().verifying).is_ok();
    keyring.keys().iter().any(verifies)
}

/// A public key is taken from a set as `jwt.jwk_url` has it, a shared secret as the settings have it.
fn import(jwk: &Value, jws: &str) -> Option<RingKey> {
    let named = jwk.get("alg").and_then(Value::as_str).map(str::to_owned);
    let algorithm: Algorithm = named.or_else(|| claimed(jws))?.parse().ok()?;
    if jwk["kty"] == "oct" {
        let secret = base64url(jwk["k"].as_str()?.as_bytes()).ok()?;
        check_strength(algorithm, &secret).ok()?;
        let key = RingKey::new(algorithm, &secret, b"").ok()?;
        return Some(key.named(jwk["kid"].as_str()?));
    }
    let set = Keyring::from_jwks(algorithm, json!({ "keys": [jwk] }).to_string().as_bytes())?;
    set.keys().first().cloned()
}

/// The algorithm that the token names.
fn claimed(jws: &str) -> Option<String> {
    let header = base64url(jws.split('.').next()?.as_bytes()).ok()?;
    let header: Value = serde_json::from_slice(&header).ok()?;
    Some(header["alg"].as_str()?.to_owned())
}

/// Holds a file to its verdicts; `differing` is exact, so that none of them begins to agree unnoticed.
#[track_caller]
fn holds(file: &str, differing: &[(u64, &str)]) -> (usize, usize) {
    let judged = judge(file);
    let found: Vec<_> = judged
        .iter()
        .filter(|(_, verdicts)| verdicts.is_valid != verdicts.verifies)
        .map(|(number, _)| *number)
        .collect();
    let known: Vec<_> = differing.iter().map(|(number, _)| *number).collect();
    assert_eq!(found, known);
    let valid = judged.values().filter(|verdicts| verdicts.verifies).count();
    (valid, judged.len() - valid)
}

#[test]
fn signatures() {
    let differing = [
        (346, "the key is declared for PS256 and the token says PS384"),
        (347, "the key names ES521, which is no algorithm"),
        (350, "as 346"),
        (351, "as 347"),
        (367, "called a bad padding, and equal to the valid token"),
        (370, "as 367"),
        (
            372,
            "a stray `?` in the header: only the canonical base64url is read",
        ),
        (373, "the same in the payload"),
    ];
    assert_eq!(holds(SIGNATURES, &differing), (42, 359));
}

#[test]
fn crypto() {
    let differing = [
        (
            46,
            "a modulus with ROCA's weakness: whose keys are trusted is trusted to make them well",
        ),
        (
            47,
            "a shared secret and a public key side by side: how Django's tokens stay good beside new ones",
        ),
    ];
    assert_eq!(holds(CRYPTO, &differing), (6, 42));
}

#[test]
fn keys() {
    let differing = [
        (
            1,
            "a shared secret and a public key side by side, as in 47 of the other file",
        ),
        (
            4,
            "a name twice, but the second key's base64 is not canonical, and so it is none",
        ),
        (7, "ROCA, as in 46 of the other file"),
        (
            11,
            "a secret of 376 bits for HS384: 256 bits are asked for, as PyJWT's tokens have them",
        ),
        (12, "a secret of 504 bits for HS512, as before"),
    ];
    assert_eq!(holds(KEYS, &differing), (10, 16));
}
