//! Several keys at once: [`Keyring`].

mod fault;
mod ring_key;

use serde_json::{Value, json};
use thiserror::Error;

use super::header::Header;
use super::sign::{Parts, base64url, current_claims, encode_under};
use super::{Algorithm, Claims, Keys, Rules, SignError, SigningKey, TokenError, VerifyingKey};
use crate::timestamp::Timestamp;

pub use fault::Fault;
pub use ring_key::RingKey;

/// The keys of a door: one signs, all verify until they are retired.
///
/// Made [of one pair](Self::from) it is SimpleJWT's: what is signed names no key, and `kid` is not looked at. Made
/// of [named keys](Self::new) each token names the key that signed it (RFC 7515 §4.1.4). A token that names a key is
/// verified with that one, or refused; one that names none, as Django's, with any of its algorithm.
///
/// ```
/// use doorward_django::jwt::{Algorithm, Claims, Keyring, RingKey, Rules};
/// use doorward_django::timestamp::Timestamp;
///
/// let key = |secret: &[u8]| RingKey::new(Algorithm::Hs256, secret, b"");
/// let (old, new) = (key(b"the secret of last year, 32 bytes")?, key(b"the secret of this year, 32 bytes")?);
/// let (now, rules) = (Timestamp::from_secs(1_700_000_000), Rules::default());
///
/// let before = Keyring::new([old.clone()])?;
/// let token = before.encode(&Claims::new().with("exp", 1_700_000_300), &rules, now)?;
/// let after = Keyring::new([new.signs_from(now), old])?;
/// assert!(after.decode(token, &rules, now).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Keyring {
    entries: Vec<RingKey>,
    naming: Naming,
    algorithm: Algorithm,
}

/// Whether tokens name their key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    Nameless,
    Named,
}

/// Why keys are no keyring.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyringError {
    /// None at all.
    #[error("there is no key; make one with `doorward keys add`")]
    Empty,
    /// Two keys of one name.
    #[error("two keys are named `{0}`; give one of them another `kid`, or take it out")]
    NameTwice(String),
}

impl From<Keys> for Keyring {
    fn from(keys: Keys) -> Self {
        Self {
            algorithm: keys.signing.algorithm(),
            entries: vec![RingKey::nameless(keys)],
            naming: Naming::Nameless,
        }
    }
}

impl Keyring {
    /// A keyring of named keys, in the order of preference where several could sign.
    ///
    /// # Errors
    /// [`KeyringError`] for no key, and for two of one name.
    pub fn new(keys: impl IntoIterator<Item = RingKey>) -> Result<Self, KeyringError> {
        let entries: Vec<RingKey> = keys.into_iter().collect();
        let first = entries.first().ok_or(KeyringError::Empty)?;
        let twice = entries.iter().enumerate().find(|(position, key)| {
            let others = entries.iter().take(*position);
            others.clone().any(|other| other.kid() == key.kid())
        });
        if let Some((_, key)) = twice {
            return Err(KeyringError::NameTwice(key.kid().to_owned()));
        }
        Ok(Self {
            algorithm: first.algorithm(),
            naming: Naming::Named,
            entries,
        })
    }

    /// A keyring that neither signs nor verifies, for a door whose keys are all elsewhere.
    #[must_use]
    pub fn empty(algorithm: Algorithm) -> Self {
        Self {
            entries: Vec::new(),
            naming: Naming::Named,
            algorithm,
        }
    }

    /// The public keys of a JWK Set (RFC 7517 §5): those that verify, of a kind that is known.
    ///
    /// A key that names an algorithm is for that one, else for `algorithm`. Secrets in the set are passed over, and
    /// so is what is damaged: others may still verify.
    #[cfg(feature = "asymmetric")]
    #[must_use]
    pub fn from_jwks(algorithm: Algorithm, set: &[u8]) -> Option<Self> {
        let set = super::strict_json::parse_object(set)?;
        let keys = set.get("keys")?.as_array()?;
        let keys = keys
            .iter()
            .filter_map(|jwk| RingKey::from_jwk(algorithm, &crate::json::from_value(jwk).ok()?));
        Self::new(keys).ok()
    }

    /// The keys, retired ones too.
    #[must_use]
    pub fn keys(&self) -> &[RingKey] {
        &self.entries
    }

