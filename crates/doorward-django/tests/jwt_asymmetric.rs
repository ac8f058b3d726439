//! Tokens signed with key pairs against what PyJWT and SimpleJWT write and answer
//! (`interop/golden/make_jwt_asymmetric.py`), and against the examples of the RFCs.
#![cfg(feature = "asymmetric")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use doorward_django::jwt::{
    self, Algorithm, Claims, KeyError, KeyRole, Keys, PrivateKey, PublicKey, Rules, SignError, SigningKey,
    TokenError, TokenType, VerifyingKey,
};
use doorward_django::timestamp::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

// --- Golden vectors -------------------------------------------------------------

struct Golden(Value);

impl Golden {
    fn load() -> Self {
        let text = include_str!("../../../interop/vectors/jwt_asymmetric.json");
        Self(serde_json::from_str(text).unwrap())
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0["now_micros"].as_i64().unwrap())
    }

    fn claims(&self) -> Claims {
        Claims::from(self.0["claims"].as_object().unwrap().clone())
    }

    /// Every algorithm, with the name of its key.
    fn algorithms(&self) -> Vec<(Algorithm, &str)> {
        let by_key = self.0["algorithms"].as_object().unwrap().iter();
        by_key
            .flat_map(|(key, names)| {
                let names = names.as_array().unwrap().iter();
                names.map(move |name| (name.as_str().unwrap().parse().unwrap(), key.as_str()))
            })
            .collect()
    }

    fn pem(&self, key: &str, form: &str) -> Option<&str> {
        self.0["keys"][key][form].as_str()
    }

    fn keys(&self, algorithm: Algorithm) -> Keys {
        let algorithms = self.algorithms();
        let (_, key) = algorithms.iter().find(|(name, _)| *name == algorithm).unwrap();
        let private = self.pem(key, "pkcs8").unwrap();
        Keys::new(algorithm, private.as_bytes(), b"").unwrap()
    }

    fn minted(&self, algorithm: Algorithm) -> &str {
        text(&self.0["minted"], algorithm.name())
    }

    fn decode(&self, token: &str, key: &VerifyingKey) -> Result<Claims, TokenError> {
        jwt::decode(token, &Rules::default(), key, self.now())
    }
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap()
}

fn encode(claims: &Claims, key: &SigningKey) -> String {
    jwt::encode(claims, &Rules::default(), key).unwrap()
}

#[test]
fn every_algorithm_with_a_key_pair_is_tried() {
    let tried: Vec<_> = Golden::load()
        .algorithms()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let known: Vec<_> = Algorithm::ALL
        .iter()
        .copied()
        .filter(|name| !name.is_hmac())
        .collect();
    assert_eq!(tried, known);
}

#[test]
fn tokens_of_simplejwt_are_read() {
    let golden = Golden::load();
    for (algorithm, _) in golden.algorithms() {
        let keys = golden.keys(algorithm);
        let claims = golden.decode(golden.minted(algorithm), &keys.verifying);
        assert_eq!(claims, Ok(golden.claims()), "{algorithm}");
    }
}

#[test]
fn tokens_are_simplejwt_s_to_the_byte_but_for_random_signatures() {
    let golden = Golden::load();
    for (algorithm, _) in golden.algorithms() {
        let keys = golden.keys(algorithm);
        let (ours, theirs) = (encode(&golden.claims(), &keys.signing), golden.minted(algorithm));
        assert_eq!(
            ours.rsplit_once('.').unwrap().0,
            theirs.rsplit_once('.').unwrap().0
        );
        assert_eq!(ours.len(), theirs.len(), "{algorithm}");
        let is_random = matches!(algorithm.name().as_bytes(), [b'P', ..] | [b'E', b'S', ..]);
        assert_eq!(ours == theirs, !is_random, "{algorithm}");
        assert_eq!(golden.decode(&ours, &keys.verifying), Ok(golden.claims()));
    }
}

