//! A token as text: [`encode`] and [`decode`].

use super::header::check_header;
use super::strict_json::parse_object;
use super::{Audience, Claims, Rules, SignError, SigningKey, TokenError, VerifyingKey};
use crate::json::{Value, dumps_object};
use crate::timestamp::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The longest token that is looked at, in bytes: what no header and no sensible token exceeds.
pub const MAX_LENGTH: usize = 65_536;

/// The longest signature of any algorithm, in bytes: RSA with 8192 bits.
const MAX_SIGNATURE: usize = 1024;

/// Signs claims, with the audience and the issuer that the rules add.
///
/// The text is PyJWT's to the byte. Source: `rest_framework_simplejwt.backends.TokenBackend.encode`.
///
/// # Errors
/// [`SignError::VerifiesOnly`] where there is no key to sign with, [`SignError::Failed`] where the library fails;
/// none with HMAC.
pub fn encode(claims: &Claims, rules: &Rules, key: &SigningKey) -> Result<String, SignError> {
    encode_under(key.algorithm().header_segment(), claims, rules, key)
}

/// Signs claims under a header that is encoded already.
pub(super) fn encode_under(
    header_segment: &str,
    claims: &Claims,
    rules: &Rules,
    key: &SigningKey,
) -> Result<String, SignError> {
    let mut token = header_segment.to_owned();
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(payload(claims, rules), &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

fn payload(claims: &Claims, rules: &Rules) -> String {
    if rules.audience.is_none() && rules.issuer.is_none() {
        return dumps_object(claims.as_object());
    }
    let mut claims = claims.clone();
    if let Some(audience) = &rules.audience {
        claims.insert("aud", audience);
    }
    if let Some(issuer) = &rules.issuer {
        claims.insert("iss", issuer.as_str());
    }
    dumps_object(claims.as_object())
}

impl From<&Audience> for Value {
    fn from(audience: &Audience) -> Self {
        match audience {
            Audience::One(name) => name.as_str().into(),
            Audience::Any(names) => names.as_slice().into(),
        }
    }
}

/// Reads a token: checks its form, header and signature, then the registered claims it has.
///
/// That makes it genuine and current; whether it is of the right kind is for [`Claims::verify`].
/// Source: `rest_framework_simplejwt.backends.TokenBackend.decode`.
///
/// # Errors
/// [`TokenError::Expired`] for a genuine token whose `exp` has passed, else [`TokenError::Invalid`].
pub fn decode(
    token: impl AsRef<[u8]>,
    rules: &Rules,
    key: &VerifyingKey,
    now: Timestamp,
) -> Result<Claims, TokenError> {
    let payload = verified_payload(token.as_ref(), key)?;
    current_claims(&payload, rules, now)
}

/// The claims in the payload of a token that is genuine, if it is current.
pub(super) fn current_claims(payload: &[u8], rules: &Rules, now: Timestamp) -> Result<Claims, TokenError> {
    let claims = parse_object(payload)
        .map(Claims::from)
        .ok_or(TokenError::Invalid)?;
    claims.check_registered(rules, now)?;
    Ok(claims)
}

/// The payload of a token that the key signed.
pub(super) fn verified_payload(token: &[u8], key: &VerifyingKey) -> Result<Vec<u8>, TokenError> {
    let parts = Parts::split(token).ok_or(TokenError::Invalid)?;
    if parts.header != key.algorithm().header_segment().as_bytes() {
        check_header(&base64url(parts.header)?, key.algorithm())?;
    }
    parts.payload_signed_by([key])
}

/// The three parts of a token (RFC 7515 §7.1), and the two that are signed together.
pub(super) struct Parts<'a> {
    pub(super) header: &'a [u8],
    payload: &'a [u8],
    signature: &'a [u8],
    signed: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(super) fn split(token: &'a [u8]) -> Option<Self> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let is_dot = |byte: &u8| *byte == b'.';
        let first = token.iter().position(is_dot)?;
        // A third dot would stand in the signature, where no base64 has one.
        let second = first + 1 + token.get(first + 1..)?.iter().position(is_dot)?;
        Some(Self {
            header: token.get(..first)?,
            payload: token.get(first + 1..second)?,
            signature: token.get(second + 1..)?,
            signed: token.get(..second)?,
        })
    }

    /// The payload, if one of the keys signed it. Nothing of it is parsed, or even decoded, before that.
    pub(super) fn payload_signed_by<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifyingKey>,
    ) -> Result<Vec<u8>, TokenError> {
        let mut buffer = [0; MAX_SIGNATURE];
        let signature = signature(self.signature, &mut buffer)?;
        if keys.into_iter().any(|key| key.verifies(self.signed, signature)) {
            return base64url(self.payload);
        }
        Err(TokenError::Invalid)
    }
}

/// The bytes of base64url: no padding, no other characters, no bits left over (RFC 7515 §2).
pub(super) fn base64url(segment: &[u8]) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD.decode(segment).map_err(|_| TokenError::Invalid)
}

fn signature<'a>(segment: &[u8], buffer: &'a mut [u8; MAX_SIGNATURE]) -> Result<&'a [u8], TokenError> {
    let length = URL_SAFE_NO_PAD
        .decode_slice(segment, buffer)
        .map_err(|_| TokenError::Invalid)?;
    buffer.get(..length).ok_or(TokenError::Invalid)
}
