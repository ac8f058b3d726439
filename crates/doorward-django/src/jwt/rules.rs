//! The settings of SimpleJWT that decide what a token says and how it is judged: [`Rules`].

use std::time::Duration;

/// SimpleJWT's settings, resolved: the names of the claims, the lifetimes, audience and issuer.
///
/// The algorithm is not here, but in the keys: a key accepts one only.
/// The defaults are SimpleJWT's. Source: `rest_framework_simplejwt.settings.DEFAULTS`.
///
/// ```
/// use std::time::Duration;
/// use doorward_django::jwt::Rules;
///
/// let rules = Rules { leeway: Duration::from_secs(10), ..Rules::default() };
/// assert_eq!(rules.user_id_claim, "user_id");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// `AUDIENCE`: written as `aud`, and then asked for.
    pub audience: Option<Audience>,
    /// `ISSUER`: written as `iss`, and then asked for.
    pub issuer: Option<String>,
    /// `LEEWAY`: how long a token is good after its end, and before its beginning.
    pub leeway: Duration,
    /// `TOKEN_TYPE_CLAIM`; `None`: types are neither written nor checked.
    pub token_type_claim: Option<String>,
    /// `JTI_CLAIM`; `None`: ids are neither written nor asked for.
    pub jti_claim: Option<String>,
    /// `USER_ID_CLAIM`.
    pub user_id_claim: String,
    /// `REVOKE_TOKEN_CLAIM`: holds [`revoke_digest`](super::revoke_digest) where `CHECK_REVOKE_TOKEN` is on.
    pub revoke_token_claim: String,
    /// `SLIDING_TOKEN_REFRESH_EXP_CLAIM`.
    pub sliding_token_refresh_exp_claim: String,
    /// `ACCESS_TOKEN_LIFETIME`.
    pub access_token_lifetime: Duration,
    /// `REFRESH_TOKEN_LIFETIME`.
    pub refresh_token_lifetime: Duration,
    /// `SLIDING_TOKEN_LIFETIME`.
    pub sliding_token_lifetime: Duration,
    /// `SLIDING_TOKEN_REFRESH_LIFETIME`.
    pub sliding_token_refresh_lifetime: Duration,
}

/// The claim that tells when the user's tokens had last been revoked as this one was issued, in microseconds since 1970;
/// only tokens of users with whom that happened have it. It is Doorward's own.
pub const REVOCATION_CLAIM: &str = "doorward_revocation";

impl Rules {
    /// Whether the claim of that name is written here or judged here, and so is not for applications to set.
    #[must_use]
    pub fn reserves(&self, claim: &str) -> bool {
        let named = [&self.token_type_claim, &self.jti_claim].into_iter().flatten();
        let always = [
            &self.user_id_claim,
            &self.revoke_token_claim,
            &self.sliding_token_refresh_exp_claim,
        ];
        matches!(
            claim,
            "exp" | "iat" | "nbf" | "aud" | "iss" | "jti" | "" | REVOCATION_CLAIM
        ) || named.chain(always).any(|name| name == claim)
    }
}

/// Whom tokens are meant for; it is written to `aud` as it was set, as a text or as a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// One name.
    One(String),
    /// Several: a token that is meant for any of them is good.
    Any(Vec<String>),
}

impl Audience {
    /// Its names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Any(names) => names,
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            audience: None,
            issuer: None,
            leeway: Duration::ZERO,
            token_type_claim: Some("token_type".to_owned()),
            jti_claim: Some("jti".to_owned()),
            user_id_claim: "user_id".to_owned(),
            revoke_token_claim: "hash_password".to_owned(),
            sliding_token_refresh_exp_claim: "refresh_exp".to_owned(),
            access_token_lifetime: Duration::from_mins(5),
            refresh_token_lifetime: Duration::from_hours(24),
            sliding_token_lifetime: Duration::from_mins(5),
            sliding_token_refresh_lifetime: Duration::from_hours(24),
        }
    }
}