#[test]
fn verdicts_are_those_of_the_reference() {
    let golden = Golden::load();
    let rows = golden.0["verdicts"].as_array().unwrap();
    assert!(rows.len() > 150);
    for row in rows {
        let keys = golden.keys(text(row, "algorithm").parse().unwrap());
        let found = golden
            .decode(text(row, "token"), &keys.verifying)
            .map_or_else(|error| error.to_string(), |_| "ok".to_owned());
        assert_eq!(
            found,
            text(row, "expect"),
            "row {} of the catalogue: {} {}",
            row["row"],
            row["name"],
            row["algorithm"]
        );
    }
}

/// Row 28: each key knows its algorithm, even where the same numbers serve another.
#[test]
fn a_key_answers_to_its_algorithm_only() {
    let golden = Golden::load();
    for (ours, _) in golden.algorithms() {
        let keys = golden.keys(ours);
        assert_eq!(
            (keys.signing.algorithm(), keys.verifying.algorithm()),
            (ours, ours)
        );
        for (theirs, _) in golden.algorithms() {
            let read = golden.decode(golden.minted(theirs), &keys.verifying);
            assert_eq!(read.is_ok(), ours == theirs, "{theirs} where {ours} is set");
        }
    }
}

// --- Tokens of ours, read by PyJWT ----------------------------------------------

const READER: &str = "
import json, sys, jwt
for row in json.load(sys.stdin):
    key = jwt.PyJWK(row['jwk'])
    for key in (key.key, row['pem']):
        claims = jwt.decode(row['token'], key, algorithms=[row['algorithm']], options={'verify_exp': False})
        assert claims == row['claims'], (row['algorithm'], claims)
    print(row['algorithm'])
";

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test's own environment says where Python is"
)]
fn pyjwt_reads_our_tokens_and_our_published_keys() {
    let Some(python) = std::env::var_os("REFERENCE_PYTHON") else {
        return;
    };
    let golden = Golden::load();
    let rows = golden.algorithms().into_iter().map(|(algorithm, key)| {
        let keys = golden.keys(algorithm);
        json!({
            "algorithm": algorithm.name(),
            "claims": golden.0["claims"],
            "token": encode(&golden.claims(), &keys.signing),
            "jwk": keys.verifying.to_jwk(),
            "pem": golden.pem(key, "spki"),
        })
    });
    let rows: Vec<Value> = rows.collect();
    let mut reader = Command::new(python)
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    reader
        .stdin
        .take()
        .unwrap()
        .write_all(json!(rows).to_string().as_bytes())
        .unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().lines().count(),
        rows.len()
    );
}

// --- Keys -----------------------------------------------------------------------

#[test]
fn every_form_of_a_key_is_read() {
    let golden = Golden::load();
    for (algorithm, name) in golden.algorithms() {
        let public = PublicKey::from_pem(algorithm, golden.pem(name, "spki").unwrap()).unwrap();
        for form in ["pkcs8", "traditional", "with_parameters"] {
            let Some(pem) = golden.pem(name, form) else {
                continue;
            };
            for pem in [
                pem.to_owned(),
                pem.replace('\n', "\r\n"),
                format!("\n  {}\n\n", pem.replace('\n', " \n\t")),
            ] {
                let private = PrivateKey::from_pem(algorithm, &pem).unwrap();
                assert_eq!(*private.public_key(), public, "{algorithm} {form}");
            }
        }
        if let Some(pem) = golden.pem(name, "pkcs1_public") {
            assert_eq!(PublicKey::from_pem(algorithm, pem), Ok(public.clone()));
        }
        assert_eq!(
            PublicKey::from_jwk(algorithm, &golden.0["keys"][name]["jwk"]),
            Ok(public.clone())
        );
        assert_eq!(PublicKey::from_jwk(algorithm, &public.to_jwk()), Ok(public));
    }
}

