//! Why a token is refused, for developers: [`Fault`].

use std::str::FromStr;

use thiserror::Error;

use super::super::header::Header;
use super::super::sign::{Parts, base64url};
use super::super::strict_json::parse_object;
use super::super::{Algorithm, Claims, Rules};
use super::{Keyring, Naming};
use crate::timestamp::Timestamp;

/// Which rule refuses a token, for the log and for developers: a client is told a [`TokenError`](super::TokenError) and
/// no more. It repeats nothing of a token but dates and the name of a key.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is no token at all.
    #[error("it is no JSON web token: those have three parts of base64url with dots between them")]
    Form,
    /// Its header is not what RFC 7515 has.
    #[error("its header cannot be read, or asks for an extension that is not known")]
    Header,
    /// It is signed in another way than our keys are for.
    #[error("its algorithm is {found}, and the keys here are for {ours}")]
    Algorithm {
        /// The one it names, if there is such a one.
        found: String,
        /// The one of our keys.
        ours: Algorithm,
    },
    /// It names a key that is not here, or not any more.
    #[error("no key here is named \"{0}\", or that one is retired")]
    UnknownKey(String),
    /// It was signed with another key, or changed since.
    #[error("its signature fits no key here")]
    Signature,
    /// What was signed are no claims.
    #[error("its claims are no strict JSON object")]
    Claims,
    /// A claim is of another kind than it has to be.
    #[error("its claim `{0}` is of the wrong kind")]
    Kind(&'static str),
    /// It begins later, by this server's clock.
    #[error(
        "its claim `{claim}` is {seconds} seconds in the future of this server's clock; see to the clocks, or set `jwt.leeway`"
    )]
    Future {
        /// `iat` or `nbf`.
        claim: &'static str,
        /// By how much.
        seconds: u64,
    },
    /// It has ended.
    #[error("it has expired, {0}")]
    Expired(String),
    /// `iss` is another one.
    #[error("its issuer is not `jwt.issuer`")]
    Issuer,
    /// `aud` names others.
    #[error("it is not meant for `jwt.audience`")]
    Audience,
}

impl Keyring {
    /// The first rule that refuses a token, in the order of [`decode`](Self::decode); `None` where that takes it.
    ///
    /// It does the work of `decode` again: only for who reads the answer.
    #[must_use]
    pub fn fault(&self, token: impl AsRef<[u8]>, rules: &Rules, now: Timestamp) -> Option<Fault> {
        let token = token.as_ref();
        if self.decode(token, rules, now).is_ok() {
            return None;
        }
        let payload = match self.genuine(token, now) {
            Ok(payload) => payload,
            Err(fault) => return Some(fault),
        };
        match parse_object(&payload).map(Claims::from) {
            Some(claims) => claims.fault(rules, now),
            None => Some(Fault::Claims),
        }
    }

    /// The payload, where a key of ours signed it.
    fn genuine(&self, token: &[u8], now: Timestamp) -> Result<Vec<u8>, Fault> {
        let parts = Parts::split(token).ok_or(Fault::Form)?;
        let header = base64url(parts.header).map_err(|_| Fault::Form)?;
        let header = Header::read(&header).map_err(|_| Fault::Header)?;
        if let (Naming::Named, Some(kid)) = (self.naming, header.kid())
            && !self.knows(kid, now)
        {
            return Err(Fault::UnknownKey(short(kid)));
        }
        if self.candidates(&header, now).next().is_none() {
            let found = header.algorithm().and_then(|name| Algorithm::from_str(name).ok());
            let found = found.map_or("none that is known", Algorithm::name);
            return Err(Fault::Algorithm {
                found: found.to_owned(),
                ours: self.algorithm,
            });
        }
        let payload = parts.payload_signed_by(self.candidates(&header, now));
        payload.map_err(|_| Fault::Signature)
    }
}

/// A name of a key as it may stand in a line of the log.
fn short(kid: &str) -> String {
    const LONGEST: usize = 64;
    let escaped = kid.chars().take(LONGEST).flat_map(char::escape_debug);
    escaped.collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::super::RingKey;
    use super::*;
    use crate::jwt::Audience;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
    const SECRET: &[u8] = b"the first secret, of 32 bytes and more";

    fn ring(algorithm: Algorithm, secret: &[u8], kid: &str) -> Keyring {
        Keyring::new([RingKey::new(algorithm, secret, b"").unwrap().named(kid)]).unwrap()
    }

    fn fault(token: &str, rules: &Rules) -> Option<String> {
        let ours = ring(Algorithm::Hs256, SECRET, "ours");
        ours.fault(token, rules, NOW).map(|fault| fault.to_string())
    }

    fn signed(claims: &Claims) -> String {
        let ours = ring(Algorithm::Hs256, SECRET, "ours");
        ours.encode(claims, &Rules::default(), NOW).unwrap()
    }

    #[test]
    fn what_is_not_genuine_is_told_apart() {
        let rules = Rules::default();
        let good = Claims::new().with("exp", NOW.as_secs() + 300);
        let by =
            |algorithm, secret: &[u8], kid| ring(algorithm, secret, kid).encode(&good, &rules, NOW).unwrap();
        let other = b"another secret, of 64 bytes and more, which is enough for HS512 too";
        let header = |json: &str| format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode(json));
        for (token, told) in [
            ("garbage".to_owned(), "it is no JSON web token"),
            ("ü.b.c".to_owned(), "it is no JSON web token"),
            (header("[]"), "its header"),
            (header(r#"{"alg":"none"}"#), "its algorithm is none that is known"),
            (
                by(Algorithm::Hs512, other, "ours"),
                "its algorithm is HS512, and the keys here are for HS256",
            ),
            (
                by(Algorithm::Hs256, SECRET, "a\"\n"),
                r#"no key here is named "a\"\n""#,
            ),
            (
                by(Algorithm::Hs256, other, "ours"),
                "its signature fits no key here",
            ),
        ] {
            let fault = fault(&token, &rules).unwrap();
            assert!(fault.starts_with(told), "{fault}");
        }
        assert_eq!(fault(&signed(&good), &rules), None);
    }

    #[test]
    fn what_is_not_current_is_told_apart() {
        let rules = Rules {
            issuer: Some("us".to_owned()),
            audience: Some(Audience::One("me".to_owned())),
            leeway: Duration::from_secs(5),
            ..Rules::default()
        };
        let claims = || Claims::new().with("iss", "us").with("aud", "me");
        let now = NOW.as_secs();
        for (claims, told) in [
            (
                claims().with("exp", now - 65),
                "it has expired, at 2023-11-14T22:12:15Z",
            ),
            (
                claims().with("exp", "soon"),
                "its claim `exp` is of the wrong kind",
            ),
            (
                claims().with("iat", now + 65),
                "its claim `iat` is 65 seconds in the future",
            ),
            (
                claims().with("nbf", now + 7),
                "its claim `nbf` is 7 seconds in the future",
            ),
            (claims().with("iat", "x"), "its claim `iat` is of the wrong kind"),
            (claims().with("iss", "them"), "its issuer is not `jwt.issuer`"),
            (claims().with("aud", "you"), "it is not meant for `jwt.audience`"),
            (claims().with("sub", 7), "its claim `sub` is of the wrong kind"),
            (claims().with("jti", 7), "its claim `jti` is of the wrong kind"),
        ] {
            let fault = fault(&signed(&claims), &rules).unwrap();
            assert!(fault.starts_with(told), "{fault}");
        }
    }
}
