//! The rules on claims: PyJWT's on the registered ones, then SimpleJWT's.

use super::numeric_date::{moment, whole_seconds};
use super::{Audience, Claims, Fault, Rules, TokenError, TokenType};
use crate::json::Value;
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
        match self.fault(rules, now) {
            None => Ok(()),
            Some(Fault::Expired(_)) => Err(TokenError::Expired),
            Some(_) => Err(TokenError::Invalid),
        }
    }

    /// The first rule on the registered claims that is broken.
    pub(super) fn fault(&self, rules: &Rules, now: Timestamp) -> Option<Fault> {
        self.not_begun("iat", rules, now)
            .or_else(|| self.not_begun("nbf", rules, now))
            .or_else(|| self.expired(rules, now))
            .or_else(|| (!self.has_issuer(rules.issuer.as_deref())).then_some(Fault::Issuer))
            .or_else(|| (!self.has_audience(rules.audience.as_ref())).then_some(Fault::Audience))
            .or_else(|| self.no_text("sub"))
            .or_else(|| self.no_text("jti"))
    }

    fn not_begun(&self, claim: &'static str, rules: &Rules, now: Timestamp) -> Option<Fault> {
        let Some(begin) = whole_seconds(self.get(claim)?) else {
            return Some(Fault::Kind(claim));
        };
        let is_ahead = micros(begin) > i128::from(now.saturating_add(rules.leeway).as_micros());
        let seconds = u64::try_from(begin.saturating_sub(i128::from(now.as_secs())));
        is_ahead.then(|| Fault::Future {
            claim,
            seconds: seconds.unwrap_or(u64::MAX),
        })
    }

    fn expired(&self, rules: &Rules, now: Timestamp) -> Option<Fault> {
        let value = self.get("exp")?;
        let Some(end) = whole_seconds(value).or_else(|| text_seconds(value)) else {
            return Some(Fault::Kind("exp"));
        };
        let is_over = micros(end) <= i128::from(now.saturating_sub(rules.leeway).as_micros());
        is_over.then(|| Fault::Expired(since(end)))
    }

    fn no_text(&self, claim: &'static str) -> Option<Fault> {
        let is_text = self.get(claim).is_none_or(Value::is_string);
        (!is_text).then_some(Fault::Kind(claim))
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

fn since(end: i128) -> String {
    let end = i64::try_from(end).ok().map(Timestamp::from_secs);
    end.map_or_else(|| "long ago".to_owned(), |end| format!("at {}", end.to_iso()))
}

fn micros(seconds: i128) -> i128 {
    seconds.saturating_mul(1_000_000)
}