#[test]
fn bad_keys_are_refused_by_name() {
    let rows = Golden::load().0["refused_keys"].clone();
    for row in rows.as_array().unwrap() {
        let keys = Keys::new(
            text(row, "algorithm").parse().unwrap(),
            text(row, "signing_key").as_bytes(),
            text(row, "verifying_key").as_bytes(),
        );
        let error = keys.unwrap_err();
        let shown = format!("{error:?}");
        assert!(shown.starts_with(text(row, "error")), "{shown} for {row}");
        let is_verifying = text(row, "signing_key").is_empty() || text(row, "error") == "Mismatch";
        let is_missing = text(row, "error") == "Missing";
        let role = if is_verifying && !is_missing {
            KeyRole::Verifying
        } else {
            KeyRole::Signing
        };
        assert_eq!(error.role(), role, "{shown}");
        assert!(!error.to_string().contains("MII"), "{error}");
    }
}

#[test]
fn refusals_say_what_to_do() {
    let golden = Golden::load();
    let refusal = |algorithm: Algorithm, key: &str| {
        let pem = golden.pem(key, "pkcs8").unwrap();
        Keys::new(algorithm, pem.as_bytes(), b"").unwrap_err().to_string()
    };
    assert_eq!(
        refusal(Algorithm::Es256, "p384"),
        "ES256 needs an EC key on P-256, and the signing key is an EC key on P-384. \
         Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"
    );
    assert_eq!(
        refusal(Algorithm::Ps512, "ed25519"),
        "PS512 needs an RSA key, and the signing key is an Ed25519 key. \
         Make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072"
    );
}

#[test]
fn a_public_key_alone_verifies_and_does_not_sign() {
    let golden = Golden::load();
    for (algorithm, name) in golden.algorithms() {
        let public = golden.pem(name, "spki").unwrap();
        let keys = Keys::new(algorithm, b"", public.as_bytes()).unwrap();
        assert_eq!(
            golden.decode(golden.minted(algorithm), &keys.verifying),
            Ok(golden.claims())
        );
        let refused = jwt::encode(&golden.claims(), &Rules::default(), &keys.signing);
        assert_eq!(refused, Err(SignError::VerifiesOnly(algorithm)));
    }
}

#[test]
fn a_public_key_that_is_given_must_be_the_private_one_s() {
    let golden = Golden::load();
    for (algorithm, name) in golden.algorithms() {
        let (private, public) = (
            golden.pem(name, "pkcs8").unwrap(),
            golden.pem(name, "spki").unwrap(),
        );
        assert!(Keys::new(algorithm, private.as_bytes(), public.as_bytes()).is_ok());
    }
}

#[test]
fn a_key_pair_is_no_secret_for_hmac() {
    let golden = Golden::load();
    for (_, name) in golden.algorithms() {
        for pem in [
            golden.pem(name, "pkcs8").unwrap(),
            golden.pem(name, "spki").unwrap(),
        ] {
            assert_eq!(
                jwt::check_strength(Algorithm::Hs256, pem.as_bytes()),
                Err(KeyError::NotASecret)
            );
            let crlf = pem.trim().replace('\n', "\r\n");
            assert_eq!(
                jwt::check_strength(Algorithm::Hs512, crlf.as_bytes()),
                Err(KeyError::NotASecret)
            );
        }
        let jwk = golden.0["keys"][name]["jwk"].to_string();
        assert_eq!(
            jwt::check_strength(Algorithm::Hs256, jwk.as_bytes()),
            Err(KeyError::NotASecret)
        );
        let public = PublicKey::from_pem(Algorithm::Hs256, golden.pem(name, "spki").unwrap());
        assert_eq!(public, Err(KeyError::NotASecret));
    }
}

#[test]
fn debug_shows_no_private_number() {
    let golden = Golden::load();
    for (algorithm, name) in golden.algorithms() {
        let keys = golden.keys(algorithm);
        let shown = format!("{keys:?}");
        assert!(
            shown.contains(&keys.verifying.thumbprint().unwrap()),
            "{name}: {shown}"
        );
        assert!(shown.len() < 250, "{shown}");
    }
}

// --- The RFCs' own examples -----------------------------------------------------

