//! New tokens, and tokens from tokens: `rest_framework_simplejwt.tokens`.

use std::time::Duration;

use super::{Claims, Rules};
use crate::hex;
use crate::json::Value;
use crate::timestamp::Timestamp;
use md5::{Digest, Md5};

/// What a token is for: SimpleJWT's classes of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenType {
    /// Opens the API.
    Access,
    /// Fetches new access tokens.
    Refresh,
    /// Opens the API and renews itself.
    Sliding,
    /// Any of them: its type is not looked at.
    Untyped,
}

impl TokenType {
    /// The value of the type claim: `access`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Sliding => "sliding",
            Self::Untyped => "untyped",
        }
    }

    /// The name of SimpleJWT's class, which clients read in error messages: `AccessToken`.
    #[must_use]
    pub const fn class_name(self) -> &'static str {
        match self {
            Self::Access => "AccessToken",
            Self::Refresh => "RefreshToken",
            Self::Sliding => "SlidingToken",
            Self::Untyped => "UntypedToken",
        }
    }

    /// How long a new one lives.
    #[must_use]
    pub const fn lifetime(self, rules: &Rules) -> Duration {
        match self {
            Self::Access => rules.access_token_lifetime,
            Self::Refresh => rules.refresh_token_lifetime,
            Self::Sliding => rules.sliding_token_lifetime,
            Self::Untyped => Duration::ZERO,
        }
    }
}

impl Claims {
    /// A new token: its type, `exp`, `iat` and id, in this order, and a sliding one's end of refreshing.
    ///
    /// `jti` are sixteen random bytes, of which a version 4 UUID is made.
    #[must_use]
    pub fn new_token(token_type: TokenType, jti: [u8; 16], now: Timestamp, rules: &Rules) -> Self {
        let mut claims = Self::new();
        if let Some(name) = &rules.token_type_claim {
            claims.insert(name, token_type.name());
        }
        claims.set_exp("exp", token_type.lifetime(rules), now);
        claims.set_iat(now);
        claims.set_jti(jti, rules);
        if token_type == TokenType::Sliding {
            let name = &rules.sliding_token_refresh_exp_claim;
            claims.set_exp(name, rules.sliding_token_refresh_lifetime, now);
        }
        claims
    }

    /// This token, issued for the user whose id is shown as `id` (Django's `str(pk)`).
    #[must_use]
    pub fn for_user(self, id: &str, rules: &Rules) -> Self {
        self.with(&rules.user_id_claim, id)
    }

    /// This token, to fall with the password whose hash Django stores as `password_hash`.
    ///
    /// What SimpleJWT adds where `CHECK_REVOKE_TOKEN` is on.
    #[must_use]
    pub fn revoked_with(self, password_hash: &str, rules: &Rules) -> Self {
        self.with(&rules.revoke_token_claim, revoke_digest(password_hash))
    }

    /// The access token of this refresh token: new, with every claim but what makes a token itself.
    ///
    /// Source: `RefreshToken.access_token`, `no_copy_claims`.
    #[must_use]
    pub fn access_token(&self, jti: [u8; 16], now: Timestamp, rules: &Rules) -> Self {
        let mut access = Self::new_token(TokenType::Access, jti, now, rules);
        for (name, value) in self.as_object() {
            if !is_of_one_token(name, rules) {
                access.insert(name, value.clone());
            }
        }
        access
    }

    /// The successor of this refresh token: the same claims with a new id, `exp` and `iat`.
    ///
    /// Source: `TokenRefreshSerializer.validate`, where `ROTATE_REFRESH_TOKENS` is on.
    #[must_use]
    pub fn rotated(&self, jti: [u8; 16], now: Timestamp, rules: &Rules) -> Self {
        let mut next = self.clone();
        next.set_jti(jti, rules);
        next.set_exp("exp", rules.refresh_token_lifetime, now);
        next.set_iat(now);
        next
    }

    /// This sliding token, renewed: the same id and end of refreshing, a new `exp` and `iat`.
    ///
    /// Source: `TokenRefreshSlidingSerializer.validate`.
    #[must_use]
    pub fn renewed(&self, now: Timestamp, rules: &Rules) -> Self {
        let mut next = self.clone();
        next.set_exp("exp", rules.sliding_token_lifetime, now);
        next.set_iat(now);
        next
    }

    /// Lets the expiry `claim` be `lifetime` after `from_time`, in whole seconds, rounded down.
    pub fn set_exp(&mut self, claim: &str, lifetime: Duration, from_time: Timestamp) {
        self.insert(claim, from_time.saturating_add(lifetime).as_secs());
    }

    /// Lets the token be issued at `at_time`, in whole seconds, rounded down.
    pub fn set_iat(&mut self, at_time: Timestamp) {
        self.insert("iat", at_time.as_secs());
    }

    /// Gives the token a new id: `uuid4().hex` made of random bytes.
    pub fn set_jti(&mut self, jti: [u8; 16], rules: &Rules) {
        if let Some(name) = &rules.jti_claim {
            self.insert(name, Value::String(uuid4_hex(jti)));
        }
    }
}

/// The digest of a password's hash that binds a token to it: MD5, in upper-case hexadecimal.
///
/// Source: `rest_framework_simplejwt.utils.get_md5_hash_password`. It is a fingerprint of what is already a
/// slow hash, so MD5 gives nothing away.
///
/// ```
/// let digest = doorward_django::jwt::revoke_digest("pbkdf2_sha256$1$s$h");
/// assert_eq!(digest, "27D7BD28FC505A2C679C0B8F695CBCA5");
/// ```
#[must_use]
pub fn revoke_digest(password_hash: &str) -> String {
    hex::encode(&Md5::digest(password_hash)).to_ascii_uppercase()
}

/// `jti` is one of them even where the id has another name: an access token must not take over any id.
fn is_of_one_token(name: &str, rules: &Rules) -> bool {
    let is = |claim: &Option<String>| claim.as_deref() == Some(name);
    matches!(name, "exp" | "iat" | "jti") || is(&rules.jti_claim) || is(&rules.token_type_claim)
}

/// RFC 9562 §5.4: the version in the seventh byte, the variant in the ninth.
fn uuid4_hex(mut bytes: [u8; 16]) -> String {
    let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
    *version = (*version & 0x0f) | 0x40;
    *variant = (*variant & 0x3f) | 0x80;
    hex::encode(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_version_4() {
        assert_eq!(uuid4_hex([0xff; 16]), "ffffffffffff4fffbfffffffffffffff");
        assert_eq!(uuid4_hex([0; 16]), "00000000000040008000000000000000");
    }

    #[test]
    fn without_names_nothing_is_written() {
        let rules = Rules {
            token_type_claim: None,
            jti_claim: None,
            ..Rules::default()
        };
        let claims = Claims::new_token(
            TokenType::Access,
            [0; 16],
            Timestamp::from_micros(1_999_999),
            &rules,
        );
        assert_eq!(claims, Claims::new().with("exp", 301).with("iat", 1));
    }
}
