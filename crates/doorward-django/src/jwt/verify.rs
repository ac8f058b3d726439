//! The rules on claims: PyJWT's on the registered ones, then SimpleJWT's.

use serde_json::Value;

use super::numeric_date::{moment, whole_seconds};
use super::{Audience, Claims, Rules, TokenError, TokenType};
use crate::timestamp::Timestamp;

impl Claims {
    /// Asks what SimpleJWT asks of a decoded token: an expiry, an id, and its type, in this order.
    ///
    /// A refresh or sliding token that is blacklisted is refused before this is asked.
    /// Source: `rest_framework_simplejwt.tokens.Token.verify`.
    ///
    /// # Errors
    /// The first of [`NoClaim`](TokenError::NoClaim), [`NoId`](TokenError::NoId),
    /// [`NoType`](TokenError::NoType), [`WrongType`](TokenError::WrongType) that applies;
    /// [`Invalid`](TokenError::Invalid) for an expiry that is no date, and an id that no store could keep.
    pub fn verify(&self, token_type: TokenType, rules: &Rules, now: Timestamp) -> Result<(), TokenError> {
        self.check_exp("exp", rules, now)?;
        if let Some(name) = &rules.jti_claim {
            self.get(name).ok_or(TokenError::NoId)?;
            self.jti(rules).ok_or(TokenError::Invalid)?;
        }
        self.verify_token_type(token_type, rules)
    }

    fn verify_token_type(&self, token_type: TokenType, rules: &Rules) -> Result<(), TokenError> {
        let Some(name) = &rules.token_type_claim else {
            return Ok(());
        };
        if token_type == TokenType::Untyped {
            return Ok(());
        }
        match self.get(name).ok_or(TokenError::NoType)? {
            Value::String(found) if found == token_type.name() => Ok(()),
            _ => Err(TokenError::WrongType),
        }
    }

    /// Asks whether the expiry in `claim` lies ahead: of `exp`, or of a sliding token's end of refreshing.
    ///
    /// Source: `rest_framework_simplejwt.tokens.Token.check_exp`.
    ///
    /// # Errors
    /// [`NoClaim`](TokenError::NoClaim), [`ClaimExpired`](TokenError::ClaimExpired), or
    /// [`Invalid`](TokenError::Invalid) for what is not a date.
    pub fn check_exp(&self, claim: &str, rules: &Rules, now: Timestamp) -> Result<(), TokenError> {
        let value = self
            .get(claim)
            .ok_or_else(|| TokenError::NoClaim(claim.to_owned()))?;
        let end = moment(value).ok_or(TokenError::Invalid)?;
        if end <= now.saturating_sub(rules.leeway) {
            return Err(TokenError::ClaimExpired(claim.to_owned()));
        }
        Ok(())
    }

    /// Judges the registered claims that are present (RFC 7519 §4.1).
    ///
    /// Source: `jwt.api_jwt.PyJWT._validate_claims`, in its order, which decides between expired and invalid.
    ///
    /// # Errors
    /// [`Expired`](TokenError::Expired) where that comes first, else [`Invalid`](TokenError::Invalid).
    pub fn check_registered(&self, rules: &Rules, now: Timestamp) -> Result<(), TokenError> {
        self.check_begun("iat", rules, now)?;
        self.check_begun("nbf", rules, now)?;
        self.check_not_expired(rules, now)?;
        let accepted = self.has_issuer(rules.issuer.as_deref())
            && self.has_audience(rules.audience.as_ref())
            && self.get("sub").is_none_or(Value::is_string)
            && self.get("jti").is_none_or(Value::is_string);
        accepted.then_some(()).ok_or(TokenError::Invalid)
    }

    fn check_begun(&self, claim: &str, rules: &Rules, now: Timestamp) -> Result<(), TokenError> {
        let Some(value) = self.get(claim) else {
            return Ok(());
        };
        let begin = whole_seconds(value).ok_or(TokenError::Invalid)?;
        if micros(begin) > i128::from(now.saturating_add(rules.leeway).as_micros()) {
            return Err(TokenError::Invalid);
        }
        Ok(())
    }

    fn check_not_expired(&self, rules: &Rules, now: Timestamp) -> Result<(), TokenError> {
        let Some(value) = self.get("exp") else {
            return Ok(());
        };
        let end = whole_seconds(value).or_else(|| text_seconds(value));
        let end = end.ok_or(TokenError::Invalid)?;
        if micros(end) <= i128::from(now.saturating_sub(rules.leeway).as_micros()) {
            return Err(TokenError::Expired);
        }
        Ok(())
    }

    fn has_issuer(&self, issuer: Option<&str>) -> bool {
        issuer.is_none_or(|issuer| self.get("iss").and_then(Value::as_str) == Some(issuer))
    }

    fn has_audience(&self, audience: Option<&Audience>) -> bool {
        let Some(audience) = audience else {
            return true;
        };
        let meant = |name: &Value| audience.names().iter().any(|ours| name == ours.as_str());
        match self.get("aud") {
            Some(Value::Array(names)) => names.iter().all(Value::is_string) && names.iter().any(meant),
            Some(name @ Value::String(_)) => meant(name),
            _ => false,
        }
    }
}

/// PyJWT takes the text of an integer for one. Ahead it is no date to `check_exp`; past, it is past.
fn text_seconds(claim: &Value) -> Option<i128> {
    claim.as_str()?.trim().parse().ok()
}

fn micros(seconds: i128) -> i128 {
    seconds.saturating_mul(1_000_000)
}