    /// The key that signs now: of those that may, the one that began last.
    #[must_use]
    pub fn signer(&self, now: Timestamp) -> Option<&RingKey> {
        let able = self.entries.iter().filter(|key| key.signs_at(now));
        able.rev().max_by_key(|key| key.signs_since())
    }

    /// Until when exactly those keys verify that do so at `now`; `None` for ever.
    #[must_use]
    pub fn unchanged_until(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.entries.iter().filter_map(RingKey::end);
        ends.filter(|end| now < *end).min()
    }

    /// Whether a key of that name is here and not retired.
    #[must_use]
    pub fn knows(&self, kid: &str, now: Timestamp) -> bool {
        self.entries
            .iter()
            .any(|key| key.kid() == kid && key.verifies_at(now))
    }

    /// Signs claims as [`encode`](super::encode) does, with the key that signs now.
    ///
    /// # Errors
    /// As [`encode`](super::encode); also where no key may sign yet, or any more.
    pub fn encode(&self, claims: &Claims, rules: &Rules, now: Timestamp) -> Result<String, SignError> {
        let key = self.signer(now).ok_or(SignError::VerifiesOnly(self.algorithm))?;
        encode_under(key.header_segment(), claims, rules, &key.keys().signing)
    }

    /// Reads a token as [`decode`](super::decode) does, with the key that it names or any that may have signed it.
    ///
    /// # Errors
    /// As [`decode`](super::decode); a name that no key has is [`TokenError::Invalid`].
    pub fn decode(
        &self,
        token: impl AsRef<[u8]>,
        rules: &Rules,
        now: Timestamp,
    ) -> Result<Claims, TokenError> {
        let parts = Parts::split(token.as_ref()).ok_or(TokenError::Invalid)?;
        let ours = |key: &&RingKey| key.verifies_at(now) && key.wrote(parts.header);
        let payload = match self.entries.iter().find(ours) {
            Some(key) => parts.payload_signed_by([&key.keys().verifying])?,
            None => {
                let header = Header::read(&base64url(parts.header)?)?;
                parts.payload_signed_by(self.candidates(&header, now))?
            }
        };
        current_claims(&payload, rules, now)
    }

    fn candidates<'k>(&'k self, header: &Header, now: Timestamp) -> impl Iterator<Item = &'k VerifyingKey> {
        let named = |key: &RingKey| match (self.naming, header.kid()) {
            (Naming::Named, Some(kid)) => key.kid() == kid,
            (Naming::Named, None) | (Naming::Nameless, _) => true,
        };
        self.entries
            .iter()
            .filter(move |key| key.verifies_at(now) && named(key) && header.names(key.algorithm()))
            .map(|key| &key.keys().verifying)
    }

    /// The JWK Set to publish (RFC 7517 §5): the public keys that verify now. A shared secret is never in it.
    #[must_use]
    pub fn to_jwks(&self, now: Timestamp) -> Value {
        let keys = self.entries.iter().filter(|key| key.verifies_at(now));
        let keys: Vec<Value> = keys.filter_map(RingKey::to_jwk).collect();
        json!({ "keys": keys })
    }
}

/// The name of the key that a token says it was signed with; nothing is verified.
///
/// For who fetches keys: a name that is not known may be a new one.
#[must_use]
pub fn claimed_kid(token: &[u8]) -> Option<String> {
    let parts = Parts::split(token)?;
    let header = Header::read(&base64url(parts.header).ok()?).ok()?;
    header.kid().map(str::to_owned)
}