/// RFC 7638 §3.1.
#[test]
fn the_thumbprint_of_the_rfc_s_rsa_key() {
    let key = PublicKey::from_jwk(Algorithm::Rs256, &json!({
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29",
    })).unwrap();
    assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    let jwk = key.to_jwk();
    assert_eq!(
        (text(&jwk, "kid"), text(&jwk, "use"), text(&jwk, "alg")),
        (key.thumbprint().as_str(), "sig", "RS256")
    );
}

/// RFC 8037 appendices A.1 to A.3.
#[test]
fn the_rfc_s_ed25519_key() {
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    let key = PublicKey::from_jwk(Algorithm::EdDsa, &jwk).unwrap();
    assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    let seed = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    let prefix = b"\x30\x2e\x02\x01\0\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".as_slice();
    let der = [prefix, &URL_SAFE_NO_PAD.decode(seed).unwrap()].concat();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
        STANDARD.encode(der)
    );
    let private = PrivateKey::from_pem(Algorithm::EdDsa, pem).unwrap();
    assert_eq!(*private.public_key(), key);
}

/// RFC 7515 appendices A.2 and A.3: RS256 and ES256 around the same claims.
#[test]
fn the_rfc_s_tokens() {
    let rsa = json!({ "kty": "RSA", "e": "AQAB",
        "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ" });
    let ec = json!({ "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" });
    let payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let rs256 = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let es256 = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    for (algorithm, jwk, header, signature) in [
        (Algorithm::Rs256, rsa, "eyJhbGciOiJSUzI1NiJ9", rs256),
        (Algorithm::Es256, ec, "eyJhbGciOiJFUzI1NiJ9", es256),
    ] {
        let key = VerifyingKey::Public(PublicKey::from_jwk(algorithm, &jwk).unwrap());
        let at = |seconds| {
            jwt::decode(
                format!("{header}.{payload}.{signature}"),
                &Rules::default(),
                &key,
                Timestamp::from_secs(seconds),
            )
        };
        let claims = at(1_300_819_379).unwrap();
        assert_eq!(claims.get("iss").unwrap(), "joe", "{algorithm}");
        assert_eq!(at(1_300_819_380), Err(TokenError::Expired));
    }
}

#[test]
fn a_jwk_must_be_a_public_key_for_that_algorithm() {
    let golden = Golden::load();
    let good = golden.0["keys"]["p256"]["jwk"].clone();
    let with = |name: &str, value: Value| {
        let mut jwk = good.clone();
        jwk[name] = value;
        PublicKey::from_jwk(Algorithm::Es256, &jwk)
    };
    for (name, value) in [
        ("use", json!("sig")),
        ("alg", json!("ES256")),
        ("key_ops", json!(["verify"])),
        ("kid", json!(7)),
    ] {
        assert!(with(name, value).is_ok(), "{name}");
    }
    assert_eq!(with("d", json!("AAAA")), Err(KeyError::NotPublic));
    for (name, value) in [
        ("kty", json!("RSA")),
        ("kty", json!(null)),
        ("crv", json!("P-384")),
        ("crv", json!(1)),
        ("alg", json!("ES384")),
        ("alg", json!(null)),
        ("use", json!("enc")),
        ("key_ops", json!(["sign"])),
        ("key_ops", json!("verify")),
    ] {
        let refused = with(name, value.clone());
        assert!(
            matches!(refused, Err(KeyError::WrongKind { .. })),
            "{name} {value} {refused:?}"
        );
    }
    for (name, value) in [
        ("x", json!("")),
        ("x", json!(1)),
        ("x", json!("AAAA")),
        ("y", json!(null)),
        ("y", good["x"].clone()),
        ("x", json!(format!("{}=", text(&good, "x")))),
    ] {
        assert_eq!(
            with(name, value.clone()),
            Err(KeyError::Malformed(KeyRole::Verifying)),
            "{name} {value}"
        );
    }
    for jwk in [json!([]), json!(null), json!("x")] {
        assert!(PublicKey::from_jwk(Algorithm::Es256, &jwk).is_err());
    }
}

