//! What a token says: [`Claims`].

use super::numeric_date::moment;
use super::{Rules, TokenError, UserIdClaim};
use crate::json::{Object, Value};
use crate::timestamp::Timestamp;

/// The claims of a token, in their order (RFC 7519 §4; SimpleJWT's `Token.payload`).
///
/// Claims are signed, not secret. Those that [`decode`](super::decode) returns were signed by our key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claims(Object);

impl Claims {
    /// No claims at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a claim.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Sets a claim: in its place where it exists, else after the others.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }

    /// These claims and one more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.insert(name, value);
        self
    }

    /// All of them, by name.
    #[must_use]
    pub fn as_object(&self) -> &Object {
        &self.0
    }

    /// All of them, by name.
    #[must_use]
    pub fn into_object(self) -> Object {
        self.0
    }

    /// The token's id, as [`JTI_CLAIM`](Rules::jti_claim) names it.
    ///
    /// `None` also for what [`verify`](Self::verify) would refuse: no text, an empty one, one that does not fit
    /// Django's column (255 characters), or one with a NUL (plain or `%00`), which PostgreSQL cannot store.
    #[must_use]
    pub fn jti(&self, rules: &Rules) -> Option<&str> {
        let id = self.get(rules.jti_claim.as_deref()?)?.as_str()?;
        is_storable(id).then_some(id)
    }

    /// When the token ends, with its fraction; `None` for what is not a date.
    #[must_use]
    pub fn exp(&self) -> Option<Timestamp> {
        self.moment("exp")
    }

    /// When the token was issued, with its fraction; `None` for what is not a date.
    #[must_use]
    pub fn iat(&self) -> Option<Timestamp> {
        self.moment("iat")
    }

    /// The date that a claim holds, with its fraction; `None` for what is not a date.
    #[must_use]
    pub fn moment(&self, name: &str) -> Option<Timestamp> {
        moment(self.get(name)?)
    }

    /// The token's type, as [`TOKEN_TYPE_CLAIM`](Rules::token_type_claim) names it.
    #[must_use]
    pub fn token_type(&self, rules: &Rules) -> Option<&str> {
        self.get(rules.token_type_claim.as_deref()?)?.as_str()
    }

    /// Whom the token stands for, as [`USER_ID_CLAIM`](Rules::user_id_claim) names it; `None` without it.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] for `true`, `false` and fractions, which Python would make an integer of.
    pub fn user_id(&self, rules: &Rules) -> Result<Option<UserIdClaim<'_>>, TokenError> {
        self.get(&rules.user_id_claim).map(UserIdClaim::read).transpose()
    }
}

impl From<Object> for Claims {
    fn from(object: Object) -> Self {
        Self(object)
    }
}

impl From<serde_json::Map<String, serde_json::Value>> for Claims {
    fn from(object: serde_json::Map<String, serde_json::Value>) -> Self {
        Self(object.into())
    }
}

fn is_storable(id: &str) -> bool {
    !id.is_empty() && id.chars().nth(MAX_ID_LENGTH).is_none() && !id.contains('\0') && !id.contains("%00")
}

/// The length of `OutstandingToken.jti` in characters.
const MAX_ID_LENGTH: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::json;

    #[test]
    fn ids_fit_their_column() {
        let rules = Rules::default();
        let jti = |value: Value| Claims::new().with("jti", value).jti(&rules).map(str::to_owned);
        assert_eq!(jti(json!("é".repeat(255))), Some("é".repeat(255)));
        assert_eq!(jti(json!("é".repeat(256))), None);
        for value in [
            json!(""),
            json!("a\0"),
            json!("%00"),
            json!(1),
            json!(null),
            json!([]),
            json!({}),
        ] {
            assert_eq!(jti(value), None);
        }
        assert_eq!(Claims::new().jti(&rules), None);
    }

    #[test]
    fn a_claim_keeps_its_place() {
        let claims = Claims::new().with("a", 1).with("b", 2).with("a", 3);
        assert_eq!(Value::from(claims.into_object()).to_string(), r#"{"a":3,"b":2}"#);
    }
}