/// Whether a key can sign at all.
fn can_sign(key: &SigningKey) -> bool {
    !matches!(key, SigningKey::VerifiesOnly(_))
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    use super::*;
    use crate::jwt;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
    const FIRST: &[u8] = b"the first secret, of 32 bytes and more";
    const SECOND: &[u8] = b"the second secret, of 32 bytes and more";

    fn key(secret: &[u8]) -> RingKey {
        RingKey::new(Algorithm::Hs256, secret, b"").unwrap()
    }

    fn claims() -> Claims {
        Claims::new().with("exp", NOW.as_secs() + 300)
    }

    fn after(seconds: u64) -> Timestamp {
        NOW.saturating_add(std::time::Duration::from_secs(seconds))
    }

    fn header(token: &str) -> String {
        let bytes = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn one_pair_is_simple_jwt_s_to_the_byte() {
        let keys = Keys::hs256(FIRST);
        let rules = Rules::default();
        let ring = Keyring::from(keys.clone());
        let token = ring.encode(&claims(), &rules, NOW).unwrap();
        assert_eq!(token, jwt::encode(&claims(), &rules, &keys.signing).unwrap());
        assert_eq!(ring.decode(&token, &rules, NOW), Ok(claims()));
        let named = Keyring::new([key(FIRST)])
            .unwrap()
            .encode(&claims(), &rules, NOW)
            .unwrap();
        assert_eq!(
            ring.decode(named, &rules, NOW),
            Ok(claims()),
            "kid is not looked at"
        );
    }

    #[test]
    fn a_named_key_is_written_and_obeyed() {
        let rules = Rules::default();
        let ring = Keyring::new([key(FIRST).named("a\"é")]).unwrap();
        let token = ring.encode(&claims(), &rules, NOW).unwrap();
        assert_eq!(header(&token), r#"{"alg":"HS256","kid":"a\"\u00e9","typ":"JWT"}"#);
        assert_eq!(claimed_kid(token.as_bytes()).as_deref(), Some("a\"é"));
        assert_eq!(ring.decode(&token, &rules, NOW), Ok(claims()));
        let other = Keyring::new([key(FIRST).named("b")]).unwrap();
        assert_eq!(
            other.decode(&token, &rules, NOW),
            Err(TokenError::Invalid),
            "no such name"
        );
        let swapped = Keyring::new([key(SECOND).named("a\"é"), key(FIRST)]).unwrap();
        assert_eq!(
            swapped.decode(&token, &rules, NOW),
            Err(TokenError::Invalid),
            "not its key"
        );
    }

    #[test]
    fn tokens_that_name_no_key_still_verify() {
        let rules = Rules::default();
        let ring = Keyring::new([key(FIRST), key(SECOND)]).unwrap();
        for secret in [FIRST, SECOND] {
            let token = jwt::encode(&claims(), &rules, &Keys::hs256(secret).signing).unwrap();
            assert_eq!(ring.decode(token, &rules, NOW), Ok(claims()));
        }
        let stranger = jwt::encode(&claims(), &rules, &Keys::hs256(b"x").signing).unwrap();
        assert_eq!(ring.decode(stranger, &rules, NOW), Err(TokenError::Invalid));
    }

    #[test]
    fn names_that_are_no_text_are_refused() {
        let rules = Rules::default();
        let ring = Keyring::new([key(FIRST)]).unwrap();
        let signing = Keys::hs256(FIRST).signing;
        for kid in [
            "1",
            "null",
            "{}",
            "[\"a\"]",
            "\"../../dev/null\"",
            "\"\"",
            "\"x' OR 1\"",
        ] {
            let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"HS256","kid":{kid}}}"#));
            let token = encode_under(&header, &claims(), &rules, &signing).unwrap();
            assert_eq!(ring.decode(token, &rules, NOW), Err(TokenError::Invalid), "{kid}");
        }
    }

    #[test]
    fn keys_begin_and_retire_in_time() {
        let rules = Rules::default();
        let old = key(FIRST).named("old").verifies_until(after(60));
        let new = key(SECOND).named("new").signs_from(after(10));
        let ring = Keyring::new([old, new]).unwrap();
        let signer = |now| ring.signer(now).map(RingKey::kid);
        assert_eq!(signer(NOW), Some("old"));
        assert_eq!((signer(after(9)), signer(after(10))), (Some("old"), Some("new")));
        let token = ring.encode(&claims(), &rules, NOW).unwrap();
        assert!(ring.decode(&token, &rules, after(59)).is_ok());
        assert_eq!(ring.decode(&token, &rules, after(60)), Err(TokenError::Invalid));
        let nameless = jwt::encode(&claims(), &rules, &Keys::hs256(FIRST).signing).unwrap();
        assert!(ring.decode(&nameless, &rules, after(59)).is_ok());
        assert_eq!(
            ring.decode(&nameless, &rules, after(60)),
            Err(TokenError::Invalid)
        );
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(token: Vec<u8>, header in "[ -~]{0,40}") {
            let ring = Keyring::new([key(FIRST), key(SECOND)]).unwrap();
            let forged = format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode(header));
            for token in [token.as_slice(), forged.as_bytes()] {
                prop_assert!(ring.decode(token, &Rules::default(), NOW).is_err());
                let _ = claimed_kid(token);
            }
        }

        #[test]
        fn a_token_with_one_other_bit_is_refused(position: prop::sample::Index, bit in 0..8_u32) {
            let ring = Keyring::new([key(FIRST), key(SECOND)]).unwrap();
            let mut token = ring.encode(&claims(), &Rules::default(), NOW).unwrap().into_bytes();
            let index = position.index(token.len());
            token[index] ^= 1_u8 << bit;
            prop_assert!(ring.decode(token, &Rules::default(), NOW).is_err());
        }
    }

    #[test]
    fn without_a_signer_nothing_is_signed() {
        let ring = Keyring::new([key(FIRST).verifies_only()]).unwrap();
        let refused = ring.encode(&claims(), &Rules::default(), NOW);
        assert_eq!(refused, Err(SignError::VerifiesOnly(Algorithm::Hs256)));
        let empty = Keyring::empty(Algorithm::Hs256);
        assert!(empty.encode(&claims(), &Rules::default(), NOW).is_err());
        assert!(empty.decode("a.b.c", &Rules::default(), NOW).is_err());
    }

    #[test]
    fn of_several_the_first_signs() {
        let ring = Keyring::new([key(FIRST).named("a"), key(SECOND).named("b")]).unwrap();
        assert_eq!(ring.signer(NOW).map(RingKey::kid), Some("a"));
    }

    #[test]
    fn names_stand_once() {
        let twice = Keyring::new([key(FIRST), key(FIRST)]).unwrap_err();
        assert_eq!(twice, KeyringError::NameTwice(key(FIRST).kid().to_owned()));
        assert_eq!(Keyring::new([]).unwrap_err(), KeyringError::Empty);
    }

    #[test]
    fn secrets_are_never_published() {
        let ring = Keyring::new([key(FIRST), key(SECOND)]).unwrap();
        assert_eq!(ring.to_jwks(NOW), json!({ "keys": [] }));
        assert_eq!(
            Keyring::from(Keys::hs256(FIRST)).to_jwks(NOW),
            json!({ "keys": [] })
        );
    }

    #[cfg(feature = "asymmetric")]
    #[test]
    fn a_published_set_verifies_what_the_ring_signed() {
        let rules = Rules::default();
        let private = |algorithm| {
            let pem = jwt::generate_pem(algorithm).unwrap();
            RingKey::new(algorithm, pem.expose().as_bytes(), b"").unwrap()
        };
        let ring = Keyring::new([
            private(Algorithm::Es256).named("e"),
            private(Algorithm::EdDsa),
            key(FIRST),
        ])
        .unwrap();
        let set = ring.to_jwks(NOW);
        assert_eq!(set["keys"].as_array().unwrap().len(), 2);
        assert_eq!(set["keys"][0]["kid"], "e");
        assert!(!set.to_string().contains("\"d\""));
        let public = Keyring::from_jwks(Algorithm::Rs256, set.to_string().as_bytes()).unwrap();
        let token = ring.encode(&claims(), &rules, NOW).unwrap();
        assert_eq!(public.decode(&token, &rules, NOW), Ok(claims()));
        assert!(public.encode(&claims(), &rules, NOW).is_err());
    }

    #[cfg(feature = "asymmetric")]
    #[test]
    fn of_a_set_what_cannot_be_used_is_passed_over() {
        let pem = jwt::generate_pem(Algorithm::Es256).unwrap();
        let good = RingKey::new(Algorithm::Es256, pem.expose().as_bytes(), b"").unwrap();
        let mut set = Keyring::new([good.clone()]).unwrap().to_jwks(NOW);
        let keys = set["keys"].as_array_mut().unwrap();
        for junk in [
            json!(1),
            json!({}),
            json!({ "kty": "oct", "k": "c2VjcmV0" }),
            json!({ "kty": "oct", "k": "c2VjcmV0", "alg": "HS256" }),
            json!({ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" }),
            json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "use": "enc" }),
        ] {
            keys.push(junk);
        }
        let ring = Keyring::from_jwks(Algorithm::Es256, set.to_string().as_bytes()).unwrap();
        assert_eq!(ring.keys().len(), 1);
        assert!(ring.knows(good.kid(), NOW));
        for set in [
            "",
            "[]",
            "{}",
            r#"{"keys":{}}"#,
            r#"{"keys":[]}"#,
            r#"{"keys":[{"kty":"oct"}]}"#,
        ] {
            assert!(
                Keyring::from_jwks(Algorithm::Es256, set.as_bytes()).is_none(),
                "{set}"
            );
        }
    }
}