#[test]
fn exponents_that_no_key_has_are_refused() {
    let golden = Golden::load();
    let jwk = &golden.0["keys"]["rsa"]["jwk"];
    for (exponent, is_good) in [
        ("AQAB", true),
        ("Aw", true),
        ("AAAAAw", true),
        ("AQAAAAE", true),
        ("", false),
        ("AA", false),
        ("AQ", false),
        ("Ag", false),
        ("AQAA", false),
        ("AwAAAAE", false),
        ("AQAAAAAB", false),
    ] {
        let mut jwk = jwk.clone();
        jwk["e"] = json!(exponent);
        assert_eq!(
            PublicKey::from_jwk(Algorithm::Rs256, &jwk).is_ok(),
            is_good,
            "{exponent}"
        );
    }
    let mut even = jwk.clone();
    let mut modulus = URL_SAFE_NO_PAD.decode(text(jwk, "n")).unwrap();
    *modulus.last_mut().unwrap() &= 0xfe;
    even["n"] = json!(URL_SAFE_NO_PAD.encode(modulus));
    assert_eq!(
        PublicKey::from_jwk(Algorithm::Rs256, &even),
        Err(KeyError::Malformed(KeyRole::Verifying))
    );
}

// --- Hostile input --------------------------------------------------------------

#[test]
fn every_flipped_bit_is_refused() {
    let golden = Golden::load();
    for algorithm in [
        Algorithm::Rs256,
        Algorithm::Ps256,
        Algorithm::Es256,
        Algorithm::Es512,
        Algorithm::EdDsa,
    ] {
        let keys = golden.keys(algorithm);
        let token = golden.minted(algorithm).as_bytes();
        for position in 0..token.len() {
            for bit in 0..8 {
                let mut flipped = token.to_vec();
                flipped[position] ^= 1 << bit;
                let read = jwt::decode(&flipped, &Rules::default(), &keys.verifying, golden.now());
                assert_eq!(
                    read,
                    Err(TokenError::Invalid),
                    "{algorithm}: byte {position}, bit {bit}"
                );
            }
        }
    }
}

#[test]
fn every_flipped_bit_of_a_signature_is_refused() {
    let golden = Golden::load();
    for (algorithm, _) in golden.algorithms() {
        let keys = golden.keys(algorithm);
        let (message, signature) = golden.minted(algorithm).rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        for bit in 0..signature.len() * 8 {
            let mut forged = signature.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            let forged = format!("{message}.{}", URL_SAFE_NO_PAD.encode(forged));
            assert_eq!(
                golden.decode(&forged, &keys.verifying),
                Err(TokenError::Invalid),
                "{algorithm}: bit {bit}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_encoded_is_decoded(name in "[a-z]{4,12}", value: String, jti: [u8; 16]) {
        let golden = Golden::load();
        let rules = Rules::default();
        let claims = Claims::new_token(TokenType::Access, jti, golden.now(), &rules).with(name, value);
        for algorithm in [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512, Algorithm::Es256k, Algorithm::EdDsa] {
            let keys = golden.keys(algorithm);
            let token = encode(&claims, &keys.signing);
            prop_assert_eq!(golden.decode(&token, &keys.verifying), Ok(claims.clone()));
        }
    }

    #[test]
    fn any_signature_has_an_answer(signature: Vec<u8>) {
        let golden = Golden::load();
        for (algorithm, _) in golden.algorithms() {
            let (message, _) = golden.minted(algorithm).rsplit_once('.').unwrap();
            let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(&signature));
            prop_assert_eq!(golden.decode(&token, &golden.keys(algorithm).verifying), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn any_damage_to_a_key_has_an_answer(position in 0..2000_usize, byte: u8) {
        let golden = Golden::load();
        for (algorithm, name) in golden.algorithms() {
            for form in ["pkcs8", "traditional", "spki"] {
                let Some(pem) = golden.pem(name, form) else { continue };
                let mut damaged = pem.as_bytes().to_vec();
                let position = position % damaged.len();
                damaged[position] = byte;
                let _ = (PrivateKey::from_pem(algorithm, &damaged), PublicKey::from_pem(algorithm, &damaged));
            }
        }
    }
}
