//! A key with a name and its times: [`RingKey`].

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::can_sign;
use crate::json::{Object, dumps_object};
use crate::jwt::{Algorithm, KeyError, Keys};
use crate::timestamp::Timestamp;

/// A key of a [`Keyring`](super::Keyring): its name, when it begins to sign, and when it stops to verify.
#[derive(Clone, Debug)]
pub struct RingKey {
    kid: String,
    keys: Keys,
    header_segment: String,
    signs: Signs,
    verifies_until: Option<Timestamp>,
}

/// When a key that can sign does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Signs {
    Never,
    Always,
    From(Timestamp),
}

impl RingKey {
    /// A key, named by its RFC 7638 thumbprint; it signs if it can, and verifies without end.
    ///
    /// The thumbprint of a secret is that of its JWK (RFC 7638 §7 on what that tells: no more than a token that it
    /// signed).
    ///
    /// # Errors
    /// As [`Keys::new`].
    pub fn new(algorithm: Algorithm, signing_key: &[u8], verifying_key: &[u8]) -> Result<Self, KeyError> {
        let keys = Keys::new(algorithm, signing_key, verifying_key)?;
        let thumbprint = keys.verifying.thumbprint();
        let kid = thumbprint.unwrap_or_else(|| secret_thumbprint(signing_key));
        Ok(Self::of(keys, kid))
    }

    fn of(keys: Keys, kid: String) -> Self {
        Self {
            header_segment: header_segment(keys.signing.algorithm(), &kid),
            signs: if can_sign(&keys.signing) {
                Signs::Always
            } else {
                Signs::Never
            },
            verifies_until: None,
            keys,
            kid,
        }
    }

    /// A key that tokens do not name.
    pub(super) fn nameless(keys: Keys) -> Self {
        Self {
            header_segment: keys.signing.algorithm().header_segment().to_owned(),
            ..Self::of(keys, String::new())
        }
    }

    #[cfg(feature = "asymmetric")]
    pub(super) fn from_jwk(algorithm: Algorithm, jwk: &Value) -> Option<Self> {
        use crate::jwt::{PublicKey, SigningKey, VerifyingKey};
        let algorithm = match jwk.get("alg") {
            Some(name) => name.as_str()?.parse().ok()?,
            None => algorithm,
        };
        let key = PublicKey::from_jwk(algorithm, jwk).ok()?;
        let kid = jwk.get("kid").and_then(Value::as_str).map(str::to_owned);
        let kid = kid.unwrap_or_else(|| key.thumbprint());
        let keys = Keys {
            signing: SigningKey::VerifiesOnly(algorithm),
            verifying: VerifyingKey::Public(key),
        };
        Some(Self::of(keys, kid))
    }

    /// The key under another name.
    #[must_use]
    pub fn named(self, kid: impl Into<String>) -> Self {
        let kid = kid.into();
        Self {
            header_segment: header_segment(self.algorithm(), &kid),
            kid,
            ..self
        }
    }

    /// The key, to sign from `begin` on.
    #[must_use]
    pub fn signs_from(mut self, begin: Timestamp) -> Self {
        if can_sign(&self.keys.signing) {
            self.signs = Signs::From(begin);
        }
        self
    }

    /// The key, never to sign.
    #[must_use]
    pub fn verifies_only(mut self) -> Self {
        self.signs = Signs::Never;
        self
    }

    /// The key, retired at `end`: from then on it neither signs nor verifies.
    #[must_use]
    pub fn verifies_until(mut self, end: Timestamp) -> Self {
        self.verifies_until = Some(end);
        self
    }

    /// Its name, `kid` in the header of a token.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Its algorithm.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.keys.signing.algorithm()
    }

    /// The keys themselves.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Whether it may sign at `now`.
    #[must_use]
    pub fn signs_at(&self, now: Timestamp) -> bool {
        self.signs != Signs::Never && self.signs <= Signs::From(now) && self.verifies_at(now)
    }

    /// Whether it verifies at `now`.
    #[must_use]
    pub fn verifies_at(&self, now: Timestamp) -> bool {
        self.verifies_until.is_none_or(|end| now < end)
    }

    /// When it ceases to verify; `None` for never.
    pub(super) fn end(&self) -> Option<Timestamp> {
        self.verifies_until
    }

    /// Orders keys by when they began to sign.
    pub(super) fn signs_since(&self) -> impl Ord + use<> {
        self.signs
    }

    /// The header of the tokens that it signs, in base64url.
    pub(super) fn header_segment(&self) -> &str {
        &self.header_segment
    }

    /// Whether a token's header is exactly the one that we write with this key.
    pub(super) fn wrote(&self, header_segment: &[u8]) -> bool {
        self.header_segment.as_bytes() == header_segment
    }

    /// The JWK to publish, under its name; `None` for a shared secret.
    pub(super) fn to_jwk(&self) -> Option<Value> {
        let mut jwk = self.keys.verifying.to_jwk()?;
        if !self.kid.is_empty() {
            jwk.as_object_mut()?
                .insert("kid".to_owned(), self.kid.as_str().into());
        }
        Some(jwk)
    }
}

/// `{"alg":"…","kid":"…","typ":"JWT"}` as PyJWT sorts and writes it, in base64url.
fn header_segment(algorithm: Algorithm, kid: &str) -> String {
    let members = [("alg", algorithm.name()), ("kid", kid), ("typ", "JWT")];
    URL_SAFE_NO_PAD.encode(dumps_object(&Object::from_iter(members)))
}

/// RFC 7638 §3.2: the members `k` and `kty`.
fn secret_thumbprint(secret: &[u8]) -> String {
    let jwk = json!({ "k": URL_SAFE_NO_PAD.encode(secret), "kty": "oct" });
    URL_SAFE_NO_PAD.encode(Sha256::digest(jwk.to_string()))
}
