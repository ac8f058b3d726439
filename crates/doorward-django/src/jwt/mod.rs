//! JSON web tokens as SimpleJWT makes and judges them.
//!
//! A token is signed text (RFC 7515) around [`Claims`] (RFC 7519). [`encode`] writes it as PyJWT does, to
//! the byte; [`decode`] checks signature and registered claims; [`Claims::verify`] asks what SimpleJWT asks
//! on top: an expiry, an id, the right [`TokenType`]. Between the two a store may say
//! [`TokenError::Blacklisted`].
//!
//! Where PyJWT is lax this is strict: base64url without padding, in its one canonical spelling; JSON in
//! UTF-8 without a byte order mark, with no name twice, no lone surrogate, and at most 128 levels deep.
//!
//! ```
//! use doorward_django::jwt::{self, Claims, Keys, Rules, TokenError, TokenType};
//! use doorward_django::timestamp::Timestamp;
//!
//! let (keys, rules) = (Keys::hs256(b"a secret of at least thirty-two bytes"), Rules::default());
//! let now = Timestamp::from_secs(1_700_000_000);
//!
//! let refresh = Claims::new_token(TokenType::Refresh, [7; 16], now, &rules).for_user("5", &rules);
//! let access = refresh.access_token([8; 16], now, &rules);
//! let text = jwt::encode(&access, &rules, &keys.signing)?;
//!
//! let claims = jwt::decode(&text, &rules, &keys.verifying, now)?;
//! claims.verify(TokenType::Access, &rules, now)?;
//! assert_eq!(claims.verify(TokenType::Refresh, &rules, now), Err(TokenError::WrongType));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Keys`] hold a shared secret, or with the feature `asymmetric` (on by default) a key pair in PEM: RSA,
//! ECDSA or Ed25519. A key has one algorithm; what a token's header says cannot choose another.
//!
//! A [`Keyring`] holds several keys, each with a name that is written to a token's header as `kid`: one signs, and
//! all verify, so that a new key can take over from an old one.

mod algorithm;
#[cfg(feature = "asymmetric")]
mod asymmetric;
mod claims;
mod error;
mod header;
mod hmac;
mod key_error;
mod key_file;
mod keyring;
mod keys;
mod numeric_date;
mod rules;
mod sign;
mod strength;
mod strict_json;
mod tokens;
mod user_id;
mod verify;
#[cfg(test)]
#[cfg(feature = "asymmetric")]
mod wycheproof_jws;

pub use algorithm::{Algorithm, AlgorithmError};
#[cfg(feature = "asymmetric")]
pub use asymmetric::{PrivateKey, PublicKey, generate_pem};
pub use claims::Claims;
pub use error::TokenError;
pub use hmac::HmacKey;
pub use key_error::{KeyError, KeyRole, SignError};
pub use key_file::{KeyFile, KeyFileError};
pub use keyring::{Fault, Keyring, KeyringError, RingKey, claimed_kid};
pub use keys::{Keys, SigningKey, VerifyingKey};
pub use rules::{Audience, REVOCATION_CLAIM, Rules};
pub use sign::{MAX_LENGTH, decode, encode};
pub use strength::check_strength;
pub use tokens::{TokenType, revoke_digest};
pub use user_id::UserIdClaim;
